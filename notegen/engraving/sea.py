"""A sea: lines that swell along each crest, closer together toward the horizon."""

from dataclasses import dataclass

import numpy as np

from notegen.design import Design
from notegen.engraving.curve import FINEST_MM, Curve, ribbon
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate

STEP_MM = 0.7


@dataclass(frozen=True)
class Sea:
    """Waves from a horizon down to the bleed; `tone` is the share of ink at the left, and on to the right."""

    horizon_mm: float
    rows: int
    ink: str
    tone: tuple[float, ...]
    left_mm: float = -3.0
    right_mm: float = 138.0
    bottom_mm: float = 69.5
    length_mm: tuple[float, float] = (6.0, 26.0)
    """From crest to crest, at the horizon and at the bottom."""

    def curves(self) -> list[Curve]:
        """The lines of the water, as outlines."""
        depth = (np.arange(self.rows + 1) / self.rows) ** 1.5
        tops = self.horizon_mm + (self.bottom_mm - self.horizon_mm) * depth
        x = np.arange(self.left_mm, self.right_mm + STEP_MM, STEP_MM)
        tone = np.interp(x, np.linspace(self.left_mm, self.right_mm, len(self.tone)), self.tone)
        shapes: list[Curve] = []  # in a trough a line is as fine as can be, but never breaks
        for row, (top, pitch) in enumerate(zip(tops, np.diff(tops), strict=False)):
            length = self.length_mm[0] + (self.length_mm[1] - self.length_mm[0]) * depth[row]
            phase = 2 * np.pi * x / length + row * 2.4
            crest = np.sin(phase) + 0.4 * np.sin(phase * 0.37 + row * 1.3)
            line = np.column_stack((x, top - pitch * 0.5 * crest))
            shapes += ribbon(line, np.maximum(pitch * tone * (0.55 + 0.45 * crest), FINEST_MM))
        return shapes

    def draw(self, plate: Plate, design: Design) -> None:
        """Fill the lines."""
        plate.fill(self.curves(), ink(design, self.ink))
