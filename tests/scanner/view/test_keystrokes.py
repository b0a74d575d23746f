"""A scanner that types, told from a person."""

import math

import pytest

from scanner.view.keystrokes import NOTHING, Heard, Keystrokes, Stroke
from tests.scanner.cards import Order

TOKEN = Order().token(7)


def typed(
    keys: Keystrokes, text: str, *, every: float = 0.01, at: float = 0.0, places: str | None = None
) -> list[Heard]:
    """As the window hears it: it asks thirty times a second whether nothing more comes."""
    heard = []
    for n, letter in enumerate(text):
        now = at + n * every
        heard.append(keys.press(Stroke(letter, (places or text)[n].upper(), now)))
        heard += [keys.rest(now + turn / 30) for turn in range(1, math.ceil(every * 30))]
    return [each for each in heard if each != NOTHING]


def pressed(*keys: str) -> list[Heard]:
    return [Heard(key=key) for key in keys]


def test_a_token_is_known_with_its_last_character() -> None:
    assert typed(Keystrokes(), TOKEN) == [Heard(scan=TOKEN)]


@pytest.mark.parametrize("every", [0.05, 0.1, 0.15, 0.5, 1.2])
@pytest.mark.parametrize("before", ["", "]Q3"])
def test_a_slow_scanner_or_radio_link_is_a_scanner_too(every: float, before: str) -> None:
    assert typed(Keystrokes(), f"{before}{TOKEN.lower()}", every=every) == [Heard(scan=TOKEN)]


def test_a_slow_scanner_on_a_keyboard_of_another_country_is_one_too() -> None:
    assert typed(Keystrokes(), TOKEN.replace(":", "Ö").replace("/", "-"), every=0.12, places=TOKEN) == [
        Heard(scan=TOKEN)
    ]


def test_a_person_s_keys_are_never_kept_for_a_scan() -> None:
    keys = Keystrokes()
    assert typed(keys, "1h2ht3", every=0.2) == pressed("1", "2", "3")
    assert typed(keys, "2 ", every=0.4, at=9) == pressed("2", " ")
    assert typed(keys, "h", at=20) == []
    assert keys.enter(20.3) is None


def test_a_person_who_tries_offers_one_after_another_chooses_each() -> None:
    keys = Keystrokes()
    assert typed(keys, "1234", every=0.3) == pressed("1", "2", "3", "4")
    assert keys.enter(99) is None


def test_the_space_in_a_slow_code_accepts_nothing() -> None:
    assert typed(Keystrokes(), "50123 45", every=0.12) == pressed(*"5012345")


def test_a_keyboard_of_another_country_is_read_by_its_places() -> None:
    assert typed(Keystrokes(), TOKEN.replace(":", "Ö").replace("/", "-"), places=TOKEN) == [Heard(scan=TOKEN)]


def test_what_a_scanner_says_before_a_code_is_let_go() -> None:
    assert typed(Keystrokes(), f"]Q3{TOKEN}") == [Heard(scan=TOKEN)]


def test_the_enter_behind_a_scan_is_the_scanner_s() -> None:
    keys = Keystrokes()
    typed(keys, TOKEN)
    assert keys.enter(len(TOKEN) * 0.01 + 0.1) == NOTHING
    assert keys.enter(99) is None


def test_a_fast_burst_that_ends_with_enter_is_a_scan() -> None:
    keys = Keystrokes()
    typed(keys, "CWL260000001K")
    assert keys.enter(0.2) == Heard(scan="CWL260000001K")


def test_a_fast_burst_that_ends_with_a_pause_is_a_scan() -> None:
    keys = Keystrokes()
    typed(keys, "CWL260000001K")
    assert keys.rest(0.5) == NOTHING
    assert keys.rest(2.0) == Heard(scan="CWL260000001K")


def test_a_person_s_letters_are_no_scan() -> None:
    keys = Keystrokes()
    assert Heard(scan="CWL260000001K") not in typed(keys, "CWL260000001K", every=0.2)
    assert keys.enter(2.7, is_typing=True) is None


def test_the_late_enter_of_a_slow_radio_link_is_the_scanner_s_once() -> None:
    keys = Keystrokes()
    typed(keys, TOKEN)
    ended = len(TOKEN) * 0.01
    assert keys.enter(ended + 1.8) == NOTHING
    assert keys.enter(ended + 1.9) == NOTHING  # of a scanner that sends two
    assert keys.enter(ended + 2.5) is None


@pytest.mark.parametrize(("text", "every"), [("1234567", 0.01), ("CWL260000001K", 0.3), ("5012345", 0.1), ("12", 0.05)])
def test_the_enter_behind_a_short_or_a_slow_code_accepts_nothing(text: str, every: float) -> None:
    keys = Keystrokes()
    typed(keys, text, every=every)
    assert keys.enter(len(text) * every) == NOTHING
    assert keys.enter(99) is None


def test_a_single_key_is_a_person_s_once_nothing_follows() -> None:
    keys = Keystrokes()
    typed(keys, "2")
    assert keys.rest(0.05) == NOTHING
    assert keys.rest(0.1) == Heard(key="2")
    assert keys.rest(0.3) == NOTHING


def test_two_scans_behind_one_another_are_two() -> None:
    other = Order().token(8)
    assert typed(Keystrokes(), TOKEN + other) == [Heard(scan=TOKEN), Heard(scan=other)]
