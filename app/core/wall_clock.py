"""The clock on the wall of the venues: the books keep UTC, people mean London."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def month_of(at: datetime) -> int:
    """The month of a moment on that clock, like 202611."""
    local = at.astimezone(LONDON)
    return local.year * 100 + local.month


def day_of(at: datetime) -> date:
    """The day of a moment on that clock."""
    return at.astimezone(LONDON).date()


def begin_of_month(month: int) -> datetime:
    """The moment at which a month, like 202611, begins on that clock."""
    return begin_of(first_day(month))


def first_day(month: int) -> date:
    """The first day of a month, like 202611."""
    return date(month // 100, month % 100, 1)


def months_between(first: int, last: int) -> list[int]:
    """Every month from one to another, both among them."""
    ends = [month // 100 * 12 + month % 100 - 1 for month in (first, last)]
    return [each // 12 * 100 + each % 12 + 1 for each in range(ends[0], ends[1] + 1)]


def begin_of(day: date) -> datetime:
    """The moment at which a day begins on that clock."""
    return datetime.combine(day, time(), LONDON)
