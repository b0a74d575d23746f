"""Lace: the six-sided net of Bucks Point with its tallies, and the scalloped edge that finishes it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from notegen.design import Design
from notegen.engraving.curve import Curve
from notegen.engraving.layer import ink, ink_or_none
from notegen.engraving.plate import Plate


@dataclass(frozen=True)
class Lace:
    """Point ground over a box: meshes with sides of `mesh_mm`, hung a little in waves `sag_mm` deep, as cloth hangs.

    A tally, the small square that lacemakers weave into a mesh, fills one mesh in every `tally_every` both ways.
    """

    box_mm: tuple[float, float, float, float]
    mesh_mm: float
    ink: str
    to: str = ""
    tally: str = ""
    tally_every: int = 6
    sag_mm: float = 0.5
    sag_length_mm: float = 36.0
    width_mm: float = 0.08

    def threads(self) -> list[Curve]:
        """The strands that run down the lace, then the twists that join each to the next."""
        x, y = self._knots()
        strands = [self._hung(np.column_stack(pair)) for pair in zip(x, y, strict=True)]
        column, row = np.meshgrid(*map(np.arange, x.shape), indexing="ij")
        joined = ((column + row) % 2 == 0)[:-1]
        ends = [np.stack((x[part][joined], y[part][joined]), axis=1) for part in (slice(None, -1), slice(1, None))]
        return strands + [self._hung(twist) for twist in np.stack(ends, axis=1)]

    def tallies(self) -> list[Curve]:
        """The filled meshes, as squares that stand on a corner."""
        left, top, right, bottom = self.box_mm
        wide, high = 1.5 * self.mesh_mm, np.sqrt(3) / 2 * self.mesh_mm
        square = np.array([(0, -0.5), (0.5, 0), (0, 0.5), (-0.5, 0)]) * self.mesh_mm
        columns, rows = int((right - left) / wide) - 1, int((bottom - top) / high) - 1
        places = [
            (left + (column + 0.5) * wide, top + row * high)
            for number, column in enumerate(range(2, columns, self.tally_every))
            for row in range(3 + number % 2 * self.tally_every, rows, 2 * self.tally_every)
        ]
        return [self._hung(square + place) for place in places]

    def draw(self, plate: Plate, design: Design) -> None:
        """Stroke the threads and fill the tallies."""
        plate.stroke(self.threads(), ink(design, self.ink), self.width_mm, ink_or_none(design, self.to))
        if self.tally:
            plate.fill(self.tallies(), ink(design, self.tally))

    def _knots(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where threads meet: x and y, a row of each for every strand."""
        left, top, right, bottom = self.box_mm
        wide, high = 1.5 * self.mesh_mm, np.sqrt(3) / 2 * self.mesh_mm
        column = np.arange(int((right - left) / wide) + 1)[:, None]
        row = np.arange(int((bottom - top) / high) + 1)[None, :]
        swing = np.where((column + row) % 2 == 0, 1, -1) * self.mesh_mm / 4
        return left + column * wide + swing, top + row * high + 0 * column

    def _hung(self, curve: Curve) -> Curve:
        """`curve` where the cloth hangs."""
        turn = 2 * np.pi / self.sag_length_mm
        x, y = curve.T
        sag = self.sag_mm * np.sin(turn * x + 0.6 * np.sin(turn * y))
        return np.column_stack((x + sag * 0.4 * np.cos(turn * y), y + sag))


LEAN = 3
"""By how many threads those of a fan lean."""


@dataclass(frozen=True)
class LaceEdge:
    """A straight edge of scallops from one point to another, `height_mm` deep on the right of who goes that way.

    Each scallop is a fan of threads between its foot and a double heading, with a thick gimp thread inside and
    picots, small loops, round it.
    """

    start_mm: tuple[float, float]
    end_mm: tuple[float, float]
    height_mm: float
    scallops: int
    ink: str
    gimp: str
    width_mm: float = 0.09
    pairs: int = 22
    picots: int = 13

    def arches(self, share: float) -> list[Curve]:
        """The scallops as lines, at `share` of their depth."""
        arch = _arch(np.linspace(0, np.pi, 25), 0.5 - 0.14 * (1 - share), share)
        return [self._laid(arch, scallop) for scallop in range(self.scallops)]

    def fans(self) -> list[Curve]:
        """The threads of each scallop, from its foot to its heading; half lean one way and half the other, and cross."""
        turn = np.linspace(0.04, 1, self.pairs) * np.pi * 0.96
        heading, foot = _arch(turn, 0.5, 1.0), _arch(turn, 0.16, 0.18)
        leaning = [*zip(foot[LEAN:], heading[:-LEAN], strict=True), *zip(foot[:-LEAN], heading[LEAN:], strict=True)]
        return [self._laid(np.array(pair), scallop) for scallop in range(self.scallops) for pair in leaning]

    def picot_places(self) -> Curve:
        """The middle of each picot."""
        turn = (np.arange(self.picots) + 0.5) / self.picots * np.pi
        return np.vstack([self._laid(_arch(turn, 0.535, 1.1), scallop) for scallop in range(self.scallops)])

    def draw(self, plate: Plate, design: Design) -> None:
        """Stroke the fans and headings, then the gimp, then the picots."""
        line = ink(design, self.ink)
        plate.stroke(self.fans(), line, self.width_mm)
        for share in (1.0, 0.9, 0.2):
            plate.bend(self.arches(share), line, self.width_mm * 1.4)
        plate.bend(self.arches(0.58), ink(design, self.gimp), self.width_mm * 3)
        radius = 0.045 * self.height_mm + 0.05
        angle = np.linspace(0, 2 * np.pi, 7)
        ring = np.column_stack((np.cos(angle), np.sin(angle))) * radius
        plate.bend([ring + place for place in self.picot_places()], line, self.width_mm)

    def _laid(self, curve: Curve, scallop: int) -> Curve:
        """`curve` about the middle of a scallop 1 wide and 1 deep, in its place on the note."""
        start, way = np.array(self.start_mm), np.subtract(self.end_mm, self.start_mm)
        across = np.array((-way[1], way[0])) / np.hypot(*way)
        along = (curve[:, :1] + scallop + 0.5) / self.scallops
        laid: Curve = start + along * way + curve[:, 1:] * self.height_mm * across
        return laid


def _arch(turn: NDArray[np.float64], half: float, deep: float) -> Curve:
    """Places at angles `turn` (n,), 0 to pi, of a scallop's arch."""
    return np.column_stack((-np.cos(turn) * half, np.sin(turn) ** 0.8 * deep))
