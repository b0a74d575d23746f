"""A desk at the real service: visits, giving back, working apart, and what comes of it later."""

from dataclasses import replace
from itertools import groupby
from uuid import uuid4

import pytest

from app.core.checkpoint import CheckpointKey
from app.core.errors import HournoteError, NotAllowed, Refused, Unavailable
from app.services import custody, desks, directory, redeeming
from scanner.memory import owed
from scanner.memory.desk import Desk
from scanner.memory.entries import State
from tests.scanner.memory.conftest import Counter
from tests.scanner.memory.faulty import broken, impossible, lost, unplugged
from tests.scanner.visits import signature_in
from tests.web.conftest import now
from tests.web.desk.desks import books_of
from tests.world import close_books


def verdicts(answer: object) -> list[str]:
    return [note.verdict for note in answer.notes]  # type: ignore[attr-defined]


def close(counter: Counter) -> None:
    """The office closes its books to redemption."""
    key = CheckpointKey(bytes(32)).public
    close_books(
        books_of(counter.service.app), reason="Restored.", actor="cli:test", now=now(), request_id=uuid4(), key=key
    )


def test_a_visit_is_spent_all_or_none(counter: Counter, desk: Desk) -> None:
    swim = counter.office.offers["Swim"]
    answer = desk.redeem(counter.visit(12, 13, offer=swim))
    assert (answer.outcome, answer.hours, answer.confirmed, verdicts(answer)) == ("accepted", 2, True, ["accepted"] * 2)
    again = desk.redeem(counter.visit(13, 14))
    assert (again.outcome, verdicts(again)) == ("refused", ["already_redeemed", "good"])
    assert [counter.state(number) for number in (12, 13, 14)] == ["redeemed", "redeemed", "issued"]


def test_no_token_stays_once_a_visit_is_answered(counter: Counter, desk: Desk) -> None:
    desk.redeem(counter.visit(12, 13))
    desk.redeem(counter.visit(12))
    counter.close()
    assert not any(signature_in(counter.home.folder, counter.office.token(number)) for number in (12, 13))


def test_no_token_stays_in_the_log_of_a_desk_that_goes_on(counter: Counter, desk: Desk) -> None:
    desk.redeem(counter.visit(12, 13))
    assert desk.sync()
    assert not any(signature_in(counter.home.folder, counter.office.token(number)) for number in (12, 13))


def test_notes_are_asked_about_without_spending(counter: Counter, desk: Desk) -> None:
    checked = desk.check([counter.office.token(12), counter.office.token(10), "HTTPS://EXAMPLE.ORG/MENU"])
    assert (verdicts(checked), checked.confirmed) == (["good", "already_redeemed", "malformed"], True)
    assert counter.state(12) == "issued"


def test_practice_spends_nothing_and_is_kept_nowhere(counter: Counter, desk: Desk) -> None:
    assert desk.redeem(counter.visit(12, practice=True)).outcome == "accepted"
    assert (counter.state(12), desk.recent()) == ("issued", [])


def test_notes_are_given_back_and_spent_again(counter: Counter, desk: Desk) -> None:
    first = desk.redeem(counter.visit(12))
    assert [visit.id for visit in desk.recent()] == [first.id]
    assert desk.give_back(first.id, "wrong note").is_back
    assert (counter.state(12), desk.recent()) == ("issued", [])
    assert desk.redeem(counter.visit(12)).outcome == "accepted"


def test_after_fifteen_minutes_the_office_gives_back(counter: Counter) -> None:
    hands = [0]
    from scanner.memory.clock import Clock

    start = int(now().timestamp() * 1000)
    desk = counter.open(clock=Clock(lambda: start + hands[0], lambda: hands[0]))
    first = desk.redeem(counter.visit(12))
    hands[0] = 15 * 60_000 + 1
    said = desk.give_back(first.id, "other")
    assert (said.is_back, said.reason, counter.state(12)) == (False, "too_late", "redeemed")


def test_apart_it_accepts_what_it_knows_and_has_it_confirmed_later(counter: Counter, desk: Desk) -> None:
    counter.line.always = unplugged
    answer = desk.redeem(counter.visit(12, 13))
    assert (answer.outcome, answer.confirmed, verdicts(answer)) == ("accepted", False, ["accepted_offline"] * 2)
    found = desk.condition()
    assert (found.online, found.waiting_visits, found.waiting_notes, found.notes_left) == (False, 1, 2, 18)
    assert verdicts(desk.redeem(counter.visit(13))) == ["already_redeemed"]
    assert desk.redeem(counter.visit(10)).outcome == "refused"
    counter.line.always = None
    assert desk.sync()
    found = desk.condition()
    assert (found.online, found.waiting_notes, found.owed, found.notices) == (True, 0, 0, ())
    assert [counter.state(number) for number in (12, 13)] == ["redeemed", "redeemed"]


