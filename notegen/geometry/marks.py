"""Crop marks and registration marks: hairlines in the margin for the knife and for the eye that lays plate on plate."""

from typing import NamedTuple

from notegen.geometry.grid import LEAST_MARK_MM, MARK_GAP_MM, Grid

Line = tuple[float, float, float, float]
"""x and y of both ends, in mm from the top left of the sheet."""

LONGEST_MM = 5.0
WIDTH_PT = 0.25

REACH_MM, RADIUS_MM = 2.5, 1.5
"""Of a registration mark: half its crosshair, and its circle."""

_CLEAR_MM = 0.25
"""Between a registration mark and the crop marks beside it."""


class Target(NamedTuple):
    """The middle of a registration mark, in mm from the top left of the sheet."""

    x_mm: float
    y_mm: float


def crop_marks(grid: Grid) -> list[Line]:
    """A mark at each end of each cut, all around the grid: outside every bleed, so that none crosses a neighbour.

    A grid without marks, as of single notes, has none.
    """
    if not grid.marked:
        return []
    left, top, right, bottom = grid.trims
    upright, level = grid.cuts_mm
    return [
        *_marks(upright, (top, bottom), grid.sheet.height_mm, grid, upright=True),
        *_marks(level, (left, right), grid.sheet.width_mm, grid, upright=False),
    ]


def registration_marks(grid: Grid) -> list[Target]:
    """One in the middle of each side of the sheet, outside every bleed; none where the margin has no room for it.

    The sheet is centred on itself, so marks of front and back fall on one another whatever edge it is turned about.
    """
    if not grid.marked:
        return []
    middle_x, middle_y = grid.sheet.width_mm / 2, grid.sheet.height_mm / 2
    return [
        *(Target(x, middle_y) for x in _ends(grid, 0)),
        *(Target(middle_x, y) for y in _ends(grid, 1)),
    ]


def _ends(grid: Grid, axis: int) -> list[float]:
    """Where on an axis (0 across, 1 down) its two registration marks are: beside the crop marks, or beyond too near ones."""
    across, along = (grid.sheet.width_mm, grid.sheet.height_mm)[:: -1 if axis == 0 else 1]
    free = all(abs(cut - across / 2) >= REACH_MM + _CLEAR_MM for cut in grid.cuts_mm[1 - axis])
    depth = MARK_GAP_MM + REACH_MM + (0.0 if free else LONGEST_MM + _CLEAR_MM)
    if depth + REACH_MM > grid.room_mm[axis] + 1e-9:
        return []
    near = grid.trims[axis] - grid.bleed_mm - depth
    return [near, along - near]


def _marks(cuts: list[float], ends: tuple[float, float], side_mm: float, grid: Grid, *, upright: bool) -> list[Line]:
    near = ends[0] - grid.bleed_mm - MARK_GAP_MM
    length = min(LONGEST_MM, near - grid.sheet.margin_mm)
    if length < LEAST_MARK_MM - 1e-9:
        return []
    far = side_mm - near
    lines = [(cut, start, cut, end) for cut in cuts for start, end in ((near - length, near), (far, far + length))]
    return lines if upright else [(y1, x1, y2, x2) for x1, y1, x2, y2 in lines]
