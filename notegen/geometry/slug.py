"""The slug: where below the notes of each side it stands what the sheet is, in paper that is cut off."""

from typing import NamedTuple

from notegen.geometry.grid import Grid
from notegen.geometry.marks import REACH_MM, registration_marks
from notegen.geometry.slot import Slot
from notegen.lettering import MM_PER_POINT

FACE = "Hyperlegible-Bold"
SIZE_PT = 6.0

_NEAR_MM, _BELOW_MM = 2.2, 4.9
_FREE_MM, _BEYOND_MM = 3.4, 7.6
"""Baselines below the bleed: shallow margins have room for the first; deep ones for the last two, of which one is beside
the crop marks and one beyond them."""

_SLACK_MM = 0.25
"""Descenders may come so near to the edge that a machine leaves white, which is never sharp."""

_DESCENT_MM = 0.5
_INSET_MM = 4.0
"""From crop marks."""


class Slug(NamedTuple):
    """Two lines: the first names the sheet, the second what is alike in a run; one without a place is None."""

    sheet: Slot | None
    run: Slot | None


def slug(grid: Grid) -> Slug:
    """The lines of a side, each with the width that it must keep to; none on a grid without marks.

    The second line stands below the crop marks where the margin is deep, else beside or below the first.
    """
    if not grid.marked:
        return Slug(None, None)
    (left, _, right, _), cuts, depth = grid.trims, grid.cuts_mm[0], grid.room_mm[1] - _DESCENT_MM
    before_middle = cuts[1] if grid.columns > 1 else grid.sheet.width_mm / 2 - REACH_MM
    if depth >= _BEYOND_MM:
        return Slug(_line(grid, left, before_middle, _FREE_MM), _line(grid, left, _free_to(grid), _BEYOND_MM))
    if depth < _NEAR_MM - _SLACK_MM:
        return Slug(None, None)
    first = _line(grid, left, before_middle, _NEAR_MM)
    if grid.columns > 1:
        return Slug(first, _line(grid, cuts[-2], right, _NEAR_MM))
    return Slug(first, _line(grid, left, before_middle, _BELOW_MM) if depth >= _BELOW_MM else None)


def _free_to(grid: Grid) -> float:
    """How far to the right the margin is free beyond the crop marks, where a registration mark may have had to go."""
    top = grid.trims[3] + grid.bleed_mm + _BEYOND_MM - SIZE_PT * MM_PER_POINT
    far = [x for x, y in registration_marks(grid) if y + REACH_MM > top]
    return min([grid.trims[2], *(x - REACH_MM for x in far)])


def _line(grid: Grid, left: float, right: float, drop_mm: float) -> Slot:
    baseline = grid.trims[3] + grid.bleed_mm + drop_mm
    return Slot(left + _INSET_MM, baseline, FACE, SIZE_PT, width_mm=right - left - 2 * _INSET_MM)
