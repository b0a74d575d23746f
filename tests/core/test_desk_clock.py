"""A desk's clock: it counts for what was true at the counter, within bounds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import desk_clock
from app.core.desk_clock import KEPT, SKEW
from app.core.errors import BadInput

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
MINUTES = st.integers(-300, 300).map(lambda minutes: NOW + timedelta(minutes=minutes))


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        (None, NOW),
        (NOW, NOW),
        (NOW - minutes(90), NOW - minutes(90)),
        (NOW - KEPT, NOW - KEPT),
        (NOW + minutes(1), NOW),
        (NOW + minutes(90), NOW),
        (datetime.max.replace(tzinfo=UTC), NOW),
    ],
)
def test_what_a_desk_saw_is_never_later_than_now(told: datetime | None, seen: datetime) -> None:
    assert desk_clock.seen_at(told, NOW) == seen


@pytest.mark.parametrize("told", [NOW - KEPT - timedelta(microseconds=1), datetime.min.replace(tzinfo=UTC)])
def test_a_journal_is_kept_for_sixty_days(told: datetime) -> None:
    with pytest.raises(BadInput, match="more than 60 days ago"):
        desk_clock.seen_at(told, NOW)
    with pytest.raises(BadInput, match="more than 60 days ago"):
        desk_clock.waited(NOW, told, NOW)


def test_what_comes_within_the_error_of_a_clock_is_not_late() -> None:
    assert not desk_clock.is_late(NOW - SKEW, NOW)
    assert desk_clock.is_late(NOW - SKEW - timedelta(microseconds=1), NOW)
    assert not desk_clock.is_late(NOW + minutes(90), NOW)


@pytest.mark.parametrize(
    ("since", "told", "waited"),
    [
        (NOW - minutes(60), NOW - minutes(50), minutes(10)),
        (NOW - minutes(60), None, minutes(60)),
        (NOW - minutes(60), NOW + minutes(5), minutes(60)),
        (NOW - minutes(60), NOW - minutes(61), minutes(0)),
        (NOW - minutes(60), NOW - minutes(62), minutes(0)),
        (NOW - minutes(60), NOW - minutes(63), minutes(60)),
    ],
    ids=["as told", "not told", "ahead", "a little before it began", "as much", "well before it began"],
)
def test_how_long_something_waited(since: datetime, told: datetime | None, waited: timedelta) -> None:
    assert desk_clock.waited(since, told, NOW) == waited


@given(since=MINUTES.filter(lambda since: since <= NOW), told=MINUTES)
def test_nothing_waits_longer_than_until_now_or_less_than_nothing(since: datetime, told: datetime) -> None:
    assert timedelta() <= desk_clock.waited(since, told, NOW) <= NOW - since
