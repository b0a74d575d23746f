"""The desk while the network is gone, and what its journal comes to in the service's books afterwards."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Route

from app.core.checkpoint import CheckpointKey
from app.factory import create_app
from app.services import auditing, closing, desks, directory, redeeming, resolving, reversing
from app.store.database import Store
from tests.web.conftest import World, needs_chromium, now
from tests.web.desk.desks import Service, Till, books_of, enrol, state
from tests.world import close_books

pytestmark = [
    needs_chromium,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
VENUE = "Carn Brea Leisure Centre"
API, REDEMPTION, BATCH = "**/api/v1/**", "**/api/v1/redemptions/*-*", "**/api/v1/redemptions/batch"
KEY = CheckpointKey(bytes(32)).public


def lose(route: Route) -> None:
    """The service has it, and its answer is lost."""
    route.fetch()
    route.abort()


def findings(app: Flask) -> list[str]:
    return [finding.check for finding in auditing.audit_books(books_of(app), now=now())]


def elsewhere(app: Flask, world: World, *numbers: int) -> None:
    """Another venue spends the notes."""
    store = books_of(app)
    made = desks.add_desk(store, venue="Chorley Little Theatre", name=f"Box office {uuid4()}", now=now())
    here = desks.desk_of_key(store, made.key, now=now())
    notes = [world.token(number) for number in numbers]
    answer, _ = redeeming.redeem_notes(store, redemption_id=uuid4(), desk=here, notes=notes, now=now())
    assert answer["outcome"] == "accepted"


def verdicts(answer: Any) -> list[str]:
    return [note["verdict"] for note in answer["notes"]]


def close(store: Store) -> None:
    close_books(store, reason="The books were restored.", actor="cli:test", now=now(), request_id=uuid4(), key=KEY)


def test_a_visit_is_accepted_while_the_service_is_gone_and_confirmed_when_it_is_back(
    till: Till, service: Service
) -> None:
    service.stop()
    answer = till.redeem(20, 21, offer=till.world.offers["Climbing wall, with a guide"])
    assert (answer["outcome"], answer["confirmed"], answer["hours"]) == ("accepted", False, 2)
    assert verdicts(answer) == ["accepted_offline"] * 2
    condition = till.condition
    assert (condition["online"], condition["waitingVisits"], condition["waitingNotes"]) == (False, 1, 2)
    assert (condition["apart"], condition["notesLeft"]) == ("ready", 18)
    again = till.redeem(21)
    assert (again["outcome"], verdicts(again), again["notes"][0]["first_venue"]) == (
        "refused", ["already_redeemed"], VENUE,
    )  # fmt: skip
    service.start()
    till.settled()
    assert till.condition["waitingVisits"] == 0
    assert [entry["state"] for entry in till.journal] == ["accepted", "void"]
    assert [state(service.app, till.world, number) for number in (20, 21)] == ["redeemed"] * 2
    assert findings(service.app) == []


def test_what_is_known_to_be_no_good_is_refused_apart(till: Till, service: Service) -> None:
    service.stop()
    assert verdicts(till.redeem(45, 46, 10, 55, 30)) == ["held", "void", "already_redeemed", "not_issued", "good"]
    closed = till.do("check", [till.world.token(30), till.world.serial(31)])
    assert (closed["confirmed"], verdicts(closed)) == (False, ["good", "keyed_not_allowed"])
    assert till.redeem(30, offer=till.world.offers["Climbing wall, with a guide"])["reason"] == "wrong_hours"
    service.start()
    till.settled()
    assert findings(service.app) == []
    assert till.redeem(30)["outcome"] == "accepted"


def test_the_allowance_of_the_venue_is_kept(till: Till, service: Service) -> None:
    directory.set_policy(books_of(service.app), venue=VENUE, offline_notes=2)
    assert till.sync()
    service.stop()
    assert till.redeem(20, 21, 22)["trouble"] == "more_than_left"
    assert till.redeem(20, 21)["outcome"] == "accepted"
    assert (till.condition["apart"], till.condition["notesLeft"]) == ("used_up", 0)
    assert till.redeem(23)["trouble"] == "cannot_tell"
    service.start()
    till.settled()
    assert (till.condition["apart"], till.condition["notesLeft"]) == ("ready", 2)
    assert [state(service.app, till.world, number) for number in (20, 21, 22, 23)] == [
        "redeemed", "redeemed", "issued", "issued",
    ]  # fmt: skip


def test_knowledge_grows_old_and_no_clock_makes_it_young(till: Till, service: Service) -> None:
    service.stop()
    till.page.clock.install(time=datetime.now(UTC) + timedelta(hours=30))
    assert till.redeem(20)["trouble"] == "cannot_tell"
    assert till.condition["apart"] == "too_old"
    till.page.clock.set_system_time(datetime.now(UTC))
    assert till.redeem(20)["trouble"] == "cannot_tell"
    assert till.condition["apart"] == "too_old"


def test_a_reload_loses_nothing_that_waits(till: Till, app: Flask, context: BrowserContext) -> None:
    context.route(API, lambda route: route.abort())
    made = till.redeem(20)
    till.page.reload()
    till.begin()
    assert till.condition["waitingVisits"] == 1
    assert [each["id"] for each in till.do("recent")] == [made["id"]]
    assert verdicts(till.redeem(20)) == ["already_redeemed"]
    context.unroute(API)
    till.settled()
    assert state(app, till.world, 20) == "redeemed"
    assert findings(app) == []


def test_the_network_is_cut_in_the_middle_of_a_visit(till: Till, app: Flask, context: BrowserContext) -> None:
    def cut(route: Route) -> None:
        route.fetch()
        context.set_offline(True)
        route.abort()

    till.page.route(REDEMPTION, cut)
    answer = till.redeem(20)
    assert (answer["outcome"], answer["confirmed"]) == ("accepted", False)
    assert state(app, till.world, 20) == "redeemed"
    context.set_offline(False)
    till.settled()
    assert [(entry["id"], entry["state"]) for entry in till.journal] == [(answer["id"], "accepted")]
    assert findings(app) == []


def test_the_network_is_cut_in_the_middle_of_sending(till: Till, service: Service) -> None:
    service.stop()
    made = [till.redeem(number) for number in (20, 21, 22)]
    till.give_back(made[1]["id"])
    till.page.route(BATCH, lose, times=2)
    service.start()
    till.settled()
    assert [state(service.app, till.world, number) for number in (20, 21, 22)] == ["redeemed", "issued", "redeemed"]
    assert {entry["state"] for entry in till.journal} == {"accepted", "reversed"}
    assert till.condition["notices"] == []
    assert findings(service.app) == []


@pytest.mark.parametrize("status", [401, 503])
def test_answers_that_are_wrong_in_part_are_asked_for_again(till: Till, service: Service, status: int) -> None:
    """A desk that is enrolled again (401) is heard, as later is one that asked too early."""
    service.stop()
    for number in (20, 21):
        till.redeem(number)

    def garble(route: Route) -> None:
        answers = route.fetch().json()["answers"]
        answers[0] = {"type": "redeem", "id": answers[0]["id"], "problem": {"status": status}}
        route.fulfill(content_type="application/json", body=json.dumps({"answers": answers}))

    till.page.route(BATCH, garble, times=1)
    service.start()
    till.settled()
    assert [entry["state"] for entry in till.journal] == ["accepted"] * 2
    assert findings(service.app) == []


def test_a_note_that_another_venue_spent_meanwhile_is_told_without_naming_it(till: Till, service: Service) -> None:
    service.stop()
    made = till.redeem(20)
    elsewhere(service.app, till.world, 20)
    service.start()
    till.settled()
    (notice,) = till.condition["notices"]
    assert (notice["id"], notice["deed"], notice["reason"], verdicts(notice)) == (
        made["id"], "redeem", "note_refused", ["already_redeemed"],
    )  # fmt: skip
    assert notice["notes"][0]["first_venue"] is None
    assert "Chorley" not in json.dumps(till.journal)
    (conflict,) = resolving.offline_conflicts(books_of(service.app))
    assert {conflict.place.venue, *(note.first.venue for note in conflict.notes)} == {VENUE, "Chorley Little Theatre"}
    assert findings(service.app) == ["offline_conflict"]
    till.do("dismiss", made["id"])
    assert till.condition["notices"] == []


def test_a_refusal_that_was_never_heard_is_a_conflict_too(till: Till, app: Flask) -> None:
    elsewhere(app, till.world, 20)
    till.page.route(REDEMPTION, lose)
    made = till.redeem(20)
    assert (made["outcome"], made["confirmed"]) == ("accepted", False)
    till.settled()
    assert [notice["id"] for notice in till.condition["notices"]] == [made["id"]]
    assert findings(app) == ["offline_conflict"]


def test_notes_that_are_given_back_apart_are_good_again(till: Till, service: Service) -> None:
    before = till.redeem(23)
    service.stop()
    first = till.redeem(20, 21)
    for made in (first, before):
        assert till.give_back(made["id"]) == {
            "id": made["id"], "outcome": "reversed", "reason": None, "confirmed": False,
        }  # fmt: skip
    assert till.condition["waitingNotes"] == 0
    second = till.redeem(20, 23)
    assert second["outcome"] == "accepted"
    service.start()
    till.settled()
    assert [state(service.app, till.world, number) for number in (20, 21, 23)] == ["redeemed", "issued", "redeemed"]
    assert till.condition["notices"] == []
    assert findings(service.app) == []


def test_what_is_owed_about_a_note_is_told_before_the_note_is_spent_again(
    till: Till, app: Flask, context: BrowserContext
) -> None:
    """The network is back, and nothing was sent yet: the next visit with the note would find it spent."""
    context.route(API, lambda route: route.abort())
    first = till.redeem(20)
    till.give_back(first["id"])
    context.unroute(API)
    answer = till.redeem(20)
    assert (answer["outcome"], answer["confirmed"]) == ("accepted", True)
    till.settled()
    assert findings(app) == []


def test_two_windows_spend_a_note_once_and_send_it_once(till: Till, service: Service, context: BrowserContext) -> None:
    other = Till(context.new_page(), till.world, till.address).open()
    service.stop()
    start = (
        "() => { window.going = window.desk.redeem({ notes: ['%s'], offer: null, practice: false })"
        ".then((answer) => answer.outcome, (trouble) => trouble.word); }"
    )
    end = "() => window.going"
    for each in (till, other):
        each.page.evaluate(start % till.world.token(20))
    ends = [each.page.evaluate(end) for each in (till, other)]
    assert ends.count("accepted") == 1, ends
    sent: list[Any] = []

    def look(route: Route) -> None:
        sent.append(route.request.post_data_json)
        route.continue_()

    context.route(BATCH, look)
    service.start()
    till.settled()
    other.settled()
    entries = [entry["id"] for body in sent for entry in body["entries"] if not entry.get("practice", True)]
    assert len(entries) == 1
    assert other.condition["waitingVisits"] == 0
    assert state(service.app, till.world, 20) == "redeemed"
    assert findings(service.app) == []


def test_a_desk_that_was_revoked_keeps_its_journal_for_the_next_one_at_its_venue(
    till: Till, service: Service, context: BrowserContext
) -> None:
    store = books_of(service.app)
    service.stop()
    till.redeem(20)
    desks.revoke_desk(store, desk="Front desk", now=now())
    service.start()
    assert not till.sync()
    assert till.condition["trouble"] == "not_enrolled"
    assert till.redeem(21)["trouble"] == "not_enrolled"
    theatre = desks.add_desk(store, venue="Chorley Little Theatre", name="Till", now=now())
    enrol(context, service.address, theatre.key)
    till.open()
    assert (till.condition["waitingVisits"], till.condition["waitingElsewhere"]) == (1, 1)
    assert state(service.app, till.world, 20) == "issued", "another venue's journal is nobody's here"
    again = desks.add_desk(store, venue=VENUE, name="Till", now=now())
    enrol(context, service.address, again.key)
    till.open().settled()
    assert state(service.app, till.world, 20) == "redeemed"
    assert findings(service.app) == []


def test_closed_books_take_what_the_desk_accepts_by_itself(till: Till, app: Flask) -> None:
    close(books_of(app))
    answer = till.redeem(20)
    assert (answer["outcome"], answer["confirmed"]) == ("accepted", False)
    assert till.condition["trouble"] == "closed"
    till.settled()
    assert state(app, till.world, 20) == "redeemed"
    directory.set_policy(books_of(app), venue=VENUE, offline_notes=0)
    till.sync()
    assert till.redeem(21)["trouble"] == "closed"
    closing.reopen_books(
        books_of(app), reason="All came.", actor="cli:test", now=now(), request_id=uuid4(), key=KEY
    )  # fmt: skip
    till.sync()
    assert till.condition["trouble"] is None
    assert till.redeem(21)["confirmed"]
    assert findings(app) == []


def test_restored_books_are_told_again_what_they_forgot(till: Till, service: Service, world: World) -> None:
    database = Path(world.settings.database_url.removeprefix("sqlite:///"))
    backup = database.with_suffix(".backup")
    first = till.redeem(20)
    service.stop()
    books_of(service.app).close()
    shutil.copyfile(database, backup)
    service.app = create_app(world.settings)
    service.start()
    till.redeem(21, 22)
    till.give_back(first["id"])
    given = till.redeem(23)
    till.give_back(given["id"])
    service.stop()
    books_of(service.app).close()
    for stale in (Path(f"{database}-wal"), Path(f"{database}-shm")):
        stale.unlink(missing_ok=True)
    shutil.copyfile(backup, database)
    service.app = create_app(world.settings)
    close(books_of(service.app))
    assert [state(service.app, world, number) for number in (20, 21)] == ["redeemed", "issued"]
    service.start()
    till.settled()
    assert [state(service.app, world, number) for number in (20, 21, 22, 23)] == [
        "issued", "redeemed", "redeemed", "issued",
    ]  # fmt: skip
    assert till.condition["notices"] == []
    assert findings(service.app) == []
    books_of(service.app).close()


AGED = """async ([id, days]) => {
  const { asked, write } = await import("/static/desk/memory/books.js");
  await write(async ({ journal }) => {
    for (const entry of await asked(journal.getAll())) {
      if (entry.id !== id) continue;
      const at = entry.at - days * 24 * 3600_000;
      journal.put({ ...entry, at, scannedAt: new Date(at).toISOString() });
    }
  });
}"""


def test_a_journal_is_kept_for_60_days_and_what_never_was_sent_is_told_of(till: Till, service: Service) -> None:
    confirmed, kept = till.redeem(20), till.redeem(21)
    service.stop()
    late = till.redeem(22)
    for made, days in ((confirmed, 61), (kept, 59), (late, 61)):
        till.page.evaluate(AGED, [made["id"], days])
    service.start()
    till.settled()
    assert {entry["id"] for entry in till.journal} == {kept["id"], late["id"]}
    (notice,) = till.condition["notices"]
    assert (notice["id"], notice["reason"]) == (late["id"], "not_taken")
    till.do("dismiss", late["id"])
    till.settled()
    assert {entry["id"] for entry in till.journal} == {kept["id"]}


def test_a_visit_that_staff_gave_back_is_no_longer_among_those_to_give_back(till: Till, app: Flask) -> None:
    made = till.redeem(20)
    reversing.reverse_by_staff(books_of(app), redemption_id=UUID(made["id"]), reason="oh", actor="cli:test", now=now())
    till.settled()
    assert till.do("recent") == []


def test_practice_apart_is_judged_and_forgotten(till: Till, service: Service) -> None:
    service.stop()
    answer = till.redeem(20, practice=True)
    assert (answer["outcome"], answer["confirmed"]) == ("accepted", False)
    assert till.journal == []
    assert till.condition["waitingVisits"] == 0
    assert till.redeem(20)["outcome"] == "accepted"
