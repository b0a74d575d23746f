"""English and Welsh: nothing is left out, and nothing that is filled in is lost."""

import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from app.core.verdict import Verdict
from app.core.visit import Reason
from scanner.view import sentences
from scanner.view.words import ENGLISH, WELSH, Words, language_here, welsh

NOW = datetime(2026, 11, 26, 14, 5, tzinfo=UTC)


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_every_sentence_has_its_welsh_and_no_other_has() -> None:
    assert set(welsh()["sentences"]) == sentences.everything()
    assert {one for one, _ in sentences.COUNTS.values()} == set(welsh()["counts"])


@pytest.mark.parametrize("text", sorted(sentences.everything()))
def test_what_is_filled_in_is_the_same_in_welsh(text: str) -> None:
    said = welsh()["sentences"][text]
    assert said.strip()
    assert places(said) == places(text)


@pytest.mark.parametrize("name", sentences.COUNTS)
def test_every_count_has_five_forms_in_welsh(name: str) -> None:
    one, other = sentences.COUNTS[name]
    forms = welsh()["counts"][one]
    assert len(forms) == 5
    assert places(one) == places(other)
    assert all(places(form) | {"num"} == places(other) | {"num"} for form in forms)


def test_welsh_counts_as_welsh_does() -> None:
    words = Words(WELSH)
    said = [words.count("people", num, progress="x") for num in (1, 2, 3, 4, 6)]
    assert [text.split()[-1] for text in said] == ["person", "berson", "pherson", "bobl", "pherson"]
    assert [Words(ENGLISH).count("hours", num) for num in (1, 2)] == ["1 hour", "2 hours"]


def test_every_verdict_reason_and_trouble_is_said() -> None:
    assert set(sentences.VERDICTS) == set(Verdict)
    assert set(sentences.REASONS) == set(Reason) - {Reason.NOTE_REFUSED}
    assert len({word.text for word in sentences.VERDICTS.values()}) == len(Verdict)


def test_a_full_tick_means_that_the_note_was_taken() -> None:
    ticked = {verdict for verdict, word in sentences.VERDICTS.items() if word.shape in ("tick", "open")}
    assert ticked == {Verdict.ACCEPTED, Verdict.ACCEPTED_OFFLINE}


def test_a_verdict_of_a_newer_service_is_never_shown_as_accepted() -> None:
    assert Words(ENGLISH).verdict("splendid").family == "no"


def test_a_moment_is_told_on_the_clock_of_the_venues() -> None:
    summer = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert Words(ENGLISH).moment(summer, NOW) == "Wed 1 Jul, 13:00"
    assert Words(WELSH).moment(summer, NOW) == "Mer 1 Gorff, 13:00"
    assert Words(ENGLISH).moment(NOW, NOW) == "14:05 today"


def test_families_differ_in_shape_as_well_as_in_colour() -> None:
    shapes = {family: {word.shape for word in sentences.VERDICTS.values() if word.family == family} for family in ("good", "attention", "no")}  # fmt: skip
    assert all(not one & other for one, other in pairwise([*shapes.values(), shapes["good"]]))


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "cy_GB.UTF-8"}, WELSH),
        ({"LANG": "en_GB.UTF-8"}, ENGLISH),
        ({"LC_ALL": "en_GB", "LANG": "cy_GB"}, ENGLISH),
    ],
)
def test_the_language_is_that_of_this_computer(environment: dict[str, str], language: str) -> None:
    assert language_here(environment) == language
