"""Makes the key of an order and signs its notes. Reached by the press service alone.

The private half lives in this object and the processes forked from its own; there is no way to write it out. libsodium
signs, in little more than half of OpenSSL's time, and signing is most of what half a million notes cost; both give the
same bytes, as Ed25519 leaves nothing to chance, which tests hold them to.
"""

from collections.abc import Callable, Iterator

from nacl.bindings import crypto_sign, crypto_sign_keypair

from app.core import token as tokens
from app.core.serial import Serial
from app.core.span import Span
from app.core.token import SIGNATURE_BYTES
from app.core.verifying import Ed25519Verifying


class OrderKey(Ed25519Verifying):
    """A fresh key pair for one order (RFC 8032, 5.1.5); as itsdangerous' algorithm, its `key` is the public half."""

    def __init__(self) -> None:
        self.public_key, self._sign = _key_pair()

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """The 64-byte signature of `value` (RFC 8032, 5.1.6); only for this order's own key."""
        if key != self.public_key:
            raise ValueError("this order signs with its own key alone")
        return self._sign(value)

    def sign(self, serial: Serial) -> bytes:
        """The 64-byte signature of one note."""
        return self.get_signature(self.public_key, tokens.message(serial))

    def sign_span(self, span: Span, *, block: int = 4096) -> Iterator[bytes]:
        """The signatures of a span in serial order, joined, `block` notes at a time."""
        return map(self.sign_block, span.bundles(block))

    def sign_block(self, span: Span) -> bytes:
        """The signatures of a span in serial order, joined."""
        return b"".join(map(self._sign, map(tokens.message, span.canonical())))

    def __reduce__(self) -> str | tuple[object, ...]:
        """A key is never pickled: it would leave the process."""
        raise TypeError("the private key of an order never leaves the process that made it")


def _key_pair() -> tuple[bytes, Callable[[bytes], bytes]]:
    """A new public key, and what signs with its private half, which no attribute holds."""
    public, private = crypto_sign_keypair()
    return public, lambda value: crypto_sign(value, private)[:SIGNATURE_BYTES]
