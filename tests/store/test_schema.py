"""The schema: made from nothing on both engines, the same as the tables say, and never served at another revision."""

import re
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from app.core import merkle
from app.core.checkpoint import CheckpointKey
from app.core.errors import BadSettings, Unavailable
from app.services import accounts, auditing, books, desks, directory, log, log_audit, sessions
from app.store import facts, schema
from app.store.database import Store, open_store
from app.store.tables import hand_out, metadata, pending_leaf
from tests.postgres import Cluster
from tests.world import close_books

NEWEST = schema.newest()


def test_a_migration_makes_the_books_from_nothing(empty_url: str) -> None:
    assert not books.exist(empty_url)
    assert books.migrate_books(empty_url) == (None, NEWEST)
    assert books.exist(empty_url)
    assert books.migrate_books(empty_url) == (NEWEST, NEWEST), "a second time changes nothing"


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
    monkeypatch.setattr(schema, "newest", lambda: "9999")
    sentence = rf"^The database is of revision {NEWEST} and this program needs 9999: run `hournote migrate`\.$"
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
            # SQLAlchemy cannot read the name of a reference from a column that was added to a table of SQLite.
            sorted((each["name"] or f"fk_{name}_{'_'.join(each['constrained_columns'])}", each["constrained_columns"], each["referred_table"], each["referred_columns"],
                    sorted(each["options"].items())) for each in looked.get_foreign_keys(name)),
        )
        for name in metadata.tables
    }  # fmt: skip


def test_facts_that_are_older_than_the_log_enter_it_when_it_begins(empty_url: str) -> None:
    store = open_store(empty_url)
    try:
        store.write(lambda connection: upgrade(connection, "0001"))
        fill(store, OLD_BOOKS)
        assert schema.migrate(store) == ("0001", NEWEST)
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
        fill(store, OLD_BOOKS)
        monkeypatch.setattr(facts, "enter_all", interrupted)
        assert schema.migrate(store) == ("0001", NEWEST)
    finally:
        store.close()
        cluster.drop("guarded")


def test_books_with_a_log_go_on_with_it(empty_url: str) -> None:
    """From 0002, with a redemption in the log: nothing is lost, and the next fact comes after the last."""
    store, key, now = open_store(empty_url), CheckpointKey(bytes(32)), datetime(2026, 11, 26, 9, tzinfo=UTC)
    try:
        store.write(lambda connection: upgrade(connection, "0002"))
        fill(store, BOOKS_WITH_A_LOG)
        assert schema.migrate(store) == ("0002", NEWEST)
        assert log_audit.verify(store, key=key.public, now=now, kept=KEPT).findings == []
        assert auditing.audit_books(store, now=now) == []
        desk = desks.desk_of_key(store, "key", now=now)
        assert (desk.desk.name, [offer.name for offer in desk.offers]) == ("Front desk", ["Swim"])
        close_books(store, reason="moved", actor="cli:me", now=now, request_id=uuid4(), key=key.public, kept=KEPT)
        assert log.sequence(store, key=key, clock=lambda: now) == 1
        assert log_audit.verify(store, key=key.public, now=now, kept=KEPT).findings == []
    finally:
        store.close()


def test_books_of_before_the_office_keep_their_accounts(empty_url: str) -> None:
    """From 0003: passwords and links go on, nobody is signed in, and a programme has the limits that are usual."""
    store, now = open_store(empty_url), datetime(2026, 11, 26, 9, tzinfo=UTC)
    try:
        store.write(lambda connection: upgrade(connection, "0003"))
        fill(store, [*OLD_BOOKS, *OLD_ACCOUNTS])
        assert schema.migrate(store) == ("0003", NEWEST)
        _owner, limits = directory.set_limits(store, programme="CWL", actor="cli:test", now=datetime.now(UTC))
        assert (limits.order_alone, limits.void_alone) == (5000, 200)
        found = accounts.sign_in(store, email="office@cornwall.example", password="four plain words here")
        assert found is not None
        assert (found.role, found.programme_id) == ("programme", 1)
        assert sessions.sessions_of(store, found.id, now=now) == []
        set_anew = accounts.set_password(store, secret="an old link", password="another long password", now=now)
        assert set_anew.id == found.id
        assert auditing.audit_books(store, now=datetime(1970, 1, 2, tzinfo=UTC)) == []
    finally:
        store.close()


HANDED_OUT = (
    b'{"activity":"Bingo","actor":"cli:me","at":"2026-07-31T23:10:00.000000Z","fact":"hand_out","first":"CWL260000001K",'
    b'"hours":2,"id":"01234567-89ab-cdef-0123-456789abcdef","last":"CWL260000002I","organisation":1,"people":3}'
)
"""A hand-out as the program of 0012 spelt it, ten minutes past midnight in London."""


