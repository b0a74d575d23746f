"""Crop marks: hairlines in the margin that show the knife where the trims end."""

from notegen.geometry.grid import LEAST_MARK_MM, MARK_GAP_MM, Grid

Line = tuple[float, float, float, float]
"""x and y of both ends, in mm from the top left of the sheet."""

LONGEST_MM = 5.0
WIDTH_PT = 0.25


def crop_marks(grid: Grid) -> list[Line]:
    """A mark at each end of each cut, all around the grid: outside every bleed, so that none crosses a neighbour.

    A grid that leaves no room for them (single notes) has none.
    """
    left, top, right, bottom = grid.trims
    return [
        *_marks(_cuts(grid, 0), (top, bottom), grid.sheet.height_mm, grid, upright=True),
        *_marks(_cuts(grid, 1), (left, right), grid.sheet.width_mm, grid, upright=False),
    ]


def _cuts(grid: Grid, axis: int) -> list[float]:
    """Where the knife goes down along one axis, in mm: two edges for each column (0) or row (1)."""
    boxes = [grid.front(position) for position in range(len(grid))]
    return sorted({edge for box in boxes for edge in (box[axis], box[axis + 2])})


def _marks(cuts: list[float], ends: tuple[float, float], side_mm: float, grid: Grid, *, upright: bool) -> list[Line]:
    near = ends[0] - grid.bleed_mm - MARK_GAP_MM
    length = min(LONGEST_MM, near - grid.sheet.margin_mm)
    if length < LEAST_MARK_MM - 1e-9:
        return []
    far = side_mm - near
    lines = [(cut, start, cut, end) for cut in cuts for start, end in ((near - length, near), (far, far + length))]
    return lines if upright else [(y1, x1, y2, x2) for x1, y1, x2, y2 in lines]
