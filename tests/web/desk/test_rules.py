"""The rules that the desk page knows without the network, held to what the core says: written twice, they cannot drift.

Each test lets the core answer many cases and asks the page's module the same ones.
"""

import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Page

from app.core import apart, opening_hours, visit
from app.core import serial as serials
from app.core import token as tokens
from app.core import verdict as verdicts
from app.core.apart import Policy
from app.core.errors import BadInput
from app.core.lifecycle import State
from app.core.opening_hours import DAYS
from app.core.serial import Serial
from app.core.token import Token
from app.core.verdict import Facts, Verdict
from app.core.verifying import Signature
from app.core.visit import Offer
from app.core.wall_clock import LONDON
from tests.core.test_token import KNOWN_TEXT
from tests.web.conftest import needs_chromium
from tests.web.desk.asking import ask, differences

pytestmark = needs_chromium

CHARACTERS = [
    each
    for each in map(chr, range(0x20000))
    if ord(each) < 0x250
    or each.isspace()
    or unicodedata.category(each) in ("Zs", "Pd", "Cf")
    or unicodedata.normalize("NFKC", each).isascii()
    or each.casefold().isascii()
]
"""Latin letters, every space, some that cannot be seen, and all that resembles an ASCII character."""
LOOK_ALIKES = ["ı", "İ", "ſ", "\u212a", "Ａ", "０", "٣", "ß", "é", "e\u0301", "Ο", "О", "😀", "\ud800", "\x00", "\ufeff"]  # fmt: skip


