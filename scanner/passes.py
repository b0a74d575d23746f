"""From a picture to QR texts: several passes over one frame, cheap ones first, joined into one list.

The passes are those that a study on simulated and real photographs found worth their time: enlarging is nearly the
whole gain, because a camera gives 2 to 3 pixels a module and the engines want 4; sharpening undoes blur of half a module, a global
threshold (Otsu) some glare, and zbar reads a few symbols that zxing-cpp never does. The union is taken, not the first
hit: of several notes on a desk, each pass reads others.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.errors import BadInput
from scanner.engines import Grey, zbar, zxing
from scanner.reading import Reading, new_among

__all__ = ["PASSES", "QUICK", "Frame", "Pass", "Reading", "glances"]

Frame = NDArray[np.uint8]
"""A picture (H, W, 3) in the order blue, green, red, or (H, W) grey."""

MOST_PIXELS = 100_000_000
"""Of a frame, which is an A3 sheet at 700 dots per inch: beyond it the passes would need gigabytes."""

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


def sharpened(grey: Grey, *, sigma: float, amount: float) -> Grey:
    """Unsharp mask: the picture plus `amount` times what a Gaussian blur of `sigma` pixels takes away."""
    soft = cv2.GaussianBlur(grey, (0, 0), sigma)
    return _bytes(cv2.addWeighted(grey, 1 + amount, soft, -amount, 0))


def thresholded(grey: Grey) -> Grey:
    """Black and white by one threshold for the whole picture (Otsu 1979)."""
    return _bytes(cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1])


QUICK: tuple[Pass, ...] = (
    Pass("plain", zxing),
    Pass("sharp", zxing, 1, lambda grey: sharpened(grey, sigma=1.5, amount=4)),
)
"""What every frame of a camera gets."""

PASSES: tuple[Pass, ...] = (
    *QUICK,
    Pass("2x", zxing, 2),
    Pass("4x", zxing, 4),
    Pass("sharp 2x", zxing, 2, lambda grey: sharpened(grey, sigma=3, amount=7)),
    Pass("soft sharp 3x", zxing, 3, lambda grey: sharpened(grey, sigma=4.5, amount=2)),
    Pass("Otsu 2x", zxing, 2, thresholded),
    Pass("zbar", zbar, 2, None, 4_000_000),
)
"""Every pass, the cheap ones first; sigmas and amounts are the best of a search over blurred frames (bench/scan.py)."""


def glances(frame: Frame, passes: Sequence[Pass] = PASSES) -> Iterator[list[Reading]]:
    """What each pass adds to those before it; whoever is out of time stops between two. Raises BadInput."""
    grey = to_grey(frame)
    known: list[Reading] = []
    enlarged: dict[float, Grey] = {1.0: grey}
    for look in passes:
        fresh = new_among(_look(look, grey, enlarged), known)
        known += fresh
        yield fresh


def to_grey(frame: Frame) -> Grey:
    """The frame as a grey picture (H, W). Raises BadInput when it is not a picture of 8 bits."""
    if not isinstance(frame, np.ndarray) or frame.dtype != np.uint8:
        raise BadInput("A frame is an array of bytes (numpy uint8): convert it first.")
    if frame.ndim not in (2, 3) or (frame.ndim == 3 and frame.shape[2] != 3):
        raise BadInput(f"A frame has the shape (H, W) or (H, W, 3), not {frame.shape}.")
    if not 0 < frame.shape[0] * frame.shape[1] <= MOST_PIXELS:
        raise BadInput(f"A frame has 1 to {MOST_PIXELS} pixels, not {frame.shape[0]} x {frame.shape[1]}.")
    return np.ascontiguousarray(frame) if frame.ndim == 2 else _bytes(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY))


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
        enlarged[factor] = _bytes(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC))
    return enlarged[factor]


def _bytes(picture: object) -> Grey:
    """OpenCV's stubs promise any number; the picture is of bytes because what went in was."""
    return np.asarray(picture, dtype=np.uint8)
