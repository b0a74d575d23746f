"""The notes that this desk accepted a moment ago: one that comes back into view, or that a scanner sends twice, is the same note
still lying there. That is told calmly, and is no "already spent"."""

from collections.abc import Iterable
from enum import StrEnum


class How(StrEnum):
    """How a note was read."""

    CAMERA = "camera"
    SCANNER = "scanner"
    HAND = "hand"


IN_VIEW_SECONDS = 60.0
"""How long a note may lie under the camera after it was accepted."""

TWICE_SECONDS = 4.0
"""A scanner that sends twice does so at once."""


class JustAccepted:
    """Remembers names; `now` in seconds of any clock that never runs backwards."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}

    def keep(self, names: Iterable[str], now: float) -> None:
        """These were accepted now."""
        self._at = {name: at for name, at in self._at.items() if now - at <= IN_VIEW_SECONDS}
        self._at |= dict.fromkeys(names, now)

    def forget(self, names: Iterable[str]) -> None:
        """These were given back."""
        for name in names:
            self._at.pop(name, None)

    def has(self, name: str, how: How, now: float) -> bool:
        """Whether a note is one of them."""
        at = self._at.get(name)
        return at is not None and now - at < (IN_VIEW_SECONDS if how is How.CAMERA else TWICE_SECONDS)
