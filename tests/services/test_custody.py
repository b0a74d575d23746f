"""Custody: every movement from every state, all or none, and the same answer to the same request."""

from typing import Any
from uuid import uuid4

import pytest

from app.core.checkpoint import CheckpointKey
from app.core.errors import BadInput, BadSpan, Conflict, HournoteError, IllegalMovement, NotFound, NotOrdered, Refused
from app.core.ledger import replay
from app.core.lifecycle import STEPS, Kind, State, may
from app.core.span import Span
from app.services import enquiry, log
from app.store import custody
from tests.world import BODMIN, CHORLEY, PLACES, YMCA, World

OF_AN_ORDER = (Kind.ORDER, Kind.PRINT, Kind.SPOIL, Kind.MISS)
"""The steps that are taken with `order` and `printed`, not by a movement of its own."""


def words(kind: Kind) -> dict[str, Any]:
    """What the step of a movement asks for."""
    step = STEPS[kind]
    return {
        **({"organisation": YMCA} if step.to_organisation else {}),
        **({"reason": "stolen"} if step.reasoned else {}),
    }


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in OF_AN_ORDER])
def test_a_movement_is_lawful_from_the_states_of_the_life_table_alone(world: World, kind: Kind) -> None:
    before = world.picture()
    lawful = [state for state in State if may(kind, state)]
    for state in State:
        if state not in lawful:
            with pytest.raises(IllegalMovement, match=r"nothing was changed\.$"):
                world.move(kind, PLACES[state], **words(kind))
    assert world.picture() == before
    for state in lawful:
        moved = world.move(kind, PLACES[state], **words(kind))
        expected = STEPS[kind].after or State.STOCKED  # what is held and what is void came from stock
        assert (moved.state, moved.notes) == (expected, len(moved.span))
        assert set(world.counts(PLACES[state])) == {expected}
    assert world.findings() == []


@pytest.mark.parametrize("kind", OF_AN_ORDER)
def test_the_steps_of_an_order_are_taken_with_the_order(world: World, kind: Kind) -> None:
    with pytest.raises(BadInput, match="belongs to an order"):
        world.move(kind, "CWL26 101-110", **words(kind))


@pytest.mark.parametrize(
    ("kind", "named", "more", "error"),
    [
        (Kind.ISSUE, "CWL26 79-81", {"organisation": YMCA}, IllegalMovement),
        (Kind.ISSUE, "CWL26 71-80", {}, IllegalMovement),
        (Kind.ISSUE, "CWL26 71-80", {"organisation": "Nobody"}, NotFound),
        (Kind.ISSUE, "CWL26 71-80", {"organisation": CHORLEY}, Refused),
        (Kind.DISPATCH, "LAN26 1-20", {"organisation": YMCA}, Refused),
        (Kind.ISSUE, "CWL26 61-65", {"organisation": BODMIN}, IllegalMovement),
        (Kind.ISSUE, "CWL26 1-4", {"organisation": YMCA}, IllegalMovement),
        (Kind.RECEIVE, "CWL26 101-111", {}, NotOrdered),
        (Kind.RECEIVE, "CWL27 1", {}, NotOrdered),
        (Kind.RECEIVE, "XYZ26 1", {}, NotOrdered),
        (Kind.RECEIVE, "CWL26-009", {}, NotOrdered),
        (Kind.RECEIVE, "a bundle", {}, BadSpan),
        (Kind.RECEIVE, "CWL26 9-8", {}, BadSpan),
        (Kind.VOID, "CWL26 71-80", {"reason": "bored"}, IllegalMovement),
        (Kind.VOID, "CWL26 71-80", {}, IllegalMovement),
        (Kind.HOLD, "CWL26 71-80", {"reason": " "}, IllegalMovement),
        (Kind.HOLD, "CWL26 71-80", {"reason": "x" * 41}, BadInput),
        (Kind.HOLD, "CWL26 71-80", {"reason": "los\udc80t"}, BadInput),
        (Kind.HOLD, "CWL26 71-80", {"reason": "lost\x00"}, BadInput),
        (Kind.HOLD, "CWL26 71-80", {"reason": "lost", "note": "n" * 501}, BadInput),
    ],
)
def test_what_is_refused_is_refused_as_a_whole(
    world: World, kind: Kind, named: str, more: dict[str, Any], error: type[HournoteError]
) -> None:
    before = world.picture()
    with pytest.raises(error) as raised:
        world.move(kind, named, **more)
    assert "\n" not in raised.value.sentence
    assert world.picture() == before


