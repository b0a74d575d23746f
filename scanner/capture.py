"""Frames by OpenCV's `VideoCapture`: a camera of this computer, a video file, a stream in the network."""

import os
import time
from collections.abc import Iterator

import cv2
import numpy as np

from app.core.errors import BadInput, Unavailable, shown
from scanner.cameras import devices
from scanner.lens import Lens
from scanner.moment import Moment

WIDTH_PIXELS, HEIGHT_PIXELS = 1920, 1080
"""What a camera is asked for; it gives the nearest that it has. At 640 x 480 a note must be closer than 16 cm."""

_USUAL_RATE = 25.0


class Video:
    """A video file, whose own clock counts, or a live stream."""

    def __init__(self, source: str, *, live: bool) -> None:
        self.live = live
        self._source = source
        self._capture = _opened(source)
        if not self._capture.isOpened():
            raise BadInput(_no_video(source, live=live))
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self._rate = rate if 1 <= rate <= 1000 else _USUAL_RATE

    def __iter__(self) -> Iterator[Moment]:
        taken = 0
        while True:
            there, frame = self._capture.read()
            if not there:
                break
            yield Moment(np.asarray(frame, dtype=np.uint8), time.monotonic() if self.live else taken / self._rate)
            taken += 1
        if taken and self.live:
            raise Unavailable(
                f"{shown(_without_password(self._source), 120)} gives no more pictures: look at the network."
            )
        if not taken:
            raise BadInput(_no_video(self._source, live=self.live))

    def close(self) -> None:
        """Let the file or the stream go."""
        self._capture.release()


class Camera:
    """A camera by its number, 0 the first. Its focus and exposure are held once they are right, where its driver lets them be."""

    live = True

    def __init__(self, number: int) -> None:
        self._number = number
        self._capture = _opened(number)
        if not self._capture.isOpened():
            raise BadInput(f"Camera {number} cannot be opened: {_cameras_here()}.")
        # Uncompressed pictures of this size come at five a second over USB 2; most cameras have MJPG as well.
        self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH_PIXELS)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT_PIXELS)

    def __iter__(self) -> Iterator[Moment]:
        lens = Lens(self._capture.get, self._capture.set)
        while True:
            there, frame = self._capture.read()
            if not there:
                raise Unavailable(f"Camera {self._number} gives no more pictures: look at its cable, then start again.")
            moment = Moment(np.asarray(frame, dtype=np.uint8), time.monotonic())
            lens.see(moment.frame, moment.at_seconds)
            yield moment

    def close(self) -> None:
        """Let the camera go."""
        self._capture.release()


def _opened(source: str | int) -> cv2.VideoCapture:
    """OpenCV and ffmpeg write their own complaints to standard error; ours is one plain sentence instead."""
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    return cv2.VideoCapture(source)


def _no_video(source: str, *, live: bool) -> str:
    if live:
        return f"Nothing can be seen at {shown(_without_password(source), 120)}: look at the address and the network."
    return f"{source} is not a video that can be played here: use MP4, AVI or a folder of pictures."


def _without_password(address: str) -> str:
    """Cameras in the network carry their password in the address; it is not shown again."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _cameras_here() -> str:
    names = [f"{device.number} ({device.name})" for device in devices()]
    return f"there are {', '.join(names)}" if names else "no camera is plugged in, or this user may not use it"
