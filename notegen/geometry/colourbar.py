"""The colour bar: patches above the notes of each side by which the press is set and watched, in paper that is cut off.

Solids, their overprints, half tones, and greys of three inks beside black of the same depth: what differs from its
neighbour shows which ink is too strong (the grey balance of ISO 12647-2:2004, table 5).
"""

from itertools import pairwise
from typing import NamedTuple

from notegen.geometry.grid import Grid
from notegen.geometry.marks import REACH_MM
from notegen.geometry.slot import Box

Inks = tuple[int, int, int, int]
"""Cyan, magenta, yellow and black, in per cent."""

SOLIDS: tuple[Inks, ...] = ((100, 0, 0, 0), (0, 100, 0, 0), (0, 0, 100, 0), (0, 0, 0, 100))
OVERPRINTS: tuple[Inks, ...] = ((0, 100, 100, 0), (100, 0, 100, 0), (100, 100, 0, 0), (100, 100, 100, 0))
HALVES: tuple[Inks, ...] = ((50, 0, 0, 0), (0, 50, 0, 0), (0, 0, 50, 0))
GREYS: tuple[Inks, ...] = (
    *((0, 0, 0, 25), (25, 19, 19, 0)),
    *((0, 0, 0, 50), (50, 40, 40, 0)),
    *((0, 0, 0, 75), (75, 64, 64, 0)),
)
PATCHES = (*SOLIDS, *OVERPRINTS, *HALVES, *GREYS)

LARGEST_MM, LEAST_MM = 5.0, 3.0
"""Of a patch; a densitometer needs the least."""

_GAP_MM, _CLEAR_MM = 0.8, 1.5
"""From the bleed, and from the marks at either end."""


class Patch(NamedTuple):
    """A rectangle of the sheet, and its tint."""

    box: Box
    inks: Inks


def colour_bar(grid: Grid) -> list[Patch]:
    """The patches above the first column of notes, between its crop marks, as seen from either side.

    None on a grid without marks, nor where the margin has no room for patches of `LEAST_MM`.
    """
    upright = grid.cuts_mm[0]
    middle = grid.sheet.width_mm / 2
    ends = [cut for cut in (upright[1], middle - REACH_MM) if cut > upright[0]]
    left, right = upright[0] + _CLEAR_MM, min(ends) - _CLEAR_MM
    width = min(LARGEST_MM, (right - left) / len(PATCHES))
    height = min(LARGEST_MM, grid.room_mm[1] - _GAP_MM)
    if not grid.marked or min(width, height) < LEAST_MM:
        return []
    low = grid.trims[1] - grid.bleed_mm - _GAP_MM
    edges = [left + width * at for at in range(len(PATCHES) + 1)]
    boxes = [(start, low - height, end, low) for start, end in pairwise(edges)]
    return [Patch(box, inks) for box, inks in zip(boxes, PATCHES, strict=True)]
