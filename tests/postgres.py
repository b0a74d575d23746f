"""A PostgreSQL of our own for the length of a test session: Debian's programs, a private folder and a Unix socket."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests import once

NOT_INSTALLED = "PostgreSQL is not installed: apt-get install postgresql."
_EVERYWHERE = {"wal_level": "minimal", "max_wal_senders": "0", "max_connections": "100", "listen_addresses": "''"}
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
}
"""For tests that ask nothing of the disk."""

_DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
}
"""As it is in service: a commit is on the disk before it is acknowledged."""


@dataclass(frozen=True)
class Cluster:
    """A running server; every database of it is reached through the socket in its folder."""

    folder: Path
    programs: Path
    settings: tuple[tuple[str, str], ...]

    def url(self, database: str) -> str:
        """The address of a database for HOURNOTE_DATABASE_URL."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def create(self, database: str, *, template: str = "template0") -> str:
        """Make a database, a copy of `template`, to which nobody may be connected; gives its address."""
        self._run(f'CREATE DATABASE "{database}" TEMPLATE "{template}" {self._strategy}')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, and throw out whoever is connected."""
        self._run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def start(self) -> None:
        """Start the server; after `kill`, it first recovers what was committed from its log."""
        settings = " ".join(f"-c {name}={value}" for name, value in self.settings)
        self._control("start", "-w", "-t", "120", "-l", str(self.folder / "log"), "-o", f"-k {self.folder} {settings}")

    def stop(self) -> None:
        """Stop it at once, where it still runs."""
        with suppress(subprocess.CalledProcessError):
            self._control("stop", "-m", "immediate")

    def kill(self) -> None:
        """`kill -9` for the server and every process of it: none has a word to say first."""
        server = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(server, signal.SIGSTOP)  # so that it starts no other meanwhile
        for process in (server, *_children(server)):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        _wait_for_end(server)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the user that it asks for."""
        subprocess.run(
            [str(self.programs / program), *arguments],
            check=True, cwd=self.folder, user=_user(), group=_user(), capture_output=True,
        )  # fmt: skip

    @property
    def _strategy(self) -> str:
        """In memory a copy of the files costs least; on a disk what they hold does, which before 15 cannot be said."""
        return "STRATEGY FILE_COPY" if self.folder.is_relative_to(once.MEMORY) and _version(self.programs) >= 15 else ""

    def _control(self, *arguments: str) -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-s", *arguments)

    def _run(self, statement: str) -> None:
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


def programs() -> Path | None:
    """The folder of the newest PostgreSQL of this machine."""
    found = sorted((path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")), key=_version)
    return found[-1] if found else None


@contextmanager
def cluster(programs: Path, *, durable: bool = False, **more: str) -> Iterator[Cluster]:
    """Start a server with nothing in it, with `more` settings, and stop it at the end.

    `durable`: every commit is on the disk when it is acknowledged. The superuser lends it to the user postgres.
    """
    folder = Path(tempfile.mkdtemp(prefix="hournote-pg-"))
    if (user := _user()) is not None:
        shutil.chown(folder, user, user)
    settings = _EVERYWHERE | (_DURABLE if durable else _FAST) | more
    made = Cluster(folder, programs, tuple(settings.items()))
    try:
        words = ("--no-sync", "--no-locale", "--auth=trust", "--username=postgres", "--encoding=UTF8")
        made.run("initdb", "-D", str(folder / "data"), *words)
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _version(programs: Path) -> int:
    return int(programs.parent.name)


def _user() -> str | None:
    """Whom it runs as, None for whoever runs this: it refuses to run as the superuser."""
    return "postgres" if os.getuid() == 0 else None


def _wait_for_end(process: int) -> None:
    """Until the system has forgotten a killed process: one that it remembers keeps a new server from starting."""
    for _tenth in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)


def _children(process: int) -> list[int]:
    """The processes that a process started."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True).stdout
    pairs = (line.split() for line in listed.splitlines())
    return [int(child) for child, parent in pairs if int(parent) == process]
