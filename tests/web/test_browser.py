"""The pages in a real browser: a scanner that types, a keyboard alone, small screens, and what axe finds."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, BrowserContext, Page, Route, ViewportSize, expect

from tests.web.conftest import PASSWORD, SECONDS, World, needs_chromium

SMALL, LARGE = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=800)

pytestmark = [
    needs_chromium,
    # A browser that leaves a page in the middle of a file lets werkzeug's test server forget to close it.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def desk(page: Page, context: BrowserContext, world: World, served: str) -> Page:
    """The desk page of an enrolled browser."""
    context.add_cookies([{"name": "hournote_desk", "value": world.key, "url": served}])
    page.goto(f"{served}/desk")
    return page


def _scan(page: Page, text: str, *, enter: bool = True) -> None:
    """Type as a USB scanner does: fast, and often with Enter at the end."""
    page.keyboard.type(text)
    if enter:
        page.keyboard.press("Enter")


def _answer(page: Page, word: str) -> None:
    expect(page.locator(".answer-word")).to_have_text(word, timeout=20 * SECONDS)


def test_a_browser_is_enrolled_by_opening_its_link(page: Page, world: World, served: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served}/desk/enrol#{world.code}")
    expect(page.get_by_text("The code of your link is filled in.")).to_be_visible()
    assert world.code not in page.url
    page.get_by_label("Name of this desk").fill("Left till")
    page.get_by_role("button", name="Enrol").click()
    expect(page.get_by_label("Scan or type a note")).to_be_focused()
    expect(page.get_by_text("Left till")).to_be_visible()
    assert not [url for url in asked if world.code in url], "the code is in no address"
    assert "hournote_desk" not in page.evaluate("document.cookie")


def test_a_scanner_types_a_note_and_enter_and_it_is_refused_the_second_time(desk: Page, world: World) -> None:
    _scan(desk, world.token(20))
    _answer(desk, "Accepted")
    _scan(desk, world.token(20))
    _answer(desk, "Already spent")
    expect(desk.get_by_text("(here)")).to_be_visible()


def test_a_scanner_that_sends_no_enter_is_understood(desk: Page, world: World) -> None:
    _scan(desk, world.token(21), enter=False)
    _answer(desk, "Accepted")


def test_what_is_scanned_goes_into_the_field_wherever_the_focus_was(desk: Page, world: World) -> None:
    desk.get_by_label("Swim").check()
    _scan(desk, world.token(22))
    _answer(desk, "Accepted")
    expect(desk.get_by_text("1 hour – Swim")).to_be_visible()
    desk.locator("h2").click()
    expect(desk.get_by_label("Scan or type a note")).to_be_focused()


def test_an_offer_of_two_hours_gathers_two_notes(desk: Page, world: World) -> None:
    desk.get_by_label("Climbing wall").check()
    expect(desk.locator("#progress")).to_have_text("0 of 2 hours")
    _scan(desk, world.token(23))
    expect(desk.locator("#progress")).to_have_text("1 of 2 hours")
    _scan(desk, world.token(23))
    expect(desk.locator("#progress")).to_have_text("This note is in the list already.")
    _scan(desk, world.token(24), enter=False)
    _answer(desk, "Accepted")
    expect(desk.get_by_text("2 hours – Climbing wall")).to_be_visible()


def test_several_notes_can_be_gathered_and_taken_out(desk: Page, world: World) -> None:
    desk.get_by_text("Several notes for one visit").click()
    for number in (25, 26, 10):
        _scan(desk, world.token(number))
    expect(desk.locator("#progress")).to_have_text("Notes so far: 3")
    desk.get_by_role("button", name="Take out CWL26 0000010").click()
    desk.get_by_role("button", name="Spend", exact=True).click()
    _answer(desk, "Accepted")
    expect(desk.locator(".answer-notes li")).to_have_count(2)


def test_checking_leaves_the_note_to_be_spent(desk: Page, world: World) -> None:
    desk.get_by_label("Scan or type a note").fill(world.serial(27))
    desk.get_by_role("button", name="Check without spending").click()
    _answer(desk, "Good, not spent yet")
    desk.keyboard.type(world.serial(27))
    desk.keyboard.press("Enter")
    _answer(desk, "Accepted")


def test_an_answer_clears_itself_unless_it_is_kept(desk: Page, world: World) -> None:
    desk.clock.install()
    desk.reload()
    _scan(desk, world.token(28))
    _answer(desk, "Accepted")
    desk.clock.run_for(31 * SECONDS)
    expect(desk.locator(".answer")).to_have_count(0)
    _scan(desk, world.token(28))
    desk.get_by_role("button", name="Keep this on the screen").click()
    desk.clock.run_for(31 * SECONDS)
    _answer(desk, "Already spent")


def test_a_desk_that_gets_no_answer_asks_again_for_the_same_visit(desk: Page, world: World) -> None:
    asked: list[str] = []

    def lose(route: Route) -> None:
        asked.append((route.request.post_data or "").split("redemption=")[1][:36])
        if len(asked) == 1:
            route.fetch()  # spent, and the answer is lost
            route.abort()
        else:
            route.continue_()

    desk.route("**/desk/redeem", lose)
    _scan(desk, world.token(36))
    expect(desk.locator("#progress")).to_contain_text("Trying again")
    _answer(desk, "Accepted")
    assert asked[0] == asked[1]


def test_a_desk_left_open_overnight_takes_the_first_note_of_the_morning(
    desk: Page, context: BrowserContext, world: World, served: str
) -> None:
    """The session of the page is over by then; the note must not vanish without a word."""
    context.clear_cookies(name="hournote_session")
    _scan(desk, world.token(41))
    _answer(desk, "Accepted")
    _scan(desk, world.token(42))
    _answer(desk, "Accepted")


def test_a_note_scanned_before_the_answer_is_there_is_not_half_read(desk: Page, world: World) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desk.route("**/desk/redeem", hold)
    _scan(desk, world.token(37))
    expect(desk.locator("#note")).to_have_attribute("readonly", "")
    desk.keyboard.type("HTTPS://NOTES.EX")
    held[0].continue_()
    _answer(desk, "Accepted")
    expect(desk.locator("#note")).to_have_value("")


def test_whoever_leaves_before_the_answer_is_there_is_asked_first(desk: Page, world: World) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desk.route("**/desk/redeem", hold)
    _scan(desk, world.token(43))
    expect(desk.locator("#note")).to_have_attribute("readonly", "")
    with desk.expect_event("dialog") as asked:
        desk.evaluate("window.setTimeout(() => location.reload(), 0)")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    held[0].continue_()
    _answer(desk, "Accepted")


def test_a_refused_visit_keeps_its_notes_so_that_one_can_be_taken_out(desk: Page, world: World) -> None:
    desk.get_by_label("Climbing wall").check()
    _scan(desk, world.token(38))
    _scan(desk, world.token(10))
    _answer(desk, "Already spent")
    desk.get_by_role("button", name="Take out CWL26 0000010").click()
    _scan(desk, world.token(39))
    _answer(desk, "Accepted")
    expect(desk.locator("#progress")).to_have_text("0 of 2 hours")


def test_a_desk_gives_a_note_back(desk: Page, world: World) -> None:
    _scan(desk, world.token(29))
    _answer(desk, "Accepted")
    desk.locator(".recent summary").click()
    desk.get_by_label("Why?").select_option("wrong note")
    desk.get_by_role("button", name="Give this note back").click()
    _answer(desk, "Given back")


def test_the_desk_works_without_scripts(browser: Browser, world: World, served: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{served}/desk/enrol")
    page.get_by_label("Code", exact=True).fill(world.code)
    page.keyboard.press("Enter")
    page.get_by_label("Scan or type a note").fill(world.token(30))
    page.keyboard.press("Enter")
    _answer(page, "Accepted")
    page.get_by_label("Climbing wall").check()
    page.get_by_text("Several notes for one visit").click()
    page.get_by_role("textbox", name="Notes of this visit").fill(f"{world.token(31)}\n{world.token(32)}\n")
    page.get_by_role("button", name="Spend", exact=True).click()
    _answer(page, "Accepted")
    context.close()


def _sign_in(page: Page, served: str, role: str) -> None:
    page.goto(f"{served}/account/sign-in")
    page.get_by_label("Email address").fill(f"{role}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/office")


def test_staff_sign_in_and_look_a_note_up_with_the_keyboard_alone(page: Page, world: World, served: str) -> None:
    page.goto(f"{served}/account/sign-in")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for text in ("programme@example.org", PASSWORD):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/office")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type(world.token(10))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/office/look?q={world.serial(10)}")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"CWL26 0000010 {world.serial(10)[-1]}")


def test_a_password_is_set_by_a_link_whose_secret_leaves_the_address(page: Page, served: str) -> None:
    page.goto(f"{served}/account/password#some-secret")
    expect(page.get_by_label("New password")).to_be_visible()
    expect(page.get_by_label("Secret of your link")).to_be_hidden()
    assert "some-secret" not in page.url
    page.get_by_label("New password").fill("a long password")
    page.get_by_label("The same again").fill("a long password")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_role("alert")).to_contain_text("used already or is too old")


def test_the_other_language_does_not_lose_the_secret_of_a_link(page: Page, served: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served}/account/password#some-secret")
    page.get_by_role("link", name="Cymraeg").click()
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    expect(page.locator("#secret")).to_have_value("some-secret")
    assert "some-secret" not in page.url
    assert not [url for url in asked if "some-secret" in url.partition("#")[0]], "it is sent to no server"


Visit = Callable[[Page, str, World], Iterator[str]]


def _public(page: Page, served: str, world: World) -> Iterator[str]:
    good = world.token(20).split("EXAMPLE.ORG")[1]
    for path in ("/", "/check", "/where", good, "/N/ABC", "/desk", "/desk/enrol", "/account/sign-in",
                 "/account/password", "/nowhere"):  # fmt: skip
        page.goto(served + path)
        yield path[:12]
    page.goto(f"{served}/account/sign-in")
    page.locator("#email").fill("nobody@example.org")
    page.locator("#password").fill("a wrong password")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    yield "sign-in refused"


def _at_the_desk(page: Page, served: str, world: World) -> Iterator[str]:
    page.context.add_cookies([{"name": "hournote_desk", "value": world.key, "url": served}])
    page.goto(f"{served}/desk")
    yield "desk"
    for number, path in ((33, "redeem"), (33, "redeem"), (45, "redeem"), (34, "check")):
        page.locator("#note").fill(world.token(number))
        with page.expect_response(f"**/desk/{path}"):
            page.locator("button.spend" if path == "redeem" else "button[formaction]").click()
        page.locator("#note:not([readonly])").wait_for()
        yield f"{path} {number}"
    page.locator("input[name=offer][data-price='2']").check()
    page.locator("#note").fill(world.token(35))
    page.keyboard.press("Enter")
    page.locator(".basket li").wait_for()
    page.locator(".recent summary").click()
    yield "basket and giving back"


def _at_the_office(page: Page, served: str, world: World) -> Iterator[str]:
    for role in ("national", "press", "keeper", "venue"):
        page.goto(f"{served}/account/sign-in")
        page.locator("#email").fill(f"{role}@example.org")
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/office")
        yield role
        if role == "national":
            for asked in (world.serial(10), "CWL26-001", "CWL26 50-70", "zzz"):
                page.goto(f"{served}/office/look?q={asked}")
                yield asked
    page.goto(f"{served}/office/look?q=zzz")
    yield "forbidden"


TOO_SMALL = """() => [...document.querySelectorAll(
  "button, input:not([type=hidden]):not([type=radio]), select, summary, nav a, .button, .card, .pick, td a, tbody th a")]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("visit", [_public, _at_the_desk, _at_the_office], ids=["public", "desk", "office"])
def test_every_page_is_for_everybody(page: Page, served: str, world: World, visit: Visit, language: str) -> None:
    """English in light colours, Welsh in dark ones, each small and large: no violation, no sideways scroll."""
    page.emulate_media(color_scheme="light" if language == "en" else "dark", reduced_motion="reduce")
    page.goto(f"{served}/?lang={language}")
    faults = []
    for name in visit(page, served, world):
        assert page.locator("html").get_attribute("lang") == language
        page.evaluate(AXE_SCRIPT)
        for size in (LARGE, SMALL):
            page.set_viewport_size(size)
            found = AxeResults(page.evaluate("axe.run({resultTypes: ['violations']})"))
            if found.violations_count:
                faults.append(f"{name} at {size['width']}: {found.generate_report()}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > size["width"]:
                faults.append(f"{name} scrolls sideways at {size['width']}: {wide}")
        faults += [f"{name} has a small target: {each}" for each in page.evaluate(TOO_SMALL)]
    assert not faults, "\n".join(faults)
