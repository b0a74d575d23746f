"""Curves on a note: points in mm from the top left of its trim, y downward, as arrays of shape (n, 2)."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]
"""Points in order, shape (n, 2), mm."""

Pieces = NDArray[np.float64]
"""Cubic Bézier pieces, shape (m, 4, 2): start, two controls, end, mm."""


FINEST_MM = 0.06
"""No line is finer: a press loses it, or a plate does."""


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


def traced(curve: Curve, step_mm: float, *, closed: bool = False) -> Curve:
    """Points about `step_mm` apart, evenly, on the smooth path through those of `curve`."""
    share = np.linspace(0, 1, 24, endpoint=False)[:, None]
    start, one, two, end = np.moveaxis(smooth(curve, closed=closed), 1, 0)[:, :, None]
    fine = (
        start * (1 - share) ** 3
        + 3 * one * share * (1 - share) ** 2
        + 3 * two * share**2 * (1 - share)
        + end * share**3
    )
    return evenly(np.vstack((fine.reshape(-1, 2), end[-1])), step_mm)


def evenly(line: Curve, step_mm: float) -> Curve:
    """Points about `step_mm` apart, evenly, on straight parts from point to point of `line`, its ends among them."""
    run = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
    places = np.linspace(0, run[-1], max(2, round(run[-1] / step_mm) + 1))
    return np.column_stack([np.interp(places, run, side) for side in line.T])


def normals(line: Curve) -> Curve:
    """At each point of `line` (n, 2), the way across it to the right of who goes along it, of length 1."""
    slope = np.gradient(line, axis=0)
    across: Curve = np.column_stack((-slope[:, 1], slope[:, 0])) / np.maximum(np.hypot(*slope.T), 1e-9)[:, None]
    return across


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


def ribbon(line: Curve, width_mm: NDArray[np.float64]) -> list[Curve]:
    """Outlines of a line that swells: `width_mm` (n,) at each point of `line` (n, 2).

    Where it would be finer than FINEST_MM it is that fine, and where it would be half as fine it breaks.
    """
    half = normals(line) * (np.maximum(width_mm, FINEST_MM) / 2)[:, None]
    seen = runs(width_mm >= FINEST_MM / 2)
    return [np.vstack((thin((line + half)[run]), thin((line - half)[run])[::-1])) for run in seen]


def regular(count: int) -> NDArray[np.float64]:
    """`count` angles once round, the first again at the end, in radians."""
    return np.linspace(0, 2 * np.pi, count + 1)


def rectangle(left: float, top: float, right: float, bottom: float) -> Curve:
    """The four corners of a box, mm."""
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float64)


def joined(curves: Iterable[Pieces]) -> Pieces:
    """Every piece of every curve in one array."""
    return np.concatenate(list(curves))
