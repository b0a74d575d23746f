"""The codewords of a note's symbol, mended from how surely each module is dark, and given to zxing-cpp to read.

What is unsure counts as missing, which costs half as much as what is wrong. Whether the result is a symbol at all is
for zxing-cpp to say: it is drawn afresh and read, so that no text is ever made here.
"""

from dataclasses import dataclass, field

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from app.core import token as tokens
from app.core.token import Token
from scanner.blueprint import CODEWORDS, Bits, blocks, drawn, known, masked, places
from scanner.reed_solomon import mend

Float = NDArray[np.float32]

_MISSING = ((0, 0), (8, 0), (12, 0), (15, 2), (18, 2))
"""How many of the least sure codewords of a block are given up, and how many checks must be left over."""

_LEAST_LIKENESS = 0.3
"""Between what was seen of a symbol and the symbol that comes of it; 0 is chance, 1 a perfect picture."""


@dataclass(slots=True)
class Codewords:
    """The 242 codewords as far as they are mended; `whole` says of each of the six blocks whether it is."""

    words: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(CODEWORDS, np.uint8))
    whole: list[bool] = field(default_factory=lambda: [False] * 6)

    def mend(self, sure: Float) -> bool:
        """Mend what is not yet whole from `sure` (49, 49), positive where dark. True when that made a block whole."""
        soft = np.where(masked(), -sure, sure).ravel()[places()]
        words, doubt = np.packbits(soft > 0, axis=1).ravel(), np.abs(soft).min(axis=1)
        grown = False
        for number, block in enumerate(blocks()):
            mended = None if self.whole[number] else _mended(words[block], doubt[block])
            if mended is not None:
                self.words[block], self.whole[number], grown = mended, True, True
        return grown

    def modules(self) -> tuple[Bits, Bits]:
        """Which modules are certain (49, 49), known beforehand or mended, and which of those are dark."""
        certain, dark = known()[0].copy(), drawn(self.words)
        for number, block in enumerate(blocks()):
            if self.whole[number]:
                certain.ravel()[places()[block]] = True
        return certain, dark

    def text(self, sure: Float) -> str | None:
        """What zxing-cpp reads in the mended symbol; None when it is not whole, not like what was seen, or no note's.

        Blocks can be mended into others than they were: then a serial's check character and base32 speak against it.
        """
        if not all(self.whole) or likeness(sure, drawn(self.words)) < _LEAST_LIKENESS:
            return None
        text = read(drawn(self.words))
        return text if text is not None and isinstance(tokens.read(text), Token) else None


def _mended(word: NDArray[np.uint8], doubt: Float) -> NDArray[np.uint8] | None:
    order = np.argsort(doubt)
    for count, spare in _MISSING:
        mended = mend(word, order[:count].tolist(), spare=spare)
        if mended is not None:
            return mended
    return None


def likeness(sure: Float, dark: Bits) -> float:
    """Correlation (-1 to 1) of what was seen with a symbol, over the modules that not every note has alike."""
    free = ~known()[0]
    seen, drawn_ = np.clip(sure[free], -1, 1), np.where(dark[free], 1.0, -1.0)
    return float((seen * drawn_).sum() / max(1e-6, np.linalg.norm(seen) * np.linalg.norm(drawn_)))


def read(dark: Bits) -> str | None:
    """What zxing-cpp reads in a symbol (49, 49) drawn cleanly."""
    picture = np.pad(np.where(dark, 0, 255).astype(np.uint8), 4, constant_values=255)
    found = zxingcpp.read_barcodes(
        np.kron(picture, np.ones((2, 2), np.uint8)),
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2),
        text_mode=zxingcpp.TextMode.Plain,
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
    )
    return next((code.text for code in found if code.text), None)
