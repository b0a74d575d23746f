"""Microtext: words so small that a copier turns them into a line."""

from dataclasses import dataclass, replace

import numpy as np

from notegen import lettering
from notegen.design import Design
from notegen.engraving.layer import ink, words
from notegen.engraving.plate import Plate
from notegen.engraving.setting import Setting

FACE = "Hyperlegible-Bold"
SIZE_PT = 1.5
"""Capitals 0.35 mm high: read with a glass, and lost by a copier."""


@dataclass(frozen=True)
class Row:
    """A text again and again from one point to another."""

    text: str
    start_mm: tuple[float, float]
    end_mm: tuple[float, float]
    ink: str
    size_pt: float = SIZE_PT

    def draw(self, plate: Plate, design: Design) -> None:
        """Set as many whole texts as fit, spread to fill the way."""
        way = np.subtract(self.end_mm, self.start_mm)
        room, text = float(np.hypot(*way)), words(design, self.text, FACE) + " · "
        times = max(1, int(room / lettering.width_mm(text, FACE, self.size_pt)))
        line = Setting((text * times).rstrip(" ·"), self.start_mm, FACE, self.size_pt)
        spare_pt = (room - line.run_mm) / lettering.MM_PER_POINT
        spread = replace(line, spacing_pt=spare_pt / (len(line.text) - 1), angle=float(np.arctan2(-way[1], way[0])))
        plate.letter(spread, ink(design, self.ink))


@dataclass(frozen=True)
class Ring:
    """A text again and again round a circle, read from inside the circle's top, clockwise."""

    text: str
    centre_mm: tuple[float, float]
    radius_mm: float
    ink: str
    size_pt: float = SIZE_PT

    def draw(self, plate: Plate, design: Design) -> None:
        """Set letter by letter, each upright on the circle."""
        room, text = 2 * np.pi * self.radius_mm, words(design, self.text, FACE) + " · "
        line = text * max(1, int(room / lettering.width_mm(text, FACE, self.size_pt)))
        stretch = room / lettering.width_mm(line, FACE, self.size_pt)
        colour, run = ink(design, self.ink), 0.0
        for letter in line:
            angle = run * stretch / self.radius_mm
            x = self.centre_mm[0] + self.radius_mm * float(np.sin(angle))
            y = self.centre_mm[1] - self.radius_mm * float(np.cos(angle))
            plate.letter(Setting(letter, (x, y), FACE, self.size_pt, angle=-angle), colour)
            run += lettering.width_mm(letter, FACE, self.size_pt)
