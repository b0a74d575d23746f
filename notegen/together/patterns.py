"""Patterns: the fine lines that a copier loses, of a kind that was chosen, each its own by the name of the design."""

import hashlib
import random
from collections.abc import Callable, Mapping
from typing import Any

from notegen.geometry.slot import Box

Layer = dict[str, Any]
"""A layer as a design.toml has it."""

PAGE: Box = (-3.5, -3.5, 138.5, 69.5)
CENTRE = [69.0, 28.5]
"""The middle of the title."""


def ground(pattern: str, name: str) -> list[Layer]:
    """The layers of the ground, lowest first."""
    chance = _chance(name)
    tints = ["main 13", "second 15", "accent 16", "second 10", "main 13"]
    return [{"kind": "ground", "inks": tints}, *GROUNDS[pattern](chance)]


def edge(name: str) -> list[Layer]:
    """The right edge, which shows in a stack, with a border that no other name has."""
    chance = _chance(name + " edge")
    return [
        {"kind": "ground", "inks": ["main 78", "main 78"], "box_mm": [132.6, -3.5, 138.5, 69.5]},
        {
            "kind": "band", "start_mm": [134.4, -3.5], "end_mm": [134.4, 69.5], "height_mm": 2.6, "ink": "paper",
            "waves": chance.randint(34, 46), "strands": 4, "lobes": chance.randint(16, 24), "depth": 0.35, "width_mm": 0.11,
        },
        {
            "kind": "band", "start_mm": [132.6, -3.5], "end_mm": [132.6, 69.5], "height_mm": 0.9, "waves": 73, "strands": 2,
            "ink": "main + black 40", "width_mm": 0.11,
        },
    ]  # fmt: skip


def _guilloche(chance: random.Random) -> list[Layer]:
    petals = chance.choice([12, 14, 16, 18, 20])
    return [
        _waves(chance, "main 24", "second 40", 1.05),
        _rosette((2.5, 13.5), petals, chance.randint(7, 10), "second 62", width_mm=0.07),
        _rosette((10.5, 17.5), 2 * petals, 8, "main 36", lobes=petals, depth=0.16, width_mm=0.07),
        _rosette((16.2, 21.6), 4 * petals, 6, "accent 95", lobes=2 * petals, depth=chance.choice([0.26, 0.34, 0.42])),
    ]


def _relief(chance: random.Random) -> list[Layer]:
    domes = [[CENTRE[0], CENTRE[1], 17.0, 0.5]]
    domes += [[chance.uniform(50, 120), chance.choice([2.0, 58.0]), chance.uniform(9, 14), 0.42] for _ in range(3)]
    domes += [[chance.uniform(2, 44), chance.uniform(4, 62), chance.uniform(10, 16), 0.45] for _ in range(2)]
    waves = _waves(chance, "main 46", "second 78", 0.52)
    return [{**waves, "domes": [[round(number, 1) for number in dome] for dome in domes]}]


def _braid(chance: random.Random) -> list[Layer]:
    drafts = [["xxxx", "|xxx", "xxxx"], ["x"], ["xx|x", "xxxx", "x|xx"], ["xxx", "x|x", "xxx"]]
    ring = {
        "kind": "plait-ring", "centre_mm": CENTRE, "radii_mm": [15.2, 20.6], "columns": 72, "rows": 4,
        "draft": chance.choice(drafts), "inks": ["main 56", "accent"], "cord_mm": 0.85, "lines": 3, "under": "accent 8",
        "ground": "second 10", "line_mm": 0.08, "gap_mm": 0.1,
    }  # fmt: skip
    return [
        _waves(chance, "second 52", "main 30", 0.85),
        _border(chance, -0.2),
        _border(chance, 66.2),
        _rosette((3, 13.6), chance.choice([14, 16, 18]), 8, "second 60", width_mm=0.07),
        ring,
    ]


