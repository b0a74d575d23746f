"""The parcels of a job: bundles under one wrapper, boxes of bundles, and the holes that void notes leave in them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.core import span as spans
from app.core.errors import BadInput, BadSpan
from app.core.span import Span

BUNDLES_IN_A_BOX = 20


@dataclass(frozen=True, slots=True)
class Bundle:
    """Consecutive notes under one wrapper; `ordinal` counts from 1 through the job, `holes` are not there."""

    ordinal: int
    span: Span
    holes: tuple[Span, ...] = ()

    @property
    def notes(self) -> int:
        """The notes that are there."""
        return len(self.span) - sum(map(len, self.holes))


@dataclass(frozen=True, slots=True)
class Box:
    """The bundles that travel together; `ordinal` counts from 1 through the job."""

    ordinal: int
    bundles: tuple[Bundle, ...]

    @property
    def span(self) -> Span:
        """From the first note of its first bundle to the last of its last."""
        first, last = self.bundles[0].span, self.bundles[-1].span
        return Span(first.series, first.first, last.last)

    @property
    def notes(self) -> int:
        """The notes that are there."""
        return sum(bundle.notes for bundle in self.bundles)


def bundles(span: Span, size: int, without: Iterable[Span] = ()) -> list[Bundle]:
    """The bundles of `span`, `size` notes each, with the notes of `without` as holes; one wholly void is left out.

    Raises BadSpan for a hole that is not in `span`, BadInput when nothing remains.
    """
    pieces = span.bundles(size)
    holes = _holes(span, size, without, pieces)
    every = (Bundle(at + 1, piece, tuple(holes.get(at, ()))) for at, piece in enumerate(pieces))
    found = [bundle for bundle in every if bundle.notes]
    if not found:
        raise BadInput(f"Every note of {span} is left out, so that no paper is needed: check what is void.")
    return found


def boxes(bundles: Iterable[Bundle], in_a_box: int) -> list[Box]:
    """The boxes that hold `bundles`: those numbered 1 to `in_a_box` in the first, whether or not all are there."""
    grouped = groupby(bundles, key=lambda bundle: (bundle.ordinal - 1) // in_a_box)
    return [Box(at + 1, tuple(group)) for at, group in grouped]


def count(span: Span, size: int) -> int:
    """The bundles or boxes of `size` notes that `span` is cut into, void ones included."""
    return -(-len(span) // size)


def void(span: Span, bundles: Sequence[Bundle]) -> list[Span]:
    """The notes of `span` that are in none of `bundles`, as the fewest spans in order."""
    holes = [hole for bundle in bundles for hole in bundle.holes]
    gaps, following = [], span.first
    for bundle in bundles:
        if following < bundle.span.first:
            gaps.append(Span(span.series, following, bundle.span.first - 1))
        following = bundle.span.last + 1
    if following <= span.last:
        gaps.append(Span(span.series, following, span.last))
    return spans.merge([*holes, *gaps])


def noun(number: int, word: str) -> str:
    """A number and what it counts: `1 note`, `1,000 notes`, `2 boxes`."""
    if number == 1:
        return f"{number} {word}"
    return f"{number:,} {word}es" if word.endswith("x") else f"{number:,} {word}s"


def numbers(span: Span) -> str:
    """The numbers of a span as they stand on its notes: `0012003`, or `0012017-0012019`."""
    return f"{span.first:07d}" + (f"-{span.last:07d}" if span.last > span.first else "")


def _holes(span: Span, size: int, without: Iterable[Span], pieces: Sequence[Span]) -> dict[int, list[Span]]:
    """The place of a bundle (from 0) to its holes, in order."""
    found = defaultdict(list)
    for hole in spans.merge(without):
        if not span.covers(hole):
            raise BadSpan(f"{hole} is not all in this job, which is {span}: leave out notes of the job alone.")
        for place in range((hole.first - span.first) // size, (hole.last - span.first) // size + 1):
            shared = pieces[place].intersection(hole)
            if shared is not None:
                found[place].append(shared)
    return found
