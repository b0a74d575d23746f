"""The basis of many symbols: tables with which thousands of QRs are drawn at once, bit for bit those of `qrcode`.

For a fixed version, level, mask and length a symbol is the XOR of a base symbol and one pattern for each bit of the
text that differs from the base text; `patterns` has them.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from notegen.ink import patterns, symbol
from notegen.ink.inscription import Rows

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
"""ISO/IEC 18004:2015, table 5: two characters are the number 45 * first + second in 11 bits, one alone is 6 bits."""

BASE_PAIR, BASE_ONE = 341, 5
"""Not zero: `qrcode` 8.2 raises glog(0) on an error correction block of zeros."""

_HEADER_BITS = 13
"""Mode and number of characters come first (ISO/IEC 18004:2015, 7.4.1)."""

_LOWER = 32
"""The values of a number's lower five bits."""

_WORDS = -(-symbol.BYTES // 8)
_VALUES = np.full(256, 255, dtype=np.uint8)
_VALUES[list(ALPHABET.encode())] = range(len(ALPHABET))


class Basis:
    """Draws texts of `length` characters that all begin with `prefix`."""

    def __init__(self, prefix: str, length: int) -> None:
        self.prefix, self.length = prefix, length
        self._fixed = len(prefix) - len(prefix) % 2
        bits = [11] * ((length - self._fixed) // 2) + [6] * (length % 2)
        self._base_values = np.array([BASE_PAIR if each == 11 else BASE_ONE for each in bits], dtype=np.uint16)
        self._base = _words(symbol.pack(prefix[: self._fixed] + "".join(map(_spell, self._base_values, bits))))
        starts = _HEADER_BITS + 11 * (self._fixed // 2) + np.cumsum([0, *bits[:-1]])
        turned = _words(patterns.all_bits())
        places = [turned[start : start + each][::-1] for start, each in zip(starts, bits, strict=True)]
        self._tables = [(_combinations(place[5:]), _combinations(place[:5])) for place in places]

    def draw(self, texts: Rows) -> Rows:
        """The symbols of `texts`, one a row; a few hundred at a time stay in the processor's cache.

        Raises ValueError for texts of another form.
        """
        upper, lower = np.divmod((self._numbers(texts) ^ self._base_values).astype(np.intp), _LOWER)
        words = np.broadcast_to(self._base, (len(texts), _WORDS)).copy()
        pattern = np.empty_like(words)
        for place, tables in enumerate(self._tables):
            for table, which in zip(tables, (upper, lower), strict=True):
                table.take(which[:, place], axis=0, out=pattern, mode="clip")  # never out of range
                words ^= pattern
        return words.view(np.uint8)[:, : symbol.BYTES]

    def _numbers(self, texts: Rows) -> NDArray[np.uint16]:
        """What stands after the prefix as 11-bit numbers (the last of 6 bits for an odd length), a row a text."""
        head = np.frombuffer(self.prefix[: self._fixed].encode(), dtype=np.uint8)
        if texts.shape[1] != self.length or np.any(texts[:, : self._fixed] != head):
            raise ValueError(f"every text must begin with {self.prefix} and have {self.length} characters")
        values = _VALUES[texts[:, self._fixed :]].astype(np.uint16)
        if values.size and values.max() > 44:
            raise ValueError("every text must be of the 45 alphanumeric characters")
        pairs = (self.length - self._fixed) // 2
        joined = values[:, 0 : 2 * pairs : 2] * 45 + values[:, 1 : 2 * pairs : 2]
        return np.concatenate([joined, values[:, 2 * pairs :]], axis=1).astype(np.uint16)


@lru_cache(maxsize=4)
def of(prefix: str, length: int) -> Basis:
    """The basis for a prefix and length, made once a process."""
    return Basis(prefix, length)


def _spell(number: int, bits: int) -> str:
    return ALPHABET[number // 45] + ALPHABET[number % 45] if bits == 11 else ALPHABET[number]


def _words(images: Rows) -> NDArray[np.uint64]:
    """Symbols' images in words of eight bytes."""
    padding = [(0, 0)] * (images.ndim - 1) + [(0, _WORDS * 8 - symbol.BYTES)]
    return np.pad(images, padding).view(np.uint64)


def _combinations(patterns: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The XOR of every subset of `patterns`, at the index whose bits say which."""
    table = np.zeros((1, _WORDS), dtype=np.uint64)
    for pattern in patterns:
        table = np.concatenate([table, table ^ pattern])
    return table
