"""Resolution: whether a picture is fine enough for the size it is placed at."""

import math
from collections.abc import Iterator

from notegen.preflight.fault import Fault
from notegen.preflight.painting import Painting

LEAST_PPI = 300
_ROUNDING = 0.995
_SYMBOLS = range(21, 178, 4)
"""Modules along a side of a QR (ISO/IEC 18004:2015, 6.3.1)."""


def judge(painting: Painting) -> Iterator[Fault]:
    """A picture of too few pixels an inch. A QR, a square mask of a pixel a module, is as sharp as the plate is."""
    width, height = painting.pixels
    if painting.kind not in ("image", "mask") or not width or not height:
        return
    if painting.kind == "mask" and width == height and width in _SYMBOLS:
        return
    a, b, c, d, _, _ = painting.matrix
    long_pt = max(math.hypot(a, b) / width, math.hypot(c, d) / height)
    ppi = 72 / long_pt if long_pt else math.inf
    if ppi < LEAST_PPI * _ROUNDING:
        message = f"A picture of {width} x {height} pixels has {ppi:.0f} an inch at its size: {LEAST_PPI} are needed."
        yield Fault("resolution", message, painting.where)
