"""A QR as one SVG path, drawn by the page itself: no picture is fetched and no style is written inline."""

from dataclasses import dataclass

import qrcode

QUIET_ZONE = 4


@dataclass(frozen=True, slots=True)
class Drawn:
    """A QR to be drawn: `size` in modules with the quiet zone, and the path of its dark modules."""

    size: int
    path: str


def draw(text: str) -> Drawn:
    """The QR of a text, at level M (ISO/IEC 18004)."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return Drawn(len(rows), "".join(dark))
