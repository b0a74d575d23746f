"""Turned work: a solid of revolution, shaded by the level rings that a lathe leaves, which swell in the shade."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from notegen.design import Design
from notegen.engraving.curve import Curve, ribbon, smooth
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate

Row = NDArray[np.float64]

FINEST_MM, MOST = 0.06, 0.85
"""The thinnest line, and how much of the room from ring to ring the thickest one takes."""

POINTS = 25
"""On the half of a ring that is seen."""


@dataclass(frozen=True)
class Turned:
    """A body about the upright axis through `centre_mm`; `profile_mm` has (down from the centre, radius) from top to foot.

    It is seen from a little above or below, so that a ring is bowed by `tilt` of its radius. Light comes from `light`,
    -1 at the left edge and 1 at the right; `tone` is the share of ink there and on the dark edge.
    """

    centre_mm: tuple[float, float]
    profile_mm: tuple[tuple[float, float], ...]
    ink: str
    under: str = "paper"
    tilt: float = 0.12
    pitch_mm: float = 0.32
    light: float = -0.45
    tone: tuple[float, float] = (0.1, 0.8)
    edge_mm: float = 0.14
    angular: bool = False

    def draw(self, plate: Plate, design: Design) -> None:
        """Cover what is behind, shade the rings and draw the edge."""
        edge = self.outline()
        plate.fill([edge], ink(design, self.under))
        with plate.clipped([edge]):
            plate.fill(self.rings(), ink(design, self.ink))
        if self.edge_mm:
            plate.stroke([np.vstack((edge, edge[:2]))], ink(design, self.ink), self.edge_mm)

    def outline(self) -> Curve:
        """The silhouette, down its right side and up its left."""
        down, radius = self._profile(121)
        right = np.column_stack((radius, down))
        bow = np.linspace(-1, 1, POINTS)[1:-1]
        foot = np.column_stack((-bow * radius[-1], down[-1] + abs(self.tilt) * radius[-1] * np.sqrt(1 - bow**2)))
        head = np.column_stack((bow * radius[0], down[0] - abs(self.tilt) * radius[0] * np.sqrt(1 - bow**2)))
        whole: Curve = np.vstack((right, foot, (right * (-1, 1))[::-1], head)) + self.centre_mm
        return whole

    def rings(self) -> list[Curve]:
        """The near half of each ring, as an outline."""
        down, radius = self._profile(241)
        turn = np.linspace(-np.pi / 2, np.pi / 2, POINTS)
        across, near = np.sin(turn), np.cos(turn)
        shapes: list[Curve] = []
        for row in np.arange(down[0] + self.pitch_mm / 2, down[-1] + abs(self.tilt) * radius.max(), self.pitch_mm):
            reach = float(np.interp(row, down, radius))
            ring = np.column_stack((across * reach, row + self.tilt * reach * near)) + self.centre_mm
            shapes += ribbon(ring, np.maximum(self._tone(across) * self.pitch_mm, FINEST_MM))
        return shapes

    def _tone(self, across: Row) -> Row:
        """The share of ink (n,) by the place across the body, -1 to 1."""
        lit, dark = self.tone
        away = np.clip(np.abs(across - self.light) / (1 + abs(self.light)), 0, 1)
        tone = lit + (dark - lit) * away**1.6
        return np.clip(tone, 0.0, MOST)

    def _profile(self, count: int) -> tuple[Row, Row]:
        """Heights (count,) and radii: through the given points, smoothly unless it is `angular`."""
        given = np.array(self.profile_mm)
        if not self.angular:
            share = np.linspace(0, 1, 12)[:, None, None]
            start, first, second, end = (smooth(given)[None, :, part] for part in range(4))
            bent = (1 - share) ** 3 * start + 3 * share * (1 - share) ** 2 * first
            bent = bent + 3 * share**2 * (1 - share) * second + share**3 * end
            given = bent.transpose(1, 0, 2).reshape(-1, 2)
        down = np.linspace(given[0, 0], given[-1, 0], count)
        return down, np.maximum(np.interp(down, given[:, 0], given[:, 1]), 0.02)
