"""What a reading is, judged with the keyring: a note whose signature is good, bad or of an unknown key, or no note."""

from dataclasses import dataclass, field

from app.core import token as tokens
from app.core.errors import BadToken
from app.core.serial import Serial
from app.core.token import Token
from app.core.verifying import Keyring, Signature
from scanner.reading import Reading


@dataclass(frozen=True, slots=True, eq=False)
class Note:
    """A reading and what it is. `serial` and `signature` are None when it is not a note's token at all.

    The token itself is left out of the repr, so that no log ever holds one.
    """

    reading: Reading = field(repr=False)
    token: Token | None = field(default=None, repr=False)
    signature: Signature | None = None

    @property
    def serial(self) -> Serial | None:
        """The serial that the token claims."""
        return self.token.serial if self.token else None

    @property
    def mark(self) -> bytes:
        """What tells it from other notes in view: a forged note beside the good one of its serial is another."""
        return self.token.sha256 if self.token else self.reading.text.encode("utf-8", "replace")


def judge(reading: Reading, keyring: Keyring) -> Note:
    """The note in a reading; never raises."""
    try:
        token = tokens.parse(reading.text)
    except BadToken:
        return Note(reading)
    return Note(reading, token, keyring.examine(token))
