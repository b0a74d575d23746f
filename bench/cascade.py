"""The reader that the scanner had before: several passes over one frame, cheap ones first, joined into one list.

The passes are those that a study on simulated and real photographs found worth their time: enlarging is nearly the
whole gain, because a camera gives 2 to 3 pixels a module and the engines want 4; sharpening undoes blur of half a module, a global
threshold (Otsu) some glare, and zbar reads a few symbols that zxing-cpp never does. The union is taken, not the first
hit: of several notes on a desk, each pass reads others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import cv2
import numpy as np

from scanner.engines import zbar, zxing
from scanner.reading import Reading, new_among
from scanner.shades import Frame, Grey, sharpened, thresholded, to_grey

_LEAST_ENLARGEMENT = 1.25
"""An enlargement cut below this, because the frame is large already, is not worth its time."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One look: enlarge by `factor` as far as `most_pixels` allow, treat the picture, hand it to the engine."""

    name: str
    engine: Callable[[Grey], list[Reading]]
    factor: float = 1.0
    treat: Callable[[Grey], Grey] | None = None
    most_pixels: int = 40_000_000

    def fitted(self, height: int, width: int) -> float:
        """The factor that keeps the enlarged picture of (height, width) pixels within bounds; 1 when little is left."""
        factor = min(self.factor, sqrt(self.most_pixels / (height * width)))
        return factor if factor >= _LEAST_ENLARGEMENT else 1.0

    @property
    def only_enlarges(self) -> bool:
        """Whether, not enlarged, it is the plain pass again."""
        return self.factor > 1 and self.treat is None and self.engine is zxing


PASSES: tuple[Pass, ...] = (
    Pass("plain", zxing),
    Pass("sharp", zxing, 1, lambda grey: sharpened(grey, sigma=1.5, amount=4)),
    Pass("2x", zxing, 2),
    Pass("4x", zxing, 4),
    Pass("sharp 2x", zxing, 2, lambda grey: sharpened(grey, sigma=3, amount=7)),
    Pass("soft sharp 3x", zxing, 3, lambda grey: sharpened(grey, sigma=4.5, amount=2)),
    Pass("Otsu 2x", zxing, 2, thresholded),
    Pass("zbar", zbar, 2, None, 4_000_000),
)
"""Every pass, the cheap ones first; sigmas and amounts are the best of a search over blurred frames (bench/scan.py)."""


def glanced(frame: Frame) -> list[Reading]:
    """What the passes read, each of them what it adds to those before it. Raises BadInput."""
    grey = to_grey(frame)
    known: list[Reading] = []
    enlarged: dict[float, Grey] = {1.0: grey}
    for look in PASSES:
        known += new_among(_look(look, grey, enlarged), known)
    return known


def _look(look: Pass, grey: Grey, enlarged: dict[float, Grey]) -> list[Reading]:
    factor = look.fitted(*grey.shape)
    if factor == 1 and look.only_enlarges:
        return []
    picture = _enlarged(grey, factor, enlarged)
    found = look.engine(look.treat(picture) if look.treat else picture)
    return [reading.scaled(factor) for reading in found] if factor > 1 else found


def _enlarged(grey: Grey, factor: float, enlarged: dict[float, Grey]) -> Grey:
    """Enlargements are kept for the length of one frame: three passes share one of them."""
    if factor not in enlarged:
        enlarged[factor] = np.asarray(
            cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), dtype=np.uint8
        )
    return enlarged[factor]
