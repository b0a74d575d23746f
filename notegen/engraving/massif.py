"""A massif: mountains given by their arêtes, drawn as the profiles of row behind row, with lines that swell in the shade."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from notegen.design import Design
from notegen.engraving.curve import Curve, ribbon, runs, thin
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate

Field = NDArray[np.float64]
"""A value at each point of the plan, shape (rows from near to far, columns from left to right)."""

STEP_MM = 0.3
"""How far apart the points of a profile are."""

SUN = np.array((-0.72, -0.42, 0.56))
"""Toward the light: from the left, from the front and from above."""

FINEST_MM, MOST = 0.06, 0.78
"""The thinnest line, and how much of the room between two profiles one may fill."""


@dataclass(frozen=True)
class Massif:
    """Mountains from `left_mm` to `right_mm`, standing on `foot_mm`; what is behind them is covered with `under`.

    An arête is a line in plan of points (x, depth behind the front, height), all mm. The flanks on either side of it
    fall to a third within `flank_mm`, hollow as ice leaves them, cut into spurs `spur_mm` apart that stand out by the
    share `grain`. Farther rows stand `rise` of their depth higher. Profiles keep `pitch_mm` apart; `tone` is the
    share of ink on a face that lies in full light, and on one that lies in full shade.
    """

    aretes_mm: tuple[tuple[tuple[float, float, float], ...], ...]
    foot_mm: float
    ink: str
    under: str
    left_mm: float = -3.5
    right_mm: float = 138.5
    depth_mm: float = 30.0
    flank_mm: float = 9.0
    spur_mm: float = 3.2
    grain: float = 0.5
    rise: float = 0.12
    pitch_mm: float = 0.3
    tone: tuple[float, float] = (0.16, 0.75)
    seed: int = 1

    def draw(self, plate: Plate, design: Design) -> None:
        """Cover what is behind, shade the faces, and draw the skyline over them."""
        x, level, shade = self._land()
        sky = np.column_stack((x, level.min(axis=0)))
        foot = np.array([(sky[-1, 0], self.foot_mm), (sky[0, 0], self.foot_mm)])
        plate.fill([np.vstack((thin(sky), foot))], ink(design, self.under))
        plate.fill(self._profiles(x, level, shade), ink(design, self.ink))

    def profiles(self) -> list[Curve]:
        """The visible parts of the profiles as outlines, the nearest first."""
        return self._profiles(*self._land())

    def _profiles(self, x: Curve, level: Field, shade: Field) -> list[Curve]:
        """Walk from the front to the back; a row shows where it stands clear of all that is before it."""
        horizon, shapes = np.full(len(x), self.foot_mm), []
        for row, dark in zip(level, shade, strict=True):
            room = horizon - row
            clear = room >= self.pitch_mm
            width = np.clip(dark * np.minimum(room, 2 * self.pitch_mm), FINEST_MM, MOST * self.pitch_mm * 1.5)
            for run in runs(clear):
                shapes += ribbon(np.column_stack((x[run], row[run])), width[run] * _tapered(len(width[run])))
            horizon = np.where(clear, row, horizon)
        return shapes

    def _land(self) -> tuple[Curve, Field, Field]:
        """Places across (n,), and for each point of the plan its height on the note (mm, down) and its share of ink."""
        x = np.arange(self.left_mm, self.right_mm + STEP_MM, STEP_MM)
        depth = np.arange(0.0, self.depth_mm, STEP_MM / 4)
        height = np.zeros((len(depth), len(x)))
        for number, arete in enumerate(self.aretes_mm):
            for part, (start, end) in enumerate(zip(arete, arete[1:], strict=False)):
                flank = self._flank(x[None, :], depth[:, None], np.array(start), np.array(end), number * 16 + part)
                height = np.maximum(height, flank)
        slope = np.gradient(height, depth, x)
        normal = np.stack((-slope[1], -slope[0], np.ones_like(height)))
        light = np.tensordot(SUN / np.linalg.norm(SUN), normal / np.linalg.norm(normal, axis=0), axes=1)
        lit, dark = self.tone
        tone = lit + (dark - lit) * np.clip(0.5 - light * 0.95, 0, 1)
        return x, self.foot_mm - depth[:, None] * self.rise - height, tone

    def _flank(self, x: Field, depth: Field, start: Curve, end: Curve, number: int) -> Field:
        """The height of the flanks of one straight part of an arête."""
        way = end[:2] - start[:2]
        length = max(float(np.hypot(*way)), 1e-6)
        along = ((x - start[0]) * way[0] + (depth - start[1]) * way[1]) / length
        share = np.clip(along / length, 0, 1)
        aside = ((x - start[0]) * way[1] - (depth - start[1]) * way[0]) / length
        away = np.hypot(x - start[0] - share * way[0], depth - start[1] - share * way[1])
        turned = along + np.where(aside > 0, 41.0, 0.0) + 0.35 * away
        spurs = _noise(turned / self.spur_mm, away / (self.spur_mm * 5), self.seed * 97 + number)
        spurs = 0.65 * spurs + 0.35 * _noise(turned / self.spur_mm * 2.7, away / self.spur_mm, self.seed * 89 + number)
        crest = start[2] + (end[2] - start[2]) * share
        crest = crest * (1 + 0.04 * self.grain * _noise(along / self.spur_mm * 1.9, share * 0, self.seed + number))
        fall: Field = crest * np.exp(-away / (self.flank_mm * (1 + self.grain * spurs)))
        return fall


def _noise(across: Field, along: Field, seed: int) -> Field:
    """From -1 to 1, with sharp tops: random values on a lattice with straight lines between them (value noise)."""
    lattice = np.random.default_rng(seed).uniform(-1, 1, (64, 64))
    column, row = np.floor(across).astype(int), np.floor(along).astype(int)
    right, down = across - column, along - row
    corner = [lattice[(row + below) % 64, (column + beside) % 64] for below in (0, 1) for beside in (0, 1)]
    top = corner[0] * (1 - right) + corner[1] * right
    bottom = corner[2] * (1 - right) + corner[3] * right
    noise: Field = top * (1 - down) + bottom * down
    return noise


def _tapered(count: int) -> NDArray[np.float64]:
    """Shares (n,) of the width of a line of so many points: it is cut in and lifted out over its ends."""
    step = np.arange(count)
    taper: NDArray[np.float64] = np.minimum(1.0, 0.35 + 0.22 * np.minimum(step, step[::-1]))
    return taper
