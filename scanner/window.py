"""The window at a front desk: OpenCV's, with our own picture in it."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from threading import Lock

import cv2

from scanner.counter import Counter
from scanner.events import Event, Kind
from scanner.moment import Moment
from scanner.notes import Note
from scanner.paint import HEIGHT, WIDTH, View, paint

SHOWN_SECONDS = 12.0
"""How long an answer stays after the last thing happened; the next note replaces it at once."""

_TITLE = "Hournote (q ends)"
_QUIT = (ord("q"), ord("Q"), 27)


def why_not(environment: Mapping[str, str]) -> str:
    """Why no window can be opened here, as a sentence with the way out; empty when one can.

    Qt ends the whole process when it cannot reach the display, so a process of its own tries first.
    """
    if sys.platform.startswith("linux") and not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return "There is no display here, so no window: use --headless, which prints a JSON line for each event."
    attempt = [sys.executable, "-c", "import cv2; cv2.namedWindow('x'); cv2.waitKey(1)"]
    try:
        failed = subprocess.run(attempt, capture_output=True, timeout=30, env=dict(environment)).returncode  # noqa: S603 -- our own words
    except (OSError, subprocess.TimeoutExpired):
        failed = 1
    return (
        "No window can be opened on this display: use --headless, which prints a JSON line for each event."
        if failed
        else ""
    )


class Window:
    """A display: `tell` may be called from any thread, the others from the main one alone."""

    def __init__(self, venue: str) -> None:
        # Qt complains on standard error about fonts that we do not use.
        os.environ.setdefault("QT_LOGGING_RULES", "*=false")
        self._venue, self._lock = venue, Lock()
        self._counter = Counter()
        self._told_at = 0.0
        self._online = True
        cv2.namedWindow(_TITLE, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO)
        cv2.resizeWindow(_TITLE, WIDTH, HEIGHT)

    def tell(self, event: Event) -> None:
        """Something happened: it is on the window with the next frame."""
        with self._lock:
            self._online = event.kind is Kind.ONLINE or (self._online and event.kind is not Kind.OFFLINE)
            if self._counter.take(event, time.monotonic()):
                self._told_at = time.monotonic()

    def show(self, moment: Moment, notes: Sequence[Note]) -> bool:
        """Paint the frame; False when q or Esc was pressed or the window was closed."""
        with self._lock:
            waiting = self._counter.waiting
            told = self._counter.shown if time.monotonic() - self._told_at < SHOWN_SECONDS or waiting else None
            view = View(self._venue, moment.frame, list(notes), told, waiting, self._online)
        cv2.imshow(_TITLE, paint(view))
        return self._is_open()

    def linger(self) -> bool:
        """The frames have ended: the last answer stays until a key says that it was read."""
        return self._is_open(wait_ms=50)

    def _is_open(self, wait_ms: int = 1) -> bool:
        key = cv2.waitKey(wait_ms)
        return key not in _QUIT and cv2.getWindowProperty(_TITLE, cv2.WND_PROP_VISIBLE) >= 1
