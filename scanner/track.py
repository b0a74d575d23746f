"""A track: one symbol followed from frame to frame, and what its frames say together."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scanner.blueprint import CODEWORDS, DATA, places
from scanner.codewords import Codewords
from scanner.reading import Corners, Reading, same_place
from scanner.sighting import Sighting

Float = NDArray[np.float32]

_LEAST_ALIKE = 0.2
"""Correlation of what two frames show of one symbol, (1 - 2e) squared where each gets a share e of modules wrong; of two
symbols it is 0, give or take 0.03."""

_FIRST_OWN, _FILLING = 28, 99
"""The first codewords say the host and the series, alike in all notes of a venue; the last data codewords only fill up."""

_MOST_SIGHTINGS = 8
"""Kept, of about a megabyte each."""

_ROUNDS = 3

_KEPT = 0.9
"""Of what earlier frames say, at each new one, so that ten or so frames count."""


@dataclass(slots=True)
class Track:
    """Where it was last seen (`corners`, (4, 2)), when, and what its last frames show."""

    corners: Corners
    seen_at: float
    text: str | None = None
    sum: Float = field(default_factory=lambda: np.zeros((49, 49), np.float32))
    """How sure each module is, over the frames so far."""
    sightings: deque[Sighting] = field(default_factory=lambda: deque(maxlen=_MOST_SIGHTINGS))

    def is_at(self, corners: Corners) -> bool:
        """Whether the symbol is still about where it was."""
        return same_place(Reading("", self.corners), Reading("", corners))

    def add(self, sighting: Sighting, at_seconds: float) -> str | None:
        """Add what a frame shows; gives the text, from this frame alone or from all of them together."""
        self.corners, self.seen_at = sighting.lattice.corners, at_seconds
        self._gather(sighting)
        self.text = sighting.text(Codewords())
        if self.text is None and len(self.sightings) > 1:
            self.text = self._together()
        return self.text

    def _gather(self, sighting: Sighting) -> None:
        """Another symbol in the same place begins a sum of its own: two notes must never make a third."""
        if self.sightings and _alike(self.sum, sighting.sure) < _LEAST_ALIKE:
            self.sum = np.zeros_like(self.sum)
            self.sightings.clear()
        self.sum = self.sum * np.float32(_KEPT) + sighting.sure
        self.sightings.append(sighting)

    def _together(self) -> str | None:
        """What is unsure in one frame is often sure in another; and what they agree on teaches each of them anew."""
        words, together = Codewords(), self.sum
        grown = words.mend(together)
        for _ in range(_ROUNDS if grown else 0):
            if all(words.whole):
                break
            together = self._retaught(words, together)
            words.mend(together)
        return words.text(together)

    def _retaught(self, words: Codewords, together: Float) -> Float:
        certain, dark = words.modules()
        usual = np.float32(np.abs(together).mean() + 1e-6)
        right = np.where(certain, np.where(dark, 1, -1), np.sign(together)).astype(np.float32).ravel()
        weight = np.where(certain, 1, np.clip(np.abs(together) / usual, 0, 1)).astype(np.float32).ravel()
        return np.asarray(sum(each.equaliser.agreed(right, weight) for each in self.sightings), np.float32)


def _alike(one: Float, other: Float) -> float:
    """Correlation (-1 to 1) over the modules in which notes differ: not their host, their series or what fills up."""
    own = places()[np.r_[_FIRST_OWN:_FILLING, sum(DATA) : CODEWORDS]].ravel()
    return float(np.corrcoef(one.ravel()[own], other.ravel()[own])[0, 1])
