"""Impact: hours given and hours spent in a period, with small numbers and what would give them away left out."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

from app.core import suppression
from app.core.errors import BadInput
from app.core.roles import Deed
from app.core.wall_clock import day_of, months_between
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
    None where a quarter of them is a small number; `unspent`: notes that can be spent yet; `waiting`: facts that are not counted yet."""

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


def report(store: Store, *, by: Account, cut: Cut, first: int, last: int, now: datetime) -> Report:
    """The report of the months from `first` to `last` (like 202611), as things stand `now`. Raises NotAllowed, BadInput."""
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
    return store.read(lambda connection: _kept(store, connection, inside, first, last, day_of(now)))


KEPT = 24
"""Reports that a process keeps, so that the parts of one are looked at without adding it up again."""

_REPORTS: "WeakKeyDictionary[Store, OrderedDict[object, Report]]" = WeakKeyDictionary()


def _kept(store: Store, connection: Connection, cut: Cut, first: int, last: int, today: date) -> Report:
    """The report of the books as they are: the one that was made before, where no fact got its place in the log since, nothing
    was handed out or taken back, nobody moved, and no series came to its end."""
    over = tuple(each.id for each in parties.all_series(connection) if each.expires_on and each.expires_on < today)
    facts = log.size(connection), impact.extent(connection)
    people = impact_books.people(connection)
    key = (cut, first, last, over, facts, people)
    mine = _REPORTS.setdefault(store, OrderedDict())
    found = mine.get(key)
    if found is None:
        found = mine[key] = _report(store, connection, people, cut, first, last, over)
        while len(mine) > KEPT:
            mine.popitem(last=False)
    return found


def forget() -> None:
    """Keep nothing, as a process that has just begun; for measurements."""
    _REPORTS.clear()
    impact_kept.forget()


def _report(
    store: Store, connection: Connection, people: People, cut: Cut, first: int, last: int, over: tuple[int, ...]
) -> Report:  # fmt: skip
    books = impact_books.read(store, connection, people, cut, first, last)
    spent = suppression.hidden(spent_cells(books))
    given = {what: suppression.hidden(given_cells(books, what)) for what in ("hours", "people")}
    rows = Rows(books, spent, given)
    left = impact.unspent(connection, funders.earners(cut), over)
    return Report(
        rows.total(), rows.months(), rows.ways(), rows.way_totals(), rows.programmes(), rows.organisations(),
        rows.venues(), rows.activities(), rows.offers(), rows.waits(), _quartiles(books.days),
        None if suppression.is_small(left) else left, flows(books, spent), log.count_pending(connection),
    )  # fmt: skip


def _quartiles(days: Mapping[int, int]) -> tuple[int, int, int] | None:
    """The days within which a quarter, half and three quarters of the notes were spent; of fewer than four times the least
    number that is shown they would tell how long a small number of notes waited."""
    total = sum(days.values())
    if total < 4 * suppression.LEAST:
        return None

    def within(quarters: int) -> int:
        seen = 0
        for day, notes in sorted(days.items()):
            seen += notes
            if seen * 4 >= total * quarters:
                return day
        return max(days)

    return within(1), within(2), within(3)
