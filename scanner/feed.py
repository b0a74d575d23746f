"""The feed: frames and what is in them, on threads of their own, whatever becomes of the camera."""

import threading
import time
from collections.abc import Callable, Iterator

from app.core.errors import HournoteError
from scanner.eye import Seen
from scanner.frames import Frames
from scanner.lookout import Lookout
from scanner.moment import Moment

AGAIN_SECONDS = 2.0
"""How often a camera that went away is looked for."""


class Feed:
    """Opens frames and looks at them. A live camera that goes away is opened again when it is back; a film is shown at its own
    pace and ends. `said` is the name of a sentence where there is no picture, or an old one."""

    def __init__(self, open_frames: Callable[[], Frames], look: Callable[[Moment], Seen]) -> None:
        self._open, self._look = open_frames, look
        self._lookout = Lookout(self._forgiving)
        self._stopping = threading.Event()
        self._trouble: Exception | None = None
        self.seen: Seen | None = None
        self.said = "camera_waits"
        self._thread = threading.Thread(target=self._guarded, name="feed", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Raise what ended the looking, if anything did."""
        if self._trouble is not None:
            raise self._trouble

    def stop(self) -> None:
        """Let the camera go."""
        self._stopping.set()
        self._thread.join(3.0)
        self._lookout.stop()

    def _guarded(self) -> None:
        try:
            while not self._stopping.is_set() and self._watch():
                self._stopping.wait(AGAIN_SECONDS)
        except Exception as error:  # handed to the window by `check`
            self._trouble = error

    def _watch(self) -> bool:
        """Until the frames end; whether they may come again."""
        frames: Frames | None = None
        try:
            frames = self._open()
            for moment in self._paced(frames):
                found = self._lookout.look(moment)
                self.seen, self.said = Seen(moment, found.notes), ""
            is_lost = frames.live and not self._stopping.is_set()
            self.seen, self.said = (None, "camera_lost") if is_lost else (self.seen, "film_over")
            return is_lost
        except HournoteError:
            if frames is not None and not frames.live:
                raise
            self.seen, self.said = None, "camera_lost"
            return True
        finally:
            if frames is not None:
                frames.close()

    def _forgiving(self, moment: Moment) -> Seen:
        """What is in a frame; one that cannot be judged is let go, as the next may be. The camera is not lost by it."""
        try:
            return self._look(moment)
        except HournoteError:
            return Seen(moment)

    def _paced(self, frames: Frames) -> Iterator[Moment]:
        begun = time.monotonic()
        for moment in frames:
            if not frames.live:
                self._stopping.wait(max(0.0, begun + moment.at_seconds - time.monotonic()))
            if self._stopping.is_set():
                return
            yield moment
