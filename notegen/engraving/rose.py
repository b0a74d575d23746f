"""The rose of Lancaster: two rounds of petals shaded along their veins, barbs between them and seeds at the heart."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from notegen.design import Design
from notegen.engraving.curve import Curve, joined, polar, regular, ribbon, smooth
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate

Row = NDArray[np.float64]

PETALS = 5
HALF_ANGLE = 0.66
"""Half the spread of a petal, in radians: a little over a tenth of the round, so that each overlaps the next."""

INNER_ROUND = 0.6
HEART = 0.2
"""Radii of the inner round and of the heart, as parts of the whole."""


@dataclass(frozen=True)
class Rose:
    """A rose about `centre_mm`: petals of `ink` lines over `under`, their rims `rim`; barbs and seeds of their own inks."""

    centre_mm: tuple[float, float]
    radius_mm: float
    ink: str
    under: str
    rim: str
    barb: str
    seed: str
    pitch_mm: float = 0.45

    def draw(self, plate: Plate, design: Design) -> None:
        """Lay barbs, outer petals, inner petals, heart."""
        barbs = joined(smooth(barb) for barb in self.barbs())
        plate.fill_bends(barbs, ink(design, self.barb))
        plate.bend(self.barbs(), ink(design, self.ink), 0.12)
        for share, offset in ((1.0, 0.0), (INNER_ROUND, np.pi / PETALS)):
            for petal in range(PETALS):
                self._draw_petal(plate, design, self.radius_mm * share, offset + 2 * np.pi * petal / PETALS)
        self._draw_heart(plate, design)

    def barbs(self) -> list[Curve]:
        """The five leaves whose tips show between the outer petals, each closed."""
        angles = [np.pi / PETALS + 2 * np.pi * barb / PETALS - np.pi / 2 for barb in range(PETALS)]
        turn = np.array((-0.2, -0.13, -0.025, 0.0, 0.025, 0.13, 0.2, -0.2))
        reach = np.array((0.6, 0.86, 0.99, 1.1, 0.99, 0.86, 0.6, 0.6)) * self.radius_mm
        return [polar(self.centre_mm, reach, angle + turn) for angle in angles]

    def _draw_petal(self, plate: Plate, design: Design, radius: float, angle: float) -> None:
        edge, fold = (np.vstack((self._rim(radius, angle, share), self.centre_mm)) for share in (1.0, 0.9))
        line = ink(design, self.ink)
        plate.fill([edge], ink(design, self.rim))
        plate.fill([fold], ink(design, self.under))
        plate.fill(self.veins(radius, angle) + self.folds(radius, angle), line)
        plate.bend([self._rim(radius, angle, share) for share in (1.0, 0.9)], line, 0.14)

    def veins(self, radius: float, angle: float) -> list[Curve]:
        """The shading of one petal: lines from its foot to its fold, that swell in the dark parts."""
        count = int(2 * HALF_ANGLE * radius / self.pitch_mm)
        out = np.linspace(0.12, 0.9, 26)
        shapes: list[Curve] = []
        for across in (np.arange(count) + 0.5) / count * 2 - 1:
            reach = radius * _reach(np.full(1, across))[0] * out
            turn = HALF_ANGLE * across * (0.6 + 0.4 * np.sqrt(out / 0.9)) + 0.03 * np.sin(out * 7 + across * 5)
            width = 2 * HALF_ANGLE * reach / count * _tone(across, out)
            shapes += ribbon(polar(self.centre_mm, reach, angle - np.pi / 2 + turn), width)
        return shapes

    def folds(self, radius: float, angle: float) -> list[Curve]:
        """The shading of a petal's rim where it turns over: short lines from the fold outward."""
        count = int(2 * HALF_ANGLE * radius / self.pitch_mm * 1.4)
        out = np.linspace(0.9, 0.965, 4)
        width = np.linspace(0.22, 0.08, 4)
        shapes: list[Curve] = []
        for across in (np.arange(count) + 0.5) / count * 2 - 1:
            reach = radius * _reach(np.full(1, across))[0] * out
            shapes += ribbon(polar(self.centre_mm, reach, np.full(4, angle - np.pi / 2 + HALF_ANGLE * across)), width)
        return shapes

    def _rim(self, radius: float, angle: float, share: float) -> Curve:
        """The edge of a petal, `share` of the way out, from its one side to the other."""
        across = np.sin(np.linspace(-np.pi / 2, np.pi / 2, 41))
        return polar(self.centre_mm, radius * share * _reach(across), angle - np.pi / 2 + HALF_ANGLE * across)

    def _draw_heart(self, plate: Plate, design: Design) -> None:
        round_about, heart = regular(24), self.radius_mm * HEART
        disc = polar(self.centre_mm, np.full(25, heart), round_about)
        plate.fill_bends(smooth(disc), ink(design, self.seed))
        plate.bend([disc], ink(design, self.ink), 0.2)
        for share, seeds in ((0.72, 13), (0.4, 7), (0.0, 1)):
            places = polar(self.centre_mm, np.full(seeds, heart * share), regular(seeds)[:-1])
            dots = [smooth(polar((x, y), np.full(9, heart * 0.12), regular(8))) for x, y in places.tolist()]
            plate.fill_bends(joined(dots), ink(design, self.ink))


def _reach(across: Row) -> Row:
    """How far out a petal goes at `across` (n,), -1 to 1 of its spread: round shoulders and a notch in the middle."""
    shoulders: Row = 0.62 + 0.38 * np.clip(1 - np.abs(across) ** 2.6, 0, 1) ** 0.5
    return shoulders - 0.07 * np.exp(-((across / 0.2) ** 2))


def _tone(across: float, out: Row) -> Row:
    """Share of ink along a vein (n,): dark at the foot and where the next petal lies over, light on the swell."""
    tone: Row = (
        0.34 + 0.6 * np.exp(-(((out - 0.1) / 0.3) ** 2)) + 0.35 * max(across, 0.0) ** 2 - 0.12 * (1 - abs(across))
    )
    return np.clip(tone + 0.3 * np.clip((out - 0.78) / 0.12, 0, 1), 0.12, 0.92)
