"""The checks of an audit: given what the books say, the contradictions in them and the custody that is overdue.

Everything is passed in as values; each check names itself in the findings it makes.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.core import ledger
from app.core.errors import HournoteError
from app.core.ledger import Holding, Ledger, Movement
from app.core.lifecycle import Kind, State
from app.core.serial import Serial
from app.core.span import Span

OVERDUE = {State.ORDERED: timedelta(days=60), State.PRINTED: timedelta(days=30), State.DISPATCHED: timedelta(days=14)}
"""How long notes may be at the press, on the way from it, and on the way to an organisation."""

Touched = tuple[Span, datetime]
"""A stretch of notes and the time of the last movement over them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A contradiction in the books, or a custody fact that is overdue; `concerns` are spans, serials or ids as text."""

    check: str
    message: str
    concerns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A movement as it stands in the books: with its id, which tells the order of movements, and its time (UTC)."""

    id: int
    movement: Movement
    at: datetime


@dataclass(frozen=True, slots=True)
class Spent:
    """A redemption of one note: its round (0 the first time) and whether it was reversed.

    `title` is the id of the movement as of which it was seen to be issued; clocks of several servers tell no order.
    """

    serial: Serial
    round: int
    redemption: str
    title: int
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """Where a note was shown, and when by the clock there."""

    venue: str
    desk: str
    at: datetime

    def __str__(self) -> str:
        return f"at {self.venue} ({self.desk}) on {self.at:%Y-%m-%d %H:%M} UTC"


@dataclass(frozen=True, slots=True)
class TakenTwice:
    """A visit that a desk accepted offline and that was refused, because each of these notes was spent before."""

    redemption: str
    shown: Shown
    notes: Sequence[tuple[Serial, Shown]]


@dataclass(frozen=True, slots=True)
class Books:
    """All that an audit looks at, as values. `ordered_to`: the last allocated number by series; `paid_hours`: the hours of
    each accepted redemption that was no practice, by its id; `conflicts`: those that nobody has resolved."""

    now: datetime
    entries: Sequence[Entry]
    holdings: Sequence[Holding]
    spent: Sequence[Spent] = ()
    retired: Sequence[Serial] = ()
    ordered_to: dict[str, int] = field(default_factory=dict)
    paid_hours: dict[str, int] = field(default_factory=dict)
    conflicts: Sequence[TakenTwice] = ()


def audit(books: Books) -> list[Finding]:
    """Every finding of every check, in the order of CHECKS."""
    return [finding for check in CHECKS for finding in check(books)]


def partition(books: Books) -> Iterable[Finding]:
    """Each allocated number lies in exactly one holding."""
    held: dict[str, list[Span]] = {series: [] for series in books.ordered_to}
    for holding in sorted(books.holdings, key=lambda holding: holding.span):
        held.setdefault(holding.span.series, []).append(holding.span)
    for series, mine in sorted(held.items()):
        yield from _parted(series, books.ordered_to.get(series, 0), mine)


def _parted(series: str, last: int, mine: Sequence[Span]) -> Iterable[Finding]:
    """The spans `mine`, in order, are numbers 1 to `last` of the series without overlap or gap."""
    reached = 0
    for span in mine:
        if span.first <= reached:
            shared = Span(series, span.first, min(reached, span.last))
            yield _finding("partition", f"The notes {shared} are in two states at once.", shared)
        reached = max(reached, span.last)
    for gap in Span(series, 1, last).minus_all(mine) if last else []:
        yield _finding("partition", f"The notes {gap} were allocated and are in no state.", gap)
    for span in mine:
        if span.last > last:
            beyond = Span(series, max(span.first, last + 1), span.last)
            yield _finding("partition", f"The notes {beyond} run past the last allocated number, {last}.", beyond)


def history(books: Books) -> Iterable[Finding]:
    """Told again from the start, every movement is lawful, every redemption finds its note issued, and the holdings result."""
    held = Ledger()
    events: list[Entry | Spent] = [*books.entries, *books.spent]
    for event in sorted(events, key=lambda event: event.id if isinstance(event, Entry) else event.title):
        if isinstance(event, Spent):
            yield from _spent_when_issued(held, event)
        else:
            yield from _lawful(held, event)
    yield from _same_holdings(held.holdings(), books.holdings)


def returned_unspent(books: Books) -> Iterable[Finding]:
    """No note that is redeemed was returned into stock after it was."""
    live = sorted((each for each in books.spent if not each.reversed), key=lambda spent: spent.serial)
    for entry in books.entries:
        span = entry.movement.span
        start = bisect_left(live, span.first_serial, key=lambda spent: spent.serial)
        stop = bisect_right(live, span.last_serial, key=lambda spent: spent.serial)
        if entry.movement.kind is Kind.RETURN and any(spent.title < entry.id for spent in live[start:stop]):
            yield _finding(
                "returned_unspent", f"Some of the notes {span} were returned after they were redeemed.", span
            )


