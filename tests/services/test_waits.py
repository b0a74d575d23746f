"""Waits: what the sequencer counts as it places facts is what the facts come to."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.core.lifecycle import Kind
from app.store import tables, waits
from app.store.tallies import Tally
from tests.services.test_tallies import checks, sequence
from tests.world import World


def test_notes_wait_from_their_issue_and_a_reversal_takes_the_same_wait_back(world: World) -> None:
    issued = world.now
    world.later(days=10)
    made = world.redeem(11, 12)
    world.move(Kind.HOLD, "CWL26 13", reason="lost", request_id=uuid4())
    world.later(days=20)
    world.move(Kind.RELEASE, "CWL26 13", reason="found", request_id=uuid4())
    world.reverse(world.redeem(13)["id"])
    sequence(world)
    kept = world.store.read(waits.all_waits)
    assert sum(each.redeemed - each.given_back for each in kept.values()) == 2
    assert kept[next(of for of in kept if of.days == 10)] == Tally(2, 0)
    assert kept[next(of for of in kept if of.days >= 28)] == Tally(1, 1), "a release does not begin the wait anew"
    assert made["outcome"] == "accepted"
    assert issued < world.now
    assert checks(world) == set()


def test_a_wait_that_is_not_what_the_facts_come_to_is_found(world: World) -> None:
    world.redeem(11)
    sequence(world)
    with world.store.engine.begin() as connection:
        connection.execute(tables.wait.update().values(redeemed=tables.wait.c.redeemed + 1))
    assert checks(world) == {"tally"}
    with world.store.engine.begin() as connection:
        connection.execute(sa.delete(tables.wait))
    assert checks(world) == {"tally"}


@pytest.mark.parametrize(
    ("days", "told"), [(-1, 0), (0, 0), (0.9, 0), (1, 1), (27.9, 27), (28, 28), (34, 28), (35, 35), (9999, 1092)]
)
def test_days_are_exact_below_four_weeks_and_whole_weeks_beyond(days: float, told: int) -> None:
    issued = datetime(2026, 1, 1)
    assert waits.days_between(issued, issued + timedelta(days=days)) == told
