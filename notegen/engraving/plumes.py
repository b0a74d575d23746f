"""Plumes: a fan of feathers that overlap, each shaded along its vane, as on a wing or a tail."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from notegen.design import Design
from notegen.engraving.curve import Curve, evenly, normals, ribbon, traced
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate

Row = NDArray[np.float64]
ALONG = np.sin(np.linspace(0, np.pi / 2, 27))
"""Where a feather's width is worked out, from its root to its tip, closer toward the round of the tip."""

ROUND = 0.2
"""Of a feather's length, the round end."""


@dataclass(frozen=True)
class Plumes:
    """`count` feathers from a line of roots to a line of tips, the first lowest; each is bent by `bend` of its length.

    `shade` is the share of ink at the root, which the feathers above keep dark, and on the side turned from the
    light; `pitch_mm` parts the lines of a vane. `point` sharpens the tip.
    """

    roots_mm: tuple[tuple[float, float], ...]
    tips_mm: tuple[tuple[float, float], ...]
    count: int
    width_mm: float
    ink: str
    under: str = "paper"
    bend: float = 0.12
    shade: tuple[float, float] = (0.7, 0.4)
    pitch_mm: float = 0.36
    point: float = 0.0
    edge_mm: float = 0.1

    def shafts(self) -> list[Curve]:
        """The middle line of each feather, root to tip, shape (27, 2)."""
        return [
            self._shaft(root, tip)
            for root, tip in zip(self._spread(self.roots_mm), self._spread(self.tips_mm), strict=True)
        ]

    def vane(self, shaft: Curve) -> Curve:
        """The outline of one feather, closed at its root."""
        side = normals(shaft) * self._half()[:, None]
        return np.vstack((shaft - side, (shaft + side)[::-1]))

    def lines(self, shaft: Curve) -> list[Curve]:
        """The shading of one feather, as outlines."""
        count = max(3, round(self.width_mm / self.pitch_mm))
        side, half = normals(shaft), self._half()
        shapes: list[Curve] = []
        for across in (np.arange(count) + 0.5) / count * 2 - 1:
            width = self._tone(float(across)) * half * 2 / count
            shapes += ribbon(shaft + side * (half * across)[:, None], width)
        return shapes

    def draw(self, plate: Plate, design: Design) -> None:
        """Lay the feathers, lowest first."""
        line, under = ink(design, self.ink), ink(design, self.under)
        for shaft in self.shafts():
            vane = self.vane(shaft)
            plate.fill([vane], under)
            plate.fill(self.lines(shaft), line)
            plate.stroke([vane, shaft[:-2]], line, self.edge_mm)

    def _spread(self, line_mm: tuple[tuple[float, float], ...]) -> Curve:
        """`count` places along a line."""
        given = np.array(line_mm)
        line = traced(given, 0.1) if len(given) > 2 else evenly(given, 0.1)
        spread: Curve = line[np.rint(np.linspace(0, len(line) - 1, self.count)).astype(int)]
        return spread

    def _shaft(self, root: Curve, tip: Curve) -> Curve:
        way = tip - root
        bow = self.bend * 4 * ALONG * (1 - ALONG)
        shaft: Curve = root + ALONG[:, None] * way + bow[:, None] * (-way[1], way[0])
        return shaft

    def _half(self) -> Row:
        """Half the width of a feather, mm (n,)."""
        end = np.clip((ALONG - 1 + ROUND) / ROUND, 0, 1)
        taper = 1 - self.point * np.clip((ALONG - 0.45) / 0.55, 0, 1) ** 1.5
        half: Row = self.width_mm / 2 * (0.6 + 0.4 * np.sqrt(ALONG)) * taper * np.sqrt(np.maximum(1 - end**2, 0.002))
        return half

    def _tone(self, across: float) -> Row:
        """Share of ink (n,) along the line that lies `across` (-1 to 1) the vane."""
        root, side = self.shade
        tone: Row = root * np.exp(-((ALONG / 0.42) ** 2)) + side * max(across, 0.0) ** 1.5 * (1 - 0.6 * ALONG)
        return tone.clip(0.0, 0.8)
