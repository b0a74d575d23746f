"""The number line of a series: the stretches of a window, merged where they are too many to be drawn apart.

No span or standing is built for a stretch here: a line may have ten thousand of them, and a picture a hundred.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from app.core.lifecycle import NoteState, State
from app.core.serial import FIRST_NUMBER, LAST_NUMBER
from app.core.span import Span

FEWEST = 8
"""The least that may be asked for: with fewer pieces there is nothing to see."""


class Look(NamedTuple):
    """How notes look on the line: state (None: never ordered), organisation, reason, and the state before a hold or void.

    `own`: what each note is beyond that, where it is looked at so closely.
    """

    state: State | None = None
    holder: int | None = None
    reason: str | None = None
    was: State | None = None
    own: NoteState | None = None


class Stretch(NamedTuple):
    """Numbers `first` to `last`, which look alike."""

    first: int
    last: int
    look: Look


NEVER_ORDERED = Look()


@dataclass(frozen=True, slots=True)
class Piece:
    """What is drawn as one: a single stretch, or several small neighbours with the number of notes of each look."""

    span: Span
    stretches: int
    notes: dict[Look, int]

    @property
    def look(self) -> Look | None:
        """How all of its notes look; None where they look differently."""
        return next(iter(self.notes)) if len(self.notes) == 1 else None

    @property
    def states(self) -> Counter[State | None]:
        """How many notes are in each state, as far as custody goes."""
        counted: Counter[State | None] = Counter()
        for look, notes in self.notes.items():
            counted[look.state] += notes
        return counted


def pieces(stretches: Iterable[Stretch], window: Span, most: int) -> list[Piece]:
    """The window as at most `most` pieces (8 or more), in order, that tile it exactly; what no stretch covers was never ordered.

    `stretches` are in order and apart; those outside the window may be among them. A stretch that is wide enough to be seen is
    always a piece of its own; small neighbours are merged on a grid that depends on the length of the window alone, so that
    the pieces stay the same when the window is drawn along.
    """
    if most < FEWEST:
        raise ValueError(f"a line is drawn in {FEWEST} pieces at least")
    tiles = list(_tiles(stretches, window))
    cell = 1 if len(tiles) <= most else _cell(len(window), most)
    return [_piece(window.series, part) for part in _grouped(tiles, cell)]


def inside(stretches: Sequence[Stretch], span: Span) -> Iterator[Stretch]:
    """The stretches of a span, cut to it; `stretches` are in order."""
    start = bisect_left(stretches, span.first, key=lambda each: each.last)
    for each in islice(stretches, start, None):
        if each.first > span.last:
            return
        yield _cut(each, span)


def _cut(stretch: Stretch, span: Span) -> Stretch:
    """What of a stretch lies in a span; nearly all lie in it whole."""
    if span.first <= stretch.first and stretch.last <= span.last:
        return stretch
    return Stretch(max(stretch.first, span.first), min(stretch.last, span.last), stretch.look)


def close_up(stretches: Iterable[Stretch], own: Mapping[int, NoteState]) -> Iterator[Stretch]:
    """The same stretches, parted where notes have a life of their own: redeemed or retired, by number."""
    marked = sorted(own)
    for first, last, look in stretches:
        free = first
        for number in marked[bisect_left(marked, first) : bisect_right(marked, last)]:
            if number > free:
                yield Stretch(free, number - 1, look)
            yield Stretch(number, number, look._replace(own=own[number]))
            free = number + 1
        if free <= last:
            yield Stretch(free, last, look)


def turned(window: Span, *, by: float) -> Span:
    """The window drawn along by a part of its length, as far as the line goes."""
    length = len(window)
    step = max(1, round(length * abs(by))) * (1 if by > 0 else -1)
    first = min(max(window.first + step, FIRST_NUMBER), LAST_NUMBER - length + 1)
    return Span(window.series, first, first + length - 1)


def zoomed(window: Span, *, by: float) -> Span:
    """A window of `by` times the length around the same middle, from one note to the whole line."""
    length = min(max(round(len(window) * by), 1), LAST_NUMBER)
    first = window.first + (len(window) - length) // 2
    first = min(max(first, FIRST_NUMBER), LAST_NUMBER - length + 1)
    return Span(window.series, first, first + length - 1)


def ticks(window: Span, most: int = 8) -> list[int]:
    """Round numbers of the window for its scale: at most `most`, in steps of 1, 2 or 5 times a power of ten."""
    step = next(step for step in _steps() if len(window) <= step * (most - 1) or step > LAST_NUMBER)
    return list(range(-(-window.first // step) * step, window.last + 1, step))


def _steps() -> Iterator[int]:
    ten = 1
    while True:
        yield from (ten, 2 * ten, 5 * ten)
        ten *= 10


def _tiles(stretches: Iterable[Stretch], window: Span) -> Iterator[Stretch]:
    """The stretches cut to the window, with what lies between them."""
    free = window.first
    for each in stretches:
        if each.last < window.first or each.first > window.last:
            continue
        if each.first > free:
            yield Stretch(free, each.first - 1, NEVER_ORDERED)
        yield _cut(each, window)
        free = each.last + 1
    if free <= window.last:
        yield Stretch(free, window.last, NEVER_ORDERED)


def _cell(length: int, most: int) -> int:
    """The width from which a stretch is a piece of its own.

    There are at most length / cell of those, as many small pieces before each of them, one more at the end, and one more for
    each line of the grid.
    """
    cell = 1
    while 3 * (length // cell) + 3 > most:
        cell *= 2
    return cell


def _grouped(tiles: Sequence[Stretch], cell: int) -> Iterator[list[Stretch]]:
    small: list[Stretch] = []
    for tile in tiles:
        first, last, _look = tile
        is_wide = last - first + 1 >= cell
        if small and (is_wide or first // cell != small[0].first // cell):
            yield small
            small = []
        if is_wide:
            yield [tile]
        else:
            small.append(tile)
    if small:
        yield small


def _piece(series: str, part: Sequence[Stretch]) -> Piece:
    notes: dict[Look, int] = {}
    for first, last, look in part:
        notes[look] = notes.get(look, 0) + last - first + 1
    return Piece(Span(series, part[0].first, part[-1].last), len(part), notes)
