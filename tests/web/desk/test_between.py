"""What may come in between while a volunteer gathers or accepts a visit: scans, switches, another language, an offer that ends."""

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from app.services import directory
from tests.web.conftest import World, needs_chromium, now
from tests.web.desk.at_the_desk import (
    KEEP_HOLD,
    PATIENCE_MS,
    accept,
    answer,
    carry,
    choose,
    gather,
    more_notes,
    scan,
    tally,
)
from tests.web.desk.desks import state

pytestmark = [
    needs_chromium,
    # A browser that leaves a page in the middle of a file lets werkzeug's test server forget to close it.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_what_is_scanned_while_a_visit_is_accepted_begins_the_next(desk: Page, world: World) -> None:
    gather(desk, world, [36])
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desk.route("**/api/v1/redemptions/**", hold)
    accept(desk)
    expect(desk.get_by_text("Asking…")).to_be_visible()
    gather(desk, world, [37])
    held[0].continue_()
    answer(desk, "Accepted")
    expect(desk.locator("#basket li")).to_have_count(1)


def test_the_other_language_keeps_the_basket(desk: Page, world: World) -> None:
    gather(desk, world, [38, 39])
    desk.get_by_role("link", name="Cymraeg").click()
    tally(desk, "2 awr")
    expect(desk.locator("#basket li.good")).to_have_count(2)
    assert desk.evaluate("sessionStorage.getItem('hournote.desk.basket')") is None


def _hold(desk: Page) -> list[Route]:
    """Keep the first call that spends until the test lets it go."""
    held: list[Route] = []
    desk.route("**/api/v1/redemptions/*", lambda route: route.continue_() if held else held.append(route))
    return held


def test_who_ends_the_practice_in_the_middle_of_a_group_spends_nothing_of_it(
    desk: Page, world: World, app: Flask
) -> None:
    world = more_notes(app, world, 60)
    desk.locator("#settings summary").click()
    desk.get_by_label("Practise").check()
    carry(desk, world.tokens["LAN27"])
    tally(desk, "60 hours")
    held = _hold(desk)
    accept(desk)
    expect(desk.get_by_text("Visit 1 of 2…")).to_be_visible(timeout=PATIENCE_MS)
    desk.evaluate("() => document.getElementById('practice-end').click()")
    held[0].continue_()
    answer(desk, "Accepted")
    expect(desk.locator(".answer .stamp")).to_have_text("PRACTICE")
    assert {state(app, world, number, "LAN27") for number in (1, 50, 51, 60)} == {"issued"}


def test_a_note_of_a_practice_is_spent_as_soon_as_the_practice_is_over(desk: Page, world: World, app: Flask) -> None:
    desk.locator("#settings summary").click()
    desk.get_by_label("Practise").check()
    gather(desk, world, [20])
    accept(desk)
    answer(desk, "Accepted")
    desk.get_by_role("button", name="End the practice").click()
    gather(desk, world, [20])
    accept(desk)
    expect(desk.locator(".answer .stamp")).to_have_count(0)
    answer(desk, "Accepted")
    assert state(app, world, 20) == "redeemed"


def test_a_device_that_accepts_by_itself_forgets_no_visit_that_came_during_another(
    desk: Page, world: World, app: Flask
) -> None:
    desk.locator("#settings summary").click()
    desk.get_by_label("Accept by itself").check()
    held = _hold(desk)
    scan(desk, world.token(34))
    expect(desk.get_by_text("Asking…")).to_be_visible(timeout=PATIENCE_MS)
    gather(desk, world, [35])
    held[0].continue_()
    expect(desk.locator("#recent-visits li")).to_have_count(2, timeout=PATIENCE_MS)
    assert [state(app, world, number) for number in (34, 35)] == ["redeemed", "redeemed"]


def test_an_offer_that_ends_in_the_middle_of_a_visit_spends_nothing_for_something_else(
    desk: Page, world: World, app: Flask
) -> None:
    desk.evaluate(KEEP_HOLD)
    choose(desk, "Swim")
    gather(desk, world, [20])
    directory.close_offer(app.extensions["hournote_books"], offer=str(world.offers["Swim"]), now=now())
    desk.evaluate("() => heldDesk.sync()")
    expect(desk.locator("#offers").get_by_label("Swim")).to_have_count(0)
    accept(desk)
    answer(desk, "Offer closed")
    assert state(app, world, 20) == "issued"
