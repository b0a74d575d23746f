"""An hourglass: two turned bulbs as a lattice of lines that wind round them both ways, half the sand run through."""

from dataclasses import dataclass

import numpy as np

from notegen.design import Design
from notegen.engraving.curve import Curve, rectangle
from notegen.engraving.layer import ink, ink_or_none
from notegen.engraving.plate import Plate

LEVEL = 0.3
"""How far down the upper bulb the sand stands, as a part of the whole height."""

SAND_PITCH_MM = 0.34


@dataclass(frozen=True)
class Hourglass:
    """A glass about `centre_mm`, as wide and high as `size_mm`, of so many strands each way, turning `twist` times."""

    centre_mm: tuple[float, float]
    size_mm: tuple[float, float]
    strands: int
    twist: float
    ink: str
    sand: str
    to: str = ""
    width_mm: float = 0.09

    def profile(self, share: Curve) -> Curve:
        """Half the width in mm (n,) at `share` (n,) of the height, 0 at the top, widest a third of the way to each end."""
        away = np.abs(2 * share - 1)
        bulb = np.sin(np.pi / 2 * np.minimum(away / 0.62, 1)) ** 1.4 * (1 - 0.75 * np.clip(away - 0.62, 0, 1) ** 1.5)
        width: Curve = self.size_mm[0] / 2 * np.maximum(bulb, 0.05)
        return width

    def curves(self) -> list[Curve]:
        """The strands, from top to bottom, first those that wind one way."""
        share = np.linspace(0, 1, 65)
        starts = [(way, strand / self.strands) for way in (1, -1) for strand in range(self.strands)]
        return [self._strand(share, np.cos(2 * np.pi * (start + way * self.twist * share))) for way, start in starts]

    def outline(self, top: float = 0.0, bottom: float = 1.0) -> Curve:
        """The silhouette between two parts of the height, down its right side and up its left."""
        share = np.linspace(top, bottom, 65)
        return np.vstack((self._strand(share, np.ones(65)), self._strand(share, -np.ones(65))[::-1]))

    def draw(self, plate: Plate, design: Design) -> None:
        """Clear what is behind the glass, then lay sand, strands, edge and frame."""
        line = ink(design, self.ink)
        plate.fill([self.outline()], ink(design, "paper"))
        self._draw_sand(plate, design)
        plate.bend(self.curves(), line, self.width_mm, ink_or_none(design, self.to))
        edge = self.outline()
        plate.bend([np.vstack((edge, edge[:1]))], line, 0.25)
        plate.fill(self._frame(), line)

    def _strand(self, share: Curve, turn: Curve) -> Curve:
        y = self.centre_mm[1] + (share - 0.5) * self.size_mm[1]
        return np.column_stack((self.centre_mm[0] + self.profile(share) * turn, y))

    def _draw_sand(self, plate: Plate, design: Design) -> None:
        """Level lines in the lower part of the upper bulb, and in a heap at the foot of the lower one."""
        (x, y), (wide, high) = self.centre_mm, self.size_mm
        foot = y + high / 2
        heap = np.array([(x - wide / 2, foot), (x - wide / 2.4, foot - high * 0.1), (x, foot - high * 0.26)])
        heap = np.vstack((heap, (heap * (-1, 1) + (2 * x, 0))[::-1]))
        rows = np.arange(y - high / 2, foot, SAND_PITCH_MM)
        bars = [rectangle(x - wide / 2, row, x + wide / 2, row + SAND_PITCH_MM * 0.6) for row in rows]
        for part in (self.outline(LEVEL, 0.5), heap):
            with plate.clipped([self.outline()]), plate.clipped([part]):
                plate.fill(bars, ink(design, self.sand))

    def _frame(self) -> list[Curve]:
        """Two plates, and a post on either side."""
        (x, y), (wide, high) = self.centre_mm, (side / 2 for side in self.size_mm)
        plates = [rectangle(x - wide - 2, end - 0.6, x + wide + 2, end + 0.6) for end in (y - high, y + high)]
        posts = [rectangle(at - 0.3, y - high, at + 0.3, y + high) for at in (x - wide - 1.2, x + wide + 1.2)]
        return plates + posts