def test_hand_outs_of_before_they_had_a_day_are_of_the_day_on_which_they_were_recorded(empty_url: str) -> None:
    """From 0012: their leaves in the log are as they were, and nobody can change them afterwards."""
    store, key, now = open_store(empty_url), CheckpointKey(bytes(32)), datetime(2026, 11, 26, 9, tzinfo=UTC)
    leaf = {
        "kind": "hand_out",
        "ref": str(UUID("0123456789abcdef0123456789abcdef")),
        "leaf_hash": merkle.leaf_hash(HANDED_OUT),
    }
    try:
        store.write(lambda connection: upgrade(connection, "0012"))
        fill(store, [*OLD_BOOKS[:2], *OLD_HAND_OUT])
        store.write(lambda connection: connection.execute(pending_leaf.insert().values(**leaf)) and None)
        assert schema.migrate(store) == ("0012", NEWEST)
        assert store.read(lambda connection: connection.scalar(sa.select(hand_out.c.given_on))) == date(2026, 8, 1)
        assert log.sequence(store, key=key, clock=lambda: now) == 1
        assert log_audit.verify(store, key=key.public, now=now).findings == []
        for deed in (hand_out.update().values(given_on=date(2026, 7, 1)), hand_out.delete()):
            with pytest.raises(sa.exc.DBAPIError, match="holds facts"), store.engine.begin() as connection:
                connection.execute(deed)
        late = OLD_HAND_OUT[1].replace("(1, '0123", "(2, '1123")
        with pytest.raises(sa.exc.DBAPIError, match="hand_out has a day"):
            fill(store, [late])  # as a program would write it that was not stopped
    finally:
        store.close()


def fill(store: Store, statements: Sequence[str]) -> None:
    """Run statements as they were written then; what is bytes, the engines spell differently."""
    with store.engine.begin() as connection:
        for statement in statements:
            named = re.findall(r"(?<!\w):([a-z_]+)", statement)
            connection.execute(sa.text(statement), {name: GIVEN[name] for name in named})


OLD_BOOKS = [
    "INSERT INTO programme (id, code, name) VALUES (1, 'CWL', 'Cornwall')",
    "INSERT INTO series (id, programme_id, code) VALUES (1, 1, 'CWL26')",
    "INSERT INTO orders (id, series_id, first, last, design, host, public_key, bundle_size, actor, made_at)"
    " VALUES ('CWL26-001', 1, 1, 10, 'cornwall', 'NOTES.EXAMPLE.ORG', :zeros, 5, 'cli:me', 1)",
    "INSERT INTO movement (request_id, kind, series_id, first, last, span_class, actor, at)"
    " VALUES ('0123456789abcdef0123456789abcdef', 'order', 1, 1, 10, 4, 'cli:me', 1)",
]


OLD_HAND_OUT = [
    "INSERT INTO organisation (id, programme_id, name) VALUES (1, 1, 'YMCA Cornwall')",
    "INSERT INTO hand_out (id, request_id, series_id, first, last, organisation_id, activity, hours, people, actor, at) VALUES"
    " (1, '0123456789abcdef0123456789abcdef', 1, 1, 2, 1, 'Bingo', 2, 3, 'cli:me', 1785539400000000)",
]

KEPT = (
    "hournote/139e3940\n6\ngeigQ2hOv6EIJTexEVQnha0y6lLCNOQUnUh7y5lgrEw=\n\n"
    "\u2014 hournote/139e3940 s0z2KXBgIzkCJshQrhm6ZH7vCSadWW6NW76MZa5C0Me6DtC/22XhajtRaVWh5HKFth7bVhDJoGCipYcGmk0lmYfjwAo=\n"
)
"""The checkpoint of those books, as somebody outside kept it."""

GIVEN = {
    "link": sha256(b"an old link").digest(),
    "password": "$argon2id$v=19$m=8,t=1,p=1$Q/emRs07HJtJMz8RBfhx5g$0WyilpA9ndv0haGHcR2jDkuYYQHjXqAJbJBtq9xkFzw",
    "zeros": bytes(32), "note": KEPT, "key": "hournote/139e3940+b34cf629+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
    "desk_key": bytes.fromhex("2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"),
    "answer": '{"id": "00000000-0000-0000-0000-000000000009", "outcome": "accepted", "reason": null, "hours": 1, "notes": '
    '[{"serial": "CWL260000003G", "verdict": "accepted", "message": "Accepted.", "first_redeemed_at": null, '
    '"first_venue": null}]}',
    "leaf_order": bytes.fromhex("b8e27debfb4eb054192e6bb1dc168e45931c72f74f23c8cfc17523912ab0435b"),
    "leaf_a": bytes.fromhex("0852ed67f82a9b8988dad6d7366390d7b9b6a80b07adccd168007471694776cd"),
    "leaf_b": bytes.fromhex("a0133e53cc2ac4d3af4452ef515bd91bf4f7a97b22bfd042d46f694c163ae441"),
    "leaf_c": bytes.fromhex("1a96c7800e3ffe67b6a4b1737344e0fc85752c199e8c32823f243035032aa519"),
    "leaf_d": bytes.fromhex("da489ac1e4b6a6e29406cd903d3ad496ad3a8583186c36b22d7ac480f248088e"),
    "leaf_visit": bytes.fromhex("ad663a18b6cb468884a5cde1a1030e380bfaf4964ffa0a1b2b3658f38600e2b5"),
}  # fmt: skip

