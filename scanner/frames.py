"""Where frames come from: a camera, a video file, a folder of pictures, or an address in the network."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.core.errors import BadInput, shown
from scanner import pictures
from scanner.cameras import Choice, named
from scanner.capture import Camera, Video
from scanner.moment import Moment

__all__ = ["Folder", "Frames", "Moment", "is_device", "lasting", "open_frames"]


_LOG = logging.getLogger(__name__)


class Frames(Protocol):
    """A source of frames. `live`: it goes on until somebody stops it, and frames not fetched in time are lost."""

    live: bool

    def __iter__(self) -> Iterator[Moment]: ...

    def close(self) -> None:
        """Let the camera or the file go."""


@dataclass
class Folder:
    """The pictures of a folder in the order of their names; each stands for a second of a camera's time."""

    files: list[Path]
    live: bool = False

    def __iter__(self) -> Iterator[Moment]:
        """A picture that cannot be read is passed over, as a camera drops a frame; raises BadInput when all are such."""
        read = 0
        for place, path in enumerate(self.files):
            try:
                moment = Moment(pictures.load(path), float(place))
            except BadInput as error:
                _LOG.warning("%s It was passed over.", error.sentence)
                continue
            read += 1
            yield moment
        if not read:
            raise BadInput("None of the pictures can be read: save them as PNG or JPEG.")

    def close(self) -> None:
        """Nothing is held open."""


def open_frames(camera: str) -> Frames:
    """The source that `camera` names: a number, a file, a folder, an address, or a part of a camera's name. Raises BadInput with
    the way out."""
    if camera.isascii() and camera.isdigit():
        return Camera(int(camera))
    if "://" in camera:
        return Video(camera, live=True)
    path = Path(camera)
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        for device in named(camera):
            return Camera(device.number)
        raise _nothing(camera)
    return Folder([path]) if pictures.is_picture(path) else Video(str(path), live=False)


def lasting(camera: str) -> Callable[[], Frames]:
    """Opens the source again and again: of a camera of this computer the very same one, whose number may be another one when it is
    plugged in again. What it gives raises BadInput."""
    if not is_device(camera):
        return lambda: open_frames(camera)
    choice = Choice(camera)

    def again() -> Frames:
        number = choice.number()
        if number is None:
            raise _nothing(camera)
        return open_frames(str(number))

    return again


def is_device(camera: str) -> bool:
    """Whether it names a camera of this computer, which may be plugged in later."""
    return "://" not in camera and not Path(camera).exists()


def _nothing(camera: str) -> BadInput:
    return BadInput(
        f"There is no camera, file or folder {shown(camera, 120)}: give a camera's number (0 is the first) or name, "
        "a video, a folder of pictures or an address like rtsp://10.0.0.7/live."
    )


def _folder(path: Path) -> Folder:
    files = sorted(file for file in path.iterdir() if pictures.is_picture(file))
    if not files:
        raise BadInput(f"The folder {path} has no pictures: put PNG or JPEG files in it.")
    return Folder(files)
