"""One line of type as it is set: its words, face and size, and where it starts."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from notegen import lettering

Align = Literal["left", "centre", "right"]
BACK = {"left": 0.0, "centre": 0.5, "right": 1.0}
"""The part of a line that lies before its place."""


@dataclass(frozen=True)
class Setting:
    """A line whose baseline starts at `at_mm` and runs at `angle` radians, anticlockwise from the level."""

    text: str
    at_mm: tuple[float, float]
    face: str
    size_pt: float
    spacing_pt: float = 0.0
    angle: float = 0.0

    @property
    def run_mm(self) -> float:
        """How far the line runs."""
        return lettering.width_mm(self.text, self.face, self.size_pt, self.spacing_pt)

    @property
    def cap_mm(self) -> float:
        """How high its capitals are."""
        return lettering.cap_height_mm(self.face, self.size_pt)

    def aligned(self, align: Align) -> "Setting":
        """The line with its left end, middle or right end where it starts now."""
        back = self.run_mm * BACK[align]
        return self.shifted(-back * float(np.cos(self.angle)), back * float(np.sin(self.angle)))

    def shifted(self, right_mm: float, down_mm: float) -> "Setting":
        """The same line elsewhere."""
        return replace(self, at_mm=(self.at_mm[0] + right_mm, self.at_mm[1] + down_mm))