OLD_ACCOUNTS = [
    "INSERT INTO holding (series_id, first, last, state, movement_id) VALUES (1, 1, 10, 'ordered', 1)",
    "INSERT INTO allocation (series_id, last) VALUES (1, 10)",
    "INSERT INTO account (id, email, role, programme_id, password_hash, session_key, made_at)"
    " VALUES (1, 'office@cornwall.example', 'programme', 1, :password, 'a key', 1)",
    "INSERT INTO link (secret_sha256, purpose, account_id, expires_at) VALUES (:link, 'password', 1, 1800000000000000)",
]
"""A person of staff with a password and a link, as the program of 0003 wrote them."""

_MOVED = (
    "INSERT INTO movement (request_id, kind, series_id, first, last, span_class, organisation_id, actor, at)"
    " VALUES ('0000000000000000000000000000000{}', '{}', 1, 1, 10, 4, {}, 'cli:me', 177100000{}000000)"
)
_LOGGED = "INSERT INTO log_leaf (leaf_index, kind, ref, leaf_hash) VALUES ({}, '{}', '{}', :leaf_{})"
_ID = "00000000-0000-0000-0000-00000000000"

BOOKS_WITH_A_LOG = [
    "INSERT INTO programme (id, code, name) VALUES (1, 'CWL', 'Cornwall')",
    "INSERT INTO series (id, programme_id, code) VALUES (1, 1, 'CWL26')",
    "INSERT INTO organisation (id, programme_id, name) VALUES (1, 1, 'YMCA Cornwall')",
    "INSERT INTO venue (id, programme_id, name, kind) VALUES (1, 1, 'Bodmin Library', 'community')",
    "INSERT INTO offer (id, venue_id, name, price_hours) VALUES (1, 1, 'Swim', 1)",
    "INSERT INTO desk (id, venue_id, name, key_sha256, made_at) VALUES (1, 1, 'Front desk', :desk_key, 1)",
    "INSERT INTO orders (id, series_id, first, last, design, host, public_key, bundle_size, actor, made_at)"
    " VALUES ('CWL26-001', 1, 1, 10, 'cornwall', 'NOTES.EXAMPLE.ORG', :zeros, 5, 'cli:me', 1771000000000000)",
    *(
        _MOVED.format(number, kind, 1 if kind == "issue" else "NULL", number)
        for number, kind in enumerate(("order", "print", "receive", "issue"), 1)
    ),
    "INSERT INTO holding (series_id, first, last, state, holder_id, movement_id) VALUES (1, 1, 10, 'issued', 1, 4)",
    "INSERT INTO allocation (series_id, last) VALUES (1, 10)",
    "INSERT INTO redemption (id, desk_id, venue_id, offer_id, request_sha256, outcome, hours, practice, offline, answer,"
    " scanned_at, at) VALUES ('00000000000000000000000000000009', 1, 1, 1, :zeros, 'accepted', 1, false, false, :answer,"
    " 1771000009000000, 1771000009000000)",
    "INSERT INTO redeemed_note (series_id, number, round, redemption_id, issued_to_id, title_id)"
    " VALUES (1, 3, 0, '00000000000000000000000000000009', 1, 4)",
    _LOGGED.format(0, "order", "CWL26-001", "order"),
    *(_LOGGED.format(place, "movement", f"{_ID}{place}", leaf) for place, leaf in enumerate("abcd", 1)),
    _LOGGED.format(5, "redemption", f"{_ID}9", "visit"),
    "INSERT INTO checkpoint (size, note, at) VALUES (6, :note, 1771000010000000)",
    "INSERT INTO log_key (id, key) VALUES (1, :key)",
]
"""Ten notes issued and one of them spent, as the program of 0002 wrote them."""


def upgrade(connection: sa.Connection, revision: str) -> None:
    """Bring books to an earlier revision."""
    config = schema._config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
