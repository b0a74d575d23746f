"""A checkpoint of the log: how many facts it holds and the root over them, signed, for people outside to keep.

Written as C2SP's tlog-checkpoint in a signed note, which other tools for transparency logs read: origin, size and root
(base64) on a line each, an empty line, and `— name signature`. The signature is Ed25519 (RFC 8032) over the three lines.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.core.errors import BadInput
from app.core.merkle import HASH_BYTES

SEED_BYTES = 32
_ED25519 = b"\x01"
_NOTE = re.compile(r"(?P<text>(?P<origin>[^\n+ ]+)\n(?P<size>0|[1-9][0-9]{0,17})\n(?P<root>[A-Za-z0-9+/]{43}=)\n)\n"
                   r"— (?P<name>[^\n+ ]+) (?P<signature>[A-Za-z0-9+/]+={0,2})\n")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The tree of a log at one moment."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class CheckpointKey:
    """The key that signs the checkpoints of one log; made from the 32 bytes of its seed, and the log is called by it."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._private.public_key().public_bytes_raw()
        self.public = PublicKey(f"hournote/{hashlib.sha256(public).hexdigest()[:8]}", public)

    def sign(self, size: int, root: bytes) -> str:
        """The checkpoint of a tree, as a signed note."""
        text = Checkpoint(self.public.origin, size, root).text
        signed = self.public.id + self._private.sign(text.encode())
        return f"{text}\n— {self.public.origin} {base64.b64encode(signed).decode()}\n"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What a stranger needs to verify checkpoints: the log's name and 32 bytes."""

    origin: str
    key: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys apart (C2SP signed-note)."""
        return hashlib.sha256(self.origin.encode() + b"\n" + _ED25519 + self.key).digest()[:4]

    def __str__(self) -> str:
        """As C2SP writes a verifier key: name, id and key, joined by plus signs."""
        return f"{self.origin}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.key).decode()}"


def parse_key(text: str) -> PublicKey:
    """Read a verifier key. Raises BadInput."""
    name, _, rest = text.strip().partition("+")
    written, _, encoded = rest.partition("+")
    found = _decoded(encoded)
    key = PublicKey(name, found[1:])
    if len(found) != 33 or found[:1] != _ED25519 or key.id.hex() != written:
        raise BadInput("This is not the key of a log: it is written name+eight hex digits+base64.")
    return key


def verify(note: str, key: PublicKey) -> Checkpoint:
    """The checkpoint of a signed note, when it is one and signed with `key`. Raises BadInput."""
    found = _NOTE.fullmatch(_tidy(note))
    if found is None:
        raise BadInput("This is not a checkpoint: it is three lines, an empty one, and a signature.")
    root, signed = base64.b64decode(found["root"]), _decoded(found["signature"])
    if found["name"] != key.origin or found["origin"] != key.origin or signed[:4] != key.id or len(root) != HASH_BYTES:
        raise BadInput(f"This checkpoint is of another log or key than {key.origin}.")
    try:
        Ed25519PublicKey.from_public_bytes(key.key).verify(signed[4:], found["text"].encode())
    except InvalidSignature as error:
        raise BadInput("The signature of this checkpoint is not good: it was changed, or is not ours.") from error
    return Checkpoint(found["origin"], int(found["size"]), root)


def _tidy(note: str) -> str:
    """A note as it was signed, where an editor or a mail kept it with other ends of lines or a mark of its encoding."""
    return note.removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n") + "\n"


def _decoded(text: str) -> bytes:
    """What base64 stands for, nothing where it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
