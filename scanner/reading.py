"""A reading: one QR text, and where in the picture it stands."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Corners = NDArray[np.float64]
"""Four points (4, 2), each x then y in pixels of the picture, around the symbol."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A text and its four `corners`, going round the symbol; zxing-cpp starts at the symbol's own top left.

    A note's text is as good as money, so it is left out of the repr and thereby of every log.
    """

    text: str = field(repr=False)
    corners: Corners

    @property
    def centre(self) -> NDArray[np.float64]:
        """The middle of the symbol (2,), pixels."""
        return np.asarray(self.corners.mean(axis=0))

    @property
    def side(self) -> float:
        """The mean length of the four sides, pixels."""
        return float(np.linalg.norm(self.corners - np.roll(self.corners, 1, axis=0), axis=1).mean())

    def scaled(self, factor: float) -> "Reading":
        """The same reading in a picture `factor` times smaller, on which pixel centres fall as in `cv2.resize`."""
        return Reading(self.text, (self.corners + 0.5) / factor - 0.5)


def same_place(one: Reading, other: Reading) -> bool:
    """Whether two readings stand on the same symbol: their middles close together and their sizes alike."""
    larger, smaller = max(one.side, other.side), min(one.side, other.side)
    return float(np.linalg.norm(one.centre - other.centre)) < larger / 3 and larger < 1.6 * smaller


def new_among(found: list[Reading], known: list[Reading]) -> list[Reading]:
    """Those of `found` that stand where none of `known`, nor an earlier one of themselves, does.

    A symbol has one text, so the first engine to read it wins; two copies of one text side by side stay two.
    """
    fresh: list[Reading] = []
    for reading in found:
        if not any(same_place(reading, other) for other in [*known, *fresh]):
            fresh.append(reading)
    return fresh
