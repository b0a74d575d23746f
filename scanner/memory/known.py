"""What the desk knows of all notes: a snapshot in the scanner's home, brought up to date by changes."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import HournoteError, NotFound, Refused
from app.core.knowledge import NOTHING, Knowledge
from scanner.client import Client
from scanner.home import Home
from scanner.memory import owed, told
from scanner.memory.books import Books
from scanner.memory.clock import Clock


@dataclass(frozen=True, slots=True)
class Known:
    """The books as of `known_at_ms`, by the desk's clock; None before they were ever fetched."""

    books: Knowledge = field(repr=False)
    known_at_ms: int | None


class Learning:
    """Reads and refreshes what is known. The snapshot is written before the time that it is of: a kill between makes it older."""

    def __init__(self, home: Home, books: Books, client: Client, clock: Clock) -> None:
        self._home, self._books, self._client, self._clock = home, books, client, clock
        self._lock = threading.Lock()
        self._raw: dict[str, Any] | None = None
        self._read = NOTHING

    def current(self) -> Known:
        """What is known now, of what another process fetched too. Raises Unavailable (`word` disk)."""
        with self._books.read() as page:
            kept = page.kept("known")
        if kept is None:
            return Known(NOTHING, None)
        with self._lock:
            if self._read.cursor != kept["cursor"]:
                self._load()
            return Known(self._read, kept["known_at_ms"] if self._read is not NOTHING else None)

    def refresh(self) -> bool:
        """Fetch what changed, or the whole; whether the books are others than before: they were restored, and are to be told
        again. Raises what `Client.snapshot` raises, BadSettings and Unavailable where it can't be kept."""
        with self._books.read() as page:
            kept = page.kept("known")
        with self._lock:
            self._load()
            before = self._raw if kept is not None else None
            at_ms = self._clock.now_ms()
            changes, is_whole = self._fetched(before["cursor"] if before else None)
            raw = changes if is_whole or before is None else told.merged(before, changes)
            if before is None or raw != before:
                self._home.keep_snapshot(raw)
            self._hold(raw)
        is_restored = before is not None and told.epoch(before["cursor"]) != told.epoch(raw["cursor"])
        with self._books.change() as page:
            page.keep("known", {"cursor": raw["cursor"], "known_at_ms": at_ms})
            if not is_whole:
                owed.note_returned(page, changes["given_back"], at_ms)
            if is_restored:
                owed.tell_again(page, at_ms - owed.KEPT_MS)
        return is_restored

    def _fetched(self, cursor: str | None) -> tuple[dict[str, Any], bool]:
        if cursor is not None:
            try:
                return self._client.snapshot(cursor), False
            except (Refused, NotFound):
                pass  # whatever is wrong is wrong with the cursor
        return self._client.snapshot(), True

    def _load(self) -> None:
        raw = self._home.snapshot()
        try:
            self._hold(raw)
        except (KeyError, TypeError, ValueError, AttributeError, HournoteError):
            self._raw, self._read = None, NOTHING

    def _hold(self, raw: dict[str, Any] | None) -> None:
        if raw is None:
            self._raw, self._read = None, NOTHING
        elif raw != self._raw:
            self._raw, self._read = raw, Knowledge.parse(raw)


def given_back(books: Knowledge, serials: set[str]) -> Knowledge:
    """The books with notes that this desk gave back since."""
    changes: Mapping[str, Any] = {"cursor": books.cursor, "redeemed": [], "given_back": sorted(serials)}
    return books.changed(changes) if serials else books