def test_a_hold_remembers_where_the_notes_were(world: World) -> None:
    world.move(Kind.HOLD, "CWL26 56-75", reason="lost", note="Nobody knows.")
    assert world.counts("CWL26 51-80") == {"issued": 5, "held": 20, "stocked": 5}
    assert world.move(Kind.RELEASE, "CWL26 56-75", reason="found").state == "mixed"
    assert world.counts("CWL26 51-80") == {"issued": 10, "dispatched": 10, "stocked": 10}


def test_what_was_voided_on_hold_is_reinstated_on_hold(world: World) -> None:
    world.move(Kind.VOID, "CWL26 81-85", reason="stolen")
    assert world.move(Kind.REINSTATE, "CWL26 81-85", reason="found").state == "held"
    assert world.move(Kind.RELEASE, "CWL26 81-85", reason="found").state == "stocked"


# --- the same request again


def test_a_request_again_gives_the_same_answer(world: World) -> None:
    request = uuid4()
    first = world.move(Kind.ISSUE, "CWL26 71-80", organisation=YMCA, request_id=request)
    before = world.picture()
    assert world.move(Kind.ISSUE, "CWL26 71-80", organisation=YMCA, request_id=request) == first
    assert world.picture() == before


def test_a_request_again_gives_the_same_answer_when_the_notes_have_moved_on(world: World) -> None:
    request = uuid4()
    first = world.move(Kind.ISSUE, "CWL26 71-80", organisation=YMCA, request_id=request)
    world.move(Kind.VOID, "CWL26 75-80", reason="stolen")
    assert world.move(Kind.ISSUE, "CWL26 71-80", organisation=YMCA, request_id=request) == first


def test_a_request_again_tells_of_the_notes_that_were_spent_then(world: World) -> None:
    """By the order of the facts and not by their times, which are the same here."""
    world.redeem(11, 12)
    before = world.redeem(13)["id"]
    since = world.redeem(14)["id"]
    world.reverse(before)
    request = uuid4()
    first = world.move(Kind.ISSUE, "CWL26 71-80", organisation=YMCA)
    hold = world.move(Kind.HOLD, "CWL26 11-20", reason="lost", request_id=request)
    assert (first.already_redeemed, hold.already_redeemed) == (0, 3)
    world.move(Kind.RELEASE, "CWL26 11-20", reason="found")
    world.reverse(since)
    world.redeem(14, 15)
    log.sequence(world.store, key=CheckpointKey(bytes(32)), clock=lambda: world.now)
    world.redeem(16)
    assert world.move(Kind.HOLD, "CWL26 11-20", reason="lost", request_id=request) == hold
    assert world.counts("CWL26 11-20") == {"redeemed": 5, "issued": 5}


@pytest.mark.parametrize("kind", [Kind.VOID, Kind.HOLD])
def test_a_request_for_an_order_again_means_the_notes_that_it_meant_then(world: World, kind: Kind) -> None:
    request = uuid4()
    world.move(Kind.RELEASE, "CWL26 81-85", reason="found")
    first = world.move(kind, "CWL26-001", reason="recalled", request_id=request)
    assert first.passed_over == (Span("CWL26", 5, 7), Span("CWL26", 86, 90))
    assert first.notes == 92
    assert world.move(kind, "CWL26-001", reason="recalled", request_id=request) == first
    world.move(Kind.REINSTATE, "CWL26 86-90", reason="found")
    assert world.move(kind, "CWL26-001", reason="recalled", request_id=request) == first


