"""An eye: a decoder of QRs that had no part in making them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import zxingcpp
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
"""A picture of shape (height, width), 0 black."""

Corners = tuple[tuple[float, float], ...]
"""Of a symbol, the outer edge of it, x and y in pixels, around it."""

WITHOUT_ZBAR = "libzbar0 is not installed, so every QR is read with zxing-cpp alone; install it to read with both."


@dataclass(frozen=True, slots=True)
class Sight:
    """A QR that was read: its text, and where it lies."""

    text: str
    corners: Corners


@dataclass(frozen=True)
class Eye:
    """`see` gives all QRs in a picture."""

    name: str
    see: Callable[[Grey], list[Sight]]

    def read(self, picture: Grey) -> list[str]:
        """The texts of all QRs in a picture."""
        return [sight.text for sight in self.see(picture)]


def eyes() -> Sequence[Eye]:
    """All there are: zxing-cpp, and zbar where its library is installed."""
    found = [Eye("zxing-cpp", _zxing)]
    try:
        from pyzbar import pyzbar
    except ImportError:
        return found

    def zbar(picture: Grey) -> list[Sight]:
        codes = pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE])
        return [Sight(code.data.decode("utf-8", "replace"), tuple(map(tuple, code.polygon))) for code in codes]

    return [*found, Eye("zbar", zbar)]


def _zxing(picture: Grey) -> list[Sight]:
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2)
    upright = np.ascontiguousarray(picture)
    codes = zxingcpp.read_barcodes(upright, formats, try_rotate=False, try_downscale=False, try_invert=False)
    return [Sight(code.text, _corners(code.position)) for code in codes]


def _corners(position: zxingcpp.Position) -> Corners:
    around = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return tuple((float(corner.x), float(corner.y)) for corner in around)
