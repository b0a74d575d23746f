"""A torn note is replaced in one step, or not at all."""

from uuid import UUID, uuid4

import pytest

from app.core.errors import BadInput, Conflict, HournoteError, NotAllowed, NotOrdered, Refused
from app.core.lifecycle import Kind
from app.core.roles import Deed
from app.services import asking, directory, enquiry
from app.services.asking import Request
from app.services.sessions import Present
from tests.services.test_asking import ask, confirm, person
from tests.world import BODMIN, World


def replace(world: World, by: Present, torn: str, other: str, request_id: UUID | None = None) -> Request:
    return asking.ask_to_replace(
        world.store, by=by, torn=torn, other=other, note="Torn in the post.", request_id=request_id or uuid4(),
        now=world.now,
    )  # fmt: skip


def test_a_note_from_stock_takes_the_place_of_a_torn_one(world: World) -> None:
    made = replace(world, person(world, "cat"), world.token(11), world.serial(71))
    assert (made.kind, made.notes, made.reason) == ("alone", 1, "damaged")
    assert made.result is not None
    assert made.result["moved"]
    assert (world.state(11), world.state(71)) == ("void", "issued")
    torn, other = (enquiry.life_of(world.store, serial=world.serial(each)) for each in (11, 71))
    assert other.holder == "YMCA Cornwall"
    assert torn.movements[-1]["note"] == f"Torn in the post.; replaced by {other.serial.printed}"
    assert other.movements[-1]["note"] == f"Torn in the post.; in place of {torn.serial.printed}"
    assert world.token(11)[-40:] not in str(made), "a token is cut to its serial"
    assert world.findings() == []


def test_a_note_that_the_organisation_has_is_not_moved(world: World) -> None:
    made = replace(world, person(world, "cat"), "CWL26 11", "CWL26 12")
    assert made.result is not None
    assert not made.result["moved"]
    assert (world.state(11), world.state(12)) == ("void", "issued")
    assert world.verdicts(12) == ["accepted"]
    assert world.findings() == []


@pytest.mark.parametrize(
    ("name", "torn", "other", "error"),
    [
        ("cat", "CWL26 13", "CWL26 71", Refused), ("cat", "CWL26 71", "CWL26 72", Refused),
        ("cat", "CWL26 61", "CWL26 72", Refused), ("cat", "CWL26 86", "CWL26 72", Refused),
        ("cat", "CWL26 11", "CWL26 11", Refused), ("cat", "CWL26 11", "CWL26 51", Refused),
        ("cat", "CWL26 11", "CWL26 61", Refused), ("cat", "CWL26 11", "CWL26 81", Refused),
        ("cat", "CWL26 11", "CWL26 13", Refused), ("cat", "CWL26 11", "CWL25 1", Refused),
        ("ann", "CWL26 11", "LAN26 1", Refused), ("cat", "CWL26 11", "CWL26 999", Refused),
        ("cat", "CWL26 999", "CWL26 71", NotOrdered), ("cat", "CWL31 1", "CWL26 71", NotOrdered),
        ("cat", "CWL26 11-12", "CWL26 71", BadInput), ("cat", "CWL26 11", "CWL26-001", BadInput),
        ("cat", "CWL26 11", "garbage", BadInput), ("cat", "LAN26 1", "LAN26 2", NotAllowed),
        ("eve", "CWL26 11", "CWL26 71", NotAllowed), ("kim", "CWL26 11", "CWL26 12", NotAllowed),
        ("aud", "CWL26 11", "CWL26 71", NotAllowed), ("viv", "CWL26 11", "CWL26 71", NotAllowed),
    ],
)  # fmt: skip
def test_what_cannot_be_replaced_is_refused_whole(
    world: World, name: str, torn: str, other: str, error: type[HournoteError]
) -> None:
    world.redeem(13)
    before = world.picture()
    with pytest.raises(error):
        replace(world, person(world, name), torn, other)
    assert world.picture() == before


def test_a_repeat_does_it_once_and_another_note_under_that_id_is_refused(world: World) -> None:
    cat, request_id = person(world, "cat"), uuid4()
    first = replace(world, cat, "CWL26 11", "CWL26 71", request_id)
    assert replace(world, cat, world.token(11), world.token(71), request_id) == first
    with pytest.raises(Conflict):
        replace(world, cat, "CWL26 11", "CWL26 72", request_id)
    assert world.counts("CWL26 71-72") == {"issued": 1, "stocked": 1}


def test_it_counts_with_the_voids_of_the_day_and_above_the_limit_another_confirms(world: World) -> None:
    directory.set_limits(world.store, programme="CWL", void_alone=3, actor="cli:test", now=world.now)
    cat, dan = person(world, "cat"), person(world, "dan")
    assert ask(world, cat, Deed.VOID, "CWL26 11-12").kind == "alone"
    assert replace(world, cat, "CWL26 14", "CWL26 71").kind == "alone"
    asked = replace(world, cat, "CWL26 15", "CWL26 72")
    assert asked.kind is None
    assert world.counts("CWL26 72") == {"stocked": 1}
    assert ask(world, dan, Deed.VOID, "CWL26 16").kind is None, "a replacement counts against a void too"
    done = confirm(world, dan, asked)
    assert done.kind == "confirmed"
    assert (world.state(15), world.state(72)) == ("void", "issued")
    last = enquiry.life_of(world.store, serial=world.serial(72)).movements[-1]["note"]
    assert last.startswith("confirmed by dan@example.org; ")
    assert world.findings() == []


def test_what_changed_before_it_was_confirmed_is_refused_and_nothing_moves(world: World) -> None:
    directory.set_limits(world.store, programme="CWL", void_alone=0, actor="cli:test", now=world.now)
    asked = replace(world, person(world, "cat"), "CWL26 15", "CWL26 72")
    world.move(Kind.ISSUE, "CWL26 72", organisation=BODMIN)
    with pytest.raises(Refused):
        confirm(world, person(world, "dan"), asked)
    assert (world.state(15), world.state(72)) == ("issued", "issued")
