"""What is found in a file, offline: every QR text, and of notes whether the signature is good."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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


def look_at(path: Path, keyring: Keyring) -> Iterator[Found]:
    """Everything found in a picture or on the pages of a PDF. Raises BadInput."""
    for page, picture in pages(path):
        for reading in read(picture):
            yield Found(path, page, judge(reading, keyring))
