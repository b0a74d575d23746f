"""Daffodils: six petals shaded along their veins round a frilled trumpet, on a stem that bends under the head."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from notegen.design import Design
from notegen.engraving.curve import Curve, polar, regular, ribbon, smooth
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate

Row = NDArray[np.float64]

PETALS = 6
HALF_ANGLE = 0.64
"""Half the spread of a petal where it is widest, in radians: more than a twelfth of the round, so that they overlap."""

TRUMPET, MOUTH = 0.46, 0.3
"""Radii of the trumpet's rim and of its mouth, as parts of the flower's."""

FRILLS = 17
FINEST_MM = 0.06


@dataclass(frozen=True)
class Daffodil:
    """A flower of `radius_mm` about `centre_mm`, turned away to the share `squash` of its width and by `turn` radians.

    Its stem runs down to `root_mm`. Petals are lines of `ink` on `petal`, the trumpet on `trumpet`, stem on `stem`.
    """

    centre_mm: tuple[float, float]
    radius_mm: float
    root_mm: tuple[float, float]
    ink: str
    petal: str
    trumpet: str
    stem: str
    squash: float = 0.9
    turn: float = 0.0
    pitch_mm: float = 0.3

    def draw(self, plate: Plate, design: Design) -> None:
        """Lay the stem, three petals behind, three before, and the trumpet."""
        line = ink(design, self.ink)
        stem = self.stalk()
        plate.fill(stem, ink(design, self.stem))
        plate.stroke([np.vstack((part, part[:1])) for part in stem], line, 0.08)
        for petal in (0, 2, 4, 1, 3, 5):
            angle = 2 * np.pi * petal / PETALS + self.turn
            rim = self._placed(*self._rim(angle))
            plate.fill_bends(smooth(rim, closed=True), ink(design, self.petal))
            plate.fill(self.veins(angle), line)
            plate.bend([np.vstack((rim, rim[:1]))], line, 0.12)
        self._draw_trumpet(plate, design)

    def stalk(self) -> list[Curve]:
        """The stem as an outline: up from its root and over to the back of the flower."""
        (x, y), (foot_x, foot_y) = self.centre_mm, self.root_mm
        share = np.linspace(0, 1, 25)[:, None]
        knee = np.array((foot_x * 0.65 + x * 0.35, y - self.radius_mm * 0.1))
        line = (1 - share) ** 2 * (foot_x, foot_y) + 2 * share * (1 - share) * knee + share**2 * (x, y)
        return ribbon(line, np.full(25, self.radius_mm * 0.16))

    def veins(self, angle: float) -> list[Curve]:
        """The shading of one petal: lines from its foot toward its tip, dark where it comes out from under the trumpet."""
        count = max(5, int(2 * HALF_ANGLE * self.radius_mm * 0.7 / self.pitch_mm))
        out = np.linspace(0.3, 0.93, 18)
        shapes: list[Curve] = []
        for across in (np.arange(count) + 0.5) / count * 2 - 1:
            reach = out * (1 - 0.16 * abs(across))
            place = self._placed(reach, angle + across * _spread(reach))
            room = 2 * _spread(reach) * reach * self.radius_mm / count
            tone = 0.1 + 0.62 * np.exp(-(((out - 0.3) / 0.24) ** 2)) + 0.3 * max(across, 0.0) ** 2
            shapes += ribbon(
                place, np.maximum(room * np.clip(tone, 0, 0.7), FINEST_MM) * (out < 0.8 + 0.1 * np.cos(9 * across))
            )
        return shapes

    def _rim(self, angle: float) -> tuple[Row, Row]:
        """The edge of a petal as parts of the radius and angles: up one side to its tip and down the other."""
        out = np.array((0.2, 0.36, 0.52, 0.68, 0.82, 0.93, 1.0))
        spread = np.append(_spread(out[:-1]), 0.0)
        reach = np.concatenate((out, out[-2::-1]))
        return reach, angle + np.concatenate((-spread, spread[-2::-1]))

    def _placed(self, reach: Row, angle: Row) -> Curve:
        """Places of the flat flower as the turned one shows them."""
        return (polar((0.0, 0.0), reach * self.radius_mm, angle) * (self.squash, 1.0)) + self.centre_mm

    def _draw_trumpet(self, plate: Plate, design: Design) -> None:
        line, angle = ink(design, self.ink), regular(FRILLS * 8)
        frill = TRUMPET * (1 + 0.09 * np.cos(FRILLS * angle) + 0.03 * np.cos(5 * angle))
        rim = self._placed(frill, angle)
        plate.fill_bends(smooth(rim), ink(design, self.trumpet))
        spokes = []
        for number, turn in enumerate(regular(FRILLS * 3)[:-1]):
            reach = np.linspace(MOUTH * 0.3, TRUMPET * (0.86 if number % 3 else 0.98), 10)
            dark = np.clip(1.25 - reach / TRUMPET * 1.05 + 0.18 * np.sin(turn - 0.6), 0.12, 0.8)
            room = 2 * np.pi * reach * self.radius_mm / (FRILLS * 3)
            spokes += ribbon(self._placed(reach, np.full(10, turn)), np.maximum(room * dark, FINEST_MM))
        plate.fill(spokes, line)
        plate.bend([rim], line, 0.13)
        heart = self._placed(np.full(25, MOUTH * 0.42), regular(24))
        plate.fill_bends(smooth(heart), ink(design, self.petal))
        plate.bend([heart], line, 0.1)


def _spread(out: Row) -> Row:
    """Half the angle of a petal at `out` (n,) of its length, in radians."""
    width: Row = (
        HALF_ANGLE * np.sin(np.pi * np.clip(out * 0.86 + 0.1, 0, 1)) ** 0.8 * np.sqrt(np.clip(1.03 - out, 0, 1) * 1.6)
    )
    return width
