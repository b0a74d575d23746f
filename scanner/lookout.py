"""The lookout: looks at the newest frame on a thread of its own, so that the picture on the window never stutters."""

import threading
from collections.abc import Callable

from scanner.eye import Seen
from scanner.moment import Moment


class Lookout:
    """Give it each frame; it looks at the newest whenever it is free, and lets the others go."""

    def __init__(self, look: Callable[[Moment], Seen]) -> None:
        self._look = look
        self._newest: Moment | None = None
        self._ready, self._stopping = threading.Event(), threading.Event()
        self._trouble: Exception | None = None
        self._seen: Seen | None = None
        self._thread = threading.Thread(target=self._guarded, name="lookout", daemon=True)
        self._thread.start()

    def look(self, moment: Moment) -> Seen:
        """Offer a frame; gives what was last seen, perhaps a few frames ago. Raises what ended the looking."""
        if self._trouble is not None:
            raise self._trouble
        self._newest = moment
        self._ready.set()
        return self._seen or Seen(moment)

    def stop(self) -> None:
        """End after the frame that is being looked at."""
        self._stopping.set()
        self._ready.set()
        self.join(3.0)

    def join(self, seconds: float) -> None:
        """Wait for the looking to end, by `stop` or by trouble."""
        self._thread.join(seconds)

    def _guarded(self) -> None:
        try:
            while not self._stopping.is_set():
                self._ready.wait()
                self._ready.clear()
                moment, self._newest = self._newest, None
                if moment is not None and not self._stopping.is_set():
                    self._seen = self._look(moment)
        except Exception as error:  # handed to the main thread by `look`
            self._trouble = error
