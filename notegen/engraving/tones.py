"""Tones: the light and dark of a picture as inks, or as where an engraver would cut."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from notegen.ink.cmyk import PAPER, Ink

Greys = NDArray[np.float64]
"""Lightness (rows, columns), 0 black to 1 white."""

Cut = NDArray[np.bool_]
"""Where ink goes: (rows, columns)."""

PITCH_MM = 0.4
"""From one engraved line to the next: fine enough for a face, coarse enough for a press."""

_WAVE_MM, _WAVE_LENGTH_MM = 0.55, 13.0
_THINNEST, _THICKEST = 0.14, 0.9
"""Of the pitch: what is thinner is left out, and lines never run together."""

_PAPER_MM, _STROKE = 4.0, 0.87
"""Over how much the paper of a drawing is looked at, and what part of its lightness is a stroke."""


def greys(picture: Image.Image) -> Greys:
    """The lightness of a picture, its darkest and lightest hundredths stretched to black and white."""
    stretched = ImageOps.autocontrast(picture.convert("L"), cutoff=1)
    return np.asarray(stretched, dtype=np.float64) / 255


def duotone(tones: Greys, inks: Sequence[Ink]) -> NDArray[np.uint8]:
    """Inks (rows, columns, 4), 255 being solid: from paper through each ink to the last, as it grows darker."""
    stops = np.array([ink.parts for ink in (PAPER, *inks)]) * 255
    at = np.linspace(1, 0, len(stops))[::-1]
    mixed = [np.interp(tones, at, stops[::-1, part]) for part in range(4)]
    inked: NDArray[np.uint8] = np.rint(np.stack(mixed, axis=-1)).astype(np.uint8)
    return inked


def engraved(tones: Greys, dots_a_mm: float) -> Cut:
    """Lines that sway over the picture and swell where it is dark."""
    rows, columns = np.arange(tones.shape[0])[:, None], np.arange(tones.shape[1])[None, :]
    sway = _WAVE_MM * np.sin(2 * np.pi * columns / (dots_a_mm * _WAVE_LENGTH_MM) + rows / (dots_a_mm * 9))
    phase = (rows / dots_a_mm + sway + columns / dots_a_mm * 0.35) / PITCH_MM % 1
    dark = np.minimum((1 - tones) ** 0.9, _THICKEST)
    cut: Cut = (np.abs(phase - 0.5) * 2 < dark) & (dark > _THINNEST)
    return cut


def drawn(picture: Image.Image, dots_a_mm: float) -> Cut:
    """The strokes of a drawing: what is darker than the paper round it, and what is dark altogether."""
    grey = ImageOps.autocontrast(picture.convert("L"), cutoff=1)
    softened = np.asarray(grey.filter(ImageFilter.GaussianBlur(dots_a_mm * 0.06)), dtype=np.float64)
    paper = _paper(grey, dots_a_mm)
    cut: Cut = (softened < paper * _STROKE) | (softened < 50)
    return cut


def _paper(grey: Image.Image, dots_a_mm: float) -> Greys:
    """The lightness round each dot, found on a picture an eighth as fine, which looks the same once it is blurred."""
    small = grey.resize((max(grey.width // 8, 1), max(grey.height // 8, 1)), Image.Resampling.BOX)
    blurred = small.filter(ImageFilter.GaussianBlur(dots_a_mm * _PAPER_MM / 8))
    return np.asarray(blurred.resize(grey.size, Image.Resampling.BILINEAR), dtype=np.float64)
