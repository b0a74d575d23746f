"""The ledger of spans: movements are the facts, holdings are what they come to.

Holdings are kept in their fewest pieces (neighbours that stand alike are one), so that the same movements always come
to the same holdings, and a replay can be compared with what is kept.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.core.errors import IllegalMovement, NotOrdered
from app.core.lifecycle import STEPS, Kind, State, Step, may
from app.core.serial import Serial
from app.core.span import Span


@dataclass(frozen=True, slots=True)
class Standing:
    """How a stretch of notes stands: its state, the organisation that has it, why, and how it stood before a hold or void."""

    state: State
    holder: int | None = None
    reason: str | None = None
    was: "Standing | None" = None


@dataclass(frozen=True, slots=True)
class Holding:
    """A stretch of notes that all stand alike."""

    span: Span
    standing: Standing

    @property
    def state(self) -> State:
        """The state of every note in it, as far as custody goes."""
        return self.standing.state


@dataclass(frozen=True, slots=True)
class Movement:
    """A span enters a state: the only fact of custody. `organisation` is its id where the step names one."""

    kind: Kind
    span: Span
    organisation: int | None = None
    reason: str | None = None


def move(holdings: Sequence[Holding], movement: Movement, *, redeemed: int = 0) -> list[Holding]:
    """The holdings after `movement`, which is refused as a whole if any stretch may not take the step.

    `holdings` are those of the series that overlap or touch the span (others may be among them); `redeemed` is the
    number of notes in the span that are spent now. Raises IllegalMovement, NotOrdered.
    """
    step = STEPS[movement.kind]
    inside = within(holdings, movement.span)
    _check_known(inside, movement)
    _check_lawful(inside, movement)
    _check_words(step, movement)
    if step.unredeemed and redeemed:
        raise IllegalMovement(
            f"{redeemed} of the notes {movement.span} are already redeemed, so they cannot be returned: return the others."
        )
    outside = [Holding(rest, holding.standing) for holding in holdings for rest in holding.span.minus(movement.span)]
    return merge([*outside, *_moved(inside, movement, step)])


class Ledger:
    """The holdings of all series, built up movement by movement; a movement costs O(log n) and the pieces it touches."""

    def __init__(self) -> None:
        self._series: dict[str, list[Holding]] = {}

    def move(self, movement: Movement) -> None:
        """Take the step. Raises as `move` does, and changes nothing then."""
        held = self._series.setdefault(movement.span.series, [])
        start = bisect_left(held, movement.span.first - 1, key=lambda holding: holding.span.last)
        stop = bisect_right(held, movement.span.last + 1, key=lambda holding: holding.span.first)
        held[start:stop] = move(held[start:stop], movement)

    def at(self, serial: Serial) -> Standing | None:
        """How one note stands; None when it was never ordered."""
        held = self._series.get(serial.series, [])
        place = bisect_left(held, serial.number, key=lambda holding: holding.span.last)
        return held[place].standing if place < len(held) and serial in held[place].span else None

    def touching(self, span: Span) -> list[Holding]:
        """The stretches that have notes of a span, in order and whole."""
        held = self._series.get(span.series, [])
        start = bisect_left(held, span.first, key=lambda holding: holding.span.last)
        stop = bisect_right(held, span.last, key=lambda holding: holding.span.first)
        return held[start:stop]

    def holdings(self) -> list[Holding]:
        """Every holding, in order."""
        return [holding for series in sorted(self._series) for holding in self._series[series]]


def replay(movements: Iterable[Movement]) -> list[Holding]:
    """The holdings that the movements come to, in their order. Raises as `move` does.

    What was redeemed in between is not replayed: it can only refuse a return, and a return that is in the books was not.
    """
    ledger = Ledger()
    for movement in movements:
        ledger.move(movement)
    return ledger.holdings()


def within(holdings: Iterable[Holding], span: Span) -> list[Holding]:
    """The stretches of `span` that are held, cut to it, in order."""
    cut = ((holding, holding.span.intersection(span)) for holding in holdings)
    return sorted((replace(h, span=shared) for h, shared in cut if shared), key=lambda holding: holding.span)


def merge(holdings: Iterable[Holding]) -> list[Holding]:
    """In order, with neighbours that stand alike made one."""
    merged: list[Holding] = []
    for holding in sorted(holdings, key=lambda holding: holding.span):
        if merged and _continues(merged[-1], holding):
            merged[-1] = replace(merged[-1], span=replace(holding.span, first=merged[-1].span.first))
        else:
            merged.append(holding)
    return merged


def counts(holdings: Iterable[Holding]) -> Counter[State]:
    """How many notes are in each state, as far as custody goes."""
    counted: Counter[State] = Counter()
    for holding in holdings:
        counted[holding.state] += len(holding.span)
    return counted


def gaps(holdings: Iterable[Holding], span: Span) -> list[Span]:
    """The stretches of `span` that were never ordered."""
    return span.minus_all(holding.span for holding in holdings)


def _check_known(inside: Sequence[Holding], movement: Movement) -> None:
    missing = gaps(inside, movement.span)
    if missing and movement.kind is not Kind.ORDER:
        raise NotOrdered(
            f"The notes {missing[0]} were never ordered: look at the series with `range`.", span=missing[0]
        )


def _check_lawful(inside: Sequence[Holding], movement: Movement) -> None:
    for holding in inside:
        if not may(movement.kind, holding.state):
            raise IllegalMovement(
                f"The notes {holding.span} are {described(holding.standing)}, and notes that are {holding.state} "
                f"cannot take the step '{movement.kind}'{_way_out(movement.kind, holding.state)}; nothing was changed.",
                span=holding.span,
            )
        if movement.kind is Kind.ISSUE and holding.standing.holder not in (None, movement.organisation):
            raise IllegalMovement(
                f"The notes {holding.span} are on their way to another organisation: return them first; nothing was changed.",
                span=holding.span,
            )


def _check_words(step: Step, movement: Movement) -> None:
    if step.to_organisation and movement.organisation is None:
        raise IllegalMovement(f"The step '{movement.kind}' needs an organisation: name it with --to.")
    if step.reasoned and not movement.reason:
        raise IllegalMovement(f"The step '{movement.kind}' needs a reason: name it with --reason.")
    if step.reasons and movement.reason not in step.reasons:
        words = ", ".join(sorted(step.reasons))
        raise IllegalMovement(
            f"'{movement.reason}' is no reason for the step '{movement.kind}': choose one of {words}."
        )


def described(standing: Standing) -> str:
    """`issued`, or `void (stolen)`."""
    return f"{standing.state} ({standing.reason})" if standing.reason else str(standing.state)


def _way_out(kind: Kind, state: State) -> str:
    """The commonest mistakes each have a known way out."""
    ways = {
        (Kind.ISSUE, State.PRINTED): " (receive them first)",
        (Kind.DISPATCH, State.PRINTED): " (receive them first)",
        (Kind.RECEIVE, State.ORDERED): " (report them printed first)",
        (Kind.ISSUE, State.ORDERED): " (report them printed, then receive them)",
    }
    if state is State.HELD and kind is not Kind.HOLD:
        return " (release them first)"
    return ways.get((kind, state), "")


def _moved(inside: Sequence[Holding], movement: Movement, step: Step) -> list[Holding]:
    if movement.kind is Kind.ORDER:
        return [Holding(movement.span, Standing(State.ORDERED))]
    return [Holding(holding.span, _stands(holding.standing, movement, step)) for holding in inside]


def _stands(before: Standing, movement: Movement, step: Step) -> Standing:
    if step.after is None:
        return before.was or before  # a hold, a void, a spoil and a miss each remember
    if step.after in (State.HELD, State.VOID):
        return Standing(step.after, before.holder, movement.reason, was=before)
    return Standing(step.after, movement.organisation if step.to_organisation else None)


def _continues(left: Holding, right: Holding) -> bool:
    touching = left.span.series == right.span.series and left.span.last + 1 == right.span.first
    return touching and left.standing == right.standing
