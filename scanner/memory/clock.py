"""The desk's clock, which people and flat batteries set wrong.

What was known an hour ago is an hour old, wherever the hands stand now: time never goes back here, until the service has said
that the clock is right.
"""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from app.core.desk_clock import SKEW

_SKEW_MS = SKEW.total_seconds() * 1000


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


def _ticks_ms() -> int:
    return time.monotonic_ns() // 1_000_000


class Clock:
    """Milliseconds since 1970. `wall_ms` is what the computer shows, `ticks_ms` never runs backwards; both from the caller."""

    def __init__(self, wall_ms: Callable[[], int] = _wall_ms, ticks_ms: Callable[[], int] = _ticks_ms) -> None:
        self._wall_ms, self._ticks_ms, self._lock = wall_ms, ticks_ms, threading.Lock()
        self._started = wall_ms() - ticks_ms()
        self._latest = 0
        self._behind_ms: float | None = None

    def now_ms(self) -> int:
        """Never less than before."""
        with self._lock:
            self._latest = max(self._started + self._ticks_ms(), self._wall_ms(), self._latest)
            return self._latest

    def now(self) -> datetime:
        """The time of the service, where the clock is known to be wrong, else the desk's."""
        behind = self._behind_ms if self.is_wrong else None
        at_ms = self._wall_ms() + behind if behind is not None else self.now_ms()
        return datetime.fromtimestamp(at_ms / 1000, UTC)

    @property
    def is_wrong(self) -> bool:
        """Whether the service was heard and has another time."""
        return self._behind_ms is not None and abs(self._behind_ms) > _SKEW_MS

    @property
    def is_right(self) -> bool:
        """Whether the service was heard and has the same time."""
        return self._behind_ms is not None and not self.is_wrong

    @property
    def kept(self) -> dict[str, float | None]:
        """What `go_on` takes after a restart."""
        return {"latest": self.now_ms(), "behind_ms": self._behind_ms}

    def go_on(self, kept: Mapping[str, float | None]) -> None:
        """Time does not go back over a restart either, nor stand still until the hands have caught up."""
        with self._lock:
            self._latest = max(self._latest, int(kept.get("latest") or 0))
            self._started = max(self._started, self._latest - self._ticks_ms())
            if self._behind_ms is None:
                self._behind_ms = kept.get("behind_ms")

    def hear(self, service_at: datetime | None, took_seconds: float) -> None:
        """The service answered at `service_at` by its own clock, after so long."""
        if service_at is None or took_seconds > SKEW / timedelta(seconds=1):
            return
        with self._lock:
            wall = self._wall_ms()
            self._behind_ms = service_at.timestamp() * 1000 - wall
            if not self.is_wrong:  # one that was far ahead may go back to the right time
                self._latest, self._started = wall, wall - self._ticks_ms()
