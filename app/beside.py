"""The press beside the service: a process of its own that is started and ended with it."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable

STOP_SECONDS = 20
GRACE_SECONDS = 2.0
"""A supervisor tells both to stop at once, and the press may be the faster one."""


class Beside:
    """A press that ends with the service; `stop` ends the service when the press fell, `is_stopping`: it was told to already."""

    def __init__(self, stop: Callable[[], None], is_stopping: Callable[[], bool]) -> None:
        self._stop, self._is_stopping = stop, is_stopping
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        self.fell = False

    def start(self) -> None:
        """Start it, deaf to the terminal's Ctrl-C: the service ends it when it has ended itself."""
        self._process = subprocess.Popen(  # noqa: S603 - words of ours
            [sys.executable, "-m", "app.pressing", str(os.getpid())], start_new_session=True
        )
        threading.Thread(target=self._watch, args=(self._process,), name="press", daemon=True).start()

    def end(self) -> None:
        """End it, where it was started; it leaves an order that it is at, and nothing of it."""
        self._ending.set()
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _watch(self, process: "subprocess.Popen[bytes]") -> None:
        process.wait()
        if self._is_stopping() or self._ending.wait(GRACE_SECONDS) or self._is_stopping():
            return
        self.fell = True
        self._stop()
