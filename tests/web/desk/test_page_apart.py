"""The desk page while the network is gone: what it says it knows, what it accepts, and what became of that."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, TimeoutError, expect

from app.core.wall_clock import LONDON
from app.services import directory
from tests.web.conftest import SECONDS, World, needs_chromium, now
from tests.web.desk.at_the_desk import (
    CONDITION,
    KEEP_HOLD,
    PATIENCE_MS,
    accept,
    answer,
    gather,
    open_desk,
    scan,
)
from tests.web.desk.desks import state

pytestmark = [
    needs_chromium,
    # A browser that leaves a page in the middle of a file lets werkzeug's test server forget to close it.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_without_network_the_desk_says_what_it_knows_and_what_it_may(desk: Page, world: World) -> None:
    desk.evaluate(KEEP_HOLD)
    gather(desk, world, [20])
    at = now().astimezone(UTC)
    apart = {"online": False, "knownAt": at.isoformat(), "apart": "ready", "notesLeft": 17, "waitingNotes": 3}
    desk.evaluate(CONDITION, apart)
    clock = datetime.now(LONDON).strftime("%H:")
    expect(desk.locator("#condition")).to_contain_text(f"Without network It knows the notes as of {clock}")
    expect(desk.locator("#condition")).to_contain_text("It may still accept 17 notes by itself.")
    expect(desk.locator("#condition")).to_contain_text("3 notes wait to be confirmed.")
    for word, said in (
        ("used_up", "has accepted all that it may by itself"), ("not_allowed", "the rule of this venue"),
        ("too_old", "that is too old"), ("no_snapshot", "has not learned yet"),
    ):  # fmt: skip
        desk.evaluate(CONDITION, {**apart, "apart": word})
        expect(desk.locator("#condition")).to_contain_text(said)
    desk.evaluate(CONDITION, {"online": True, "waitingNotes": 0, "trouble": "clock"})
    expect(desk.locator("#condition").get_by_role("alert")).to_contain_text("Set its date and time")


def test_a_visit_that_was_not_confirmed_is_told_until_somebody_has_read_it(desk: Page, world: World) -> None:
    desk.evaluate(KEEP_HOLD)
    gather(desk, world, [20])
    note = {"serial": world.serial(10), "verdict": "already_redeemed", "first_redeemed_at": None, "first_venue": None}
    notice = {"id": "one", "deed": "redeem", "at": now().isoformat(), "reason": "note_refused", "notes": [note]}
    desk.evaluate(CONDITION, {"notices": [notice]})
    expect(desk.locator("#notices")).to_contain_text("accepted here without network, and then not confirmed")
    expect(desk.locator("#notices")).to_contain_text("Already spent")
    desk.evaluate("() => { heldDesk.dismiss = async () => { document.title = 'read' } }")
    desk.get_by_role("button", name="I have read this").click()
    expect(desk).to_have_title("read")


def test_a_visit_is_accepted_without_network_and_confirmed_when_it_is_back(
    page: Page, context: BrowserContext, world: World, served: str, app: Flask
) -> None:
    directory.set_policy(
        app.extensions["hournote_books"], venue="Carn Brea Leisure Centre", offline_notes=20, offline_hours=24
    )
    desk = open_desk(page, context, world, served)
    desk.evaluate(KEEP_HOLD)
    gather(desk, world, [20])
    desk.wait_for_function("() => heldDesk.condition.apart === 'ready'")
    context.set_offline(True)
    gather(desk, world, [21])
    expect(desk.locator("#condition")).to_contain_text("Without network", timeout=PATIENCE_MS)
    accept(desk)
    answer(desk, "Accepted, not yet confirmed")
    expect(desk.locator("#condition")).to_contain_text("2 notes wait to be confirmed.")
    assert state(app, world, 20) == "issued"
    again = desk.get_by_role("button", name="Try the network now")
    expect(again).to_be_visible()
    context.set_offline(False)
    with suppress(TimeoutError):  # it tries by itself too, and has no such button any more
        again.click(timeout=2 * SECONDS)
    expect(desk.locator("#condition")).not_to_contain_text("Without network", timeout=PATIENCE_MS)
    expect(desk.locator("#condition")).not_to_contain_text("wait to be confirmed", timeout=PATIENCE_MS)
    assert [state(app, world, number) for number in (20, 21)] == ["redeemed"] * 2


def test_what_is_not_yet_confirmed_looks_different_from_what_is_accepted(desk: Page, world: World) -> None:
    desk.evaluate(KEEP_HOLD)
    gather(desk, world, [20])
    desk.evaluate(
        "() => { heldDesk.redeem = async ({notes}) => ({id: 'x', outcome: 'accepted', reason: null, hours: 1, confirmed: false,"
        " notes: [{serial: null, verdict: 'accepted_offline', first_redeemed_at: null, first_venue: null}]}); }"
    )
    accept(desk)
    answer(desk, "Accepted, not yet confirmed")
    expect(desk.locator(".answer.unconfirmed .mark-dashes")).to_be_visible()


def test_a_check_without_network_says_that_it_is_only_what_the_desk_knows(
    desk: Page, world: World, context: BrowserContext
) -> None:
    desk.evaluate(KEEP_HOLD)
    gather(desk, world, [20])
    desk.wait_for_function("() => heldDesk.condition.apart === 'ready'")
    desk.locator("#mode").click()
    context.set_offline(True)
    scan(desk, world.token(21))
    answer(desk, "Good, not spent yet")
    expect(desk.locator(".answer")).to_contain_text("as far as this desk knows without network")
    expect(desk.locator(".answer")).not_to_contain_text("It has not been spent")
    expect(desk.locator(".answer .mark-dashes")).to_be_visible()


def test_a_visit_that_may_be_left_spent_is_told_as_that(desk: Page, world: World) -> None:
    desk.evaluate(KEEP_HOLD)
    gather(desk, world, [20])
    notice = {"id": "one", "deed": "redeem", "at": now().isoformat(), "reason": "left_spent", "notes": []}
    desk.evaluate(CONDITION, {"notices": [notice]})
    expect(desk.locator("#notices")).to_contain_text("may be spent, though nothing was accepted here")


def test_a_service_that_is_closed_is_told_by_what_this_desk_may_do(desk: Page, world: World) -> None:
    desk.evaluate(KEEP_HOLD)
    gather(desk, world, [20])
    alert = desk.locator("#condition").get_by_role("alert")
    desk.evaluate(CONDITION, {"trouble": "closed", "apart": "ready"})
    expect(alert).to_contain_text("this desk accepts by itself")
    desk.evaluate(CONDITION, {"trouble": "closed", "apart": "used_up"})
    expect(alert).to_contain_text("Nothing was spent")
