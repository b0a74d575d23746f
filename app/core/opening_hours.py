"""Opening hours: on which days of the week, and from when until when, an offer is open.

They are told by the clock on the wall. Hours that end before they begin run past midnight, and what comes after midnight
belongs to the day before: Friday 22:00 to 02:00 is open on Saturday at one. When the clocks go back, the hour that comes
twice is open both times; when they go forward, the hour that is left out is on no clock, so that nobody comes in it.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from app.core.errors import BadInput, shown

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = 24 * 60
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """`days`: digits in order, 1 is Monday (ISO 8601), None for every day. `from_minute` is the first minute since midnight
    that is open and `until_minute` the first that is not (1440: midnight at the end of the day), both None for all day."""

    days: str | None = None
    from_minute: int | None = None
    until_minute: int | None = None

    def is_open_at(self, local: datetime) -> bool:
        """Whether it is open at a moment, given on the clock of the venue."""
        today, minute = local.isoweekday(), local.hour * 60 + local.minute
        if self.from_minute is None or self.until_minute is None:
            return self._is_on(today)
        if self.from_minute < self.until_minute:
            return self._is_on(today) and self.from_minute <= minute < self.until_minute
        yesterday = (today - 2) % 7 + 1
        return (self._is_on(today) and minute >= self.from_minute) or (
            self._is_on(yesterday) and minute < self.until_minute
        )

    def _is_on(self, day: int) -> bool:
        return self.days is None or str(day) in self.days

    @property
    def day_names(self) -> list[str] | None:
        """The days as words, None for every day."""
        return None if self.days is None else [DAYS[int(day) - 1] for day in self.days]

    @property
    def times(self) -> tuple[str | None, str | None]:
        """From and until as people write them."""
        return _written(self.from_minute), _written(self.until_minute)

    def __str__(self) -> str:
        """For a table: `mon,wed 09:00-17:30`; nothing when it is always open."""
        begins, ends = self.times
        return " ".join(filter(None, [",".join(self.day_names or []), f"{begins}-{ends}" if begins else ""]))


ALWAYS = OpeningHours()


def parse(days: str | None, begins: str | None, ends: str | None) -> OpeningHours:
    """Hours as people write them: `mon-fri` or `mon,wed,sat`, `09:00` and `17:30`, each None when it was not given.

    Raises BadInput naming what is wrong.
    """
    if (begins is None) != (ends is None):
        raise BadInput("Hours have a beginning and an end: give both, like 09:00 and 17:30.")
    first, last = _minute(begins), _minute(ends)
    if first is not None and first in (last, MIDNIGHT):
        raise BadInput(f"From {begins} until {ends} is no time at all: leave both out for the whole day.")
    return OpeningHours(_days(days), first, last)


def read(told: str) -> OpeningHours:
    """Hours as `str` tells them. Raises BadInput for anything else."""
    days, _, times = told.rpartition(" ")
    if ":" not in times:
        days, times = times, ""
    begins, _, ends = times.partition("-")
    return parse(days or None, begins or None, ends or None)


def _days(text: str | None) -> str | None:
    if text is None:
        return None
    found = {day for part in text.lower().split(",") for day in _stretch(part.strip(), text)}
    return None if len(found) == len(DAYS) else "".join(str(day) for day in sorted(found))


def _stretch(part: str, text: str) -> list[int]:
    """One day, or the days from one to another; `sat-mon` goes over the end of the week."""
    first, dash, last = part.partition("-")
    if first not in DAYS or (dash and last not in DAYS):
        raise BadInput(f"{shown(text)} are no days of the week: write mon-fri, or mon,wed,sat.")
    start, end = DAYS.index(first), DAYS.index(last if dash else first)
    return [(start + step) % 7 + 1 for step in range((end - start) % 7 + 1)]


def _minute(text: str | None) -> int | None:
    if text is None:
        return None
    found = _CLOCK.fullmatch(text.strip())
    minute = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else MIDNIGHT + 1
    if minute > MIDNIGHT:
        raise BadInput(f"{shown(text)} is no time of day: write it like 09:00, at most 24:00.")
    return minute


def _written(minute: int | None) -> str | None:
    return None if minute is None else f"{minute // 60:02}:{minute % 60:02}"
