"""Looks: ways to let an engine see one region, each of which reads symbols that the others do not."""

import numpy as np

from scanner.engines import Grey, zbar, zxing, zxing_faults
from scanner.passes import sharpened, thresholded
from scanner.reading import Corners, Reading
from scanner.regions import Region


def plain(grey: Grey, place: Region) -> list[Reading]:
    """As it is, the cheapest."""
    return _moved(zxing(place.cut(grey)), place, 1)


def sharp(grey: Grey, place: Region, starts: list[Corners]) -> list[Reading]:
    """Twice as large and sharpened; `starts` gets the corners (4, 2) of symbols that were seen and not read."""
    readings, faults = zxing_faults(sharpened(place.enlarged(grey, 2), sigma=3, amount=7))
    starts += [reading.corners for reading in _moved(faults, place, 2)]
    return _moved(readings, place, 2)


def soft_sharp(grey: Grey, place: Region) -> list[Reading]:
    """Three times as large, sharpened a little."""
    return _moved(zxing(sharpened(place.enlarged(grey, 3), sigma=4.5, amount=2)), place, 3)


def large(grey: Grey, place: Region) -> list[Reading]:
    """Four times as large."""
    return _moved(zxing(place.enlarged(grey, 4)), place, 4)


def two_shades(grey: Grey, place: Region) -> list[Reading]:
    """Black and white by one threshold, for glare."""
    return _moved(zxing(thresholded(place.enlarged(grey, 2))), place, 2)


def by_zbar(grey: Grey, place: Region) -> list[Reading]:
    """By the other engine."""
    return _moved(zbar(place.enlarged(grey, 2)), place, 2)


PATIENT = (soft_sharp, large, two_shades, by_zbar)
"""For pictures that nobody waits for."""


def _moved(readings: list[Reading], place: Region, factor: float) -> list[Reading]:
    """Readings in an enlarged region, as in the picture."""
    shift = np.array((place.left, place.top))
    return [Reading(each.text, each.scaled(factor).corners + shift) for each in readings]
