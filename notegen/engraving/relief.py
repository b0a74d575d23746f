"""Relief: tone made of lines that swell, the way an engraver's burin does."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from notegen.design import Design
from notegen.engraving.curve import Curve, ribbon
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate

STEP_MM = 0.4
"""How often a line's width is worked out."""

MOST = 0.76
"""Of the darkest stone, how much is ink at the most: its lines never run together into a blot."""


@dataclass(frozen=True)
class Facet:
    """A face with an outline, shaded by lines at `angle_deg`; what lies under it is covered with `under` first.

    `across` is how much of the face is ink from its first line to its last, `along` (times it) from the start of
    each line to its end, both from 0 to 1 and as many values as wanted. With `grain`, the lines swell and thin from
    stone to stone, each `stone_mm` long and three lines high, by that share.
    """

    outline_mm: tuple[tuple[float, float], ...]
    ink: str
    under: str = "paper"
    angle_deg: float = 0.0
    pitch_mm: float = 0.45
    across: tuple[float, ...] = (0.5, 0.5)
    along: tuple[float, ...] = (1.0, 1.0)
    wave_mm: float = 0.0
    wave_length_mm: float = 6.0
    edge_mm: float = 0.12
    grain: float = 0.0
    stone_mm: float = 1.6

    def lines(self) -> list[Curve]:
        """The shading as outlines, reaching past the face on every side."""
        angle = np.radians(self.angle_deg)
        axes = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
        turned = np.array(self.outline_mm) @ axes.T
        (left, top), (right, bottom) = turned.min(axis=0), turned.max(axis=0)
        along = np.arange(left, right + STEP_MM, STEP_MM)
        shapes: list[Curve] = []
        for number, row in enumerate(np.arange(top + self.pitch_mm / 2, bottom, self.pitch_mm)):
            swing = self.wave_mm * np.sin(2 * np.pi * along / self.wave_length_mm + row * 0.9)
            width = self._tone((row - top) / (bottom - top), (along - left) / (right - left)) * self.pitch_mm
            if self.grain:
                width = np.minimum(width * (1 + self.grain * self._stones(number // 3, along)), MOST * self.pitch_mm)
            shapes += ribbon(np.column_stack((along, row + swing)) @ axes, width)
        return shapes

    def _tone(self, across: float, along: NDArray[np.float64]) -> NDArray[np.float64]:
        """Share of ink (n,) on the line at `across` (0 to 1) of the face, at each `along` (0 to 1) of it."""
        level = np.interp(across, np.linspace(0, 1, len(self.across)), self.across)
        tone: NDArray[np.float64] = level * np.interp(along, np.linspace(0, 1, len(self.along)), self.along)
        return tone

    def _stones(self, course: int, along: NDArray[np.float64]) -> NDArray[np.float64]:
        """From -1 to 1 (n,), one value for each stone of a course; each course starts half a stone along."""
        stone = np.floor(along / self.stone_mm + course / 2)
        mixed: NDArray[np.float64] = np.sin(stone * 12.9898 + course * 78.233) * 437.585
        return 2 * (mixed - np.floor(mixed)) - 1

    def draw(self, plate: Plate, design: Design) -> None:
        """Cover, shade and edge the face."""
        outline = np.array(self.outline_mm)
        plate.fill([outline], ink(design, self.under))
        with plate.clipped([outline]):
            plate.fill(self.lines(), ink(design, self.ink))
        if self.edge_mm:
            plate.stroke([np.vstack((outline, outline[:1]))], ink(design, self.ink), self.edge_mm)
