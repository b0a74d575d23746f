"""The basis of many symbols: tables with which thousands of QRs are drawn at once, bit for bit those of `qrcode`.

For a fixed version, level, mask and length, encoding, error correction, interleaving and masking are all linear over
GF(2) but for a constant, so a symbol is the XOR of a base symbol and one pattern for each bit of the text that differs
from the base text. The patterns are taken from `symbol.modules`, which stays the judge.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from notegen.ink import symbol
from notegen.ink.inscription import Rows

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
"""ISO/IEC 18004:2015, table 5: two characters are the number 45 * first + second in 11 bits, one alone is 6 bits."""

BASE_PAIR, BASE_ONE = 341, 5
"""Not zero: `qrcode` 8.2 raises glog(0) on an error correction block of zeros. Flipping one bit stays in the alphabet."""

WORTH_IT = 600
"""The tables take as long to make as about so many symbols."""

_LOWER = 32
"""The values of a number's lower five bits."""

_WORDS = -(-symbol.BYTES // 8)
_VALUES = np.full(256, 255, dtype=np.uint8)
_VALUES[list(ALPHABET.encode())] = range(len(ALPHABET))


class Basis:
    """Draws texts of `length` characters that all begin with `prefix`."""

    def __init__(self, prefix: str, length: int) -> None:
        """Ask `qrcode` for the pattern of each bit after the prefix, about a millisecond a bit."""
        self.prefix, self.length = prefix, length
        self._fixed = len(prefix) - len(prefix) % 2
        self._bits = [11] * ((length - self._fixed) // 2) + [6] * (length % 2)
        base = [BASE_PAIR if bits == 11 else BASE_ONE for bits in self._bits]
        self._base_values = np.array(base, dtype=np.uint16)
        self._base = self._symbol(base)
        self._tables = [table for place in range(len(base)) for table in self._tables_of(base, place)]

    def draw(self, texts: Rows) -> Rows:
        """The symbols of `texts`, one a row; a few hundred at a time stay in the processor's cache.

        Raises ValueError for texts of another form.
        """
        upper, lower = np.divmod((self._numbers(texts) ^ self._base_values).astype(np.intp), _LOWER)
        words = np.broadcast_to(self._base, (len(texts), _WORDS)).copy()
        pattern = np.empty_like(words)
        for place in range(len(self._bits)):
            for table, which in ((2 * place, upper), (2 * place + 1, lower)):
                self._tables[table].take(which[:, place], axis=0, out=pattern, mode="clip")  # never out of range
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

    def _tables_of(self, base: list[int], place: int) -> Iterator[NDArray[np.uint64]]:
        """The patterns of every value of the upper bits of a place, and of its lower five."""
        patterns = []
        for bit in range(self._bits[place]):
            flipped = [*base[:place], base[place] ^ 1 << bit, *base[place + 1 :]]
            patterns.append(self._symbol(flipped) ^ self._base)
        yield _combinations(patterns[5:])
        yield _combinations(patterns[:5])

    def _symbol(self, numbers: list[int]) -> NDArray[np.uint64]:
        spelt = (_spell(number, bits) for number, bits in zip(numbers, self._bits, strict=True))
        drawn = symbol.pack(self.prefix[: self._fixed] + "".join(spelt))
        return np.pad(drawn, (0, _WORDS * 8 - symbol.BYTES)).view(np.uint64)


def drawing(prefix: str, length: int, quantity: int) -> symbol.Draw:
    """The quickest way to draw `quantity` symbols of such texts; every way gives the same bytes."""
    return of(prefix, length).draw if quantity >= WORTH_IT else symbol.draw


@lru_cache(maxsize=4)
def of(prefix: str, length: int) -> Basis:
    """The basis for a prefix and length, made once a process."""
    return Basis(prefix, length)


def _spell(number: int, bits: int) -> str:
    return ALPHABET[number // 45] + ALPHABET[number % 45] if bits == 11 else ALPHABET[number]


def _combinations(patterns: list[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """The XOR of every subset of `patterns`, at the index whose bits say which."""
    table = np.zeros((1, _WORDS), dtype=np.uint64)
    for pattern in patterns:
        table = np.concatenate([table, table ^ pattern])
    return table
