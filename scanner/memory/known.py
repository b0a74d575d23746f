"""What the desk knows of all notes: a snapshot in the scanner's home, brought up to date by changes."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import HournoteError, NotFound, Refused, Unavailable
from app.core.knowledge import NOTHING, Knowledge
from app.core.verifying import Keyring
from scanner.client import Client
from scanner.home import Home
from scanner.memory import owed, told
from scanner.memory.books import Books
from scanner.memory.clock import Clock

_GARBLED = (KeyError, TypeError, ValueError, AttributeError, HournoteError)


@dataclass(frozen=True, slots=True)
class Known:
    """The books as of `known_at_ms`, by the desk's clock; None before they were ever fetched."""

    books: Knowledge = field(repr=False)
    known_at_ms: int | None


class Learning:
    """Reads and refreshes what is known. The snapshot is written before the time that it is of: a kill between makes it older.

    Nobody who reads waits for the service: only refreshing does, one call at a time.
    """

    def __init__(self, home: Home, books: Books, client: Client, clock: Clock) -> None:
        self._home, self._books, self._client, self._clock = home, books, client, clock
        self._server = home.enrolment().server
        self._lock, self._refreshing = threading.Lock(), threading.Lock()
        self._raw: dict[str, Any] | None = None
        self._read = NOTHING
        self._was_read = False

    def current(self) -> Known:
        """What is known now, of what another process fetched too. Raises Unavailable (`word` disk)."""
        with self._books.read() as page:
            kept = page.kept("known")
        if kept is None:
            self._was_read = True
            return Known(NOTHING, None)
        with self._lock:
            if self._read.cursor != kept["cursor"]:
                self._load()
            self._was_read = True
            return Known(self._read, kept["known_at_ms"] if self._read is not NOTHING else None)

    def keyring(self) -> Keyring:
        """The keys of what was read last: no frame of a camera waits for the disk. Raises Unavailable (`word` disk) at first."""
        return self._read.keyring if self._was_read else self.current().books.keyring

    def refresh(self) -> bool:
        """Fetch what changed, or the whole; whether the books are others than before: they were restored, and are to be told
        again. Raises what `Client.snapshot` raises, BadSettings and Unavailable where it can't be kept."""
        with self._refreshing:
            before, at_ms = self._before(), self._clock.now_ms()
            changes, is_whole = self._fetched(before["cursor"] if before else None)
            try:
                raw = changes if is_whole or before is None else told.merged(before, changes)
                returned = [] if is_whole else list(changes["given_back"])
                read = Knowledge.parse(raw) if raw != before else None
            except _GARBLED as error:
                raise Unavailable(
                    "What the service says of the notes cannot be understood; it is asked again."
                ) from error
            if read is not None:
                self._home.keep_snapshot(raw)
                with self._lock:
                    self._raw, self._read, self._was_read = raw, read, True
            return self._kept(raw["cursor"], returned, at_ms)

    def _before(self) -> dict[str, Any] | None:
        """What the service said the last time, as far as the books know of it."""
        with self._books.read() as page:
            kept = page.kept("known")
        with self._lock:
            self._load()
            return self._raw if kept is not None else None

    def _kept(self, cursor: str, returned: list[str], at_ms: int) -> bool:
        """Whether the books were restored: by the cursor that is kept with what is told again, whatever became of the file."""
        with self._books.change() as page:
            kept = page.kept("known") or {}
            is_ours = "cursor" in kept and kept.get("of", self._server) == self._server
            is_restored = is_ours and told.epoch(kept["cursor"]) != told.epoch(cursor)
            page.keep("known", {"cursor": cursor, "known_at_ms": at_ms, "of": self._server})
            owed.note_returned(page, returned, at_ms)
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
        except _GARBLED:
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
