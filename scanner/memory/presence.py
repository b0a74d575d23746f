"""Which processes work over one home: each holds a lock on a file of its own, which the system lets go when it ends."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.core.errors import BadSettings

if os.name == "nt":  # pragma: no cover -- Windows
    import msvcrt

    def _take(number: int) -> None:
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]

    def _let_go(number: int) -> None:
        msvcrt.locking(number, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]
else:
    import fcntl

    def _take(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _let_go(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_UN)


_ENDING = ".alive"


class Presence:
    """This process among those over one home (a folder that is there)."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.id = folder, uuid.uuid4().hex
        self._path = folder / f"{self.id}{_ENDING}"
        try:
            self._number = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
            _take(self._number)
        except OSError as error:
            raise BadSettings(f"{folder} cannot be written: {error.strerror}.") from error

    def alive(self) -> set[str]:
        """The ids of the processes that run, this one among them; what others left behind is removed."""
        return {self.id} | {
            path.stem for path in self._folder.glob(f"*{_ENDING}") if path.stem != self.id and _is_held(path)
        }

    def end(self) -> None:
        """Be no longer there."""
        _close(self._number, is_taken=True)
        _remove(self._path)


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Whether this process alone holds the lock of a file, for as long as it is in here."""
    number = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    is_free = _is_free(number)
    try:
        yield is_free
    finally:
        _close(number, is_taken=is_free)


def _is_held(path: Path) -> bool:
    """One that nobody holds is removed, once it is closed: Windows removes no file that somebody has open."""
    try:
        number = os.open(path, os.O_RDWR)
    except OSError:
        return False
    is_free = _is_free(number)
    _close(number, is_taken=is_free)
    if is_free:
        _remove(path)
    return not is_free


def _is_free(number: int) -> bool:
    try:
        _take(number)
    except OSError:
        return False
    return True


def _close(number: int, *, is_taken: bool) -> None:
    """Windows lets a lock go some time after its file is closed, unless it is asked to."""
    try:
        if is_taken:
            _let_go(number)
    finally:
        os.close(number)


def _remove(path: Path) -> None:
    """Where another process looks at it just now, that one removes it."""
    with suppress(OSError):
        path.unlink()
