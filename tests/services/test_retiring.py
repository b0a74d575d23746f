"""Retiring spent paper, and handing notes out."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.core.errors import BadInput, Conflict, HournoteError, IllegalMovement, NotFound, NotOrdered, Refused
from app.core.lifecycle import Kind
from app.core.span import Span
from app.core.wall_clock import day_of
from app.services import handing_out, taking_back
from app.services.handing_out import HandOut
from app.services.taking_back import TakenBack
from tests.world import ACTOR, BODMIN, YMCA, World


def test_counted_paper_of_spent_notes_is_retired(world: World) -> None:
    world.redeem(*range(11, 16))
    moved = world.retire("CWL26 11-14")
    assert (moved.kind, moved.state, moved.notes, moved.already_redeemed) == ("retire", "retired", 4, 4)
    assert world.counts("CWL26 11-20") == {"retired": 4, "redeemed": 1, "issued": 5}
    assert world.state(11) == "retired"
    assert world.verdicts(11) == ["already_redeemed"]
    assert world.findings() == []


@pytest.mark.parametrize(
    ("named", "error"),
    [
        ("CWL26 11-13", Refused),
        ("CWL26 13", Refused),
        ("CWL26 71", Refused),
        ("CWL26 11", Refused),
        ("CWL26 500", Refused),
        ("CWL27 1", NotOrdered),
        ("CWL26-001", Refused),
        ("nothing", BadInput),
    ],
)
def test_only_spent_notes_are_retired_and_once(world: World, named: str, error: type[HournoteError]) -> None:
    world.redeem(11, 12)
    world.retire("CWL26 11")
    before = world.picture()
    with pytest.raises(error):
        world.retire(named)
    assert world.picture() == before


def test_a_retirement_again_is_harmless(world: World) -> None:
    world.redeem(11, 12)
    request = uuid4()
    first = world.retire("CWL26 11", request)
    assert world.retire("CWL26 11", request) == first
    with pytest.raises(Conflict):
        world.retire("CWL26 12", request)
    with pytest.raises(Refused, match="retired already"):
        world.retire("CWL26 11")


def test_a_retirement_of_a_bundle_again_means_the_notes_that_it_meant_then(world: World) -> None:
    world.move(Kind.VOID, "CWL26 13", reason="damaged")
    world.redeem(11, 12, *range(14, 21))
    label, request = f"HTTPS://X.ORG/B/{world.serial(11)}{world.serial(20)}", uuid4()
    first = world.retire(label, request)
    assert (first.notes, first.passed_over) == (9, (Span("CWL26", 13, 13),))
    world.move(Kind.VOID, "CWL26 14-20", reason="destroyed")
    assert world.retire(label, request) == first
    world.move(Kind.REINSTATE, "CWL26 13", reason="found")
    assert world.retire(label, request) == first
    with pytest.raises(Conflict):
        world.retire(f"HTTPS://X.ORG/B/{world.serial(21)}{world.serial(30)}", request)
    assert world.findings() == []


def test_a_voided_bundle_may_hold_retired_notes(world: World) -> None:
    world.redeem(11, 12)
    world.move(Kind.VOID, "CWL26 11-20", reason="stolen")
    world.retire("CWL26 11")
    assert world.counts("CWL26 11-20") == {"retired": 1, "redeemed": 1, "void": 8}
    assert world.findings() == []


# --- handing out


def give(world: World, named: str, **more: object) -> HandOut:
    told = {"activity": "Beach clean", "hours": 1, "people": 4, "request_id": uuid4(), **more}
    return handing_out.hand_out(world.store, named=named, actor=ACTOR, now=world.now, **told)  # type: ignore[arg-type]


def test_a_hand_out_is_a_fact_beside_the_movements(world: World) -> None:
    before = world.picture()
    made = give(world, "CWL26 11-20", activity="  Beach   clean ", hours=10)
    assert (made.organisation, made.activity, made.hours, made.people) == (YMCA, "Beach clean", 10, 4)
    assert world.picture() == before


@pytest.mark.parametrize(
    ("named", "more", "error"),
    [
        ("CWL26 15-25", {}, Refused),
        ("CWL26 45-55", {}, Refused),
        ("CWL26 71-80", {}, Refused),
        ("CWL26 61", {}, Refused),
        ("CWL26 101-120", {}, Refused),
        ("CWL27 1", {}, NotOrdered),
        ("CWL26-002", {}, Refused),
        ("CWL26 30", {"hours": 0}, BadInput),
        ("CWL26 30", {"people": 0}, BadInput),
        ("CWL26 30", {"hours": 10**9}, BadInput),
        ("CWL26 30-31", {"hours": 3}, BadInput),
        ("CWL26 30", {"activity": " "}, BadInput),
        ("CWL26 30", {"activity": "x" * 201}, BadInput),
        ("CWL26 30", {"activity": "Beach\x00"}, BadInput),
    ],
)
def test_a_hand_out_that_cannot_be_is_refused(
    world: World, named: str, more: dict[str, object], error: type[HournoteError]
) -> None:
    give(world, "CWL26 11-20")
    with pytest.raises(error):
        give(world, named, **more)


def test_a_hand_out_is_of_a_day_between_the_issue_of_its_notes_and_today(world: World) -> None:
    world.move(Kind.ISSUE, "CWL26 71-80", organisation=YMCA)
    issued, day = day_of(world.now), timedelta(days=1)
    today = day_of(world.later(days=40))
    with pytest.raises(BadInput, match=f"were issued on {issued}"):
        give(world, "CWL26 71", given_on=issued - day)
    with pytest.raises(BadInput, match="still to come"):
        give(world, "CWL26 71", given_on=today + day)
    request = uuid4()
    made = give(world, "CWL26 71", given_on=issued, request_id=request)
    assert (made.given_on, give(world, "CWL26 72").given_on) == (issued, today)
    assert give(world, "CWL26 71", request_id=request) == made, "the first answer, where no day is named"
    with pytest.raises(Conflict):
        give(world, "CWL26 71", given_on=issued + day, request_id=request)
    assert take_back(world, made.id).given_on == issued


def test_a_hand_out_again_gives_the_same_answer(world: World) -> None:
    request = uuid4()
    first = give(world, "CWL26 11-20", request_id=request)
    assert give(world, "CWL26 11-20", request_id=request) == first
    world.move(Kind.HOLD, "CWL26 11-20", reason="lost")
    assert give(world, "CWL26 11-20", request_id=request) == first
    for other in ({"hours": 11}, {"people": 5}, {"activity": "Bingo"}):
        with pytest.raises(Conflict):
            give(world, "CWL26 11-20", request_id=request, **other)
    with pytest.raises(Conflict):
        give(world, "CWL26 21-30", request_id=request)
    with pytest.raises(Conflict):
        give(world, "LAN26 11-20", request_id=request)


def test_a_bundle_is_handed_out_by_its_label(world: World) -> None:
    made = give(world, f"HTTPS://X.ORG/B/{world.serial(21)}{world.serial(30)}")
    assert made.span == Span("CWL26", 21, 30)
    world.move(Kind.VOID, "CWL26 35", reason="damaged")
    with pytest.raises(Refused, match="Some of these notes are void"):
        give(world, f"HTTPS://X.ORG/B/{world.serial(31)}{world.serial(40)}")
    world.move(Kind.VOID, "CWL26 41-50", reason="damaged")
    with pytest.raises(IllegalMovement):
        give(world, f"HTTPS://X.ORG/B/{world.serial(41)}{world.serial(50)}")


# --- taking back


def test_notes_come_back_only_after_their_hand_out_was_taken_back(world: World) -> None:
    made, request = give(world, "CWL26 11-20"), uuid4()
    with pytest.raises(Refused, match=f"CWL26 11-20 were recorded as handed out: take back hand-out {made.id} first"):
        world.move(Kind.RETURN, "CWL26 20-25", request_id=request)
    assert world.counts("CWL26 11-25") == {"issued": 15}
    take_back(world, made.id)
    first = world.move(Kind.RETURN, "CWL26 11-25", request_id=request)
    world.move(Kind.ISSUE, "CWL26 11-25", organisation=BODMIN)
    give(world, "CWL26 11-20")
    assert world.move(Kind.RETURN, "CWL26 11-25", request_id=request) == first, "the same again gives the same"


def take_back(world: World, hand_out: int, reason: str = "of another day") -> TakenBack:
    return taking_back.take_back(world.store, hand_out=hand_out, reason=reason, actor=ACTOR, now=world.now)


def test_a_wrong_hand_out_is_taken_back_and_its_notes_are_given_again(world: World) -> None:
    wrong = give(world, "CWL26 11-20", hours=9)
    answer = take_back(world, wrong.id)
    assert (answer.span, answer.hours, answer.organisation) == (wrong.span, 9, YMCA)
    assert take_back(world, wrong.id) == answer, "the same again gives the same"
    again = give(world, "CWL26 11-20", hours=10)
    assert again.id != wrong.id
    with pytest.raises(Refused, match="were recorded as handed out already"):
        give(world, "CWL26 20")


def test_a_hand_out_that_cannot_be_taken_back_is_refused(world: World) -> None:
    wrong = give(world, "CWL26 11-20")
    take_back(world, wrong.id)
    with pytest.raises(Refused, match="took this hand-out back already"):
        take_back(world, wrong.id, "another reason")
    with pytest.raises(NotFound, match="There is no hand-out 999"):
        take_back(world, 999)
    with pytest.raises(BadInput):
        take_back(world, wrong.id, " ")
