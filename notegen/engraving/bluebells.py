"""Bluebells: stems that nod to one side, with bells hung along them, over leaves like straps."""

from dataclasses import dataclass

import numpy as np

from notegen.design import Design
from notegen.engraving.curve import Curve, joined, ribbon, smooth, traced
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate

STEM = np.array([(0, 0), (0.02, -0.35), (0.06, -0.65), (0.17, -0.88), (0.33, -0.95), (0.46, -0.86)])
"""A stem 1 high that nods to the right, from the ground."""

BELL = np.array([(0, -0.1), (0.22, 0.03), (0.3, 0.5), (0.32, 0.78), (0.6, 0.98), (0.38, 1.04), (0.2, 0.92), (0, 1.08),
                 (-0.2, 0.92), (-0.38, 1.04), (-0.6, 0.98), (-0.32, 0.78), (-0.3, 0.5), (-0.22, 0.03)])  # fmt: skip
"""A bell 1 long that hangs from the origin, its lips curled back."""

LEAVES = ((-0.42, 0.6), (-0.18, 0.78), (0.2, 0.7), (0.5, 0.5))
"""Where the tip of each leaf is beside its foot and above it, the stem being 1 high."""


@dataclass(frozen=True)
class Bluebells:
    """A plant at each place, `heights_mm` high, every other one nodding the other way."""

    at_mm: tuple[tuple[float, float], ...]
    heights_mm: tuple[float, ...]
    ink: str
    edge: str
    leaf: str
    bells: int = 6

    def draw(self, plate: Plate, design: Design) -> None:
        """Lay leaves, stems and bells, plant by plant."""
        bell, edge, leaf = (ink(design, spoken) for spoken in (self.ink, self.edge, self.leaf))
        for number, (at, high) in enumerate(zip(self.at_mm, self.heights_mm, strict=True)):
            size = np.array((high if number % 2 == 0 else -high, high))
            ribs = [traced(rib, 0.03) * size + at for rib in _ribs()]
            plate.fill([blade for rib in ribs for blade in _blades(rib, high)], leaf)
            plate.bend([rib[::5] for rib in ribs], edge, 0.06)
            stem = traced(STEM, 0.02) * size + at
            plate.fill(ribbon(stem, np.linspace(0.05, 0.02, len(stem)) * high), leaf)
            bells = [one * size + at for one in self.hung()]
            plate.fill_bends(joined(smooth(one, closed=True) for one in bells), bell)
            plate.bend([np.vstack((one, one[:1])) for one in bells], edge, 0.07)

    def hung(self) -> list[Curve]:
        """The bells of a plant 1 high: the uppermost, at the end of the stem, is the smallest."""
        stem = traced(STEM, 0.02)
        places = stem[np.rint(np.linspace(0.5, 1.0, self.bells) * (len(stem) - 1)).astype(int)]
        turns = np.linspace(-0.9, -0.15, self.bells)
        found = []
        for number, (place, turn) in enumerate(zip(places, turns, strict=True)):
            lean = turn if number % 2 == 0 or number > self.bells - 3 else -0.5 * turn
            cosine, sine = np.cos(lean), np.sin(lean)
            length = 0.17 * (1 - 0.35 * number / self.bells)
            found.append(BELL @ np.array([(cosine, sine), (-sine, cosine)]) * length + place)
        return found


def _ribs() -> list[Curve]:
    """The middle line of each leaf of a plant 1 high."""
    return [np.array([(0, 0), (x * 0.3, -y * 0.5), (x * 0.62, -y * 0.86), (x, -y)]) for x, y in LEAVES]


def _blades(rib: Curve, high: float) -> list[Curve]:
    """The leaf about a rib, broadest in the middle, of a plant `high` mm high."""
    return ribbon(rib, 0.075 * high * np.sin(np.linspace(0.5, np.pi, len(rib))))
