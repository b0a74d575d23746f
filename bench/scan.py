"""How many bent notes each reader reads, and how fast: `python bench/scan.py [--frames N]`.

The same seeded frames (1280 x 720, one note a frame) go to `scanner.decode.read`, to zxing-cpp, pyzbar and OpenCV's own
detector alone. The frames come from a simple simulator; read the rates against each other, not as promises.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import zxingcpp
from pyzbar import pyzbar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scanner.decode import Frame, read
from tests.scanner.cards import Bend, Order, bend, card

BENDS = {
    "near": Bend(),
    "far": Bend(module_pixels=2.1, blur_modules=0.25),
    "tilted": Bend(module_pixels=3, tilt=0.3, turn_degrees=45),
    "dark": Bend(module_pixels=3, noise=55),
    "blurred": Bend(module_pixels=3, blur_modules=0.6, noise=5),
    "all": Bend(module_pixels=2.2, tilt=0.3, turn_degrees=45, blur_modules=0.5, noise=10),
}


def plain_zxing(frame: Frame) -> list[str]:
    """zxing-cpp as it comes, QR codes alone."""
    return [
        code.text
        for code in zxingcpp.read_barcodes(frame, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    ]


def plain_zbar(frame: Frame) -> list[str]:
    """pyzbar as it comes, QR codes alone."""
    return [code.data.decode() for code in pyzbar.decode(frame, symbols=[pyzbar.ZBarSymbol.QRCODE])]


def plain_opencv(frame: Frame) -> list[str]:
    """OpenCV's own detector."""
    return [text for text in [cv2.QRCodeDetector().detectAndDecode(frame)[0]] if text]


READERS: dict[str, Callable[[Frame], list[str]]] = {
    "scanner": lambda frame: [reading.text for reading in read(frame)],
    "zxing-cpp": plain_zxing,
    "pyzbar": plain_zbar,
    "OpenCV": plain_opencv,
}


def main() -> None:
    """Print a table: the share read of each kind of frame, wrong texts, and the median time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=20, help="frames of each kind")
    count: int = parser.parse_args().frames
    order = Order()
    frames = {
        name: [(order.token(seed + 1), bend(card(order.token(seed + 1)), seed, how)) for seed in range(count)]
        for name, how in BENDS.items()
    }
    print(f"{'reader':12}" + "".join(f"{name:>9}" for name in BENDS) + f"{'wrong':>9}{'median ms':>11}")
    for name, reader in READERS.items():
        print(_row(name, reader, frames))


def _row(name: str, reader: Callable[[Frame], list[str]], frames: dict[str, list[tuple[str, Frame]]]) -> str:
    shares, wrong, times = [], 0, []
    for shots in frames.values():
        hits = 0
        for text, frame in shots:
            begun = time.perf_counter()
            found = reader(np.ascontiguousarray(frame))
            times.append(time.perf_counter() - begun)
            hits += text in found
            wrong += sum(other != text for other in found)
        shares.append(f"{100 * hits / len(shots):8.0f}%")
    return f"{name:12}" + "".join(shares) + f"{wrong:9}{1000 * statistics.median(times):11.1f}"


if __name__ == "__main__":
    main()
