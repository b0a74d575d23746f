"""Words in the art: plain lines, and large ones cut the way an engraver cuts a title."""

from dataclasses import dataclass

import numpy as np

from notegen.design import Design
from notegen.engraving.curve import FINEST_MM, Curve, rectangle
from notegen.engraving.layer import ink, words
from notegen.engraving.plate import Plate
from notegen.engraving.setting import Align, Setting

HALO_MM = 0.5
"""Twice the paper that is left round a title, so that it stands clear of the guilloche."""

STRIPE_MM = 0.16
"""The lowest and broadest of the lines across a title."""


@dataclass(frozen=True)
class Line:
    """One line of the design's text, plainly set."""

    text: str
    at_mm: tuple[float, float]
    size_pt: float
    ink: str
    face: str = "Hyperlegible"
    align: Align = "left"
    spacing_pt: float = 0.0
    angle_deg: float = 0.0

    def setting(self, design: Design) -> Setting:
        """The line as type."""
        text, angle = words(design, self.text, self.face), float(np.radians(self.angle_deg))
        return Setting(text, self.at_mm, self.face, self.size_pt, self.spacing_pt, angle).aligned(self.align)

    def draw(self, plate: Plate, design: Design) -> None:
        """Set the line."""
        plate.letter(self.setting(design), ink(design, self.ink))


@dataclass(frozen=True)
class Title:
    """One large line of `ink` over a shadow, crossed by fine lines of `line` that grow toward its foot."""

    text: str
    at_mm: tuple[float, float]
    size_pt: float
    ink: str
    line: str
    shadow: str
    face: str = "Bodoni-Bold"
    align: Align = "left"
    spacing_pt: float = 0.0
    shadow_mm: float = 0.5
    pitch_mm: float = 0.4

    def setting(self, design: Design) -> Setting:
        """The line as type."""
        text = words(design, self.text, self.face)
        return Setting(text, self.at_mm, self.face, self.size_pt, self.spacing_pt).aligned(self.align)

    def draw(self, plate: Plate, design: Design) -> None:
        """Lay the shadow, the halo, the letters and the lines across them."""
        line, paper = self.setting(design), ink(design, "paper")
        plate.letter(line.shifted(self.shadow_mm, self.shadow_mm), ink(design, self.shadow))
        plate.edge(line, paper, HALO_MM)
        plate.letter(line, ink(design, self.ink))
        with plate.clipped_to(line):
            plate.fill(self._stripes(line), ink(design, self.line))

    def _stripes(self, line: Setting) -> list[Curve]:
        (x, y), high = line.at_mm, line.cap_mm
        rows = np.arange(0.0, high, self.pitch_mm)
        return [
            rectangle(x, y - row, x + line.run_mm, y - row + max(STRIPE_MM * (1 - row / high), FINEST_MM))
            for row in rows
        ]
