"""The patterns of a symbol: which of its modules each bit of its data turns over.

For a fixed version and level, error correction, interleaving and placement are linear over GF(2): a symbol is the XOR
of any other and one pattern for each bit in which their data differ, whatever the mask. All is taken from `qrcode`:
its codewords tell what a bit turns over, its drawings where a codeword's bits lie.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from qrcode.base import rs_blocks
from qrcode.main import QRCode
from qrcode.util import BitBuffer, create_bytes

from notegen.geometry.slot import MODULES
from notegen.ink.symbol import BYTES, LEVEL, MASK, VERSION

Bytes = NDArray[np.uint8]

_BLOCKS = rs_blocks(VERSION, LEVEL)
_SIZES = [block.data_count for block in _BLOCKS]
_STARTS = np.cumsum([0, *_SIZES[:-1]])
DATA_BITS = 8 * sum(_SIZES)
"""880 for version 8, level Q."""

_SOME = np.ones(sum(_SIZES), dtype=np.uint8)
"""The data in which bits are turned over: `qrcode` 8.2 raises glog(0) on a block of zeros."""


@cache
def all_bits() -> Bytes:
    """The pattern of each bit of data, first bit first, as a symbol's image: shape (DATA_BITS, symbol.BYTES).

    No codeword is of two blocks, so that a bit of each block is turned over at a time.
    """
    turned = np.zeros((DATA_BITS, len(_owners())), dtype=np.uint8)
    before = _codewords(_SOME)
    for at in range(max(_SIZES)):
        having = [block for block, size in enumerate(_SIZES) if at < size]
        for bit in range(8):
            data = _SOME.copy()
            data[_STARTS[having] + at] ^= 0x80 >> bit
            codewords = _codewords(data) ^ before
            for block in having:
                turned[8 * (_STARTS[block] + at) + bit] = np.where(_owners() == block, codewords, 0)
    return _drawn(turned)


def _codewords(data: Bytes) -> Bytes:
    """Data with its error correction, interleaved (ISO/IEC 18004:2015, 7.6)."""
    buffer = BitBuffer()
    buffer.buffer = data.tolist()
    return np.array(create_bytes(buffer, _BLOCKS), dtype=np.uint8)


@cache
def _owners() -> NDArray[np.intp]:
    """The block that each interleaved codeword is of: the first of each block, the second, and so on; then the same of
    error correction.
    """
    checks = [block.total_count - block.data_count for block in _BLOCKS]
    turns = [
        (at, block, size) for sizes in (_SIZES, checks) for at in range(max(sizes)) for block, size in enumerate(sizes)
    ]
    return np.array([block for at, block, size in turns if at < size])


def _drawn(codewords: Bytes) -> Bytes:
    """What codewords, a row each, turn over in a symbol."""
    bits = np.pad(np.unpackbits(codewords, axis=1), ((0, 0), (1, 0)))
    modules = bits[:, _places().ravel()].reshape(-1, MODULES, MODULES)
    return np.packbits(modules, axis=2).reshape(-1, BYTES)


@cache
def _places() -> NDArray[np.intp]:
    """The number, from 1, of the codewords' bit that each module shows; 0 for a module that shows none.

    Each number is read off a handful of drawings, the first of the numbers' lowest bits, the next of the bits above.
    """
    bits = 8 * len(_owners())
    numbers = np.arange(1, bits + 1)
    blank, places = _modules(np.zeros(bits, dtype=np.uint8)), np.zeros((MODULES, MODULES), dtype=np.intp)
    for power in range(bits.bit_length()):
        shown = _modules((numbers >> power & 1).astype(np.uint8)) ^ blank
        places |= shown.astype(np.intp) << power
    return places


def _modules(bits: Bytes) -> NDArray[np.bool_]:
    """The modules of a symbol whose codewords are these bits."""
    code = QRCode(version=VERSION, error_correction=LEVEL, border=0, mask_pattern=MASK)
    code.data_cache = np.packbits(bits).tolist()
    code.make(fit=False)
    return np.array(code.modules, dtype=np.bool_)
