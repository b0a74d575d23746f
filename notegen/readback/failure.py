"""A failure of a proof: a note, why it is not good, and where it lies."""

from dataclasses import dataclass, replace

from notegen.manifest import Entry


@dataclass(frozen=True, slots=True)
class Failure:
    """`why` is a sentence; `file` is empty and the numbers 0 for a note that lies nowhere.

    `picture` names the place in the report that shows it, empty where there is none. A fault of whole sheets is said
    once, of the first note on them, and `notes` is how many it spoils.
    """

    serial: str
    why: str
    file: str = ""
    page: int = 0
    row: int = 0
    column: int = 0
    sheet: int = 0
    notes: int = 1
    picture: str = ""

    @classmethod
    def at(cls, entry: Entry, why: str) -> "Failure":
        """The failure of a note in its place."""
        return cls(str(entry.serial), why, entry.file, entry.page, entry.row, entry.column, entry.sheet)

    def pictured(self, name: str) -> "Failure":
        """The same, with the name of its picture."""
        return replace(self, picture=name)
