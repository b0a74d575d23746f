"""The inscription: the texts of many QRs at once, rows of ASCII that are what `app.core.token.compose` gives one by one."""

import numpy as np
from numpy.typing import NDArray

from app.core.token import SIGNATURE_BYTES, SIGNATURE_CHARACTERS

_BASE32 = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", dtype=np.uint8)
"""RFC 4648, 6."""

_QUANTUM_BYTES, _QUANTUM_CHARACTERS = 5, 8
_QUANTA = -(-SIGNATURE_BYTES // _QUANTUM_BYTES)
_SHIFTS = np.arange(35, -1, -5, dtype=np.uint64)
"""Where the five bits of each character stand in the forty of a quantum."""

Rows = NDArray[np.uint8]
"""Bytes, a row a note."""


def texts(opening: str, serials: Rows, signatures: Rows) -> Rows:
    """The texts of notes: `opening` (as `HTTPS://<HOST>/N/`), serial, signature in base32 without padding.

    `serials` are 13 characters a row, `signatures` 64 bytes.
    """
    head = np.broadcast_to(np.frombuffer(opening.encode("ascii"), dtype=np.uint8), (len(serials), len(opening)))
    return np.concatenate([head, serials, base32(signatures)], axis=1)


def base32(signatures: Rows) -> Rows:
    """Rows of 64 bytes as rows of 103 characters."""
    padding = _QUANTA * _QUANTUM_BYTES - SIGNATURE_BYTES
    quanta = np.pad(signatures, ((0, 0), (0, padding))).reshape(len(signatures), _QUANTA, _QUANTUM_BYTES)
    forty = np.pad(quanta, ((0, 0), (0, 0), (3, 0))).view(">u8").astype(np.uint64)
    letters: Rows = _BASE32[(forty >> _SHIFTS) & np.uint64(31)]
    return letters.reshape(len(signatures), _QUANTA * _QUANTUM_CHARACTERS)[:, :SIGNATURE_CHARACTERS]
