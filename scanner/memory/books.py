"""The books of a desk on its disk: an SQLite file in WAL mode with `synchronous = FULL`.

What `change` returned from survives a kill and a power cut. `secure_delete` overwrites what is removed, so that no token
stays behind; `fold` empties the log of changes, in which it would stand a while longer.
"""

import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from app.core.errors import Unavailable
from scanner.memory.entries import Deed, Entry, State, serials_of

VERSION = 2
LEAST_FREE_BYTES = 8 * 1024 * 1024
"""Below it no visit is begun: the log of changes alone grows to half of that before it is folded in."""

PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "busy_timeout = 5000")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    place INTEGER PRIMARY KEY AUTOINCREMENT, deed TEXT NOT NULL, id TEXT NOT NULL, venue INTEGER, owner TEXT NOT NULL,
    attended INTEGER NOT NULL, at_ms INTEGER NOT NULL, scanned_at TEXT NOT NULL, told_at TEXT NOT NULL, state TEXT NOT NULL,
    is_open INTEGER NOT NULL, is_sent INTEGER NOT NULL, is_apart INTEGER NOT NULL, is_returned INTEGER NOT NULL,
    is_shown INTEGER NOT NULL, has_notice INTEGER NOT NULL, notes TEXT NOT NULL, serials TEXT NOT NULL, offer INTEGER,
    hours INTEGER NOT NULL, reason TEXT, why TEXT NOT NULL, answer TEXT NOT NULL, answered_ms INTEGER,
    UNIQUE (id, deed)
) STRICT;
CREATE INDEX IF NOT EXISTS entries_open ON entries (place) WHERE is_open;
CREATE INDEX IF NOT EXISTS entries_at ON entries (at_ms);
CREATE INDEX IF NOT EXISTS entries_answered ON entries (answered_ms);
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""
_FIRST = """
INSERT INTO entries (deed, id, venue, owner, attended, at_ms, scanned_at, told_at, state, is_open, is_sent, is_apart,
    is_returned, is_shown, has_notice, notes, serials, offer, hours, why, answer)
SELECT 'redeem', id, NULL, '', 0, CAST(strftime('%s', made_at) AS INTEGER) * 1000, json_extract(body, '$.scanned_at'), '',
    'asking', 1, 0, 0, 0, 0, 0, json_extract(body, '$.notes'), '[]', json_extract(body, '$.offer'), 0, '', '[]'
FROM visits WHERE state = 'waiting' ORDER BY made_at;
DROP TABLE visits;
"""
"""What waited in a journal of version 1 is asked about until there is an answer; of the others nothing is needed."""

_COLUMNS = tuple(each.name for each in fields(Entry))
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM entries"  # noqa: S608 -- our own words
_INSERT = f"INSERT INTO entries ({', '.join(_COLUMNS[1:])}) VALUES ({', '.join('?' * (len(_COLUMNS) - 1))})"  # noqa: S608
_UPDATE = f"UPDATE entries SET {', '.join(f'{name} = ?' for name in _COLUMNS[1:])} WHERE place = ?"  # noqa: S608
_LISTS = ("notes", "serials", "answer")
_WAYS_OUT = {
    "not a database": "move it away and tell the programme office",
    "malformed": "move it away and tell the programme office",
    "full": "make room on the disk",
    "readonly": "let this user write there, or set HOURNOTE_SCANNER_HOME",
    "locked": "end the other scanner that holds it",
}
"""By a word of what SQLite says."""


