"""The imposition of a job: which note lies where on which sheet, cut-and-stack.

Position p of sheet s carries note `first + p * height + s`, so that each pile off the guillotine is in serial order
and piles follow one another. A job is imposed in press runs, each a file, a stack on the table and a unit of reprint.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from app.core.errors import BadInput
from app.core.span import Span, merge
from notegen.geometry.grid import Grid

RUN_SHEETS = 500
"""One lift of a guillotine."""

MOST_PAPER = 1.25
"""So much more paper is worth it for bundles that fall out whole; counting them by hand costs more."""


class Placement(NamedTuple):
    """A note and its place; all but `number` from 1. Sheets, stacks and bundles count through the whole job."""

    number: int
    sheet: int
    row: int
    column: int
    stack: int
    bundle: int
    run: int
    leaf: int
    """The sheet within its run."""


@dataclass(frozen=True, slots=True)
class Run:
    """A press run: `height` sheets for the notes of `span`; `ordinal` from 1."""

    ordinal: int
    span: Span
    height: int
    sheets_before: int

    def number(self, position: int, leaf: int) -> int | None:
        """The number of the note at `position` (from 0) of the `leaf`th sheet (from 0), None where paper stays blank."""
        number = self.span.first + position * self.height + leaf
        return number if number <= self.span.last else None

    def filled(self, leaf: int) -> int:
        """How many positions carry a note on the `leaf`th sheet (from 0): the first so many."""
        return -(-(len(self.span) - leaf) // self.height)


@dataclass(frozen=True, slots=True)
class Imposition:
    """A span on the sheets of a grid, in press runs."""

    grid: Grid
    span: Span
    bundle_size: int
    runs: tuple[Run, ...]

    @property
    def sheets(self) -> int:
        """Sheets of all runs together."""
        return sum(run.height for run in self.runs)

    def bundle(self, number: int) -> int:
        """The bundle of a note, from 1."""
        return (number - self.span.first) // self.bundle_size + 1

    def begins(self, number: int) -> bool:
        """Whether a bundle begins with a note."""
        return (number - self.span.first) % self.bundle_size == 0

    def stacks(self, run: Run) -> tuple[int, int]:
        """The first and the last stack of a run, from 1; a full run has as many as its sheets have places."""
        before = (run.ordinal - 1) * len(self.grid)
        return before + 1, before - (-len(run.span) // run.height)

    def bundle_span(self, number: int) -> Span:
        """The notes of the bundle that a note is in."""
        first = number - (number - self.span.first) % self.bundle_size
        return Span(self.span.series, first, min(first + self.bundle_size - 1, self.span.last))

    def on_sheets(self, first: int, last: int) -> list[Span]:
        """The notes on the sheets `first` to `last` (from 1, through the whole job), in order. Raises BadInput for a sheet that
        there is not."""
        if not 1 <= first <= last <= self.sheets:
            raise BadInput(
                f"This job has the sheets 1 to {self.sheets}; {first} to {last} are not all among them.",
                sheets=self.sheets,
            )
        found: list[Span] = []
        for run in self.runs:
            top = max(first - run.sheets_before, 1) - 1
            bottom = min(last - run.sheets_before, run.height) - 1
            found += _between(run, len(self.grid), top, bottom) if top <= bottom else []
        return merge(found)

    def placements(self) -> Iterator[Placement]:
        """Every note once, in serial order."""
        for run in self.runs:
            for number in range(run.span.first, run.span.last + 1):
                yield self.place(run, number)

    def place(self, run: Run, number: int) -> Placement:
        """Where a note of `run` lies."""
        position, leaf = divmod(number - run.span.first, run.height)
        row, column = self.grid.row(position), self.grid.column(position)
        stack = (run.ordinal - 1) * len(self.grid) + position
        bundle = self.bundle(number)
        return Placement(
            number, run.sheets_before + leaf + 1, row + 1, column + 1, stack + 1, bundle, run.ordinal, leaf + 1
        )


def _between(run: Run, positions: int, top: int, bottom: int) -> Iterator[Span]:
    """The notes of each pile of a run from one sheet to another (from 0)."""
    for position in range(positions):
        first = run.number(position, top)
        if first is not None:
            yield Span(run.span.series, first, min(first + bottom - top, run.span.last))


def impose(span: Span, grid: Grid, bundle_size: int, run_sheets: int = RUN_SHEETS) -> Imposition:
    """Lay `span` on the sheets of `grid` in runs of at most `run_sheets` sheets. Raises BadInput for no sheets."""
    if run_sheets < 1:
        raise BadInput(f"A press run of {run_sheets} sheets prints nothing: take 1 or more.")
    most = run_sheets - run_sheets % bundle_size or run_sheets
    runs: list[Run] = []
    for ordinal, piece in enumerate(span.bundles(most * len(grid)), start=1):
        height = _height(len(piece), len(grid), bundle_size, most)
        runs.append(Run(ordinal, piece, height, (ordinal - 1) * most))
    return Imposition(grid, span, bundle_size, tuple(runs))


def _height(notes: int, per_sheet: int, bundle_size: int, most: int) -> int:
    """Sheets of a run: as few as carry the notes, or, where that costs little paper, a multiple of the bundle."""
    least = -(-notes // per_sheet)
    whole = -(-least // bundle_size) * bundle_size
    return whole if whole <= min(least * MOST_PAPER, most, notes) else least
