"""The log: every fact gets in, and whoever edits history behind its back is found out."""

import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from app import sequencer
from app.config import Settings
from app.core import checkpoint as checkpoints
from app.core import merkle, shelf
from app.core.checkpoint import CheckpointKey
from app.core.errors import BadInput, NotFound, Refused
from app.core.fact import FactKind
from app.core.span import Span
from app.services import accounts, audit_pack, handing_out, log, log_audit, taking_back
from app.store import facts, jobs, shelf_counts, tables
from app.store import log as rows
from app.store.jobs import Event
from tests.world import ACTOR, World

KEY = CheckpointKey(bytes(range(32)))
REVERSED = "reversal"


def sequence(world: World) -> str:
    """Bring all facts in; gives the newest checkpoint."""
    log.sequence(world.store, key=KEY, clock=lambda: world.now)
    note = log.newest_checkpoint(world.store)
    assert note is not None
    return note


def verify(world: World, kept: str | None = None) -> set[str]:
    """What a verification finds."""
    return {
        finding.check for finding in log_audit.verify(world.store, key=KEY.public, now=world.now, kept=kept).findings
    }


def live(world: World) -> None:
    """Some of every kind of fact: what is already in the books, and a spent, reversed and retired note, and a hand-out."""
    made = world.redeem(11, 12)
    world.reverse(made["id"])
    world.redeem(11)
    world.redeem(86)
    world.redeem("garbage")
    world.retire("CWL26 11")
    handing_out.hand_out(
        world.store, named="CWL26 51-55", activity="Gardening", hours=5, people=3, actor=ACTOR, now=world.now,
        request_id=uuid4(),
    )  # fmt: skip


def take_back(world: World) -> None:
    """The counter-entry of the hand-out there is."""
    taking_back.take_back(world.store, hand_out=1, reason="of another day", actor=ACTOR, now=world.now)


def test_every_fact_gets_into_the_log(world: World) -> None:
    live(world)
    take_back(world)
    sequence(world)
    with world.store.reading() as connection:
        kinds = {leaf.kind for block in rows.leaves(connection) for leaf in block}
        spoken = connection.scalar(sa.select(sa.func.count()).select_from(tables.redemption))
        logged = sum(leaf.kind == "redemption" for block in rows.leaves(connection) for leaf in block)
    assert kinds == {"order", "movement", "redemption", REVERSED, "retirement", "hand_out", "retraction"}
    assert logged == spoken == 4, "refused visits too"
    assert verify(world) == set()


def test_a_checkpoint_is_signed_over_all_facts_and_the_next_one_continues_it(world: World) -> None:
    first = checkpoints.verify(sequence(world), KEY.public)
    world.redeem(11)
    second = checkpoints.verify(sequence(world), KEY.public)
    assert second.size == first.size + 1
    with world.store.reading() as connection:
        path = merkle.consistency(first.size, second.size, rows.node(connection))
    assert merkle.is_consistent(first.size, second.size, first.root, second.root, path)


def test_sequencing_what_is_done_already_changes_nothing(world: World) -> None:
    before = sequence(world)
    assert log.sequence(world.store, key=KEY, clock=lambda: world.now) == 0
    assert log.newest_checkpoint(world.store) == before


def test_a_fact_is_proved_to_a_stranger(world: World) -> None:
    visit = world.redeem(11)
    sequence(world)
    (proof,) = log.prove(world.store, key=KEY.public, ref=visit["id"])
    signed = checkpoints.verify(proof["checkpoint"], KEY.public)
    leaf = merkle.leaf_hash(proof["fact"].encode())
    path = [bytes.fromhex(each) for each in proof["path"]]
    assert merkle.root_by_inclusion(leaf, proof["index"], signed.size, path) == signed.root


def test_there_is_no_proof_of_what_never_was(world: World) -> None:
    sequence(world)
    with pytest.raises(NotFound, match="The log has no fact CWL26-999"):
        log.prove(world.store, key=KEY.public, ref="CWL26-999")


