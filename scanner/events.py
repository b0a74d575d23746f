"""What happens at a desk, as events: told to a screen, or written as JSON lines."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock


class Kind(StrEnum):
    """What happened: a code came into view, an answer came, the service went or came back, all was sent."""

    SCAN = "scan"
    VERDICT = "verdict"
    OFFLINE = "offline"
    ONLINE = "online"
    SYNCED = "synced"


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `serial` canonical, `redemption` the visit's id; `more` has whatever else is known. Never a token."""

    kind: Kind
    serial: str | None = None
    verdict: str | None = None
    redemption: str | None = None
    more: dict[str, object] = field(default_factory=dict)

    def to_json(self) -> str:
        """One line; the four contracted keys are always there."""
        known = {"event": self.kind, "serial": self.serial, "verdict": self.verdict, "redemption": self.redemption}
        return json.dumps({**known, **self.more}, ensure_ascii=False)


Tell = Callable[[Event], None]
"""Whom events are told to; called from more than one thread."""


class FromTheFirstScan:
    """Tells of the network only once there is something to send; how that stands then is told after the first scan."""

    def __init__(self, tell: Tell) -> None:
        self._tell, self._lock = tell, Lock()
        self._has_begun = False
        self._held: Event | None = None

    def __call__(self, event: Event) -> None:
        """Something happened; from any thread."""
        with self._lock:
            if not self._has_begun and event.kind in (Kind.OFFLINE, Kind.ONLINE):
                self._held = event if event.kind is Kind.OFFLINE else None
                return
            self._tell(event)
            self._has_begun = self._has_begun or event.kind is Kind.SCAN
            if self._has_begun and self._held is not None:
                self._tell(self._held)
                self._held = None
