"""What a test card tells of a camera: how large, how light, how clear and how sharp a code stands in its picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.decode import Frame
from scanner.reading import Corners

MODULES = 49
"""A side of a note's symbol (QR version 8)."""

LEAST_PIXELS, MOST_SHARE = 3.0, 0.8
LEAST_LIGHT, MOST_LIGHT = 70, 245
LEAST_CONTRAST = 60
LEAST_SHARPNESS = 35
_SOMETHING = 100
"""A picture with so much contrast shows something, though nothing of it is sharp."""


Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Measures:
    """Of a code, or of the middle of the picture where none was found (`pixels` None): pixels a module, the light of its paper
    and the contrast in levels of 255, and the sharpness in hundredths: how much of the contrast lies between two pixels at an
    edge, a module of three pixels assumed. `fits`: the whole of it lies well within the picture."""

    pixels: float | None
    light: int
    contrast: int
    sharpness: int
    fits: bool = True


def measure(frame: Frame, corners: Sequence[Corners]) -> Measures:
    """Of the largest code that was read; else of one that only looks like a code; else of the picture."""
    grey = frame if frame.ndim == 2 else np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    found = max(corners, key=_side, default=None)
    if found is None:
        found = _looks_like_one(grey)
    if found is None:
        height, width = grey.shape
        return _of(grey[height // 4 : height * 3 // 4, width // 4 : width * 3 // 4], None, fits=True)
    pixels = _side(found) / MODULES
    box = _within(grey, found)
    return _of(box, pixels, fits=_side(found) < MOST_SHARE * min(grey.shape) and _is_inside(grey, found))


def advice(of: Measures) -> str:
    """The first thing to mend, as the name of a sentence; what spoils the picture comes before what it shows."""
    if of.light < LEAST_LIGHT:
        return "card_light"
    if of.light > MOST_LIGHT and of.contrast < LEAST_CONTRAST:
        return "card_glare"
    if of.pixels is None:
        is_blurred = of.contrast >= _SOMETHING and of.sharpness < LEAST_SHARPNESS - 10
        return "card_sharp" if is_blurred else "card_show"
    if not of.fits:
        return "card_back"
    if of.pixels < LEAST_PIXELS:
        return "card_closer"
    if of.contrast < LEAST_CONTRAST:
        return "card_contrast"
    return "card_sharp" if of.sharpness < LEAST_SHARPNESS else "card_good"


def _of(box: Grey, pixels: float | None, *, fits: bool) -> Measures:
    dark, light = (float(level) for level in np.percentile(box, (5, 95)))
    contrast = light - dark
    steps = np.abs(np.diff(box.astype(np.int16), axis=1))
    steep = float(np.percentile(steps, 98)) if steps.size else 0.0
    scale = max(1.0, (pixels or 3.0) / 3.0)  # a larger symbol may be softer by as much
    sharpness = min(100.0, 100 * steep / contrast * scale) if contrast >= 1 else 0.0
    return Measures(pixels, round(light), round(contrast), round(sharpness), fits)


def _looks_like_one(grey: Grey) -> Corners | None:
    there, points = cv2.QRCodeDetector().detect(grey)
    return np.asarray(points[0], dtype=np.float64) if there and points is not None else None


def _side(corners: Corners) -> float:
    return float(np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).mean())


def _within(grey: Grey, corners: Corners) -> Grey:
    height, width = grey.shape
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, (width - 2, height - 2))
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int), (left + 2, top + 2), (width, height))
    return grey[top:bottom, left:right]


def _is_inside(grey: Grey, corners: Corners) -> bool:
    height, width = grey.shape
    margin = 4
    low, high = corners.min(axis=0), corners.max(axis=0)
    return bool((low >= margin).all() and high[0] <= width - margin and high[1] <= height - margin)
