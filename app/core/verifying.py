"""Whether a token was signed by the key of the order that its serial lies in: public keys alone.

Ed25519 (RFC 8032, 5.1) behind itsdangerous' `SigningAlgorithm`, the seam at which another algorithm could be put in.
libsodium verifies, in little more than half of OpenSSL's time, without holding up other threads, and refuses besides what
RFC 8032 leaves open (keys of small order): tests hold both to the same answers.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from itsdangerous.signer import SigningAlgorithm
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from app.core import token as tokens
from app.core.serial import Serial
from app.core.span import Span
from app.core.token import SIGNATURE_BYTES, Token

PUBLIC_KEY_BYTES = 32


class Signature(StrEnum):
    """What a keyring says of a token."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN_KEY = "unknown_key"


class Ed25519Verifying(SigningAlgorithm):
    """Checks signatures with raw 32-byte public keys; it cannot make one."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """Refused: this side holds no private key."""
        raise NotImplementedError("only the press signs; this holds public keys alone")

    def verify_signature(self, key: bytes, value: bytes, sig: bytes) -> bool:
        """Whether `sig` (64 bytes) signs `value` under the public `key` (32 bytes)."""
        if len(sig) != SIGNATURE_BYTES or len(key) != PUBLIC_KEY_BYTES:
            return False
        try:
            crypto_sign_open(sig + value, key)
        except BadSignatureError:
            return False
        return True


@dataclass(frozen=True, order=True, slots=True)
class Key:
    """An entry of the keyring: the public half of an order's key, with the span that it speaks for."""

    span: Span
    public_key: bytes
    expires_on: date | None = None


class Keyring:
    """The public keys of orders; their spans do not overlap. Lookup is O(log n)."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self.keys = sorted(keys, key=lambda key: key.span)
        self._starts = [(key.span.series, key.span.first) for key in self.keys]
        self._algorithm = Ed25519Verifying()

    def key_of(self, serial: Serial) -> Key | None:
        """The key of the order that `serial` lies in."""
        place = bisect_right(self._starts, (serial.series, serial.number)) - 1
        return self.keys[place] if place >= 0 and serial in self.keys[place].span else None

    def examine(self, token: Token) -> Signature:
        """Whether the token is signed by the key of its order."""
        key = self.key_of(token.serial)
        if key is None:
            return Signature.UNKNOWN_KEY
        good = self._algorithm.verify_signature(key.public_key, tokens.message(token.serial), token.signature)
        return Signature.GOOD if good else Signature.BAD
