"""From a picture to QR texts."""

from scanner.engines import engines
from scanner.reader import Reader
from scanner.reading import Reading
from scanner.shades import MOST_PIXELS, Frame

__all__ = ["MOST_PIXELS", "Frame", "Reading", "engines", "read"]


def read(frame: Frame) -> list[Reading]:
    """Every QR text in one frame, ours or not, each place once; corners in pixels of the frame. Raises BadInput."""
    return Reader(budget_seconds=None).read(frame)