def chance(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311


def held(page: Page, served: str, each: str, cases: list[Any], core: Callable[[Any], Any]) -> None:
    """The page answers each case as the core does."""
    assert differences(cases, [core(case) for case in cases], ask(page, served, each, cases)) == []


# --- serials


def some_serials(chance: random.Random, count: int) -> Iterator[Serial]:
    """Of every letter and digit, and both ends of the numbers."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for _ in range(count):
        series = "".join(chance.choices(letters + "OI" * 4, k=3)) + f"{chance.randrange(100):02d}"
        yield Serial(series, chance.choice([1, 9_999_999, chance.randint(1, 9_999_999), chance.randint(1, 2000)]))


def as_typed(serial: Serial, chance: random.Random) -> str:
    """As somebody writes it, and not always rightly."""
    text = serial.printed if chance.random() < 0.5 else str(serial)
    for _ in range(chance.randrange(4)):
        place = chance.randrange(len(text))
        instead = chance.choice([*"OI01oi ZK9", "", "  ", "-", "\u2013", "\xa0", "\x1f", "\x85", *LOOK_ALIKES])
        text = text[:place] + instead + text[place + chance.randrange(2) :]
    return chance.choice([text, text.lower(), text.swapcase(), f"\t{text}\n"])


def core_serial(text: str) -> Any:
    try:
        return str(serials.parse(text))
    except BadInput as error:
        return refused(error)


def refused(error: BadInput) -> dict[str, str]:
    """The word for what the core says in a sentence."""
    words = {" has ": "length", "check character": "check", "is not a serial": "shape", "is not the number": "shape"}
    return {"refused": next((word for part, word in words.items() if part in error.sentence.split("; ")[-1]), "shape")}


def test_serials_are_read_as_the_core_reads_them(page: Page, served: str) -> None:
    luck = chance("serials")
    typed = [as_typed(serial, luck) for serial in some_serials(luck, 6000)]
    odd = ["", " ", "CWL26", "CWL260000000X", "CWL26 0000000 1", "A" * 13, "0" * 13, "1" * 13, "x" * 600, *LOOK_ALIKES]
    held(page, served, "(text) => tried(() => serial.parse(text))", typed + odd, core_serial)
    read = [core_serial(text) for text in typed]
    assert {str(each.get("refused")) if isinstance(each, dict) else "read" for each in read} == {
        "read", "length", "shape", "check",
    }  # fmt: skip


def test_every_character_between_those_of_a_serial_is_taken_as_the_core_takes_it(page: Page, served: str) -> None:
    good = str(Serial("OIL26", 101))
    for place in (0, 5, 13):
        cases = [good[:place] + each + good[place:] for each in CHARACTERS]
        held(page, served, "(text) => tried(() => serial.parse(text))", cases, core_serial)


def test_every_character_instead_of_one_of_a_serial_is_taken_as_the_core_takes_it(page: Page, served: str) -> None:
    good = str(Serial("OIL26", 101))
    for place in (0, 4, 12):
        cases = [good[:place] + each + good[place + 1 :] for each in CHARACTERS]
        held(page, served, "(text) => tried(() => serial.parse(text))", cases, core_serial)


def test_the_parts_of_a_serial_are_those_of_the_core(page: Page, served: str) -> None:
    made = [*some_serials(chance("parts"), 2000), Serial("SPC26", 1)]
    each = """(text) => [serial.printed(text), serial.seriesOf(text), serial.numberOf(text), serial.programmeOf(text),
      serial.isSpecimen(text), serial.checkCharacter(text.slice(0, 12))]"""
    expected = [
        [
            one.printed,
            one.series,
            one.number,
            serials.programme_of(one.series),
            serials.is_specimen(one.series),
            one.check,
        ]
        for one in made
    ]
    cases = [str(one) for one in made]
    assert differences(cases, expected, ask(page, served, each, cases)) == []


# --- tokens

READ_TOKEN = """(text) => tried(() => {
  const { serial, signature } = token.parse(text);
  return { serial, signature: toHex(signature) };
})"""
READ = """(text) => {
  const { serial, signature } = token.read(text);
  return { serial, signature: toHex(signature) };
}"""


def core_token(text: str) -> Any:
    try:
        read = tokens.parse(text)
    except BadInput as error:
        return refused(error)
    return {"serial": str(read.serial), "signature": read.signature.hex()}


def core_read(text: str) -> dict[str, Any]:
    read = tokens.read(text)
    if isinstance(read, Token):
        return {"serial": str(read.serial), "signature": read.signature.hex()}
    return {"serial": str(read) if read else None, "signature": None}


def broken_tokens(luck: random.Random) -> Iterator[str]:
    """Tokens, and everything that resembles one."""
    for serial in some_serials(luck, 500):
        text = tokens.compose("notes.example.org", serial, luck.randbytes(64))
        yield from (
            text,
            text.lower(),
            text.replace("HTTPS", "http"),
            f" {text}\r\n",
            f"\x1c{text}\x1f",
            text[:-1],
            text + "A",
        )
        place = luck.randrange(len(text))
        yield text[:place] + text[place + 1 :]
        yield text[:place] + luck.choice([*"018=?/.:-#% AZ", *LOOK_ALIKES]) + text[place + 1 :]
        yield from (text[:-1] + luck.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(3))
    head, tail = "HTTPS://", KNOWN_TEXT[KNOWN_TEXT.index("/N/") :]
    for host in (
        "A",
        "A" * 253,
        "A" * 254,
        "",
        ".",
        "-",
        "10.0.0.1",
        "A_B",
        "[::1]",
        "A:80",
        "A:0",
        "A:99999",
        "A:999999",
        "A:",
        "A@B",
    ):
        yield head + host + tail
    yield from (
        tail,
        head + tail,
        f"FTP://A{tail}",
        f"HTTPS:/A{tail}",
        f"HTTPS://A/M/{tail[3:]}",
        f"HTTPS://A{tail}/",
        f"HTTPS://A{tail}?x",
    )
    yield from (" " * n + f"HTTPS://{'A' * 253}{tail}" for n in range(110, 130))
    yield from (" " * n + str(Serial("CWL26", 12345)) for n in range(485, 490))


def test_tokens_are_read_as_the_core_reads_them(page: Page, served: str) -> None:
    cases = list(broken_tokens(chance("tokens")))
    held(page, served, READ_TOKEN, cases, core_token)
    held(page, served, READ, cases, core_read)
    assert sum("serial" in core_token(case) for case in cases) > 2000


@pytest.mark.parametrize("place", [0, 4, 10, 27, 30, 42, 60, len(KNOWN_TEXT)])
def test_every_character_in_a_token_is_taken_as_the_core_takes_it(page: Page, served: str, place: int) -> None:
    cases = [KNOWN_TEXT[:place] + each + KNOWN_TEXT[place + gone :] for each in CHARACTERS for gone in (0, 1)]
    held(page, served, READ_TOKEN, cases, core_token)


def test_a_whole_token_is_known_by_its_pattern(page: Page, served: str) -> None:
    cases = [KNOWN_TEXT, KNOWN_TEXT.lower(), KNOWN_TEXT[:-1], f"{KNOWN_TEXT}A", f"{KNOWN_TEXT}\n", f" {KNOWN_TEXT}"]
    assert ask(page, served, "(text) => token.TOKEN.test(text)", cases) == [True, True, False, False, False, False]


# --- verdicts


def every_fact() -> list[Facts]:
    """Every note that there can be."""
    yes_no = (True, False)
    return [
        Facts(*each) for each in product(
            yes_no, (None, *State), (None, *Signature), yes_no, yes_no, yes_no, yes_no, yes_no,
        )
    ]  # fmt: skip


def told(note: Facts) -> dict[str, Any]:
    """The facts as the page's modules have them."""
    names = {"accepted_here": "acceptedHere", "keyed_allowed": "keyedAllowed"}
    return {names.get(name, name): getattr(note, name) for name in Facts.__dataclass_fields__}


def test_every_note_is_judged_as_the_core_judges_it(page: Page, served: str) -> None:
    notes = every_fact()
    expected = [str(verdicts.judge(note)) for note in notes]
    given = ask(page, served, "(note) => verdict.judge(note)", [told(note) for note in notes])
    assert differences(notes, expected, given) == []


def test_the_order_of_the_verdicts_is_that_of_the_core(page: Page, served: str) -> None:
    assert ask(page, served, "() => verdict.ORDER", [None]) == [[str(each) for each in Verdict]]


# --- visits


def some_visits(luck: random.Random, words: list[Verdict]) -> Iterator[tuple[list[Verdict], Offer | None]]:
    for _ in range(3000):
        good = luck.random() < 0.7
        shown = [words[0] if good else luck.choice(words) for _ in range(luck.choice([1, 2, 3, 4, 6, 12, 50]))]
        offer = Offer(luck.choice([1, 2, 3, 5]), luck.random() < 0.8, luck.choice([None, None, 1, 2, 10]))
        yield shown, luck.choice([offer, offer, None])


def terms(offer: Offer | None) -> dict[str, Any] | None:
    if offer is None:
        return None
    return {"hours": offer.price_hours, "isOpen": offer.is_open, "mostNotes": offer.most_notes}


def test_visits_are_decided_as_the_core_decides_them(page: Page, served: str) -> None:
    cases = list(some_visits(chance("visits"), [Verdict.GOOD, *Verdict]))
    decided = [visit.decide(*case) for case in cases]
    expected = [{"outcome": each.outcome, "reason": each.reason} for each in decided]
    asked = [[shown, terms(offer)] for shown, offer in cases]
    given = ask(page, served, "([shown, terms]) => visit.decide(shown, terms)", asked)
    assert differences(cases, expected, given) == []
    assert {each["reason"] for each in expected} == {None, *visit.Reason}
    assert ask(page, served, "() => visit.MOST_NOTES", [None]) == [visit.MOST_NOTES]


def test_a_large_group_is_split_into_visits_that_each_pay_whole_prices(page: Page, served: str) -> None:
    cases = [
        (list(range(count)), price, most)
        for count in (0, 1, 49, 50, 51, 100, 120, 151)
        for price in (1, 2, 3, 7, 40, 50)
        for most in (None, 10, 50, 60)
    ]
    given = ask(page, served, "(each) => visit.split(...each)", [list(each) for each in cases])
    for (notes, price, most), parts in zip(cases, given, strict=True):
        room = max(min(most or 50, 50) // price * price, price)
        assert [note for part in parts for note in part] == notes
        assert all(len(part) == room for part in parts[:-1])
        assert all(0 < len(part) <= room for part in parts)


# --- opening hours


def moments() -> list[datetime]:
    """Every ten minutes of both nights on which the clocks change and of a week, and the seconds around some."""
    weekends = [datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)]
    nights = [start + timedelta(minutes=10 * n) for start in weekends for n in range(6 * 36)]
    week = [datetime(2026, 11, 23, tzinfo=UTC) + timedelta(minutes=50 * n) for n in range(7 * 29)]
    edges = [moment + timedelta(milliseconds=off) for moment in nights[::9] for off in (-1, 59_999)]
    years = [datetime(year, 1, 1, tzinfo=UTC) - timedelta(milliseconds=1) for year in (2000, 2025, 2027, 2100)]
    return nights + week + edges + years


def some_hours() -> list[opening_hours.OpeningHours]:
    times = [
        None,
        ("00:00", "24:00"),
        ("09:00", "17:30"),
        ("22:00", "02:00"),
        ("01:00", "02:30"),
        ("01:30", "01:00"),
        ("23:59", "00:00"),
    ]
    return [
        opening_hours.parse(days, *(time or (None, None)))
        for days in (None, "mon-fri", "sat", "sun", "sat-mon", "fri", "wed,sat") for time in times
    ]  # fmt: skip


def test_offers_are_open_when_the_core_says_so(page: Page, served: str) -> None:
    cases = []
    expected = []
    for hours in some_hours():
        begins, ends = hours.times
        offer = {"days": hours.day_names, "from": begins, "until": ends}
        for moment in moments():
            cases.append([offer, int(moment.timestamp() * 1000)])
            expected.append(hours.is_open_at(moment.astimezone(LONDON)))
    given = ask(page, served, "([offer, at]) => opening.isOpenAt(offer, new Date(at))", cases)
    assert differences(cases, expected, given) == []
    assert set(expected) == {True, False}
    assert len(DAYS) == 7


def test_an_offer_is_taken_on_its_terms(page: Page, served: str) -> None:
    offer = {"days": None, "from": None, "until": None, "hours": 2, "most_notes": 8}
    given = ask(page, served, "(offer) => opening.termsOf(offer, new Date())", [offer, {**offer, "days": []}])
    assert given == [{"hours": 2, "isOpen": is_open, "mostNotes": 8} for is_open in (True, False)]


# --- apart


def test_a_desk_that_is_apart_says_of_every_note_what_the_core_says(page: Page, served: str) -> None:
    cases = [(note, may) for note in every_fact() for may in (True, False)]
    expected = [str(apart.judge(note, may_accept=may)) for note, may in cases]
    given = ask(page, served, "([note, may]) => apart.judge(note, may)", [[told(note), may] for note, may in cases])
    assert differences(cases, expected, given) == []


def test_a_desk_that_is_apart_uses_its_allowance_as_the_core_does(page: Page, served: str) -> None:
    luck = chance("allowance")
    good = Facts(state=State.ISSUED, signature=Signature.GOOD)
    others = [
        good,
        good,
        good,
        replace(good, redeemed=True),
        replace(good, state=None, signature=Signature.UNKNOWN_KEY),
    ]
    cases = [(luck.choices(others, k=luck.randrange(1, 9)), luck.randrange(6)) for _ in range(500)]
    expected = [[str(each) for each in apart.judge_all(notes, notes_left=left)] for notes, left in cases]
    asked = [[[told(note) for note in notes], left] for notes, left in cases]
    given = ask(page, served, "([notes, left]) => apart.judgeAll(notes, left)", asked)
    assert differences(cases, expected, given) == []


def test_a_desk_that_is_apart_decides_as_the_core_does(page: Page, served: str) -> None:
    words = [Verdict.ACCEPTED_OFFLINE, Verdict.ACCEPTED_OFFLINE, Verdict.CANNOT_TELL_OFFLINE, Verdict.HELD]
    cases = list(some_visits(chance("apart"), words))
    expected = []
    for decision, said in (apart.decide(*case) for case in cases):
        expected.append({"outcome": decision.outcome, "reason": decision.reason, "said": [str(each) for each in said]})
    asked = [[shown, terms(offer)] for shown, offer in cases]
    given = ask(page, served, "([shown, terms]) => apart.decide(shown, terms)", asked)
    assert differences(cases, expected, given) == []


def test_a_desk_may_accept_by_itself_when_the_core_says_so(page: Page, served: str) -> None:
    now = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    ages = [
        None,
        *(timedelta(milliseconds=ms) for ms in (0, -120_000, -120_001, 3_600_000, 3_600_001, 86_400_000, 86_400_001)),
    ]
    cases = [
        (Policy(notes, hours), age, waiting)
        for notes in (0, 1, 20) for hours in (0, 1, 24) for age in ages for waiting in (0, 1, 19, 20, 30)
    ]  # fmt: skip
    expected, asked = [], []
    for policy, age, waiting in cases:
        given = {"known_at": None if age is None else now - age, "now": now, "waiting_notes": waiting}
        expected.append([str(apart.leave(policy, **given)), apart.notes_left(policy, **given)])  # type: ignore[arg-type]
        limits = {"offline_notes": policy.offline_notes, "offline_hours": policy.offline_hours}
        asked.append([limits, None if age is None else int((now - age).timestamp() * 1000), waiting])
    each = f"""([policy, knownAt, waitingNotes]) => {{
      const now = new Date({int(now.timestamp() * 1000)});
      const standing = {{ policy, knownAt: knownAt === null ? null : new Date(knownAt), now, waitingNotes }};
      return [apart.leave(standing), apart.notesLeft(standing)];
    }}"""
    assert differences(cases, expected, ask(page, served, each, asked)) == []
    assert {said for said, _left in expected} == {str(each) for each in apart.Leave}
