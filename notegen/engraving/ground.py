"""The ground of a note: a tint over all of it, and fine waves over the tint."""

from dataclasses import dataclass

import numpy as np

from notegen.design import Design
from notegen.engraving.curve import Curve
from notegen.engraving.layer import ink, ink_or_none
from notegen.engraving.plate import Plate


@dataclass(frozen=True)
class Ground:
    """Inks that pass into each other over a box, or the whole page, rightward or (upright) downward."""

    inks: tuple[str, ...]
    upright: bool = False
    box_mm: tuple[float, float, float, float] | None = None

    def draw(self, plate: Plate, design: Design) -> None:
        """Fill the box, or trim and bleed."""
        edge, (width, height) = plate.bleed_mm, plate.trim_mm
        box = self.box_mm or (-edge, -edge, width + edge, height + edge)
        plate.grade(box, [ink(design, spoken) for spoken in self.inks], upright=self.upright)


@dataclass(frozen=True)
class Waves:
    """Level lines from `top_mm` to `bottom_mm` over the whole width, each a little out of step with the one above.

    Two waves are added, so that the lines crowd and part: that beat cannot be had from a copier's dots.
    """

    top_mm: float
    bottom_mm: float
    pitch_mm: float
    ink: str
    to: str = ""
    width_mm: float = 0.09
    height_mm: tuple[float, float] = (1.2, 0.6)
    length_mm: tuple[float, float] = (47.0, 19.0)
    drift: tuple[float, float] = (0.11, -0.17)
    domes: tuple[tuple[float, float, float, float], ...] = ()
    """Where the ground stands out: x, y and radius of a dome, and by what part its lines are farther from each other."""

    def curves(self, left_mm: float, right_mm: float) -> list[Curve]:
        """The lines, from left to right."""
        count = int(np.ceil((right_mm - left_mm) / min(self.length_mm) * 10))
        x = np.linspace(left_mm, right_mm, count + 1)
        rows = np.arange(self.top_mm, self.bottom_mm, self.pitch_mm)
        level = [top + self._swing(x, row) for row, top in enumerate(rows)]
        return [np.column_stack((x, y + self._raised(x, y))) for y in level]

    def _raised(self, x: Curve, y: Curve) -> Curve:
        """How far down (n,) the domes push a line: away from their middles, as a lens would."""
        raised = np.zeros_like(x)
        for middle_x, middle_y, radius, part in self.domes:
            away = ((x - middle_x) ** 2 + (y - middle_y) ** 2) / radius**2
            raised += part * (y - middle_y) * np.exp(-(away**2))
        return raised

    def _swing(self, x: Curve, row: int) -> Curve:
        parts = zip(self.height_mm, self.length_mm, self.drift, strict=True)
        swing: Curve = sum(
            (height * np.sin(2 * np.pi * x / length + drift * row) for height, length, drift in parts),
            np.zeros_like(x),
        )
        return swing

    def draw(self, plate: Plate, design: Design) -> None:
        """Bend the lines into the plate."""
        plate.bend(self.curves(*plate.span_mm), ink(design, self.ink), self.width_mm, ink_or_none(design, self.to))
