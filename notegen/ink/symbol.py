"""The symbol of a note: its QR, 49 modules a side, with every choice spelt out so that paper made years apart is alike."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import QRData

from notegen.geometry.slot import MODULES
from notegen.ink.inscription import Rows

VERSION = 8
LEVEL = ERROR_CORRECT_Q
ALPHANUMERIC: Final = 2
"""The mode of the text (qrcode.util.MODE_ALPHA_NUM)."""

MASK = 2
"""One mask for all: signed payloads are random, so any mask scores about the same, and every mask decodes."""

ROW_BYTES = (MODULES + 7) // 8
BYTES = MODULES * ROW_BYTES
"""A symbol as a 1-bit image, rows padded to whole bytes, a dark module being 1: 343 bytes."""

Draw = Callable[[Rows], Rows]
"""Texts, a row of ASCII each, to symbols, a row of BYTES each."""


def modules(text: str) -> NDArray[np.bool_]:
    """The 49 x 49 modules of `text`, True where dark, made by `qrcode` (ISO/IEC 18004:2015, version 8, level Q)."""
    code = QRCode(version=VERSION, error_correction=LEVEL, border=0, mask_pattern=MASK)
    code.add_data(QRData(text, mode=ALPHANUMERIC))
    code.make(fit=False)
    return np.array(code.modules, dtype=np.bool_)


def pack(text: str) -> NDArray[np.uint8]:
    """The symbol of `text` as an image of BYTES bytes."""
    return np.packbits(modules(text), axis=1).ravel()


def draw(texts: Rows) -> Rows:
    """The symbols of `texts` one by one, about a millisecond each; `basis.Basis` draws thousands faster."""
    symbols = [pack(row.tobytes().decode("ascii")) for row in texts]
    return np.array(symbols, dtype=np.uint8).reshape(-1, BYTES)
