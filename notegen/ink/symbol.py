"""The symbol of a note: its QR, 49 modules a side, with every choice spelt out so that paper made years apart is alike."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import QRData

from notegen.geometry.slot import MODULES

VERSION = 8
LEVEL = ERROR_CORRECT_Q
ALPHANUMERIC: Final = 2
"""The mode of the text (qrcode.util.MODE_ALPHA_NUM)."""

MASK = 2
"""One mask for all: signed payloads are random, so any mask scores about the same, and every mask decodes."""

ROW_BYTES = (MODULES + 7) // 8
BYTES = MODULES * ROW_BYTES
"""A symbol as a 1-bit image, rows padded to whole bytes, a dark module being 1: 343 bytes."""


def modules(text: str) -> NDArray[np.bool_]:
    """The 49 x 49 modules of `text`, True where dark, made by `qrcode` (ISO/IEC 18004:2015, version 8, level Q)."""
    code = QRCode(version=VERSION, error_correction=LEVEL, border=0, mask_pattern=MASK)
    code.add_data(QRData(text, mode=ALPHANUMERIC))
    code.make(fit=False)
    return np.array(code.modules, dtype=np.bool_)


def pack(text: str) -> NDArray[np.uint8]:
    """The symbol of `text` as an image of BYTES bytes, in about a millisecond; `basis.Basis` draws thousands faster."""
    return np.packbits(modules(text), axis=1).ravel()
