"""Opening hours: told by the clock on the wall, past midnight and over both changes of the clocks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import opening_hours
from app.core.errors import BadInput
from app.core.opening_hours import ALWAYS, DAYS, OpeningHours
from app.core.wall_clock import LONDON, month_of

MONDAY = datetime(2026, 11, 23, tzinfo=LONDON)


def at(day: str, time: str) -> datetime:
    """That day of a week in November, at that time on the wall."""
    hour, minute = time.split(":")
    return MONDAY + timedelta(days=DAYS.index(day), hours=int(hour), minutes=int(minute))


@pytest.mark.parametrize(
    ("days", "begins", "ends", "moment", "is_open"),
    [
        (None, None, None, ("sun", "03:00"), True),
        ("mon-fri", None, None, ("fri", "23:59"), True),
        ("mon-fri", None, None, ("sat", "00:00"), False),
        ("mon,wed,sat", None, None, ("wed", "12:00"), True),
        ("mon,wed,sat", None, None, ("thu", "12:00"), False),
        ("sat-mon", None, None, ("sun", "12:00"), True),
        ("sat-mon", None, None, ("tue", "12:00"), False),
        (None, "09:00", "17:30", ("tue", "08:59"), False),
        (None, "09:00", "17:30", ("tue", "09:00"), True),
        (None, "09:00", "17:30", ("tue", "17:29"), True),
        (None, "09:00", "17:30", ("tue", "17:30"), False),
        ("mon", "09:00", "17:30", ("tue", "12:00"), False),
        ("mon", "18:00", "24:00", ("mon", "23:59"), True),
        ("mon", "18:00", "24:00", ("tue", "00:00"), False),
        ("fri", "22:00", "02:00", ("fri", "22:00"), True),
        ("fri", "22:00", "02:00", ("sat", "01:59"), True),
        ("fri", "22:00", "02:00", ("sat", "02:00"), False),
        ("fri", "22:00", "02:00", ("fri", "01:00"), False),
        ("sun", "22:00", "02:00", ("mon", "01:00"), True),
        ("mon", "22:00", "02:00", ("sun", "23:00"), False),
    ],
)
def test_an_offer_is_open_on_its_days_and_hours(
    days: str | None, begins: str | None, ends: str | None, moment: tuple[str, str], is_open: bool
) -> None:
    assert opening_hours.parse(days, begins, ends).is_open_at(at(*moment)) is is_open


@given(
    days=st.none()
    | st.sets(st.sampled_from("1234567"), min_size=1, max_size=6).map(lambda chosen: "".join(sorted(chosen))),
    times=st.just((None, None))
    | st.tuples(st.integers(0, 1439), st.integers(0, 1440)).filter(lambda both: both[0] != both[1]),
)
def test_hours_are_read_as_they_are_told(days: str | None, times: tuple[int | None, int | None]) -> None:
    hours = OpeningHours(days, *times)
    assert opening_hours.read(str(hours)) == hours


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-03-29T00:59:00+00:00", False),  # 00:59 GMT; at 01:00 the clocks go on to 02:00
        ("2026-03-29T01:00:00+00:00", True),  # 02:00 BST
        ("2026-03-29T01:29:00+00:00", True),
        ("2026-03-29T01:30:00+00:00", False),  # 02:30 BST
        ("2026-10-25T00:00:00+00:00", True),  # 01:00 BST, the first time
        ("2026-10-25T00:29:00+00:00", True),
        ("2026-10-25T01:00:00+00:00", True),  # 01:00 GMT, the second time
        ("2026-10-25T01:30:00+00:00", True),
        ("2026-10-25T02:30:00+00:00", False),  # 02:30 GMT
        ("2026-10-24T23:59:00+00:00", False),
        ("2026-07-05T00:00:00+00:00", True),  # 01:00 BST
        ("2026-07-05T01:30:00+00:00", False),
        ("2026-12-06T00:00:00+00:00", False),  # 00:00 GMT
        ("2026-12-06T01:00:00+00:00", True),
    ],
)
def test_hours_follow_the_wall_when_the_clocks_change(moment: str, is_open: bool) -> None:
    early = opening_hours.parse("sun", "01:00", "02:30")
    assert early.is_open_at(datetime.fromisoformat(moment).astimezone(LONDON)) is is_open


def test_a_night_is_as_long_as_the_wall_says_when_the_clocks_go_back() -> None:
    night = opening_hours.parse("sat", "22:00", "04:00")
    start = datetime(2026, 10, 24, 12, tzinfo=UTC)
    minutes = [start + timedelta(minutes=n) for n in range(24 * 60)]
    assert sum(night.is_open_at(moment.astimezone(LONDON)) for moment in minutes) == 7 * 60


@given(st.sets(st.integers(1, 7), min_size=1), st.integers(0, 1439), st.integers(1, 1440))
def test_a_week_is_open_for_the_sum_of_its_hours(days: set[int], begins: int, ends: int) -> None:
    if begins == ends:
        return
    hours = OpeningHours("".join(map(str, sorted(days))), begins, ends)
    open_minutes = sum(hours.is_open_at(MONDAY + timedelta(minutes=n)) for n in range(7 * 1440))
    assert open_minutes == len(days) * ((ends - begins) % 1440 or 1440)


@pytest.mark.parametrize(
    ("days", "begins", "ends", "said"),
    [
        ("", None, None, "no days of the week"),
        ("monday", None, None, "no days of the week"),
        ("mon-", None, None, "no days of the week"),
        ("mon,,tue", None, None, "no days of the week"),
        ("mon-wed-fri", None, None, "no days of the week"),
        (None, "09:00", None, "give both"),
        (None, None, "09:00", "give both"),
        (None, "09:00", "09:00", "no time at all"),
        (None, "24:00", "02:00", "no time at all"),
        (None, "9", "17:30", "no time of day"),
        (None, "09:60", "17:30", "no time of day"),
        (None, "09:00", "24:01", "no time of day"),
        (None, "09:00", "٠٩:٠٠", "no time of day"),
    ],
)
def test_hours_that_are_none_are_refused(days: str | None, begins: str | None, ends: str | None, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        opening_hours.parse(days, begins, ends)


def test_hours_are_told_as_they_are_written() -> None:
    hours = opening_hours.parse("Wed, mon", "9:00", "17:30")
    assert (hours.days, hours.day_names, hours.times) == ("13", ["mon", "wed"], ("09:00", "17:30"))
    assert str(hours) == "mon,wed 09:00-17:30"
    assert opening_hours.parse("mon-sun", None, None) == ALWAYS
    assert (str(ALWAYS), ALWAYS.day_names, ALWAYS.times) == ("", None, (None, None))


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        ("2026-07-31T22:59:59+00:00", 202607),
        ("2026-07-31T23:00:00+00:00", 202608),
        ("2026-11-30T23:59:59+00:00", 202611),
        ("2026-12-31T23:59:59.999999+00:00", 202612),
    ],
)
def test_a_month_ends_at_midnight_in_london(moment: str, month: int) -> None:
    assert month_of(datetime.fromisoformat(moment)) == month
