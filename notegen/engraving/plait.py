"""Plaits: interlace along a straight border or round a ring, each cord a bundle of fine lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from notegen.design import Design
from notegen.engraving.curve import Curve, polar
from notegen.engraving.interlace import Interlace
from notegen.engraving.layer import draft, ink
from notegen.engraving.plate import Plate

Place = Callable[[Curve], Curve]
"""Places of the lattice (n, 2), in steps, to places on the note, mm."""


@dataclass(frozen=True, kw_only=True)
class Cords:
    """Cords on a lattice of `columns` by `rows` steps; for `draft` see `Interlace`.

    Each is `cord_mm` wide, of so many `lines` of its own ink on `under`; the cords take `inks` by turns. `gap_mm` of
    `ground` parts an upper cord from the lower one.
    """

    columns: int
    rows: int
    inks: tuple[str, ...]
    cord_mm: float
    under: str = "paper"
    ground: str = "paper"
    draft: tuple[str, ...] = ("x",)
    lines: int = 2
    line_mm: float = 0.09
    gap_mm: float = 0.12

    def lay(self, plate: Plate, design: Design, interlace: Interlace, place: Place) -> None:
        """Draw the cords, then each upper cord anew over its crossing."""
        cords = [place(cord) for cord in interlace.cords()]
        overs = [place(over) for over in interlace.crossings()]
        owners = [_owner(over[0], cords) for over in overs]
        for number, cord in enumerate(cords):
            self._bundle(plate, design, [cord], number)
        parted = [_shortened(over, self.cord_mm) for over in overs]
        plate.stroke(parted, ink(design, self.ground), self.cord_mm + 2 * self.gap_mm)
        for number in range(len(cords)):
            if mine := [over for over, owner in zip(overs, owners, strict=True) if owner == number]:
                self._bundle(plate, design, mine, number)

    def _bundle(self, plate: Plate, design: Design, curves: Sequence[Curve], number: int) -> None:
        """Draw cords line by line from the outside in: a broad stroke of ink, and in it a narrower one of `under`."""
        line, under = ink(design, self.inks[number % len(self.inks)]), ink(design, self.under)
        outer = self.cord_mm - self.line_mm
        for reach in np.arange(outer, -1e-9, -2 * outer / (self.lines - 1)).tolist():
            plate.bend(curves, line, reach + self.line_mm)
            if reach > self.line_mm:
                plate.bend(curves, under, reach - self.line_mm)


@dataclass(frozen=True, kw_only=True)
class Plait(Cords):
    """A border of interlace from one point to another, `height_mm` high."""

    start_mm: tuple[float, float]
    end_mm: tuple[float, float]
    height_mm: float

    def draw(self, plate: Plate, design: Design) -> None:
        """Lay the cords along the border."""
        start, way = np.array(self.start_mm), np.subtract(self.end_mm, self.start_mm)
        across = np.array((-way[1], way[0])) / np.hypot(*way)

        def place(steps: Curve) -> Curve:
            along, aside = steps[:, :1] / self.columns, steps[:, 1:] / self.rows - 0.5
            placed: Curve = start + along * way + aside * self.height_mm * across
            return placed

        self.lay(plate, design, Interlace(self.columns, self.rows, draft(design, self.draft, "x-|")), place)


@dataclass(frozen=True, kw_only=True)
class PlaitRing(Cords):
    """A ring of interlace round `centre_mm` between two radii; an odd number of columns is made even by one more."""

    centre_mm: tuple[float, float]
    radii_mm: tuple[float, float]
    turn: float = 0.0

    def draw(self, plate: Plate, design: Design) -> None:
        """Lay the cords round the ring."""
        columns, (inner, outer) = self.columns + self.columns % 2, self.radii_mm

        def place(steps: Curve) -> Curve:
            radius = outer + (inner - outer) * steps[:, 1] / self.rows
            return polar(self.centre_mm, radius, 2 * np.pi * steps[:, 0] / columns + self.turn)

        self.lay(plate, design, Interlace(columns, self.rows, draft(design, self.draft, "x-|"), closed=True), place)


def _shortened(over: Curve, to_mm: float) -> Curve:
    """The middle of an upper cord, no longer than the lower one is wide, so that nothing beside that is parted."""
    middle, way = over[len(over) // 2], over[-1] - over[0]
    reach = way / np.hypot(*way) * to_mm / 2
    return np.array((middle - reach, middle + reach))


def _owner(place: Curve, cords: Sequence[Curve]) -> int:
    return int(np.argmin([np.hypot(*(cord - place).T).min() for cord in cords]))
