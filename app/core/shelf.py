"""A shelf count: the paper that is there, against what the books expect there.

A shelf is the stock of a programme, or what an organisation has to give. Expected on it are the notes that the books have
there and that nobody handed out or spent; notes on hold and on their way are not. Three parts come of a count: seen as expected,
*expected, not seen*, and *seen, not expected*.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core import serial as serials
from app.core import span as spans
from app.core.ledger import Holding, Standing
from app.core.lifecycle import NoteState, State
from app.core.span import Span


class Why(StrEnum):
    """Why notes that were seen were not expected: the first that applies, in the words of the books."""

    OTHER_PROGRAMME = "other_programme"
    NOT_ORDERED = "not_ordered"
    RETIRED = NoteState.RETIRED.value
    REDEEMED = NoteState.REDEEMED.value
    HANDED_OUT = "handed_out"
    VOID = State.VOID.value
    HELD = State.HELD.value
    ORDERED = State.ORDERED.value
    PRINTED = State.PRINTED.value
    STOCKED = State.STOCKED.value
    DISPATCHED = State.DISPATCHED.value
    ISSUED = State.ISSUED.value
    ELSEWHERE = "elsewhere"
    """What somebody is told of notes that are not theirs: no more than that."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Whose shelf: the code of a programme, and the id of its organisation; None is the programme's own stock."""

    programme: str
    organisation: int | None = None


@dataclass(frozen=True, slots=True)
class Odd:
    """Notes that were seen and not expected: why, and the id of the organisation that the books have them with."""

    why: Why
    holder: int | None
    spans: tuple[Span, ...]

    @property
    def notes(self) -> int:
        """How many they are."""
        return sum(map(len, self.spans))


@dataclass(frozen=True, slots=True)
class Known:
    """What the books say of the notes that a count is about: how they stand, and which were spent, destroyed, or handed out
    by the organisation whose shelf it is."""

    holdings: Sequence[Holding] = ()
    redeemed: Sequence[Span] = ()
    retired: Sequence[Span] = ()
    handed_out: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class ShelfCount:
    """A count: found + missing = expected, found + the odd ones = seen, and no note is in two of the three."""

    expected: tuple[Span, ...]
    seen: tuple[Span, ...]
    odd: tuple[Odd, ...]
    found: tuple[Span, ...]
    missing: tuple[Span, ...]

    @property
    def notes_odd(self) -> int:
        """Notes that were seen and not expected."""
        return sum(each.notes for each in self.odd)


def expected(shelf: Shelf, known: Known) -> list[Span]:
    """The notes that are on the shelf as the books have it, as the fewest spans."""
    here = (piece.span for piece in known.holdings if is_on(shelf, piece.standing))
    return spans.without(here, [*known.redeemed, *known.retired, *known.handed_out])


def is_on(shelf: Shelf, standing: Standing) -> bool:
    """Whether notes that stand so are on the shelf, as far as custody goes."""
    if shelf.organisation is None:
        return standing.state is State.STOCKED
    return standing.state is State.ISSUED and standing.holder == shelf.organisation


def sort(shelf: Shelf, notes: Iterable[Span], known: Known, programmes: Collection[str]) -> list[Odd]:
    """Notes that were seen and not expected, by why and holder. `programmes`: the codes of all there are."""
    mine: list[Span] = []
    sorted_out: dict[tuple[Why, int | None], list[Span]] = defaultdict(list)
    for span in spans.merge(notes):
        code = serials.programme_of(span.series)
        if code == shelf.programme:
            mine.append(span)
        else:
            sorted_out[Why.OTHER_PROGRAMME if code in programmes else Why.NOT_ORDERED, None].append(span)
    holdings = sorted(known.holdings, key=lambda piece: piece.span)
    places = [piece.span for piece in holdings]
    sorted_out[Why.NOT_ORDERED, None] += spans.without(mine, places)
    for why, part in _lives(mine, known):
        for shared, place in spans.meetings(part, places):
            standing = holdings[place].standing
            sorted_out[_why(why, standing, shelf), standing.holder].append(shared)
    parts = (Odd(why, holder, tuple(spans.merge(part))) for (why, holder), part in sorted_out.items() if part)
    return sorted(parts, key=lambda odd: (list(Why).index(odd.why), odd.holder or 0))


def compare(expected: Iterable[Span], seen: Iterable[Span], odd: Iterable[Odd]) -> ShelfCount:
    """The count; `odd`: what was seen and is not among the expected, sorted."""
    wanted, there = spans.merge(expected), spans.merge(seen)
    found, missing = spans.common(wanted, there), spans.without(wanted, there)
    return ShelfCount(tuple(wanted), tuple(there), tuple(odd), tuple(found), tuple(missing))


def told_to_keeper(odd: Iterable[Odd], organisation: int) -> list[Odd]:
    """The same for whoever keeps the notes of an organisation: how others' stand, and whether there are any, is not theirs to
    learn."""
    ours = [each for each in odd if each.holder == organisation]
    others = spans.merge(span for each in odd if each.holder != organisation for span in each.spans)
    return [*ours, *([Odd(Why.ELSEWHERE, None, tuple(others))] if others else [])]


def _lives(mine: Sequence[Span], known: Known) -> list[tuple[Why | None, list[Span]]]:
    """Notes cut by what became of each: destroyed, else spent, else handed out from this shelf; None: nothing of these."""
    found: list[tuple[Why | None, list[Span]]] = []
    left = list(mine)
    for why, gone in (
        (Why.RETIRED, known.retired),
        (Why.REDEEMED, known.redeemed),
        (Why.HANDED_OUT, known.handed_out),
    ):
        found.append((why, spans.common(left, gone)))
        left = spans.without(left, gone)
    return [*found, (None, left)]


def _why(life: Why | None, standing: Standing, shelf: Shelf) -> Why:
    """A note that was handed out and then stopped is told by that."""
    is_given = life is Why.HANDED_OUT and not is_on(shelf, standing)
    return Why(standing.state.value) if life is None or is_given else life
