"""Blades: long leaves from root to tip, with lines along them."""

from dataclasses import dataclass

import numpy as np

from notegen.design import Design
from notegen.engraving.curve import Curve, ribbon
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate

PLACES: Curve = np.linspace(0, 1, 31)
"""Where a leaf is measured, from its root to its tip."""

FINEST_MM = 0.06


@dataclass(frozen=True)
class Blades:
    """Leaves that start, bend toward and end at the three points of each, `wide_mm` wide at the middle."""

    ways_mm: tuple[tuple[tuple[float, float], tuple[float, float], tuple[float, float]], ...]
    wide_mm: float
    ink: str
    under: str

    def draw(self, plate: Plate, design: Design) -> None:
        """Fill each leaf, shade its lee side and draw its edge."""
        for way in self.ways_mm:
            line, width = self._line(np.array(way)), self._width()
            leaf, lee = ribbon(line, width), []
            for share, dark in ((0.0, 0.06), (0.17, 0.07), (0.31, 0.1), (0.43, 0.12)):
                until = np.less(PLACES, 0.7 + 0.5 * share)
                lee += ribbon(_aside(line, width * share), np.maximum(dark * width, FINEST_MM) * until)
            plate.fill(leaf, ink(design, self.under))
            plate.fill(lee, ink(design, self.ink))
            plate.stroke([np.vstack((part, part[:1])) for part in leaf], ink(design, self.ink), 0.1)

    def _line(self, way: Curve) -> Curve:
        share = PLACES[:, None]
        line: Curve = (1 - share) ** 2 * way[0] + 2 * share * (1 - share) * way[1] + share**2 * way[2]
        return line

    def _width(self) -> Curve:
        width: Curve = self.wide_mm * np.minimum(1, 0.55 + PLACES) * np.sqrt(np.clip(1 - PLACES**3, 0, 1))
        return np.maximum(width, 0.04)


def _aside(line: Curve, by_mm: Curve) -> Curve:
    slope = np.gradient(line, axis=0)
    across = np.column_stack((-slope[:, 1], slope[:, 0])) / np.maximum(np.hypot(*slope.T), 1e-9)[:, None]
    moved: Curve = line + across * by_mm[:, None]
    return moved
