"""The readers that are compared: ours, the cascade that it replaced, and the free ones as they come."""

from collections.abc import Callable
from functools import lru_cache

import cv2
import zxingcpp
from pyzbar import pyzbar

from bench.cascade import glanced
from scanner.decode import Frame, read

Texts = Callable[[Frame], list[str]]


def ours(frame: Frame) -> list[str]:
    """`scanner.decode.read`: one frame, every look."""
    return [reading.text for reading in read(frame)]


def cascade(frame: Frame) -> list[str]:
    """Eight passes over the whole frame, joined, as the scanner read before."""
    return [reading.text for reading in glanced(frame)]


def plain_zxing(frame: Frame) -> list[str]:
    """zxing-cpp as it comes, QR codes alone."""
    wanted = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2)
    return [code.text for code in zxingcpp.read_barcodes(frame, formats=wanted) if code.text]


def plain_zbar(frame: Frame) -> list[str]:
    """pyzbar as it comes, QR codes alone."""
    return [code.data.decode("utf-8", "replace") for code in pyzbar.decode(frame, symbols=[pyzbar.ZBarSymbol.QRCODE])]


def plain_opencv(frame: Frame) -> list[str]:
    """OpenCV's own detector, for several symbols."""
    return [text for text in _opencv().detectAndDecodeMulti(frame)[1] if text]


def plain_aruco(frame: Frame) -> list[str]:
    """OpenCV's detector that looks for finder patterns as for markers."""
    return [text for text in _aruco().detectAndDecodeMulti(frame)[1] if text]


@lru_cache(maxsize=1)
def _opencv() -> cv2.QRCodeDetector:
    return cv2.QRCodeDetector()


@lru_cache(maxsize=1)
def _aruco() -> cv2.QRCodeDetectorAruco:
    return cv2.QRCodeDetectorAruco()


READERS: dict[str, Texts] = {
    "scanner": ours,
    "cascade before": cascade,
    "zxing-cpp": plain_zxing,
    "pyzbar": plain_zbar,
    "OpenCV": plain_opencv,
    "OpenCV Aruco": plain_aruco,
}
