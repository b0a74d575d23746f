"""Silence about damaged pictures: their warnings tell a designer nothing, and what is grave in them is refused in words."""

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from threading import Lock

_STANDARD_ERROR = 2


class _Shared:
    """A state of the whole process: the first to come sets it, and the last to leave sets it back, whatever thread each is in."""

    def __init__(self, state: Callable[[], AbstractContextManager[None]]) -> None:
        self._state, self._lock, self._inside, self._set = state, Lock(), 0, ExitStack()

    @contextmanager
    def held(self) -> Iterator[None]:
        """The state, for as long as anybody needs it."""
        with self._lock:
            if not self._inside:
                self._set.enter_context(self._state())
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if not self._inside:
                    self._set.close()


@contextmanager
def _no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _no_standard_error() -> Iterator[None]:
    with Path(os.devnull).open("wb") as nowhere:
        kept = os.dup(_STANDARD_ERROR)
        os.dup2(nowhere.fileno(), _STANDARD_ERROR)
        try:
            yield
        finally:
            os.dup2(kept, _STANDARD_ERROR)
            os.close(kept)


_WARNINGS, _ERRORS = _Shared(_no_warnings), _Shared(_no_standard_error)


@contextmanager
def unwarned() -> Iterator[None]:
    """What Pillow warns of in a damaged or large picture is refused or harmless. Everything else is said as ever."""
    with _WARNINGS.held():
        yield


@contextmanager
def tiff_unheard(is_tiff: bool) -> Iterator[None]:
    """libtiff writes to the standard error of the process, past Python: nobody hears that while a TIFF is read.

    Nothing is done for pictures of other kinds, so that a service, whose log goes there, loses no line of it.
    """
    if not is_tiff:
        yield
        return
    with _ERRORS.held():
        yield
