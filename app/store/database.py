"""The database: how it is opened, and how a transaction is run.

SQLite takes its write lock first (BEGIN IMMEDIATE) and so never finds half-way through that it may not write, and those
who write queue for it; PostgreSQL is run again from the top when it loses a race. Deeds of which there are many at once
are committed together, on either. One code path serves both.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core.errors import BadSettings, Unavailable
from app.store.turns import Group, Turn

I = TypeVar("I")  # noqa: E741
T = TypeVar("T")
TRIES = 6
LOCK_WAIT_SECONDS = 30
_NEVER = {"file is not a database", "unable to open database file"}
"""What SQLite says where trying again cannot help."""

_RACES = {"40001", "40P01"}
"""SQLSTATE of a serialisation failure and of a deadlock."""

_ONLY_READS = "25006"
_AWAY = {_ONLY_READS, "57P01", "57P02", "57P03"}
"""SQLSTATE of a server that only reads, stops, crashed or starts: another host of the address may do better."""

_PATIENCE = {"connect_timeout": "5", "tcp_user_timeout": "10000", "keepalives_idle": "10", "keepalives_interval": "5"}
"""How long a server that is silent is believed (seconds; tcp_user_timeout in milliseconds), unless the address says."""


class Store:
    """An open database. `write` and `read` run a function in one transaction each, `together` several at once in one."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._turn: AbstractContextManager[None] = _turn(engine)
        self._groups: dict[Callable[..., Any], Group[Any, Any]] = {}

    def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` gives, once its transaction is committed. `work` may be run again after a lost race, so it reads
        anew each time and touches nothing but the connection. Raises Unavailable when the database cannot be reached."""
        for tries_left in reversed(range(TRIES)):
            try:
                with self._turn, self.engine.begin() as connection:
                    return work(connection)
            except (DatabaseError, PoolTimeout) as error:
                if not tries_left or not _worth_another_try(error):
                    raise _unavailable(error, writes=True) from error
                self._wait(error)
        raise AssertionError("unreachable")

    def together(self, work: Callable[[Connection, Sequence[I]], Sequence[T | Exception]], item: I) -> T:
        """What `work` gives for `item`, in one transaction with all that other threads ask of `work` meanwhile.

        `work`, a function at the top of its module, gives for each item its answer, or an exception for that one alone to
        be raised; where it raises one itself, each item is tried once more alone.
        """
        group = self._groups.get(work)
        if group is None:
            group = self._groups.setdefault(work, Group(lambda items: self._done(work, items)))
        return group.submit(item)  # type: ignore[no-any-return]

    def _done(
        self, work: Callable[[Connection, Sequence[I]], Sequence[T | Exception]], items: Sequence[I]
    ) -> Sequence[T | Exception]:
        try:
            return self.write(lambda connection: work(connection, items))
        except Exception as error:
            if len(items) == 1 or isinstance(error, Unavailable):
                return [error] * len(items)
            return [self._done(work, [item])[0] for item in items]

    def _wait(self, error: DatabaseError | PoolTimeout) -> None:
        """Before another try: for whoever was first to be done, or for a server to come back or take over."""
        if _state(error) == _ONLY_READS:  # its connections are alive, so that nobody else gives them up
            self.engine.dispose()
        time.sleep(random.uniform(0.2, 0.6) if _is_away(error) else random.uniform(0, 0.02))  # noqa: S311

    def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` gives, reading one consistent state of the books."""
        with self.reading() as connection:
            return work(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads."""
        try:
            with self.engine.connect().execution_options(**_READING[self.engine.dialect.name]) as connection:
                yield connection
        except (DatabaseError, PoolTimeout) as error:
            raise _unavailable(error) from error

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def lock_series(connection: Connection, series_ids: Sequence[int], *, shared: bool) -> None:
    """Make movements of a series wait for redemptions of it and for one another; SQLite has locked all already.

    A statement of its own, so that what is read after it is as new as the lock (READ COMMITTED).
    """
    if connection.dialect.name == "postgresql" and series_ids:
        connection.execute(_LOCKS[shared], {"ids": sorted(set(series_ids))})


