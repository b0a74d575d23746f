"""The blueprint of a note's symbol: QR version 8, level Q, mask 2 (ISO/IEC 18004:2015); what is known before it is read.

Of its 49 x 49 modules some 450 are the same in every symbol, and the others carry 242 codewords in six blocks.
"""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.bool_]

MODULES: Final = 49
CODEWORDS: Final = 242
CHECKS: Final = 22
"""Check codewords of each block (table 9): eleven wrong codewords can be found, or twenty-two missing ones."""

DATA: Final = (18, 18, 18, 18, 19, 19)
"""Data codewords of each block."""

ALIGNED: Final = ((6, 24), (24, 6), (24, 24), (24, 42), (42, 24), (42, 42))
"""Middles (row, column) of the alignment patterns (annex E)."""

FOUND: Final = ((3, 3), (3, 45), (45, 3))
"""Middles of the finder patterns."""

_FORMAT = 0b011111100110001
"""Level Q and mask 2 (table C.1)."""

_VERSION = 0b001000010110111100
"""Version 8 (table D.1)."""


@lru_cache(maxsize=1)
def known() -> tuple[Bits, Bits]:
    """Which modules every note's symbol has alike (49, 49), and which of those are dark."""
    fixed, dark = np.zeros((MODULES, MODULES), np.bool_), np.zeros((MODULES, MODULES), np.bool_)
    fixed[:9, :9] = fixed[:9, -8:] = fixed[-8:, :9] = True
    fixed[6], fixed[:, 6] = True, True
    dark[6, ::2], dark[::2, 6] = True, True
    for row, column in FOUND:
        _rings(fixed, dark, row, column, (4, 3, 2, 1, 0), (False, True, False, True, True))
    for row, column in ALIGNED:
        _rings(fixed, dark, row, column, (2, 1, 0), (True, False, True))
    _write_version(fixed, dark)
    _write_format(dark)
    return fixed, dark


@lru_cache(maxsize=1)
def places() -> NDArray[np.intp]:
    """Where each bit of each codeword lies, (242, 8) places in the 2401 modules row by row (7.7.3)."""
    fixed, found = known()[0], []
    for step, right in enumerate([*range(48, 6, -2), *range(5, 0, -2)]):
        rows = range(MODULES) if step % 2 else range(MODULES - 1, -1, -1)
        found += [row * MODULES + col for row in rows for col in (right, right - 1) if not fixed[row, col]]
    return np.array(found[: CODEWORDS * 8], dtype=np.intp).reshape(CODEWORDS, 8)


@lru_cache(maxsize=1)
def masked() -> Bits:
    """Which modules mask 2 turns over (49, 49): every third column (table 10); the known ones are never turned."""
    turned = np.broadcast_to(np.arange(MODULES) % 3 == 0, (MODULES, MODULES))
    return np.asarray(turned & ~known()[0])


@lru_cache(maxsize=1)
def blocks() -> tuple[NDArray[np.intp], ...]:
    """Of each block the numbers of its codewords, data before checks, in the order in which they are laid down (7.6)."""
    data = [[at + 6 * row for row in range(18)] for at in range(6)]
    data[4].append(108)
    data[5].append(109)
    return tuple(np.array(data[at] + [110 + at + 6 * row for row in range(CHECKS)], dtype=np.intp) for at in range(6))


def drawn(codewords: NDArray[np.uint8]) -> Bits:
    """The symbol (49, 49), True where dark, of 242 codewords."""
    dark = known()[1].copy().ravel()
    dark[places()] = np.unpackbits(codewords[:, None], axis=1).astype(np.bool_)
    return np.asarray(dark.reshape(MODULES, MODULES) ^ masked())


def _rings(fixed: Bits, dark: Bits, row: int, column: int, radii: tuple[int, ...], shades: tuple[bool, ...]) -> None:
    """Squares within squares, from the outermost; a radius of 0 is one module."""
    for radius, shade in zip(radii, shades, strict=True):
        square = np.s_[max(0, row - radius) : row + radius + 1, max(0, column - radius) : column + radius + 1]
        fixed[square], dark[square] = True, shade


def _write_version(fixed: Bits, dark: Bits) -> None:
    """Twice 18 bits beside the finder patterns (7.10)."""
    for number in range(18):
        row, column = number // 3, MODULES - 11 + number % 3
        for at in ((row, column), (column, row)):
            fixed[at], dark[at] = True, bool(_VERSION >> number & 1)


def _write_format(dark: Bits) -> None:
    """Twice 15 bits about the finder patterns, and the module that is always dark (7.9)."""
    across = [*range(MODULES - 1, MODULES - 9, -1), 7, 5, 4, 3, 2, 1, 0]
    down = [0, 1, 2, 3, 4, 5, 7, 8, *range(MODULES - 7, MODULES)]
    for number in range(15):
        bit = bool(_FORMAT >> number & 1)
        dark[8, across[number]], dark[down[number], 8] = bit, bit
    dark[MODULES - 8, 8] = True
