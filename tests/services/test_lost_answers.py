"""A commit whose answer is lost with the connection is tried again, and is then found done."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from app.core.lifecycle import Kind
from app.services import handing_out
from app.store.database import Store
from tests.world import ACTOR, YMCA, World


@pytest.fixture
def losing(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Every transaction is committed, and then run once more, as after a connection that broke in between."""
    write = Store.write

    def twice(self: Store, work: Callable[[Connection], Any]) -> Any:
        write(self, work)
        return write(self, work)

    monkeypatch.setattr(Store, "write", twice)
    return world


def test_a_visit_is_accepted_once(losing: World) -> None:
    world = losing
    answer = world.redeem(11, 12)
    assert (answer["outcome"], answer["hours"]) == ("accepted", 2)
    assert world.reverse(answer["id"])["outcome"] == "reversed"
    assert world.redeem(11)["outcome"] == "accepted"
    assert world.counts("CWL26 11-12") == {"redeemed": 1, "issued": 1}
    assert world.findings() == []


def test_a_movement_is_made_once(losing: World) -> None:
    world = losing
    assert world.move(Kind.ISSUE, "CWL26 71-80", organisation=YMCA).state == "issued"
    assert world.move(Kind.VOID, "CWL26-002", reason="recalled").notes == 10
    assert world.balance("CWL26-001", spoiled=["CWL26 1"]).spoiled == 3
    world.redeem(71)
    assert world.retire("CWL26 71").notes == 1
    handed = handing_out.hand_out(
        world.store,
        named="CWL26 72-80",
        activity="Bingo",
        hours=9,
        people=9,
        actor=ACTOR,
        now=world.now,
        request_id=uuid4(),
    )
    assert handed.organisation == YMCA
    assert world.findings() == []


def test_an_order_is_entered_once_and_has_its_file(losing: World) -> None:
    world = losing
    made = world.order(quantity=5)
    assert made.order.id == "CWL26-003"
    assert made.job.exists()
    assert world.counts("CWL26 101-115") == {"ordered": 15}
    assert world.findings() == []
