"""Regions: where in a picture something stands that has the grain of a symbol, found cheaply at reduced size."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.blueprint import MODULES
from scanner.reading import Corners
from scanner.shades import Grey

Float = NDArray[np.float32]

_CELL = 8
"""Pixels of the picture to one of the map of grain."""

_PANEL = 1.3
"""The white panel of a symbol, and what a cell smears over its edge, against the symbol's side."""

_LEAST_CELLS, _MOST_SHARE = 36, 0.5
"""Smaller is no symbol that could be read; larger than this share of the picture is the desk itself."""


@dataclass(frozen=True, slots=True)
class Region:
    """A box of the picture (pixels), and the size of a module in it if it is all symbol."""

    left: int
    top: int
    right: int
    bottom: int
    module: float
    strength: float = 0.0

    @property
    def area(self) -> int:
        """Pixels."""
        return (self.right - self.left) * (self.bottom - self.top)

    def holds(self, corners: Corners) -> bool:
        """Whether the middle of a symbol (4, 2) lies in the box."""
        x, y = corners.mean(axis=0)
        return bool(self.left < x < self.right and self.top < y < self.bottom)

    def shared(self, other: "Region") -> float:
        """What both cover of what either does, 0 to 1."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        both = width * height if width > 0 and height > 0 else 0
        return both / (self.area + other.area - both)

    def cut(self, grey: Grey) -> Grey:
        """What is in the box."""
        return np.ascontiguousarray(grey[self.top : self.bottom, self.left : self.right])

    def enlarged(self, grey: Grey, factor: float) -> Grey:
        """What is in the box, `factor` times as large."""
        way = cv2.INTER_CUBIC
        return np.asarray(cv2.resize(self.cut(grey), None, fx=factor, fy=factor, interpolation=way), np.uint8)


def regions(grey: Grey, most: int = 8) -> list[Region]:
    """The regions of a picture (H, W), the strongest first."""
    return Grain(grey).regions(most)


class Grain:
    """How rough a picture (H, W) is, by cells of eight pixels."""

    def __init__(self, grey: Grey) -> None:
        self._size = grey.shape[0], grey.shape[1]
        large = min(self._size) >= 6 * _CELL
        self._rough = _rough(grey) if large else np.zeros((1, 1), np.float32)
        self._most = float(self._rough.max())

    def regions(self, most: int, without: Sequence[Corners] = ()) -> list[Region]:
        """The regions, the strongest first, with the symbols at `without` (each (4, 2)) taken away.

        What is left is still measured by them: other print about them that is paler is no symbol in the same light.
        """
        rough = self._rough.copy()
        for corners in without:
            middle = corners.mean(axis=0)
            panel = (middle + (corners - middle) * _PANEL + 0.5) / _CELL - 0.5
            cv2.fillConvexPoly(rough, panel.round().astype(np.int32), 0.0)
        found: list[Region] = []
        for share in (0.62, 0.42):
            above = _above(rough, share * self._most, self._size)
            found += [region for region in above if not _among(region, found)]
        return sorted(found, key=lambda region: -region.strength)[:most]


def _rough(grey: Grey) -> Float:
    """How much neighbouring pixels differ (H / 8, W / 8), as the mean over three cells each way."""
    half = cv2.resize(grey, (grey.shape[1] // 2, grey.shape[0] // 2), interpolation=cv2.INTER_AREA)
    rough = cv2.absdiff(half, cv2.blur(half, (5, 5)))
    cells = cv2.resize(rough, (grey.shape[1] // _CELL, grey.shape[0] // _CELL), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.blur(cells.astype(np.float32), (3, 3)), np.float32)


def _above(grain: Float, level: float, size: tuple[int, int]) -> list[Region]:
    if level < 1.0:
        return []
    count, _, boxes, _ = cv2.connectedComponentsWithStats((grain > level).astype(np.uint8), connectivity=4)
    found = []
    for left, top, width, height, area in boxes[1:count]:
        slim = max(width, height) > 2.6 * min(width, height)
        if area < _LEAST_CELLS or slim or area > _MOST_SHARE * grain.size:
            continue
        strength = float(grain[top : top + height, left : left + width].mean()) * sqrt(area)
        found.append(_region((left, top, left + width, top + height), area, strength, size))
    return found


def _region(cells: tuple[int, int, int, int], area: float, strength: float, size: tuple[int, int]) -> Region:
    """A fifth of its side more on each side, for a quiet zone and for what the level cut off."""
    left, top, right, bottom = (_CELL * int(edge) for edge in cells)
    edge = max(2 * _CELL, round(0.15 * max(right - left, bottom - top)))
    high, wide = size
    box = (max(0, left - edge), max(0, top - edge), min(wide, right + edge), min(high, bottom + edge))
    return Region(*box, _CELL * sqrt(area) / MODULES, strength)


def _among(region: Region, others: list[Region]) -> bool:
    """Whether it is nearly the same as one that is there."""
    return any(region.shared(other) > 0.7 for other in others)
