"""A weave: warp and weft over and under each other, as a weaver's draft has them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from notegen.design import Design
from notegen.engraving.curve import Curve
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate


@dataclass(frozen=True)
class Weave:
    """A herringbone: a two-and-two twill whose slant turns round after every `slant_ends` threads of the warp."""

    box_mm: tuple[float, float, float, float]
    pitch_mm: float
    warp: str
    weft: str
    width_mm: float = 0.12
    slant_ends: int = 12

    def floats(self) -> tuple[list[Curve], list[Curve]]:
        """The stretches of warp and of weft that lie on top, each from its start to its end."""
        left, top, right, bottom = self.box_mm
        end = np.arange(int((right - left) / self.pitch_mm))[:, None]
        pick = np.arange(int((bottom - top) / self.pitch_mm))[None, :]
        slant = np.abs(end % (2 * self.slant_ends) - self.slant_ends)
        rising = end % (2 * self.slant_ends) >= self.slant_ends
        step = (slant + pick) % 4
        warp = [self._float(cell, np.array((0, 1))) for cell in np.argwhere(step == 0)]
        weft = [self._float(cell, np.array((1, 0))) for cell in np.argwhere(step == np.where(rising, 2, 3))]
        return warp, weft

    def _float(self, cell: NDArray[np.int_], way: NDArray[np.int_]) -> Curve:
        """A thread that lies over the crossing `cell` (end, pick) and over the next one that `way`."""
        crossings: Curve = np.array((cell - 0.4 * way, cell + 1.4 * way)) + 0.5
        return crossings * self.pitch_mm + self.box_mm[:2]

    def draw(self, plate: Plate, design: Design) -> None:
        """Stroke the warp, then the weft."""
        for floats, spoken in zip(self.floats(), (self.warp, self.weft), strict=True):
            plate.stroke(floats, ink(design, spoken), self.width_mm)