@pytest.mark.parametrize(
    ("kind", "named", "more"),
    [
        (Kind.ISSUE, "CWL26 71-80", {"organisation": BODMIN}),
        (Kind.ISSUE, "CWL26 71-79", {"organisation": YMCA}),
        (Kind.DISPATCH, "CWL26 71-80", {"organisation": YMCA}),
        (Kind.HOLD, "CWL26-002", {"reason": "lost"}),
        (Kind.RECEIVE, "LAN26 1-20", {}),
    ],
)
def test_a_request_id_stands_for_one_deed(world: World, kind: Kind, named: str, more: dict[str, Any]) -> None:
    request = uuid4()
    world.move(Kind.ISSUE, "CWL26 71-80", organisation=YMCA, request_id=request)
    before = world.picture()
    with pytest.raises(Conflict):
        world.move(kind, named, request_id=request, **more)
    assert world.picture() == before


# --- orders and labels


def test_an_order_and_a_label_pass_over_void_notes_and_say_so(world: World) -> None:
    world.move(Kind.RELEASE, "CWL26 81-85", reason="found")
    moved = world.move(Kind.HOLD, "cwl26-001", reason="lost")
    assert moved.passed_over == (Span("CWL26", 5, 7), Span("CWL26", 86, 90))
    assert (moved.span, moved.notes) == (Span("CWL26", 1, 100), 92)


def test_a_scanned_label_names_its_bundle(world: World) -> None:
    label = f"https://notes.example.org/B/{world.serial(81)}{world.serial(90)}"
    moved = world.move(Kind.RELEASE, label, reason="found")
    assert (moved.span, moved.notes, moved.passed_over) == (Span("CWL26", 81, 85), 5, (Span("CWL26", 86, 90),))


def test_a_label_with_nothing_left_says_so(world: World) -> None:
    with pytest.raises(IllegalMovement, match="Every note of CWL26 86-90 is void"):
        world.move(Kind.REINSTATE, f"https://notes.example.org/B/{world.serial(86)}{world.serial(90)}", reason="found")


def test_a_void_order_can_still_be_looked_at(world: World) -> None:
    world.move(Kind.VOID, "CWL26-002", reason="recalled")
    assert world.counts("CWL26-002") == {"void": 10}


def test_a_span_means_every_note_of_it(world: World) -> None:
    with pytest.raises(IllegalMovement, match=r"CWL26 86-90 are void \(stolen\)"):
        world.move(Kind.VOID, "CWL26 71-100", reason="recalled")


# --- spent notes


def test_a_movement_says_how_many_notes_are_spent_and_changes_nothing_for_them(world: World) -> None:
    world.redeem(11, 12, 13)
    moved = world.move(Kind.VOID, "CWL26 11-50", reason="stolen")
    assert (moved.notes, moved.already_redeemed) == (40, 3)
    assert world.counts("CWL26 11-50") == {"redeemed": 3, "void": 37}
    assert world.state(11) == "redeemed"
    assert world.verdicts(11) == ["already_redeemed"]


def test_spent_notes_are_not_returned(world: World) -> None:
    made = world.redeem(20)
    with pytest.raises(IllegalMovement, match="1 of the notes CWL26 11-50 are already redeemed"):
        world.move(Kind.RETURN, "CWL26 11-50")
    assert world.move(Kind.RETURN, "CWL26 21-50").state == "stocked"
    world.reverse(made["id"])
    assert world.move(Kind.RETURN, "CWL26 11-20").state == "stocked"


# --- the print shop balances its job


def test_ordered_is_good_and_spoiled_and_missing(world: World) -> None:
    balance = world.balance("CWL26-002", spoiled=["CWL26 101-102", "CWL26 105"], missing=["CWL26 110"])
    assert (balance.good, balance.spoiled, balance.missing) == (6, 3, 1)
    assert world.counts("CWL26-002") == {"printed": 6, "void": 4}
    assert [moved.state for moved in balance.movements] == ["void"] * 3 + ["printed"] * 2
    assert sum(moved.notes for moved in balance.movements) == 10


