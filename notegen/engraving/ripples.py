"""Ripples: rings on still water about whatever floats in it, seen from low down, broken where the light lies on them."""

from dataclasses import dataclass

import numpy as np

from notegen.design import Design
from notegen.engraving.curve import Curve, ribbon
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate


@dataclass(frozen=True)
class Ripples:
    """`count` rings about `centre_mm`, from the first half width and height to the last, in strokes that swell."""

    centre_mm: tuple[float, float]
    from_mm: tuple[float, float]
    to_mm: tuple[float, float]
    count: int
    ink: str
    width_mm: float = 0.22
    arc_deg: tuple[float, float] = (-10.0, 190.0)

    def strokes(self) -> list[Curve]:
        """The strokes, as outlines, the innermost first."""
        angle = np.radians(np.linspace(*self.arc_deg, 160))
        shapes: list[Curve] = []
        for number, share in enumerate(np.linspace(0, 1, self.count)):
            wide, high = (a + (b - a) * share for a, b in zip(self.from_mm, self.to_mm, strict=True))
            line = np.column_stack((np.cos(angle) * wide, np.sin(angle) * high)) + self.centre_mm
            swell = np.sin(angle * (5 + number % 3) + number * 2.3) + 0.5 * np.sin(angle * 11 + number)
            shapes += ribbon(line, self.width_mm * (1 - 0.6 * share) * np.clip(0.35 + 0.65 * swell, 0, 1.2))
        return shapes

    def draw(self, plate: Plate, design: Design) -> None:
        """Fill the strokes."""
        plate.fill(self.strokes(), ink(design, self.ink))
