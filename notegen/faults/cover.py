"""Cover: how much ink lies on ink."""

from collections.abc import Iterator

import numpy as np

from notegen.faults.side import DPI, Side
from notegen.ink.cmyk import MOST_PERCENT
from notegen.preflight import Fault

_ROUNDING_PERCENT = 2.0
_CELL = 3
"""Dots a side: a quarter of a millimetre; less ink than that dries."""


def faults(side: Side) -> Iterator[Fault]:
    """More ink than dries, with the worst place and how much of the side is wet."""
    rows, columns = (length // _CELL * _CELL for length in side.plates.shape[:2])
    total = side.plates[:rows, :columns].sum(axis=2, dtype=np.float64) / 2.55
    cells = total.reshape(rows // _CELL, _CELL, columns // _CELL, _CELL).mean(axis=(1, 3))
    if cells.max() <= MOST_PERCENT + _ROUNDING_PERCENT:
        return
    row, column = np.unravel_index(int(cells.argmax()), cells.shape)
    x, y = side.place(int(row) * _CELL, int(column) * _CELL)
    area = float((cells > MOST_PERCENT + _ROUNDING_PERCENT).sum()) * (_CELL / DPI * 25.4) ** 2
    message = (
        f"The inks come to {cells.max():.0f} % in all at {x:.0f} mm from the left and {y:.0f} mm from the top of the note, "
        f"and to more than {MOST_PERCENT:.0f} % on {max(area, 0.1):.1f} mm²: that does not dry, so take out colour under black."
    )
    yield Fault("ink", message, side.where)
