"""A camera that may go away: it is looked for until it is back."""

import logging
from collections.abc import Callable, Iterator

from app.core.errors import HournoteError
from scanner.frames import Frames
from scanner.moment import Moment

AGAIN_SECONDS = 2.0
"""How often a camera that went away is looked for."""

_LOG = logging.getLogger(__name__)


class Returning:
    """Frames from `open_frames`, which raises HournoteError where there are none at first. Those of a live camera that goes away go
    on when it is back; `rest` waits so many seconds until it is looked for again, and says whether to; what it raises ends all."""

    def __init__(self, open_frames: Callable[[], Frames], rest: Callable[[float], bool]) -> None:
        self._open, self.rest = open_frames, rest
        self._frames: Frames | None = open_frames()
        self.live = self._frames.live

    def __iter__(self) -> Iterator[Moment]:
        while self._frames is not None:
            try:
                yield from self._frames
            except HournoteError as error:
                if not self.live:
                    raise
                _LOG.warning("%s It is looked for until it is back.", error.sentence)
            if not self.live:
                return
            self._return()

    def close(self) -> None:
        """Let the camera or the file go."""
        if self._frames is not None:
            self._frames.close()

    def _return(self) -> None:
        self.close()
        self._frames = None
        while self._frames is None and self.rest(AGAIN_SECONDS):
            try:
                self._frames = self._open()
            except HournoteError:
                continue  # it is not back yet
