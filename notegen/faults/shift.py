"""Shift: colours of a screen that no ink can print."""

from collections.abc import Iterator

import numpy as np

from notegen.artwork import separation
from notegen.faults.side import Side
from notegen.preflight import Fault

MOST_DELTA_E = 5.0
"""What ISO 12647-2:2004 allows a press to miss a solid colour by: more than that is seen."""

_SHOWN = 3


def faults(side: Side) -> Iterator[Fault]:
    """RGB whose inks look otherwise than the screen, the worst first."""
    found = sorted(_shifts(side), reverse=True)
    if not found:
        return
    worst = ", ".join(f"{screen} becomes {inks} (delta E {shift:.0f})" for shift, screen, inks in found[:_SHOWN])
    count = "One RGB colour" if len(found) == 1 else f"{len(found)} RGB colours"
    message = f"{count} cannot be printed as on the screen; the worst: {worst}. Choose others, in CMYK."
    yield Fault("rgb", message, side.where)


def _shifts(side: Side) -> Iterator[tuple[float, str, str]]:
    for profile, colours in side.met.items():
        rgb = np.array([colour for colour in sorted(colours) if len(set(colour)) > 1], np.uint8).reshape(-1, 3)
        inks = separation.inked(rgb, profile)
        shifts = separation.difference(separation.lab_of_rgb(rgb, profile), separation.lab_of_inks(inks))
        for at in np.flatnonzero(shifts > MOST_DELTA_E):
            yield float(shifts[at]), "#{:02X}{:02X}{:02X}".format(*rgb[at]), _named(inks[at])


def _named(inks: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> str:
    parts = [f"{letter}{amount / 2.55:.0f}" for letter, amount in zip("CMYK", inks, strict=True) if amount > 1]
    return " ".join(parts) or "bare paper"
