"""Looks: ways to let an engine see one region, each of which reads symbols that the others do not."""

from math import sqrt

import numpy as np

from scanner.engines import zbar, zxing, zxing_faults
from scanner.reading import Corners, Reading
from scanner.regions import Region
from scanner.shades import Grey, sharpened, thresholded

_MOST_PIXELS, _MOST_OF_ZBAR = 40_000_000, 4_000_000
"""Of an enlarged region: a large picture has no need of it."""


def plain(grey: Grey, place: Region) -> list[Reading]:
    """As it is, the cheapest."""
    return _moved(zxing(place.cut(grey)), place, 1)


def sharp(grey: Grey, place: Region, starts: list[Corners]) -> list[Reading]:
    """Twice as large and sharpened; `starts` gets the corners (4, 2) of symbols that were seen and not read."""
    factor = _fitted(2, place)
    readings, faults = zxing_faults(sharpened(place.enlarged(grey, factor), sigma=3, amount=7))
    starts += [reading.corners for reading in _moved(faults, place, factor)]
    return _moved(readings, place, factor)


def soft_sharp(grey: Grey, place: Region) -> list[Reading]:
    """Three times as large, sharpened a little."""
    factor = _fitted(3, place)
    return _moved(zxing(sharpened(place.enlarged(grey, factor), sigma=4.5, amount=2)), place, factor)


def large(grey: Grey, place: Region) -> list[Reading]:
    """Four times as large."""
    factor = _fitted(4, place)
    return _moved(zxing(place.enlarged(grey, factor)), place, factor)


def two_shades(grey: Grey, place: Region) -> list[Reading]:
    """Black and white by one threshold, for glare."""
    factor = _fitted(2, place)
    return _moved(zxing(thresholded(place.enlarged(grey, factor))), place, factor)


def by_zbar(grey: Grey, place: Region) -> list[Reading]:
    """By the other engine."""
    factor = _fitted(2, place, _MOST_OF_ZBAR)
    return _moved(zbar(place.enlarged(grey, factor)), place, factor)


PATIENT = (soft_sharp, large, two_shades, by_zbar)
"""For pictures that nobody waits for."""


def _fitted(factor: float, place: Region, most_pixels: int = _MOST_PIXELS) -> float:
    """As large as that, as far as the memory allows; never smaller than it is."""
    return max(1.0, min(factor, sqrt(most_pixels / place.area)))


def _moved(readings: list[Reading], place: Region, factor: float) -> list[Reading]:
    """Readings in an enlarged region, as in the picture."""
    shift = np.array((place.left, place.top))
    return [Reading(each.text, each.scaled(factor).corners + shift) for each in readings]