def test_a_note_whose_visit_is_still_in_the_line_is_said_so_and_not_taken_anew(counter: Counter, desk: Desk) -> None:
    counter.line.always = unplugged
    first = desk.redeem(counter.visit(12))
    (visit,) = desk.recent()
    again = desk.redeem(counter.visit(12, 13))
    (said,) = desk.check([counter.office.token(12)]).notes
    assert (again.outcome, said) == ("refused", again.notes[0])
    assert (said.verdict, said.in_line, said.first_venue) == ("already_redeemed", True, "Carn Brea Leisure Centre")
    assert said.message == "This note is in a visit of this desk that is not confirmed yet: it is not taken again."
    assert said.first_redeemed_at == visit.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    with desk._books.read() as page:
        assert [entry.id for entry in page.open()] == [first.id]
    counter.line.always = None
    assert desk.sync()
    assert (desk.check([counter.office.token(12)]).notes[0].in_line, counter.state(13)) == (False, "issued")


def test_apart_its_allowance_is_what_the_venue_leaves_to_it(counter: Counter, desk: Desk) -> None:
    directory.set_policy(books_of(counter.service.app), venue="Carn Brea Leisure Centre", offline_notes=2)
    desk.sync()
    counter.line.always = unplugged
    with pytest.raises(Refused, match="only a few more"):
        desk.redeem(counter.visit(12, 13, 14))
    assert desk.redeem(counter.visit(12, 13)).outcome == "accepted"
    with pytest.raises(HournoteError):
        desk.redeem(counter.visit(14))
    assert desk.condition().leave == "used_up"
    counter.line.always = None
    assert desk.sync()
    assert [counter.state(number) for number in (12, 13, 14)] == ["redeemed", "redeemed", "issued"]


def test_a_stolen_note_is_refused_apart_too(counter: Counter, desk: Desk) -> None:
    counter.line.always = unplugged
    assert verdicts(desk.redeem(counter.visit(45))) == ["held"]
    assert verdicts(desk.redeem(counter.visit(46, 12))) == ["void", "good"]
    assert verdicts(desk.check([counter.office.token(55)])) == ["not_issued"]
    assert not desk.check([counter.office.token(12)]).confirmed


def test_what_another_venue_spent_meanwhile_becomes_a_notice(counter: Counter, desk: Desk) -> None:
    counter.line.always = unplugged
    visit = desk.redeem(counter.visit(12))
    store = books_of(counter.service.app)
    other = desks.add_desk(store, venue="Chorley Little Theatre", name="Door", now=now())
    here = desks.desk_of_key(store, other.key, now=now())
    redeeming.redeem_notes(
        store, redemption_id=uuid4(), desk=here, notes=[counter.office.token(12)], offer_id=None, now=now()
    )
    counter.line.always = None
    assert desk.sync()
    (notice,) = desk.condition().notices
    assert (notice.id, notice.state) == (visit.id, State.REFUSED)
    desk.dismiss(visit.id)
    assert desk.condition().notices == ()


def test_what_was_given_back_apart_is_told_in_its_order(counter: Counter, desk: Desk) -> None:
    counter.line.always = unplugged
    visit = desk.redeem(counter.visit(12))
    assert desk.give_back(visit.id, "wrong note").is_back
    assert desk.redeem(counter.visit(12)).outcome == "accepted"
    counter.line.always = None
    assert desk.sync()
    assert (counter.state(12), desk.condition().notices) == ("redeemed", ())
    assert len(desk.recent()) == 1


