"""The schema: made from nothing on both engines, the same as the tables say, and never served at another revision."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from app.core.checkpoint import CheckpointKey
from app.core.errors import BadSettings, Unavailable
from app.services import books, log, log_audit
from app.store import facts, schema
from app.store.database import Store, open_store
from app.store.tables import metadata
from tests.postgres import Cluster


def test_a_migration_makes_the_books_from_nothing(empty_url: str) -> None:
    assert not books.exist(empty_url)
    assert books.migrate_books(empty_url) == (None, "0003")
    assert books.exist(empty_url)
    assert books.migrate_books(empty_url) == ("0003", "0003"), "a second time changes nothing"


def test_the_migrations_come_to_what_the_tables_say(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_come_to_the_same_constraints_as_the_tables(store: Store, tmp_path: Path) -> None:
    other = open_store(f"sqlite:///{tmp_path / 'tables.db'}")
    if store.engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL keeps a check in another spelling than it was given in.")
    metadata.create_all(other.engine)
    try:
        assert _checks(store) == _checks(other)
    finally:
        other.close()


def test_empty_books_are_not_served(empty_url: str) -> None:
    if empty_url.startswith("sqlite"):
        sqlite3.connect(empty_url.removeprefix("sqlite:///")).close()
        Path(empty_url.removeprefix("sqlite:///")).touch()
    with pytest.raises(BadSettings, match=r"^The database is empty: run `hournote init` \(or `make run`\) first\.$"):
        books.open_books(empty_url)


def test_books_of_an_older_revision_are_not_served(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_newest", lambda: "0004")
    sentence = r"^The database is of revision 0003 and this program needs 0004: run `hournote migrate`\.$"
    with pytest.raises(BadSettings, match=sentence):
        schema.check(store)


@pytest.mark.parametrize("deed", [books.open_books, books.migrate_books])
def test_books_of_a_newer_revision_are_neither_served_nor_migrated(store: Store, deed: Callable[[str], object]) -> None:
    url = store.engine.url.render_as_string(hide_password=False)
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(
        BadSettings, match=r"^The database is of revision 0999 .* use the newer Hournote that made it\.$"
    ):
        deed(url)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "is not the URL of a database"),
        ("hournote.db", "is not the URL of a database"),
        ("postgresql://who@host:many/books", "is not the URL of a database"),
        ("mysql://localhost/books", "names mysql: SQLite and PostgreSQL are supported"),
        ("sqlite:////nowhere/at/all/books.db", "There is no"),
        ("sqlite://", "The database is empty"),
    ],
)
def test_an_address_that_names_no_books_is_refused_in_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(BadSettings, match=sentence):
        books.open_books(url)


def test_a_file_that_is_no_database_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    path.write_bytes(b"This is a letter to the council, and no database at all." * 40)
    with pytest.raises(BadSettings, match="file is not a database"):
        books.open_books(f"sqlite:///{path}")


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="The database cannot answer now"):
        books.open_books("postgresql://nobody@127.0.0.1:1/books")


def _checks(store: Store) -> dict[str, object]:
    looked = sa.inspect(store.engine)
    return {
        name: (
            sorted((str(each["name"]), " ".join(each["sqltext"].split())) for each in looked.get_check_constraints(name)),
            sorted((str(each["name"]), each["column_names"]) for each in looked.get_unique_constraints(name)),
            sorted((str(each["name"]), each["constrained_columns"], each["referred_table"], each["referred_columns"],
                    sorted(each["options"].items())) for each in looked.get_foreign_keys(name)),
        )
        for name in metadata.tables
    }  # fmt: skip


def test_facts_that_are_older_than_the_log_enter_it_when_it_begins(empty_url: str) -> None:
    store = open_store(empty_url)
    try:
        store.write(lambda connection: upgrade(connection, "0001"))
        with store.engine.begin() as connection:
            for statement in OLD_BOOKS:
                connection.execute(sa.text(statement), {"key": bytes(32)} if ":key" in statement else {})
        assert schema.migrate(store) == ("0001", "0003")
        key = CheckpointKey(bytes(32))
        assert log.sequence(store, key=key, clock=lambda: datetime.now(UTC)) == 2
        assert log_audit.verify(store, key=key.public, now=datetime.now(UTC)).findings == []
    finally:
        store.close()


def test_a_fact_of_an_older_program_waits_for_the_guards(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(cluster.create("guarded"))
    late = sa.text(
        "INSERT INTO movement (request_id, kind, series_id, first, last, span_class, actor, at)"
        " VALUES ('1123456789abcdef0123456789abcdef', 'print', 1, 1, 10, 4, 'cli:me', 1)"
    )
    enter_all = facts.enter_all

    def interrupted(connection: sa.Connection) -> None:
        enter_all(connection)
        with store.engine.begin() as other:
            other.execute(sa.text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
                other.execute(late)

    try:
        store.write(lambda connection: upgrade(connection, "0001"))
        with store.engine.begin() as connection:
            for statement in OLD_BOOKS:
                connection.execute(sa.text(statement), {"key": bytes(32)} if ":key" in statement else {})
        monkeypatch.setattr(facts, "enter_all", interrupted)
        assert schema.migrate(store) == ("0001", "0003")
    finally:
        store.close()
        cluster.drop("guarded")


OLD_BOOKS = [
    "INSERT INTO programme (id, code, name) VALUES (1, 'CWL', 'Cornwall')",
    "INSERT INTO series (id, programme_id, code) VALUES (1, 1, 'CWL26')",
    "INSERT INTO orders (id, series_id, first, last, design, host, public_key, bundle_size, actor, made_at)"
    " VALUES ('CWL26-001', 1, 1, 10, 'cornwall', 'NOTES.EXAMPLE.ORG', :key, 5, 'cli:me', 1)",
    "INSERT INTO movement (request_id, kind, series_id, first, last, span_class, actor, at)"
    " VALUES ('0123456789abcdef0123456789abcdef', 'order', 1, 1, 10, 4, 'cli:me', 1)",
]


def upgrade(connection: sa.Connection, revision: str) -> None:
    """Bring books to an earlier revision."""
    config = schema._config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
