"""Finder patterns: three of them at a right angle tell where a symbol stands, also where it is too blurred to read."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.blueprint import MODULES
from scanner.reading import Corners
from scanner.regions import Region
from scanner.shades import Grey

Point = NDArray[np.float64]
Float = NDArray[np.float32]

_FINE: Final = 3.0
"""Pixels a module of the picture in which they are looked for."""

_APART: Final = 42.0
"""Modules between the middles of two finder patterns of a note's symbol."""

_SCALES: Final = (0.8, 1.0, 1.25)
_LEAST_LIKENESS: Final = 0.35
_MOST_PEAKS: Final = 10


@dataclass(frozen=True, slots=True, eq=False)
class Peak:
    """Something like a finder pattern: its middle (2,) in the enlarged region, and how like it is (to 1)."""

    at: Point
    likeness: float


def candidates(grey: Grey, region: Region, most: int = 4) -> list[Corners]:
    """The corners (4, 2) in the picture of symbols that might stand in the region, the likeliest first."""
    factor = _FINE / max(region.module, 0.5)
    part = region.cut(grey)
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    even = np.asarray(cv2.resize(part, None, fx=factor, fy=factor, interpolation=way), np.uint8)
    threes = sorted(_threes(_peaks(even)), key=lambda three: -three[0])[:most]
    origin = np.array((region.left, region.top))
    return [(_corners(*points) + 0.5) / factor - 0.5 + origin for _, points in threes]


def _peaks(even: Grey) -> list[Peak]:
    """The places most like a finder pattern, none within three modules of a better one."""
    likeness = _likeness(even)
    peaks: list[Peak] = []
    reach = int(3 * _FINE)
    while len(peaks) < _MOST_PEAKS:
        _, best, _, (x, y) = cv2.minMaxLoc(likeness)
        if best < _LEAST_LIKENESS:
            break
        peaks.append(Peak(np.array((x, y), dtype=np.float64), best))
        likeness[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1] = -1
    return peaks


def _likeness(even: Grey) -> Float:
    """At each pixel the best likeness over the sizes, with the pattern's middle there."""
    best = np.full(even.shape, -1, np.float32)
    for scale in _SCALES:
        template = _rings(scale)
        half = template.shape[0] // 2
        padded = cv2.copyMakeBorder(even, half, half, half, half, cv2.BORDER_REPLICATE)
        np.maximum(
            best, cv2.matchTemplate(padded, template, cv2.TM_CCOEFF_NORMED)[: even.shape[0], : even.shape[1]], out=best
        )
    return np.nan_to_num(best, nan=-1.0, posinf=-1.0, neginf=-1.0)


@lru_cache(maxsize=8)
def _rings(scale: float) -> Grey:
    """The pattern as a mean over all its turns: dark to 1.7 modules, light to 2.7, dark to 3.8, light beyond."""
    module = _FINE * scale
    half = round(4.5 * module)
    large = np.kron(_square(), np.ones((16, 16))).astype(np.float32)
    middle = (large.shape[0] - 1) / 2
    turned = [
        cv2.warpAffine(large, cv2.getRotationMatrix2D((middle, middle), angle, 1), large.shape, borderValue=255.0)
        for angle in range(0, 90, 5)
    ]
    soft = cv2.GaussianBlur(np.mean(turned, axis=0), (0, 0), 0.4 * 16)
    size = round(large.shape[0] / 16 * module)
    small = cv2.resize(soft, (size, size), interpolation=cv2.INTER_AREA)
    start = (size - (2 * half + 1)) // 2
    return np.asarray(small[start : start + 2 * half + 1, start : start + 2 * half + 1], np.uint8)


def _square() -> NDArray[np.uint8]:
    """The pattern with a margin of light (13, 13)."""
    rows, columns = np.indices((13, 13)) - 6
    ring = np.maximum(abs(rows), abs(columns))
    return np.where((ring <= 1) | (ring == 3), 0, 255).astype(np.uint8)


def _threes(peaks: list[Peak]) -> list[tuple[float, tuple[Point, Point, Point]]]:
    """Each three that could be top left, top right and bottom left of a tilted symbol, with its score."""
    if len(peaks) < 3:
        return []
    at, likeness = np.array([peak.at for peak in peaks]), np.array([peak.likeness for peak in peaks])
    threes = _permutations(len(peaks))
    first, second, third = (at[threes[:, place]] for place in range(3))
    across, down = second - first, third - first
    wide, high = np.hypot(*across.T), np.hypot(*down.T)
    sine, ratio = (across[:, 0] * down[:, 1] - across[:, 1] * down[:, 0]) / (wide * high), wide / high
    fits = (np.minimum(wide, high) > 0.45 * _APART * _FINE) & (np.maximum(wide, high) < 1.6 * _APART * _FINE)
    fits &= (sine > 0.7) & (ratio > 0.5) & (ratio < 2)
    score = likeness[threes].sum(axis=1) + 0.3 * sine + 0.3 * np.minimum(ratio, 1 / ratio)
    return [(float(score[n]), (first[n], second[n], third[n])) for n in np.flatnonzero(fits)]


@lru_cache(maxsize=16)
def _permutations(count: int) -> NDArray[np.intp]:
    return np.array(list(permutations(range(count), 3)), dtype=np.intp)


def _corners(first: Point, second: Point, third: Point) -> Corners:
    """Of the symbol, as if seen from far away; the lattice finds how it leans."""
    across, down = (second - first) / _APART, (third - first) / _APART
    origin = first - 3.5 * (across + down)
    square = np.array(((0, 0), (MODULES, 0), (MODULES, MODULES), (0, MODULES)))
    return np.asarray(origin + square[:, :1] * across + square[:, 1:] * down, np.float64)
