"""Guessing: a desk that shows one note after another that is none is refused for a while.

Only notes that are no good are counted, after their answer is known, so a good note costs nothing here. The count is in
the books, for all processes; that a desk is over it each process remembers by itself until the window ends.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.core.errors import TooOften
from app.core.verdict import Verdict
from app.services import throttling
from app.store.database import Store

MOST_BAD_NOTES = 60
WINDOW = timedelta(minutes=10)
BAD = frozenset({Verdict.MALFORMED, Verdict.UNKNOWN, Verdict.FORGED})
"""The verdicts of a note that nobody ever had in their hand."""
GUESSING = "This desk showed too many notes that are none: wait some minutes, or ask the programme office."


class Guesses:
    """The desks that guess. `secret` hides in the books whom a count is for."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store, self._secret = store, secret
        self._refused_until: dict[int, datetime] = {}

    def check(self, desk_id: int, *, now: datetime) -> None:
        """Raise TooOften for a desk that is known here to guess, without asking the books."""
        until = self._refused_until.get(desk_id)
        if until is None:
            return
        if until > now:
            raise _too_often(until, now)
        self._refused_until.pop(desk_id, None)

    def tell(self, desk_id: int, verdicts: Iterable[str], *, now: datetime) -> None:
        """Count the bad notes of an answer before the desk is told it. Raises TooOften instead of the answer when there
        were too many: a visit with a bad note spent nothing, so nothing is lost but the guess."""
        bad = sum(verdict in BAD for verdict in verdicts)
        if not bad:
            return
        key = f"desk:{desk_id}"
        found = throttling.count(self._store, secret=self._secret, key=key, now=now, window=WINDOW, amount=bad)
        if found.hits > MOST_BAD_NOTES:
            self._refused_until[desk_id] = found.until
            raise _too_often(found.until, now)


def _too_often(until: datetime, now: datetime) -> TooOften:
    return TooOften(
        GUESSING,
        retry_after_seconds=int((until - now).total_seconds()) + 1,
    )
