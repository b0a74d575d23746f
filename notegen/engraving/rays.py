"""Rays that widen from a point, as from a low sun."""

from dataclasses import dataclass

import numpy as np

from notegen.design import Design
from notegen.engraving.curve import Curve, rectangle
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate


@dataclass(frozen=True)
class Rays:
    """`count` rays round a centre, from the inner radius to a point at the outer, every other one shorter."""

    centre_mm: tuple[float, float]
    radii_mm: tuple[float, float]
    count: int
    ink: str
    box_mm: tuple[float, float, float, float]
    share: float = 0.3
    """Of each ray's room, how much it fills where it is broadest."""

    def curves(self) -> list[Curve]:
        """The rays, each a long diamond."""
        inner, outer = self.radii_mm
        return [
            self._ray(2 * np.pi * number / self.count, inner, outer * (1.0 if number % 2 else 0.7))
            for number in range(self.count)
        ]

    def _ray(self, angle: float, inner: float, outer: float) -> Curve:
        half = np.pi / self.count * self.share
        turns = angle + np.array((0.0, half, 0.0, -half))
        reach = np.array((inner, inner + (outer - inner) * 0.35, outer, inner + (outer - inner) * 0.35))
        return np.column_stack((np.cos(turns) * reach, np.sin(turns) * reach)) + self.centre_mm

    def draw(self, plate: Plate, design: Design) -> None:
        """Fill the rays."""
        with plate.clipped([rectangle(*self.box_mm)]):
            plate.fill(self.curves(), ink(design, self.ink))