def _lace(chance: random.Random) -> list[Layer]:
    petals = chance.choice([14, 16, 18])
    lace = {
        "kind": "lace", "box_mm": [-4, -4, 134, 70], "mesh_mm": round(chance.uniform(0.95, 1.2), 2), "ink": "main 38",
        "to": "second 62", "width_mm": 0.08, "tally": "paper", "tally_every": chance.choice([4, 5, 6, 7]),
        "sag_mm": round(chance.uniform(0.4, 0.9), 2), "sag_length_mm": round(chance.uniform(28, 44), 1),
    }  # fmt: skip
    hem = {
        "kind": "lace-edge", "start_mm": [-5.0, -0.6], "end_mm": [132.5, -0.6], "height_mm": 4.0,
        "scallops": chance.choice([21, 23, 25]), "ink": "main 85", "gimp": "main",
    }  # fmt: skip
    return [
        lace,
        _rosette((2.5, 13.5), petals, 8, "second 55", width_mm=0.07),
        _rosette((15.2, 20.6), 4 * petals, 6, "accent 95", lobes=2 * petals, depth=0.34),
        hem,
    ]


def _cloth(chance: random.Random) -> list[Layer]:
    size = chance.choice([9, 11, 13])
    draft = [["."] * size for _ in range(size)]
    for row in range(0, size, 2):
        for column in range(row % 4 and 2, size, 2):
            if chance.random() < 0.62:
                for down, along in ((0, 0), (0, 1), (1, 0), (1, 1)):
                    if row + down < size and column + along < size:
                        draft[row + down][column + along] = "#"
    carthen = {
        "kind": "carthen", "box_mm": [-3.5, -3.5, 132.6, 69.5], "cell_mm": 0.7, "threads": 2, "face": "main 40",
        "back": "accent 78", "width_mm": 0.09, "back_width_mm": 0.07, "draft": ["".join(row) for row in draft],
    }  # fmt: skip
    return [carthen, _rosette((3, 20.5), chance.choice([24, 28, 32]), 9, "second 48", lobes=24, depth=0.2)]


GROUNDS: Mapping[str, Callable[[random.Random], list[Layer]]] = {
    "guilloche": _guilloche,
    "relief": _relief,
    "braid": _braid,
    "lace": _lace,
    "cloth": _cloth,
}
"""What draws each kind of pattern, by the word that a choice says."""


def _chance(name: str) -> random.Random:
    """The same numbers for the same name, on every machine."""
    return random.Random(hashlib.sha256(name.encode()).hexdigest())  # noqa: S311  # ornament, no secret


def _waves(chance: random.Random, ink: str, to: str, pitch_mm: float) -> Layer:
    return {
        "kind": "waves", "top_mm": -6, "bottom_mm": 72, "pitch_mm": pitch_mm, "ink": ink, "to": to, "width_mm": 0.08,
        "height_mm": [round(chance.uniform(0.9, 1.7), 2), round(chance.uniform(0.4, 0.9), 2)],
        "length_mm": [round(chance.uniform(38, 60), 1), round(chance.uniform(15, 24), 1)],
        "drift": [round(chance.uniform(0.07, 0.14), 3), round(chance.uniform(-0.2, -0.1), 3)],
    }  # fmt: skip


def _rosette(radii_mm: tuple[float, float], waves: int, strands: int, ink: str, **more: float) -> Layer:
    return {
        "kind": "rosette", "centre_mm": CENTRE, "radii_mm": list(radii_mm), "waves": waves, "strands": strands, "ink": ink,
        **more,
    }  # fmt: skip


def _border(chance: random.Random, y_mm: float) -> Layer:
    return {
        "kind": "plait", "start_mm": [-4, y_mm], "end_mm": [132.6, y_mm], "height_mm": 4.4, "columns": 160, "rows": 4,
        "draft": ["xxxx", chance.choice(["|xxx", "xx|x", "xxxx"]), "xxxx"], "inks": ["main 85", "accent"], "cord_mm": 0.6,
        "under": "second 12", "ground": "second 14", "line_mm": 0.1,
    }  # fmt: skip
