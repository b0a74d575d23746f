"""Backups at the command line, on both engines: made while others write, checked, restored closed, and reopened."""

import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing as closed_at_the_end
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from app import config
from app.core.backup import Progress
from app.core.checkpoint import CheckpointKey
from app.core.errors import HournoteError, NotAllowed
from app.services import accounts, backing_up, books, closing, journal, redeeming, sessions
from app.services.books import Store
from app.services.journal import Redeem
from app.store import dumps, schema
from app.store.database import open_store
from app.store.tables import redeemed_note
from tests.commands.conftest import Office
from tests.postgres import Cluster
from tests.store import test_schema
from tests.world import World, opened


def url_of(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def office_of(office: Office, world: World, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The office over the small world, on each engine."""
    monkeypatch.setenv("HOURNOTE_DATABASE_URL", url_of(world.store))
    return office


@pytest.fixture
def elsewhere(world: World, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database of the same engine."""
    if world.store.engine.dialect.name == "sqlite":
        yield f"sqlite:///{world.folder / 'elsewhere' / 'hournote.db'}"
        return
    running: Cluster = request.getfixturevalue("cluster")
    name = f"elsewhere{uuid4().hex[:8]}"
    yield running.create(name)
    running.drop(name)


def checkpoint(office: Office, name: str) -> Path:
    """A checkpoint, kept outside."""
    file = office.folder / name
    file.write_text(office.run("checkpoint"), "utf-8")
    return file


def left(folder: Path) -> set[str]:
    """What lies in a folder, save what an open database keeps beside it."""
    return {path.name for path in folder.iterdir() if not path.name.endswith(("-wal", "-shm"))}


def test_a_restore_does_not_un_spend_notes(
    office_of: Office, world: World, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The story of a lost disk: what was spent after the backup comes back before anybody redeems again."""
    office, file = office_of, office_of.folder / "books.backup"
    world.redeem(11)
    before = checkpoint(office, "before.txt")
    made = office.json("backup", file)
    assert (made["checked"], made["findings"], made["engine"]) == (True, [], world.store.engine.dialect.name)
    assert made["checkpoint"] == before.read_text("utf-8")
    assert file.stat().st_mode & 0o777 == 0o600
    visit = world.redeem(12)
    after = checkpoint(office, "after.txt")

    monkeypatch.setenv("HOURNOTE_DATABASE_URL", elsewhere)
    restored = office.json("restore", file, "--against", after)
    assert (restored["redemption"], restored["lost"]) == ("closed", 1)
    with opened(elsewhere, world.folder, tokens=world.tokens, keys=world.keys) as again:
        assert "restored from the backup of" in str(closing.closed_reason(again.store))
        assert (again.state(11), again.state(12)) == ("redeemed", "issued")
        assert again.findings() == []
        kept = Redeem(UUID(visit["id"]), [world.token(12)], None, world.now, False, False)
        (answer,) = journal.enter(again.store, desk=again.desk(), entries=[kept], now=world.now)
        assert isinstance(answer, dict)
        assert answer["outcome"] == "accepted", "the desk sends its journal again, under the same id"
        assert office.json("verify-log", "--against", before)["findings"] == []
        (finding,) = office.json("verify-log", "--against", after, code=1)["findings"]
        assert finding["check"] == "log_shortened"
        assert "admits it (The books were restored from the backup of" in finding["message"]
        assert office.json("reopen", "--reason", "all desks answered", "--against", after)["lost"] == 1
        assert closing.closed_reason(again.store) is None
        assert [again.state(note) for note in (11, 12)] == ["redeemed", "redeemed"]


def test_a_restore_signs_nobody_in(
    office_of: Office, world: World, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session of the backup may have been ended after it, and a one-time link used."""
    account, link = accounts.add_account(world.store, email="ann@example.org", role="national", now=world.now)
    secret = sessions.begin(world.store, account, now=world.now, second_factor=True)
    office_of.run("backup", office_of.folder / "books.backup")
    monkeypatch.setenv("HOURNOTE_DATABASE_URL", elsewhere)
    office_of.run("restore", office_of.folder / "books.backup")
    with opened(elsewhere, world.folder) as restored:
        assert [each.email for each in accounts.all_accounts(restored.store)] == ["ann@example.org"]
        assert sessions.present(restored.store, secret, now=world.now) is None
        with pytest.raises(NotAllowed, match="This link was used already"):
            accounts.set_password(restored.store, secret=link or "", password="four plain words", now=world.now)
    assert sessions.present(world.store, secret, now=world.now) is not None


def test_a_restore_needs_no_room_but_beside_the_backup(
    office_of: Office, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual place is in memory where the service runs in a container, and books do not fit there."""
    office, folder = office_of, office_of.folder / "kept"
    folder.mkdir()
    office.json("backup", folder / "books.backup")
    monkeypatch.setenv("HOURNOTE_DATABASE_URL", elsewhere)
    places, make = [], tempfile.mkdtemp

    def made(suffix: str | None = None, prefix: str | None = None, dir: str | Path | None = None) -> str:
        places.append(dir)
        return make(suffix, prefix, dir)

    monkeypatch.setattr(tempfile, "mkdtemp", made)
    assert office.json("restore", folder / "books.backup")["redemption"] == "closed"
    assert set(places) <= {folder}
    assert left(folder) == {"books.backup"}


def test_a_backup_is_of_one_moment_while_others_write(office_of: Office, world: World, elsewhere: str) -> None:
    office, done, desk = office_of, Event(), world.desk()
    begun = world.redeem(11)["id"]
    office.run("checkpoint")  # no fact of long ago waits for its place

    def spend() -> int:
        answers = 0
        for note in range(12, 51):
            if done.is_set():
                break
            redeeming.redeem_notes(
                world.store, redemption_id=uuid4(), desk=desk, notes=[world.token(note)], now=world.now
            )
            answers += 1
        return answers

    with ThreadPoolExecutor(1) as pool:
        spending = pool.submit(spend)
        try:
            made = office.json("backup", office.folder / "books.backup")
        finally:
            done.set()
        assert spending.result() > 0
    assert (made["checked"], made["findings"]) == (True, [])
    assert world.redeem(11)["id"] != begun


def test_a_backup_goes_on_where_somebody_writes_between_its_pages(
    office: Office, settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite begins a copy anew when its source was changed; within a transaction that reads, it need not."""
    notes = iter(range(11, 41))
    monkeypatch.setattr(dumps, "PAGES", 12)
    file, steps = office.folder / "copy.db", []

    def progress(done: int, of: int) -> None:
        steps.append((done, of))
        settled.redeem(next(notes))

    dumps.dump(settled.store, file, progress)
    assert len(steps) > 5
    assert [done for done, _of in steps] == sorted(done for done, _of in steps), "it never began anew"
    with opened(f"sqlite:///{file}", settled.folder, tokens=settled.tokens) as copy:
        assert copy.state(11) == "issued", "spent after the copy began"


def test_what_the_books_have_too_is_said_and_the_backup_stands(office_of: Office, world: World) -> None:
    office, file = office_of, office_of.folder / "books.backup"
    checkpoint(office, "kept.txt")
    with world.store.engine.begin() as connection:
        world.unguard(connection, "movement")
        connection.exec_driver_sql("UPDATE movement SET reason = 'lost' WHERE kind = 'void'")
    made = office.json("backup", file)
    assert "fact_changed" in {each["check"] for each in made["also_in_the_books"]}
    assert made["also_in_the_books"] == made["findings"]
    assert file.exists()
    assert "was changed after" in " ".join(office.run("backup", office.folder / "another.backup").split())


def test_a_copy_that_falls_short_keeps_a_name_that_says_so(
    office: Office, settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled.redeem(11)
    office.run("checkpoint")
    dump = dumps.dump

    def forgetful(store: Store, path: Path, progress: Progress) -> dumps.Dumped:
        dumped = dump(store, path, progress)
        with closed_at_the_end(sqlite3.connect(path)) as copy:
            copy.execute("DROP TRIGGER redeemed_note_no_delete")
            copy.execute("DELETE FROM redeemed_note")
            copy.commit()
        return dumped

    monkeypatch.setattr(dumps, "dump", forgetful)
    made = office.json("backup", office.folder / "books.backup", code=1)
    assert made["file"].endswith("books.backup.unverified")
    assert made["findings"]
    assert made["also_in_the_books"] == []
    assert not (office.folder / "books.backup").exists()


def test_pages_that_were_lost_are_seen(office: Office, settled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    dump = dumps.dump

    def torn(store: Store, path: Path, progress: Progress) -> dumps.Dumped:
        dumped = dump(store, path, progress)
        with path.open("r+b") as file:
            file.seek(40 * 4096)
            file.write(b"\xff" * 4096 * 10)
        return dumped

    monkeypatch.setattr(dumps, "dump", torn)
    (finding,) = office.json("backup", office.folder / "books.backup", code=1)["findings"]
    assert finding["check"] == "unreadable"


def test_without_the_check_nothing_is_restored_aside(office_of: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = office_of.json("backup", office_of.folder / "books.backup", "--no-check")
    assert (made["checked"], made["unchecked"]) == (False, None)


def test_a_backup_is_whole_or_not_there(office_of: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office, before = office_of, left(office_of.folder) | {"secret_key", "checkpoint_key"}
    assert "cannot be written" in office.refuses("backup", office.folder / "nowhere" / "books.backup")
    (office.folder / "taken").touch()
    assert "There is a file" in office.refuses("backup", office.folder / "taken")
    monkeypatch.setenv("HOURNOTE_CHECKPOINT_KEY", "ab" * 32)
    office.run("backup", office.folder / "books.backup")
    assert left(office.folder) - before == {"taken", "books.backup"}


# --- what is refused, and leaves nothing behind


def damaged(file: Path, how: str) -> Path:
    """A copy of a backup with something wrong in it."""
    bad, whole = file.with_name(f"{how}.backup"), file.read_bytes()
    if how in ("letter", "empty", "short"):
        bad.write_bytes({"letter": b"Dear council,", "empty": b"", "short": whole[: len(whole) // 2]}[how])
        return bad
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if how == "changed" and not name.endswith(".toml"):
                content = content[:-8] + b"changed!"
            if name.endswith(".toml"):
                content = content.replace(*_REPLACED.get(how, (b"", b"")))
            if how != "without" or name.endswith(".toml"):
                target.writestr(name, content)
        if how == "more":
            target.writestr("../../etc/passwd", b"")
    return bad


_REPLACED = {
    "format": (b"format = 1", b"format = 2"),
    "revision": (f'revision = "{schema.newest()}"'.encode(), b'revision = "0999"'),
    "engine": (b"engine = ", b'engine = "oracle" #'),
    "toml": (b"engine", b"[["),
}
REFUSED = {
    "letter": "This is no backup of Hournote, or it is damaged",
    "empty": "This is no backup of Hournote, or it is damaged",
    "short": "This is no backup of Hournote, or it is damaged",
    "without": "This is no backup of Hournote, or it is damaged",
    "more": "This is no backup of Hournote, or it is damaged",
    "toml": "This is no backup of Hournote, or it is damaged",
    "engine": "This is no backup of Hournote, or it is damaged",
    "changed": "its SHA-256 differs",
    "format": "The backup is of format 2 and this program reads format 1",
    "revision": "The backup is of revision 0999: use the newer Hournote that made it",
}


def test_what_is_no_good_backup_is_refused_and_leaves_nothing(
    office_of: Office, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, file = office_of, office_of.folder / "books.backup"
    office.run("backup", file, "--no-check")
    monkeypatch.setenv("HOURNOTE_DATABASE_URL", elsewhere)
    for how, sentence in REFUSED.items():
        assert sentence in office.refuses("restore", damaged(file, how)), how
        assert not books.exist(elsewhere)
    assert "cannot be read" in office.refuses("restore", office.folder / "not-there")
    if elsewhere.startswith("sqlite"):
        assert left(office.folder / "elsewhere") == set()


def test_books_are_not_overwritten(office_of: Office, world: World) -> None:
    file = office_of.folder / "books.backup"
    office_of.run("backup", file, "--no-check")
    before = world.picture()
    assert "There are books in this database already: name an empty one" in office_of.refuses("restore", file)
    assert world.picture() == before


def test_a_checkpoint_of_another_tree_stops_the_restore(
    office_of: Office, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, file, other = office_of, office_of.folder / "books.backup", office_of.folder / "other.txt"
    checkpoint(office, "kept.txt")
    office.run("backup", file, "--no-check")
    other.write_text(CheckpointKey(config.from_environment().checkpoint_key).sign(3, bytes(32)), "utf-8")
    monkeypatch.setenv("HOURNOTE_DATABASE_URL", elsewhere)
    office.run("restore", file, "--against", other, code=1)
    assert not books.exist(elsewhere)
    other.write_text(CheckpointKey(bytes(32)).sign(3, bytes(32)), "utf-8")
    assert "another log or key" in office.refuses("restore", file, "--against", other)
    assert office.json("restore", file)["lost"] is None, "nothing is in its way"


def test_the_backup_of_the_other_engine_is_refused(
    office: Office, settled: World, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.run("backup", office.folder / "books.backup", "--no-check")
    monkeypatch.setenv("HOURNOTE_DATABASE_URL", cluster.create("another"))
    sentence = "The backup is of SQLite, and HOURNOTE_DATABASE_URL names PostgreSQL: restore it on SQLite."
    assert sentence in office.refuses("restore", office.folder / "books.backup")
    cluster.drop("another")


def test_books_that_are_open_are_not_reopened(office_of: Office) -> None:
    assert "there is nothing to reopen" in office_of.refuses("reopen", "--reason", "a whim")
    assert "is no reason for reopening" in office_of.refuses("reopen", "--reason", " ")


# --- what PostgreSQL wants


@pytest.fixture
def on_postgresql(office_of: Office, world: World) -> Office:
    if world.store.engine.dialect.name == "sqlite":
        pytest.skip("SQLite needs no programs.")
    return office_of


def test_who_may_not_make_a_database_gets_an_unchecked_backup(
    on_postgresql: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = f"copyist{uuid4().hex[:8]}"
    with world.store.engine.begin() as connection:
        connection.execute(sa.text(f"CREATE ROLE {role} LOGIN IN ROLE pg_read_all_data"))
        connection.execute(sa.text(f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"))
    monkeypatch.setenv("HOURNOTE_DATABASE_URL", url_of(world.store).replace("postgres@", f"{role}@", 1))
    made = on_postgresql.json("backup", on_postgresql.folder / "books.backup", code=1)
    assert made["file"].endswith(".unverified")
    assert "may not make a database to check the backup in" in made["unchecked"]


def test_programs_that_are_missing_or_too_old_are_named(
    on_postgresql: Office, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, empty = on_postgresql, on_postgresql.folder / "bin"
    office.run("backup", office.folder / "books.backup", "--no-check")
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))
    with pytest.raises(HournoteError, match="The program pg_dump is not installed: apt-get install postgresql-client"):
        dumps._program("pg_dump")
    office.run("backup", office.folder / "another.backup", code=1)
    monkeypatch.setenv("HOURNOTE_DATABASE_URL", elsewhere)
    office.run("restore", office.folder / "books.backup", code=1)
    assert not books.exist(elsewhere)
    monkeypatch.undo()


def test_a_pg_dump_older_than_the_server_is_named(on_postgresql: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office, old = on_postgresql, on_postgresql.folder / "bin" / "pg_dump"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o700)
    monkeypatch.setenv("PATH", f"{old.parent}:/usr/bin:/bin")
    office.run("backup", office.folder / "books.backup", code=1)
    assert "books.backup" not in left(office.folder)


def test_a_restore_of_postgresql_takes_every_row_and_every_guard(world: World, elsewhere: str, tmp_path: Path) -> None:
    if world.store.engine.dialect.name == "sqlite":
        pytest.skip("SQLite is copied page by page.")
    world.redeem(11, 12)
    dumps.dump(world.store, tmp_path / "books.dump", lambda _done, _of: None)
    store = open_store(elsewhere)
    try:
        store.write(lambda connection: dumps.load(connection, tmp_path / "books.dump"))
        with store.reading() as mine, world.store.reading() as theirs:
            for table in redeemed_note.metadata.sorted_tables:
                rows = sa.select(table).order_by(*table.primary_key)
                assert mine.execute(rows).all() == theirs.execute(rows).all(), table.name
        guards = sa.text("SELECT count(*) FROM pg_trigger WHERE tgname LIKE '%no_change' AND tgenabled = 'O'")
        with store.reading() as mine, world.store.reading() as theirs:
            assert mine.scalar(guards) == theirs.scalar(guards) > 0
    finally:
        store.close()


def test_the_backup_of_an_older_revision_is_brought_to_this_one(
    office: Office, empty_url: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Made before an upgrade, and wanted after it."""
    store, file = open_store(empty_url), office.folder / "books.backup"
    store.write(lambda connection: test_schema.upgrade(connection, "0002"))
    test_schema.fill(store, test_schema.BOOKS_WITH_A_LOG)
    backing_up.back_up(
        store, file=file, key=CheckpointKey(bytes(32)).public, now=datetime.now(UTC), stages=lambda _what: lambda *_far: None,
        check=False,
    )  # fmt: skip
    store.close()
    if empty_url.startswith("sqlite"):
        elsewhere = f"sqlite:///{office.folder / 'newer.db'}"
    else:
        elsewhere = request.getfixturevalue("cluster").create(f"newer{uuid4().hex[:8]}")
    monkeypatch.setenv("HOURNOTE_DATABASE_URL", elsewhere)
    monkeypatch.setenv("HOURNOTE_CHECKPOINT_KEY", "00" * 32)
    assert office.json("restore", file)["revision"] == "0002"
    assert office.json("verify-log")["facts"] == 7
    assert office.json("audit")["findings"] == []
