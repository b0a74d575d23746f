"""Journals of desks that were offline: each entry its answer, the desk's clock within bounds, conflicts for staff to resolve."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core import opening_hours
from app.core.errors import BadInput, Conflict, HournoteError, NotAllowed, NotFound
from app.core.lifecycle import Kind
from app.services import directory, journal, resolving
from app.services.journal import Entry, Redeem, Reverse, Wrong
from app.store import conflicts, spending
from app.store.conflicts import Resolution
from tests.world import LEISURE, LIBRARY, World


def visit(world: World, *numbers: int, ago: float = 60, **more: Any) -> Redeem:
    """A visit that a desk accepted offline, so many minutes ago."""
    given = {"id": uuid4(), "offer_id": None, "offline": True, "practice": False,
             "scanned_at": world.now - timedelta(minutes=ago), **more}  # fmt: skip
    return Redeem(notes=[world.token(number) for number in numbers], **given)


def back(world: World, made: UUID, ago: float | None = 50) -> Reverse:
    """The notes of a visit, given back so many minutes ago."""
    return Reverse(made, "wrong note", None if ago is None else world.now - timedelta(minutes=ago))


def send(world: World, *entries: Entry, desk: str = "Front desk") -> list[Any]:
    """The answers, and of a wrong entry its sentence."""
    told = journal.enter(world.store, desk=world.desk(desk), entries=entries, now=world.now)
    return [each.sentence if isinstance(each, HournoteError) else each for each in told]


def open_conflicts(world: World, *, resolved_too: bool = False) -> list[conflicts.Conflict]:
    return world.store.read(lambda connection: conflicts.conflicts(connection, resolved_too=resolved_too))


def test_each_entry_has_its_answer_in_order(world: World) -> None:
    first = visit(world, 11, 12)
    told = send(
        world, first, back(world, first.id), visit(world, 11), Wrong(BadInput("No entry.")), visit(world, 11, 11),
        back(world, uuid4()), visit(world, 86), visit(world, 13, ago=1),
    )  # fmt: skip
    assert [each["outcome"] for each in (*told[:3], *told[-2:])] == [
        "accepted", "reversed", "accepted", "refused", "accepted",
    ]  # fmt: skip
    assert told[3] == "No entry."
    assert "in this visit twice" in told[4]
    assert "There is no redemption" in told[5]
    assert told[6]["notes"][0]["verdict"] == "void"
    assert [each.get("late") for each in (*told[:3], *told[-2:])] == [True, True, True, True, False]
    assert world.counts("CWL26 11-13") == {"redeemed": 2, "issued": 1}
    assert world.findings() == []


def test_a_journal_sent_again_gets_the_same_answers(world: World) -> None:
    first, second = visit(world, 11), visit(world, 12, ago=1)
    entries: list[Entry] = [first, back(world, first.id), second, visit(world, 86), visit(world, 12)]
    told = send(world, *entries)
    world.later(days=70)
    assert send(world, *entries) == told
    assert [each.get("late") for each in told] == [True, True, False, True, True]
    assert world.counts("CWL26 11-12") == {"redeemed": 1, "issued": 1}


def test_an_id_that_stands_for_another_visit_is_a_problem_of_its_entry(world: World) -> None:
    made = visit(world, 11)
    told = journal.enter(
        world.store, desk=world.desk(), entries=[made, visit(world, 12, id=made.id), visit(world, 13)], now=world.now
    )
    assert [type(each) for each in told] == [dict, Conflict, dict]
    assert world.counts("CWL26 11-13") == {"redeemed": 2, "issued": 1}


def test_a_backdated_time_beats_no_hold_and_no_void(world: World) -> None:
    hour_ago = visit(world, 11), visit(world, 21)
    world.move(Kind.VOID, "CWL26 11", reason="stolen")
    world.move(Kind.HOLD, "CWL26 21", reason="lost")
    assert [each["notes"][0]["verdict"] for each in send(world, *hour_ago)] == ["void", "held"]
    assert open_conflicts(world) == [], "no other visit has them"


# --- the desk's clock


def test_the_last_day_of_a_series_is_judged_when_the_note_was_seen(world: World) -> None:
    directory.set_series(world.store, series="CWL26", expires_on=date(2026, 7, 31))
    world.now = datetime(2026, 8, 2, 12, tzinfo=UTC)
    seen = datetime(2026, 7, 31, 22, 59, tzinfo=UTC)
    in_time, too_late = visit(world, 11, scanned_at=seen), visit(world, 12, scanned_at=seen + timedelta(minutes=1))
    told = send(world, in_time, too_late, visit(world, 13, scanned_at=None))
    assert [each["notes"][0]["verdict"] for each in told] == ["accepted", "expired", "expired"]


def test_a_clock_that_is_ahead_counts_as_now(world: World) -> None:
    directory.set_series(world.store, series="CWL26", expires_on=date(2026, 7, 31))
    sauna = directory.add_offer(
        world.store, venue=LEISURE, name="Sauna", hours=1, opening=opening_hours.parse("sat", None, None)
    ).id
    world.now = datetime(2026, 7, 31, 12, tzinfo=UTC)  # a Friday
    ahead = visit(world, 11, scanned_at=world.now + timedelta(days=1), offer_id=sauna)
    assert send(world, ahead)[0]["reason"] == "offer_closed"
    ahead = visit(world, 11, scanned_at=world.now + timedelta(days=1))
    answer = send(world, ahead)[0]
    assert (answer["notes"][0]["verdict"], answer["late"]) == ("accepted", False)


def test_the_hours_of_an_offer_are_judged_when_the_note_was_seen(world: World) -> None:
    sauna = directory.add_offer(
        world.store, venue=LEISURE, name="Sauna", hours=1, opening=opening_hours.parse("fri", "09:00", "17:30")
    ).id
    world.now = datetime(2026, 7, 31, 20, tzinfo=UTC)
    was_open, was_closed = world.now - timedelta(hours=5), world.now - timedelta(hours=2)
    told = send(
        world, visit(world, 11, offer_id=sauna, scanned_at=was_open), visit(world, 12, offer_id=sauna, scanned_at=was_closed)
    )  # fmt: skip
    assert [each["reason"] for each in told] == [None, "offer_closed"]
    directory.close_offer(world.store, offer="Sauna", now=world.later(days=1))
    told = send(world, visit(world, 13, offer_id=sauna, scanned_at=was_open))
    assert told[0]["reason"] is None, "it was not closed yet"
    assert world.redeem(14, offer_id=sauna, scanned_at=was_open)["reason"] == "offer_closed", (
        "a desk with a network asks now"
    )


def test_what_is_older_than_a_journal_is_a_problem(world: World) -> None:
    days = 60 * 24
    told = send(world, visit(world, 11, ago=60 * days + 1), visit(world, 12, ago=60 * days))
    assert told[0] == "That is more than 60 days ago: tell the programme office what happened."
    assert told[1]["outcome"] == "accepted"
    made = UUID(world.redeem(13)["id"])
    assert "60 days" in send(world, back(world, made, ago=60 * days + 1))[0]
    assert world.counts("CWL26 11-13") == {"redeemed": 2, "issued": 1}


@pytest.mark.parametrize(
    ("seen", "gave_back", "reason"),
    [(600, 590, None), (600, 585, None), (600, 584, "too_late"), (600, None, "too_late"), (10, -300, None), (30, -300, "too_late")],
)  # fmt: skip
def test_the_desk_s_clock_counts_for_the_quarter_of_an_hour(
    world: World, seen: float, gave_back: float | None, reason: str | None
) -> None:
    made = visit(world, 11, ago=seen)
    told = send(world, made, back(world, made.id, ago=gave_back))
    assert (told[1]["outcome"], told[1]["reason"]) == ("refused" if reason else "reversed", reason)
    assert world.state(11) == ("redeemed" if reason else "issued")


@pytest.mark.parametrize(
    ("gave_back", "reason"),
    [(110, None), (105, None), (104, "too_late"), (121, None), (123, "too_late"), (60 * 24 * 30, "too_late")],
)
def test_of_a_visit_made_online_the_clock_here_tells_when_it_began(
    world: World, gave_back: float, reason: str | None
) -> None:
    """It was redeemed two hours ago; a desk whose clock says that the notes were given back before that is not believed."""
    made = UUID(world.redeem(11, scanned_at=world.now)["id"])
    world.later(minutes=120)
    assert send(world, back(world, made, ago=gave_back))[0]["reason"] == reason


@pytest.mark.parametrize(
    ("hours_apart", "reason"), [(0, None), (24, None), (24 + 1 / 60, None), (24.1, "too_late"), (59 * 24, "too_late")]
)
def test_a_visit_made_online_is_given_back_no_later_than_a_desk_may_be_apart(
    world: World, hours_apart: float, reason: str | None
) -> None:
    """Whatever its clock says: it had the network when it was answered, and its venue lets it work apart for 24 hours."""
    directory.set_policy(world.store, venue=LEISURE, offline_hours=24)
    made, gave_back = UUID(world.redeem(11, scanned_at=world.now)["id"]), world.later(minutes=1)
    world.later(hours=hours_apart)
    entry = Reverse(made, "wrong note", gave_back)
    (answer,) = send(world, entry)
    assert (answer["outcome"], answer["reason"]) == ("refused" if reason else "reversed", reason)
    assert answer.get("late") == (None if reason else hours_apart > 0)
    back_then = world.store.read(lambda connection: spending.reversal_of(connection, made))
    if back_then is not None:
        clock = f", by its clock on {gave_back:%Y-%m-%d at %H:%M:%S} UTC" if hours_apart else ""
        assert back_then.actor == f"desk:{world.desk().desk.id}{clock}", "the fact has what the desk said"
    world.later(minutes=2)
    assert send(world, entry) == [answer]


def test_a_desk_that_may_not_work_apart_gives_back_when_its_word_comes(world: World) -> None:
    directory.set_policy(world.store, venue=LEISURE, offline_hours=0)
    made, gave_back = UUID(world.redeem(11)["id"]), world.later(minutes=1)
    world.later(minutes=10)
    assert send(world, Reverse(made, "wrong note", gave_back))[0]["outcome"] == "reversed", (
        "within the quarter of an hour"
    )


def test_who_may_send_a_journal(world: World) -> None:
    made = UUID(world.redeem(11)["id"])
    told = journal.enter(world.store, desk=world.desk("Pool"), entries=[back(world, made, 0)], now=world.now)
    assert isinstance(told[0], NotAllowed)
    told = journal.enter(world.store, desk=world.desk("Library"), entries=[back(world, made, 0)], now=world.now)
    assert isinstance(told[0], NotFound)
    assert world.state(11) == "redeemed"


def test_a_typed_serial_is_never_taken_offline(world: World) -> None:
    directory.set_policy(world.store, venue=LEISURE, keyed_per_day=5)
    typed = Redeem(uuid4(), [world.serial(11)], None, world.now, True, False)
    assert send(world, typed)[0]["notes"][0]["verdict"] == "keyed_not_allowed"


# --- conflicts


def collide(world: World, *numbers: int) -> tuple[UUID, UUID]:
    """Two venues took the same notes while apart: the library's visit comes first, the leisure centre's was earlier."""
    first, second = visit(world, *numbers, ago=30), visit(world, *numbers, ago=45)
    assert send(world, first, desk="Library")[0]["outcome"] == "accepted"
    (answer,) = send(world, second)
    assert (answer["outcome"], {each["verdict"] for each in answer["notes"]}) == ("refused", {"already_redeemed"})
    return first.id, second.id


def test_two_venues_that_took_one_note_while_apart_are_a_conflict(world: World) -> None:
    first, second = collide(world, 11, 12)
    (found,) = open_conflicts(world)
    assert (found.redemption_id, found.place.venue, found.place.desk) == (second, LEISURE, "Front desk")
    assert found.place.at == world.now - timedelta(minutes=45)
    assert [(str(each.serial), each.first_redemption_id, each.first.venue, each.first.desk, each.first.at)
            for each in found.notes] == [
        (world.serial(number), first, LIBRARY, "Library", world.now - timedelta(minutes=30)) for number in (11, 12)
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["online", "practice", "online and told again"])
def test_what_is_no_conflict(world: World, how: str) -> None:
    world.redeem(11, desk="Library")
    if how == "online":
        assert world.redeem(11)["outcome"] == "refused", "the desk knew at once, and took nothing"
    elif how == "practice":
        send(world, visit(world, 11, practice=True))
    else:
        made = UUID(world.redeem(11)["id"])
        told = visit(world, 11, id=made, offline=False)
        assert send(world, told)[0]["outcome"] == "refused", "it has its answer already, and the desk heard it"
    assert open_conflicts(world, resolved_too=True) == []


def test_a_desk_that_never_heard_its_refusal_and_took_the_notes_is_a_conflict_once(world: World) -> None:
    """The call reached the books and its answer was lost: the desk judged by itself, and handed out an hour."""
    first = UUID(world.redeem(11, desk="Library")["id"])
    unheard = world.redeem(11, 12)
    assert unheard["outcome"] == "refused"
    made = visit(world, 11, 12, id=UUID(unheard["id"]))
    told = send(world, made, made)
    assert [each["outcome"] for each in (*told, *send(world, made))] == ["refused"] * 3
    (found,) = open_conflicts(world)
    assert (found.redemption_id, found.place.venue) == (made.id, LEISURE)
    assert [(str(each.serial), each.first_redemption_id) for each in found.notes] == [(world.serial(11), first)]
    assert [finding.check for finding in world.findings()] == ["offline_conflict"]
    resolving.resolve_conflict(world.store, redemption_id=made.id, reason="found", actor="cli:test", now=world.now)
    send(world, made)
    assert open_conflicts(world) == [], "what was resolved stays so"


def test_of_a_mixed_visit_the_notes_that_were_spent_are_named(world: World) -> None:
    world.redeem(11, desk="Library")
    told = send(world, visit(world, 11, 13, 86))
    assert [each["verdict"] for each in told[0]["notes"]] == ["already_redeemed", "good", "void"]
    (found,) = open_conflicts(world)
    assert [str(each.serial) for each in found.notes] == [world.serial(11)]
    assert world.state(13) == "issued"


def test_a_visit_that_was_given_back_while_apart_is_no_conflict_any_more(world: World) -> None:
    world.redeem(11, desk="Library")
    made = visit(world, 11)
    told = send(world, made, back(world, made.id, ago=50))
    assert told[1] == {"id": str(made.id), "outcome": "refused", "reason": "not_accepted"}
    assert open_conflicts(world) == []
    (found,) = open_conflicts(world, resolved_too=True)
    actor = f"desk:{world.desk().desk.id}"
    assert found.resolution == Resolution("given_back", "wrong note", actor, world.now)
    assert send(world, made, back(world, made.id, ago=50)) == told, "again changes nothing"
    assert world.state(11) == "redeemed", "at the library"


def test_a_desk_does_not_wish_a_conflict_away_later(world: World) -> None:
    _first, second = collide(world, 11)
    """The visitor is gone when a desk learns of it, and the note is not: a person of staff has to look."""
    assert send(world, back(world, second, ago=0))[0]["reason"] == "not_accepted"
    assert world.reverse(str(second))["reason"] == "not_accepted"
    assert len(open_conflicts(world)) == 1
