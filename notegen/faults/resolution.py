"""Resolution: pictures with too few pixels for the size at which they stand."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pikepdf import Dictionary

from notegen.faults.side import Side
from notegen.ink.pdf import POINTS_PER_MM
from notegen.preflight import Fault

LEAST_DPI = 300
_ROUNDING = 2
_SMALLEST_MM = 1.0
"""A picture smaller than that is a dot."""

Matrix = tuple[float, float, float, float, float, float]
_UPRIGHT: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class Placed:
    """A picture where it stands, lengths in mm; its place is that of its upper left corner, from the lower left of the page."""

    place_mm: tuple[float, float]
    pixels: tuple[int, int]
    size_mm: tuple[float, float]

    @property
    def dpi(self) -> float:
        """Of the coarser way."""
        return min(25.4 * count / size for count, size in zip(self.pixels, self.size_mm, strict=True))


def faults(side: Side) -> Iterator[Fault]:
    """Each picture that would be printed coarse."""
    with pikepdf.open(BytesIO(side.page)) as pdf:
        page = pdf.pages[0]
        for placed in dict.fromkeys(_pictures(page, page.resources, _UPRIGHT, 0)):
            if placed.dpi < LEAST_DPI - _ROUNDING and min(placed.size_mm) >= _SMALLEST_MM:
                wide, high = placed.size_mm
                wanted = math.ceil(wide / 25.4 * LEAST_DPI), math.ceil(high / 25.4 * LEAST_DPI)
                message = (
                    f"The picture{_place(side, placed)} has {placed.dpi:.0f} dpi at its size of {wide:.0f} x {high:.0f} mm, and "
                    f"{LEAST_DPI} are needed: take one of {wanted[0]} x {wanted[1]} pixels or more."
                )
                yield Fault("resolution", message, side.where)


def _place(side: Side, placed: Placed) -> str:
    """Where a picture stands on the note; nothing of one that is the whole of it."""
    bleed, (width, height) = side.design.bleed_mm, side.design.page_mm
    if placed.size_mm[0] >= width - 1 and placed.size_mm[1] >= height - 1:
        return ""
    left, top = placed.place_mm[0] - bleed, height - placed.place_mm[1] - bleed
    return f" at {left:.0f} mm from the left and {top:.0f} mm from the top of the note"


def _pictures(
    content: pikepdf.Page | pikepdf.Object, resources: pikepdf.Object, start: Matrix, depth: int
) -> Iterator[Placed]:
    """Every picture that a content stream places, forms and all."""
    now, saved = start, []
    places = resources.get("/XObject", Dictionary())
    for step in pikepdf.parse_content_stream(content):
        operator = str(step.operator)
        if operator == "q":
            saved.append(now)
        elif operator == "Q" and saved:
            now = saved.pop()
        elif operator == "cm":
            now = _times(_matrix(step.operands), now)
        elif operator == "Do" and str(step.operands[0]) in places:
            placed = places[str(step.operands[0])]
            if placed.get("/Subtype") == "/Image":
                yield _placed(placed, now)
            elif placed.get("/Subtype") == "/Form" and depth < _DEEPEST:
                inner = _times(_matrix(placed.get("/Matrix", _UPRIGHT)), now)
                yield from _pictures(placed, placed.get("/Resources", resources), inner, depth + 1)


_DEEPEST = 30


def _placed(image: pikepdf.Object, now: Matrix) -> Placed:
    sides = (math.hypot(now[0], now[1]), math.hypot(now[2], now[3]))
    wide, high = (max(round(side / POINTS_PER_MM, 2), 0.01) for side in sides)
    left = (now[4] + min(0, now[0]) + min(0, now[2])) / POINTS_PER_MM
    top = (now[5] + max(0, now[1]) + max(0, now[3])) / POINTS_PER_MM
    return Placed((round(left, 2), round(top, 2)), (int(image.Width), int(image.Height)), (wide, high))


def _matrix(values: object) -> Matrix:
    a, b, c, d, e, f = (float(part) for part in values)  # type: ignore[attr-defined]  # operands, an array or a tuple
    return a, b, c, d, e, f


def _times(one: Matrix, other: Matrix) -> Matrix:
    """`one`, then `other` (ISO 32000-1:2008, 8.3.4)."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
