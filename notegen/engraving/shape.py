"""Plain shapes: an outline filled with one ink, and small flowers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from notegen.design import Design
from notegen.engraving.curve import joined, polar, rectangle, regular, smooth
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate

Radii = NDArray[np.float64]
"""Radii or angles, shape (n,)."""


@dataclass(frozen=True)
class Shape:
    """A closed outline about its own origin, laid at a place, `scale` times as large; smooth unless it is `angular`."""

    outline_mm: tuple[tuple[float, float], ...]
    ink: str
    at_mm: tuple[float, float] = (0.0, 0.0)
    scale: float = 1.0
    mirrored: bool = False
    angular: bool = False

    def draw(self, plate: Plate, design: Design) -> None:
        """Fill the outline."""
        size = np.array((-self.scale if self.mirrored else self.scale, self.scale))
        outline = np.array(self.outline_mm) * size + self.at_mm
        if self.angular:
            plate.fill([outline], ink(design, self.ink))
        else:
            plate.fill_bends(smooth(outline, closed=True), ink(design, self.ink))


@dataclass(frozen=True)
class Blooms:
    """Small flowers of so many petals, one at each place, each turned a little more than the last."""

    at_mm: tuple[tuple[float, float], ...]
    radius_mm: float
    petals: int
    ink: str
    heart: str

    def draw(self, plate: Plate, design: Design) -> None:
        """Fill the petals of all, then the hearts of all."""
        angle = regular(self.petals * 8)
        for radius, spoken in ((self._edge(angle), self.ink), (np.full_like(angle, 0.25), self.heart)):
            turned = enumerate(self.at_mm)
            outlines = [smooth(polar(at, self.radius_mm * radius, angle + turn * 0.7)) for turn, at in turned]
            plate.fill_bends(joined(outlines), ink(design, spoken))

    def _edge(self, angle: Radii) -> Radii:
        """The edge of a flower of radius 1 at each angle: a petal where the cosine swells, a notch between two."""
        edge: Radii = 0.45 + 0.55 * np.abs(np.cos(self.petals * angle / 2)) ** 0.6
        return edge


@dataclass(frozen=True)
class Dots:
    """Round spots of one ink, one at each place."""

    at_mm: tuple[tuple[float, float], ...]
    radius_mm: float
    ink: str

    def draw(self, plate: Plate, design: Design) -> None:
        """Fill the spots."""
        angle = regular(12)
        spots = [smooth(polar(at, np.full_like(angle, self.radius_mm), angle)) for at in self.at_mm]
        plate.fill_bends(joined(spots), ink(design, self.ink))


@dataclass(frozen=True)
class Panes:
    """Rows and columns of the same upright pane, as the windows of a mill; the first has its top left at `at_mm`."""

    at_mm: tuple[float, float]
    step_mm: tuple[float, float]
    columns: int
    rows: int
    size_mm: tuple[float, float]
    ink: str

    def draw(self, plate: Plate, design: Design) -> None:
        """Fill the panes."""
        corners = [
            (self.at_mm[0] + column * self.step_mm[0], self.at_mm[1] + row * self.step_mm[1])
            for row in range(self.rows)
            for column in range(self.columns)
        ]
        wide, high = self.size_mm
        plate.fill([rectangle(x, y, x + wide, y + high) for x, y in corners], ink(design, self.ink))
