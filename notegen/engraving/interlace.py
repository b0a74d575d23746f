"""Interlace: cords that pass over and under each other by turns, as on a Celtic cross. The geometry alone, on a lattice."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from notegen.engraving.curve import Curve

Port = tuple[int, int]
"""Where a cord passes from one crossing to the next, in half steps of the lattice."""

CORNERS = ((-1, -1), (1, -1), (1, 1), (-1, 1))
"""The four ports of a crossing, clockwise from the top left, in half steps."""

JOINS = {"x": ((0, 2), (1, 3)), "-": ((0, 1), (2, 3)), "|": ((0, 3), (1, 2))}
"""What a draft can say of a crossing, and which ports its cords then join: they cross, or a wall turns them back."""

BEND = 0.37
"""How far the controls of a turn reach into it, in steps: a turn is nearly a round one."""

POINTS = 6
"""From port to port."""

OVER = 0.66
"""The part of a crossing over which the upper cord lies on the lower one."""


@dataclass(frozen=True)
class Interlace:
    """A lattice of `columns` by `rows` steps, its first column the next of its last if it is `closed` (columns even).

    Crossings stand where one of column and row is odd and one even; the top and the bottom row are walls. `draft` says
    for each row between them what its crossings are, again and again: `x` where cords cross, `-` and `|` where a level
    or an upright wall turns both of them back.
    """

    columns: int
    rows: int
    draft: tuple[str, ...] = ("x",)
    closed: bool = False

    def cords(self) -> list[Curve]:
        """Each cord from end to end, in steps; one that closes has its first point again at its end."""
        ways: dict[Port, list[tuple[Curve, Port]]] = defaultdict(list)
        for piece in self._pieces():
            for points in (piece, piece[::-1]):
                ways[self._port(points[0])].append((points, self._port(points[-1])))
        loose = sorted(port for port, out in ways.items() if len(out) == 1)
        cords = []
        for start in loose + sorted(ways):
            cord = []
            port = start
            while ways[port]:
                points, to = ways[port].pop()
                ways[to] = [way for way in ways[to] if not np.array_equal(way[0], points[::-1])]
                cord.append(points[:-1] if ways[to] else points)
                port = to
            if cord:
                cords.append(np.vstack(cord))
        return cords

    def crossings(self) -> list[Curve]:
        """The stretch of the upper cord at each crossing, in steps: by turns the one that falls and the one that rises."""
        reach = np.linspace(-0.5, 0.5, 5)[:, None] * OVER
        return [
            np.array((column, row)) + reach * (1, 1 if row % 2 else -1)
            for column, row in self._places()
            if self._wall(column, row) == "x"
        ]

    def _places(self) -> Iterator[tuple[int, int]]:
        for row in range(self.rows + 1):
            yield from ((column, row) for column in range(self.columns + (not self.closed)) if (column + row) % 2)

    def _wall(self, column: int, row: int) -> str:
        if row in (0, self.rows):
            return "-"
        line = self.draft[(row - 1) % len(self.draft)]
        return line[(column // 2) % len(line)]

    def _pieces(self) -> Iterator[Curve]:
        for column, row in self._places():
            for join in JOINS[self._wall(column, row)]:
                corners = np.array([CORNERS[number] for number in join]) / 2
                if all(0 <= row + down <= self.rows for down in corners[:, 1]):
                    yield np.array((column, row)) + _piece(*corners)

    def _port(self, point: Curve) -> Port:
        column, row = (round(2 * float(side)) for side in point)
        return (column % (2 * self.columns) if self.closed else column), row


def _piece(start: Curve, end: Curve) -> Curve:
    """A cord from corner to corner of a crossing: straight across it, or round a turn."""
    share = np.linspace(0, 1, POINTS + 1)[:, None]
    controls = (start, start * (1 - 2 * BEND), end * (1 - 2 * BEND), end)
    weights = ((1 - share) ** 3, 3 * share * (1 - share) ** 2, 3 * share**2 * (1 - share), share**3)
    return sum((weight * control for weight, control in zip(weights, controls, strict=True)), np.zeros((POINTS + 1, 2)))
