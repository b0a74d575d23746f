"""A frame as a grey picture, and what makes its modules stand out."""

import cv2
import numpy as np
from numpy.typing import NDArray

from app.core.errors import BadInput

Frame = NDArray[np.uint8]
"""A picture (H, W, 3) in the order blue, green, red, or (H, W) grey."""

Grey = NDArray[np.uint8]
"""A grey picture (H, W), 0 black to 255 white."""

MOST_PIXELS = 100_000_000
"""Of a frame, which is an A3 sheet at 700 dots per inch: enlarged, one beyond it would need gigabytes."""


def to_grey(frame: Frame) -> Grey:
    """The frame as a grey picture (H, W). Raises BadInput when it is not a picture of 8 bits."""
    if not isinstance(frame, np.ndarray) or frame.dtype != np.uint8:
        raise BadInput("A frame is an array of bytes (numpy uint8): convert it first.")
    if frame.ndim not in (2, 3) or (frame.ndim == 3 and frame.shape[2] != 3):
        raise BadInput(f"A frame has the shape (H, W) or (H, W, 3), not {frame.shape}.")
    if not 0 < frame.shape[0] * frame.shape[1] <= MOST_PIXELS:
        raise BadInput(f"A frame has 1 to {MOST_PIXELS} pixels, not {frame.shape[0]} x {frame.shape[1]}.")
    return np.ascontiguousarray(frame) if frame.ndim == 2 else _bytes(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY))


def sharpened(grey: Grey, *, sigma: float, amount: float) -> Grey:
    """Unsharp mask: the picture plus `amount` times what a Gaussian blur of `sigma` pixels takes away."""
    soft = cv2.GaussianBlur(grey, (0, 0), sigma)
    return _bytes(cv2.addWeighted(grey, 1 + amount, soft, -amount, 0))


def thresholded(grey: Grey) -> Grey:
    """Black and white by one threshold for the whole picture (Otsu 1979)."""
    return _bytes(cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1])


def _bytes(picture: object) -> Grey:
    """OpenCV's stubs promise any number; the picture is of bytes because what went in was."""
    return np.asarray(picture, dtype=np.uint8)
