"""The desk page with a camera: real notes, composed as for the press and moved before it, through to the service's books."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserType, Page, expect

from tests.web.conftest import SECONDS, World, needs_chromium
from tests.web.desk import film, watching
from tests.web.desk.at_the_desk import accept, answer, choose, open_desk, tally
from tests.web.desk.desks import state
from tests.web.desk.film import Paper, Pose

pytestmark = [needs_chromium, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

NUMBERS = (10, 20, 21, 22)
"""The first of them is spent."""


@pytest.fixture(scope="module")
def papers(made_world: World) -> list[Paper]:
    """Notes of the world's own order, on paper."""
    (job,) = made_world.settings.instance.glob("CWL26-001*.zip")
    return film.notes_of(job, NUMBERS)


@pytest.fixture
def fan(papers: list[Paper], tmp_path: Path) -> Path:
    """Three good notes beside one another, in a hand."""
    places = (Pose(x=330, y=200, width=560), Pose(x=960, y=200, width=560), Pose(x=640, y=540, width=560))
    frames = [
        film.frame([(paper, film.shake(pose, at)) for paper, pose in zip(papers[1:], places, strict=True)], seed=at)
        for at in range(12)
    ]
    return film.write(tmp_path / "fan.mjpeg", frames)


@pytest.fixture
def pair(papers: list[Paper], tmp_path: Path) -> Path:
    """A note that was spent beside a good one."""
    places = (Pose(x=330, width=600), Pose(x=960, width=600))
    frames = [
        film.frame([(paper, film.shake(pose, at)) for paper, pose in zip(papers[:2], places, strict=True)], seed=at)
        for at in range(12)
    ]
    return film.write(tmp_path / "pair.mjpeg", frames)


def _seen_by(camera: Path, chromium: BrowserType, world: World, served: str) -> Iterator[Page]:
    browser = watching.camera(chromium, camera)
    context = browser.new_context(locale="en-GB", permissions=["camera"])
    context.set_default_timeout(30 * SECONDS)
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield open_desk(page, context, world, served)
    browser.close()
    assert not faults


@pytest.fixture
def fan_desk(fan: Path, chromium: BrowserType, world: World, served: str) -> Iterator[Page]:
    yield from _seen_by(fan, chromium, world, served)


@pytest.fixture
def pair_desk(pair: Path, chromium: BrowserType, world: World, served: str) -> Iterator[Page]:
    yield from _seen_by(pair, chromium, world, served)


def test_three_notes_in_one_frame_are_one_visit_and_lying_there_are_not_spent_twice(
    fan_desk: Page, world: World, app: Flask
) -> None:
    fan_desk.get_by_role("button", name="Start the camera").click()
    tally(fan_desk, "3 hours")
    expect(fan_desk.locator("#basket li.good")).to_have_count(3)
    accept(fan_desk)
    answer(fan_desk, "Accepted")
    assert [state(app, world, number) for number in NUMBERS[1:]] == ["redeemed"] * 3
    fan_desk.keyboard.press("Escape")
    fan_desk.wait_for_timeout(1500)  # the notes still lie under the camera
    expect(fan_desk.locator("#basket li")).to_have_count(0)
    expect(fan_desk.locator(".answer")).to_have_count(0)


def test_a_bad_note_beside_a_good_one_is_named_and_taken_out(pair_desk: Page, world: World, app: Flask) -> None:
    choose(pair_desk, "Swim")
    pair_desk.get_by_role("button", name="Start the camera").click()
    answer(pair_desk, "Already spent")
    expect(pair_desk.locator("#basket li")).to_have_count(2)
    pair_desk.get_by_role("button", name="Take this note out").click()
    accept(pair_desk)
    answer(pair_desk, "Accepted")
    assert state(app, world, 20) == "redeemed"


def test_the_camera_starts_by_itself_the_next_time(fan_desk: Page) -> None:
    fan_desk.get_by_role("button", name="Start the camera").click()
    tally(fan_desk, "3 hours")
    fan_desk.reload()
    expect(fan_desk.get_by_role("button", name="Stop the camera")).to_be_visible()
    expect(fan_desk.locator("#basket li.good")).to_have_count(3)
    fan_desk.get_by_role("button", name="Stop the camera").click()
    expect(fan_desk.get_by_role("button", name="Start the camera")).to_be_focused()


def test_a_camera_that_may_not_be_used_is_explained(page: Page, world: World, served: str) -> None:
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') }"
    )
    desk = open_desk(page, page.context, world, served)
    desk.get_by_role("button", name="Start the camera").click()
    expect(desk.locator("#eye-trouble")).to_contain_text("This page may not use the camera.")
    expect(desk.get_by_role("button", name="Start the camera")).to_be_visible()
