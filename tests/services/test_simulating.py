"""A simulated year: of one seed always the same, lived by the rules, and an audit finds in it what was planted, no more and no fewer."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from app.core.errors import Refused
from app.core.lifecycle import Kind
from app.services import auditing, books, enquiry, simulated_people, simulated_year, simulating
from app.services.simulated_people import People, Size
from app.services.simulated_year import DAYS, Moved, Ordered, Visit, Year
from tests.world import DESIGNS

NOW = datetime(2027, 3, 10, 11, 30, tzinfo=UTC)
BEGINS = datetime(2026, 3, 10, tzinfo=UTC)
SMALL = Size(programmes=3, organisations=8, venues=9, notes=2_000)


def _people(seed: int, size: Size = SMALL) -> People:
    return simulated_people.gathered(size, Random(seed))  # noqa: S311


def _year(seed: int, size: Size = SMALL) -> Year:
    return simulated_year.lived(_people(seed, size), size.notes, begins=BEGINS, chance=Random(seed))  # noqa: S311


def _visits(year: Year) -> list[Visit]:
    return [visit for day in sorted(year.visits) for visit in year.visits[day]]


def test_a_seed_is_one_year_and_another_seed_another() -> None:
    assert _people(7) == _people(7)
    assert _year(7) == _year(7)
    assert _year(7) != _year(8)


def test_a_national_network_has_its_real_size() -> None:
    size = Size.scaled(1)
    assert (size.programmes, size.organisations, size.venues, size.notes) == (13, 700, 600, 500_000)
    people = _people(1, size)
    for part in (people.organisations, people.venues):
        assert {each.programme for each in part} == {code for code, _name, _design in people.programmes}
        assert len({each.name for each in part}) == len(part)


def test_as_many_notes_are_ordered_as_were_asked_for_and_nearly_half_are_spent() -> None:
    year = _year(1, Size(4, 70, 60, 50_000))
    ordered = sum(len(deed.span) for day in year.deeds.values() for deed in day if isinstance(deed, Ordered))
    assert 48_000 < ordered < 52_000
    assert 10_000 < len(_visits(year)) < 20_000


def test_the_year_has_what_years_have() -> None:
    year = _year(3, Size(3, 40, 30, 40_000))
    kinds = Counter(deed.kind for day in year.deeds.values() for deed in day if isinstance(deed, Moved))
    expected = {Kind.RECEIVE, Kind.DISPATCH, Kind.ISSUE, Kind.RETURN, Kind.HOLD, Kind.RELEASE, Kind.VOID}
    assert set(kinds) == expected
    visits = _visits(year)
    assert any(visit.practice for visit in visits)
    assert any(visit.back_after for visit in visits)
    assert any(visit.told_at for visit in visits)
    assert any(visit.is_stopped for visit in visits)
    assert Counter(check for check, _concerns in year.planted).keys() == {"overdue", "offline_conflict"}
    assert all(year.begins <= visit.at < year.ends for visit in visits)


def test_an_audit_finds_what_was_planted_no_more_and_no_fewer(empty_url: str) -> None:
    days: list[int] = []
    made = simulating.simulate(
        empty_url, seed=2, size=SMALL, now=NOW, host="NOTES.EXAMPLE.ORG", designs=DESIGNS, day_done=days.append
    )
    store = books.open_books(empty_url)
    try:
        found = auditing.audit_books(store, now=NOW)
        assert sorted((each.check, each.concerns) for each in found) == list(made.planted)
        assert made.planted
        assert (made.begins, made.ends) == (BEGINS, BEGINS + timedelta(days=DAYS))
        assert days == list(range(DAYS))
        assert made.counts["programmes"] == 3
        assert made.counts["visits accepted"] > 200
        assert made.counts["visits refused"] > 0
        counted = sum(sum(each.counts.values()) for each in enquiry.overview(store))
        assert counted == made.counts["notes"]
    finally:
        store.close()


def test_a_year_is_not_put_upon_books_that_are_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hournote.db'}"
    books.migrate_books(url)
    before = (tmp_path / "hournote.db").read_bytes()
    with pytest.raises(Refused):
        simulating.simulate(url, seed=1, size=SMALL, now=NOW, host="NOTES.EXAMPLE.ORG", designs=DESIGNS)
    assert (tmp_path / "hournote.db").read_bytes() == before


def test_a_year_that_is_interrupted_leaves_no_books_and_no_job_files(tmp_path: Path) -> None:
    def stop(day: int) -> None:
        if day == 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulating.simulate(
            f"sqlite:///{tmp_path / 'hournote.db'}", seed=1, size=SMALL, now=NOW, host="NOTES.EXAMPLE.ORG",
            designs=DESIGNS, day_done=stop,
        )  # fmt: skip
    assert list(tmp_path.iterdir()) == []
