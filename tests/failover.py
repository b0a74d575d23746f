"""Three servers of PostgreSQL as they are in service: one primary, two synchronous standbys, all on the disk.

They are the same but for their names: each would follow whichever of the others takes writes, and each waits, while it is
the primary, until one of the others has a commit on its disk as well. `docs/deploy.md` sets them up in the same words.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

NAMES = ("a", "b", "c")
FIRST_PORT = 5431
WAIT_SECONDS = 60
_USER = "postgres" if os.getuid() == 0 else None
"""Whom the servers run as: they refuse to run as the superuser."""


@dataclass(frozen=True)
class Server:
    """One of them; its socket lies in the folder that all share, and its port tells it from the others."""

    programs: Path
    folder: Path
    name: str
    running: "list[subprocess.Popen[bytes]]" = field(default_factory=list, compare=False)

    @property
    def data(self) -> Path:
        """Where its files are."""
        return self.folder / self.name

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder / f"{self.name}.log"

    @property
    def port(self) -> int:
        """Its number among the sockets."""
        return FIRST_PORT + NAMES.index(self.name)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs, as the user that it asks for."""
        command = [str(self.programs / program), *arguments]
        subprocess.run(command, check=True, cwd=self.folder, user=_USER, group=_USER, stdout=subprocess.DEVNULL)

    def make(self, *, waits: bool = True) -> None:
        """The first server, with a slot for each of the others; `waits` for one of them to have a commit as well."""
        self.run(
            "initdb", "-D", str(self.data), "--no-locale", "--auth=trust", "--username=postgres", "--encoding=UTF8"
        )
        self._configure(waits=waits)
        self.start()
        self._make_slots()

    def follow(self, primary: "Server") -> None:
        """Begin anew as a copy of the primary, and follow whoever takes writes."""
        shutil.rmtree(self.data, ignore_errors=True)
        where = f"host={self.folder} port={primary.port} user=postgres"
        self.run("pg_basebackup", "-d", where, "-D", str(self.data), "-S", self.name, "--checkpoint=fast", "--no-sync")
        self._configure()
        (self.data / "standby.signal").touch()
        self.start()
        self._make_slots()

    def start(self) -> None:
        """Start it and wait until it answers; after `kill`, it first recovers what was committed from its log."""
        for _try in range(20):  # a process of the one before may still be about to end
            if self._begin():
                return
            time.sleep(0.5)
        raise AssertionError(self.log.read_text("utf-8")[-2000:])

    def _begin(self) -> bool:
        command = [str(self.programs / "postgres"), "-D", str(self.data)]
        with self.log.open("ab") as told:
            started = subprocess.Popen(command, cwd=self.folder, user=_USER, group=_USER, stdout=told, stderr=told)
        wait_until(lambda: started.poll() is not None or self._answers(), f"{self.name} answers")
        if started.poll() is None:
            self.running.append(started)
        return started.poll() is None

    def kill(self) -> None:
        """`kill -9` for the server and all that it started; nobody has a word to say first."""
        server = self.running.pop()
        server.send_signal(signal.SIGSTOP)
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(server.pid)], capture_output=True, text=True, check=False
        )
        for process in map(int, listed.stdout.split()):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        server.kill()
        server.wait()

    def stop(self) -> None:
        """Stop it, where it still runs."""
        for server in self.running:
            server.send_signal(signal.SIGQUIT)
            server.wait()
        self.running.clear()

    def _answers(self) -> bool:
        try:
            return bool(self.ask("SELECT true"))
        except psycopg.OperationalError:
            return False

    def ask(self, question: str, database: str = "postgres") -> Any:
        """The first value of an answer, None where there is none."""
        where = f"host={self.folder} port={self.port} user=postgres dbname={database}"
        with psycopg.connect(where, autocommit=True) as connection:
            answer = connection.execute(question.encode())
            row = answer.fetchone() if answer.description else None
        return row[0] if row else None

    def url(self, database: str) -> str:
        """Its address alone."""
        return f"postgresql://postgres@/{database}?host={self.folder}&port={self.port}"

    def received(self) -> int:
        """How far it has the log of its primary on its disk, in bytes."""
        return int(self.ask("SELECT pg_last_wal_receive_lsn() - '0/0'"))

    def promote(self) -> None:
        """Make it the primary."""
        assert self.ask("SELECT pg_promote()")

    def streaming(self) -> set[str]:
        """Who follows it."""
        listed = self.ask("SELECT coalesce(string_agg(application_name, ' '), '') FROM pg_stat_replication")
        return set(str(listed).split())

    def _make_slots(self) -> None:
        for other in set(NAMES) - {self.name}:
            self.ask(f"SELECT pg_create_physical_replication_slot('{other}')")

    def _configure(self, *, waits: bool = True) -> None:
        ports = ",".join(str(FIRST_PORT + place) for place in range(len(NAMES)))
        everyone = f"host={self.folder},{self.folder},{self.folder} port={ports} target_session_attrs=read-write"
        settings = {
            "listen_addresses": "", "unix_socket_directories": str(self.folder), "port": str(self.port),
            "shared_buffers": "32MB", "synchronous_standby_names": f"ANY 1 ({', '.join(NAMES)})" if waits else "",
            "primary_conninfo": f"{everyone} user=postgres application_name={self.name}",
            "primary_slot_name": self.name, "wal_retrieve_retry_interval": "500ms",
        }  # fmt: skip
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())


@dataclass(frozen=True)
class Three:
    """The three servers."""

    folder: Path
    servers: tuple[Server, Server, Server]

    def url(self, database: str) -> str:
        """The one address of all three: whoever takes writes is found."""
        hosts = "&".join(f"host={self.folder}:{each.port}" for each in self.servers)
        return f"postgresql://postgres@/{database}?{hosts}&target_session_attrs=read-write"


@contextmanager
def three(programs: Path) -> Iterator[Three]:
    """Start a primary and two standbys that follow it, and stop all at the end."""
    with _servers(programs) as (first, second, third):
        first.make()
        for standby in (second, third):
            standby.follow(first)
        wait_until(lambda: first.streaming() == {"b", "c"}, "both follow")
        yield Three(first.folder, (first, second, third))


@contextmanager
def lone(programs: Path) -> Iterator[Server]:
    """Start a server that has no standby."""
    with _servers(programs) as (first, _second, _third):
        first.make(waits=False)
        yield first


@contextmanager
def _servers(programs: Path) -> Iterator[tuple[Server, Server, Server]]:
    folder = Path(tempfile.mkdtemp(prefix="hournote-three-"))
    if _USER is not None:
        shutil.chown(folder, _USER, _USER)
    first, second, third = (Server(programs, folder, name) for name in NAMES)
    try:
        yield first, second, third
    finally:
        for each in (first, second, third):
            each.stop()
        shutil.rmtree(folder, ignore_errors=True)


def wait_until(done: Callable[[], bool], what: str) -> None:
    """Look again until it is so."""
    for _try in range(WAIT_SECONDS * 10):
        if done():
            return
        time.sleep(0.1)
    raise AssertionError(f"not within a minute: {what}")