def spent_once(books: Books) -> Iterable[Finding]:
    """Rounds of a note follow one another: a later one only after a reversal of the one before."""
    rounds: dict[Serial, list[Spent]] = {}
    for spent in books.spent:
        rounds.setdefault(spent.serial, []).append(spent)
    for serial, life in rounds.items():
        life.sort(key=lambda spent: spent.round)
        if [spent.round for spent in life] != list(range(len(life))) or not all(s.reversed for s in life[:-1]):
            yield Finding(
                "spent_once",
                f"The note {serial.printed} was redeemed twice without a reversal between.",
                (str(serial),),
            )


def hours_paid(books: Books) -> Iterable[Finding]:
    """Each accepted redemption spent as many notes as it has hours."""
    notes = Counter(spent.redemption for spent in books.spent)
    for redemption, hours in books.paid_hours.items():
        if notes[redemption] != hours:
            message = f"The redemption {redemption} is of {hours} hours and spent {notes[redemption]} notes."
            yield Finding("hours_paid", message, (redemption,))


def retired_when_spent(books: Books) -> Iterable[Finding]:
    """Each retired note is redeemed."""
    live = {spent.serial for spent in books.spent if not spent.reversed}
    for serial in books.retired:
        if serial not in live:
            yield Finding(
                "retired_when_spent", f"The note {serial.printed} was retired and is not redeemed.", (str(serial),)
            )


def offline_conflict(books: Books) -> Iterable[Finding]:
    """No note was taken by two venues while apart, but where a person came to something about it."""
    for each in books.conflicts:
        spent = "; ".join(f"{serial.printed}, spent {first}" for serial, first in each.notes)
        message = (
            f"A visit {each.shown} was accepted offline with {spent}: decide, and `hournote resolve {each.redemption}`."
        )
        yield Finding("offline_conflict", message, (each.redemption, *(str(serial) for serial, _first in each.notes)))


def overdue(books: Books) -> Iterable[Finding]:
    """Notes that stay too long at the press or on the way."""
    touched = _last_touched(books.entries)
    for holding in books.holdings:
        limit = OVERDUE.get(holding.state)
        if limit is None:
            continue
        for span, since in _overlapping(touched.get(holding.span.series, []), holding.span):
            shared = span.intersection(holding.span)
            if shared and books.now - since > limit:
                days = (books.now - since).days
                yield _finding("overdue", f"The notes {shared} have been {holding.state} for {days} days.", shared)


CHECKS: tuple[Callable[[Books], Iterable[Finding]], ...] = (
    partition,
    history,
    returned_unspent,
    spent_once,
    hours_paid,
    retired_when_spent,
    offline_conflict,
    overdue,
)


def _lawful(held: Ledger, entry: Entry) -> Iterable[Finding]:
    try:
        held.move(entry.movement)
    except HournoteError as error:
        yield Finding("lawful", f"A movement in the books is unlawful: {error.sentence}", (str(entry.id),))


def _spent_when_issued(held: Ledger, spent: Spent) -> Iterable[Finding]:
    standing = held.at(spent.serial)
    if standing is None or standing.state is not State.ISSUED:
        sentence = f"The note {spent.serial.printed} was redeemed while it was not issued."
        yield Finding("spent_when_issued", sentence, (str(spent.serial), spent.redemption))


def _same_holdings(replayed: Sequence[Holding], kept: Sequence[Holding]) -> Iterable[Finding]:
    expected = set(replayed)
    for holding in sorted(expected.symmetric_difference(kept), key=lambda holding: holding.span):
        side = "the movements come to" if holding in expected else "the holdings say"
        stands = ledger.described(holding.standing)
        yield _finding("replay", f"For {holding.span}, {side} {stands}; the other differs.", holding.span)


def _last_touched(entries: Iterable[Entry]) -> dict[str, list[Touched]]:
    """Each series cut into stretches, in order, by the last movement over them.

    A holding does not tell: neighbours that stand alike are one holding, however long each has stood so.
    """
    touched: dict[str, list[Touched]] = {}
    for entry in sorted(entries, key=lambda entry: entry.id):
        span = entry.movement.span
        stretches = touched.setdefault(span.series, [])
        before = _overlapping(stretches, span)
        start = bisect_left(stretches, span.first, key=lambda stretch: stretch[0].last)
        rest = [(piece, at) for old, at in before for piece in old.minus(span)]
        stretches[start : start + len(before)] = sorted([*rest, (span, entry.at)])
    return touched


def _overlapping(stretches: Sequence[Touched], span: Span) -> Sequence[Touched]:
    start = bisect_left(stretches, span.first, key=lambda stretch: stretch[0].last)
    stop = bisect_right(stretches, span.last, key=lambda stretch: stretch[0].first)
    return stretches[start:stop]


def _finding(check: str, message: str, span: Span) -> Finding:
    return Finding(check, message, (str(span),))
