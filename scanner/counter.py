"""The counter: of the notes that lie there together, the one whose answer is shown."""

from app.core.verdict import Verdict
from scanner.events import Event, Kind

TOGETHER_SECONDS = 1.0
"""Notes in one frame are scanned within this; a hand that changes one note for the next takes longer."""

_TAKEN = (Verdict.ACCEPTED, Verdict.ACCEPTED_OFFLINE)


class Counter:
    """Takes in events and says which to show: a refusal before a note without an answer, that before an acceptance.

    The answer to a visit that was not scanned here since the start is nobody's at the counter, and is never shown: a
    note that waited since yesterday and is accepted now says nothing of the one that is held out.
    """

    def __init__(self) -> None:
        self._events: dict[str | None, Event] = {}
        self._scanned_at = float("-inf")

    @property
    def waiting(self) -> int:
        """How many visits scanned here have no answer yet."""
        return sum(map(_waits, self._events.values()))

    @property
    def shown(self) -> Event | None:
        """The event to show; of several alike the latest."""
        return max(reversed(self._events.values()), key=_weight, default=None)

    def take(self, event: Event, now: float) -> bool:
        """Take in a scan or a verdict, at `now` in seconds of any clock that never runs backwards; True when it counts here."""
        if event.kind is Kind.SCAN:
            self._clear(now)
        elif event.kind is not Kind.VERDICT or event.redemption not in self._events:
            return False
        before = self._events.get(event.redemption)
        if before is None or _waits(before) or event.redemption is None:  # else an answer that overtook its scan stays
            self._events.pop(event.redemption, None)
            self._events[event.redemption] = event
        return True

    def _clear(self, now: float) -> None:
        """A scan that comes alone takes the place of all that was answered."""
        if now - self._scanned_at > TOGETHER_SECONDS:
            self._events = {visit: event for visit, event in self._events.items() if _waits(event)}
        self._scanned_at = now


def _waits(event: Event) -> bool:
    return event.kind is Kind.SCAN and event.verdict is None


def _weight(event: Event) -> int:
    if event.kind is Kind.SCAN:
        return 2 if _waits(event) else 0  # a code that is no note hides nothing
    return 1 if event.verdict in _TAKEN else 3
