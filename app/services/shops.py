"""Print shops: firms that print notes, each for any number of programmes."""

from sqlalchemy import Connection

from app.core.errors import Refused
from app.core.roles import Deed
from app.services import directory, rights, wording
from app.store import shops
from app.store.access import Account
from app.store.database import Store
from app.store.shops import PrintShop

__all__ = ["PrintShop"]


def add_shop(store: Store, *, name: str) -> PrintShop:
    """Add a print shop. Raises BadInput, or Refused when there is one of that name."""
    title = wording.one_line(name, "name", directory.LONGEST_NAME)
    made: list[PrintShop] = []

    def work(connection: Connection) -> PrintShop:
        known = shops.every(connection)
        if made and made[-1] in known:
            return made[-1]  # by this very call, whose answer was lost with its connection
        if any(each.name.casefold() == title.casefold() for each in known):
            raise Refused("There is a print shop of this name already.")
        made.append(PrintShop(shops.add(connection, title), title))
        return made[-1]

    return store.write(work)


def enter_shop(store: Store, *, by: Account, name: str) -> PrintShop:
    """Add a print shop in the browser. Raises NotAllowed, BadInput, Refused."""
    rights.require(by, Deed.KEEP_SHOPS)
    return add_shop(store, name=name)


def every(store: Store) -> list[PrintShop]:
    """Every print shop, by name."""
    return store.read(shops.every)


def find(connection: Connection, text: str) -> PrintShop:
    """The print shop of an id or a name. Raises NotFound, Refused."""
    return directory.named(shops.every(connection), text, "shop")
