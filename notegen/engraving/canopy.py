"""A canopy: the crowns of a wood on a hill, clump before clump, each shaded on the side away from the light."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from notegen.design import Design
from notegen.engraving.curve import Curve, joined, polar, ribbon, smooth
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate

Row = NDArray[np.float64]
LOBES = 7
SHADE = np.linspace(-0.5, 2.3, 15)
"""The angles of a crown that lie in shade, in radians clockwise from three o'clock."""


@dataclass(frozen=True)
class Canopy:
    """Crowns of about `radius_mm` from a skyline down to a foot, both through points from left to right.

    `rows` of them stand one before the other; a crown is covered with `under`, edged and shaded with `ink`. The wood is
    always the same: its irregularity comes from each crown's number.
    """

    skyline_mm: tuple[tuple[float, float], ...]
    foot_mm: tuple[tuple[float, float], ...]
    rows: int
    radius_mm: float
    ink: str
    under: str
    far: str = ""
    tone: float = 0.7
    edge_mm: float = 0.08

    def crowns(self) -> list[Row]:
        """For each row, the farthest first: crowns (n, 3) as x, y and radius, mm."""
        sky, foot = np.array(self.skyline_mm), np.array(self.foot_mm)
        left, right = sky[0, 0], sky[-1, 0]
        found = []
        for row in range(self.rows):
            share, size = row / max(self.rows - 1, 1), self.radius_mm * (0.75 + 0.5 * row / self.rows)
            x: Row = np.arange(left + (row % 2) * size * 0.7, right, size * 1.35)
            chance = _chance(np.arange(float(len(x))) + 37 * row)
            x = x + (chance - 0.5) * size * 0.5
            upper, lower = np.interp(x, sky[:, 0], sky[:, 1]), np.interp(x, foot[:, 0], foot[:, 1])
            y = upper + (lower - upper) * share + (_chance(x) - 0.5) * size * 0.5
            found.append(np.column_stack((x, y, size * (0.8 + 0.45 * chance))))
        return found

    def draw(self, plate: Plate, design: Design) -> None:
        """Lay the rows, the farthest first and palest."""
        line, near = ink(design, self.ink), ink(design, self.under)
        far = ink(design, self.far) if self.far else near
        for number, row in enumerate(self.crowns()):
            edges = [_edge(*crown) for crown in row.tolist()]
            plate.fill_bends(joined(smooth(edge) for edge in edges), far.toward(near, number / max(self.rows - 1, 1)))
            plate.bend(edges, line, self.edge_mm)
            plate.fill([arc for crown in row.tolist() for arc in self._shading(*crown)], line)

    def _shading(self, x: float, y: float, radius: float) -> list[Curve]:
        arcs: list[Curve] = []
        for share in (0.86, 0.66, 0.46, 0.26):
            reach = radius * share * (1 + 0.06 * np.cos(LOBES * SHADE + x * 9))
            width = self.tone * 0.2 * radius * np.sin(np.linspace(0.15, np.pi - 0.15, len(SHADE))) * (0.5 + share / 2)
            arcs += ribbon(polar((x, y), reach, SHADE), width)
        return arcs


def _edge(x: float, y: float, radius: float) -> Curve:
    """The outline of a crown: round lobes with notches between them, closed."""
    angle = np.linspace(0, 2 * np.pi, LOBES * 4 + 1)
    return polar((x, y), radius * (0.84 + 0.2 * np.abs(np.sin(LOBES * angle / 2 + x * 7)) ** 0.7), angle)


def _chance(number: Row) -> Row:
    """From 0 to 1 for each number, without order but always the same."""
    mixed: Row = np.sin(number * 12.9898 + 4.1) * 437.585
    return mixed - np.floor(mixed)
