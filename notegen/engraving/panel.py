"""The white panel of the QR: pure paper, with a frame that keeps off it."""

from dataclasses import dataclass

import numpy as np

from notegen.design import Design
from notegen.engraving.curve import Curve, rectangle
from notegen.engraving.layer import ink
from notegen.engraving.microtext import Row
from notegen.engraving.plate import Plate
from notegen.geometry.slot import Box
from notegen.ink.cmyk import PAPER

Way = tuple[tuple[float, float], tuple[float, float]]
"""From a point to a point, mm."""


@dataclass(frozen=True)
class Panel:
    """Paper where the design's QR goes; round it a fine line, a line of microtext and a strong line of `ink`."""

    ink: str
    text: str
    gap_mm: float = 0.3
    band_mm: float = 1.0

    def draw(self, plate: Plate, design: Design) -> None:
        """Clear the panel, then frame it."""
        if design.qr is None:
            return
        inner = _grown(design.qr.box, self.gap_mm)
        outer = _grown(inner, self.band_mm)
        plate.fill([rectangle(*outer)], PAPER)
        for box, width in ((inner, 0.1), (outer, 0.35)):
            plate.stroke([_round(box)], ink(design, self.ink), width)
        for start, end in self._ways(_grown(inner, self.band_mm * 0.32)):
            Row(self.text, start, end, self.ink).draw(plate, design)

    def _ways(self, box: Box) -> list[Way]:
        """The four sides as baselines, the letters' feet toward the panel, clockwise, each clear of the last one's end."""
        left, top, right, bottom = box
        clear = self.band_mm * 0.7
        return [
            ((left, top), (right - clear, top)),
            ((right, top), (right, bottom - clear)),
            ((right, bottom), (left + clear, bottom)),
            ((left, bottom), (left, top + clear)),
        ]


def _grown(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _round(box: Box) -> Curve:
    """The outline of a box, its first side again at the end so that the last corner is joined."""
    corners = rectangle(*box)
    return np.vstack((corners, corners[:2]))
