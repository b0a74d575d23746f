"""A QR on paper that is not a note: of a span, or of a link. Vector runs of dark modules, in black alone."""

import re
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from qrcode.main import QRCode
from qrcode.util import QRData
from reportlab.pdfgen.canvas import Canvas

from app.core.errors import BadInput
from notegen.ink import symbol

_BYTES: Final = 4
"""The mode of a text that is not alphanumeric (qrcode.util.MODE_8BIT_BYTE)."""

_Mode = Literal[2, 4]
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")
LONGEST = 300
"""More characters make modules that a phone cannot tell apart at these sizes."""


def runs(text: str) -> tuple[int, str]:
    """The modules a side of the QR of `text`, and operators that fill its dark ones, a module being one unit.

    ISO/IEC 18004:2015, level Q, in the smallest version that holds it. Raises BadInput for more than `LONGEST`
    characters.
    """
    if len(text.encode()) > LONGEST:
        raise BadInput(
            f"A link of {len(text)} characters is too long for a QR on paper: take one of {LONGEST} at most."
        )
    mode: _Mode = symbol.ALPHANUMERIC if _ALPHANUMERIC.fullmatch(text) else _BYTES
    code = QRCode(_version(len(text.encode()), mode), symbol.LEVEL, border=0, mask_pattern=symbol.MASK)
    code.add_data(QRData(text.encode(), mode=mode))
    code.make(fit=False)
    side, modules = len(code.modules), np.array(code.modules, dtype=np.int8)
    rows, edges = np.nonzero(np.diff(np.pad(modules, ((0, 0), (1, 1)))))
    pairs = zip(rows[::2].tolist(), edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return side, " ".join(f"{start} {side - row - 1} {end - start} 1 re" for row, start, end in pairs) + " f"


def draw(canvas: Canvas, text: str, left: float, low: float, size: float) -> None:
    """Draw the QR of `text`, `size` points wide, its lower left corner at (`left`, `low`)."""
    side, operators = runs(text)
    canvas.saveState()
    canvas.setFillColorCMYK(0, 0, 0, 1)
    canvas.translate(left, low)
    canvas.scale(size / side, size / side)
    canvas.addLiteral(operators)
    canvas.restoreState()


@lru_cache(maxsize=64)
def _version(length: int, mode: _Mode) -> int:
    """The smallest version that holds so many characters."""
    code = QRCode(error_correction=symbol.LEVEL)
    code.add_data(QRData(b"A" * length, mode=mode))
    return int(code.best_fit(start=1))
