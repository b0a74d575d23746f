"""What a desk hears of its service, as its calls end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock

from app.core.errors import HournoteError, NotAllowed
from scanner.memory.clock import Clock


class Hearing:
    """The ear of the wire. `turned` hears when the network goes (False) or comes (True); from the thread that called."""

    def __init__(self, clock: Clock, turned: Callable[[bool], None]) -> None:
        self._clock, self._turned, self._lock = clock, turned, Lock()
        self.online, self.is_enrolled, self.is_closed = True, True, False
        self.why_silent = ""

    def answered(self, service_at: datetime | None, took_seconds: float) -> None:
        """The service itself answered."""
        self._clock.hear(service_at, took_seconds)
        self._turn(online=True)

    def silent(self, sentence: str) -> None:
        """Nothing of it came."""
        self.why_silent = sentence
        self._turn(online=False)

    def closed(self) -> None:
        """Its books are closed to redemption."""
        self.is_closed = True

    @property
    def trouble(self) -> str | None:
        """What is in the way of the service: the first that applies."""
        if not self.is_enrolled:
            return "not_enrolled"
        if self.is_closed:
            return "closed"
        return "clock" if self._clock.is_wrong else None

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what an error says of whether this is a desk; it goes on to the caller."""
        try:
            yield
        except HournoteError as error:
            is_stranger = isinstance(error, NotAllowed) and error.evidence.get("status") == 401
            self.is_enrolled = self.is_enrolled and not is_stranger
            raise

    def _turn(self, *, online: bool) -> None:
        with self._lock:
            was, self.online = self.online, online
        if was != online:
            self._turned(online)
