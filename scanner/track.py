"""A track: one symbol followed from frame to frame, and what its frames say together."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scanner.blueprint import known
from scanner.codewords import Codewords
from scanner.reading import Corners, Reading, same_place
from scanner.sighting import Sighting

Float = NDArray[np.float32]

_LEAST_ALIKE = 0.12
"""Correlation of what two frames show of one symbol; of two symbols it is 0, give or take 0.03."""

_KEPT = 0.9
"""Of what earlier frames say, at each new one, so that ten or so frames count."""


@dataclass(slots=True)
class Track:
    """Where it was last seen (`corners`, (4, 2)), when, and the sum over its frames of how sure each module is."""

    corners: Corners
    seen_at: float
    text: str | None = None
    sum: Float = field(default_factory=lambda: np.zeros((49, 49), np.float32))
    frames: int = 0

    def is_at(self, corners: Corners) -> bool:
        """Whether the symbol is still about where it was."""
        return same_place(Reading("", self.corners), Reading("", corners))

    def add(self, sighting: Sighting, at_seconds: float) -> str | None:
        """Add what a frame shows; gives the text, from this frame alone or from all of them together."""
        self.corners, self.seen_at = sighting.lattice.corners, at_seconds
        self._gather(sighting.sure)
        words = Codewords()
        self.text = sighting.text(words) or (self._together() if self.frames > 1 else None)
        return self.text

    def _gather(self, sure: Float) -> None:
        """Another symbol in the same place begins a sum of its own: two notes must never make a third."""
        if self.frames and _alike(self.sum, sure) < _LEAST_ALIKE:
            self.sum, self.frames = np.zeros_like(self.sum), 0
        self.sum, self.frames = self.sum * np.float32(_KEPT) + sure, self.frames + 1

    def _together(self) -> str | None:
        """What is unsure in one frame is often sure in another."""
        words = Codewords()
        words.mend(self.sum)
        return words.text(self.sum)


def _alike(one: Float, other: Float) -> float:
    free = ~known()[0]
    return float(np.corrcoef(one[free], other[free])[0, 1])
