"""Makes the key of an order and signs its notes. Reached by the press service alone.

The private half lives in this object and the processes forked from its own; there is no way to write it out.
"""

from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.core import token as tokens
from app.core.serial import Serial
from app.core.span import Span
from app.core.verifying import Ed25519Verifying


class OrderKey(Ed25519Verifying):
    """A fresh key pair for one order (RFC 8032, 5.1.5); as itsdangerous' algorithm, its `key` is the public half."""

    def __init__(self) -> None:
        self._private = Ed25519PrivateKey.generate()
        self.public_key: bytes = self._private.public_key().public_bytes_raw()

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """The 64-byte signature of `value` (RFC 8032, 5.1.6); only for this order's own key."""
        if key != self.public_key:
            raise ValueError("this order signs with its own key alone")
        return self._private.sign(value)

    def sign(self, serial: Serial) -> bytes:
        """The 64-byte signature of one note."""
        return self.get_signature(self.public_key, tokens.message(serial))

    def sign_span(self, span: Span, *, block: int = 4096) -> Iterator[bytes]:
        """The signatures of a span in serial order, joined, `block` notes at a time."""
        return map(self.sign_block, span.bundles(block))

    def sign_block(self, span: Span) -> bytes:
        """The signatures of a span in serial order, joined."""
        return b"".join(map(self._private.sign, map(tokens.message, span.canonical())))

    def __reduce__(self) -> str | tuple[object, ...]:
        """A key is never pickled: it would leave the process."""
        raise TypeError("the private key of an order never leaves the process that made it")
