"""Transactions: whole or not at all, told in a sentence when the database cannot answer, and no secret in an error."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.core.errors import Unavailable
from app.services import books
from app.store import database
from app.store.database import Store, added
from app.store.tables import Moment, programme


def add(connection: Connection, code: str = "CWL") -> int:
    return added(connection, programme, code=code, name="Cornwall")


def test_work_that_fails_leaves_nothing(store: Store) -> None:
    def work(connection: Connection) -> None:
        add(connection)
        raise RuntimeError("the lights went out")

    with pytest.raises(RuntimeError, match="the lights went out"):
        store.write(work)
    assert store.read(lambda connection: connection.scalar(sa.select(sa.func.count()).select_from(programme))) == 0


def test_a_lost_race_is_run_again_from_the_top(store: Store) -> None:
    """Another adds the row between our look and our insert; the second pass sees it."""
    tries = []

    def work(connection: Connection) -> str:
        tries.append(1)
        if len(tries) > 1:
            return "somebody was first"
        add(connection)
        add(connection)
        return "added"

    assert store.write(work) == "somebody was first"


def test_a_contradiction_that_stays_is_raised_as_it_is(store: Store) -> None:
    def work(connection: Connection) -> None:
        add(connection)
        add(connection)

    with pytest.raises(IntegrityError) as raised:
        store.write(work)
    assert "Cornwall" not in str(raised.value), "an error in a log tells no values"


def test_reading_cannot_write_on_postgresql(store: Store) -> None:
    if store.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no transactions that only read.")
    with pytest.raises(sa.exc.InternalError):
        store.read(add)


def test_a_read_sees_one_state_of_the_books(store: Store) -> None:
    count = sa.select(sa.func.count()).select_from(programme)

    def work(reading: Connection) -> list[int | None]:
        before = reading.scalar(count)
        store.write(add)
        return [before, reading.scalar(count)]

    assert store.read(work) == [0, 0]


def test_a_busy_database_is_unavailable_and_not_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LOCK_WAIT_SECONDS", 0)
    url = f"sqlite:///{tmp_path / 'books.db'}"
    books.migrate_books(url)
    store = books.open_books(url)
    other = sqlite3.connect(tmp_path / "books.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(Unavailable, match="database is locked"):
            store.write(add)
    finally:
        other.close()
        store.close()


def test_too_many_at_once_is_unavailable_and_not_broken(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'books.db'}"
    books.migrate_books(url)
    engine = sa.create_engine(url, pool_size=1, max_overflow=0, pool_timeout=0)
    store = Store(engine)
    with engine.connect(), pytest.raises(Unavailable, match="Too many are asking at once"):
        store.read(add)
    store.close()


def test_a_question_that_is_no_sql_is_a_surprise(store: Store) -> None:
    with pytest.raises((ProgrammingError, Unavailable)):
        store.read(lambda connection: connection.exec_driver_sql("SELECT nothing FROM nowhere"))


def test_sqlite_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'books.db'}"
    books.migrate_books(url)
    store = books.open_books(url)
    pragmas = store.read(
        lambda connection: [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    )
    store.close()
    assert pragmas == ["wal", 2, 1]


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))])))
def test_a_time_comes_back_to_the_microsecond(at: datetime) -> None:
    moment, dialect = Moment(), sqlite.dialect()
    if not datetime(1, 1, 2, tzinfo=UTC) < at < datetime(9999, 12, 30, tzinfo=UTC):
        return
    assert moment.process_result_value(moment.process_bind_param(at, dialect), dialect) == at


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        Moment().process_bind_param(datetime(2026, 3, 1), sqlite.dialect())


def test_a_write_waits_for_a_server_that_is_away_and_then_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("app.store.database.time.sleep", waited.append)
    store = database.open_store("postgresql://nobody@127.0.0.1:1/books")
    with pytest.raises(Unavailable, match="The database cannot answer now"):
        store.write(add)
    store.close()
    assert len(waited) == database.TRIES - 1
    assert 1 <= sum(waited) <= 5, "seconds: long enough for a restart, too short to keep a counter waiting"


def test_a_server_that_only_reads_is_left_for_another(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was the primary a moment ago: the pool is given up, and the address asked anew."""
    if store.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one server, this process.")
    monkeypatch.setattr("app.store.database.time.sleep", lambda _seconds: None)
    pools = []

    def work(connection: Connection) -> None:
        pools.append(store.engine.pool)
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        add(connection)

    with pytest.raises(Unavailable, match="read-only"):
        store.write(work)
    assert len({id(pool) for pool in pools}) == database.TRIES


def test_a_silent_server_is_not_waited_for_longer_than_the_address_says() -> None:
    store = database.open_store("postgresql://nobody@127.0.0.1:1/books?connect_timeout=2")
    query = store.engine.url.query
    store.close()
    assert (query["connect_timeout"], query["tcp_user_timeout"]) == ("2", "10000")


def test_postgresql_compiles_no_statement_and_leaves_no_transaction_open(store: Store) -> None:
    if store.engine.dialect.name == "sqlite":
        pytest.skip("SQLite compiles every statement, at once.")
    assert store.read(lambda connection: connection.exec_driver_sql("SHOW jit").scalar()) == "off"
    with store.engine.connect() as connection:
        assert connection.connection.driver_connection is not None
        assert connection.connection.driver_connection.info.transaction_status.name == "IDLE"
