"""The cutting order of a sheet: what the knife does, cut by cut, with the gauge that each cut wants."""

from dataclasses import dataclass
from typing import Literal

from notegen.geometry.grid import Grid

Axis = Literal[0, 1]
"""0: across the sheet, an upright cut at so many mm from the left; 1: a level cut at so many mm from the top."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One stroke of the knife over the whole pile.

    `at_mm` is where it goes down on the uncut sheet, from the left or the top of its front. `gauge_mm` is how far the
    back gauge stands from the knife: what stays between them. `falls` is what is on the other side.
    """

    ordinal: int
    axis: Axis
    at_mm: float
    gauge_mm: float
    falls: Literal["margin", "gutter", "notes"]


def cuts(grid: Grid) -> list[Cut]:
    """The cuts of a sheet, in order: the margins all around, then between columns, then between rows.

    Two cuts between neighbours, since each note has a bleed of its own; one where there is none. After the first cut
    of an axis the trimmed edge lies against the gauge.
    """
    columns, rows = (_edges(grid, axis) for axis in (0, 1))
    strokes = [
        *_margins(0, columns),
        *_margins(1, rows),
        *_between(0, columns, grid.columns),
        *_between(1, rows, grid.rows),
    ]
    return [Cut(at + 1, *stroke) for at, stroke in enumerate(strokes)]


def _edges(grid: Grid, axis: Axis) -> list[float]:
    boxes = [grid.front(position) for position in range(len(grid))]
    return sorted({round(edge, 4) for box in boxes for edge in (box[axis], box[axis + 2])})


_Stroke = tuple[Axis, float, float, Literal["margin", "gutter", "notes"]]


def _margins(axis: Axis, edges: list[float]) -> list[_Stroke]:
    """The far margin with the edge of the sheet against the gauge, then the near one with the sheet turned round."""
    return [(axis, edges[-1], edges[-1], "margin"), (axis, edges[0], round(edges[-1] - edges[0], 4), "margin")]


def _between(axis: Axis, edges: list[float], count: int) -> list[_Stroke]:
    """From the far end, the near edge against the gauge: notes fall, then the strip that is left of their bleed."""
    strokes: list[_Stroke] = []
    double = len(edges) == 2 * count
    for place, at in reversed(list(enumerate(edges))[1:-1]):
        strokes.append((axis, at, round(at - edges[0], 4), "gutter" if double and place % 2 else "notes"))
    return strokes
