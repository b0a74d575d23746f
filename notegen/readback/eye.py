"""An eye: a decoder of QRs that had no part in making them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import zxingcpp
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
"""A picture of shape (height, width), 0 black."""

WITHOUT_ZBAR = "libzbar0 is not installed, so every QR is read with zxing-cpp alone; install it to read with both."


@dataclass(frozen=True)
class Eye:
    """`read` gives the texts of all QRs in a picture."""

    name: str
    read: Callable[[Grey], list[str]]


def eyes() -> Sequence[Eye]:
    """All there are: zxing-cpp, and zbar where its library is installed."""
    found = [Eye("zxing-cpp", _zxing)]
    try:
        from pyzbar import pyzbar
    except ImportError:
        return found

    def zbar(picture: Grey) -> list[str]:
        codes = pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE])
        return [code.data.decode("utf-8", "replace") for code in codes]

    return [*found, Eye("zbar", zbar)]


def _zxing(picture: Grey) -> list[str]:
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2)
    upright = np.ascontiguousarray(picture)
    codes = zxingcpp.read_barcodes(upright, formats, try_rotate=False, try_downscale=False, try_invert=False)
    return [code.text for code in codes]
