"""The see-through register: a clock of twelve hours, the odd ones printed on the front and the even ones on the back.

Held to the light, the two sides make one whole clock; a copy whose sides do not meet shows it at once.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from notegen.design import Design
from notegen.engraving.curve import Curve, regular
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate

HOURS = 12
_HOUR = np.array([(0.0, -0.3), (0.17, -0.68), (0.0, -1.0), (-0.17, -0.68)])
"""One hour of a clock of radius 1, at twelve: a leaf between hub and rim."""


@dataclass(frozen=True)
class Register:
    """The clock at `centre_mm` of the front; the back prints its half at the mirrored place, so that they meet."""

    centre_mm: tuple[float, float]
    radius_mm: float
    ink: str

    def hours(self, side: Literal["front", "back"], width_mm: float) -> list[Curve]:
        """The leaves that `side` of a note `width_mm` wide prints, as seen on that side."""
        first = 1 if side == "front" else 0
        leaves = [self._leaf(hour) for hour in range(first, HOURS, 2)]
        return leaves if side == "front" else [mirrored(leaf, width_mm) for leaf in leaves]

    def _leaf(self, hour: int) -> Curve:
        angle = 2 * np.pi * hour / HOURS
        turn = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
        leaf: Curve = _HOUR @ turn * self.radius_mm + self.centre_mm
        return leaf

    def draw(self, plate: Plate, design: Design) -> None:
        """Fill this side's hours; the front has the rim, the back the hub."""
        width = design.trim_mm[0]
        round_about = np.column_stack((np.sin(regular(48)), -np.cos(regular(48)))) * self.radius_mm
        share = 1.12 if design.side == "front" else 0.18
        circle = round_about * share + self.centre_mm
        plate.fill(self.hours(design.side, width), ink(design, self.ink))
        plate.bend([circle if design.side == "front" else mirrored(circle, width)], ink(design, self.ink), 0.2)


def mirrored(curve: Curve, width_mm: float) -> Curve:
    """`curve` of one side as it stands on the other side of a note `width_mm` wide, turned over like a page."""
    return curve * (-1.0, 1.0) + (width_mm, 0.0)
