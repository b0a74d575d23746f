"""Impact: hours given and hours spent in a period, with small numbers and what would give them away left out."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

from app.core import suppression
from app.core.errors import BadInput
from app.core.roles import Deed
from app.core.wall_clock import months_between
from app.services import impact_books, impact_kept, rights
from app.services.accounts import Account
from app.services.impact_books import People
from app.services.impact_cells import given_cells, spent_cells
from app.services.impact_flows import Flow, flows
from app.services.impact_rows import Figure, Row, Rows
from app.store import funders, impact, log, parties
from app.store.database import Store
from app.store.funders import Cut, Funder
from app.store.parties import Organisation, Programme

MOST_MONTHS = 36
NO_PERIOD = "The period begins with its first month and is of 36 months at most."
NO_MONTH = "A month is written like 2026-11."
NOT_YOURS = "Your report can be cut by what is in your reach alone."


@dataclass(frozen=True, slots=True)
class Choices:
    """What a report can be cut by, in the reach of an account."""

    programmes: list[Programme]
    organisations: list[Organisation]
    funders: list[Funder]


@dataclass(frozen=True, slots=True)
class Report:
    """All tables of a period; `quartiles`: days from issue to spending for a quarter, half and three quarters of the notes,
    None where fewer than five were spent; `waiting`: facts that are not counted yet."""

    total: Row
    months: list[Row]
    ways: list[tuple[int, tuple[Figure, ...]]]
    way_totals: tuple[Figure, ...]
    programmes: list[Row]
    organisations: list[Row]
    venues: list[Row]
    activities: list[Row]
    offers: list[Row]
    waits: list[Row]
    quartiles: tuple[int, int, int] | None
    unspent: Figure
    flows: list[Flow]
    waiting: int


def choices(store: Store, *, by: Account) -> Choices:
    """What the account may cut by. Raises NotAllowed."""
    mine = rights.programme_of(by, Deed.SEE_IMPACT)

    def work(connection: Connection) -> Choices:
        programmes = [each for each in parties.programmes(connection) if mine in (None, each.id)]
        organisations = [each for each in parties.organisations(connection) if mine in (None, each.programme_id)]
        paying = {each.funder_id for each in funders.fundings(connection) if mine in (None, each.programme_id)}
        return Choices(programmes, organisations, [each for each in funders.funders(connection) if each.id in paying])

    return store.read(work)


def report(store: Store, *, by: Account, cut: Cut, first: int, last: int) -> Report:
    """The report of the months from `first` to `last` (like 202611). Raises NotAllowed, BadInput."""
    mine = rights.programme_of(by, Deed.SEE_IMPACT)
    if not first <= last or len(months_between(first, last)) > MOST_MONTHS:
        raise BadInput(NO_PERIOD)
    known = choices(store, by=by) if cut != Cut() else Choices([], [], [])
    for wanted, reach in (
        (cut.programme_id, known.programmes), (cut.organisation_id, known.organisations), (cut.funder_id, known.funders),
    ):  # fmt: skip
        if wanted is not None and wanted not in {each.id for each in reach}:
            raise BadInput(NOT_YOURS)
    inside = Cut(cut.programme_id if mine is None else mine, cut.organisation_id, cut.funder_id)
    return store.read(lambda connection: _kept(store, connection, inside, first, last))


KEPT = 24
"""Reports that a process keeps, so that the parts of one are looked at without adding it up again."""

_REPORTS: "WeakKeyDictionary[Store, OrderedDict[object, Report]]" = WeakKeyDictionary()


def _kept(store: Store, connection: Connection, cut: Cut, first: int, last: int) -> Report:
    """The report of the books as they are: the one that was made before, where no fact got its place in the log since, nothing
    was handed out or taken back, and nobody moved."""
    facts = log.size(connection), impact.extent(connection)
    people = impact_books.people(connection)
    key = (cut, first, last, facts, people)
    mine = _REPORTS.setdefault(store, OrderedDict())
    found = mine.get(key)
    if found is None:
        found = mine[key] = _report(store, connection, people, cut, first, last)
        while len(mine) > KEPT:
            mine.popitem(last=False)
    return found


def forget() -> None:
    """Keep nothing, as a process that has just begun; for measurements."""
    _REPORTS.clear()
    impact_kept.forget()


def _report(store: Store, connection: Connection, people: People, cut: Cut, first: int, last: int) -> Report:
    books = impact_books.read(store, connection, people, cut, first, last)
    spent = suppression.hidden(spent_cells(books))
    given = {what: suppression.hidden(given_cells(books, what)) for what in ("hours", "people")}
    rows = Rows(books, spent, given)
    left = impact.unspent(connection, funders.earners(cut))
    return Report(
        rows.total(), rows.months(), rows.ways(), rows.way_totals(), rows.programmes(), rows.organisations(),
        rows.venues(), rows.activities(), rows.offers(), rows.waits(), _quartiles(books.days),
        None if suppression.is_small(left) else left, flows(books, spent), log.count_pending(connection),
    )  # fmt: skip


def _quartiles(days: Mapping[int, int]) -> tuple[int, int, int] | None:
    """The days within which a quarter, half and three quarters of the notes were spent."""
    total = sum(days.values())
    if total < suppression.LEAST:
        return None

    def within(quarters: int) -> int:
        seen = 0
        for day, notes in sorted(days.items()):
            seen += notes
            if seen * 4 >= total * quarters:
                return day
        return max(days)

    return within(1), within(2), within(3)