class Page:
    """The books within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def where(self, condition: str, *values: object) -> list[Entry]:
        """The entries of a condition in SQL, in their order."""
        rows = self._connection.execute(f"{_SELECT} WHERE {condition} ORDER BY place", values)
        return [_entry(row) for row in rows.fetchall()]

    def open(self) -> list[Entry]:
        """Those that are not settled."""
        return self.where("is_open")

    def deed(self, visit_id: str, deed: Deed) -> Entry | None:
        """The visit of an id, or the giving back of it."""
        return next(iter(self.where("id = ? AND deed = ?", visit_id, deed)), None)

    def add(self, entry: Entry) -> Entry:
        """A new entry, in its place at the end."""
        done = self._connection.execute(_INSERT, _values(entry))
        return replace(entry, place=done.lastrowid or 0)

    def put(self, entry: Entry) -> Entry:
        """An entry as it is now."""
        self._connection.execute(_UPDATE, [*_values(entry), entry.place])
        return entry

    def last_place(self) -> int:
        """That of the newest entry."""
        return int(self._connection.execute("SELECT coalesce(max(place), 0) FROM entries").fetchone()[0])

    def latest_ms(self, behind_place: int) -> int:
        """The largest moment that was written in the entries behind a place; 0 where there are none."""
        largest = "SELECT coalesce(max(max(at_ms, coalesce(answered_ms, 0))), 0) FROM entries WHERE place > ?"
        return int(self._connection.execute(largest, (behind_place,)).fetchone()[0])

    def remove(self, entry: Entry) -> None:
        """An entry that is of no use any more."""
        self._connection.execute("DELETE FROM entries WHERE place = ?", (entry.place,))

    def kept(self, name: str) -> Any:
        """A single record, None where there is none."""
        row = self._connection.execute("SELECT value FROM kept WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def keep(self, name: str, value: object) -> None:
        """A single record in place of the one before."""
        self._connection.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (name, json.dumps(value)))


class Books:
    """The open books; they may be used from several threads and processes. Raises Unavailable (`word` disk) where they can't."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock, self._was_written = path, threading.RLock(), True
        with self._honest():
            # Made by us first, so that it is never readable by others; SQLite gives its WAL the same mode.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            version = self._version()
            for pragma in PRAGMAS:
                self._connection.execute(f"PRAGMA {pragma}")
            self._draw(version)

    @contextmanager
    def change(self) -> Iterator[Page]:
        """Change the books: all of it is on the disk on return, or none of it is there."""
        with self._lock, self._honest():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Page(self._connection)
                self._connection.execute("COMMIT")
                self._was_written = True
            except BaseException:
                if self._connection.in_transaction:  # a full disk has ended it already
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Iterator[Page]:
        """Read the books as they are at one moment."""
        with self._lock, self._honest():
            self._connection.execute("BEGIN")
            try:
                yield Page(self._connection)
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def can_write(self) -> bool:
        """Whether the last change was kept, and there is room on the disk for more."""
        return self._was_written and self._has_room()

    def demand_room(self) -> None:
        """Raises Unavailable (`word` disk) where there is hardly room for another visit."""
        if not self._has_room():
            raise Unavailable(f"The disk of {self._path} is nearly full: make room on it.", word="disk")

    def _has_room(self) -> bool:
        try:
            return shutil.disk_usage(self._path.parent).free >= LEAST_FREE_BYTES
        except OSError:
            return False

    def fold(self) -> None:
        """Fold in and empty the log of changes, in which tokens still stand that were overwritten."""
        with self._lock, self._honest():
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Fold the log in and close."""
        try:
            self.fold()
        finally:
            with self._lock, self._honest():
                self._connection.close()

    def _version(self) -> int:
        version = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        if version > VERSION:
            self._connection.close()
            raise Unavailable(
                f"The journal {self._path} is of a newer scanner: update this one. What waits is kept in it.",
                word="disk",
            )
        return version

    def _draw(self, version: int) -> None:
        first = self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'visits'").fetchone()
        script = _SCHEMA + (_FIRST if version < VERSION and first else "")
        self._connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {VERSION}; COMMIT;")
        if first:
            with self.change() as page:
                for entry in page.where("serials = '[]'"):
                    page.put(replace(entry, serials=serials_of(entry.notes)))

    @contextmanager
    def _honest(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            self._was_written = False
            way_out = next((way for said, way in _WAYS_OUT.items() if said in str(error)), "look at the disk")
            sentence = f"The journal {self._path} cannot be kept ({error}): {way_out}."
            raise Unavailable(sentence, word="disk") from error
        except OSError as error:
            raise Unavailable(f"The journal {self._path} cannot be opened: {error.strerror}.", word="disk") from error


def _values(entry: Entry) -> list[object]:
    return [_value(entry, name) for name in _COLUMNS[1:]]


def _value(entry: Entry, name: str) -> object:
    value = getattr(entry, name)
    return json.dumps(value) if name in _LISTS else int(value) if isinstance(value, bool) else value


def _entry(row: tuple[Any, ...]) -> Entry:
    given = dict(zip(_COLUMNS, row, strict=True))
    given |= {name: tuple(json.loads(given[name])) for name in _LISTS}
    given |= {
        name: bool(value) for name, value in given.items() if name.startswith(("is_", "has_")) or name == "attended"
    }
    return Entry(**{**given, "deed": Deed(given["deed"]), "state": State(given["state"])})
