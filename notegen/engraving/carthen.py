"""A carthen: the cloth of a Welsh double weave, in which two webs change places along a pattern."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from notegen.design import Design
from notegen.engraving.curve import Curve
from notegen.engraving.layer import draft, ink
from notegen.engraving.plate import Plate

Cloth = NDArray[np.bool_]
"""Whether the face web lies on top, for each cell: shape (rows, columns)."""


@dataclass(frozen=True)
class Carthen:
    """Upright lines of `face` where the face web lies on top and level lines of `back` elsewhere.

    `draft` is a quarter of the pattern, a text for each row with `#` for the face and `.` for the back; it is mirrored to the right and
    downward about its last column and row, and repeated over the box from its middle. A tilt of the note brings out
    the one web or the other, which a copier's dots cannot.
    """

    draft: tuple[str, ...]
    face: str
    back: str
    box_mm: tuple[float, float, float, float]
    cell_mm: float = 0.8
    threads: int = 2
    width_mm: float = 0.08
    back_width_mm: float = 0.08

    def cloth(self) -> Cloth:
        """The whole box cell by cell."""
        quarter = np.array([[cell == "#" for cell in row] for row in self.draft])
        half = np.hstack((quarter, quarter[:, -2:0:-1]))
        tile = np.vstack((half, half[-2:0:-1]))
        left, top, right, bottom = self.box_mm
        columns, rows = int((right - left) / self.cell_mm), int((bottom - top) / self.cell_mm)
        down = (np.arange(rows) - rows // 2 + len(quarter) - 1) % len(tile)
        along = (np.arange(columns) - columns // 2 + len(quarter[0]) - 1) % len(tile[0])
        return tile[down[:, None], along[None, :]]

    def floats(self) -> tuple[list[Curve], list[Curve]]:
        """The upright lines of the face and the level lines of the back, each from its start to its end."""
        cloth, corner = self.cloth(), np.array(self.box_mm[:2])
        face = [(at, run) for at, column in self._threads(cloth.T) for run in _stretches(column)]
        back = [(at, run) for at, row in self._threads(~cloth) for run in _stretches(row)]
        upright = [corner + np.array(((at, run[0]), (at, run[1]))) * self.cell_mm for at, run in face]
        level = [corner + np.array(((run[0], at), (run[1], at))) * self.cell_mm for at, run in back]
        return upright, level

    def _threads(self, lines: Cloth) -> list[tuple[float, NDArray[np.bool_]]]:
        """Where each thread lies, in cells, and the cells that it meets."""
        within = (np.arange(self.threads) + 0.5) / self.threads
        return [(number + share, line) for number, line in enumerate(lines) for share in within.tolist()]

    def draw(self, plate: Plate, design: Design) -> None:
        """Stroke the back, then the face."""
        draft(design, self.draft, "#.")
        upright, level = self.floats()
        plate.stroke(level, ink(design, self.back), self.back_width_mm)
        plate.stroke(upright, ink(design, self.face), self.width_mm)


def _stretches(cells: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """From where to where a thread lies on top, in cells, a little short of the thread that it dives under."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], cells, [False])).astype(np.int8))).reshape(-1, 2)
    return [(float(start) + 0.12, float(stop) - 0.12) for start, stop in edges]
