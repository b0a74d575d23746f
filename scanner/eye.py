"""The eye: what is in a frame, judged with the keyring, and which of it has just come into view."""

from collections.abc import Callable
from dataclasses import dataclass

from app.core.verifying import Keyring
from scanner.moment import Moment
from scanner.notes import Note, judge
from scanner.reader import Reader
from scanner.steady import Steady


@dataclass(frozen=True, slots=True)
class Seen:
    """What an eye saw of a moment; each note of `new` was told already."""

    moment: Moment
    notes: tuple[Note, ...] = ()


class Eye:
    """Looks at frames, one after another. `new` hears of each note or code that comes into view, as soon as it is read."""

    def __init__(self, keyring: Callable[[], Keyring], new: Callable[[Note], None]) -> None:
        self._keyring, self._new = keyring, new
        self._steady = Steady()
        self._reader = Reader()

    def look(self, moment: Moment) -> Seen:
        """What is in the frame."""
        keyring = self._keyring()
        seen = [judge(reading, keyring) for reading in self._reader.read(moment.frame, moment.at_seconds)]
        for note in seen:
            if self._steady.is_new(note.mark, moment.at_seconds):
                self._new(note)
        return Seen(moment, tuple(seen))
