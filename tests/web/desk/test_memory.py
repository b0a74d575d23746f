"""The desk's memory with the network there: what it asks, what it writes down before, and what is no answer."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route

from app.services import auditing, desks, directory
from tests.web.conftest import World, needs_chromium, now
from tests.web.desk.desks import JOURNAL, Service, Till, books_of, enrol, state

pytestmark = [
    needs_chromium,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
REDEMPTION = "**/api/v1/redemptions/*-*"


def test_a_visit_is_accepted_and_stands_in_the_journal(till: Till, app: Flask) -> None:
    answer = till.redeem(20, 21)
    assert (answer["outcome"], answer["confirmed"], answer["hours"]) == ("accepted", True, 2)
    (entry,) = till.journal
    assert (entry["id"], entry["state"], entry["serials"]) == (
        answer["id"], "accepted", [till.world.serial(20), till.world.serial(21)],
    )  # fmt: skip
    assert "open" not in entry
    assert state(app, till.world, 20) == "redeemed"
    assert till.redeem(20)["notes"][0]["first_venue"] == "Carn Brea Leisure Centre"
    assert till.condition["waitingVisits"] == 0


def test_a_visit_is_on_disk_before_it_is_sent(till: Till) -> None:
    """A second window sees in the books what the first is about to send."""
    other = till.page.context.new_page()
    other.goto(f"{till.address}/desk/enrol")
    seen: list[Any] = []

    def look(route: Route) -> None:
        seen.append((route.request.url[-36:], other.evaluate(JOURNAL)))
        route.continue_()

    till.page.route(REDEMPTION, look)
    answer = till.redeem(20)
    ((sent, (entry,)),) = seen
    assert (sent, entry["id"], entry["state"]) == (answer["id"], answer["id"], "asking")


def test_no_token_stays_of_what_was_answered(till: Till) -> None:
    till.redeem(45)
    given = till.redeem(20)
    till.give_back(given["id"])
    till.redeem(21)
    kept = [entry["notes"] for entry in till.journal if entry["type"] == "redeem"]
    assert kept == [[till.world.serial(number)] for number in (45, 20, 21)]


def test_the_answer_was_lost_after_the_books_had_it(till: Till, app: Flask) -> None:
    calls: list[str] = []

    def lose(route: Route) -> None:
        calls.append(route.request.url)
        if len(calls) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    till.page.route(REDEMPTION, lose)
    answer = till.redeem(22)
    assert (answer["outcome"], answer["confirmed"]) == ("accepted", True)
    assert calls[0] == calls[1], "under the same id"
    assert not auditing.audit_books(books_of(app), now=now())


def test_a_captive_portal_is_no_answer(till: Till, app: Flask) -> None:
    directory.set_policy(books_of(app), venue="Carn Brea Leisure Centre", offline_notes=0)
    till.sync()
    portals: list[dict[str, Any]] = [
        {"status": 200, "content_type": "text/html", "body": "<h1>Welcome to our Wi-Fi</h1>"},
        {"status": 200, "content_type": "application/json", "body": '{"ok": true}'},
        {"status": 200, "content_type": "application/json", "body": '{"id": '},
        {"status": 401, "content_type": "text/html", "body": "Sign in to the Wi-Fi"},
        {"status": 302, "headers": {"Location": "http://portal.example/"}},
    ]
    for page in portals:
        till.page.route(REDEMPTION, partial(Route.fulfill, **page))
        assert till.redeem(23)["trouble"] == "cannot_tell", page
        till.page.unroute(REDEMPTION)
    till.settled()
    assert state(app, till.world, 23) == "issued"
    assert till.redeem(23)["outcome"] == "accepted"


@pytest.mark.parametrize(
    ("status", "trouble", "after"),
    [(401, "not_enrolled", None), (403, "check_only", None), (422, "wrong", None), (429, "too_often", 17)],
)
def test_what_the_service_refuses_to_do_is_no_visit(till: Till, status: int, trouble: str, after: int | None) -> None:
    problem = {"type": "about:blank", "status": status, "title": "No", "detail": "No."}
    till.page.route(
        REDEMPTION,
        lambda route: route.fulfill(
            status=status, content_type="application/problem+json", body=json.dumps(problem),
            headers={"Retry-After": "17"} if after else {},
        ),
    )  # fmt: skip
    said = till.redeem(23)
    assert (said["trouble"], said["after"]) == (trouble, after)
    assert till.journal[0]["state"] == "void"
    assert till.condition["waitingVisits"] == 0


def test_a_desk_that_may_only_check_spends_nothing(
    page: Page, context: BrowserContext, world: World, service: Service
) -> None:
    store = books_of(service.app)
    made = desks.add_desk(store, venue="Carn Brea Leisure Centre", name="Gate", now=now(), check_only=True)
    enrol(context, service.address, made.key)
    till = Till(page, world, service.address).open()
    assert till.redeem(20)["trouble"] == "check_only"
    assert till.journal == []
    assert till.do("check", [world.token(20)])["notes"][0]["verdict"] == "good"


def test_practice_spends_nothing_and_is_written_down_nowhere(till: Till, app: Flask) -> None:
    answer = till.redeem(20, practice=True)
    assert answer["outcome"] == "accepted"
    assert till.journal == []
    assert state(app, till.world, 20) == "issued"
    (visit,) = till.do("recent")
    assert visit["practice"]
    assert till.give_back(visit["id"])["outcome"] == "reversed"
    assert till.do("recent") == []


def test_a_visit_is_given_back_once_and_within_15_minutes(till: Till, app: Flask) -> None:
    made, late = till.redeem(20), till.redeem(21)
    assert [each["id"] for each in till.do("recent")] == [late["id"], made["id"]]
    assert till.give_back(made["id"]) == {"id": made["id"], "outcome": "reversed", "reason": None, "confirmed": True}
    assert till.give_back(made["id"])["outcome"] == "reversed", "again is the same"
    assert state(app, till.world, 20) == "issued"
    assert [each["id"] for each in till.do("recent")] == [late["id"]]
    till.page.clock.install(time=datetime.now(UTC) + timedelta(minutes=16))
    assert till.give_back(late["id"])["reason"] == "too_late"
    assert till.do("recent") == []
    assert till.give_back("00000000-0000-4000-8000-000000000000")["reason"] == "not_accepted"


def test_two_windows_share_what_they_wrote_down(till: Till, context: BrowserContext) -> None:
    made = till.redeem(20)
    other = Till(context.new_page(), till.world, till.address).open()
    assert [each["id"] for each in other.do("recent")] == [made["id"]]
    assert other.give_back(made["id"])["outcome"] == "reversed"
    assert till.do("recent") == []


def test_a_visit_whose_end_nobody_was_told_goes_on_under_its_id(till: Till, app: Flask) -> None:
    """The books have it, no answer came, and the desk may not accept by itself: the note is scanned once more."""
    directory.set_policy(books_of(app), venue="Carn Brea Leisure Centre", offline_notes=0)
    till.sync()

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    till.page.route(REDEMPTION, lose)
    assert till.redeem(24)["trouble"] == "cannot_tell"
    (withdrawn,) = till.journal
    assert (withdrawn["state"], state(app, till.world, 24)) == ("withdrawn", "redeemed")
    till.page.unroute(REDEMPTION)
    answer = till.redeem(24)
    assert (answer["id"], answer["outcome"], answer["confirmed"]) == (withdrawn["id"], "accepted", True)
    assert len(till.journal) == 1


def test_what_nobody_was_told_is_taken_back_however_late_its_call_arrives(till: Till, app: Flask) -> None:
    directory.set_policy(books_of(app), venue="Carn Brea Leisure Centre", offline_notes=0)
    till.sync()
    held: list[tuple[str, Any]] = []

    def hold(route: Route) -> None:
        held.append((route.request.url, route.request.post_data_json))
        route.abort()

    till.page.route(REDEMPTION, hold)
    assert till.redeem(25)["trouble"] == "cannot_tell"
    till.settled()
    assert [entry["state"] for entry in till.journal] == ["void"]
    url, body = held[0]
    late = till.page.context.request.put(url, data=body, headers={"Sec-Fetch-Site": "same-origin"})
    assert late.ok, late.text()
    assert state(app, till.world, 25) == "issued", "under that id nothing is spent any more"
    till.page.unroute(REDEMPTION)
    assert till.redeem(25)["outcome"] == "accepted"
    assert not auditing.audit_books(books_of(app), now=now())


def test_what_a_closed_window_never_showed_is_not_left_spent(till: Till, app: Flask, context: BrowserContext) -> None:
    def kill(route: Route) -> None:
        route.fetch()
        till.page.close(run_before_unload=False)

    till.page.route(REDEMPTION, kill)
    going = "() => void window.desk.redeem({ notes: ['%s'], offer: null, practice: false }).catch(() => 0)"
    with till.page.expect_event("close"):
        till.page.evaluate(going % till.world.token(24))
    again = Till(context.new_page(), till.world, till.address).open()
    again.settled()
    assert state(app, till.world, 24) == "issued"
    assert [entry["state"] for entry in again.journal] == ["void"]


def test_a_note_whose_visit_is_taken_back_is_not_told_as_spent_here(
    till: Till, app: Flask, context: BrowserContext
) -> None:
    """Whoever reloads while the answer is away scans the note again: "spent here a moment ago" would let somebody in."""

    def kill(route: Route) -> None:
        route.fetch()
        till.page.close(run_before_unload=False)

    till.page.route(REDEMPTION, kill)
    going = "() => void window.desk.redeem({ notes: ['%s'], offer: null, practice: false }).catch(() => 0)"
    with till.page.expect_event("close"):
        till.page.evaluate(going % till.world.token(24))
    again = Till(context.new_page(), till.world, till.address)
    again.page.goto(f"{till.address}/desk/enrol")
    opened = again.page.evaluate(
        """async (note) => {
          const { Desk } = await import("/static/desk/memory/desk.js");
          window.desk = await Desk.open(); // and it is not waited until it has sent what it owes
          return window.desk.check([note]);
        }""",
        till.world.token(24),
    )
    assert (opened["notes"][0]["verdict"], opened["confirmed"]) == ("good", True)
    assert state(app, till.world, 24) == "issued"


def test_a_disk_that_fills_up_after_the_answer_leaves_nothing_spent(till: Till, app: Flask) -> None:
    fill = """() => {
      const put = IDBObjectStore.prototype.put;
      window.free = () => (IDBObjectStore.prototype.put = put);
      IDBObjectStore.prototype.put = function (value, ...more) {
        if (value?.state === "accepted") throw new DOMException("full", "QuotaExceededError");
        return put.call(this, value, ...more);
      };
    }"""
    till.page.evaluate(fill)
    assert till.redeem(24)["trouble"] == "disk"
    till.page.evaluate("() => void window.free()")
    till.settled()
    assert state(app, till.world, 24) == "issued"
    assert [entry["state"] for entry in till.journal] == ["void"]


def test_without_a_disk_nothing_is_spent_and_checks_go_on(
    page: Page, context: BrowserContext, world: World, service: Service
) -> None:
    enrol(context, service.address, world.key)
    page.add_init_script(
        "Object.defineProperty(window, 'indexedDB', { value: { open() { throw new Error('gone'); } } })"
    )
    till = Till(page, world, service.address).open()
    assert till.condition["trouble"] == "disk"
    assert till.redeem(20)["trouble"] == "disk"
    assert state(service.app, world, 20) == "issued"
    assert till.do("check", [world.token(20)])["notes"][0]["verdict"] == "good"


def test_a_clock_that_is_wrong_is_told(till: Till) -> None:
    assert till.condition["trouble"] is None
    till.page.clock.install(time=datetime.now(UTC) - timedelta(hours=3))
    till.sync()
    assert till.condition["trouble"] == "clock"
