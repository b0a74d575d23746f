"""The pages in a real browser: a scanner that types, a keyboard alone, links whose secrets stay at home."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import PASSWORD, SECONDS, World, needs_chromium

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
