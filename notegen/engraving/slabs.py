"""A fence of slate slabs set on end and held by twisted wire, as the quarrymen's crawiau are."""

from dataclasses import dataclass

import numpy as np

from notegen.design import Design
from notegen.engraving.curve import Curve
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate
from notegen.engraving.relief import Facet


@dataclass(frozen=True)
class Slabs:
    """Slabs from the first point of the ground line to its last, their feet on it and their heads up to `high_mm` above.

    Each is about `wide_mm` wide, leans a little its own way, has a broken head, a bright edge of `edge` and a face
    of lines along the cleavage on one of `unders` after the other; twisted wires of `wire` bind them at the shares `wires` of their height.
    """

    ground_mm: tuple[tuple[float, float], ...]
    high_mm: float
    wide_mm: float
    ink: str
    unders: tuple[str, ...]
    edge: str
    wire: str
    foot_mm: float
    wires: tuple[float, ...] = (0.72,)
    pitch_mm: float = 0.36
    seed: int = 1

    def draw(self, plate: Plate, design: Design) -> None:
        """Stand the slabs one beside the other, then bind them."""
        for face, lit in self.slabs():
            plate.fill([lit], ink(design, self.edge))
            plate.stroke([np.vstack((lit, lit[:1]))], ink(design, self.ink), 0.1)
            face.draw(plate, design)
        for share in self.wires:
            for strand in self._wire(share):
                plate.bend([strand], ink(design, "paper"), 0.3)
                plate.bend([strand], ink(design, self.wire), 0.14)

    def slabs(self) -> list[tuple[Facet, Curve]]:
        """Each slab's face, and the outline of its edge that is seen on the left."""
        chance = np.random.default_rng(self.seed)
        found: list[tuple[Facet, Curve]] = []
        left, last = self.ground_mm[0][0], self.ground_mm[-1][0]
        while left < last:
            wide = self.wide_mm * chance.uniform(0.72, 1.3)
            found.append(self._slab(left, min(left + wide, last), self.unders[len(found) % len(self.unders)], chance))
            left += wide + self.wide_mm * chance.uniform(0.1, 0.22)
        return found

    def _slab(self, left: float, right: float, under: str, chance: np.random.Generator) -> tuple[Facet, Curve]:
        foot = float(np.interp((left + right) / 2, *np.array(self.ground_mm).T))
        lean, high = chance.uniform(-0.55, 0.55), self.high_mm * chance.uniform(0.72, 1.0)
        slope = chance.uniform(-0.16, 0.1) * (right - left)
        heads = [(0.0, slope), (0.3, slope * 0.2 - 0.25), (0.55, 0.0), (0.62, 0.25), (1.0, -slope + 0.1)]
        top = [(left + lean + share * (right - left) * 0.94, foot - high + down) for share, down in heads]
        outline = (*top, (right, self.foot_mm), (left, self.foot_mm))
        tone = chance.uniform(0.38, 0.72)
        face = Facet(
            outline_mm=outline,
            ink=self.ink,
            under=under,
            angle_deg=chance.uniform(80, 100),
            pitch_mm=self.pitch_mm,
            across=(tone * 1.15, tone, tone * 0.7, tone * 0.95),
            along=(0.65, 1.0, 0.85, 1.25),
            grain=0.45,
            stone_mm=chance.uniform(1.4, 3.6),
            edge_mm=0.14,
        )
        (x, y), thick = top[0], 0.42
        lit = np.array([(x, y), (x - thick, y + 0.3), (left - thick, self.foot_mm), (left, self.foot_mm)])
        return face, lit

    def _wire(self, share: float) -> list[Curve]:
        """Two strands twisted round each other."""
        ground = np.array(self.ground_mm)
        x = np.arange(ground[0, 0], ground[-1, 0] + 0.2, 0.2)
        y = np.interp(x, *ground.T) - self.high_mm * share + 0.25 * np.sin(x / 7.3)
        swing = 0.2 * np.sin(2 * np.pi * x / 1.6)
        return [np.column_stack((x, y + side * swing)) for side in (1, -1)]
