"""Sheets: a shelf while it is being counted. What was scanned is written down at once, whoever scans it and however long it takes.

A sheet is no fact: the count is, which its end makes of it, with what the books expected at that moment.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app.core import span as spans
from app.core.errors import BadInput, Conflict, NotFound
from app.core.roles import Deed
from app.core.span import Span
from app.services import bundling, rights, shelf_counts, shelves, wording
from app.services.shelf_counts import NO_COUNT, Seen
from app.services.shelves import Shelf
from app.store import parties
from app.store import shelf_counts as rows
from app.store.access import Account
from app.store.database import Store, lock_series
from app.store.shelf_counts import Sheet

MOST_THINGS = 10_000
MOST_STRETCHES = 20_000
MOST_NOTES = 2_000_000
LONGEST_SHOWN = 60

NOTHING = "Scan or type what is on the shelf."
TOO_MUCH_AT_ONCE = "That is more than 10,000 labels and notes at once: count them in parts."
TOO_MUCH = "That is more than one count can take: finish it, and count the rest by itself."
ASKED_ELSE = "This count was finished before, with something else: look at it."
COUNTED_ON = "Somebody counted on meanwhile: look at it again before you finish."


@dataclass(frozen=True, slots=True)
class Added:
    """What came of one scan or list: the notes that it named, those of them that were counted before, and what in it is no
    note."""

    named: tuple[Span, ...]
    again: tuple[Span, ...]
    strange: tuple[str, ...]

    @property
    def notes(self) -> int:
        """Notes that were not counted before."""
        return sum(map(len, self.named)) - sum(map(len, self.again))


def under_way(store: Store, *, by: Account) -> list[tuple[Sheet, Shelf]]:
    """The sheets in the account's reach, the oldest first. Raises NotAllowed."""
    programme = rights.programme_of(by, Deed.COUNT_SHELF)

    def work(connection: Connection) -> list[tuple[Sheet, Shelf]]:
        found = rows.sheets(connection, programme_id=programme, organisation_id=by.organisation_id)
        known = shelves.by_place(connection, by, Deed.COUNT_SHELF)
        named = [(each, known.get((each.programme_id, each.organisation_id))) for each in found]
        return [(each, shelf) for each, shelf in named if shelf is not None]

    return store.read(work)


def begin(store: Store, *, by: Account, key: str, sheet_id: UUID, now: datetime) -> UUID:
    """Lay a sheet out for a shelf, or go on with the one that there is; gives its id. Raises NotAllowed, NotFound, Conflict."""

    def work(connection: Connection) -> UUID:
        shelf = shelves.named(connection, by, Deed.COUNT_SHELF, key)
        there = rows.sheet_of(connection, shelf.programme.id, shelf.organisation_id)
        if there is not None:
            return there.id
        if rows.sheet(connection, sheet_id) or rows.by_id(connection, sheet_id):
            raise Conflict(ASKED_ELSE)
        rows.begin(
            connection, sheet_id, programme_id=shelf.programme.id, organisation_id=shelf.organisation_id,
            actor=by.email, at=now,
        )  # fmt: skip
        return sheet_id

    return store.write(work)


def look(store: Store, *, by: Account, sheet_id: UUID) -> Seen:
    """What was counted so far, against what the books expect now. Raises NotAllowed, NotFound."""

    def work(connection: Connection) -> Seen:
        sheet, shelf = _sheet(connection, by, sheet_id)
        return shelf_counts.shown(connection, by, shelf, shelves.compare(connection, shelf, sheet.seen), sheet=sheet)

    return store.read(work)


def add(store: Store, *, by: Account, sheet_id: UUID, counted: str, now: datetime) -> Added:
    """Count in what was scanned, typed or pasted: tokens, serials, spans and labels. What is none of these is left out and
    told. Raises BadInput, NotAllowed, NotFound."""
    named, strange = _read(counted)

    def work(connection: Connection) -> Added:
        sheet, _shelf = _sheet(connection, by, sheet_id, hold=True)
        again = spans.common(sheet.seen, named)
        _write(connection, sheet, spans.merge([*sheet.seen, *named]), now)
        return Added(tuple(named), tuple(again), tuple(strange))

    return store.write(work)


