"""Plaits: interlace along a straight border or round a ring, each cord a bundle of fine lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from notegen.design import Design
from notegen.engraving.curve import Curve, polar
from notegen.engraving.interlace import Interlace
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate

Lay = Callable[[Curve], Curve]
"""Places of the lattice (n, 2), in steps, to places on the note, mm."""


@dataclass(frozen=True)
class Plait:
    """A border of interlace from one point to another, `rows` steps of its lattice high; for `draft` see `Interlace`.

    Each cord is `cord_mm` wide, of so many `lines` of its own ink on `under`; the cords take `inks` by turns. `gap_mm`
    of `ground` parts an upper cord from the lower one.
    """

    start_mm: tuple[float, float]
    end_mm: tuple[float, float]
    height_mm: float
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

    def draw(self, plate: Plate, design: Design) -> None:
        """Lay the cords, then each upper cord anew over its crossing."""
        start, way = np.array(self.start_mm), np.subtract(self.end_mm, self.start_mm)
        across = np.array((-way[1], way[0])) / np.hypot(*way)

        def lay(places: Curve) -> Curve:
            along, aside = places[:, :1] / self.columns, places[:, 1:] / self.rows - 0.5
            laid: Curve = start + along * way + aside * self.height_mm * across
            return laid

        _draw(self, plate, design, Interlace(self.columns, self.rows, self.draft), lay)


@dataclass(frozen=True)
class PlaitRing:
    """As `Plait`, round `centre_mm` between two radii; it has an even number of columns."""

    centre_mm: tuple[float, float]
    radii_mm: tuple[float, float]
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
    turn: float = 0.0

    def draw(self, plate: Plate, design: Design) -> None:
        """Lay the cords, then each upper cord anew over its crossing."""
        inner, outer = self.radii_mm

        def lay(places: Curve) -> Curve:
            radius = outer + (inner - outer) * places[:, 1] / self.rows
            return polar(self.centre_mm, radius, 2 * np.pi * places[:, 0] / self.columns + self.turn)

        _draw(self, plate, design, Interlace(self.columns, self.rows, self.draft, closed=True), lay)


def _draw(plait: Plait | PlaitRing, plate: Plate, design: Design, interlace: Interlace, lay: Lay) -> None:
    ground, cords = ink(design, plait.ground), [lay(cord) for cord in interlace.cords()]
    overs = [lay(over) for over in interlace.crossings()]
    owners = [_owner(over[1], cords) for over in overs]
    for number, cord in enumerate(cords):
        _bundle(plait, plate, design, [cord], number)
    plate.stroke(overs, ground, plait.cord_mm + 2 * plait.gap_mm)
    for number in range(len(cords)):
        if mine := [over for over, owner in zip(overs, owners, strict=True) if owner == number]:
            _bundle(plait, plate, design, mine, number)


def _bundle(plait: Plait | PlaitRing, plate: Plate, design: Design, curves: Sequence[Curve], number: int) -> None:
    """Draw cords line by line from the outside in: a broad stroke of ink, and in it a narrower one of what lies under."""
    line, under = ink(design, plait.inks[number % len(plait.inks)]), ink(design, plait.under)
    for reach in np.linspace(plait.cord_mm - plait.line_mm, 0, plait.lines + 1 - plait.lines % 2)[: (plait.lines + 1) // 2]:
        plate.bend(curves, line, float(reach) + plait.line_mm)
        if reach > plait.line_mm:
            plate.bend(curves, under, float(reach) - plait.line_mm)


def _owner(place: Curve, cords: Sequence[Curve]) -> int:
    return int(np.argmin([np.hypot(*(cord - place).T).min() for cord in cords]))
