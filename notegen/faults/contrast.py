"""Contrast: whether what is printed into a slot can be read on the art beneath it."""

from collections.abc import Iterator

import numpy as np

from notegen.artwork import separation
from notegen.design import Design
from notegen.faults.side import Side
from notegen.geometry.slot import Slot
from notegen.ink.cmyk import BLACK, Ink
from notegen.preflight import Fault

LEAST = 4.5
"""To one: what text needs (WCAG 2.2, success criterion 1.4.3, level AA)."""

_CELL = 3
"""Dots a side that the eye takes for one tone: a quarter of a millimetre, a minute of arc at arm's length."""

_WORST = (5, 95)
"""Percentiles: a speck of dark under one letter does no harm."""


def faults(side: Side) -> Iterator[Fault]:
    """Each slot that stands on art too near to its own ink."""
    for name, slot in _printed(side.design).items():
        ink = side.design.inks.get(slot.ink, BLACK) if isinstance(slot, Slot) and slot.ink else BLACK
        found = ratio(side, slot.box, ink)
        if found < LEAST:
            kind = "black" if ink == BLACK else "its ink"
            message = f"The art under slots.{name} is too near to {kind}: the contrast is {found:.1f} to 1"
            yield Fault(
                "contrast", f"{message}, and {LEAST:g} is needed to read it; make the art there plainer.", side.where
            )


def ratio(side: Side, box: tuple[float, float, float, float], ink: Ink) -> float:
    """The contrast of `ink` on the worst of the art in `box` (WCAG 2.2, contrast ratio), bare paper being white."""
    inks = side.plates[side.dots(box)]
    rows, columns = (max(length // _CELL, 1) for length in inks.shape[:2])
    cells = inks[: rows * _CELL, : columns * _CELL].reshape(rows, -1, columns, _CELL, 4).mean(axis=(1, 3))
    art = np.percentile(separation.lightness(np.rint(cells).astype(np.uint8)), _WORST)
    own = float(separation.lightness(np.rint(np.array(ink.parts) * 255).astype(np.uint8)[None, :])[0])
    return min((max(float(tone), own) + 0.05) / (min(float(tone), own) + 0.05) for tone in art)


def _printed(design: Design) -> dict[str, Slot]:
    return dict(design.slots)
