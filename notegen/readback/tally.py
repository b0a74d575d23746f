"""The tally of a manifest: whether each serial of the job stands in it once."""

from collections.abc import Iterable, Iterator

from app.core.serial import Serial
from app.core.span import Span
from notegen.manifest import Entry
from notegen.readback.failure import Failure

_MOST_NAMED = 20
MOST_KEPT = 1000


class Tally:
    """Counts entries as they pass."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._seen = bytearray(len(span))
        self._failures: list[Failure] = []
        self.not_named = 0
        self.ends: tuple[Entry, Entry] | None = None
        """The first entry and the last that passed."""

    def watch(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The same entries, counted; those that do not belong to the job are left out."""
        for entry in entries:
            why = self._count(entry)
            if why is None:
                self.ends = (self.ends[0] if self.ends else entry, entry)
                yield entry
            else:
                self.fail(entry, why)

    def fail(self, entry: Entry, why: str) -> None:
        """Note what is wrong with an entry; beyond so many they are counted."""
        if len(self._failures) < MOST_KEPT:
            self._failures.append(Failure.at(entry, why))
        else:
            self.not_named += 1

    def failures(self) -> list[Failure]:
        """What was wrong with the entries that passed, and the notes that did not come by."""
        missing = [at for at, seen in enumerate(self._seen) if not seen]
        named = missing if len(missing) <= _MOST_NAMED else missing[: _MOST_NAMED - 1]
        lines = [Failure(str(self._serial(at)), "It is not in the manifest.") for at in named]
        if len(named) < len(missing):
            lines.append(
                Failure(str(self._serial(missing[-1])), f"Nor are {len(missing) - len(named)} notes up to this.")
            )
        return [*self._failures, *lines]

    def _serial(self, at: int) -> Serial:
        return Serial(self._span.series, self._span.first + at)

    def _count(self, entry: Entry) -> str | None:
        if entry.serial not in self._span:
            return f"It is not a note of this job, which is {self._span}."
        at = entry.serial.number - self._span.first
        if self._seen[at]:
            return "It stands in the manifest twice."
        self._seen[at] = 1
        return None
