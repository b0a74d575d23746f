"""The lattice: where each module of a note's symbol lies in a picture, fitted to the patterns that every symbol has.

Three finder patterns and six alignment patterns stand in three rows of three, so they also tell how a folded note bends.
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.blueprint import ALIGNED, FOUND, MODULES
from scanner.reading import Corners
from scanner.shades import Grey

Points = NDArray[np.float64]
Array = NDArray[np.float64]

SQUARE: Final = np.array(((0, 0), (MODULES, 0), (MODULES, MODULES), (0, MODULES)), dtype=np.float64)

_FINE = 4
"""Pixels a module of the flattened picture in which patterns are looked for."""

_EDGE = 5
"""Modules of paper about it."""

_ANCHORS: Final = np.array([(c + 0.5, r + 0.5) for r, c in (*FOUND, *ALIGNED)], dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """`homography` (3, 3) takes modules (x, y) to pixels; `fit` is how well the patterns agree with it, to 1.

    What folds add is a spline through `nodes` (K, 2), modules, with the weights `bends` (K + 3, 2).
    """

    homography: Array
    fit: float = 0.0
    nodes: Points = field(default_factory=lambda: np.zeros((0, 2)))
    bends: Array = field(default_factory=lambda: np.zeros((3, 2)))

    @classmethod
    def over(cls, corners: Corners) -> "Lattice":
        """The flat lattice over four corners, which begin at the symbol's own top left."""
        found = cv2.getPerspectiveTransform(SQUARE.astype(np.float32), corners.astype(np.float32))
        return cls(np.asarray(found, np.float64))

    @property
    def corners(self) -> Corners:
        """Of the symbol, pixels (4, 2)."""
        return self.seen(SQUARE)

    @property
    def module(self) -> float:
        """The mean side of a module, pixels."""
        corners = self.corners
        return float(np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).mean()) / MODULES

    def is_sound(self, grey: Grey) -> bool:
        """Whether it could be a square before a lens, not much of it outside the picture."""
        corners = self.corners
        sides = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1)
        high, wide = grey.shape
        inside = (corners > -0.1 * sides.max()).all() and (corners < np.array((wide, high)) + 0.1 * sides.max()).all()
        return bool(inside and sides.min() > 50 and sides.max() < 3.5 * sides.min())

    def seen(self, modules: Points) -> Points:
        """Where points (N, 2) of the symbol, in modules, lie in the picture (N, 2)."""
        flat = np.column_stack((modules, np.ones(len(modules)))) @ self.homography.T
        # Beyond the horizon of a homography that nothing should have there is nothing to see; is_sound refuses it.
        straight = flat[:, :2] / np.where(np.abs(flat[:, 2:]) < 1e-9, 1e-9, flat[:, 2:])
        return np.asarray(straight + _spline(modules, self.nodes) @ self.bends if len(self.nodes) else straight)

    def flattened(self, grey: Grey, fine: int, edge: int = 0) -> Grey:
        """The symbol (S, S) at `fine` pixels a module, with `edge` modules of paper about it."""
        size = (MODULES + 2 * edge) * fine
        few = np.linspace(-edge, MODULES + edge, 20)
        columns, rows = np.meshgrid(few, few)
        seen = self.seen(np.column_stack((columns.ravel(), rows.ravel()))).reshape(20, 20, 2).astype(np.float32)
        at = ((np.arange(size, dtype=np.float32) + 0.5) / size * 19).astype(np.float32)
        xs, ys = np.broadcast_arrays(at[None, :], at[:, None])
        maps = cv2.remap(seen, np.ascontiguousarray(xs), np.ascontiguousarray(ys), cv2.INTER_LINEAR)
        flat = cv2.remap(grey, maps, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
        return np.asarray(flat, np.uint8)


def fitted(grey: Grey, start: Lattice, least: float = 0.0) -> Lattice:
    """The lattice moved onto the patterns that it finds near where `start` expects them.

    What fits worse than `least` at first is given up at once: its `fit` is 0.
    """
    lattice = start
    for reach, bent in ((3.0, False), (1.5, False), (1.0, True)):
        lattice = _closer(grey, lattice, reach, least, bent=bent)
        if lattice.fit < least or not lattice.is_sound(grey):
            return replace(lattice, fit=0.0)
    return lattice


def _closer(grey: Grey, lattice: Lattice, reach: float, least: float, *, bent: bool) -> Lattice:
    """The finder patterns alone tell of most places that there is no symbol."""
    flat = lattice.flattened(grey, _FINE, _EDGE)
    found = [_nearby(flat, anchor, True, reach) for anchor in _ANCHORS[:3]]
    if sum(score for _, score in found) < 3 * least:
        return replace(lattice, fit=0.0)
    found += [_nearby(flat, anchor, False, reach) for anchor in _ANCHORS[3:]]
    moved, scores = np.array([each[0] for each in found]), np.array([each[1] for each in found])
    return _through(lattice, moved, scores, bent=bent)


def _nearby(flat: Grey, anchor: Points, finder: bool, reach: float) -> tuple[Points, float]:
    """Where the pattern is that should be at `anchor` (modules), and how like it what is there looks (-1 to 1)."""
    template = _template(9 if finder else 5)
    half = template.shape[0] / 2 / _FINE + reach
    low = np.round((anchor + _EDGE - half) * _FINE).astype(int)
    low = np.maximum(low, 0)
    size = round(2 * half * _FINE)
    window = flat[low[1] : low[1] + size, low[0] : low[0] + size]
    if window.shape[0] < template.shape[0] or window.shape[1] < template.shape[1]:
        return anchor, 0.0
    likeness = cv2.matchTemplate(window, template, cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(likeness)
    peak = np.array((_peak(likeness, y, x), _peak(likeness.T, x, y)), dtype=np.float64)
    middle = (low + peak + template.shape[0] / 2) / _FINE
    return np.asarray(middle - _EDGE), float(best) if np.isfinite(best) else 0.0


def _peak(likeness: object, row: int, at: int) -> float:
    """The top of the parabola through the highest value of a row and its neighbours."""
    values = np.asarray(likeness, dtype=np.float64)[row]
    if not 0 < at < len(values) - 1:
        return float(at)
    before, here, after = values[at - 1 : at + 2]
    bend = float(before - 2 * here + after)
    return at + (0.5 * float(before - after) / bend if bend < 0 else 0.0)


@lru_cache(maxsize=2)
def _template(side: int) -> Grey:
    """A finder pattern with its light ring (9), or an alignment pattern (5), as a lens blurs them."""
    rows, columns = np.indices((side, side)) - side // 2
    ring = np.maximum(abs(rows), abs(columns))
    dark = (ring != 2) & (ring != 4) if side == 9 else ring != 1
    shades = np.where(dark, 0, 255).astype(np.uint8)
    large = cv2.resize(shades, None, fx=_FINE, fy=_FINE, interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.GaussianBlur(large, (0, 0), 0.45 * _FINE, borderType=cv2.BORDER_REPLICATE), np.uint8)


def _through(lattice: Lattice, moved: Points, scores: NDArray[np.float64], *, bent: bool) -> Lattice:
    """The lattice that puts each anchor where it was found, as far as the anchors agree."""
    good, fit = scores > 0.35, float(scores.mean())
    seen = lattice.seen(moved)
    flat = _agreed(seen, good, lattice.module * (1.5 if bent else 2.0))
    if flat is None:
        return replace(lattice, fit=0.0)
    if not bent:
        return Lattice(flat, fit)
    return _bent(flat, fit, _ANCHORS, seen, np.where(good, scores, 0.05))


def _agreed(seen: Points, good: NDArray[np.bool_], tolerance: float) -> Array | None:
    """The homography through the anchors; the one that misses most is left out until none misses by `tolerance`."""
    good = good.copy()
    while good.sum() >= 4:
        flat = np.asarray(cv2.findHomography(_ANCHORS[good], seen[good])[0])
        if flat.shape != (3, 3):
            return None
        found = Lattice(np.asarray(flat, np.float64))
        misses = np.where(good, np.linalg.norm(found.seen(_ANCHORS) - seen, axis=1), 0)
        if misses.max() < tolerance:
            return found.homography
        good[misses.argmax()] = False
    return None


def _bent(flat: Array, fit: float, nodes: Points, seen: Points, weights: NDArray[np.float64]) -> Lattice:
    """Thin plate spline (Bookstein 1989) through what the homography leaves over, the stiffer the less its weight."""
    count = len(nodes)
    system = np.zeros((count + 3, count + 3))
    system[:count] = _spline(nodes, nodes)
    system[:count, :count] += np.diag(0.02 / np.maximum(weights, 0.05) ** 2)
    system[count:, :count] = system[:count, count:].T
    rest = np.where(weights[:, None] > 0.05, seen - Lattice(flat).seen(nodes), 0)
    return Lattice(flat, fit, nodes, np.asarray(np.linalg.solve(system, np.vstack((rest, np.zeros((3, 2)))))))


def _spline(points: Points, nodes: Points) -> Array:
    """(N, K + 3): the spline's kernels and its plane, at points in modules."""
    squares = (((points[:, None] - nodes[None]) / MODULES) ** 2).sum(axis=2)
    kernels = squares * np.log(np.maximum(squares, 1e-12))
    return np.column_stack((kernels, np.ones(len(points)), points / MODULES))


_PATCH = 11
"""Modules a side of what is looked for when a lattice is pulled tight."""

_MIDDLES: Final = np.array([(x, y) for y in np.linspace(5.5, 43.5, 6) for x in np.linspace(5.5, 43.5, 6)])


def tightened(grey: Grey, lattice: Lattice, sure: NDArray[np.float32]) -> Lattice:
    """The lattice moved onto the symbol that `sure` (49, 49) says is there, patch by patch.

    Most of a symbol is right long before it can be read, so it serves as a pattern of its own.
    """
    flat = lattice.flattened(grey, _FINE, 2)
    likely = np.pad(np.clip(sure, -1, 1), 2, constant_values=-1)
    drawn = cv2.resize(127 - 120 * likely, None, fx=_FINE, fy=_FINE, interpolation=cv2.INTER_NEAREST)
    pattern = np.asarray(cv2.GaussianBlur(drawn, (0, 0), 0.45 * _FINE), np.uint8)
    found = [_patch(flat, pattern, middle) for middle in _MIDDLES]
    moved, scores = np.array([each[0] for each in found]), np.array([each[1] for each in found])
    return _bent(lattice.homography, lattice.fit, _MIDDLES, lattice.seen(moved), np.maximum(scores, 0.0))


def _patch(flat: Grey, pattern: Grey, middle: Points) -> tuple[Points, float]:
    """Where in `flat` the patch of `pattern` about `middle` is, within a module (modules), and how like it is."""
    reach = _FINE
    low = np.round((middle + 2 - _PATCH / 2) * _FINE).astype(int)
    low = np.clip(low, reach, flat.shape[0] - _PATCH * _FINE - reach)
    high = low + _PATCH * _FINE
    template = pattern[low[1] : high[1], low[0] : high[0]]
    window = flat[low[1] - reach : high[1] + reach, low[0] - reach : high[0] + reach]
    likeness = cv2.matchTemplate(window, template, cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(likeness)
    peak = np.array((_peak(likeness, y, x), _peak(likeness.T, x, y)), dtype=np.float64)
    step = (peak - reach) / _FINE
    return np.asarray(middle + step), float(best) if np.isfinite(best) else 0.0
