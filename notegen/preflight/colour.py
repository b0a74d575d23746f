"""Colours of a PDF: what space they are in, and how much of which ink they lay down (ISO 32000-1:2008, 8.6)."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from pikepdf import Array

from notegen.preflight import parts

ALL: Final = "/All"
_DEEPEST = 8
"""A space rests upon another, which rests upon another: in no sound file further than this."""

_PLAIN: Final = {
    "/DeviceGray": ("grey", 1),
    "/G": ("grey", 1),
    "/CalGray": ("grey", 1),
    "/DeviceRGB": ("rgb", 3),
    "/RGB": ("rgb", 3),
    "/CalRGB": ("rgb", 3),
    "/Lab": ("rgb", 3),
    "/DeviceCMYK": ("cmyk", 4),
    "/CMYK": ("cmyk", 4),
    "/Pattern": ("pattern", 0),
}
_PROFILES: Final = {1: ("grey", 1), 3: ("rgb", 3), 4: ("profile", 4)}


class Space(NamedTuple):
    """`kind` is grey, rgb, cmyk (of the device), profile (another CMYK), spot, pattern or unknown; `inks` are spot names.

    `rests_on_rgb`: some part of it is in RGB or Lab, however it is wrapped.
    """

    kind: str
    components: int
    inks: tuple[str, ...] = ()
    rests_on_rgb: bool = False
    palette: bool = False


class Paint(NamedTuple):
    """A colour that is set: its space and its parts from 0 to 1."""

    space: Space
    parts: tuple[float, ...] = ()

    @property
    def registration(self) -> bool:
        """Whether it is on every plate."""
        return ALL in self.space.inks

    @property
    def ink(self) -> float:
        """How much ink it lays down, 1 being one plate in full; registration, which is for the margin, counts as none."""
        if self.registration or self.space.palette:
            return 0.0
        if self.space.kind == "grey":
            return 1 - sum(self.parts)
        return sum(self.parts) if self.space.kind in ("cmyk", "profile", "spot") else 0.0

    @property
    def words(self) -> str:
        """As an operator would have it."""
        return " ".join([*(f"{part:g}" for part in self.parts), self.space.kind])


UNKNOWN: Final = Space("unknown", 0)
GREY, RGB, CMYK = Space("grey", 1), Space("rgb", 3, (), True), Space("cmyk", 4)
BLACK: Final = Paint(CMYK, (0.0, 0.0, 0.0, 1.0))
"""Black ink alone."""

START: Final = Paint(GREY, (0.0,))
"""What every page begins with (8.4.1)."""


def space(item: object, deep: int = 0) -> Space:
    """The colour space that an object names or describes."""
    known = _PLAIN.get(parts.name(item))
    if known:
        return Space(*known, (), known[0] == "rgb")
    if not isinstance(item, Array) or not len(item) or deep > _DEEPEST:
        return UNKNOWN
    kind, members = parts.name(item[0]), list(item)
    if kind in _PLAIN and kind != "/Pattern":
        return Space(*_PLAIN[kind], (), _PLAIN[kind][0] == "rgb")
    if kind == "/ICCBased" and len(members) > 1:
        found = _PROFILES.get(parts.whole(parts.entry(members[1], "/N")), ("unknown", 0))
        return Space(*found, (), found[0] == "rgb")
    return _wrapped(kind, members, deep)


def _wrapped(kind: str, members: Sequence[object], deep: int) -> Space:
    """A space that rests upon another."""
    under = {"/Indexed": 1, "/I": 1, "/Pattern": 1, "/Separation": 2, "/DeviceN": 2}.get(kind)
    if under is None:
        return UNKNOWN
    base = space(members[under], deep + 1) if len(members) > under else UNKNOWN
    if kind in ("/Indexed", "/I"):
        return base._replace(components=1, palette=True)
    if kind == "/Pattern":
        return Space("pattern", base.components, base.inks, base.rests_on_rgb)
    inks = tuple(parts.name(ink) for ink in parts.listed(members[1]))
    return Space("spot", len(inks), inks, base.rests_on_rgb)