def take_out(store: Store, *, by: Account, sheet_id: UUID, counted: str, now: datetime) -> Added:
    """Take out what was counted in by mistake; `again` is what was there. Raises as `add` does."""
    named, strange = _read(counted)

    def work(connection: Connection) -> Added:
        sheet, _shelf = _sheet(connection, by, sheet_id, hold=True)
        there = spans.common(sheet.seen, named)
        _write(connection, sheet, spans.without(sheet.seen, named), now)
        return Added(tuple(named), tuple(there), tuple(strange))

    return store.write(work)


def finish(store: Store, *, by: Account, sheet_id: UUID, edition: int, note: str | None, now: datetime) -> None:
    """Make the count of a sheet as it stood in that edition. The same again changes nothing.

    Raises BadInput, NotAllowed, NotFound, Conflict when more was counted meanwhile or it was finished with something else.
    """
    remark = wording.note(note, wording.LONGEST_REMARK)

    def work(connection: Connection) -> None:
        rows.sheet(connection, sheet_id, hold=True)
        if _is_finished(connection, by, sheet_id, edition, remark):
            return
        sheet, shelf = _sheet(connection, by, sheet_id)
        if sheet.edition != edition:
            raise Conflict(COUNTED_ON)
        mine = [each.id for each in parties.all_series(connection) if each.programme_id == shelf.programme.id]
        lock_series(connection, mine, shared=True)
        rows.add(
            connection, sheet_id, shelves.compare(connection, shelf, sheet.seen), programme_id=shelf.programme.id,
            organisation_id=shelf.organisation_id, edition=edition, note=remark, actor=by.email, at=now,
        )  # fmt: skip
        rows.drop(connection, sheet_id)

    store.write(work)


def give_up(store: Store, *, by: Account, sheet_id: UUID, edition: int) -> None:
    """Throw a sheet away as it stood in that edition. Raises NotAllowed, NotFound, Conflict when more was counted meanwhile."""

    def work(connection: Connection) -> None:
        sheet, _shelf = _sheet(connection, by, sheet_id, hold=True)
        if sheet.edition != edition:
            raise Conflict(COUNTED_ON)
        rows.drop(connection, sheet_id)

    store.write(work)


def _is_finished(connection: Connection, by: Account, sheet_id: UUID, edition: int, note: str | None) -> bool:
    """Whether this was done before. Raises Conflict where that was something else, NotFound out of reach."""
    before = rows.by_id(connection, sheet_id)
    if before is None:
        return False
    line, _count = before
    shelf = shelves.of(connection, line.programme_id, line.organisation_id)
    if not shelves.is_in_reach(by, Deed.COUNT_SHELF, shelf):
        raise NotFound(NO_COUNT)
    if (line.actor, line.edition, line.note) != (by.email, edition, note):
        raise Conflict(ASKED_ELSE)
    return True


def _sheet(connection: Connection, by: Account, sheet_id: UUID, *, hold: bool = False) -> tuple[Sheet, Shelf]:
    rights.require(by, Deed.COUNT_SHELF)
    found = rows.sheet(connection, sheet_id, hold=hold)
    if found is not None:
        shelf = shelves.of(connection, found.programme_id, found.organisation_id)
        if shelves.is_in_reach(by, Deed.COUNT_SHELF, shelf):
            return found, shelf
    raise NotFound(NO_COUNT)


def _write(connection: Connection, sheet: Sheet, seen: list[Span], now: datetime) -> None:
    if len(seen) > MOST_STRETCHES or sum(map(len, seen)) > MOST_NOTES:
        raise BadInput(TOO_MUCH)
    if tuple(seen) != sheet.seen:
        rows.change(connection, sheet, seen, now)


def _read(counted: str) -> tuple[list[Span], list[str]]:
    """The notes that were named, and what names none. Raises BadInput."""
    things = bundling.things(counted)
    if not things:
        raise BadInput(NOTHING)
    if len(things) > MOST_THINGS:
        raise BadInput(TOO_MUCH_AT_ONCE)
    read = [(thing, bundling.notes_of(thing)) for thing in things]
    strange = [thing[:LONGEST_SHOWN] for thing, span in read if span is None]
    return spans.merge(span for _thing, span in read if span is not None), strange
