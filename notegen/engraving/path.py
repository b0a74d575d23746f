"""Paths as PDF has them: whole hundredths of a millimetre under one scale, which keeps art small (ISO 32000-1, 8.5.2)."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from notegen.engraving.curve import Curve, Pieces
from notegen.ink.cmyk import Ink

UNITS_PER_MM = 100
"""A hundredth of a millimetre is 2,540 to the inch, finer than any plate."""


def polygons(outlines: Iterable[Curve]) -> str:
    """Closed outlines of straight sides."""
    return "\n".join(f"{_straight(outline)} h" for outline in outlines)


def strokes(lines: Iterable[Curve]) -> str:
    """Open lines of straight parts."""
    return "\n".join(_straight(line) for line in lines)


def bends(pieces: Pieces) -> str:
    """Bézier pieces (m, 4, 2); those that meet end to start become one line."""
    points = _units(pieces)
    parts, pen = [], None
    for start, *rest in points.tolist():
        if start != pen:
            parts.append(f"{start[0]} {start[1]} m")
        parts.append(" ".join(f"{x} {y}" for x, y in rest) + " c")
        pen = rest[-1]
    return "\n".join(parts)


def colour(ink: Ink, operator: str) -> str:
    """Set `ink` for filling (`k`) or stroking (`K`)."""
    return " ".join(f"{part:.3f}".rstrip("0").rstrip(".") for part in ink.parts) + f" {operator}"


def _straight(curve: Curve) -> str:
    (x, y), *rest = _units(curve).tolist()
    return f"{x} {y} m " + " ".join(f"{x} {y} l" for x, y in rest)


def _units(points: Curve) -> NDArray[np.int64]:
    return np.rint(points * UNITS_PER_MM).astype(np.int64)
