"""The marking: how the dark modules of a symbol are laid down, as operators that fill the unit square.

An image is exact at every resolution, and the smallest. Rectangles are for print shops whose preflight refuses a
one-bit image of few dots an inch.
"""

from collections.abc import Callable
from math import ceil
from typing import Literal

import numpy as np

from notegen.geometry.slot import MODULES
from notegen.ink import symbol

Marking = Literal["image", "vector"]
Mark = Callable[[bytes], bytes]
"""A symbol of `symbol.BYTES` bytes to operators."""

INSET_MM = 0.45 * 25.4 / 2400
"""A fill takes every dot it touches (ISO 32000-1:2008, 10.6.5), half a dot more on each side than was meant, so every
rectangle is drawn in by so much at 2400 dpi; less than half a dot, or white would show between two rows."""

_IMAGE = b"BI/W %d/H %d/IM true/D[1 0]" % (MODULES, MODULES)
"""A 1-bit mask, a set bit taking the ink (ISO 32000-1:2008, 8.9.6.2): every module exactly as wide as said."""


def of(marking: Marking, module_mm: float) -> Mark:
    """How to mark symbols whose modules are `module_mm` wide."""
    return image if marking == "image" else _vector(module_mm)


def image(drawn: bytes) -> bytes:
    """A symbol as an inline image.

    One in two hundred holds the letters EI, which a hasty reader may take for its end; that one is spelt in hex.
    """
    if b"EI" in drawn:
        return _IMAGE + b"/F/AHx ID " + drawn.hex().encode() + b">\nEI "
    return _IMAGE + b" ID " + drawn + b"\nEI "


def _vector(module_mm: float) -> Mark:
    """A symbol as rectangles, one for each run of dark modules in a row, in units of the inset."""
    units = ceil(module_mm / INSET_MM)
    scale = b"%.10f 0 0 %.10f 0 0 cm\n" % ((1 / (MODULES * units),) * 2)
    lefts = [b"%d " % (at * units + 1) for at in range(MODULES)]
    lows = [b"%d " % ((MODULES - 1 - at) * units + 1) for at in range(MODULES)]
    sizes = [b"%d %d re\n" % (length * units - 2, units - 2) for length in range(MODULES + 1)]

    def mark(drawn: bytes) -> bytes:
        runs = zip(*_dark_runs(drawn), strict=True)
        return scale + b"".join([lefts[start] + lows[row] + sizes[stop - start] for row, start, stop in runs]) + b"f\n"

    return mark


def _dark_runs(drawn: bytes) -> tuple[list[int], list[int], list[int]]:
    """Row, first column and column after the last of each run of dark modules, from the top left."""
    rows = np.frombuffer(drawn, dtype=np.uint8).reshape(MODULES, symbol.ROW_BYTES)
    modules = np.unpackbits(rows, axis=1)[:, :MODULES].astype(np.int8)
    edges = np.diff(np.pad(modules, ((0, 0), (1, 1))), axis=1)
    (row, start), (_, stop) = np.nonzero(edges == 1), np.nonzero(edges == -1)
    return row.tolist(), start.tolist(), stop.tolist()
