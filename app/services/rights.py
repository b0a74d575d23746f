"""Rights: what an account may do, and with whose notes, asked of the one table in the core."""

from app.core import roles
from app.core.errors import NotAllowed
from app.core.roles import Deed, Scope
from app.store.access import Account

NOT_YOURS = "Your account may not do this: ask the national office if it should."


def require(account: Account, deed: Deed) -> Scope:
    """How far the account may do the deed. Raises NotAllowed where it may not."""
    found = roles.scope(account.role, deed)
    if found is None or not _is_bound(account, found):
        raise NotAllowed(NOT_YOURS)
    return found


def may(account: Account, deed: Deed) -> bool:
    """Whether the account may do the deed at all."""
    found = roles.scope(account.role, deed)
    return found is not None and _is_bound(account, found)


def programme_of(account: Account, deed: Deed) -> int | None:
    """The programme that the deed is confined to, None for every programme. Raises NotAllowed."""
    return None if require(account, deed) is Scope.NETWORK else account.programme_id


def reaches(
    account: Account, deed: Deed, *, programme_id: int | None, organisation_id: int | None = None,
    venue_id: int | None = None, print_shop_id: int | None = None,
) -> bool:  # fmt: skip
    """Whether the account may do the deed with what belongs to this programme, organisation, venue or print shop."""
    found = roles.scope(account.role, deed)
    if found is None or not _is_bound(account, found):
        return False
    if found is Scope.NETWORK:
        return True
    theirs: dict[Scope, tuple[object, object]] = {
        Scope.PROGRAMME: (account.programme_id, programme_id),
        Scope.ORGANISATION: (account.organisation_id, organisation_id),
        Scope.VENUE: (account.venue_id, venue_id),
        Scope.SHOP: (_shop(account.print_shop_id, account.programme_id), _shop(print_shop_id, programme_id)),
    }
    mine, wanted = theirs[found]
    return mine == wanted


def may_keep(account: Account, *, role: str, programme_id: int | None) -> bool:
    """Whether the account may make, close, reopen and give links to one of that role in that programme."""
    return roles.invites(account.role, role) and reaches(account, Deed.INVITE, programme_id=programme_id)


def _is_bound(account: Account, scope: Scope) -> bool:
    """An account without a programme, organisation or venue reaches nothing there, never everything."""
    bound = {
        Scope.NETWORK: True,
        Scope.PROGRAMME: account.programme_id is not None,
        Scope.ORGANISATION: account.organisation_id is not None,
        Scope.VENUE: account.venue_id is not None,
        Scope.SHOP: account.print_shop_id is not None or account.programme_id is not None,
    }
    return bound[scope]


def _shop(print_shop_id: int | None, programme_id: int | None) -> tuple[int | None, int | None]:
    """A print shop whatever the programme; where none is named, the programme."""
    return (print_shop_id, None) if print_shop_id is not None else (None, programme_id)
