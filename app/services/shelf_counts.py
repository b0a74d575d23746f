"""Shelf counts: what was seen on a shelf and what the books expected there, kept as it was, the newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from app.core import reference
from app.core import shelf as core
from app.core.errors import NotFound
from app.core.roles import Deed
from app.core.shelf import Odd, ShelfCount
from app.core.span import Span
from app.services import deeds, rights, shelves
from app.services.shelves import Bundled, Shelf
from app.store import parties, shelf_counts
from app.store.access import Account
from app.store.database import Store
from app.store.shelf_counts import Line, Sheet

__all__ = ["Line", "Sheet"]

PAGE = 50
SHOWN = 200
"""Spans of a part that a page names with their bundles; a file has them all."""

NO_COUNT = "There is no such count."


@dataclass(frozen=True, slots=True)
class Seen:
    """A count as somebody sees it, finished (`line`) or under way (`sheet`): the odd ones as far as they are theirs to learn, the
    names of the organisations in these, and the bundles of what is missing."""

    shelf: Shelf
    count: ShelfCount
    odd: tuple[Odd, ...]
    holders: Mapping[int, str]
    bundles: Mapping[Span, Sequence[Bundled]]
    line: Line | None = None
    sheet: Sheet | None = None


def look(store: Store, *, by: Account, count_id: UUID) -> Seen:
    """A count that was finished. Raises NotAllowed, NotFound for one out of reach too."""

    def work(connection: Connection) -> Seen:
        line, count, shelf = _found(connection, by, count_id)
        return shown(connection, by, shelf, count, line=line)

    return store.read(work)


def shown(
    connection: Connection, by: Account, shelf: Shelf, count: ShelfCount, *, line: Line | None = None, sheet: Sheet | None = None
) -> Seen:  # fmt: skip
    """A count as this account sees it."""
    odd = (
        count.odd
        if shelf.organisation is None or shelves.sees_all(by)
        else core.told_to_keeper(count.odd, shelf.organisation.id)
    )
    holding = {each.holder for each in odd if each.holder is not None}
    names = parties.organisation_names(connection) if holding else {}
    return Seen(
        shelf, count, tuple(odd), {each: names[each] for each in holding},
        shelves.bundles(connection, count.missing[:SHOWN]), line, sheet,
    )  # fmt: skip


def listed(
    store: Store, *, by: Account, key: str | None = None, before: int | None = None
) -> tuple[list[tuple[Line, Shelf]], bool]:
    """The counts in the account's reach (of one shelf, where it is named) from before that number, the newest first, and whether
    there are older ones. Raises NotAllowed, NotFound."""

    def work(connection: Connection) -> tuple[list[tuple[Line, Shelf]], bool]:
        known = shelves.by_place(connection, by, Deed.SEE_BUNDLES)
        wanted = shelves.named(connection, by, Deed.SEE_BUNDLES, key) if key else None
        programme = wanted.programme.id if wanted else rights.programme_of(by, Deed.SEE_BUNDLES)
        organisation = wanted.organisation_id if wanted else by.organisation_id
        found = shelf_counts.newest(
            connection, PAGE + 1, programme_id=programme, organisation_id=organisation, before=before,
            only_stock=wanted is not None and wanted.organisation is None,
        )  # fmt: skip
        mine = [(each, known[each.programme_id, each.organisation_id]) for each in found[:PAGE]]
        return mine, len(found) > PAGE

    return store.read(work)


def left_to_stop(store: Store, *, by: Account, deed: Deed, count_id: UUID) -> dict[str, str]:
    """Of what was not seen, what can be put on hold or made void still, as a person would name it, by series: where there are
    many spans, the first of them. Raises NotAllowed, NotFound."""
    rights.require(by, deed)
    kind = deeds.MOVES[deed]

    def work(connection: Connection) -> dict[str, str]:
        _line, count, shelf = _found(connection, by, count_id)
        found: dict[str, list[str]] = {}
        for span in shelves.stoppable(connection, shelf, count.missing, kind):
            found.setdefault(span.series, []).append(str(span))
        return {code: ", ".join(mine[: reference.MOST_TOGETHER]) for code, mine in found.items()}

    return store.read(work)


def _found(connection: Connection, by: Account, count_id: UUID) -> tuple[Line, ShelfCount, Shelf]:
    rights.require(by, Deed.SEE_BUNDLES)
    found = shelf_counts.by_id(connection, count_id)
    if found is not None:
        line, count = found
        shelf = shelves.of(connection, line.programme_id, line.organisation_id)
        if shelves.is_in_reach(by, Deed.SEE_BUNDLES, shelf):
            return line, count, shelf
    raise NotFound(NO_COUNT)
