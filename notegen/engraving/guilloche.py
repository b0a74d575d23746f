"""Guilloche: wave lines that cross each other evenly, round a rosette or along a band, as a rose engine cuts them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from notegen.design import Design
from notegen.engraving.curve import Curve, polar, regular
from notegen.engraving.layer import ink, ink_or_none
from notegen.engraving.plate import Plate

POINTS_A_WAVE = 8
"""Enough for a smooth curve through them to be a sine within a hundredth of a millimetre."""


@dataclass(frozen=True)
class Rosette:
    """A ring of `strands` closed curves, each with `waves` waves between two radii; `lobes` scallop its outer edge."""

    centre_mm: tuple[float, float]
    radii_mm: tuple[float, float]
    waves: int
    strands: int
    ink: str
    to: str = ""
    width_mm: float = 0.09
    lobes: int = 0
    depth: float = 0.0
    turn: float = 0.0

    def curves(self) -> list[Curve]:
        """The strands, each closed."""
        angle = regular(max(self.waves, self.lobes * 2) * POINTS_A_WAVE)
        inner, outer = self.radii_mm
        edge = outer - (outer - inner) * self.depth * (1 - np.cos(self.lobes * angle)) / 2
        return [
            polar(self.centre_mm, (inner + edge) / 2 + (edge - inner) / 2 * swing, angle + self.turn)
            for swing in _swings(self.waves * angle, self.strands)
        ]

    def draw(self, plate: Plate, design: Design) -> None:
        """Bend the strands into the plate."""
        plate.bend(self.curves(), ink(design, self.ink), self.width_mm, ink_or_none(design, self.to))


@dataclass(frozen=True)
class Band:
    """A straight border of `strands` waves from one point to another, `height_mm` high, its edge scalloped by `lobes`."""

    start_mm: tuple[float, float]
    end_mm: tuple[float, float]
    height_mm: float
    waves: int
    strands: int
    ink: str
    to: str = ""
    width_mm: float = 0.09
    lobes: int = 0
    depth: float = 0.0

    def curves(self) -> list[Curve]:
        """The strands, from the start to the end."""
        along = np.linspace(0, 1, max(self.waves, self.lobes * 2) * POINTS_A_WAVE + 1)
        start, way = np.array(self.start_mm), np.subtract(self.end_mm, self.start_mm)
        across = np.array((-way[1], way[0])) / np.hypot(*way)
        reach = self.height_mm / 2 * (1 - self.depth * (1 + np.cos(2 * np.pi * self.lobes * along)) / 2)
        line = start + along[:, None] * way
        return [
            line + (reach * swing)[:, None] * across for swing in _swings(2 * np.pi * self.waves * along, self.strands)
        ]

    def draw(self, plate: Plate, design: Design) -> None:
        """Bend the strands into the plate."""
        plate.bend(self.curves(), ink(design, self.ink), self.width_mm, ink_or_none(design, self.to))


def _swings(phase: NDArray[np.float64], strands: int) -> list[NDArray[np.float64]]:
    """A cosine of `phase` (n,) for each strand, from -1 to 1, the strands spaced evenly over one wave."""
    return [np.cos(phase + 2 * np.pi * strand / strands) for strand in range(strands)]
