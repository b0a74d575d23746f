"""From a picture to QR texts."""

from scanner.engines import engines
from scanner.passes import MOST_PIXELS, PASSES, QUICK, Frame, Pass, glances
from scanner.reader import Reader
from scanner.reading import Reading

__all__ = ["MOST_PIXELS", "PASSES", "QUICK", "Frame", "Pass", "Reading", "engines", "glances", "read"]


def read(frame: Frame) -> list[Reading]:
    """Every QR text in one frame, ours or not, each place once; corners in pixels of the frame. Raises BadInput."""
    return Reader(budget_seconds=None).read(frame)
