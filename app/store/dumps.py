"""Dumps: a whole live database written to a file while others go on writing, and read into an empty one.

SQLite by its own online backup, PostgreSQL by its own programs pg_dump and pg_restore.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.core.backup import Progress
from app.core.errors import BadBackup, BadInput, HournoteError, Unavailable
from app.store import log, schema
from app.store.database import Store

PAGES = 2000
"""Pages of SQLite between two signs of life."""

POLL_SECONDS = 0.2
_COPY = re.compile(rb"COPY [^;]+ FROM stdin;\n")


@dataclass(frozen=True, slots=True)
class Dumped:
    """What stands in a dump: the revision of its schema and the newest checkpoint of its log."""

    revision: str
    checkpoint: str | None


def dump(store: Store, path: Path, progress: Progress) -> Dumped:
    """Write one consistent state of the database to `path`. Raises Unavailable where the database's programs are missing
    or fail, BadInput where there is no room."""
    if store.engine.dialect.name == "sqlite":
        return _dump_sqlite(store, path, progress)
    return store.read(lambda connection: _dump_postgresql(connection, path, progress))


def load(connection: Connection, path: Path) -> None:
    """Read a dump of PostgreSQL into the empty database of `connection`, within its transaction. Raises as `dump`, and
    BadBackup for a dump that the server does not take."""
    with tempfile.TemporaryFile() as told:
        command = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=told) as running:  # noqa: S603 - of ours
            try:
                _replay(connection, running.stdout)
            finally:
                running.kill()
        if running.returncode not in (0, -9):
            raise BadBackup(f"pg_restore cannot read this backup ({_complaint(told)}): use a newer pg_restore.")


def is_sound(path: Path) -> bool:
    """Whether a file is a database of SQLite whose pages agree with one another."""
    try:
        with closing(sqlite3.connect(path)) as opened:
            return bool(opened.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


# --- SQLite


def _dump_sqlite(store: Store, path: Path, progress: Progress) -> Dumped:
    """Within one transaction that reads, so that writers go on and never make the copy begin anew."""
    with store.reading() as connection:
        dumped = _dumped(connection)
        source = connection.connection.driver_connection
        if not isinstance(source, sqlite3.Connection):
            raise AssertionError("an engine of SQLite gives connections of SQLite")
        try:
            with closing(sqlite3.connect(path)) as target:
                source.backup(target, pages=PAGES, progress=lambda _status, left, of: progress(of - left, of))
                target.execute("PRAGMA journal_mode = DELETE")  # one file, and none beside it
        except sqlite3.Error as error:
            raise BadInput(f"{path.parent} cannot take the backup ({error}): name another place.") from error
    return dumped


# --- PostgreSQL


def _dump_postgresql(connection: Connection, path: Path, progress: Progress) -> Dumped:
    program = _program("pg_dump")
    _check_version(program, connection)
    dumped = _dumped(connection)
    snapshot = connection.scalar(sa.text("SELECT pg_export_snapshot()"))
    where, environment = _address(connection)
    command = [
        program,
        "--format=custom",
        "--no-password",
        f"--snapshot={snapshot}",
        f"--file={path}",
        f"--dbname={where}",
    ]
    with tempfile.TemporaryFile() as told:
        with subprocess.Popen(command, stderr=told, env=environment) as running:  # noqa: S603 - of ours
            try:
                while running.poll() is None:
                    time.sleep(POLL_SECONDS)
                    progress(path.stat().st_size if path.exists() else 0, 0)
            except BaseException:
                running.kill()
                raise
        if running.returncode:
            raise Unavailable(f"pg_dump could not read the database ({_complaint(told)}): mend that, and try again.")
    return dumped


def _replay(connection: Connection, script: IO[bytes] | None) -> None:
    """Run what pg_restore writes: statements, and rows after each COPY until a line with `\\.`; what else begins with a
    backslash is for psql alone."""
    if script is None:
        raise AssertionError("its output was asked for")
    driver: Any = connection.connection.cursor()
    with _as_bad_backup(connection), closing(driver) as cursor:
        statements: list[bytes] = []
        for line in script:
            if _COPY.fullmatch(line):
                cursor.execute(b"".join(statements))
                statements.clear()
                with cursor.copy(line) as rows:
                    for block in _rows(script):
                        rows.write(block)
            elif not line.startswith(b"\\"):
                statements.append(line)
        cursor.execute(b"".join([*statements, b"RESET ALL;"]))


def _rows(script: IO[bytes]) -> Iterator[bytes]:
    """The rows of one COPY, a block at a time."""
    block: list[bytes] = []
    while (line := script.readline()) != b"\\.\n":
        if not line:
            raise BadBackup("The backup ends in the middle of a table: take an earlier one.")
        block.append(line)
        if len(block) == PAGES:
            yield b"".join(block)
            block.clear()
    yield b"".join(block)


@contextmanager
def _as_bad_backup(connection: Connection) -> Iterator[None]:
    driver: Any = connection.dialect.dbapi
    try:
        yield
    except driver.Error as error:
        what = str(error).strip().splitlines()[0]
        raise BadBackup(
            f"The database does not take this backup ({what}): restore it on a PostgreSQL as new as its own."
        ) from error


def _address(connection: Connection) -> tuple[str, dict[str, str]]:
    """How a program reaches the very server of a connection: as words that anybody may see, and an environment with the
    password."""
    info: Any = getattr(connection.connection.driver_connection, "info")  # noqa: B009 - any driver's
    driver: Any = connection.dialect.dbapi
    _, words = connection.dialect.create_connect_args(connection.engine.url)
    given = {name: value for name, value in words.items() if isinstance(value, str) and name not in _ELSEWHERE}
    password = given.pop("password", None)
    where = driver.conninfo.make_conninfo(**{**given, "host": info.host, "port": info.port})
    return where, {**os.environ, **({"PGPASSWORD": password} if password else {})}


_ELSEWHERE = {"host", "hostaddr", "port", "target_session_attrs", "load_balance_hosts"}


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Unavailable(f"The program {name} is not installed: apt-get install postgresql-client.")
    return found


def _check_version(program: str, connection: Connection) -> None:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    mine = re.search(r"\) (\d+)", told)
    theirs = int(connection.scalar(sa.text("SHOW server_version_num")) or 0) // 10_000
    if mine is None or int(mine[1]) < theirs:
        raise Unavailable(
            f"pg_dump is of version {mine[1] if mine else told.strip()} and the server of {theirs}: "
            f"apt-get install postgresql-client-{theirs}."
        )


def _dumped(connection: Connection) -> Dumped:
    revision = schema.revision(connection)
    if revision is None:
        raise HournoteError("There are no books in this database: nothing was written.")
    return Dumped(revision, log.newest_checkpoint(connection))


def _complaint(told: IO[bytes]) -> str:
    told.seek(0)
    lines = told.read().decode("utf-8", "replace").strip().splitlines()
    return next((line for line in lines if "error" in line), "it said nothing")
