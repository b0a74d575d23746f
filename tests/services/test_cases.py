"""Cases: what desks refused, gathered by note until somebody settles it, with both venues and how far apart they are."""

from uuid import uuid4

import pytest

from app.core.errors import HournoteError, NotAllowed, NotFound, Refused
from app.core.lifecycle import Kind
from app.core.span import Span
from app.services import accounts, cases, listing
from app.services.accounts import Account
from tests.world import HALL, LEISURE, YMCA, World

ROLES: dict[str, dict[str, str]] = {
    "national": {}, "programme": {"programme": "CWL"}, "auditor": {"programme": "CWL"}, "press": {"programme": "CWL"},
    "keeper": {"organisation": YMCA}, "venue": {"venue": LEISURE},
}  # fmt: skip


def member(world: World, role: str, **scope: str) -> Account:
    email = f"{role}{len(accounts.all_accounts(world.store))}@example.org"
    return accounts.add_account(world.store, email=email, role=role, now=world.now, **(scope or ROLES[role]))[0]


@pytest.fixture
def cornwall(world: World) -> Account:
    return member(world, "programme")


def waiting(world: World, by: Account) -> list[tuple[str | None, str, int]]:
    found = cases.waiting(world.store, account=by, most=50)
    return [(each.newest.serial, each.newest.verdict, each.attempts) for each in found]


def printed(world: World, number: int) -> str:
    serial = world.serial(number)
    return f"{serial[:5]} {serial[5:12]} {serial[12]}"


def newest(world: World, by: Account) -> int:
    return cases.waiting(world.store, account=by, most=1)[0].newest.scan_id


def settle(world: World, by: Account, scan_id: int, reason: str = "shown_twice", note: str = "") -> cases.Settlement:
    return cases.settle(world.store, account=by, scan_id=scan_id, reason=reason, note=note, now=world.now)


def test_every_attempt_with_one_note_is_one_case(world: World, cornwall: Account) -> None:
    world.redeem(11)
    assert waiting(world, cornwall) == [], "a note that was spent is no case"
    world.redeem(11)
    world.redeem(11, desk="Library")
    world.redeem(world.forged(12))
    world.redeem(86, practice=True)
    assert waiting(world, cornwall) == [
        (printed(world, 12), "forged", 1), (printed(world, 11), "already_redeemed", 2),
    ]  # fmt: skip


def test_a_settled_case_is_gone_until_the_note_is_shown_again(world: World, cornwall: Account) -> None:
    world.redeem(11)
    world.redeem(11)
    seen = newest(world, cornwall)
    assert settle(world, cornwall, seen, note="Held to the camera twice.").actor == cornwall.email
    assert waiting(world, cornwall) == []
    (done,) = cases.settled(world.store, account=cornwall, most=9)
    assert (done.newest.serial, done.settlement.note) == (printed(world, 11), "Held to the camera twice.")
    assert cases.case_of(world.store, account=cornwall, scan_id=seen).is_settled
    world.redeem(11)
    assert waiting(world, cornwall) == [(printed(world, 11), "already_redeemed", 1)]
    assert not cases.case_of(world.store, account=cornwall, scan_id=seen).is_settled, "its newest attempt is not"
    assert world.findings() == []


def test_what_came_while_somebody_was_looking_is_not_settled_with_it(world: World, cornwall: Account) -> None:
    world.redeem(11)
    world.redeem(11)
    seen = newest(world, cornwall)
    world.redeem(11)
    settle(world, cornwall, seen)
    assert waiting(world, cornwall) == [(printed(world, 11), "already_redeemed", 1)]


def test_settling_twice_is_once_and_never_something_else(world: World, cornwall: Account) -> None:
    world.redeem(86)
    first = settle(world, cornwall, newest(world, cornwall), "mistake")
    world.later(minutes=1)
    assert settle(world, cornwall, first.scan_id, "mistake") == first
    with pytest.raises(Refused, match="settled this case before"):
        settle(world, cornwall, first.scan_id, "copy")


