"""The decoding engines: zxing-cpp always, zbar where its C library is installed."""

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import zxingcpp

from scanner.reading import Corners, Reading
from scanner.shades import Grey

_LOG = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def engines() -> tuple[str, ...]:
    """The names of the engines that work here; says once in the log when zbar is missing."""
    if _zbar() is not None:
        return ("zxing-cpp", "zbar")
    _LOG.warning("Reading with zxing-cpp alone: the library zbar is missing (Debian: apt-get install libzbar0).")
    return ("zxing-cpp",)


def zxing(grey: Grey) -> list[Reading]:
    """Every QR Code Model 2 that zxing-cpp reads.

    Model 2 alone: with Micro QR and rMQR allowed, textures gave phantom readings (see docs: a study of decoding).
    """
    return zxing_faults(grey, faults=False)[0]


def zxing_faults(grey: Grey, *, faults: bool = True) -> tuple[list[Reading], list[Reading]]:
    """What zxing-cpp reads, and (with `faults`) where it sees symbols that it cannot read, whose text is empty."""
    found = zxingcpp.read_barcodes(
        grey,
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2),
        text_mode=zxingcpp.TextMode.Plain,
        try_downscale=True,
        return_errors=faults,
    )
    read = [Reading(code.text, _corners(code.position)) for code in found if code.valid and code.text]
    return read, [Reading("", _corners(code.position)) for code in found if not code.valid]


def zbar(grey: Grey) -> list[Reading]:
    """Every QR code that zbar reads; none where zbar is not installed."""
    decode = _zbar()
    if decode is None:
        return []
    readings = []
    for code in decode(grey):
        text = code.data.decode("utf-8", "replace")
        if text and len(code.polygon) >= 3:
            readings.append(Reading(text, _four(code)))
    return readings


@lru_cache(maxsize=1)
def _zbar() -> Callable[[Grey], list[Any]] | None:
    """pyzbar loads the C library when it is imported, so the import waits until somebody asks."""
    try:
        from pyzbar import pyzbar
    except (ImportError, OSError):
        return None
    return lambda grey: list(pyzbar.decode(grey, symbols=[pyzbar.ZBarSymbol.QRCODE]))


def _corners(position: Any) -> Corners:
    points = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return np.array([(point.x, point.y) for point in points], dtype=np.float64)


def _four(code: Any) -> Corners:
    """zbar gives the hull of a symbol, which is four points nearly always; else its upright box."""
    if len(code.polygon) == 4:
        return np.array([(point.x, point.y) for point in code.polygon], dtype=np.float64)
    left, top, width, height = code.rect
    right, bottom = left + width, top + height
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float64)
