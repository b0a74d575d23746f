"""A sighting: one look at one note's symbol in one frame, taken apart module by module."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanner.blueprint import known
from scanner.codewords import Codewords
from scanner.equaliser import EDGE, FINE, Equaliser
from scanner.lattice import Lattice, fitted, tightened
from scanner.reading import Corners
from scanner.shades import Grey

Float = NDArray[np.float32]

LEAST_FIT = 0.68
"""Of the patterns that every symbol has: what fits worse is none, or one that nothing could be read from."""

_ROUNDS = 4
"""What is mended teaches the filter, which lets more be mended; it ends by itself after two rounds nearly always."""


@dataclass(slots=True)
class Sighting:
    """`sure` (49, 49) says how surely each module is dark, positive, or light."""

    lattice: Lattice
    equaliser: Equaliser
    sure: Float

    def text(self, words: Codewords) -> str | None:
        """What the symbol says, if enough of it can be mended; `words` keeps what was."""
        for _ in range(_ROUNDS):
            grown = words.mend(self.sure)
            if all(words.whole) or not grown:
                break
            self.sure = self.equaliser.surest(*words.modules())
        return words.text(self.sure)

    def tightened(self, grey: Grey) -> "Sighting":
        """The same symbol with its lattice pulled onto what was made out so far."""
        return _of(grey, tightened(grey, self.lattice, self.sure))


def sighted(grey: Grey, starts: Iterable[Corners]) -> Sighting | None:
    """The first of the symbols that might stand at `starts` (each (4, 2)) which has the patterns of one."""
    for corners in starts:
        lattice = fitted(grey, Lattice.over(corners), LEAST_FIT)
        if lattice.fit >= LEAST_FIT:
            return _of(grey, lattice)
    return None


def _of(grey: Grey, lattice: Lattice) -> Sighting:
    equaliser = Equaliser(lattice.flattened(grey, FINE, EDGE))
    return Sighting(lattice, equaliser, equaliser.surest(*known()))
