"""A balance: what came to whoever keeps unspent notes, what went, and what is left, month by month.

A note is with an organisation while it is issued to it (or on hold from there) and was not handed out, and in the stock of
its programme while it is stocked or on its way. Each fact changes who has which notes by so many, and what it is tells
the column; so the columns close by themselves to what the holdings and hand-outs come to.
"""

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.core.ledger import Ledger, Movement, Standing
from app.core.lifecycle import Kind, State
from app.core.span import Span

STOCK = 0
"""The account of the programme's own stock; every other is the id of an organisation."""
COLUMNS = ("received", "handed_out", "returned", "void")
_COLUMN = {Kind.RETURN: "returned", Kind.VOID: "void", Kind.REINSTATE: "void"}
_OUT = ("handed_out", "returned", "void")


@dataclass(frozen=True, slots=True)
class HandedOut:
    """Notes that an organisation gave for hours."""

    span: Span
    organisation: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The counter-entry of a hand-out."""

    hand_out: HandedOut


Fact = Movement | HandedOut | TakenBack


@dataclass(frozen=True, slots=True)
class Month:
    """A line of a statement, in notes; `month` like 202611. brought_forward + received - handed_out - returned - void = held,
    of which `on_hold` are on hold. For the stock, what went to organisations stands as `handed_out`, and what they
    returned as less than nothing returned."""

    month: int
    brought_forward: int
    received: int
    handed_out: int
    returned: int
    void: int
    held: int
    on_hold: int


@dataclass(slots=True)
class Balance:
    """The accounts, built up fact by fact in their order."""

    _ledger: Ledger = field(default_factory=Ledger)
    _given: dict[tuple[str, int], list[Span]] = field(default_factory=lambda: defaultdict(list))
    _changes: dict[int, dict[int, Counter[str]]] = field(default_factory=lambda: defaultdict(dict))

    def enter(self, fact: Fact, month: int) -> None:
        """Take a fact of that month in. Raises as `ledger.move` does."""
        if isinstance(fact, TakenBack):
            self._take_back(fact.hand_out, month)
            return
        if isinstance(fact, HandedOut):
            for other in self._given_beside(
                fact.span.series, fact.organisation, fact.span.first, fact.span.last
            ):  # taken back at this very moment
                self._take_back(HandedOut(other, fact.organisation), month)
        before = self._tally(fact.span)
        if isinstance(fact, Movement):
            self._ledger.move(fact)
        else:
            insort(self._given[fact.span.series, fact.organisation], fact.span, key=_last)
        self._note(fact, before, self._tally(fact.span), month)

    def accounts(self) -> list[int]:
        """Every account that anything ever came to."""
        return sorted(self._changes)

    def months(self, account: int) -> list[Month]:
        """The months in which something happened, oldest first."""
        held = on_hold = 0
        lines = []
        for month, change in sorted(self._changes.get(account, {}).items()):
            before, on_hold = held, on_hold + change["on_hold"]
            held += change["received"] - sum(change[name] for name in _OUT)
            came, given, back, void = (change[name] for name in COLUMNS)
            lines.append(Month(month, before, came, given, back, void, held, on_hold))
        return lines

    def kept(self, account: int) -> list[Span]:
        """The notes that are with an account now, in order."""
        mine = (piece.span for piece in self._ledger.holdings() if _account(piece.standing)[0] == account)
        return [
            rest
            for span in mine
            for rest in span.minus_all(self._given_beside(span.series, account, span.first, span.last))
        ]

    def _take_back(self, given: HandedOut, month: int) -> None:
        kept = self._given[given.span.series, given.organisation]
        if given.span not in kept:
            return
        before = self._tally(given.span)
        kept.remove(given.span)
        self._note(given, before, self._tally(given.span), month)

    def _note(
        self, fact: Fact, before: Counter[tuple[int, bool]], after: Counter[tuple[int, bool]], month: int
    ) -> None:
        """Write what changed into the columns of each account."""
        for account, is_on_hold in before.keys() | after.keys():
            more = after[account, is_on_hold] - before[account, is_on_hold]
            if more:
                change = self._changes[account].setdefault(month, Counter())
                column = _column(fact, account)
                change[column] += more if column == "received" else -more
                change["on_hold"] += more if is_on_hold else 0

    def _tally(self, span: Span) -> Counter[tuple[int, bool]]:
        """How many notes of a span each account has, those on hold apart; in bare numbers, for there are thousands."""
        counted: Counter[tuple[int, bool]] = Counter()
        for piece in self._ledger.touching(span):
            account, is_on_hold = _account(piece.standing)
            if account is not None:
                first, last = max(piece.span.first, span.first), min(piece.span.last, span.last)
                counted[account, is_on_hold] += last - first + 1 - self._gone(span.series, account, first, last)
        return counted

    def _gone(self, series: str, account: int, first: int, last: int) -> int:
        """How many of these notes the organisation handed out."""
        given = self._given_beside(series, account, first, last)
        return sum(min(each.last, last) - max(each.first, first) + 1 for each in given)

    def _given_beside(self, series: str, account: int, first: int, last: int) -> list[Span]:
        """What the organisation handed out that has any of these notes, whole and in order."""
        given = self._given.get((series, account), [])
        start = bisect_left(given, first, key=_last)
        stop = start
        while stop < len(given) and given[stop].first <= last:
            stop += 1
        return given[start:stop]


def balance(facts: Iterable[tuple[int, Fact]]) -> Balance:
    """The accounts that facts, each with its month and in their order, come to."""
    made = Balance()
    for month, fact in facts:
        made.enter(fact, month)
    return made


def clipped(movement: Movement, spans: list[Span]) -> list[Movement]:
    """What of a movement is about `spans`, which are in order and apart: as a movement of each."""
    place = bisect_left(spans, movement.span.first, key=lambda each: each.last)
    found = []
    while place < len(spans) and spans[place].first <= movement.span.last:
        shared = spans[place].intersection(movement.span)
        found += [Movement(movement.kind, shared, movement.organisation, movement.reason)] if shared else []
        place += 1
    return found


def _last(span: Span) -> int:
    return span.last


def _account(standing: Standing) -> tuple[int | None, bool]:
    """Who has notes that stand like this, and whether they are on hold there."""
    if standing.state is State.HELD and standing.was is not None:
        return _account(standing.was)[0], True
    if standing.state in (State.STOCKED, State.DISPATCHED):
        return STOCK, False
    return (standing.holder, False) if standing.state is State.ISSUED else (None, False)


def _column(fact: Fact, account: int) -> str:
    """Where a change by this fact is written."""
    if not isinstance(fact, Movement) or (fact.kind is Kind.ISSUE and account == STOCK):
        return "handed_out"
    return _COLUMN.get(fact.kind, "received")
