"""Counting spent paper: sorted into what it is, and retired in one go."""

from uuid import UUID, uuid4

import pytest

from app.core.errors import BadInput, Conflict, Refused
from app.core.span import Span
from app.services import counting_paper
from app.services.counting_paper import Retired, Sorted
from tests.world import ACTOR, World


def sort(world: World, *counted: str) -> Sorted:
    return counting_paper.sort(world.store, venue_id=world.desk().venue.id, counted="\n".join(counted))


def retire(world: World, *counted: str, request_id: UUID | None = None) -> list[Retired]:
    return counting_paper.retire(
        world.store, venue_id=world.desk().venue.id, counted="\n".join(counted), note="shredded", actor=ACTOR,
        now=world.now, request_id=request_id or uuid4(),
    )  # fmt: skip


def of(*numbers: int, series: str = "CWL26") -> Span:
    return Span(series, numbers[0], numbers[-1])


def test_a_stack_is_sorted_into_what_became_of_its_notes(world: World) -> None:
    other = next(name for name in world.keys if world.desk(name).venue.id != world.desk().venue.id)
    world.redeem(11, 12, 13, 14)
    given_back = world.redeem(21)
    world.reverse(given_back["id"])
    world.redeem(31, desk=other)
    world.retire("CWL26 14")
    found = sort(
        world, world.token(11), world.serial(12), "CWL26 13-15", "CWL26 21", world.token(31), "CWL26 108-112", "XYZ26 1",
        "garbage", world.serial(12),
    )  # fmt: skip
    assert found.here == (of(11, 13),)
    assert found.elsewhere == (of(31),)
    assert found.unspent == (of(15), of(21), of(108, 110))
    assert found.retired == (of(14),)
    assert found.unknown == (of(111, 112), of(1, series="XYZ26"))
    assert found.twice == (of(12),)
    assert (found.strange, found.things) == (1, 9)


def test_what_was_spent_here_is_retired_in_one_go_and_once(world: World) -> None:
    world.redeem(11, 12, 13)
    world.redeem(world.token(1, "LAN26"))
    deed = uuid4()
    made = retire(world, "CWL26 11-13", "LAN26 1", request_id=deed)
    assert made == [Retired(of(11, 13), 3), Retired(of(1, series="LAN26"), 1)]
    assert retire(world, "LAN26 1", "CWL26 11-13", request_id=deed) == made, "the same again gives the same"
    assert counting_paper.retired(world.store, deed, venue_id=world.desk().venue.id) == made
    with pytest.raises(Conflict):
        retire(world, "CWL26 11", request_id=deed)
    assert world.counts("CWL26 11-13") == {"retired": 3}
    assert world.findings() == []


@pytest.mark.parametrize("odd", ["CWL26 20", "CWL26 9999", "CWL26 12-15", "garbage"])
def test_a_stack_with_anything_odd_in_it_is_refused_as_a_whole(world: World, odd: str) -> None:
    world.redeem(11, 12)
    with pytest.raises(Refused, match=r"Nothing was changed\.$"):
        retire(world, "CWL26 11", odd)
    assert world.counts("CWL26 11-12") == {"redeemed": 2}


def test_an_empty_count_and_one_that_is_too_large_are_refused(world: World) -> None:
    with pytest.raises(BadInput):
        sort(world, " ", "")
    with pytest.raises(BadInput, match="smaller stacks"):
        sort(world, "CWL26 1-9000", "CWL26 1-9000")
