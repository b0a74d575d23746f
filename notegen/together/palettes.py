"""Palettes: three inks each that go well together, and leave black type readable on the ground that is made of them."""

from collections.abc import Mapping
from dataclasses import dataclass

Parts = tuple[int, int, int, int]
"""Cyan, magenta, yellow and black, in percent."""


@dataclass(frozen=True)
class Palette:
    """`main` letters the note, `second` and `accent` go with it; named in English and Welsh."""

    en: str
    cy: str
    main: Parts
    second: Parts
    accent: Parts


PALETTES: Mapping[str, Palette] = {
    "sea": Palette("Sea and sand", "Môr a thywod", (92, 48, 18, 10), (52, 0, 26, 6), (3, 28, 72, 6)),
    "slate": Palette("Slate and daffodil", "Llechi a chennin Pedr", (78, 60, 20, 14), (48, 12, 80, 12), (0, 22, 95, 0)),
    "bluebell": Palette("Bluebell wood", "Clychau’r gog", (72, 82, 0, 8), (48, 0, 95, 16), (8, 62, 88, 10)),
    "heather": Palette("Heather and fern", "Grug a rhedyn", (48, 85, 12, 16), (58, 18, 85, 14), (4, 42, 70, 2)),
    "rowan": Palette("Rowan berry", "Criafol", (12, 95, 82, 20), (68, 22, 78, 18), (4, 34, 88, 0)),
    "forest": Palette("Deep wood", "Coed tywyll", (86, 34, 84, 20), (36, 4, 88, 6), (8, 56, 92, 6)),
    "copper": Palette("Copper and verdigris", "Copr a gwyrddlas", (90, 36, 42, 14), (8, 58, 80, 12), (40, 0, 24, 0)),
    "plum": Palette("Plum and rose", "Eirin a rhosyn", (58, 92, 28, 20), (8, 66, 22, 4), (4, 22, 58, 0)),
    "harvest": Palette("Harvest field", "Cae’r cynhaeaf", (28, 74, 96, 26), (58, 26, 82, 18), (4, 30, 90, 2)),
    "lamplight": Palette("Night and lamplight", "Nos a golau lamp", (94, 80, 18, 18), (60, 36, 4, 4), (2, 26, 88, 0)),
    "coal": Palette("Coal and brass", "Glo a phres", (58, 46, 40, 46), (14, 34, 82, 18), (6, 58, 82, 8)),
    "peony": Palette("Peony garden", "Gardd flodau", (18, 92, 32, 14), (56, 6, 84, 10), (2, 40, 62, 0)),
}  # fmt: skip
"""By the word that a choice says."""
