"""A massif: mountains given by their arêtes, drawn by contours seen from a little above, which swell in the shade."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from notegen.design import Design
from notegen.engraving.curve import Curve, ribbon, thin
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate

Field = NDArray[np.float64]
"""A value at each point of the plan: shape (n,) across, or (depths, n) from the front to the back."""

STEP_MM = 0.25
"""How far apart the points of a contour are, and of the plan in depth."""

SUN = np.array((-0.86, -0.04, 0.5))
"""Toward the light: from the left and from above (Imhof 1965: relief is read so)."""

SHORE_MM = 1.1
"""The flanks never quite end; here the land does."""

LEAP_MM = 3.5
"""From point to point of a contour, the farthest that it goes back without leaving a near spur for a far one."""

FINEST_MM, MOST = 0.06, 0.8
"""The thinnest line, and how much of the room from contour to contour the thickest one takes."""


@dataclass(frozen=True)
class Massif:
    """Mountains from `left_mm` to `right_mm`, standing on `foot_mm`; what is behind them is covered with `under`.

    An arête is a line in plan of points (x, depth behind the front, height), all mm. The flanks on either side of it
    fall to a third within `flank_mm`, hollow as ice leaves them, and are cut into spurs `spur_mm` apart that stand out
    by the share `grain`. What is farther stands higher by `rise` of its depth. Contours are `pitch_mm` apart; `tone`
    is the share of ink on a face in full light and on one in full shade (Tanaka 1950: contours that swell by light).
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
    rise: float = 0.3
    pitch_mm: float = 0.34
    tone: tuple[float, float] = (0.16, 0.75)
    seed: int = 1

    def draw(self, plate: Plate, design: Design) -> None:
        """Cover what is behind, then shade the faces."""
        x, depth, height = self._land()
        stands = np.where(height >= 3 * self.pitch_mm, height + depth[:, None] * self.rise, 0.0).max(axis=0)
        sky = np.column_stack((x, self.foot_mm - stands))
        foot = np.array([(sky[-1, 0], self.foot_mm), (sky[0, 0], self.foot_mm)])
        plate.fill([np.vstack((thin(sky), foot))], ink(design, self.under))
        plate.fill(self.contours(), ink(design, self.ink))

    def contours(self) -> list[Curve]:
        """The contours as outlines, the lowest first, each where nothing nearer hides it."""
        x, depth, height = self._land()
        tone, shapes = self._tone(x, depth, height), []
        for level in np.arange(self.pitch_mm, float(height.max()), self.pitch_mm):
            first = np.argmax(height >= level, axis=0)
            back = _met(depth, height, first, float(level))
            line = np.column_stack((x, self.foot_mm - back * self.rise - level))
            leaning = np.gradient(line[:, 1], STEP_MM).clip(-3, 3)
            width = np.clip(tone[first, np.arange(len(x))], 0, MOST) * self.pitch_mm / np.hypot(1, leaning)
            for span in _unbroken(back, height.max(axis=0) >= level):
                shapes += ribbon(line[span], np.maximum(width[span] * _tapered(span.stop - span.start), FINEST_MM))
        return shapes

    def _land(self) -> tuple[Field, Field, Field]:
        """Places across (n,) and in depth (m,), and the height above the foot at each point of the plan (m, n), mm."""
        x = np.arange(self.left_mm, self.right_mm + STEP_MM, STEP_MM)
        depth = np.arange(0.0, self.depth_mm, STEP_MM)
        height = np.zeros((len(depth), len(x)))
        for number, arete in enumerate(self.aretes_mm):
            for part, (start, end) in enumerate(pairwise(arete)):
                flank = self._flank(x[None, :], depth[:, None], np.array(start), np.array(end), number * 16 + part)
                height = np.maximum(height, flank)
        return x, depth, np.maximum(height - SHORE_MM, 0.0)

    def _tone(self, x: Field, depth: Field, height: Field) -> Field:
        """The share of ink at each point of the plan (m, n), by how it faces the light."""
        back, right = np.gradient(height, depth, x)
        normal = np.stack((-right, -back, np.ones_like(height)))
        light = np.tensordot(SUN / np.linalg.norm(SUN), normal / np.linalg.norm(normal, axis=0), axes=1)
        lit, dark = self.tone
        tone: Field = lit + (dark - lit) * np.clip((0.66 - light) / 0.85, 0, 1)
        return tone

    def _flank(self, x: Field, depth: Field, start: Curve, end: Curve, number: int) -> Field:
        """The height of the flanks of one straight part of an arête."""
        way = end[:2] - start[:2]
        length = max(float(np.hypot(*way)), 1e-6)
        along = ((x - start[0]) * way[0] + (depth - start[1]) * way[1]) / length
        share = np.clip(along / length, 0, 1)
        aside = ((x - start[0]) * way[1] - (depth - start[1]) * way[0]) / length
        away = np.hypot(x - start[0] - share * way[0], depth - start[1] - share * way[1])
        turned = along + np.where(aside > 0, 41.0, 0.0) + 0.3 * away
        spurs = _noise(turned / self.spur_mm, away / (self.spur_mm * 4), self.seed * 97 + number)
        spurs = 0.7 * spurs + 0.3 * _noise(
            turned / self.spur_mm * 2.3, away / self.spur_mm / 1.5, self.seed * 89 + number
        )
        crest = start[2] + (end[2] - start[2]) * share
        crest = crest * (1 + 0.05 * self.grain * _noise(along / self.spur_mm * 1.7, share * 0, self.seed + number))
        fall: Field = crest * np.exp(-away / (self.flank_mm * (1 + self.grain * spurs)))
        return fall


def _noise(across: Field, along: Field, seed: int) -> Field:
    """From -1 to 1, with edges: random values on a lattice with straight lines between them (value noise)."""
    lattice = np.random.default_rng(seed).uniform(-1, 1, (64, 64))
    column, row = np.floor(across).astype(int), np.floor(along).astype(int)
    right, down = across - column, along - row
    corner = [lattice[(row + below) % 64, (column + beside) % 64] for below in (0, 1) for beside in (0, 1)]
    top = corner[0] * (1 - right) + corner[1] * right
    bottom = corner[2] * (1 - right) + corner[3] * right
    noise: Field = top * (1 - down) + bottom * down
    return noise


def _met(depth: Field, height: Field, first: NDArray[np.int_], level: float) -> Field:
    """How far back (n,) a contour is first met, between the row `first` (n,) that is as high and the one before it."""
    before, column = np.maximum(first - 1, 0), np.arange(len(first))
    low, high = height[before, column], height[first, column]
    part = ((level - low) / np.maximum(high - low, 1e-9)).clip(0, 1)
    met: Field = depth[before] + (depth[first] - depth[before]) * part
    return met


def _unbroken(back: Field, there: NDArray[np.bool_]) -> list[slice]:
    """The stretches of a contour where it is `there` (n,) and does not leap from a near spur to a far one."""
    leaps = np.flatnonzero((np.abs(np.diff(back)) > LEAP_MM) | (np.diff(there.astype(np.int8)) != 0)) + 1
    spans = [slice(start, stop) for start, stop in pairwise([0, *leaps.tolist(), len(back)])]
    return [span for span in spans if there[span.start] and span.stop - span.start > 2]


def _tapered(count: int) -> Field:
    """Shares (n,) of the width of a line of so many points: the burin is let in and lifted out over its ends."""
    step = np.arange(count)
    taper: Field = np.minimum(1.0, 0.4 + 0.2 * np.minimum(step, step[::-1]))
    return taper
