"""The journal: every visit, written down before anything is sent, so that no crash forgets one that was begun.

SQLite in WAL mode with `synchronous = FULL`: a visit that `add` returned from survives a kill and a power cut. While a
visit waits, the journal must hold its tokens to send them; with the answer each token gives way to its serial, and
`secure_delete` overwrites the old row.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.core import token as tokens
from app.core.errors import BadToken, Unavailable
from scanner.home import Home

KEPT = timedelta(days=60)
"""How long answered visits stay, for a person who asks what became of one."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS visits (
    id TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    made_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'answered')),
    answer TEXT CHECK ((answer IS NULL) = (state = 'waiting')),
    tries INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS visits_by_state ON visits (state, tries, made_at);
"""
_WAITING_FOR = """
SELECT id FROM visits WHERE state = 'waiting'
AND json_extract(body, '$.notes') = json(?) AND json_extract(body, '$.offer') IS ? ORDER BY made_at LIMIT 1
"""
VERSION = 1
"""Of the journal, in its `user_version`; those before it was counted have 0 and the same tables."""

_WAYS_OUT = {
    "not a database": "move it away and tell the programme office",
    "malformed": "move it away and tell the programme office",
    "full": "make room on the disk",
    "readonly": "let this user write there, or set HOURNOTE_SCANNER_HOME",
    "locked": "end the other scanner that holds it",
}
"""By a word of what SQLite says."""

_PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "busy_timeout = 5000")


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that waits: its id (a UUID), the body of its PUT, and how often it was sent in vain."""

    id: str
    body: dict[str, Any] = field(repr=False)
    tries: int = 0

    @property
    def serials(self) -> list[str]:
        """The canonical serials of its notes."""
        return [_serial(text) for text in self.body["notes"]]


class Journal:
    """The open journal; it may be used from several threads and processes. Raises Unavailable when it cannot be kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        with self._honest():
            # Made by us first, so that it is never readable by others; SQLite gives its WAL the same mode.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._books = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._refuse_newer()
            for pragma in _PRAGMAS:
                self._books.execute(f"PRAGMA {pragma}")
            self._books.executescript(f"{_SCHEMA}PRAGMA user_version = {VERSION};")

    def add(self, visit: Visit, made_at: datetime) -> None:
        """Write a visit down; on return it is on the disk."""
        self._do(
            "INSERT INTO visits (id, body, made_at) VALUES (?, ?, ?)", visit.id, json.dumps(visit.body), _text(made_at)
        )

    def next_waiting(self) -> Visit | None:
        """The visit to send next: the one least often tried, so that an unlucky one holds up nobody else."""
        rows = self._do("SELECT id, body, tries FROM visits WHERE state = 'waiting' ORDER BY tries, made_at LIMIT 1")
        return Visit(rows[0][0], json.loads(rows[0][1]), rows[0][2]) if rows else None

    def waiting_for(self, text: str, offer: str | int | None) -> str | None:
        """The id of the visit that waits to spend this very note for this offer, if there is one."""
        rows = self._do(_WAITING_FOR, json.dumps([text]), offer)
        return str(rows[0][0]) if rows else None

    def count(self, state: str = "waiting") -> int:
        """How many visits wait, or are answered."""
        return int(self._do("SELECT count(*) FROM visits WHERE state = ?", state)[0][0])

    def tried(self, visit: Visit) -> None:
        """It was sent and no answer came."""
        self._do("UPDATE visits SET tries = tries + 1 WHERE id = ?", visit.id)

    def answered(self, visit: Visit, answer: Mapping[str, object]) -> None:
        """Keep the answer, and serials in the place of tokens."""
        body = json.dumps({**visit.body, "notes": visit.serials})
        done = "UPDATE visits SET state = 'answered', answer = ?, body = ?, tries = tries + 1 WHERE id = ?"
        self._do(done, json.dumps(answer), body, visit.id)

    def forget(self, now: datetime) -> None:
        """Drop the answered visits that are older than `KEPT`; those that wait are never dropped."""
        self._do("DELETE FROM visits WHERE state = 'answered' AND made_at < ?", _text(now - KEPT))

    def fold(self) -> None:
        """Fold in and empty the log of changes, in which the tokens of answered visits still stand."""
        self._do("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Fold the log in and close."""
        self.fold()
        with self._lock, self._honest():
            self._books.close()

    def _do(self, statement: str, *values: object) -> list[Any]:
        with self._lock, self._honest():
            return self._books.execute(statement, values).fetchall()

    def _refuse_newer(self) -> None:
        if self._books.execute("PRAGMA user_version").fetchone()[0] > VERSION:
            self._books.close()
            raise Unavailable(
                f"The journal {self._path} is of a newer scanner: update this one. What waits is kept in it."
            )

    @contextmanager
    def _honest(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            way_out = next((way for said, way in _WAYS_OUT.items() if said in str(error)), "look at the disk")
            raise Unavailable(f"The journal {self._path} cannot be kept ({error}): {way_out}.") from error
        except OSError as error:
            raise Unavailable(f"The journal {self._path} cannot be opened: {error.strerror}.") from error


@contextmanager
def open_journal(home: Home) -> Iterator[Journal]:
    """The journal of a home, with what is older than it is kept for dropped. Raises Unavailable."""
    home.make()
    journal = Journal(home.journal)
    try:
        journal.forget(datetime.now(UTC))
        yield journal
    finally:
        journal.close()


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _serial(text: str) -> str:
    """The serial in a token; a serial typed by hand stands for itself."""
    try:
        return str(tokens.parse(text).serial)
    except BadToken:
        return text
