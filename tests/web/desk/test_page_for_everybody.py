"""Every state of the desk page, in both languages, small and large: no violation, no sideways scroll, no small target."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from tests.web.conftest import World, needs_chromium, now
from tests.web.desk.at_the_desk import CONDITION, KEEP_HOLD, open_desk, scan
from tests.web.looking import judge, prepare

pytestmark = [needs_chromium, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

SIZES = (ViewportSize(width=1280, height=800), ViewportSize(width=740, height=360), ViewportSize(width=320, height=640))

TOO_SMALL = """() => [...document.querySelectorAll(
  "button, input:not([type=hidden]):not([type=radio]):not([type=checkbox]):not([type=range]), select, summary, .pick, .switch")]
  .filter(e => e.checkVisibility() && (e.getBoundingClientRect().height < 43.9 || e.getBoundingClientRect().width < 43.9))
  .map(e => e.outerHTML.slice(0, 90))"""

UNCONFIRMED = """() => { heldDesk.redeem = async ({notes}) => ({id: "x", outcome: "accepted", reason: null, hours: 1,
  confirmed: false, notes: [{serial: null, verdict: "accepted_offline", first_redeemed_at: null, first_venue: null}]}); }"""

UNCHECKED = """() => { heldDesk.check = async () => ({confirmed: false,
  notes: [{serial: null, verdict: "good", first_redeemed_at: null, first_venue: null}]}); }"""


def _take(page: Page, world: World, number: int) -> None:
    scan(page, world.token(number))
    expect(page.locator("#accept")).to_have_attribute("aria-disabled", "false")
    page.locator("#accept").click()
    page.locator(".answer-word").wait_for()


def _refused(page: Page, world: World) -> Iterator[str]:
    for number, state in ((10, "spent"), (45, "held"), (7, "not issued")):
        scan(page, world.token(number))
        page.locator(".answer-word").wait_for()
        yield state
        page.keyboard.press("Escape")
        page.locator("#basket li button").click()


def _visit(page: Page, world: World) -> Iterator[str]:
    yield "empty"
    page.evaluate(KEEP_HOLD)
    page.locator(".pick").nth(1).click()
    scan(page, world.token(20))
    page.locator("#basket li.good").wait_for()
    yield "one of two"
    scan(page, world.token(10))
    page.locator(".answer-word").wait_for()
    yield "a bad note among good ones"
    page.keyboard.press("Escape")
    yield "a bad note in the basket"
    page.locator("#empty").click()
    page.locator(".pick").first.click()
    yield from _refused(page, world)
    _take(page, world, 21)
    yield "accepted"
    page.locator("#recent summary").click()
    yield "giving back"


def _aside(page: Page, world: World) -> Iterator[str]:
    page.evaluate(KEEP_HOLD)
    page.locator("#serial").fill("CWL26 0000012 Z")
    page.keyboard.press("Enter")
    yield "a misread serial"
    page.locator("#serial").fill("")
    page.locator("#mode").click()
    scan(page, world.token(22))
    page.locator(".answer.asked").wait_for()
    yield "checked"
    page.locator("#mode").click()
    page.locator("#settings summary").click()
    page.locator("#set-practice").check()
    _take(page, world, 23)
    yield "practice and settings"
    page.locator("#practice-end").click()
    note = {"serial": world.serial(10), "verdict": "already_redeemed", "first_redeemed_at": None, "first_venue": None}
    notice = {"id": "one", "deed": "redeem", "at": now().isoformat(), "reason": "note_refused", "notes": [note]}
    apart = {"online": False, "knownAt": now().isoformat(), "apart": "ready", "notesLeft": 17, "waitingNotes": 3}
    page.evaluate(CONDITION, {**apart, "trouble": "clock", "notices": [notice]})
    page.evaluate(UNCONFIRMED)
    _take(page, world, 24)
    yield "apart, not yet confirmed, with a notice and a trouble"
    left = {**notice, "id": "two", "reason": "left_spent", "notes": []}
    page.evaluate(CONDITION, {**apart, "trouble": "closed", "notices": [left]})
    page.evaluate(UNCHECKED)
    page.locator("#mode").click()
    scan(page, world.token(25))
    page.locator(".answer.unconfirmed").wait_for()
    yield "checked without network, the books closed, with notes that may be spent"


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("states", [_visit, _aside], ids=["visit", "aside"])
def test_every_state_is_for_everybody(
    page: Page,
    context: BrowserContext,
    world: World,
    served: str,
    states: Callable[[Page, World], Iterator[str]],
    language: str,
) -> None:
    """English in light colours, Welsh in dark ones."""
    page.emulate_media(color_scheme="light" if language == "en" else "dark", reduced_motion="reduce")
    prepare(page)
    desk = open_desk(page, context, world, served, language)
    faults: list[str] = []
    for name in states(desk, world):
        assert desk.locator("html").get_attribute("lang") == language
        faults += judge(desk, name, SIZES if language == "en" else SIZES[::-1], TOO_SMALL)
    assert not faults, "\n".join(faults)
