"""The mixes: how often each axis is at work, and how strongly, in a typical, a hard and a brutal picture.

Set on the tuning part so that zxing-cpp alone reads about 64, 24 and 3 % of single frames; `python bench/scan.py` prints
what it does read of the part that is shown.
"""

from dataclasses import dataclass

import numpy as np

from bench.worn.axes import Axes


@dataclass(frozen=True, slots=True)
class Draw:
    """With probability `chance` a value evenly from `low` to `high`, else the default of the axis."""

    chance: float
    low: float
    high: float


Mix = dict[str, Draw]

_ANY_WAY = {"tilt_about": Draw(1, 0, 360), "motion_along": Draw(1, 0, 180)}

MIXES: dict[str, Mix] = {
    "typical": {
        "distance": Draw(1, 2.5, 4.3),
        "tilt": Draw(1, 0, 30),
        "turn": Draw(1, -180, 180),
        "defocus": Draw(1, 0.1, 0.385),
        "motion": Draw(0.4, 0.1, 0.7),
        "noise": Draw(1, 2, 8),
        "light": Draw(1, 0.6, 1.1),
        "glare": Draw(0.15, 0.1, 0.5),
        "fold": Draw(0.4, 0.1, 0.5),
        "stain": Draw(0.2, 0.1, 0.5),
        "pen": Draw(0.05, 0.005, 0.02),
        "hole": Draw(0.08, 0.005, 0.03),
        "fading": Draw(0.4, 0.05, 0.3),
        "gain": Draw(1, -0.08, 0.08),
        "jpeg": Draw(1, 50, 92),
        "lens": Draw(0.5, 0.0, 0.08),
    },
    "hard": {
        "distance": Draw(1, 2.3, 4.1),
        "tilt": Draw(1, 0, 40),
        "turn": Draw(1, -180, 180),
        "defocus": Draw(1, 0.12, 0.46),
        "motion": Draw(0.45, 0.1, 0.9),
        "noise": Draw(1, 3, 11),
        "light": Draw(1, 0.5, 1.1),
        "glare": Draw(0.2, 0.1, 0.6),
        "fold": Draw(0.5, 0.1, 0.7),
        "stain": Draw(0.25, 0.1, 0.7),
        "pen": Draw(0.08, 0.005, 0.03),
        "hole": Draw(0.12, 0.005, 0.05),
        "fading": Draw(0.5, 0.05, 0.4),
        "gain": Draw(1, -0.1, 0.12),
        "jpeg": Draw(1, 40, 92),
        "lens": Draw(0.6, 0.0, 0.12),
    },
    "brutal": {
        "distance": Draw(1, 2.1, 3.9),
        "tilt": Draw(1, 0, 48),
        "turn": Draw(1, -180, 180),
        "defocus": Draw(1, 0.15, 0.55),
        "motion": Draw(0.5, 0.2, 1.3),
        "noise": Draw(1, 4, 15),
        "light": Draw(1, 0.35, 1.05),
        "glare": Draw(0.3, 0.2, 0.8),
        "fold": Draw(0.65, 0.2, 0.9),
        "stain": Draw(0.35, 0.2, 0.9),
        "pen": Draw(0.12, 0.01, 0.05),
        "hole": Draw(0.2, 0.01, 0.08),
        "fading": Draw(0.6, 0.1, 0.6),
        "gain": Draw(1, -0.15, 0.18),
        "jpeg": Draw(1, 25, 85),
        "lens": Draw(0.6, 0.0, 0.2),
    },
}


def drawn(mix: Mix, chance: np.random.Generator) -> Axes:
    """One picture's axes; the same generator gives the same, whichever of them are at work."""
    values = {}
    for name, draw in {**mix, **_ANY_WAY}.items():
        works, value = chance.random() < draw.chance, chance.uniform(draw.low, draw.high)
        if works:
            values[name] = float(value)
    return Axes(**values)
