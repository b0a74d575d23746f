"""A PostgreSQL of our own for the length of a test session: Debian's programs, a private folder and a Unix socket."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

NOT_INSTALLED = "PostgreSQL is not installed: apt-get install postgresql."
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "listen_addresses": "''",
}

_DURABLE = {
    "autovacuum": "off",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "listen_addresses": "''",
}
"""Every commit is on the disk when it is acknowledged, as in service."""


@dataclass(frozen=True)
class Cluster:
    """A running server; every database of it is reached through the socket in its folder."""

    folder: Path

    def url(self, database: str) -> str:
        """The address of a database for HOURNOTE_DATABASE_URL."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def create(self, database: str, *, template: str = "template0") -> str:
        """Make a database, a copy of `template`, to which nobody may be connected; gives its address."""
        self._run(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, and throw out whoever is connected."""
        self._run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


def programs() -> Path | None:
    """The folder of the newest PostgreSQL of this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def cluster(programs: Path, *, durable: bool = False) -> Iterator[Cluster]:
    """Start a server with nothing in it, and stop it at the end. The superuser lends it to the user postgres."""
    folder = Path(tempfile.mkdtemp(prefix="hournote-pg-"))
    data, who = folder / "data", "postgres" if os.getuid() == 0 else None
    if who is not None:
        shutil.chown(folder, who, who)
    settings = " ".join(f"-c {name}={value}" for name, value in (_DURABLE if durable else _SETTINGS).items())
    start = ["start", "-w", "-s", "-l", str(folder / "log"), "-o", f"-k {folder} {settings}"]

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(data), *arguments]
        subprocess.run(command, check=True, cwd=folder, user=who, group=who, stdout=subprocess.DEVNULL)

    try:
        run("initdb", "--no-sync", "--no-locale", "--auth=trust", "--username=postgres", "--encoding=UTF8")
        run("pg_ctl", *start)
        try:
            yield Cluster(folder)
        finally:
            run("pg_ctl", "stop", "-m", "immediate", "-s")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