def test_an_answer_that_was_lost_is_had_again_under_the_same_id(
    counter: Counter, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanner.memory.till.HUNG_UP_SECONDS", 60.0)
    counter.line.tricks = [lost]
    answer = desk.redeem(counter.visit(12))
    assert (answer.outcome, answer.confirmed, counter.state(12)) == ("accepted", True, "redeemed")


def test_an_unattended_visit_that_was_perhaps_spent_and_then_refused_is_taken_back(
    counter: Counter, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanner.memory.till.HUNG_UP_SECONDS", 60.0)
    counter.line.tricks = [lost, impossible]
    visit = replace(counter.visit(12), attended=False)
    with pytest.raises(Refused):
        desk.end(visit, desk.begin(visit))
    assert counter.state(12) == "redeemed"
    assert desk.sync()
    assert counter.state(12) == "issued"


def test_what_was_not_shown_as_accepted_is_taken_back(counter: Counter, desk: Desk) -> None:
    """The service has it, nobody heard so, and the venue leaves nothing to its desks."""
    directory.set_policy(books_of(counter.service.app), venue="Carn Brea Leisure Centre", offline_notes=0)
    desk.sync()
    counter.line.always = lost
    with pytest.raises(HournoteError):
        desk.redeem(counter.visit(12))
    assert counter.state(12) == "redeemed"
    counter.line.always = None
    assert desk.sync()
    assert counter.state(12) == "issued"


def test_the_same_notes_are_first_taken_back_then_asked_about_by_another_offer(counter: Counter, desk: Desk) -> None:
    directory.set_policy(books_of(counter.service.app), venue="Carn Brea Leisure Centre", offline_notes=0)
    desk.sync()
    counter.line.always = lost
    with pytest.raises(HournoteError):
        desk.redeem(counter.visit(12))
    counter.line.always = None
    assert desk.redeem(counter.visit(12, offer=counter.office.offers["Swim"])).outcome == "accepted"
    assert counter.state(12) == "redeemed"


def test_a_desk_that_was_revoked_is_told_so_and_loses_nothing(counter: Counter, desk: Desk) -> None:
    counter.line.always = unplugged
    desk.redeem(counter.visit(12))
    counter.line.always = None
    store = books_of(counter.service.app)
    desks.revoke_desk(store, desk="Front desk", now=now())
    with pytest.raises(NotAllowed, match="Enrol again"):
        desk.sync()
    assert (desk.condition().trouble, desk.condition().owed) == ("not_enrolled", 1)


def test_a_desk_that_only_checks_does_not_spend(counter: Counter, desk: Desk) -> None:
    desk.about = type(desk.about)(desk.about.desk, desk.about.venue, 1, check_only=True)
    with pytest.raises(NotAllowed, match="only checks"):
        desk.redeem(counter.visit(12))


def test_books_that_are_closed_are_an_answer_and_come_behind_the_network(counter: Counter, desk: Desk) -> None:
    directory.set_policy(books_of(counter.service.app), venue="Carn Brea Leisure Centre", offline_notes=0)
    assert desk.sync()
    close(counter)
    heard: list[str] = []
    desk.changed = lambda: heard.append(f"{desk.online} {desk.condition().trouble}")
    for always in (unplugged, None):
        counter.line.always = always
        with pytest.raises(Unavailable):
            desk.redeem(counter.visit(12))
    assert [each for each, _run in groupby(heard)] == ["True None", "False None", "True None", "True closed"]
    assert [event.kind for event in counter.events if event.kind in ("offline", "online")] == ["offline", "online"]


def test_what_stands_before_the_service_says_nothing_of_the_network(counter: Counter, desk: Desk) -> None:
    """A balancer that takes it for not ready, or a server that never passes that address on."""
    close(counter)
    desk.redeem(counter.visit(12))
    counter.line.always = lambda line, near, call: b" /readyz" in call[:40] and broken(line, near, call)
    assert desk.sync()
    assert (desk.online, desk.condition().trouble) == (True, "closed")


def test_the_notes_of_another_venue_wait_until_this_is_its_desk_again(counter: Counter, desk: Desk) -> None:
    counter.line.always = unplugged
    desk.redeem(counter.visit(12))
    counter.line.always = None
    with desk._books.change() as page:
        (entry,) = page.open()
        from dataclasses import replace

        page.put(replace(entry, venue=999))
    assert not desk.sync()
    assert (desk.condition().owed, desk.condition().owed_elsewhere, counter.state(12)) == (0, 1, "issued")


def test_restored_books_are_told_again_whatever_the_file_of_the_snapshot_says(counter: Counter, desk: Desk) -> None:
    """The scanner was killed when it had kept their snapshot, and not yet what is told again."""
    desk.redeem(counter.visit(12))
    assert desk.sync()
    with desk._books.change() as page:
        page.keep("known", {**page.kept("known"), "cursor": "others.1.00000000"})
    counter.line.calls.clear()
    assert desk.sync()
    assert sum("batch" in call for call in counter.line.calls) == 1


def test_a_journal_is_sent_in_parts(counter: Counter, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.memory.courier.PIECE", 2)
    desk._courier._piece = 2
    counter.line.always = unplugged
    for number in range(12, 17):
        desk.redeem(counter.visit(number))
    counter.line.always = None
    counter.line.calls.clear()
    assert desk.sync()
    assert sum("batch" in call for call in counter.line.calls) == 3
    assert {counter.state(number) for number in range(12, 17)} == {"redeemed"}


def test_after_a_void_the_snapshot_refuses_apart(counter: Counter, desk: Desk) -> None:
    from app.core.lifecycle import Kind

    custody.move_span(
        books_of(counter.service.app), kind=Kind.VOID, named="CWL26 12", actor="cli:test", now=now(), request_id=uuid4(),
        organisation=None, reason="stolen",
    )  # fmt: skip
    assert desk.sync()
    counter.line.always = unplugged
    assert verdicts(desk.redeem(counter.visit(12))) == ["void"]


def test_what_is_older_than_it_is_kept_for_is_let_go(counter: Counter, desk: Desk) -> None:
    desk.redeem(counter.visit(12))
    owed.prune(desk._journal, desk.clock.now_ms() + 1)
    assert desk.recent() == []
