"""The basket: the notes of a visit while they are gathered. It draws nothing and asks nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.core import serial as serials
from app.core import token as tokens
from app.core.token import Token
from app.core.verdict import Verdict
from app.core.visit import MOST_NOTES
from scanner.answers import NoteAnswer

GOOD = frozenset({Verdict.GOOD, Verdict.ACCEPTED, Verdict.ACCEPTED_OFFLINE})
"""What is in a basket is good for a visit."""


@dataclass(slots=True)
class Gathered:
    """A note: `name` its serial, or what was scanned where that is none; `answer` None until it is known."""

    name: str
    text: str = field(repr=False)
    answer: NoteAnswer | None = None

    @property
    def is_bad(self) -> bool:
        """Whether it cannot be accepted."""
        return self.answer is not None and self.answer.verdict not in GOOD


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a visit has come: `count` notes of `due` hours, for so many people; `missing` hours."""

    count: int
    due: int
    people: int

    @property
    def missing(self) -> int:
        """The hours that are not there yet."""
        return self.due - self.count


def progress(count: int, price: int) -> Progress:
    """Of so many notes at a price for one person."""
    people = max(1, -(-count // price))
    return Progress(count, people * price, people)


def name_of(text: str) -> str:
    """The serial of a note, 13 characters; of what is none, the text."""
    read = tokens.read(text)
    return text if read is None else str(read.serial if isinstance(read, Token) else read)


def printed(name: str) -> str:
    """A name as it stands on the paper; what is no serial, cut short."""
    return name[:20] if tokens.read(name) is None or len(name) != 13 else serials.printed(name)


def split(notes: Sequence[Gathered], price: int, most: int | None) -> list[list[Gathered]]:
    """A group as the fewest visits: each has at most `most` notes (None: as many as the contract takes) and pays whole prices."""
    room = min(most or MOST_NOTES, MOST_NOTES)
    each = max(room - room % price, price)  # where not even one price fits, the service says so
    return [list(notes[first : first + each]) for first in range(0, len(notes), each)]


class Basket:
    """The notes in the order in which they came."""

    def __init__(self) -> None:
        self.notes: list[Gathered] = []

    def add(self, text: str) -> Gathered | None:
        """The note, or None when it is in here already."""
        name = name_of(text)
        if self.find(name) is not None:
            return None
        self.notes.append(Gathered(name, text))
        return self.notes[-1]

    def find(self, name: str) -> Gathered | None:
        """The note of a name."""
        return next((note for note in self.notes if note.name == name), None)

    def take_out(self, name: str) -> None:
        """A note goes back to the visitor."""
        self.notes = [note for note in self.notes if note.name != name]

    @property
    def bad(self) -> list[Gathered]:
        """Those that cannot be accepted."""
        return [note for note in self.notes if note.is_bad]

    @property
    def asking(self) -> list[Gathered]:
        """Those that have no answer yet."""
        return [note for note in self.notes if note.answer is None]

    def progress(self, price: int) -> Progress:
        """How far the visit has come."""
        return progress(len(self.notes) - len(self.bad), price)

    def is_complete(self, price: int) -> bool:
        """Whether all is good and the hours come to the price."""
        return bool(self.notes) and not self.bad and not self.asking and len(self.notes) % price == 0
