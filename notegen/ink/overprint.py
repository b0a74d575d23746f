"""The overprint of a note that is none: SPECIMEN, from corner to corner."""

import math
from dataclasses import dataclass

from notegen import lettering
from notegen.design import Design
from notegen.geometry.slot import Slot
from notegen.ink import pdf
from notegen.ink.typecase import Typecase

_SHARE = 0.7
"""Of the diagonal."""

_RED = b"0 0.95 0.9 0 K"


@dataclass(frozen=True, slots=True)
class Overprint:
    """Words in outline, red on a white casing, so that the art is seen through them."""

    words: str = "SPECIMEN"
    face: str = "Hyperlegible-Bold"

    def content(self, design: Design, typecase: Typecase) -> bytes:
        """Operators for a side, from the lower left corner of its trim; the QR's panel stays clear, to practise with."""
        width, height = design.trim_mm
        diagonal, angle = math.hypot(width, height), math.atan2(height, width)
        size = 10 * _SHARE * diagonal / lettering.width_mm(self.words, self.face, 10)
        drop = lettering.cap_height_mm(self.face, size) / 2
        line = typecase.line(self.words, Slot(0, drop, self.face, size, "centre"), (0, 0), 0)
        turn = (math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle))
        matrix = b" ".join([*map(pdf.number, turn), pdf.points(width / 2, height / 2)])
        casing, ink = b"0 0 0 0 K 3 w\n", _RED + b" 1 w\n"
        return b"q %b%b cm 1 Tr 1 j\n%b%b%b%bQ\n" % (_clear(design), matrix, casing, line, ink, line)


def _clear(design: Design) -> bytes:
    """Clip to the note without the panel of its QR."""
    if design.qr is None:
        return b""
    (width, height), more = design.trim_mm, design.bleed_mm
    left, top, right, bottom = design.qr.box
    whole = pdf.points(-more, -more, width + 2 * more, height + 2 * more)
    return b"%b re %b re W* n\n" % (whole, pdf.points(left, height - bottom, right - left, bottom - top))
