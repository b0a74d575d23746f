"""Impact: hours given and hours spent in a period, with small numbers and what would give them away left out."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

from app.core import suppression
from app.core.errors import BadInput
from app.core.roles import Deed
from app.core.suppression import Cell
from app.core.wall_clock import months_between
from app.services import rights
from app.services.accounts import Account
from app.store import funders, hand_outs, impact, log, parties
from app.store.database import Store
from app.store.funders import Cut, Funder
from app.store.impact import WAYS
from app.store.parties import Organisation, Programme

MOST_MONTHS = 36
NO_PERIOD = "The period begins with its first month and is of 36 months at most."
NO_MONTH = "A month is written like 2026-11."
NOT_YOURS = "Your report can be cut by what is in your reach alone."
BUCKETS = (0, 7, 28, 91, 182, 364)
"""Days from which each stretch of waiting begins."""

MOST_FLOWS = 10
"""Organisations and venues in the picture of flows."""

Figure = int | None
"""A number, or None where it is not shown."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a report can be cut by, in the reach of an account."""

    programmes: list[Programme]
    organisations: list[Organisation]
    funders: list[Funder]


@dataclass(frozen=True, slots=True)
class Row:
    """What one thing came to: hours and people of hand-outs, and hours spent; `what` a month, a name or a word."""

    what: Any
    given: Figure = 0
    people: Figure = 0
    spent: Figure = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """Hours that went from an organisation to a venue; ids and names."""

    organisation_id: int
    organisation: str
    venue_id: int
    venue: str
    hours: int


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
    known = choices(store, by=by)
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
    was handed out, and nobody moved."""
    facts = log.size(connection), hand_outs.newest(connection)
    people = (
        tuple(parties.organisations(connection)),
        tuple(parties.venues(connection)),
        tuple(funders.fundings(connection)),
    )
    key = (cut, first, last, facts, people)
    mine = _REPORTS.setdefault(store, OrderedDict())
    found = mine.get(key)
    if found is None:
        found = mine[key] = _report(connection, cut, first, last)
        while len(mine) > KEPT:
            mine.popitem(last=False)
    return found


def forget() -> None:
    """Keep no report, so that the next one is added up; for measurements."""
    _REPORTS.clear()


@dataclass(frozen=True, slots=True)
class _Books:
    """What the summaries say, before anything is left out."""

    months: list[int]
    ways: Mapping[tuple[int, str], int]
    spent_of: Mapping[int, int]
    at: Mapping[tuple[int, str], int]
    offers: Mapping[int, int]
    days: Mapping[int, int]
    given_months: Mapping[int, hand_outs.Given]
    given_of: Mapping[int, hand_outs.Given]
    activities: Mapping[str, hand_outs.Given]
    programme_of: Mapping[int, int]
    offer_at: Mapping[int, int]
    names: Mapping[str, Mapping[int, str]]


def _report(connection: Connection, cut: Cut, first: int, last: int) -> Report:
    among = funders.earners(cut)
    books = _read(connection, first, last, among)
    spent = suppression.hidden(_spent_cells(books))
    given = {what: suppression.hidden(_given_cells(books, what)) for what in ("hours", "people")}
    rows = _Rows(books, spent, given)
    left = impact.unspent(connection, among)
    flows = _flows(connection, books, spent, first, last, among)
    return Report(
        rows.total(), rows.months(), rows.ways(), rows.way_totals(), rows.programmes(), rows.organisations(),
        rows.venues(), rows.activities(), rows.offers(), rows.waits(), _quartiles(books.days),
        None if suppression.is_small(left) else left, flows, log.count_pending(connection),
    )  # fmt: skip


def _read(connection: Connection, first: int, last: int, among: impact.Among) -> _Books:
    period: dict[str, Any] = {"first": first, "last": last, "among": among}
    organisations, venues = parties.organisations(connection), parties.venues(connection)
    offers = {each.id: each for each in parties.all_offers(connection)}
    names = {
        "programme": {each.id: each.name for each in parties.programmes(connection)},
        "organisation": {each.id: each.name for each in organisations},
        "venue": {each.id: each.name for each in venues},
        "offer": {key: each.name for key, each in offers.items()},
    }
    return _Books(
        months_between(first, last),
        {(key[0], key[1]): hours for key, hours in impact.spent(connection, "month", "way", **period).items()},
        {key[0]: hours for key, hours in impact.spent(connection, "organisation_id", **period).items()},
        {(key[0], key[1]): hours for key, hours in impact.spent(connection, "venue_id", "way", **period).items()},
        {key: hours for key, hours in impact.waited(connection, "offer_id", **period).items() if key},
        impact.waited(connection, "days", **period),
        {key[0]: told for key, told in hand_outs.sums(connection, "month", **period).items()},
        {key[0]: told for key, told in hand_outs.sums(connection, "organisation_id", **period).items()},
        {key[0]: told for key, told in hand_outs.sums(connection, "activity", **period).items()},
        {each.id: each.programme_id for each in organisations},
        {key: each.venue_id for key, each in offers.items()},
        names,
    )


def _spent_cells(books: _Books) -> list[Cell]:
    """Every number of hours spent, from the programmes round to the offers and back (see app/core/suppression.py)."""
    cells = list(_earned(books, books.spent_of))
    cells.append(_cell("total", "earned", "dated", sum(books.spent_of.values())))
    cells += [_cell(f"wait:{each}", "dated", "waited", hours) for each, hours in _buckets(books.days).items()]
    for month in books.months:
        told = {way: books.ways.get((month, way), 0) for way in WAYS}
        cells.append(_cell(f"month:{month}", "waited", f"m{month}", sum(told.values())))
        cells += [_cell(f"cell:{month}:{way}", f"m{month}", way, hours) for way, hours in told.items()]
    for way in WAYS:
        cells.append(_cell(f"way:{way}", way, f"at {way}", sum(books.ways.get((m, way), 0) for m in books.months)))
    cells += [
        _cell(f"at:{venue}:{way}", f"at {way}", f"v{venue}", hours, never_shown=True)
        for (venue, way), hours in books.at.items()
    ]
    return [*cells, *_offered(books)]


def _offered(books: _Books) -> Iterable[Cell]:
    """Venues, each with its offers and what was spent on none that was named."""
    named: dict[int, int] = {}
    for offer, hours in books.offers.items():
        venue = books.offer_at[offer]
        named[venue] = named.get(venue, 0) + hours
        yield _cell(f"offer:{offer}", f"o{venue}", "programmes", hours)
    for venue, hours in _venues(books).items():
        yield _cell(f"venue:{venue}", f"v{venue}", f"o{venue}", hours)
        yield _cell(f"rest:{venue}", f"o{venue}", "programmes", hours - named.get(venue, 0), never_shown=True)


def _given_cells(books: _Books, what: str) -> list[Cell]:
    """Every number of hours, or of people, of hand-outs."""
    of = {key: int(getattr(told, what)) for key, told in books.given_of.items()}
    cells = list(_earned(books, of))
    cells.append(_cell("total", "earned", "dated", sum(of.values())))
    for month, told in books.given_months.items():
        cells.append(_cell(f"month:{month}", "dated", "done", getattr(told, what)))
    for activity, told in books.activities.items():
        cells.append(_cell(f"activity:{activity}", "done", "programmes", getattr(told, what)))
    return cells


def _earned(books: _Books, of: Mapping[int, int]) -> Iterable[Cell]:
    sums: dict[int, int] = {}
    for organisation, hours in of.items():
        programme = books.programme_of[organisation]
        sums[programme] = sums.get(programme, 0) + hours
        yield _cell(f"organisation:{organisation}", f"p{programme}", "earned", hours)
    for programme, hours in sums.items():
        yield _cell(f"programme:{programme}", "programmes", f"p{programme}", hours)


def _cell(name: str, tail: str, head: str, value: int, *, never_shown: bool = False) -> Cell:
    """A month in which more was given back than spent goes the other way."""
    ends = (tail, head) if value >= 0 else (head, tail)
    return Cell(name, *ends, abs(value), never_shown)


def _venues(books: _Books) -> dict[int, int]:
    found: dict[int, int] = {}
    for (venue, _way), hours in books.at.items():
        found[venue] = found.get(venue, 0) + hours
    return found


def _buckets(days: Mapping[int, int]) -> dict[int, int]:
    found = dict.fromkeys(BUCKETS, 0)
    for day, hours in days.items():
        found[max(each for each in BUCKETS if each <= day)] += hours
    return found


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


class _Rows:
    """The tables, with what is hidden left out."""

    def __init__(self, books: _Books, spent: frozenset[str], given: Mapping[str, frozenset[str]]) -> None:
        self._books, self._spent, self._given = books, spent, given

    def _row(self, what: Any, name: str, given: hand_outs.Given | None, spent: int = 0) -> Row:
        told = given or hand_outs.Given()
        return Row(
            what,
            None if name in self._given["hours"] else told.hours,
            None if name in self._given["people"] else told.people,
            None if name in self._spent else spent,
        )

    def total(self) -> Row:
        all_given = hand_outs.Given(*(sum(each) for each in zip(*self._books.given_of.values(), strict=True)))
        return self._row("", "total", all_given, sum(self._books.spent_of.values()))

    def months(self) -> list[Row]:
        books = self._books
        sums = {month: sum(books.ways.get((month, way), 0) for way in WAYS) for month in books.months}
        return [self._row(each, f"month:{each}", books.given_months.get(each), sums[each]) for each in books.months]

    def ways(self) -> list[tuple[int, tuple[Figure, ...]]]:
        books = self._books
        return [
            (month, tuple(self._figure(f"cell:{month}:{way}", books.ways.get((month, way), 0)) for way in WAYS))
            for month in books.months
        ]

    def way_totals(self) -> tuple[Figure, ...]:
        sums = {way: sum(self._books.ways.get((month, way), 0) for month in self._books.months) for way in WAYS}
        return tuple(self._figure(f"way:{way}", hours) for way, hours in sums.items())

    def _figure(self, name: str, value: int) -> Figure:
        return None if name in self._spent else value

    def programmes(self) -> list[Row]:
        given: dict[int, hand_outs.Given] = {}
        spent: dict[int, int] = {}
        for organisation, programme in self._books.programme_of.items():
            if told := self._books.given_of.get(organisation):
                before = given.get(programme, hand_outs.Given())
                given[programme] = hand_outs.Given(*(a + b for a, b in zip(before, told, strict=True)))
            if organisation in self._books.spent_of:
                spent[programme] = spent.get(programme, 0) + self._books.spent_of[organisation]
        return self._named("programme", given, spent)

    def organisations(self) -> list[Row]:
        return self._named("organisation", self._books.given_of, self._books.spent_of)

    def venues(self) -> list[Row]:
        return self._named("venue", {}, _venues(self._books))

    def offers(self) -> list[Row]:
        books = self._books
        rows = [
            self._row(f"{books.names['offer'][key]}, {books.names['venue'][books.offer_at[key]]}", f"offer:{key}", None, hours)
            for key, hours in books.offers.items()
        ]  # fmt: skip
        return sorted(rows, key=lambda row: row.what)

    def activities(self) -> list[Row]:
        return [self._row(key, f"activity:{key}", told) for key, told in sorted(self._books.activities.items())]

    def waits(self) -> list[Row]:
        return [
            self._row(each, f"wait:{each}", None, hours) for each, hours in _buckets(self._books.days).items()
        ]  # fmt: skip

    def _named(self, kind: str, given: Mapping[int, hand_outs.Given], spent: Mapping[int, int]) -> list[Row]:
        names = self._books.names[kind]
        rows = [
            self._row(names[key], f"{kind}:{key}", given.get(key), spent.get(key, 0))
            for key in given.keys() | spent.keys()
        ]  # fmt: skip
        return sorted(rows, key=lambda row: row.what)


def _flows(
    connection: Connection, books: _Books, gone: frozenset[str], first: int, last: int, among: impact.Among
) -> list[Flow]:
    """The largest organisations and venues whose hours are shown, and what went between them; never what would tell a small
    flow."""
    origins = _largest("organisation", books.spent_of, gone)
    goals = _largest("venue", _venues(books), gone)
    pairs = impact.spent(
        connection, "organisation_id", "venue_id", first=first, last=last,
        among=parties.these(set(origins)),
    )  # fmt: skip
    between = {(key[0], key[1]): hours for key, hours in pairs.items() if key[1] in goals and hours > 0}
    cells = list(_flow_cells(books, origins, goals, between))
    hide = suppression.hidden(cells)
    return [
        Flow(origin, books.names["organisation"][origin], goal, books.names["venue"][goal], hours)
        for (origin, goal), hours in sorted(between.items(), key=lambda each: -each[1])
        if f"{origin}>{goal}" not in hide
        and not {f"organisation:{origin}", f"venue:{goal}"} & hide
    ]  # fmt: skip


def _largest(kind: str, hours: Mapping[int, int], gone: frozenset[str]) -> list[int]:
    shown = [key for key, told in hours.items() if told >= suppression.LEAST and f"{kind}:{key}" not in gone]
    return sorted(shown, key=lambda key: (-hours[key], key))[:MOST_FLOWS]


def _flow_cells(
    books: _Books, origins: list[int], goals: list[int], between: Mapping[tuple[int, int], int]
) -> Iterable[Cell]:
    """The flows between the largest, and all others as one organisation and one venue that no page tells."""
    venues = _venues(books)
    for origin in origins:
        whole = books.spent_of[origin]
        aside = whole - sum(between.get((origin, goal), 0) for goal in goals)
        yield Cell(f"organisation:{origin}", "in", f"o{origin}", whole)
        yield _cell(f"{origin}>", f"o{origin}", "others", aside, never_shown=True)
    for goal in goals:
        came = sum(between.get((origin, goal), 0) for origin in origins)
        yield Cell(f"venue:{goal}", f"v{goal}", "in", venues[goal])
        yield _cell(f">{goal}", "rest", f"v{goal}", venues[goal] - came, never_shown=True)
    for (origin, goal), hours in between.items():
        yield Cell(f"{origin}>{goal}", f"o{origin}", f"v{goal}", hours)
    inside = sum(between.values())
    all_spent, leaving = sum(books.spent_of.values()), sum(books.spent_of[each] for each in origins)
    arriving = sum(venues[each] for each in goals)
    yield _cell("rest", "in", "rest", all_spent - leaving, never_shown=True)
    yield _cell("others", "others", "in", all_spent - arriving, never_shown=True)
    yield _cell("rest>", "rest", "others", all_spent - leaving - (arriving - inside), never_shown=True)
