"""Bleed: whether the art goes on beyond the knife, so that a cut a hair off shows no white edge."""

from collections.abc import Iterator

import numpy as np

from notegen.faults.side import DPI, Side
from notegen.preflight import Fault

_INSIDE_MM, _SPARE_MM = 1.0, 1.0
_BARE_PERCENT, _INKED_PERCENT = 0.2, 2.0
_LEAST_MM = 5.0
_EDGES = ("left", "right", "top", "bottom")


def faults(side: Side) -> Iterator[Fault]:
    """The edges on which there is ink up to the knife, and bare paper beyond it."""
    ends = [edge for edge in _EDGES if _bare_mm(side, edge) >= _LEAST_MM]
    if ends:
        edges = " and ".join([", ".join(ends[:-1]), ends[-1]] if len(ends) > 1 else ends)
        message = f"The art ends at the knife on the {edges}: carry it on to the edge of the bleed, {side.design.bleed_mm:g} mm out."
        yield Fault("no-bleed", message, side.where)


def _bare_mm(side: Side, edge: str) -> float:
    """How far, in mm, the art ends at the knife along an edge."""
    total = side.plates.sum(axis=2, dtype=np.float64) / 2.55
    turned = {"left": total, "right": total[:, ::-1], "top": total.T, "bottom": total[::-1].T}[edge]
    dots = DPI / 25.4
    knife = round(side.design.bleed_mm * dots)
    along = turned[knife:-knife]
    millimetres = len(along) // round(dots)
    bins = along[: millimetres * round(dots)].reshape(millimetres, -1, turned.shape[1])
    inside = bins[:, :, knife + 2 : knife + round(_INSIDE_MM * dots)].mean(axis=(1, 2))
    beyond = bins[:, :, : knife - round(_SPARE_MM * dots)].mean(axis=(1, 2))
    return float(((inside >= _INKED_PERCENT) & (beyond <= _BARE_PERCENT)).sum())