def added(connection: Connection, table: sa.Table, **values: Any) -> int:
    """Insert a row; gives its id."""
    return int(connection.execute(table.insert().values(**values).returning(table.c.id)).scalar_one())


_LOCKS = {
    True: sa.text("SELECT pg_advisory_xact_lock_shared(id) FROM unnest(CAST(:ids AS int[])) AS id"),
    False: sa.text("SELECT pg_advisory_xact_lock(id) FROM unnest(CAST(:ids AS int[])) AS id"),
}

_READING: dict[str, dict[str, Any]] = {
    "sqlite": {"reads_only": True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


def open_store(url: str) -> Store:
    """Open the database at `url`. Raises BadSettings when it is no URL of SQLite or PostgreSQL."""
    address = _address(url)
    try:
        if address.get_backend_name() == "sqlite":
            return Store(_sqlite(address))
        return Store(_postgresql(address))
    except ModuleNotFoundError as error:
        raise BadSettings("PostgreSQL needs psycopg: install hournote[postgres].") from error


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise BadSettings(
            "HOURNOTE_DATABASE_URL is not the URL of a database: write sqlite:///path or postgresql://…"
        ) from error
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    if address.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise BadSettings(f"HOURNOTE_DATABASE_URL names {address.drivername}: SQLite and PostgreSQL are supported.")
    return address


def _turn(engine: Engine) -> AbstractContextManager[None]:
    """Whoever writes to SQLite waits for his turn, among the threads and the processes of this machine."""
    if engine.dialect.name != "sqlite":
        return nullcontext()
    path = engine.url.database
    return Turn(Path(f"{path}-turn") if path else None)


def _postgresql(address: URL) -> Engine:
    patient = address.update_query_dict({**_PATIENCE, **address.query})
    engine = sa.create_engine(patient, pool_pre_ping=True, hide_parameters=True)
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """No statement of ours runs for long enough to be worth compiling, which takes a fifth of a second where the planner, before
    it has statistics, thinks otherwise. Set here and not in the address: a pooler refuses options that it does not know."""
    connection.autocommit = True
    connection.execute("SET jit = off")
    connection.autocommit = False


def _sqlite(address: URL) -> Engine:
    if address.database:
        folder = Path(address.database).parent
        if not folder.is_dir():
            raise BadSettings(f"There is no folder {folder} for the database: make it, or run `hournote init`.")
    engine = sa.create_engine(address, connect_args={"timeout": LOCK_WAIT_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN would come too late
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _worth_another_try(error: DatabaseError | PoolTimeout) -> bool:
    if isinstance(error, IntegrityError):
        return True  # another was first; the next pass sees what it did and answers by that
    if _is_away(error):
        return True
    if not isinstance(error, OperationalError):
        return False
    return getattr(error.orig, "sqlstate", None) in _RACES or error.connection_invalidated


def _is_away(error: DatabaseError | PoolTimeout) -> bool:
    """Whether PostgreSQL cannot be reached, or is not the one to write to, for the moment at least."""
    state = _state(error)
    return state in _AWAY or (state is None and isinstance(error, OperationalError))


def _state(error: DatabaseError | PoolTimeout) -> str | None:
    """What PostgreSQL calls an error, None where it said nothing; empty for those of others."""
    state: str | None = getattr(getattr(error, "orig", None), "sqlstate", "")
    return state


def _unavailable(error: DatabaseError | PoolTimeout, *, writes: bool = False) -> Exception:
    """What to raise: an answer where the database is busy, gone or no database at all, else the surprise itself."""
    if isinstance(error, PoolTimeout):
        return Unavailable("Too many are asking at once: try again.")
    surprises = not isinstance(error, OperationalError) and type(error) is not DatabaseError
    if surprises and not (writes and _is_away(error)):
        return error
    what = str(error.orig).strip().splitlines()[0]
    if what in _NEVER:
        return BadSettings(f"HOURNOTE_DATABASE_URL names what is no database ({what}): name another, or move it away.")
    return Unavailable(f"The database cannot answer now ({what}): try again, and tell the national office if it lasts.")
