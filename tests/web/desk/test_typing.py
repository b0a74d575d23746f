"""Scanners that type: told by a table of keys and times, and on a page with buttons, links and fields."""

import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import needs_chromium

pytestmark = [
    needs_chromium,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ONE = f"HTTPS://NOTES.EXAMPLE.ORG/N/CWL260000001K{'A2B3C4D5' * 13}"[:145].ljust(145, "Q")[: 28 + 13 + 103]
TWO = ONE.replace("0000001K", "0000002I")

GERMAN = {"Y": "Z", "Z": "Y", ":": "Ö", "/": "-", "-": "ß"}
FRENCH = {"A": "Q", "Q": "A", "Z": "W", "W": "Z", "M": ",", ":": "M", "/": "!", ".": ":", "0": "à", "1": "&", "2": "é",
          "3": '"', "4": "'", "5": "(", "6": "-", "7": "è", "8": "_", "9": "ç"}  # fmt: skip
CZECH = {"Y": "Z", "Z": "Y", ":": '"', "/": "-", "0": "é", "1": "+", "2": "ě", "3": "š", "4": "č", "5": "ř", "6": "ž"}
PLACES = {"/": "Slash", ".": "Period", "-": "Minus", ":": "Semicolon", "]": "BracketRight", " ": "Space"}

Stroke = dict[str, Any]


def place(letter: str) -> str:
    """The code of the key that gives this letter on a keyboard of the United States."""
    if letter.isalpha() and letter.isascii():
        return f"Key{letter.upper()}"
    return f"Digit{letter}" if letter.isdigit() else PLACES.get(letter, "")


def keys(
    text: str, *, every: float = 5, after: float = 2000, layout: dict[str, str] | None = None, field: bool = False
) -> list[Stroke]:
    """A text typed by a scanner, `after` the keys before it, a key `every` so many milliseconds; `\\n` is Enter, `\\t` Tab."""
    named = {"\n": "Enter", "\t": "Tab"}
    return [
        {"key": named.get(each) or (layout or {}).get(each, each), "code": named.get(each) or place(each),
         "gap": every if at else after, "isChord": False, "isInField": field}
        for at, each in enumerate(text)
    ]  # fmt: skip


def pause(milliseconds: float) -> list[Stroke]:
    """Nothing."""
    return [{"key": None, "gap": milliseconds}]


HEAR = """async (strokes) => {
  const { Keystrokes, PAUSE_MS } = await import("/static/desk/eyes/keystrokes.js");
  const ear = new Keystrokes();
  const texts = [];
  const through = [];
  let at = 0;
  for (const { gap, ...stroke } of strokes) {
    at += gap;
    if (gap > PAUSE_MS) texts.push(ear.rest());
    if (!stroke.key) continue;
    const { isScanners, text } = ear.press({ ...stroke, at });
    texts.push(text);
    if (!isScanners) through.push(stroke.key);
  }
  texts.push(ear.rest());
  return [texts.filter((each) => each !== null), through.join(" ")];
}"""

HEARD: list[tuple[str, list[Stroke], list[str]]] = [
    ("a token without Enter", keys(ONE), [ONE]),
    ("a token with Enter", keys(ONE + "\n"), [ONE]),
    ("a token with Tab", keys(ONE + "\t"), [ONE]),
    ("lower case", keys(ONE.lower()), [ONE]),
    ("CapsLock and Shift", keys(ONE.swapcase()), [ONE]),
    ("http and a port", keys("http://notes.example.org:8443" + ONE[25:]), ["HTTP://NOTES.EXAMPLE.ORG:8443" + ONE[25:]]),
    ("a prefix that scanners send", keys("]Q1" + ONE + "\n"), [ONE]),
    ("two scans with Enter", keys(ONE + "\n") + keys(TWO + "\n", after=50), [ONE, TWO]),
    ("two scans without anything between", keys(ONE) + keys(TWO, after=5), [ONE, TWO]),
    ("the same note twice", keys(ONE) + keys(ONE, after=300), [ONE, ONE]),
    ("a slow radio link", keys(ONE, every=120), [ONE]),
    ("a link that stops for a moment", keys(ONE[:70]) + keys(ONE[70:], after=1400), [ONE]),
    ("half a token, a pause, and the whole", keys(ONE[:60], every=90) + keys(ONE), [ONE]),
    ("half a token, and the whole at once", keys(ONE[:20]) + keys(ONE, after=5), [ONE]),
    ("junk and Enter before it", keys("JUNK\n") + keys(ONE, after=20), [ONE]),
    ("junk before it", keys("ABC") + keys(ONE, after=20), [ONE]),
    ("half a token is told, so that it is scanned again", keys(ONE[:60]) + keys(TWO), [ONE[:60], TWO]),
    ("half a token and Enter", keys(ONE[:60] + "\n"), [ONE[:60]]),
    ("another code with Enter", keys("https://example.org/menu\n"), ["https://example.org/menu"]),
    ("another code without Enter", keys("https://example.org/menu") + pause(1600), ["https://example.org/menu"]),
    ("a short code needs its Enter", keys("12345678") + pause(1600), []),
    ("a code of eight with Enter", keys("12345678\n"), ["12345678"]),
    ("a person's letter shortly before it", keys("x") + keys("https://example.org\n", after=900), ["https://example.org"]),
    ("a person who types", keys("CWL260000001K\n", every=140), []),
    ("a person in a field", keys("CWL260000001K\n", every=20, field=True), []),
    ("a token in a field", keys(ONE + "\n", field=True), [ONE]),
    ("half a token in a field says nothing", keys(ONE[:60], field=True) + pause(1600), []),
    ("a person's letters, then a scan in the same field", keys("CW", every=150, field=True) + keys(ONE, after=200, field=True), [ONE]),
    ("a German keyboard", keys(ONE, layout=GERMAN), [ONE]),
    ("a French keyboard", keys(ONE, layout=FRENCH), [ONE]),
    ("a Czech keyboard", keys(ONE, layout=CZECH), [ONE]),
    ("a French keyboard and a prefix", keys("]Q1" + ONE, layout=FRENCH), [ONE]),
]  # fmt: skip


@pytest.mark.parametrize(("strokes", "texts"), [case[1:] for case in HEARD], ids=[case[0] for case in HEARD])
def test_what_a_scanner_typed(modules: Page, strokes: list[Stroke], texts: list[str]) -> None:
    assert modules.evaluate(HEAR, strokes)[0] == texts


THROUGH: list[tuple[str, list[Stroke], str]] = [
    ("of a scan the first key alone, which nobody can know yet", keys(ONE + "\n"), "H"),
    ("of two scans two", keys(ONE) + keys(TWO), "H H"),
    ("a person's Enter", keys(ONE + "\n") + keys("\n", after=900), "H Enter"),
    ("a line feed behind the Enter is the scanner's", keys(ONE + "\n") + keys("\n", after=5), "H"),
    ("all that a person types", keys("YES\n", every=150), "Y E S Enter"),
    ("of a slow scan what comes before it is known", keys(ONE, every=120), "H T T"),
    ("a person's Enter and Tab alone", keys("\n\t\n", every=300), "Enter Tab Enter"),
    ("in a field all but what ends the token", keys(ONE + "\n", field=True), " ".join(ONE[:-1])),
    ("in a field a person's Enter", keys("CWL\n", field=True), "C W L Enter"),
    ("the Enter behind another code is the scanner's", keys("https://example.org\n"), "h"),
]


@pytest.mark.parametrize(("strokes", "through"), [case[1:] for case in THROUGH], ids=[case[0] for case in THROUGH])
def test_which_keys_reach_the_page(modules: Page, strokes: list[Stroke], through: str) -> None:
    assert modules.evaluate(HEAR, strokes)[1] == through


LISTEN = """async () => {
  const { listen } = await import("/static/desk/eyes/typing.js");
  window.texts = [];
  window.pressed = [];
  window.busy = false;
  window.end = listen({ onText: (text) => texts.push(text), isBusy: () => busy });
  for (const id of ["button", "link", "radio"])
    document.getElementById(id).addEventListener("click", () => pressed.push(id));
}"""
NAMED = {"\n": ("Enter", "Enter", "\r", 13), "\t": ("Tab", "Tab", "", 9), " ": (" ", "Space", " ", 32)}


class Hands:
    """A page that listens, and keys whose times are told to the browser, so that a busy machine changes nothing."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._line = page.context.new_cdp_session(page)
        self._at = time.time()

    def scans(self, text: str) -> None:
        """A scanner types, two seconds after what came before."""
        self._type(text, after=2, every=0.005)

    def types(self, text: str) -> None:
        """A person types."""
        self._type(text, after=2, every=0.15)

    def _type(self, text: str, *, after: float, every: float) -> None:
        self._at += after
        for letter in text:
            key, code, put_in, number = NAMED.get(letter) or (letter, place(letter), letter, ord(letter.upper()))
            stroke = {"key": key, "code": code, "windowsVirtualKeyCode": number, "timestamp": self._at}
            self._line.send("Input.dispatchKeyEvent", {**stroke, "type": "keyDown", "text": put_in})
            self._line.send("Input.dispatchKeyEvent", {**stroke, "type": "keyUp"})
            self._at += every

    def texts(self) -> list[str]:
        """What was scanned."""
        said: list[str] = self.page.evaluate("texts")
        return said

    def pressed(self) -> list[str]:
        """What was pressed."""
        said: list[str] = self.page.evaluate("pressed")
        return said

    def value(self, name: str) -> str:
        """What a field holds."""
        return self.page.locator(f"#{name}").input_value()


@pytest.fixture
def hands(modules: Page) -> Hands:
    """The page afresh, listening."""
    modules.reload()
    modules.evaluate(LISTEN)
    return Hands(modules)


@pytest.mark.parametrize("focus", ["button", "link", "radio", "select", None])
def test_a_scan_is_heard_and_presses_nothing_whatever_has_the_focus(hands: Hands, focus: str | None) -> None:
    if focus:
        hands.page.locator(f"#{focus}").focus()
    for text in (ONE, TWO.lower(), f"{ONE}\n", f"{TWO}\t", f"{ONE}\n\n"):
        hands.scans(text)
    assert hands.texts() == [ONE, TWO, ONE, TWO, ONE]
    assert hands.pressed() == []
    assert hands.page.evaluate("document.activeElement.id") == (focus or "")
    assert hands.value("select") == "a"


def test_a_button_is_pressed_by_a_person(hands: Hands) -> None:
    hands.page.locator("#button").focus()
    hands.scans(ONE)
    hands.types("\n ")
    assert hands.pressed() == ["button", "button"]


def test_a_code_with_spaces_presses_no_button(hands: Hands) -> None:
    hands.page.locator("#button").focus()
    hands.scans("BEGIN VCARD N A B C\n")
    assert hands.texts() == ["BEGIN VCARD N A B C"]
    assert hands.pressed() == []


@pytest.mark.parametrize("name", ["field", "short", "area"])
def test_a_scan_into_a_field_is_taken_out_of_it_again(hands: Hands, name: str) -> None:
    hands.page.locator(f"#{name}").focus()
    hands.types("CWL26")
    hands.page.keyboard.press("ArrowLeft")
    hands.scans(f"]Q1{ONE}\n")
    assert hands.value(name) == "CWL26"
    hands.types("x")
    assert hands.value(name) == "CWL2x6"
    assert hands.texts() == [ONE]


def test_a_scan_over_selected_letters_brings_them_back(hands: Hands) -> None:
    hands.page.locator("#field").fill("CWL26")
    hands.page.locator("#field").select_text()
    hands.scans(ONE)
    assert hands.value("field") == "CWL26"
    assert hands.texts() == [ONE]


def test_what_a_person_types_into_a_field_stays(hands: Hands) -> None:
    hands.page.locator("#field").focus()
    hands.types("CWL26 0000001 K\t")
    assert hands.value("field") == "CWL26 0000001 K"
    expect(hands.page.locator("#short")).to_be_focused()
    assert hands.texts() == []


@pytest.mark.parametrize("name", ["field", "short"])
def test_a_tablets_scanner_that_puts_in_the_whole_text_is_heard(hands: Hands, name: str) -> None:
    """It is a keyboard of the tablet, which presses no keys; a text that is pasted comes the same way."""
    hands.page.locator(f"#{name}").fill("CWL")
    hands.page.locator(f"#{name}").focus()
    hands.page.keyboard.insert_text(f"]Q1{ONE}")
    assert hands.value(name) == "CWL"
    assert hands.texts() == [ONE]


def test_what_is_scanned_while_the_page_is_busy_is_let_go_and_presses_nothing(hands: Hands) -> None:
    hands.page.locator("#button").focus()
    hands.page.evaluate("busy = true")
    hands.scans(f"{ONE}\n")
    hands.page.evaluate("busy = false")
    hands.scans(TWO)
    assert hands.texts() == [TWO]
    assert hands.pressed() == []


def test_nothing_is_heard_after_the_end(hands: Hands) -> None:
    hands.page.evaluate("end()")
    hands.scans(ONE)
    assert hands.texts() == []