def test_a_log_of_many_tiles_has_the_root_of_its_leaves(world: World) -> None:
    leaves = [merkle.leaf_hash(str(number).encode()) for number in range(1400)]
    with world.store.engine.begin() as connection:
        rows.place_pending(connection, 10_000)
        start = rows.size(connection)
        known = [leaf.leaf_hash for block in rows.leaves(connection) for leaf in block]
        for begin in range(0, 1400, 350):
            batch = leaves[begin : begin + 350]
            entries = [{"kind": "movement", "ref": str(uuid4()), "leaf_hash": leaf} for leaf in batch]
            connection.execute(tables.pending_leaf.insert(), entries)
            rows.place_pending(connection, 10_000)
        tiles = connection.execute(sa.select(tables.log_tile.c.level, tables.log_tile.c.tile_index)).all()
        root, size = merkle.root(start + 1400, rows.node(connection)), rows.size(connection)
    frontier = merkle.Frontier()
    for leaf in [*known, *leaves]:
        frontier.append(leaf)
    assert (size, root) == (frontier.size, frontier.root)
    assert sorted(map(tuple, tiles)) == [(0, each) for each in range(size // 256)]


# --- guarded


def _settle_a_conflict(world: World) -> None:
    """A row in each of the tables that no ordinary day fills."""
    sequence(world)
    first, visit = UUID(world.redeem(31)["id"]), UUID(world.redeem(31)["id"])
    said = {"actor": "cli:test", "at": world.now}
    with world.store.engine.begin() as connection:
        series_id = connection.scalar(sa.select(tables.series.c.id).where(tables.series.c.code == "CWL26"))
        note = {"series_id": series_id, "number": 31, "first_redemption_id": first}
        for table, row in (
            (tables.conflict, {"at": world.now}),
            (tables.conflict_note, note),
            (tables.resolution, {"reason": "told", **said}),
        ):
            connection.execute(table.insert().values(redemption_id=visit, **row))
        connection.execute(tables.closure.insert().values(request_id=visit, kind="closed", reason="restored", **said))


def _correct_something(world: World) -> None:
    """A hand-out that was wrong, and a programme whose contact was changed."""
    said = {"actor": "office@example.org", "at": world.now}
    with world.store.engine.begin() as connection:
        given = connection.scalar(sa.select(tables.hand_out.c.request_id))
        connection.execute(tables.retraction.insert().values(hand_out_request_id=given, reason="mistake", **said))
        connection.execute(tables.directory_event.insert().values(programme_id=1, kind="changed", changes={}, **said))


def _settle_a_case(world: World) -> None:
    """What somebody came to about the newest attempt."""
    with world.store.engine.begin() as connection:
        newest = connection.scalar(sa.select(sa.func.max(tables.scan.c.id)))
        connection.execute(
            tables.settlement.insert().values(scan_id=newest, reason="mistake", actor="cli:test", at=world.now)
        )


def _ask_for_something(world: World) -> None:
    """An account, and what it asked for and took back."""
    asked = UUID(int=1)
    account, _secret = accounts.add_account(
        world.store, email="office@example.org", role="programme", programme="CWL", now=world.now, password="three plain words"
    )  # fmt: skip
    with world.store.engine.begin() as connection:
        connection.execute(
            tables.request.insert().values(
                id=asked, deed="void", arguments={}, notes=1, account_id=account.id, asked_at=world.now
            )
        )
        connection.execute(
            tables.answer.insert().values(request_id=asked, kind="withdrawn", account_id=account.id, at=world.now)
        )
        jobs.add_event(
            connection, Event(asked, "CWL26-002", "taken", 0, None, None, (), None, account.email, world.now)
        )
        said = {"actor": "office@example.org", "at": world.now}
        sent = {"organisation_id": 1, "bundles": [], "notes": 0}
        connection.execute(tables.delivery.insert().values(id=asked, **sent, **said))
        connection.execute(tables.delivery_event.insert().values(delivery_id=asked, kind="linked", **said))
        connection.execute(
            tables.receipt.insert().values(delivery_id=asked, kind="recalled", counts=[], issued=0, held=0, **said)
        )
        counted = shelf.compare([Span("CWL26", 71, 80)], [Span("CWL26", 71, 72)], [])
        counts = {"organisation_id": None, "edition": 1, "note": None}
        shelf_counts.add(connection, asked, counted, programme_id=1, **counts, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize("table", tables.FACTS)
@pytest.mark.parametrize("deed", ["update", "delete"])
def test_the_database_changes_and_removes_no_fact(world: World, table: str, deed: str) -> None:
    live(world)
    _settle_a_conflict(world)
    _ask_for_something(world)
    _settle_a_case(world)
    _correct_something(world)
    facts = tables.metadata.tables[table]
    name = next(iter(facts.c)).name
    statement = facts.delete() if deed == "delete" else facts.update().values({name: facts.c[name]})
    if table == "log_tile":
        with world.store.engine.begin() as connection:
            connection.execute(facts.insert().values(level=7, tile_index=0, hashes=b""))
    with world.store.engine.begin() as connection, pytest.raises(sa.exc.DBAPIError, match="holds facts"):
        connection.execute(statement)


def tampered(world: World, table: str, *statements: sa.Executable) -> None:
    """What an administrator of the database can do."""
    with world.store.engine.begin() as connection:
        world.unguard(connection, table)
        for statement in statements:
            connection.execute(statement)


FAULTS: dict[str, tuple[str, Callable[[], sa.Executable], str]] = {
    "a movement to another reason": (
        "movement", lambda: tables.movement.update().where(tables.movement.c.kind == "void").values(reason="lost"), "fact_changed",
    ),
    "an order with another key": ("orders", lambda: tables.orders.update().values(public_key=bytes(32)), "fact_changed"),
    "a refusal made an acceptance": (
        "redemption", lambda: tables.redemption.update().values(outcome="accepted", hours=1), "fact_changed",
    ),
    "a redemption at another venue": ("redemption", lambda: tables.redemption.update().values(venue_id=2), "fact_changed"),
    "a spent note given out by another": ("redeemed_note", lambda: tables.redeemed_note.update().values(issued_to_id=2), "fact_changed"),
    "a hand-out of more hours": ("hand_out", lambda: tables.hand_out.update().values(hours=50), "fact_changed"),
    "a hand-out of another day": (
        "hand_out", lambda: tables.hand_out.update().values(given_on=date(2026, 1, 31)), "fact_changed",
    ),
    "a hand-out without its day": ("hand_out", lambda: tables.hand_out.update().values(given_on=None), "fact_changed"),
    "a hand-out removed": ("hand_out", lambda: tables.hand_out.delete(), "fact_removed"),
    "a leaf of the log": ("log_leaf", lambda: tables.log_leaf.update().values(leaf_hash=bytes(32)), "log_changed"),
    "the end of the log": (
        "log_leaf", lambda: tables.log_leaf.delete().where(tables.log_leaf.c.leaf_index > 5), "log_shortened",
    ),
    "a job file that somebody else took": (
        "job_event", lambda: tables.job_event.update().values(actor="nobody@example.org"), "fact_changed",
    ),
    "a shelf on which more was expected": (
        "shelf_count", lambda: tables.shelf_count.update().values(expected=["CWL26 71-72"]), "fact_changed",
    ),
    "a checkpoint": ("checkpoint", lambda: tables.checkpoint.update().values(note="1\n2\n3\n"), "checkpoint_signature"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_who_edits_history_is_found_out(world: World, fault: str) -> None:
    live(world)
    _ask_for_something(world)
    sequence(world)
    table, statement, check = FAULTS[fault]
    tampered(world, table, statement())
    assert check in verify(world)


def test_who_lets_a_hand_out_count_again_is_found_out(world: World) -> None:
    live(world)
    take_back(world)
    sequence(world)
    tampered(world, "retraction", tables.retraction.delete())
    assert "fact_removed" in verify(world)


def rewritten(world: World, *statements: sa.Executable) -> None:
    """History edited by an administrator who has not the key: facts, and their leaves after them."""
    for table in tables.FACTS:
        tampered(world, table)
    with world.store.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)
        for leaf in [leaf for block in rows.leaves(connection) for leaf in block]:
            line = facts.read(connection, leaf.kind, [leaf.ref])[leaf.ref].line
            mine = tables.log_leaf.c.leaf_index == leaf.index
            connection.execute(tables.log_leaf.update().where(mine).values(leaf_hash=merkle.leaf_hash(line)))


ALL_CHECKPOINTS = tables.checkpoint.delete()
NEWEST_CHECKPOINT = tables.checkpoint.delete().where(
    tables.checkpoint.c.size == sa.select(sa.func.max(tables.checkpoint.c.size)).scalar_subquery()
)


@pytest.mark.parametrize("gone", [ALL_CHECKPOINTS, NEWEST_CHECKPOINT], ids=["all", "newest"])
def test_history_without_its_checkpoints_is_found_and_not_signed_anew(world: World, gone: sa.Executable) -> None:
    sequence(world)
    live(world)
    sequence(world)
    rewritten(world, gone, tables.log_tile.delete(), tables.hand_out.update().values(hours=500))
    assert verify(world) == {"log_unsigned"}
    world.redeem(20)
    with pytest.raises(Refused, match="not as its newest checkpoint says, so nothing is signed"):
        sequence(world)
    with pytest.raises(Refused, match="not as its newest checkpoint says"):
        audit_pack.write(world.store, io.BytesIO(), key=KEY, now=world.now)


def test_another_key_neither_signs_nor_spoils_the_log(world: World) -> None:
    kept = sequence(world)
    world.redeem(11)
    other = CheckpointKey(b"o" * 32)
    sentence = rf"The log is signed with {KEY.public.origin}.*HOURNOTE_CHECKPOINT_KEY.*checkpoint_key"
    with pytest.raises(Refused, match=sentence):
        log.sequence(world.store, key=other, clock=lambda: world.now)
    with pytest.raises(Refused, match=sentence):
        log_audit.verify(world.store, key=other.public, now=world.now)
    assert verify(world, kept) == set()


def again(row: sa.Row[Any], **values: Any) -> dict[str, Any]:
    """A row as it is, with other values in some columns."""
    return {**row._mapping, **values}


def test_a_redemption_under_another_spelling_of_an_id_is_found(sqlite_world: World) -> None:
    visit = UUID(sqlite_world.redeem(11, redemption_id=UUID(int=0xABCDEF))["id"])
    sequence(sqlite_world)
    columns = (
        "desk_id, venue_id, offer_id, request_sha256, outcome, reason, hours, practice, offline, answer, scanned_at, at"
    )
    forged = (
        f"INSERT INTO redemption (id, {columns}) SELECT upper(id), {columns} FROM redemption WHERE id = ?",  # noqa: S608
        "INSERT INTO redeemed_note SELECT series_id, 12, round, reversed_round, upper(redemption_id), issued_to_id, title_id"
        " FROM redeemed_note WHERE redemption_id = ?",
    )
    with sqlite_world.store.engine.begin() as connection:
        for statement in forged:
            connection.exec_driver_sql(statement, (visit.hex,))
    assert verify(sqlite_world) == {"rows"}


def test_notes_of_no_redemption_are_found(sqlite_world: World) -> None:
    sqlite_world.redeem(11)
    sequence(sqlite_world)
    with sqlite_world.store.engine.connect() as connection:
        spent = connection.execute(sa.select(tables.redeemed_note)).one()
        connection.rollback()
        connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
        connection.execute(tables.redeemed_note.insert().values(again(spent, number=12, redemption_id=uuid4())))
        connection.execute(tables.retired_note.insert().values(series_id=1, number=30, retirement_id=777))
        connection.commit()
        connection.connection.driver_connection.execute("PRAGMA foreign_keys = ON")  # type: ignore[union-attr]
    found = log_audit.verify(sqlite_world.store, key=KEY.public, now=sqlite_world.now).findings
    assert {each.concerns for each in found if each.check == "rows"} == {("redemption notes",), ("retirement notes",)}


def test_movements_told_in_another_order_are_found(world: World) -> None:
    sequence(world)
    number = tables.movement.c.id
    with world.store.engine.begin() as connection:
        newest = connection.scalar(sa.select(sa.func.max(number)))
    tampered(world, "movement", tables.movement.insert().values(  # a place to come after all others
        request_id=uuid4(), kind="void", series_id=1, first=91, last=91, span_class=0, actor=ACTOR, at=world.now
    ), tables.movement.update().where(number == newest + 1).values(id=newest + 5))  # fmt: skip
    with world.store.engine.begin() as connection:
        (entered,) = connection.scalars(sa.select(tables.movement.c.request_id).where(number == newest + 5))
        facts.enter(connection, FactKind.MOVEMENT, entered)
    assert sequence(world)
    assert verify(world) == set()
    tampered(world, "movement", tables.movement.update().where(number == newest + 5).values(id=newest + 6))
    assert verify(world) == {"fact_changed"}


def test_a_fact_that_is_changed_while_it_waits_is_found(world: World) -> None:
    sequence(world)
    world.redeem(11)
    tampered(world, "redemption", tables.redemption.update().values(hours=40))
    assert verify(world) == {"fact_changed"}


def test_a_fact_that_waits_for_long_is_found(world: World) -> None:
    sequence(world)
    world.redeem(11)
    world.later(seconds=59)
    assert verify(world) == set()
    world.later(seconds=2)
    assert verify(world) == {"log_late"}


FIRST_LEAF = tables.log_leaf.c.leaf_index == 0
LAST_LEAF = tables.log_leaf.c.leaf_index == sa.select(sa.func.max(tables.log_leaf.c.leaf_index)).scalar_subquery()

NONSENSE: dict[str, tuple[str, Callable[[], sa.Executable], str]] = {
    "no checkpoint": ("checkpoint", lambda: tables.checkpoint.update().values(note="x"), "checkpoint_signature"),
    "no kind": ("log_leaf", lambda: tables.log_leaf.update().where(FIRST_LEAF).values(kind="zzz"), "fact_removed"),
    "no id": ("log_leaf", lambda: tables.log_leaf.update().where(LAST_LEAF).values(ref="zzz"), "fact_removed"),
    "no answer": ("redemption", lambda: tables.redemption.update().values(answer={}), "fact_changed"),
    "an answer that is none": ("redemption", lambda: tables.redemption.update().values(answer=[1]), "fact_changed"),
    "a place beyond": ("log_leaf", lambda: tables.log_leaf.update().where(LAST_LEAF).values(leaf_index=9_999), "log_changed"),
    "another answer": (
        "redemption", lambda: tables.redemption.update().values(answer={"hours": 49, "notes": []}), "fact_changed",
    ),
    "another request": ("redemption", lambda: tables.redemption.update().values(request_sha256=bytes(32)), "fact_changed"),
    "another time": ("hand_out", lambda: sa.text("UPDATE hand_out SET at = 1000000000000000000"), "unreadable"),
}  # fmt: skip


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_in_a_row_is_a_finding(world: World, nonsense: str) -> None:
    live(world)
    sequence(world)
    table, statement, check = NONSENSE[nonsense]
    tampered(world, table, statement())
    assert check in verify(world)


def test_a_leaf_out_of_its_place_stops_the_sequencer_in_a_sentence(world: World) -> None:
    sequence(world)
    tampered(world, "log_leaf", tables.log_leaf.update().where(LAST_LEAF).values(leaf_index=9_999))
    world.redeem(11)
    with pytest.raises(Refused, match="nothing is signed"):
        sequence(world)


def test_every_tile_is_compared_with_the_leaves(world: World) -> None:
    with world.store.engine.begin() as connection:
        entries = [{"kind": "none", "ref": str(number), "leaf_hash": bytes(32)} for number in range(600)]
        connection.execute(tables.pending_leaf.insert(), entries)
    sequence(world)
    assert "log_tiles" not in verify(world)
    first = tables.log_tile.c.tile_index == 0
    tampered(world, "log_tile", tables.log_tile.update().where(first).values(hashes=bytes(8192)))
    assert "log_tiles" in verify(world)
    extra = tables.log_tile.insert().values(level=0, tile_index=7, hashes=bytes(8192))
    tampered(world, "log_tile", tables.log_tile.delete().where(first), extra)
    assert "log_tiles" in verify(world)


@pytest.mark.parametrize(("deed", "said"), [("update", "was changed"), ("delete", "is gone from the books")])
def test_what_is_not_as_it_was_logged_is_neither_proved_nor_packed(world: World, deed: str, said: str) -> None:
    live(world)
    sequence(world)
    with world.store.reading() as connection:
        ref = str(connection.scalar(sa.select(tables.hand_out.c.request_id)))
    statement = tables.hand_out.delete() if deed == "delete" else tables.hand_out.update().values(hours=50)
    tampered(world, "hand_out", statement)
    with pytest.raises(Refused, match=said):
        log.prove(world.store, key=KEY.public, ref=ref)
    with pytest.raises(Refused, match=said):
        audit_pack.write(world.store, io.BytesIO(), key=KEY, now=world.now)


REPLACED = (
    "REPLACE INTO hand_out SELECT id, request_id, series_id, first, last, organisation_id, activity, 99, people, actor, at, given_on FROM hand_out",
    "INSERT OR REPLACE INTO log_leaf SELECT leaf_index, kind, ref, zeroblob(32) FROM log_leaf WHERE leaf_index = 0",
    "INSERT OR REPLACE INTO log_leaf SELECT 999, kind, ref, zeroblob(32) FROM log_leaf WHERE leaf_index = 0",
    "REPLACE INTO redeemed_note SELECT series_id, number, round, reversed_round, redemption_id, 2, title_id FROM redeemed_note",
    "REPLACE INTO checkpoint SELECT size, 'forged', at FROM checkpoint",
    "REPLACE INTO orders SELECT 'CWL26-099', series_id, first, last, design, host, public_key, bundle_size, expires_on,"
    " replaces, actor, made_at FROM orders",
    "REPLACE INTO reversal (rowid, redemption_id, reason, actor, at) SELECT rowid, redemption_id, 'x', actor, at FROM reversal",
)


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("statement", REPLACED)
def test_the_database_replaces_no_fact(sqlite_world: World, statement: str, recursive: str) -> None:
    live(sqlite_world)
    sequence(sqlite_world)
    with sqlite_world.store.engine.connect() as connection:
        connection.rollback()
        connection.connection.driver_connection.execute(f"PRAGMA recursive_triggers = {recursive}")  # type: ignore[union-attr]
        with pytest.raises(sa.exc.IntegrityError, match="holds facts"):
            connection.exec_driver_sql(statement)


def test_a_fact_that_was_put_in_past_the_log_is_found(world: World) -> None:
    sequence(world)
    world.redeem(11)
    with world.store.engine.begin() as connection:
        connection.execute(tables.pending_leaf.delete())
    assert verify(world) == {"fact_unlogged", "rows"}


def test_a_log_that_was_written_anew_does_not_agree_with_a_checkpoint_kept_outside(world: World) -> None:
    live(world)
    kept = sequence(world)
    everything = [
        tables.log_leaf.delete(),
        tables.log_tile.delete(),
        tables.checkpoint.delete(),
        tables.hand_out.delete(),
        tables.tally.delete(),
        tables.wait.delete(),
    ]
    for name in ("log_leaf", "log_tile", "checkpoint", "hand_out"):
        tampered(world, name)
    with world.store.engine.begin() as connection:
        for statement in everything:
            connection.execute(statement)
        facts.enter_all(connection)
    sequence(world)
    assert verify(world) == set(), "by itself it is in order"
    assert verify(world, kept) & {"log_changed", "log_shortened"}


def test_a_checkpoint_of_another_log_is_refused(world: World) -> None:
    sequence(world)
    with pytest.raises(BadInput, match="of another log or key"):
        verify(world, CheckpointKey(bytes(32)).sign(1, bytes(32)))


# --- the sequencer


def test_the_sequencer_goes_on_after_a_surprise(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    waiting, stopped = iter((RuntimeError("a surprise"), Refused("not now"), None)), threading.Event()

    def turn(_settings: Settings) -> None:
        error = next(waiting)
        if error is not None:
            raise error
        stopped.set()

    monkeypatch.setattr(sequencer, "INTERVAL_SECONDS", 0.01)
    monkeypatch.setattr(sequencer, "_sequence", turn)
    sequencer.turns(settings(sqlite_world), stopped)
    assert "a surprise" in caplog.text
    assert "not now" in caplog.text


def test_the_sequencer_gives_facts_their_places(sqlite_world: World) -> None:
    sequencer._sequence(settings(sqlite_world))
    assert log_audit.verify(sqlite_world.store, key=KEY.public, now=sqlite_world.now).waiting == 0


def settings(world: World) -> Settings:
    """With the books and the key of the world."""
    return Settings(
        instance=world.folder, database_url=str(world.store.engine.url), note_host="NOTES.EXAMPLE.ORG", designs=world.folder,
        secret_key="x" * 40, workers=1, public_url="http://127.0.0.1:8000", checkpoint_key=bytes(range(32)),
    )  # fmt: skip


def test_who_comes_second_waits_and_finds_the_facts_placed(world: World) -> None:
    world.redeem(11)
    with ThreadPoolExecutor(4) as pool:
        turns = [pool.submit(log.sequence, world.store, key=KEY, clock=lambda: world.now) for _ in range(4)]
    placed = [turn.result() for turn in turns]
    assert sorted(placed)[:3] == [0, 0, 0]
    assert verify(world) == set()


def test_one_call_signs_what_waits_and_does_not_chase_what_comes(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sequence(sqlite_world)
    monkeypatch.setattr(log, "BATCH", 2)
    for number in (11, 12, 13):
        sqlite_world.redeem(number)

    def clock() -> datetime:
        return sqlite_world.now

    assert log.sequence(sqlite_world.store, key=KEY, clock=clock) == 3
    assert verify(sqlite_world) == set()
