"""Curves on a note: points in mm from the top left of its trim, y downward, as arrays of shape (n, 2)."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]
"""Points in order, shape (n, 2), mm."""

Pieces = NDArray[np.float64]
"""Cubic Bézier pieces, shape (m, 4, 2): start, two controls, end, mm."""


def polar(centre_mm: tuple[float, float], radius_mm: Curve, angle: Curve) -> Curve:
    """Points at `radius_mm` (n,) and `angle` (n,) radians about a centre, clockwise from three o'clock as y is down."""
    x = centre_mm[0] + radius_mm * np.cos(angle)
    y = centre_mm[1] + radius_mm * np.sin(angle)
    return np.column_stack((x, y))


def smooth(curve: Curve, *, closed: bool = False) -> Pieces:
    """A smooth path through every point of `curve`, as Bézier pieces; a closed one returns to its first point.

    The slopes are five-point differences, exact enough that eight points draw one wave of a sine (Abramowitz and
    Stegun 25.3.6); near the ends of an open curve three points must do.
    """
    points = np.vstack((curve, curve[:1])) if closed else curve
    if np.allclose(points[0], points[-1]):
        slope = _slope(np.vstack((points[-3:-1], points, points[1:3])))
    else:
        slope = np.gradient(points, axis=0)
        slope[2:-2] = _slope(points)
    before, after = points[:-1], points[1:]
    return np.stack((before, before + slope[:-1] / 3, after - slope[1:] / 3, after), axis=1)


def _slope(points: Curve) -> Curve:
    """The change of position from point to point at all but the two first and two last of `points`."""
    slope: Curve = (8 * (points[3:-1] - points[1:-3]) - (points[4:] - points[:-4])) / 12
    return slope


def runs(keep: NDArray[np.bool_]) -> Iterator[slice]:
    """The longest stretches in which `keep` (n,) holds, each of two points or more."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], keep, [False])).astype(np.int8)))
    for start, stop in edges.reshape(-1, 2):
        if stop - start > 1:
            yield slice(int(start), int(stop))


def thin(curve: Curve, tolerance_mm: float = 0.01) -> Curve:
    """`curve` without the points that lie within `tolerance_mm` of it anyway (Douglas and Peucker 1973)."""
    keep = np.zeros(len(curve), dtype=bool)
    keep[[0, -1]] = True
    spans = [(0, len(curve) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        away = _distance(curve[first + 1 : last], curve[first], curve[last])
        worst = int(np.argmax(away))
        if away[worst] > tolerance_mm:
            middle = first + 1 + worst
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return curve[keep]


def _distance(points: Curve, start: Curve, end: Curve) -> NDArray[np.float64]:
    """Distance of each point from the line through `start` and `end`, mm."""
    along = end - start
    length = float(np.hypot(*along))
    offset = points - start
    if length == 0:
        return np.hypot(offset[:, 0], offset[:, 1])
    away: NDArray[np.float64] = np.abs(offset[:, 0] * along[1] - offset[:, 1] * along[0]) / length
    return away


def ribbon(line: Curve, width_mm: NDArray[np.float64], least_mm: float = 0.03) -> list[Curve]:
    """Outlines of a line that swells: `width_mm` (n,) at each point of `line` (n, 2); nothing under `least_mm`."""
    slope = np.gradient(line, axis=0)
    across = np.column_stack((-slope[:, 1], slope[:, 0])) / np.maximum(np.hypot(*slope.T), 1e-9)[:, None]
    half = across * (width_mm / 2)[:, None]
    return [np.vstack((thin((line + half)[run]), thin((line - half)[run])[::-1])) for run in runs(width_mm >= least_mm)]


def regular(count: int) -> NDArray[np.float64]:
    """`count` angles once round, the first again at the end, in radians."""
    return np.linspace(0, 2 * np.pi, count + 1)


def rectangle(left: float, top: float, right: float, bottom: float) -> Curve:
    """The four corners of a box, mm."""
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float64)


def joined(curves: Iterable[Pieces]) -> Pieces:
    """Every piece of every curve in one array."""
    return np.concatenate(list(curves))
