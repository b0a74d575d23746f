"""The canvas: a surface and the few things that are drawn on it, with what can be pressed where."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from scanner.view import colours, lettering
from scanner.view.booth import Deed
from scanner.view.colours import Colour
from scanner.view.layout import Rect
from scanner.view.marks import mark

_OVER = 4


class Align(Enum):
    """Where a line stands in its place."""

    LEFT = 0
    CENTRE = 1
    RIGHT = 2


@dataclass(frozen=True, slots=True)
class Look:
    """How a button or a box is drawn; `dashed`: its edge is broken."""

    fill: Colour | None
    ink: Colour
    edge: Colour | None = None
    width: int = 2
    radius: int = 10
    dashed: bool = False


QUIET = Look(colours.SURFACE, colours.INK, colours.STRONG_LINE)
STRONG = Look(colours.TEAL, colours.SURFACE, colours.TEAL, 3, 14)
OFF = Look(colours.SURFACE, colours.QUIET, colours.LINE, 3, 14, dashed=True)
CHOSEN = Look(colours.TEAL, colours.SURFACE, colours.TEAL)


class Canvas:
    """Draws on a surface and remembers the targets, the last on top."""

    def __init__(self, surface: pygame.Surface) -> None:
        self.surface = surface
        self.targets: list[tuple[Rect, Deed]] = []

    def deed_at(self, x: float, y: float) -> Deed | None:
        """What is pressed at a point."""
        return next((deed for rect, deed in reversed(self.targets) if rect.holds(x, y)), None)

    def box(self, place: Rect, look: Look) -> None:
        """A box with round corners."""
        if place.width > 0 and place.height > 0:
            self.surface.blit(_box(place.width, place.height, look), (place.left, place.top))

    def line(
        self, place: Rect, text: str, size: int, colour: Colour, *, bold: bool = False, align: Align = Align.LEFT
    ) -> int:  # fmt: skip
        """One line in the middle of a place's height, cut where it does not fit; its width."""
        ink = lettering.line(lettering.cut(text, size, place.width, bold=bold), size, colour, bold=bold)
        left = place.left + (place.width - ink.get_width()) * align.value // 2
        self.surface.blit(ink, (left, place.top + (place.height - ink.get_height()) // 2))
        return ink.get_width()

    def text(self, place: Rect, text: str, size: int, colour: Colour, *, bold: bool = False) -> int:
        """Lines from the top of a place, as many as fit; the height that they take."""
        step, top = lettering.step(size), place.top
        for each in lettering.wrapped(text, size, place.width, bold=bold):
            if top + step > place.bottom + step // 3:
                break
            self.surface.blit(lettering.line(each, size, colour, bold=bold), (place.left, top))
            top += step
        return top - place.top

    def mark(self, place: Rect, shape: str, colour: Colour, on: Colour) -> None:
        """A mark in the middle of a place."""
        size = min(place.width, place.height)
        at = place.left + (place.width - size) // 2, place.top + (place.height - size) // 2
        self.surface.blit(mark(shape, size, colour, on), at)

    def button(
        self, place: Rect, text: str, deed: Deed, size: int, *, look: Look = QUIET, key: str = "", around: int = 0
    ) -> None:  # fmt: skip
        """A button with its key, where it has one; it is drawn so much smaller than the place that can be pressed."""
        self.targets.append((place, deed))
        place = place.inset(around)
        self.box(place, look)
        inner = place.inset(8)
        if key:
            inner = self._key(inner, key, size, look.ink)
        self.line(inner, text, size, look.ink, bold=True, align=Align.CENTRE)

    def picture(self, frame: NDArray[np.uint8], place: Rect) -> tuple[float, float, float]:
        """A frame, whole, in the middle of a place; gives its scale, left and top."""
        height, width = frame.shape[:2]
        scale = max(min(place.width / width, place.height / height), 1 / max(width, height))  # a pixel at least
        size = max(1, round(width * scale)), max(1, round(height * scale))
        step = max(1, int(1 / scale))  # a look at every second pixel costs a quarter, and nobody reads this picture
        small = cv2.resize(frame[::step, ::step], size, interpolation=cv2.INTER_LINEAR)
        colour = cv2.cvtColor(small, cv2.COLOR_GRAY2BGR) if small.ndim == 2 else small
        left, top = place.left + (place.width - size[0]) // 2, place.top + (place.height - size[1]) // 2
        self.surface.blit(pygame.image.frombuffer(np.ascontiguousarray(colour).tobytes(), size, "BGR"), (left, top))
        return scale, left, top

    def outline(self, corners: Sequence[tuple[float, float]], colour: Colour, *, whole: bool) -> None:
        """Around a code: dark below light, so that it shows on any ground; where not `whole`, the corners alone."""
        for ink, width in ((colours.NIGHT, 11), (colour, 6)):
            for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
                for a, b in [(start, end)] if whole else _ends(start, end):
                    pygame.draw.line(self.surface, ink, a, b, width)
            for corner in corners:
                pygame.draw.circle(self.surface, ink, corner, width / 2)

    def _key(self, place: Rect, key: str, size: int, ink: Colour) -> Rect:
        small = max(16, round(size * 0.8))
        wide = lettering.width(key, small) + 14
        cap, rest = place.cut_left(wide, 6)
        self.box(Rect(cap.left, cap.top + (cap.height - small - 8) // 2, wide, small + 8), Look(None, ink, ink, 1, 5))
        self.line(cap, key, small, ink, align=Align.CENTRE)
        return rest


@lru_cache(maxsize=400)
def _box(width: int, height: int, look: Look) -> pygame.Surface:
    """A box out of a small one with its corners: what lies between them is stretched."""
    corner = min(look.radius + look.width, width // 2, height // 2)
    small = _corners(corner, look)
    surface = pygame.Surface((width, height), pygame.SRCALPHA)
    across, down = (corner, width - 2 * corner, corner), (corner, height - 2 * corner, corner)
    lefts, tops = (0, corner, width - corner), (0, corner, height - corner)
    for column in range(3):
        for row in range(3):
            size = across[column], down[row]
            if min(size) > 0:
                at = (0, corner, corner + 1)[column], (0, corner, corner + 1)[row]
                piece = small.subsurface((*at, 1 if column == 1 else corner, 1 if row == 1 else corner))
                surface.blit(pygame.transform.scale(piece, size), (lefts[column], tops[row]))
    if look.dashed and look.edge:
        _dash(surface, look)
    return surface


@lru_cache(maxsize=100)
def _corners(corner: int, look: Look) -> pygame.Surface:
    """A box of two corners and a pixel between, drawn large and made small, so that its edges are smooth."""
    side = 2 * corner + 1
    picture = Image.new("RGBA", (side * _OVER, side * _OVER), (*(look.fill or look.edge or (0, 0, 0)), 0))
    pen, radius, edge = ImageDraw.Draw(picture), look.radius * _OVER, look.width * _OVER
    whole = (0, 0, side * _OVER - 1, side * _OVER - 1)
    if look.edge is not None and not look.dashed:
        pen.rounded_rectangle(whole, radius, fill=look.edge if look.fill else None, outline=look.edge, width=edge)
        if look.fill:
            inner = (edge, edge, whole[2] - edge, whole[3] - edge)
            pen.rounded_rectangle(inner, max(0, radius - edge), fill=look.fill)
    elif look.fill:
        pen.rounded_rectangle(whole, radius, fill=look.fill)
    small = picture.resize((side, side), Image.Resampling.BOX)
    return pygame.image.frombytes(small.tobytes(), small.size, "RGBA")


def _dash(surface: pygame.Surface, look: Look) -> None:
    """A broken edge, its corners whole."""
    width, height = surface.get_size()
    assert look.edge is not None  # noqa: S101 -- asked for by the caller
    step, on, half = 18, 11, look.width
    for left in range(look.radius, width - look.radius, step):
        long = min(on, width - look.radius - left)
        surface.fill(look.edge, (left, 0, long, half))
        surface.fill(look.edge, (left, height - half, long, half))
    for top in range(look.radius, height - look.radius, step):
        long = min(on, height - look.radius - top)
        surface.fill(look.edge, (0, top, half, long))
        surface.fill(look.edge, (width - half, top, half, long))


def _ends(
    start: tuple[float, float], end: tuple[float, float]
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    def between(share: float) -> tuple[float, float]:
        return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share

    return [(start, between(0.25)), (between(0.75), end)]
