"""Errands: what takes time is done on other threads, and what comes of it is heard on the window's own."""

import queue
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from app.core.errors import HournoteError

T = TypeVar("T")


class Errands:
    """Sends errands, two at a time: an answer about one note does not wait for a visit that is being accepted."""

    def __init__(self) -> None:
        self._legs = ThreadPoolExecutor(2, thread_name_prefix="errand")
        self._done: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def send(self, deed: Callable[[], T], then: Callable[[T], None], failed: Callable[[HournoteError], None]) -> None:
        """Do it; `then` or `failed` hears of it in `drain`."""
        self._legs.submit(self._run, deed, then, failed)

    def post(self, heard: Callable[[], None]) -> None:
        """Something to be heard in `drain`; from any thread."""
        self._done.put(heard)

    def drain(self) -> bool:
        """Hear what was done since the last time; whether anything was. On the window's thread."""
        heard = False
        while not self._done.empty():
            self._done.get()()
            heard = True
        return heard

    def stop(self) -> None:
        """Wait for what is being done; the rest is not begun."""
        self._legs.shutdown(wait=True, cancel_futures=True)

    def _run(
        self, deed: Callable[[], Any], then: Callable[[Any], None], failed: Callable[[HournoteError], None]
    ) -> None:
        try:
            done = deed()
        except HournoteError as error:
            self._done.put(lambda sad=error: failed(sad))  # type: ignore[misc]
        except Exception as error:
            self._done.put(lambda bad=error: _again(bad))  # type: ignore[misc]
        else:
            self._done.put(lambda: then(done))


def _again(error: Exception) -> None:
    """A surprise ends the program where somebody sees it."""
    raise error
