"""Print shops, by name."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.database import added
from app.store.tables import print_shop


@dataclass(frozen=True, slots=True)
class PrintShop:
    """A firm that prints notes, for any number of programmes."""

    id: int
    name: str


def add(connection: Connection, name: str) -> int:
    """Add a print shop; gives its id."""
    return added(connection, print_shop, name=name)


def every(connection: Connection) -> list[PrintShop]:
    """Every print shop, by name."""
    return [PrintShop(*row) for row in connection.execute(sa.select(print_shop).order_by(print_shop.c.name))]
