"""What is found in files, offline: every QR text, and of notes whether the signature is good."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from app.core.errors import BadInput
from app.core.verifying import Keyring, Signature
from scanner.decode import read
from scanner.notes import Note, judge
from scanner.pictures import pages

_WORDS = {
    Signature.GOOD: "good",
    Signature.BAD: "bad: not made by us",
    Signature.UNKNOWN_KEY: "unknown key: its order is not in the keyring",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A note, or another code, and where it stands: the file, the page from 1."""

    file: Path
    page: int
    note: Note

    def to_dict(self) -> dict[str, object]:
        """The contracted keys; `serial` and `signature` are None when it is not a note."""
        return {
            "file": str(self.file),
            "page": self.page,
            "text": self.note.reading.text,
            "serial": str(self.note.serial) if self.note.serial else None,
            "signature": self.note.signature,
            "corners": [[round(float(x), 1), round(float(y), 1)] for x, y in self.note.reading.corners],
        }

    def to_line(self) -> str:
        """For a person; a token is as good as money and is not printed."""
        judged = _WORDS[self.note.signature] if self.note.signature else "not a note"
        return f"{self.file} page {self.page}: {self.note.serial.printed if self.note.serial else '-'}  {judged}"


@dataclass(frozen=True, slots=True)
class Looked:
    """What many files gave: what was found, and of those that could not be read a sentence each."""

    found: list[Found] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    pages: list[tuple[Path, int]] = field(default_factory=list)


def look_through(paths: Iterable[Path], keyring: Keyring, tell: Callable[[Path, int, int], None]) -> Looked:
    """Everything found in files; one that cannot be read, or only in part, takes nothing from the others.

    `tell` hears of each page before it is looked at, and of how many the file has, for whoever waits.
    """
    looked = Looked()
    for path in paths:
        try:
            for page, of, picture in pages(path):
                tell(path, page, of)
                looked.pages.append((path, page))
                looked.found.extend(Found(path, page, judge(reading, keyring)) for reading in read(picture))
        except BadInput as refusal:
            looked.refused.append(refusal.sentence)
    return looked
