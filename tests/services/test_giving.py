"""Giving: hand-outs that an organisation records by itself, and what they come to."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.errors import BadInput, Conflict, HournoteError, NotAllowed, NotFound, Refused
from app.core.lifecycle import Kind
from app.services import accounts, directory, giving, handed_out, handing_out
from app.services.accounts import Account
from app.services.handing_out import HandOut
from app.store import hand_outs
from tests.world import BODMIN, CHORLEY, YMCA, World


def person(world: World, role: str, **scope: Any) -> Account:
    email = f"{uuid4().hex[:8]}@example.org"
    return accounts.add_account(world.store, email=email, role=role, now=world.now, **scope)[0]


@pytest.fixture
def keeper(world: World) -> Account:
    return person(world, "keeper", organisation=YMCA)


def give(world: World, by: Account, notes: str, request_id: UUID | None = None, **other: str) -> HandOut:
    told = {"organisation": YMCA, "activity": "Beach clean", "hours": "", "people": "3", **other}
    return giving.give(
        world.store, by=by, notes=notes, now=world.now, request_id=request_id or uuid4(), **told
    )  # fmt: skip


def left(world: World, by: Account) -> list[str]:
    return [str(each) for each in giving.giver(world.store, by=by, named=YMCA, now=world.now).left]


def test_the_next_notes_are_those_that_were_not_handed_out(world: World, keeper: Account) -> None:
    first = left(world, keeper)[0]
    made = give(world, keeper, "4")
    begin = made.span.first
    assert first.startswith(f"CWL26 {begin}-")
    assert (len(made.span), made.hours, made.people) == (4, 4, 3)
    assert left(world, keeper)[0].startswith(f"CWL26 {begin + 4}-")
    assert give(world, keeper, "2").span.first == begin + 4


def test_a_hand_out_sent_twice_is_recorded_once(world: World, keeper: Account) -> None:
    request_id = uuid4()
    made = give(world, keeper, "4", request_id)
    assert give(world, keeper, "4", request_id) == made
    with pytest.raises(Conflict):
        give(world, keeper, "4", request_id, activity="Something else")
    assert giving.recorded(world.store, by=keeper, request_id=request_id)[0] == made


def test_notes_that_are_named_are_those(world: World, keeper: Account) -> None:
    made = give(world, keeper, "CWL26 21-25", hours="4")
    assert (str(made.span), made.hours) == ("CWL26 21-25", 4)
    with pytest.raises(Refused, match="handed out already"):
        give(world, keeper, "CWL26 25-26")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"notes": ""}, BadInput), ({"notes": "0"}, Refused), ({"notes": "99999"}, Refused),
        ({"notes": "garbage"}, BadInput), ({"notes": "LAN26 1-3"}, Refused), ({"notes": "CWL26 71"}, Refused),
        ({"notes": "3", "people": "0"}, BadInput), ({"notes": "3", "people": "Mary"}, BadInput),
        ({"notes": "3", "hours": "-1"}, BadInput), ({"notes": "3", "hours": "4"}, BadInput), ({"notes": "3", "activity": " "}, BadInput),
        ({"notes": "3", "organisation": CHORLEY}, NotFound), ({"notes": "3", "organisation": BODMIN}, NotFound),
    ],
)  # fmt: skip
def test_what_cannot_be_recorded_changes_nothing(
    world: World, keeper: Account, fields: dict[str, Any], error: type[HournoteError]
) -> None:
    before = left(world, keeper)
    with pytest.raises(error):
        give(world, keeper, **fields)
    assert left(world, keeper) == before


def test_staff_record_for_the_organisations_of_their_programme(world: World) -> None:
    staff = person(world, "programme", programme="CWL")
    request_id = uuid4()
    give(world, staff, "1", request_id)
    with pytest.raises(NotFound):
        give(world, staff, "1", organisation=CHORLEY)
    with pytest.raises(NotFound):
        giving.recorded(world.store, by=person(world, "keeper", organisation=CHORLEY), request_id=request_id)
    for role in ("auditor", "press"):
        with pytest.raises(NotAllowed):
            give(world, person(world, role, programme="CWL"), "1")


def test_taking_part_is_added_up_by_month_on_the_clock_of_the_venues(world: World, keeper: Account) -> None:
    for at, people in (
        (datetime(2026, 7, 31, 22, 50, tzinfo=UTC), "2"),
        (datetime(2026, 7, 31, 23, 10, tzinfo=UTC), "15"),
    ):
        world.now = at
        give(world, keeper, "2", people=people)
    found = giving.giver(world.store, by=keeper, named=YMCA, now=world.now)
    assert [month for month, _given in found.months] == [*range(202509, 202513), *range(202601, 202609)]
    assert [given.people for month, given in found.months if month in (202607, 202608)] == [2, 15]
    assert found.activities == ("Beach clean",)


def test_what_is_recorded_late_counts_in_the_month_of_its_day(world: World, keeper: Account) -> None:
    world.now = datetime(2026, 8, 30, 12, tzinfo=UTC)
    world.move(Kind.ISSUE, "CWL26 71-80", organisation=YMCA)
    world.now = datetime(2026, 11, 3, 12, tzinfo=UTC)
    give(world, keeper, "CWL26 71-72", given_on="2026-10-31", people="7")
    give(world, keeper, "CWL26 73-74", people="2")
    with pytest.raises(BadInput, match="Write the day like"):
        give(world, keeper, "CWL26 75", given_on="31.10.2026")
    found = giving.giver(world.store, by=keeper, named=YMCA, now=world.now)
    assert {month: given.people for month, given in found.months if given.people} == {202610: 7, 202611: 2}
    _who, listed, _older = handed_out.recorded(world.store, by=keeper, organisation_id=found.organisation.id)
    assert [each.given_on for each in listed] == [date(2026, 11, 3), date(2026, 10, 31)]


def test_hand_outs_add_up_the_same_however_they_are_cut(world: World, keeper: Account) -> None:
    handing_out.hand_out(
        world.store, named="LAN26 1-7", activity="Weeding", hours=7, people=2, actor="cli:test", now=world.now,
        request_id=uuid4(),
    )  # fmt: skip
    give(world, keeper, "5", hours="5")

    def hours(*by: str) -> int:
        found = world.store.read(lambda connection: hand_outs.sums(connection, *by, first=202001, last=203012))
        return sum(each.hours for each in found.values())

    assert {hours(), hours("month"), hours("organisation_id"), hours("activity", "month")} == {12}
    assert directory.organisations(world.store)
