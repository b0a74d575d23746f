"""The sails of a windmill: four lattices about a windshaft."""

from dataclasses import dataclass

import numpy as np

from notegen.design import Design
from notegen.engraving.curve import Curve
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate


@dataclass(frozen=True)
class Sails:
    """Four sails `length_mm` long about `centre_mm`, the first at `turn_deg` from three o'clock, each of `bars` bars."""

    centre_mm: tuple[float, float]
    length_mm: float
    ink: str
    turn_deg: float = 30.0
    bars: int = 10
    breadth_mm: float = 1.0
    width_mm: float = 0.08

    def lattice(self) -> list[Curve]:
        """The bars and hemlaths of all four, as open lines."""
        start, broad = self.length_mm * 0.24, self.breadth_mm
        steps = np.linspace(start, self.length_mm, self.bars)
        rails = [np.array([(start, side), (self.length_mm, side)]) for side in (broad, broad / 2)]
        return self._turned([*rails, *(np.array([(step, 0.0), (step, broad)]) for step in steps)])

    def whips(self) -> list[Curve]:
        """The beam of each sail, from the shaft to its tip."""
        return self._turned([np.array([(0.0, 0.0), (self.length_mm, 0.0)])])

    def draw(self, plate: Plate, design: Design) -> None:
        """Stroke the lattices, then the whips."""
        plate.stroke(self.lattice(), ink(design, self.ink), self.width_mm)
        plate.stroke(self.whips(), ink(design, self.ink), self.width_mm * 2.6)

    def _turned(self, lines: list[Curve]) -> list[Curve]:
        found = []
        for quarter in range(4):
            angle = np.radians(self.turn_deg + 90 * quarter)
            turn = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
            found += [line @ turn + self.centre_mm for line in lines]
        return found
