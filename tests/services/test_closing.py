"""Closing: restored books take no redemption until somebody reopens them, and say what they lost."""

from uuid import UUID, uuid4

import pytest

from app.core.checkpoint import CheckpointKey
from app.core.errors import BadInput, Conflict, FellShort, Refused
from app.services import closing, log, log_audit
from app.services.closing import Closed
from app.store import closures, tables
from app.store import log as rows
from tests.world import ACTOR, World, close_books

KEY = CheckpointKey(bytes(range(32)))


def sequence(world: World) -> str:
    """Bring all facts in; gives the newest checkpoint."""
    log.sequence(world.store, key=KEY, clock=lambda: world.now)
    note = log.newest_checkpoint(world.store)
    assert note is not None
    return note


def close(world: World, request_id: UUID | None = None, kept: str | None = None) -> Closed:
    return close_books(
        world.store, reason="restored from a backup", actor=ACTOR, now=world.now, request_id=request_id or uuid4(),
        key=KEY.public, kept=kept,
    )  # fmt: skip


def reopen(world: World, request_id: UUID | None = None, kept: str | None = None) -> Closed:
    return closing.reopen_books(
        world.store, reason="all journals are in", actor=ACTOR, now=world.now, request_id=request_id or uuid4(),
        key=KEY.public, kept=kept,
    )  # fmt: skip


def lost(world: World, more: int) -> str:
    """A checkpoint of a log that went on, signed by the same key."""
    with world.store.reading() as connection:
        size = rows.size(connection)
    return KEY.sign(size + more, bytes(32))


def epoch(world: World) -> str:
    return world.store.read(closures.epoch)


def test_the_newest_closure_tells_whether_the_books_are_open(world: World) -> None:
    assert closing.closed_reason(world.store) is None
    close(world)
    assert closing.closed_reason(world.store) == "restored from a backup"
    reopen(world)
    assert closing.closed_reason(world.store) is None
    close(world)
    assert closing.closed_reason(world.store) == "restored from a backup"


def test_books_that_are_open_are_not_reopened(world: World) -> None:
    with pytest.raises(Refused, match=r"^Redemption is open: there is nothing to reopen\.$"):
        reopen(world)


def test_a_repeat_gets_the_first_answer(world: World) -> None:
    closed, reopened = uuid4(), uuid4()
    assert close(world, closed) == close(world, closed)
    assert reopen(world, reopened) == reopen(world, reopened), "though they are open by now"
    with pytest.raises(Conflict):
        reopen(world, closed)
    with world.store.reading() as connection:
        assert [each.kind for each in closures.all_closures(connection)] == ["closed", "reopened"]


def test_the_epoch_changes_with_every_restore_and_with_nothing_else(world: World) -> None:
    first, second = uuid4(), uuid4()
    assert epoch(world) == "0"
    close(world, first)
    assert epoch(world) == str(first)
    reopen(world)
    assert epoch(world) == str(first)
    close(world, second)
    assert epoch(world) == str(second)


def test_a_closure_is_a_fact_of_the_log(world: World) -> None:
    made = uuid4()
    close(world, made)
    sequence(world)
    (proof,) = log.prove(world.store, key=KEY.public, ref=str(made))
    assert '"kind":"closed"' in proof["fact"]
    assert log_audit.verify(world.store, key=KEY.public, now=world.now).findings == []


# --- compared with what somebody outside holds


def test_nothing_was_lost_where_the_log_goes_on_from_the_checkpoint(world: World) -> None:
    kept = sequence(world)
    world.redeem(11)
    assert close(world, kept=kept).lost == 0
    assert reopen(world, kept=kept).lost == 0
    assert close(world).lost is None


def test_a_checkpoint_of_a_larger_tree_tells_how_much_was_lost(world: World) -> None:
    sequence(world)
    kept = lost(world, 7)
    assert close(world, kept=kept).lost == 7
    sequence(world)
    for note in (11, 12, 13):
        world.redeem(note, journalled=True)
        sequence(world)
    assert reopen(world, kept=kept).lost == 7, "what came in since does not hide it"


def test_what_waited_for_its_place_was_not_lost(world: World) -> None:
    """The copy was made a moment before the sequencer ran: its waiting facts may have been given other places then."""
    sequence(world)
    kept = lost(world, 1)
    world.redeem(11)
    world.redeem(12)
    assert close(world, kept=kept).lost == 0
    sequence(world)
    assert reopen(world, kept=kept).lost == 0


@pytest.mark.parametrize("deed", [close, reopen])
def test_a_checkpoint_of_another_tree_stops_it(world: World, deed: object) -> None:
    sequence(world)
    with world.store.reading() as connection:
        other = KEY.sign(rows.size(connection), bytes(32))
    if deed is reopen:
        close(world)
    with pytest.raises(FellShort, match="is of another tree than these books"):
        deed(world, kept=other)  # type: ignore[operator]
    assert (closing.closed_reason(world.store) is None) is (deed is close), "nothing was done"


def test_a_checkpoint_of_another_key_is_no_checkpoint_of_this_log(world: World) -> None:
    sequence(world)
    with pytest.raises(BadInput, match="another log or key"):
        close(world, kept=CheckpointKey(bytes(32)).sign(1, bytes(32)))


# --- what the log says of itself afterwards


def found(world: World, kept: str) -> list[tuple[str, str]]:
    verified = log_audit.verify(world.store, key=KEY.public, now=world.now, kept=kept)
    return [(each.check, each.message) for each in verified.findings]


@pytest.mark.parametrize("spent_since", [0, 9])
def test_a_checkpoint_of_the_lost_stretch_is_explained_by_its_closure(world: World, spent_since: int) -> None:
    sequence(world)
    largest, middle, made = lost(world, 7), lost(world, 3), uuid4()
    close(world, made, kept=largest)
    for note in range(11, 11 + spent_since):
        world.redeem(note, journalled=True)
    sequence(world)
    for kept in (largest, middle):
        ((check, message),) = found(world, kept)
        assert check == "log_shortened"
        assert f"the closure {made} admits it (restored from a backup)." in message


def test_a_reopening_may_know_of_more_than_the_closing(world: World) -> None:
    sequence(world)
    kept, made = lost(world, 7), uuid4()
    close(world, made)
    sequence(world)
    assert found(world, kept)[0][1].endswith("it names no checkpoint of what was lost.")
    reopen(world, kept=kept)
    sequence(world)
    ((check, message),) = found(world, kept)
    assert (check, message[-1]) == ("log_shortened", ".")
    assert "names no checkpoint" not in message


def test_a_closure_admits_no_more_than_it_names(world: World) -> None:
    sequence(world)
    named, more, made = lost(world, 3), lost(world, 30), uuid4()
    close(world, made, kept=named)
    sequence(world)
    ((check, message),) = found(world, more)
    assert check == "log_shortened"
    assert str(made) not in message


def test_a_closure_excuses_no_edited_log(world: World) -> None:
    kept = sequence(world)
    close(world)
    sequence(world)
    with world.store.engine.begin() as connection:
        world.unguard(connection, "log_leaf")
        changed = tables.log_leaf.update().where(tables.log_leaf.c.leaf_index == 3).values(leaf_hash=bytes(32))
        connection.execute(changed)
    assert "log_changed" in {check for check, _message in found(world, kept)}