def test_a_duplicate_tells_both_venues_how_far_and_how_long_apart(world: World, cornwall: Account) -> None:
    for venue, at in ((LEISURE, "50.2257,-5.2743"), (HALL, "53.6533,-2.6326")):
        listing.set_place(world.store, venue=venue, at=at, actor="cli:test", now=world.now)
    world.redeem(15)
    world.redeem(13, 14)
    world.later(minutes=40)
    world.redeem(15, desk="Box office")
    found = cases.case_of(world.store, account=cornwall, scan_id=newest(world, cornwall))
    assert found.spent is not None
    assert (found.spent.venue, found.newest.venue, found.spent.minutes) == (LEISURE, HALL, 40)
    assert found.spent.distance_km == pytest.approx(424, abs=10)
    assert (found.spent.is_out_of_reach, found.may_be_shown_twice) == (True, False)
    assert (found.order, found.bundle, found.issued_to) == ("CWL26-001", Span("CWL26", 11, 20), YMCA)
    spent = {each.serial.number for each in found.neighbours if each.state == "redeemed"}
    assert spent == {13, 14, 15}
    assert [each.serial.number for each in found.neighbours] == list(range(5, 26))


def test_one_desk_shortly_after_is_most_likely_one_note_twice(world: World, cornwall: Account) -> None:
    world.redeem(15)
    world.later(minutes=3)
    world.redeem(15)
    found = cases.case_of(world.store, account=cornwall, scan_id=newest(world, cornwall))
    assert found.spent is not None
    assert found.may_be_shown_twice
    assert found.spent.distance_km is None
    assert not found.spent.is_out_of_reach


def test_a_stopped_note_tells_who_gave_it_out_and_each_later_attempt(world: World, cornwall: Account) -> None:
    world.move(Kind.HOLD, "CWL26 20-30", reason="stolen")
    stopped = world.now
    world.later(minutes=5)
    world.redeem(22)
    world.redeem(25, desk="Library")
    since = cases.attempts_since(world.store, spans=[Span("CWL26", 20, 30)], since=stopped, most=9)
    assert [(each.serial, each.verdict) for each in since] == [
        (printed(world, 25), "held"), (printed(world, 22), "held"),
    ]  # fmt: skip
    assert cases.attempts_since(world.store, spans=[Span("CWL26", 31, 40)], since=stopped, most=9) == []
    assert cases.case_of(world.store, account=cornwall, scan_id=since[0].scan_id).issued_to == YMCA


def test_a_code_that_is_no_note_is_a_case_by_itself(world: World, cornwall: Account) -> None:
    world.redeem("HTTPS://NOTES.EXAMPLE.ORG/N/" + world.token(11).split("/N/")[1].replace("CWL26", "ZZZ26", 1))
    world.redeem(world.token(11, "CWL26").replace("0000011", "9000011"))
    for scan in cases.attempts(world.store):
        found = cases.case_of(world.store, account=member(world, "national"), scan_id=scan.scan_id)
        assert (found.order, found.spent, found.neighbours) == (None, None, ())
        settle(world, member(world, "national"), scan.scan_id, "other")
    assert waiting(world, cornwall) == []


@pytest.mark.parametrize("role", ["auditor", "press", "keeper", "venue"])
def test_others_settle_nothing(world: World, role: str) -> None:
    world.redeem(86)
    scan_id = cases.attempts(world.store)[0].scan_id
    with pytest.raises(NotAllowed):
        settle(world, member(world, role), scan_id)
    if role != "auditor":
        with pytest.raises(NotAllowed):
            cases.waiting(world.store, account=member(world, role), most=9)


def test_a_programme_sees_its_notes_and_its_venues_alone(world: World, cornwall: Account) -> None:
    lancashire = member(world, "programme", programme="LAN")
    world.redeem(86)
    scan_id = newest(world, cornwall)
    assert waiting(world, lancashire) == []
    errors: list[type[HournoteError]] = []
    for deed in (
        lambda: cases.case_of(world.store, account=lancashire, scan_id=scan_id),
        lambda: settle(world, lancashire, scan_id),
        lambda: settle(world, cornwall, scan_id + 999),
    ):
        with pytest.raises(HournoteError) as raised:
            deed()
        errors.append(raised.type)
    assert errors == [NotFound] * 3
    world.redeem(86, desk="Box office", redemption_id=uuid4())
    assert len(waiting(world, lancashire)) == 1, "at a venue of theirs"
    with pytest.raises(NotAllowed, match="its office settles"):
        settle(world, lancashire, newest(world, lancashire))
    assert len(waiting(world, cornwall)) == 1


def test_what_is_no_attempt_is_no_case(world: World, cornwall: Account) -> None:
    world.redeem(11)
    world.redeem(86, practice=True)
    for scan_id in (1, 2):
        with pytest.raises(NotFound):
            settle(world, cornwall, scan_id)
