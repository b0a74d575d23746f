"""Shelves: whose paper may be counted, and what the books expect there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.core import shelf as core
from app.core import span as spans
from app.core.errors import NotFound
from app.core.ledger import Holding
from app.core.lifecycle import Kind, State, may
from app.core.roles import Deed, Scope
from app.core.shelf import Known, ShelfCount
from app.core.span import Span
from app.services import rights
from app.store import custody, hand_outs, orders, parties, stretches
from app.store.access import Account
from app.store.database import Store
from app.store.parties import Organisation, Programme

NO_SHELF = "There is no such shelf: choose one of those that are listed."


@dataclass(frozen=True, slots=True)
class Shelf:
    """The stock of a programme, or what one of its organisations has."""

    programme: Programme
    organisation: Organisation | None

    @property
    def key(self) -> str:
        """How forms and addresses name it."""
        return f"organisation-{self.organisation.id}" if self.organisation else f"stock-{self.programme.id}"

    @property
    def organisation_id(self) -> int | None:
        """None for the stock."""
        return self.organisation.id if self.organisation else None


@dataclass(frozen=True, slots=True)
class Bundled:
    """In which bundles of an order notes lie: numbers of the first and the last."""

    order: str
    first: int
    last: int


def every(store: Store, *, by: Account, deed: Deed = Deed.COUNT_SHELF) -> list[Shelf]:
    """The shelves in the account's reach, by programme, the stock before the organisations. Raises NotAllowed."""
    return store.read(lambda connection: in_reach(connection, by, deed))


def in_reach(connection: Connection, by: Account, deed: Deed) -> list[Shelf]:
    """The same in a transaction that does more."""
    rights.require(by, deed)
    return [each for each in _all(connection) if is_in_reach(by, deed, each)]


def named(connection: Connection, by: Account, deed: Deed, key: str) -> Shelf:
    """The shelf of that key. Raises NotAllowed, NotFound for one out of reach too."""
    found = next((each for each in in_reach(connection, by, deed) if each.key == key), None)
    if found is None:
        raise NotFound(NO_SHELF)
    return found


def by_place(connection: Connection, by: Account, deed: Deed) -> dict[tuple[int, int | None], Shelf]:
    """Those in reach by the ids of programme and organisation. Raises NotAllowed."""
    return {(each.programme.id, each.organisation_id): each for each in in_reach(connection, by, deed)}


def of(connection: Connection, programme_id: int, organisation_id: int | None) -> Shelf:
    """The shelf of a programme's stock or of an organisation, which are there."""
    programme = next(each for each in parties.programmes(connection) if each.id == programme_id)
    return Shelf(programme, parties.organisation_by_id(connection, organisation_id) if organisation_id else None)


def is_in_reach(by: Account, deed: Deed, shelf: Shelf) -> bool:
    """Whether the account may do the deed with what lies there."""
    return rights.reaches(by, deed, programme_id=shelf.programme.id, organisation_id=shelf.organisation_id)


def compare(connection: Connection, shelf: Shelf, seen: Iterable[Span]) -> ShelfCount:
    """What was seen on a shelf against what the books expect there now."""
    there = spans.merge(seen)
    wanted = expected(connection, shelf)
    rest = spans.without(there, wanted)
    codes = {each.code for each in parties.programmes(connection)}
    odd = core.sort(_core(shelf), rest, _around(connection, shelf, rest), codes)
    return core.compare(wanted, there, odd)


def expected(connection: Connection, shelf: Shelf) -> list[Span]:
    """The notes that the books have on a shelf now, as the fewest spans."""
    return core.expected(_core(shelf), _here(connection, shelf))


def stoppable(connection: Connection, shelf: Shelf, missing: Iterable[Span], kind: Kind) -> list[Span]:
    """Of notes that were not seen, those that can be held or made void still: they are expected there, or on hold from there."""
    here = expected(connection, shelf)
    wanted = spans.without(missing, here) if may(kind, State.HELD) else []
    held = [
        piece.span
        for piece in _around(connection, shelf, wanted).holdings
        if piece.state is State.HELD and piece.standing.was and core.is_on(_core(shelf), piece.standing.was)
    ]
    return spans.common(missing, [*here, *held])


def bundles(connection: Connection, shown: Sequence[Span]) -> dict[Span, list[Bundled]]:
    """For each of these spans the bundles that it lies in, by order."""
    found: dict[Span, list[Bundled]] = {}
    known = parties.series_by_codes(connection, {span.series for span in shown})
    for code, series in known.items():
        mine = [span for span in shown if span.series == code]
        over = orders.over(connection, series.id, Span(code, mine[0].first, mine[-1].last))
        for span in mine:
            found[span] = [_bundled(order, part) for order in over if (part := order.span.intersection(span))]
    return found


def sees_all(by: Account) -> bool:
    """Whether the account may learn how notes stand that are not on the shelf."""
    return rights.require(by, Deed.SEE_BUNDLES) is not Scope.ORGANISATION


def _all(connection: Connection) -> list[Shelf]:
    theirs: dict[int, list[Organisation]] = defaultdict(list)
    for each in parties.organisations(connection):
        theirs[each.programme_id].append(each)
    return [
        Shelf(programme, organisation)
        for programme in parties.programmes(connection)
        for organisation in [None, *theirs[programme.id]]
    ]


def _core(shelf: Shelf) -> core.Shelf:
    return core.Shelf(shelf.programme.code, shelf.organisation_id)


def _here(connection: Connection, shelf: Shelf) -> Known:
    """What the books know of the notes that are there as far as custody goes."""
    holdings = custody.on_shelf(connection, shelf.programme.id, shelf.organisation_id)
    return _known(connection, shelf, holdings, [piece.span for piece in holdings])


def _around(connection: Connection, shelf: Shelf, notes: Sequence[Span]) -> Known:
    """What they know of notes of the programme, wherever these are."""
    known = parties.series_by_codes(connection, {span.series for span in notes})
    mine = [span for span in notes if span.series in known and known[span.series].programme_id == shelf.programme.id]
    holdings: list[Holding] = []
    for code in {span.series for span in mine}:
        here = [span for span in mine if span.series == code]
        whole = Span(code, here[0].first, here[-1].last)
        holdings += custody.holdings_touching(connection, known[code].id, whole)
    return _known(connection, shelf, holdings, mine)


def _known(connection: Connection, shelf: Shelf, holdings: Sequence[Holding], notes: Sequence[Span]) -> Known:
    redeemed: list[Span] = []
    retired: list[Span] = []
    for code, series in parties.series_by_codes(connection, {span.series for span in notes}).items():
        numbers = [(span.first, span.last) for span in spans.merge(notes) if span.series == code]
        spent, gone = stretches.lives(connection, series.id, numbers)
        redeemed += spans.runs(code, spent)
        retired += spans.runs(code, gone)
    given = hand_outs.spans_of(connection, shelf.organisation.id) if shelf.organisation else []
    return Known(holdings, redeemed, retired, given)


def _bundled(order: orders.Order, part: Span) -> Bundled:
    first, last = ((number - order.span.first) // order.bundle_size + 1 for number in (part.first, part.last))
    return Bundled(order.id, first, last)
