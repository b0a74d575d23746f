"""The courier tells the service what the desk did by itself: in its order, under the same ids, as often as it takes.

One at a time over one home. What is not answered stays in the journal, over restarts and nights.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError as LateError
from pathlib import Path

from app.core.errors import HournoteError, Refused, Unavailable
from scanner.client import Client
from scanner.memory import owed
from scanner.memory.clock import Clock
from scanner.memory.journal import Journal
from scanner.memory.legs import Legs
from scanner.memory.owed import Line, Owed, Settled
from scanner.memory.presence import Presence, alone

PIECE = 100
"""Entries in one call: a fifth of what the service takes, so that a weak line gets one through."""

STOPPING_SECONDS = 3.0

_TOO_MUCH = (400, 413, 422)
"""The service refuses the call as such: too large, or something in it that it cannot read."""

Told = Callable[[Sequence[Settled]], None]
"""Hears what was settled, once that is kept."""


class Courier:
    """Carries what the journal owes. `venue` asks which venue this desk is of by now, for which alone the journal is told."""

    def __init__(
        self, journal: Journal, client: Client, clock: Clock, presence: Presence, lock: Path, *,
        venue: Callable[[], int | None], told: Told,
    ) -> None:  # fmt: skip
        self._journal, self._client, self._clock, self._presence = journal, client, clock, presence
        self._lock, self._venue, self._told = lock, venue, told
        self._legs = Legs("courier")
        self._stopping = threading.Event()
        self._piece = PIECE

    def carry(self) -> None:
        """Send what is owed, to the end. Raises Unavailable (the rest stays owed), NotAllowed, Refused."""
        self._legs.send(self._round).result()

    def within(self, seconds: float) -> None:
        """The same; raises Unavailable where it takes longer, and goes on."""
        try:
            self._legs.send(self._round).result(seconds)
        except LateError as error:
            raise Unavailable("What this desk owes could not be told in time.", word="cannot_tell") from error

    def stop(self) -> None:
        """End after the call that is being made, or in the middle of one that takes too long: it is made again another day."""
        self._stopping.set()
        self._legs.stop(STOPPING_SECONDS)

    def _round(self) -> None:
        here, elsewhere = owed.count(self._journal, None, self._presence.alive())
        if here + elsewhere == 0:
            return
        with alone(self._lock) as is_alone:
            if not is_alone:
                raise Unavailable("Another scanner over this journal is sending it already.", word="cannot_tell")
            venue = self._venue()
            while not self._stopping.is_set() and self._send(venue):
                pass
        self._journal.books.fold()  # tokens that were answered must not stay in the log

    def _send(self, venue: int | None) -> bool:
        """Send a piece; whether there may be more."""
        piece = owed.take_next(self._journal, venue, self._piece, self._presence.alive())
        if not piece:
            return False
        answers = self._answers(piece)
        if answers is None:
            return True
        said = [(each.entry, answer) for each, answer in zip(piece, answers, strict=True)]
        settled = owed.settle(self._journal, said, self._clock.now_ms())
        if settled:
            self._told(settled)
        if len(settled) < len(piece):
            raise Unavailable(
                "The service cannot take some of the journal yet; it is sent again later.", word="cannot_tell"
            )
        return True

    def _answers(self, piece: Sequence[Owed]) -> list[Line] | None:
        """The answer to each entry; None when fewer have to be sent at once."""
        lines = [line for each in piece for line in each.lines]
        try:
            answers = self._client.batch(lines)
        except Unavailable:
            self._piece = max(1, len(piece) // 2)  # whatever broke it, less is likelier
            raise
        except HournoteError as error:
            return self._refused(piece, error)
        self._piece = min(PIECE, len(piece) * 2)
        return _last_of(piece, answers)

    def _refused(self, piece: Sequence[Owed], error: HournoteError) -> list[Line] | None:
        status = error.evidence.get("status")
        if not isinstance(error, Refused) or status not in _TOO_MUCH:
            raise error
        if len(piece) == 1:
            return [{"id": piece[0].entry.id, "problem": {"status": status, "detail": error.sentence}}]
        self._piece = max(1, len(piece) // 2)
        return None


def _last_of(piece: Sequence[Owed], answers: Sequence[Line]) -> list[Line]:
    """The answer to the last line of each entry."""
    last, found = -1, []
    for each in piece:
        last += len(each.lines)
        found.append(answers[last])
    return found
