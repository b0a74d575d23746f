"""Where the hammer strikes: books with one series of notes, and the service in front of them, which can be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from uuid import uuid4

from app.core import job as jobs
from app.core.lifecycle import Kind
from app.services import balancing, books, custody, desks, directory, press
from app.services.press import OrderRequest
from tests.world import ACTOR, DESIGNS, HOST

SERIES = "CWL26"
ORGANISATIONS = ("YMCA Cornwall", "Bodmin Way Time Bank", "Truro Food Bank")
"""One for each office: all three try to issue the same notes, each to its own."""

VENUES = ("Carn Brea Leisure Centre", "Bodmin Library", "Truro Swimming Pool", "Hall for Cornwall")
BUNDLE = 50
CHECKPOINT_SEED = bytes(range(32))
START_WITHIN_S = 60.0


@dataclass(frozen=True)
class Place:
    """Books in which a series is in stock: their address, the texts of its notes, and a key for each desk."""

    url: str
    folder: Path
    tokens: Sequence[str]
    keys: Sequence[str]
    desk_ids: Sequence[int]

    @property
    def last(self) -> int:
        """The last number of the series."""
        return len(self.tokens)


def prepare(url: str, folder: Path, *, notes: int, desks_each: int = 4) -> Place:
    """Make the books, with `notes` notes printed and in stock, by the same verbs as an office's."""
    books.migrate_books(url)
    store, now = books.open_books(url), datetime.now(UTC)
    try:
        directory.add_programme(store, code="CWL", name="Cornwall")
        for name in ORGANISATIONS:
            directory.add_organisation(store, programme="CWL", name=name)
        made = []
        for name in VENUES:
            directory.add_venue(store, programme="CWL", name=name, kind="community")
            made += [desks.add_desk(store, venue=name, name=f"Desk {nth}", now=now) for nth in range(desks_each)]
        request = OrderRequest(SERIES, notes, "cornwall", bundle_size=BUNDLE)
        ordered = press.order_notes(
            store, request=request, host=HOST, designs=DESIGNS, out=folder / "jobs", actor=ACTOR, now=now,
            request_id=uuid4(), workers=1,
        )  # fmt: skip
        order = ordered.order.id
        balancing.balance_order(store, order=order, spoiled=[], missing=[], actor=ACTOR, now=now, request_id=uuid4())
        custody.move_span(store, kind=Kind.RECEIVE, named=order, actor=ACTOR, now=now, request_id=uuid4())
        with ordered.job.open("rb") as file, jobs.JobFile(file) as job:
            tokens = list(job.texts())
        return Place(url, folder, tokens, [each.key for each in made], [each.desk.id for each in made])
    finally:
        store.close()


@dataclass
class Service:
    """`hournote serve` on a port of this machine alone, with its processes in a group of their own."""

    place: Place
    workers: int = 2
    port: int = field(default_factory=lambda: _free_port())
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it can serve."""
        settings = {
            "HOURNOTE_DATABASE_URL": self.place.url,
            "HOURNOTE_INSTANCE": str(self.place.folder / "instance"),
            "HOURNOTE_CHECKPOINT_KEY": CHECKPOINT_SEED.hex(),
            "HOURNOTE_NOTE_HOST": HOST,
        }
        words = ("serve", "--port", str(self.port), "--workers", str(self.workers))
        with (self.place.folder / "service.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hournote", *words], env=os.environ | settings, start_new_session=True,
                stdout=log, stderr=log, cwd=Path(__file__).parents[2],
            )  # fmt: skip
        self._wait()

    @property
    def has_ended(self) -> bool:
        """Whether it ended without being killed."""
        return self._process is not None and self._process.poll() is not None

    def kill(self) -> None:
        """`kill -9` for each of its processes."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _wait(self) -> None:
        until = time.monotonic() + START_WITHIN_S
        while not self._is_ready():
            if self.has_ended or time.monotonic() > until:
                raise RuntimeError(f"The service does not start: see {self.place.folder / 'service.log'}.")
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
