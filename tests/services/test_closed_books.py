"""Books that were restored from a backup: closed to desks that come, open to what desks accepted before."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from app.core.checkpoint import CheckpointKey
from app.core.errors import NotFound, NotYet, Unavailable
from app.core.lifecycle import Kind
from app.services import closing, journal, snapshots
from app.services.journal import Answer, Entry, Redeem, Reverse
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


def told(world: World, *entries: Entry) -> list[Answer]:
    return journal.enter(world.store, desk=world.desk(), entries=entries, now=world.now)


def verdicts_told(world: World, scanned: dict[int, datetime]) -> list[str]:
    """What is said of notes that a journal names by serial, with the times at which they were scanned."""
    entries = [Redeem(uuid4(), [world.serial(number)], None, at, True, False) for number, at in scanned.items()]
    return [answer["notes"][0]["verdict"] for answer in told(world, *entries) if isinstance(answer, dict)]


def reopen(world: World) -> closing.Closed:
    return closing.reopen_books(
        world.store, reason="All journals came.", actor=ACTOR, now=world.now, request_id=uuid4(), key=KEY
    )


def test_a_journal_of_serials_alone_is_taken_for_what_a_restore_lost(world: World) -> None:
    """A desk keeps no token of a visit that was answered."""
    before = world.now
    world.later(minutes=5)
    close(world)
    after = world.later(minutes=5)
    assert verdicts_told(world, {13: before, 14: after}) == ["accepted", "accepted"]
    reopen(world)
    world.later(minutes=5)
    assert verdicts_told(world, {15: before, 16: after}) == ["accepted", "keyed_not_allowed"]
    assert world.redeem(world.serial(17))["notes"][0]["verdict"] == "keyed_not_allowed", "and a typed one never"
    assert world.findings() == []


def test_a_visit_whose_issue_a_restore_lost_waits_until_the_issue_is_entered_again(world: World) -> None:
    order = world.order(quantity=3).order
    world.balance(order.id)
    close(world)
    late = Redeem(uuid4(), [world.token(order.span.first)], None, world.now, False, False)
    back = Reverse(late.id, "wrong note", world.now)
    other = Redeem(uuid4(), [world.token(13)], None, world.now, False, False)
    waits, waits_too, answer = told(world, late, back, other)
    assert (type(waits), type(waits_too)) == (NotYet, NotYet)
    assert isinstance(answer, dict)
    assert answer["outcome"] == "accepted", "nobody behind it waits"
    assert reopen(world).held_back == 1, "whoever reopens is told"
    close(world)
    for kind, organisation in ((Kind.RECEIVE, None), (Kind.ISSUE, "YMCA Cornwall")):
        world.move(kind, order.id, organisation=organisation)
    (answer,) = told(world, late)
    assert isinstance(answer, dict)
    assert answer["outcome"] == "accepted"
    assert reopen(world).held_back == 0
    assert world.findings() == []


def test_a_desk_takes_the_whole_snapshot_of_restored_books(world: World) -> None:
    cursor = str(snapshots.snapshot(world.store).cursor)
    assert snapshots.changes_since(world.store, since=cursor).redeemed == []
    close(world)
    with pytest.raises(NotFound, match="take the whole snapshot again"):
        snapshots.changes_since(world.store, since=cursor)
