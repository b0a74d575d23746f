"""The eye: what is in a frame, judged with the keyring, and which of it has just come into view."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.core.verifying import Keyring
from scanner.decode import PASSES, QUICK, Frame, glances
from scanner.moment import Moment
from scanner.notes import Note, judge
from scanner.reading import Reading
from scanner.steady import Steady

WHOLE_EVERY_SECONDS = 0.3
"""Every frame gets the quick pass, and one in this time all passes: of a camera's 30 frames the next is soon here."""


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
        self._whole_at = float("-inf")

    def look(self, moment: Moment) -> Seen:
        """What is in the frame."""
        keyring, seen = self._keyring(), list[Note]()
        for readings in self._readings(moment):
            notes = [judge(reading, keyring) for reading in readings]
            for note in notes:
                if self._steady.is_new(note.mark, moment.at_seconds):
                    self._new(note)
            seen += notes
        return Seen(moment, tuple(seen))

    def _readings(self, moment: Moment) -> Iterator[list[Reading]]:
        """The one place where frames become readings: piece by piece, each place of the frame once."""
        whole = moment.at_seconds - self._whole_at >= WHOLE_EVERY_SECONDS
        self._whole_at = moment.at_seconds if whole else self._whole_at
        frame: Frame = moment.frame
        yield from glances(frame, PASSES if whole else QUICK)
