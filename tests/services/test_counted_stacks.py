"""A group's counted stack: redeemed by staff by the rules of a desk, and told apart for good."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.errors import BadInput, Conflict, HournoteError, NotAllowed, NotFound
from app.services import counted_stacks, desks, enquiry, enrolling, log, log_audit, provenance, venue_statements
from app.services.sessions import Present
from tests.services.test_asking import person
from tests.services.test_log import KEY
from tests.world import World


def redeem(
    world: World, by: Present, *notes: int | str, offer: str | None = None, request_id: UUID | None = None,
    seen_at: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    shown = [world.serial(each) if isinstance(each, int) else each for each in notes]
    return counted_stacks.redeem(
        world.store, by=by.account, venue_id=world.desk().venue.id, offer_id=world.offers[offer] if offer else None,
        counted="\n".join(shown), seen_at=seen_at or world.now - timedelta(hours=2), now=world.now,
        redemption_id=request_id or uuid4(),
    )  # fmt: skip


def test_a_stack_is_spent_once_and_says_who_counted_it(world: World) -> None:
    cat = person(world, "cat")
    answer = redeem(world, cat, 11, world.token(12), offer="Gym and swim")
    assert (answer["outcome"], answer["hours"]) == ("accepted", 2)
    assert world.verdicts(11) == ["already_redeemed"]
    life = enquiry.life_of(world.store, serial=world.serial(11))
    visit = provenance.provenance_of(world.store, life.serial).visits[answer["id"]]
    assert (visit.counted_by, visit.offer) == ("cat@example.org", "Gym and swim")
    assert [each["keyed"] for each in life.scans if each["desk"] == "counted"] == [True]
    venue_id = world.desk().venue.id
    again = counted_stacks.redeemed(world.store, by=cat.account, venue_id=venue_id, redemption_id=UUID(answer["id"]))
    assert again.answer == answer
    statement = venue_statements.of_venue(world.store, venue_id, now=world.now)
    assert statement is not None
    assert (statement.total.notes, statement.total.keyed, statement.total.counted) == (2, 0, 2)
    assert world.findings() == []
    log.sequence(world.store, key=KEY, clock=lambda: world.now)
    assert log_audit.verify(world.store, key=KEY.public, now=world.now).findings == []
    assert world.token(12)[-40:] not in str(answer)


def test_one_odd_note_refuses_all_and_the_rest_is_sent_again(world: World) -> None:
    cat = person(world, "cat")
    world.redeem(13)
    answer = redeem(world, cat, 11, 13, 86, 81, 71, "garbage", world.forged(12))
    assert answer["outcome"] == "refused"
    assert [each["verdict"] for each in answer["notes"]] == [
        "good", "already_redeemed", "void", "held", "not_issued", "malformed", "forged",
    ]  # fmt: skip
    assert world.counts("CWL26 11-13") == {"issued": 2, "redeemed": 1}
    assert redeem(world, cat, 11)["outcome"] == "accepted"
    assert world.findings() == []


def test_the_rules_of_offers_and_last_days_hold_as_of_the_day(world: World) -> None:
    cat = person(world, "cat")
    assert redeem(world, cat, 11, offer="Gym and swim")["reason"] == "wrong_hours"
    foreign = redeem(world, cat, world.serial(1, "LAN26"), offer="Neighbours' lunch")
    assert foreign["notes"][0]["verdict"] == "not_accepted_here"
    old = world.serial(1, "CWL25")
    assert redeem(world, cat, old)["notes"][0]["verdict"] == "expired"
    assert redeem(world, cat, old, seen_at=world.now - timedelta(days=5))["outcome"] == "accepted"
    for wrong in (world.now - timedelta(days=70), world.now + timedelta(hours=1)):
        with pytest.raises(BadInput):
            redeem(world, cat, 14, seen_at=wrong)
    assert redeem(world, cat, *range(14, 40))["hours"] == 26, "no allowance for typed serials bounds it"


def test_sent_twice_it_is_done_once_and_another_stack_is_refused(world: World) -> None:
    cat, deed = person(world, "cat"), uuid4()
    first = redeem(world, cat, 11, 12, request_id=deed)
    assert redeem(world, cat, 12, 11, request_id=deed) == first
    with pytest.raises(Conflict):
        redeem(world, cat, 11, 14, request_id=deed)


@pytest.mark.parametrize("counted", [" ", "{0}\n{0}", "{0}\n" * 60])
def test_what_is_no_stack_is_refused(world: World, counted: str) -> None:
    with pytest.raises(BadInput):
        redeem(world, person(world, "cat"), counted.format(world.serial(11)))


@pytest.mark.parametrize(
    ("name", "error"),
    [("eve", NotFound), ("kim", NotAllowed), ("viv", NotAllowed), ("aud", NotAllowed), ("pat", NotAllowed)],
)
def test_it_is_for_the_office_of_the_venue(world: World, name: str, error: type[HournoteError]) -> None:
    before = world.picture()
    with pytest.raises(error):
        redeem(world, person(world, name), 11)
    assert world.picture() == before


def test_what_stands_for_it_is_no_device_that_anybody_can_use(world: World) -> None:
    cat, ann = person(world, "cat"), person(world, "ann")
    known = [each.id for each, _venue in desks.desks(world.store)]
    redeem(world, cat, 11)
    redeem(world, ann, 12)
    assert [each.id for each, _venue in desks.desks(world.store)] == known
    listed = enrolling.venue(world.store, by=cat.account, venue_id=world.desk().venue.id, now=world.now)
    assert all(each.desk.scope != desks.COUNT for each in listed.kept)
    newest = max(known) + 1
    with pytest.raises(NotFound):
        enrolling.new_link(world.store, by=cat.account, desk_id=newest, now=world.now)
    with pytest.raises(NotFound):
        desks.revoke_desk(world.store, desk="counted", now=world.now)
