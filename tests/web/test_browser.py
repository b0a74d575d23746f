"""The pages in a real browser: a scanner that types, a keyboard alone, small screens, and what axe finds."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, Page, ViewportSize, expect

from app.services import second_factor
from tests.web.conftest import PASSWORD, SECONDS, World, needs_chromium, now

SMALL, LARGE = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=800)

pytestmark = [
    needs_chromium,
    # A browser that leaves a page in the middle of a file lets werkzeug's test server forget to close it.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


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
    expect(page.get_by_role("button", name="Start the camera")).to_be_visible()
    expect(page.get_by_text("Left till")).to_be_visible()
    assert not [url for url in asked if world.code in url], "the code is in no address"
    assert "hournote_desk" not in page.evaluate("document.cookie")


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
    for _ in range(40):
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
                 "/account/password", "/nowhere", "/where?town=Truro", "/where?region=south-west&q=swim", "/where/1", "/join", "/privacy",
                 "/training?show=held"):  # fmt: skip
        page.goto(served + path)
        yield path[:24]
    page.goto(f"{served}/account/sign-in")
    page.locator("#email").fill("nobody@example.org")
    page.locator("#password").fill("a wrong password")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    yield "sign-in refused"


def _at_the_office(page: Page, served: str, world: World) -> Iterator[str]:
    for role in ("national", "press", "keeper", "venue"):
        page.goto(f"{served}/account/sign-in")
        page.locator("#email").fill(f"{role}@example.org")
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        if role in world.factors:
            page.locator("#code").fill(world.factor_code(role))
            page.keyboard.press("Enter")
        page.wait_for_url("**/office")
        yield role
        if role == "national":
            for asked in (world.serial(10), "CWL26-001", "CWL26 50-70", "zzz", "corn"):
                page.goto(f"{served}/office/look?q={asked}")
                yield asked
            for path in ("series/CWL26", "series/CWL26?from=8&to=300&stretch=45-45", "organisation/1", "venue/1"):
                page.goto(f"{served}/office/{path}")
                yield path
    page.goto(f"{served}/office/look?q=zzz")
    yield "forbidden"


def _in_the_frame(page: Page, served: str, world: World) -> Iterator[str]:
    """Every page of the office's frame, with something on it."""
    page.goto(f"{served}/account/sign-in")
    page.locator("#email").fill("national@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/code**")
    yield "code"
    page.locator("#code").fill(world.factor_code("national"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/office")
    for path in (
        "hold?q=CWL26 10-20",
        "reinstate",
        "accounts",
        "accounts/1",
        "accounts/2",
        "accounts/invite",
        "requests",
        "cases",
        "directory",
        "directory/1",
        "directory/new",
        "directory/contact",
        "directory/1/offers/new",
        "directory/offers/1",
    ):
        page.goto(f"{served}/office/{path}")
        yield path
    for kind, named, reason in (
        ("hold", "CWL26 10-20", "lost"),
        ("reinstate", "CWL26 46", "found"),
        ("void", "zzz", "lost"),
    ):
        page.goto(f"{served}/office/{kind}?q={named}")
        page.locator(f"input[value={reason}]").check()
        page.locator("main form button").click()
        page.wait_for_url("**/office/requests/*" if named != "zzz" else f"**/office/{kind}")
        yield f"{kind} done"
    page.goto(f"{served}/office/requests")
    yield "requests with something"
    page.goto(f"{served}/office/cases")
    page.locator("[aria-labelledby=waiting] a").first.click()
    page.locator("#neighbours").wait_for()
    yield "case"
    page.goto(f"{served}/office/shelf-counts?shelf=organisation-1")
    page.locator("main form button").click()
    page.locator("#counted").fill("CWL26 10-30")
    page.keyboard.press("Enter")
    page.locator(".told").first.wait_for()
    yield "a shelf being counted"
    page.locator("form[action$=finish] button").click()
    page.locator("a[href$='.csv']").wait_for()
    yield "a shelf count"
    page.goto(f"{served}/office/shelf-counts")
    yield "shelf counts"
    page.goto(f"{served}/office/accounts/invite")
    page.locator("#email").fill("new@example.org")
    page.locator("input[value=auditor]").check()
    page.locator("#programme").select_option("CWL")
    page.locator("main form button").click()
    page.locator("#link").wait_for()
    yield "link"
    page.goto(f"{served}/account")
    page.locator("summary").click()
    yield "account"
    page.goto(f"{served}/account/sign-in")
    page.locator("#email").fill("keeper@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/office")
    page.goto(f"{served}/account/second-factor")
    yield "setting up"
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    page.locator("#password").fill(PASSWORD)
    page.locator("#code").fill(second_factor.code_at(secret, now()))
    page.keyboard.press("Enter")
    page.locator(".codes").wait_for()
    yield "recovery codes"


TOO_SMALL = """() => [...document.querySelectorAll(
  "button, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), select, summary, nav a, .button, .card, .pick, td a, tbody th a")]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("visit", [_public, _at_the_office, _in_the_frame], ids=["public", "office", "frame"])
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
