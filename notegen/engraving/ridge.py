"""A ridge of moorland: its skyline, and under it lines that settle toward the level."""

from dataclasses import dataclass

import numpy as np

from notegen.design import Design
from notegen.engraving.curve import Curve
from notegen.engraving.layer import ink, ink_or_none
from notegen.engraving.plate import Plate


@dataclass(frozen=True)
class Ridge:
    """A skyline through points from left to right, `lines` of them down to `foot_mm`; what is behind is covered."""

    skyline_mm: tuple[tuple[float, float], ...]
    foot_mm: float
    lines: int
    ink: str
    under: str
    to: str = ""
    width_mm: float = 0.1

    def curves(self) -> list[Curve]:
        """The skyline first, then the lines below it."""
        given = np.array(self.skyline_mm)
        x = np.linspace(given[0, 0], given[-1, 0], 64)
        sky = _rounded(np.interp(x, given[:, 0], given[:, 1]))
        settle = (np.arange(self.lines) / self.lines) ** 1.15
        return [np.column_stack((x, sky + (self.foot_mm - sky) * share)) for share in settle]

    def draw(self, plate: Plate, design: Design) -> None:
        """Cover what is behind, then bend the lines."""
        sky, *below = self.curves()
        foot = np.array([(sky[-1, 0], self.foot_mm), (sky[0, 0], self.foot_mm)])
        plate.fill([np.vstack((sky, foot))], ink(design, self.under))
        plate.bend(below, ink(design, self.ink), self.width_mm, ink_or_none(design, self.to))
        plate.bend([sky], ink(design, self.ink), self.width_mm * 2.2, ink_or_none(design, self.to))


def _rounded(height: Curve) -> Curve:
    """`height` (n,) with its corners worn off."""
    worn = np.pad(height, 4, mode="edge")
    return np.convolve(worn, np.ones(9) / 9, mode="valid")
