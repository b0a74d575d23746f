"""The marks beside the words: each family has a shape of its own as well as its colour. Drawn large and made small, so that their
edges are smooth."""

from collections.abc import Callable
from functools import lru_cache
from math import cos, pi, sin

import pygame
from PIL import Image, ImageDraw

from scanner.view.colours import Colour

_OVER = 4
Pen = ImageDraw.ImageDraw
Points = list[tuple[float, float]]


@lru_cache(maxsize=300)
def mark(shape: str, size: int, colour: Colour, on: Colour) -> pygame.Surface:
    """A shape (tick, open, ring, triangle, cross, asking) of a size in pixels; `on` is the sign within a full one."""
    side = size * _OVER
    picture = Image.new("RGBA", (side, side), (*colour, 0))
    _DRAWN[shape](_Sheet(ImageDraw.Draw(picture), side), colour, on)
    small = picture.resize((size, size), Image.Resampling.LANCZOS)
    return pygame.image.frombytes(small.tobytes(), small.size, "RGBA")


class _Sheet:
    """A square in which places are said in hundredths of its side."""

    def __init__(self, pen: Pen, side: int) -> None:
        self._pen, self._side = pen, side

    def at(self, points: Points) -> Points:
        return [(x * self._side / 100, y * self._side / 100) for x, y in points]

    def line(self, points: Points, colour: Colour, width: float) -> None:
        self._pen.line(self.at(points), colour, max(1, round(width * self._side / 100)), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self._pen.ellipse(
            [*self.at([(x - radius, y - radius)])[0], *self.at([(x + radius, y + radius)])[0]], fill=colour
        )

    def plane(self, points: Points, colour: Colour) -> None:
        self._pen.polygon(self.at(points), fill=colour)

    def arcs(self, colour: Colour, count: int, share: float, width: float) -> None:
        box = [*self.at([(4, 4)])[0], *self.at([(96, 96)])[0]]
        for each in range(count):
            start = 360 * each / count - 90
            self._pen.arc(box, start, start + 360 / count * share, colour, round(width * self._side / 100))

    def tick(self, colour: Colour) -> None:
        self.line([(29, 52), (44, 67), (72, 35)], colour, 11)


def _tick(sheet: _Sheet, colour: Colour, on: Colour) -> None:
    sheet.disc(50, 50, 48, colour)
    sheet.tick(on)


def _open(sheet: _Sheet, colour: Colour, _on: Colour) -> None:
    sheet.arcs(colour, 8, 0.62, 8)
    sheet.tick(colour)


def _ring(sheet: _Sheet, colour: Colour, _on: Colour) -> None:
    sheet.arcs(colour, 1, 1.0, 8)
    sheet.tick(colour)


def _triangle(sheet: _Sheet, colour: Colour, on: Colour) -> None:
    corners = [(50.0, 8.0), (95.0, 88.0), (5.0, 88.0)]
    sheet.plane(corners, colour)
    sheet.line([*corners, corners[0]], colour, 8)
    sheet.line([(50, 36), (50, 60)], on, 9)
    sheet.disc(50, 76, 5.5, on)


def _cross(sheet: _Sheet, colour: Colour, on: Colour) -> None:
    """In an octagon, as a stop sign is."""
    sheet.plane([(50 + 49 * cos(pi * (k + 0.5) / 4), 50 + 49 * sin(pi * (k + 0.5) / 4)) for k in range(8)], colour)
    sheet.line([(32, 32), (68, 68)], on, 11)
    sheet.line([(68, 32), (32, 68)], on, 11)


def _asking(sheet: _Sheet, colour: Colour, _on: Colour) -> None:
    for k in range(10):
        sheet.disc(50 + 42 * cos(pi * k / 5), 50 + 42 * sin(pi * k / 5), 5, colour)


_DRAWN: dict[str, Callable[[_Sheet, Colour, Colour], None]] = {
    "tick": _tick, "open": _open, "ring": _ring, "triangle": _triangle, "cross": _cross, "asking": _asking,
}  # fmt: skip
