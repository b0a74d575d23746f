"""Books that were restored from a backup: closed to desks that come, open to what desks accepted before."""

from uuid import UUID, uuid4

import pytest

from app.core.checkpoint import CheckpointKey
from app.core.errors import NotFound, Unavailable
from app.services import closing, journal, snapshots
from app.services.journal import Redeem
from tests.world import ACTOR, World, close_books

KEY = CheckpointKey(bytes(range(32))).public


def close(world: World) -> None:
    close_books(
        world.store, reason="The books were restored from the backup of Monday.", actor=ACTOR, now=world.now,
        request_id=uuid4(), key=KEY,
    )  # fmt: skip


def test_a_visit_waits_until_the_books_are_reopened(world: World) -> None:
    before = world.redeem(11)
    close(world)
    with pytest.raises(
        Unavailable, match=r"Redemption is closed\. The books were restored from the backup of Monday\."
    ):
        world.redeem(12)
    again = world.redeem(11, redemption_id=UUID(before["id"]))
    assert again == before, "an answer that was given is given again"
    closing.reopen_books(
        world.store, reason="All journals came.", actor=ACTOR, now=world.now, request_id=uuid4(), key=KEY
    )
    assert world.redeem(12)["outcome"] == "accepted"
    assert world.findings() == []


def test_journals_are_taken_while_the_books_are_closed(world: World) -> None:
    close(world)
    kept = Redeem(uuid4(), [world.token(13)], None, world.now, False, False)
    (answer,) = journal.enter(world.store, desk=world.desk(), entries=[kept], now=world.now)
    assert isinstance(answer, dict)
    assert answer["outcome"] == "accepted"
    assert world.counts("CWL26 13-14") == {"redeemed": 1, "issued": 1}


def test_a_desk_takes_the_whole_snapshot_of_restored_books(world: World) -> None:
    cursor = str(snapshots.snapshot(world.store).cursor)
    assert snapshots.changes_since(world.store, since=cursor).redeemed == []
    close(world)
    with pytest.raises(NotFound, match="take the whole snapshot again"):
        snapshots.changes_since(world.store, since=cursor)
