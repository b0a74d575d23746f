"""A limb: a round thing about a bent axis, such as a neck or a chimney, shaded by hoops that swell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from notegen.design import Design
from notegen.engraving.curve import Curve, normals, ribbon, traced
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate

Row = NDArray[np.float64]
STEP_MM = 0.15
HOOP = np.sin(np.linspace(-np.pi / 2, np.pi / 2, 23))
"""From one side of the form to the other, closer toward the sides, where a round thing turns away."""


@dataclass(frozen=True)
class Limb:
    """A form about a smooth `axis_mm`, `half_mm` of its width at each point, covered with `under` and hooped with `ink`.

    `light` is where across it the light falls, -1 on the left of who goes along the axis and 1 on the right; `tone`
    is the share of ink there and on the side away from it; `bow` is how round a hoop looks.
    """

    axis_mm: tuple[tuple[float, float], ...]
    half_mm: tuple[float, ...]
    ink: str
    under: str = "paper"
    light: float = -0.4
    tone: tuple[float, float] = (0.0, 0.6)
    pitch_mm: float = 0.4
    bow: float = 0.35
    edge_mm: float = 0.12
    ends: bool = False
    """Whether its two ends are edged too."""

    def sides(self) -> tuple[Curve, Curve]:
        """The left and the right outline, from the start of the axis to its end."""
        axis, half = self._axis()
        across = normals(axis) * half[:, None]
        return axis - across, axis + across

    def hoops(self) -> list[Curve]:
        """The shading, as outlines."""
        axis, half = self._axis()
        across, step = normals(axis), max(1, round(self.pitch_mm / STEP_MM))
        bulge = self.bow * np.sqrt(1 - HOOP**2)[:, None]
        shapes: list[Curve] = []
        for centre, way, reach in zip(axis[::step], across[::step], half[::step], strict=True):
            line = centre + reach * (HOOP[:, None] * way + bulge * (way[1], -way[0]))
            shapes += ribbon(line, self._tone() * self.pitch_mm)
        return shapes

    def draw(self, plate: Plate, design: Design) -> None:
        """Cover, shade and edge the form."""
        left, right = self.sides()
        outline = np.vstack((left, right[::-1]))
        plate.fill([outline], ink(design, self.under))
        with plate.clipped([outline]):
            plate.fill(self.hoops(), ink(design, self.ink))
        if self.edge_mm:
            edges = [np.vstack((outline, outline[:2]))] if self.ends else [left, right]
            plate.stroke(edges, ink(design, self.ink), self.edge_mm)

    def _axis(self) -> tuple[Curve, Row]:
        """The axis, evenly traced, and half the width there."""
        given = np.array(self.axis_mm)
        axis = traced(given, STEP_MM)
        nearest = [int(np.argmin(np.hypot(*(axis - point).T))) for point in given]
        wide = traced(np.column_stack((nearest, self.half_mm)), 0.5)
        return axis, np.interp(np.arange(len(axis)), wide[:, 0], wide[:, 1])

    def _tone(self) -> Row:
        """Share of ink across a hoop (n,): most on the side away from the light, a little less on the very edge."""
        lit, dark = self.tone
        away = np.abs(HOOP - self.light) / (1 + abs(self.light))
        glow = 1 - 0.35 * np.clip((np.abs(HOOP) - 0.8) / 0.2, 0, 1)
        tone: Row = (lit + (dark - lit) * away**1.7) * glow
        return tone
