"""The clock on the wall of the venues: the books keep UTC, people mean London."""

from datetime import datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def month_of(at: datetime) -> int:
    """The month of a moment on that clock, like 202611."""
    local = at.astimezone(LONDON)
    return local.year * 100 + local.month
