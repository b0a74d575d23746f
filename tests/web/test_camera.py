"""The camera on the pages that take labels and notes: read in the browser, and allowed nowhere else."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserType, Page, expect

from app.core import reference
from app.core.span import Span
from tests.web.conftest import PASSWORD, SECONDS, SignIn, World, needs_chromium
from tests.web.desk import film, watching
from tests.web.desk.film import Pose

WITH = (
    "/desk", "/office/look", "/office/look?q=CWL26+11", "/office/look?q=CWL26+11-12", "/office/receive",
    "/office/receive/CWL26-001", "/office/deliveries/new", "/office/return", "/office/venue/1/counted",
    "/office/venue/1/spent-paper", "/office/hold", "/office/hand-out?organisation=1",
)  # fmt: skip
WITHOUT = ("/", "/check", "/office", "/account", "/delivery", "/office/deliveries", "/healthz")
PLACES = (Pose(x=330, y=190, width=560), Pose(x=960, y=190, width=560), Pose(x=640, y=530, width=560))
LABEL = reference.label("NOTES.EXAMPLE.ORG", Span("CWL26", 51, 60))
HEAR = """() => {
  window.told = [];
  const status = document.querySelector(".camera-told");
  new MutationObserver(() => told.push(status.textContent)).observe(status, { childList: true });
}"""


@pytest.mark.parametrize("path", WITH)
def test_a_page_that_takes_labels_has_the_button_and_may_use_the_camera(signed_in: SignIn, path: str) -> None:
    answer = signed_in("programme").get(path)
    assert answer.status_code == 200
    assert "camera=(self)" in answer.headers["Permissions-Policy"]
    assert path == "/desk" or "Scan with the camera" in answer.text
    assert "'wasm-unsafe-eval'" not in answer.headers["Content-Security-Policy"] or path == "/desk"


@pytest.mark.parametrize("path", WITHOUT)
def test_no_other_page_may_use_the_camera(signed_in: SignIn, path: str) -> None:
    answer = signed_in("programme").get(path)
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Scan with the camera" not in answer.text


@pytest.fixture
def seeing(world: World, served: str, chromium: BrowserType, tmp_path: Path) -> Iterator[Page]:
    """A browser of the programme's office, whose camera sees a label, a note and what is no code of ours."""
    cards = [film.poster(text, module=10) for text in (LABEL, world.token(20), "https://example.org/B/parcel")]
    frames = [
        film.frame([(card, film.shake(pose, at)) for card, pose in zip(cards, PLACES, strict=True)], seed=at)
        for at in range(6)
    ]
    camera = film.write(tmp_path / "labels.mjpeg", frames)
    browser = watching.camera(chromium, camera)
    context = browser.new_context(locale="en-GB", permissions=["camera"])
    context.set_default_timeout(30 * SECONDS)
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Security Policy" in said.text else None)
    page.goto(f"{served}/account/sign-in")
    page.get_by_label("Email address").fill("programme@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/office")
    yield page
    browser.close()
    assert not faults


def _read(page: Page) -> None:
    page.get_by_role("button", name="Scan with the camera").click()


@needs_chromium
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_labels_and_notes_are_read_by_the_camera_into_the_page(seeing: Page, world: World, served: str) -> None:
    seeing.goto(f"{served}/office/return")
    box, dialog = seeing.locator("#labels"), seeing.get_by_role("dialog")
    box.fill("CWL26 11")
    _read(seeing)
    for text in (world.serial(20), LABEL):  # a note's code is cut to its serial
        expect(box).to_have_value(re.compile(rf"^{text}$", re.MULTILINE))
    expect(dialog.get_by_role("status")).to_contain_text("3 so far.")
    seeing.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(seeing.get_by_role("button", name="Scan with the camera")).to_be_focused()
    assert seeing.evaluate("document.querySelector('video').srcObject") is None, "the camera is let go"
    before = box.input_value()
    seeing.evaluate(HEAR)
    _read(seeing)
    for said in ("CWL26 51-60 is there already.", "That is no code of ours"):
        seeing.evaluate(watching.UNTIL.replace("CONDITION", f"told.join().includes('{said}')"))
    dialog.get_by_role("button", name="Done").click()
    assert box.input_value() == before, "each once"

    seeing.goto(f"{served}/office/venue/1/counted")
    _read(seeing)
    expect(seeing.locator("#counted")).to_have_value(f"{world.token(20)}\n")  # whose signature is judged there

    seeing.goto(f"{served}/office/hold")
    for _again in range(2):
        seeing.locator("#q").fill("")
        _read(seeing)
        expect(seeing.locator("#q")).not_to_be_empty()  # with one code, and what else is asked is not sent yet
        expect(dialog).to_be_hidden()
    assert seeing.url.endswith("/office/hold")

    seeing.goto(f"{served}/office/deliveries/new")
    seeing.get_by_label("Organisation").select_option(label="YMCA Cornwall (CWL)")
    seeing.locator("#labels").fill("CWL26 51-60")
    seeing.get_by_role("button", name="Make the delivery").click()
    seeing.locator(".pin").wait_for()
    secret = re.findall(r"/delivery#([A-Z2-7]{24})", seeing.content())[0]
    pin = "".join(re.findall(r"<strong>(\d{3}) (\d{3})</strong>", seeing.content())[0])
    seeing.context.clear_cookies()
    seeing.goto(f"{served}/delivery#{secret}")
    seeing.get_by_label("PIN").fill(pin)
    seeing.keyboard.press("Enter")
    seeing.get_by_role("radio", name="Not here").check()
    _read(seeing)
    expect(seeing.get_by_role("radio", name="Here", exact=True)).to_be_checked()
    expect(dialog.get_by_role("status")).to_contain_text("1 so far.")
