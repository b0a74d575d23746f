"""Holding a note in view is one scan; it counts again only after it was away for a while."""

from collections.abc import Hashable

AWAY_SECONDS = 3.0
"""Long enough for a hand that passes between note and camera, short enough for the next visitor."""


class Steady:
    """Remembers what is in view. The clock is passed in: any that never runs backwards, in seconds."""

    def __init__(self, away_seconds: float = AWAY_SECONDS) -> None:
        self._away_seconds = away_seconds
        self._last_seen: dict[Hashable, float] = {}

    def is_new(self, mark: Hashable, now: float) -> bool:
        """Whether `mark`, seen `now`, is a new scan; it is remembered as seen."""
        self._forget(now)
        new = mark not in self._last_seen
        self._last_seen[mark] = now
        return new

    def _forget(self, now: float) -> None:
        """Whatever was away long enough; so this never grows beyond what passed in the last seconds."""
        self._last_seen = {mark: at for mark, at in self._last_seen.items() if now - at < self._away_seconds}
