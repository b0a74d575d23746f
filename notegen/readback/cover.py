"""A cover over the QRs of a picture: a report is kept when the press files are gone, so no note may be read from it.

What is covered still shows its faults. The corners by which a QR is found stay, as they are alike on all; the rest is
laid with tiles of eight modules, each half in the lightest and half in the darkest tone found below it: white and black where all is well.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from notegen.geometry.slot import MODULES, Box
from notegen.readback.eye import Eye
from notegen.readback.film import Pixels, Shot

_TILE_MODULES = 8
_FINDER_MODULES = 8
"""A finder with its separator (ISO/IEC 18004:2015, 6.3.3)."""


def covered(shot: Shot, place: Box, eyes: Sequence[Eye]) -> Pixels | None:
    """The picture with every QR in it covered, the one meant for `place` (mm) and any that an eye finds.

    None when one could still be read: then there is no picture to show.
    """
    pixels = shot.pixels.copy()
    grey = _grey(pixels)
    for box in (_inside(shot, place), *(_around(sight.corners) for eye in eyes for sight in eye.see(grey))):
        _cover(pixels, box)
    grey = _grey(pixels)
    return None if any(eye.read(grey) for eye in eyes) else pixels


def _grey(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else np.ascontiguousarray(pixels.mean(axis=2).astype(np.uint8))


def _inside(shot: Shot, box: Box) -> tuple[int, int, int, int]:
    left, top, right, bottom = (
        round((edge - shot.corner_mm[at % 2]) * shot.per_mm[at % 2]) for at, edge in enumerate(box)
    )
    return left, top, right, bottom


def _around(corners: Iterable[tuple[float, float]]) -> tuple[int, int, int, int]:
    xs, ys = zip(*corners, strict=True)
    return round(min(xs)), round(min(ys)), round(max(xs)), round(max(ys))


def _cover(pixels: Pixels, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    below = pixels[max(top, 0) : bottom, max(left, 0) : right]
    if not below.size:
        return
    laid, module = _tiled(below, tile=round((right - left) / MODULES * _TILE_MODULES)), (right - left) / MODULES
    side = round(_FINDER_MODULES * module)
    for rows, columns in ((np.s_[:side], np.s_[:side]), (np.s_[:side], np.s_[-side:]), (np.s_[-side:], np.s_[:side])):
        laid[rows, columns] = below[rows, columns]
    below[:] = laid


def _tiled(pixels: Pixels, tile: int) -> Pixels:
    """Each tile's lightest tone in its upper left half, its darkest in the other."""
    laid = np.empty_like(pixels)
    for top in range(0, pixels.shape[0], max(tile, 8)):
        for left in range(0, pixels.shape[1], max(tile, 8)):
            here = np.s_[top : top + max(tile, 8), left : left + max(tile, 8)]
            part = pixels[here]
            rows, columns = np.indices(part.shape[:2])
            laid[here] = part.min(axis=(0, 1))
            laid[here][rows + columns < sum(part.shape[:2]) / 2] = part.max(axis=(0, 1))
    return laid
