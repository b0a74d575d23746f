"""What a desk's own clock is worth: it tells when a note was seen, within bounds, where the network could not.

A desk that was offline sends its journal later. Its clock counts for what was true at the counter, and never for more than
that: it is at most now, and a journal is kept for 60 days.
"""

from datetime import datetime, timedelta

from app.core.errors import BadInput

SKEW = timedelta(minutes=2)
"""By how much an honest clock may be wrong."""

KEPT = timedelta(days=60)
"""How long a desk keeps its journal."""


def seen_at(told: datetime | None, now: datetime) -> datetime:
    """When something happened at a desk, by what its clock told: never later than now. Raises BadInput beyond 60 days."""
    if told is None or told > now:
        return now
    if now - told > KEPT:
        raise BadInput("That is more than 60 days ago: tell the programme office what happened.")
    return told


def is_late(told: datetime, now: datetime) -> bool:
    """Whether it was told of later than a clock may be wrong."""
    return now - told > SKEW


def waited(since: datetime, told: datetime | None, now: datetime) -> timedelta:
    """How long after `since` something happened at a desk.

    A clock that puts it well before `since` is wrong: then the time of arrival counts. Raises BadInput beyond 60 days.
    """
    at = seen_at(told, now)
    return now - since if at + SKEW < since else max(at - since, timedelta())