def test_a_second_report_names_more(world: World) -> None:
    world.balance("CWL26-002", spoiled=["CWL26 101"])
    balance = world.balance("CWL26-002", missing=["CWL26 110"])
    assert (balance.good, balance.spoiled, balance.missing) == (8, 1, 1)
    with pytest.raises(IllegalMovement, match="reported printed already"):
        world.balance("CWL26-002")


def test_a_report_again_gives_the_same_answer(world: World) -> None:
    plain, request = uuid4(), uuid4()
    first = world.balance("CWL26-002", spoiled=["CWL26 101"], request_id=plain)
    assert world.balance("CWL26-002", spoiled=["CWL26 101"], request_id=plain) == first
    second = world.balance("CWL26-002", missing=["CWL26 110"], request_id=request)
    assert world.balance("CWL26-002", spoiled=["CWL26 101"], request_id=plain) == first
    assert world.balance("CWL26-002", missing=["CWL26 110"], request_id=request) == second
    with pytest.raises(Conflict):
        world.balance("CWL26-002", missing=["CWL26 109"], request_id=request)


def test_a_report_without_losses_again_gives_the_same_answer(world: World) -> None:
    request = uuid4()
    first = world.balance("CWL26-002", request_id=request)
    assert world.balance("CWL26-002", request_id=request) == first


def test_what_is_held_because_it_is_missing_is_not_missing_from_the_press(world: World) -> None:
    world.move(Kind.HOLD, "CWL26 71-80", reason="missing")
    balance = world.balance("CWL26-001", spoiled=["CWL26 1"])
    assert (balance.good, balance.spoiled, balance.missing) == (96, 3, 1)


@pytest.mark.parametrize(
    ("order", "spoiled", "missing", "error"),
    [
        ("CWL26-002", ["CWL26 100-101"], [], BadInput),
        ("CWL26-002", ["CWL26 111"], [], BadInput),
        ("CWL26-002", ["LAN26 1"], [], BadInput),
        ("CWL26-002", ["CWL26 101-103"], ["CWL26 103"], BadInput),
        ("CWL26-002", ["CWL26 101", "CWL26 101"], [], BadInput),
        ("CWL26-002", ["CWL26-002"], [], BadSpan),
        ("CWL26-001", ["CWL26 11"], [], IllegalMovement),
        ("CWL26-001", ["CWL26 5"], [], IllegalMovement),
        ("CWL26-003", [], [], NotOrdered),
        ("an order", [], [], BadSpan),
    ],
)
def test_a_balance_that_cannot_be_is_refused_as_a_whole(
    world: World, order: str, spoiled: list[str], missing: list[str], error: type[HournoteError]
) -> None:
    before = world.picture()
    with pytest.raises(error):
        world.balance(order, spoiled=spoiled, missing=missing)
    assert world.picture() == before


# --- history


def test_the_holdings_are_what_the_movements_come_to(world: World) -> None:
    world.move(Kind.RETURN, "CWL26 31-50")
    world.move(Kind.VOID, "CWL26 25-75", reason="recalled")
    world.move(Kind.REINSTATE, "CWL26 25-75", reason="found")
    told = world.store.read(lambda connection: [each.movement for each in custody.all_movements(connection)])
    assert replay(told) == world.store.read(custody.all_holdings)
    assert world.findings() == []


def test_who_has_a_stretch_is_told_in_words(world: World) -> None:
    stretches = {str(each.span): each.holder for each in enquiry.range_of(world.store, named="CWL26 1-110").holdings}
    assert stretches["CWL26 1-4"] == "the print shop"
    assert stretches["CWL26 11-50"] == YMCA
    assert stretches["CWL26 61-70"] == YMCA
    assert stretches["CWL26 71-80"] == "Cornwall programme office"
    assert stretches["CWL26 81-85"] == "Cornwall programme office"
    assert stretches["CWL26 101-110"] == "the press"


def test_gaps_are_told_and_counted(world: World) -> None:
    found = enquiry.range_of(world.store, named="CWL26 106-120")
    assert found.counts == {"ordered": 5, "not_ordered": 10}
    assert found.gaps == (Span("CWL26", 111, 120),)
    with pytest.raises(NotOrdered):
        enquiry.range_of(world.store, named="CWL26 111-120")
