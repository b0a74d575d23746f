"""The lens of a camera: left to itself until the picture is right, then held, so that a white note does not darken the next."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

SETTLE_SECONDS = 2.5
"""In which a camera finds its focus and its exposure by itself."""

DARK, BRIGHT = 35.0, 235.0
"""Where the mean of the picture leaves these levels, the light has changed: the camera settles again."""

_LOOK_SECONDS = 5.0
_AUTO, _HELD = 3.0, 1.0
"""Exposure by itself or by hand, as Video4Linux and OpenCV count it."""

Get = Callable[[int], float]
Set = Callable[[int, float], bool]


class Lens:
    """Works by what the driver lets be read and set; what it does not let be is left as it is."""

    def __init__(self, get: Get, put: Set) -> None:
        self._get, self._put = get, put
        self._since: float | None = None
        self._looked_at = 0.0
        self.is_held = False

    def see(self, frame: NDArray[np.uint8], now: float) -> None:
        """A frame was taken, `now` in seconds."""
        if self._since is None:
            self._loosen(now)
        elif not self.is_held and now - self._since >= SETTLE_SECONDS:
            self._hold()
        elif self.is_held and now - self._looked_at >= _LOOK_SECONDS:
            self._looked_at = now
            if not DARK <= float(frame[::16, ::16].mean()) <= BRIGHT:
                self._loosen(now)

    def _loosen(self, now: float) -> None:
        self._since, self.is_held = now, False
        self._put(cv2.CAP_PROP_AUTOFOCUS, 1)
        self._put(cv2.CAP_PROP_AUTO_EXPOSURE, _AUTO)

    def _hold(self) -> None:
        """The values of now are read first: some drivers begin from others when they are told to keep still."""
        focus, exposure = self._get(cv2.CAP_PROP_FOCUS), self._get(cv2.CAP_PROP_EXPOSURE)
        if self._put(cv2.CAP_PROP_AUTOFOCUS, 0) and focus > 0:
            self._put(cv2.CAP_PROP_FOCUS, focus)
        if exposure > 0 and self._put(cv2.CAP_PROP_AUTO_EXPOSURE, _HELD):
            self._put(cv2.CAP_PROP_EXPOSURE, exposure)
        self.is_held = True
