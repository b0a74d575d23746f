"""The clock on the wall of the venues: the books keep UTC, people mean London."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def month_of(at: datetime) -> int:
    """The month of a moment on that clock, like 202611."""
    local = at.astimezone(LONDON)
    return local.year * 100 + local.month


def begin_of(day: date) -> datetime:
    """The moment at which a day begins on that clock."""
    return datetime.combine(day, time(), LONDON)
