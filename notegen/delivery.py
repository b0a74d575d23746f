"""A delivery: files that appear whole or not at all, readable by their owner alone.

Press files are as good as the money. Each is written under a temporary name, brought to the disk, then renamed.
"""

import os
import platform
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from app.core.errors import BadInput

_PREFIX = f".notegen-{platform.node()}-"
FOLDER_OWNER_ALONE = 0o700
PRESS = "press"
"""The folder of the press files, below that of a delivery."""

REPORT = Path("proof") / "report.html"
"""Of a proof, below the folder of the press files that it is of."""


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """An open file that becomes `path` when the block ends well, and vanishes when it does not, with folders made for it.

    Raises BadInput when nothing can be written there.
    """
    with _standing(path.parent):
        with _refusing(path):
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with _refusing(path), os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            with _refusing(path):
                Path(name).replace(path)
                sync_folder(path.parent)
        finally:
            Path(name).unlink(missing_ok=True)


@contextmanager
def workshop(out: Path) -> Iterator[Path]:
    """A temporary folder on the same disk as the folder `out` (in it when it is there), gone when the block ends.

    The folders that `out` stands in are made where they lack. Raises BadInput when `out` is a file, or cannot be made.
    """
    if out.exists() and not out.is_dir():
        raise BadInput(f"{out} is a file: name a folder to write to.")
    place = out if out.is_dir() else out.absolute().parent
    with _standing(place):
        _sweep(place)
        with _refusing(out):
            folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))
        try:
            with _refusing(out):
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def hand_over(parts: Iterable[Path], out: Path, old: Path) -> None:
    """Rename `parts` into the folder `out`, in that order; what has their names there goes to the folder `old` first.

    An `out` that is not there yet appears with all of them at once.
    """
    old.mkdir(mode=FOLDER_OWNER_ALONE)
    waiting = list(parts)
    if not out.exists():
        for part in waiting:
            part.rename(old / part.name)
        old.rename(out)
        sync_folder(out.absolute().parent)
        return
    for part in reversed(waiting):
        if (out / part.name).exists():
            (out / part.name).rename(old / part.name)
    for part in waiting:
        part.rename(out / part.name)
        sync_folder(out)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(place: Path) -> None:
    """Remove the workshops of processes of this machine that were killed: what lies there is as good as the money."""
    for left in place.glob(f"{_PREFIX}*"):
        owner = left.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdecimal() and not _runs(int(owner)):
            shutil.rmtree(left, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


@contextmanager
def _standing(folder: Path) -> Iterator[None]:
    """`folder` and all above it are there; those made for it go again when the block fails and left them empty."""
    made: list[Path] = []
    try:
        with _refusing(folder):
            for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
                missing.mkdir(mode=FOLDER_OWNER_ALONE)
                made.append(missing)
        yield
    except BaseException:
        with suppress(OSError):
            for one in reversed(made):
                one.rmdir()
        raise


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """What the disk refuses, as a sentence."""
    try:
        yield
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror or error}; name another place.") from error
