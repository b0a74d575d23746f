"""Where everything stands on the window: rectangles from its size, in pixels, without ink."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

LEAST_TYPE, LEAST_TARGET = 18, 44
"""Pixels: no letter is smaller, and nothing that is pressed."""

LEAST_STAGE = 520
"""Pixels: where the stage is narrower, what lies over it takes the place of what stands beside it too."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle: its left and top edge, its width and height."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first pixel to the right of it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first pixel below it."""
        return self.top + self.height

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.left <= x < self.right and self.top <= y < self.bottom

    def inset(self, by: int) -> "Rect":
        """Smaller on each side."""
        return Rect(self.left + by, self.top + by, max(0, self.width - 2 * by), max(0, self.height - 2 * by))

    def cut_top(self, height: int, gap: int = 0) -> tuple["Rect", "Rect"]:
        """The upper part, and what is left below a gap."""
        height = min(height, self.height)
        rest = max(0, self.height - height - gap)
        return Rect(self.left, self.top, self.width, height), Rect(self.left, self.bottom - rest, self.width, rest)

    def cut_bottom(self, height: int, gap: int = 0) -> tuple["Rect", "Rect"]:
        """The lower part, and what is left above a gap."""
        height = min(height, self.height)
        rest = max(0, self.height - height - gap)
        return Rect(self.left, self.bottom - height, self.width, height), Rect(self.left, self.top, self.width, rest)

    def cut_left(self, width: int, gap: int = 0) -> tuple["Rect", "Rect"]:
        """The left part, and what is left of it behind a gap."""
        width = min(width, self.width)
        rest = max(0, self.width - width - gap)
        return Rect(self.left, self.top, width, self.height), Rect(self.right - rest, self.top, rest, self.height)

    def cut_right(self, width: int, gap: int = 0) -> tuple["Rect", "Rect"]:
        """The right part, and what is left of it before a gap."""
        width = min(width, self.width)
        rest = max(0, self.width - width - gap)
        return Rect(self.right - width, self.top, width, self.height), Rect(self.left, self.top, rest, self.height)


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of the window. `unit`: how much larger than on 1280 x 720 everything is; `gap` between parts."""

    unit: float
    gap: int
    top: Rect
    band: Rect
    stage: Rect
    offers: Rect
    visit: Rect
    foot: Rect
    foot_rows: int = 1

    @property
    def is_narrow(self) -> bool:
        """Whether an answer or a list has no room on the stage alone."""
        return self.stage.width < LEAST_STAGE

    def covered(self) -> "Layout":
        """With the stage over all between the top and the foot."""
        nothing = Rect(0, 0, 0, 0)
        whole = Rect(self.stage.left, self.stage.top, self.visit.right - self.stage.left, self.stage.height)
        return replace(self, stage=whole, offers=nothing, visit=nothing)

    def px(self, length: float) -> int:
        """A length as it was thought of on 1280 x 720."""
        return round(length * self.unit)

    def type(self, size: float) -> int:
        """The size of letters, never below the least."""
        return max(LEAST_TYPE, round(size * self.unit))

    @property
    def target(self) -> int:
        """The height of what is pressed."""
        return max(LEAST_TARGET, self.px(52))


def unit_of(width: int, height: int) -> float:
    """How much larger everything is than on 1280 x 720."""
    return max(0.75, min(width / 1280, height / 720))


def layout(width: int, height: int, *, offers: int, band: bool, foot_rows: int = 1) -> Layout:
    """For a window of a size in pixels, with so many buttons for offers, with a band above everything or without, and so many rows
    of buttons at its foot."""
    unit = unit_of(width, height)
    gap = round(14 * unit)
    target = max(LEAST_TARGET, round(52 * unit))
    whole = Rect(0, 0, width, height)
    strip, whole = whole.cut_top(round(44 * unit) if band else 0)
    top, rest = whole.inset(gap).cut_top(target)
    foot, rest = rest.cut_bottom(target * foot_rows + gap // 2 * (foot_rows - 1), gap)
    rest = Rect(rest.left, rest.top + gap // 2, rest.width, rest.height - gap // 2)
    side, stage = rest.cut_right(max(round(rest.width * 0.38), min(rest.width, 380)), gap)
    lines = -(-offers // 2)
    above, below = side.cut_top(lines * (target + gap // 2) if offers else 0, gap // 2 if offers else 0)
    return Layout(unit, gap, top, strip, stage, above, below, foot, foot_rows)


def columns(place: Rect, count: int, gap: int) -> list[Rect]:
    """So many rectangles of one width beside one another."""
    width = (place.width - gap * (count - 1)) // max(1, count)
    return [Rect(place.left + each * (width + gap), place.top, width, place.height) for each in range(count)]


def split_rows(place: Rect, count: int, gap: int) -> list[Rect]:
    """So many rectangles of one height below one another."""
    height = (place.height - gap * (count - 1)) // count
    return [Rect(place.left, place.top + each * (height + gap), place.width, height) for each in range(count)]


def shared(place: Rect, widths: Sequence[int], gap: int) -> list[Rect]:
    """Rectangles beside one another that share a place by what each needs."""
    room, left, found = place.width - gap * (len(widths) - 1), place.left, []
    for width in widths:
        share = room * width // max(1, sum(widths))
        found.append(Rect(left, place.top, share, place.height))
        left += share + gap
    return found


def grid(place: Rect, count: int, across: int, height: int, gap: int) -> list[Rect]:
    """Rectangles in rows of `across`, from the top left."""
    width = (place.width - gap * (across - 1)) // across
    return [
        Rect(place.left + (each % across) * (width + gap), place.top + (each // across) * (height + gap), width, height)
        for each in range(count)
    ]


def fitting(high: int, each: int, gap: int) -> int:
    """How many rows of a height fit below one another; at least one."""
    return max(1, (high + gap) // (each + gap))


def rows(place: Rect, heights: Sequence[int], gap: int) -> list[Rect]:
    """Rectangles below one another, as many as fit."""
    found, top = [], place.top
    for height in heights:
        if top + height > place.bottom:
            break
        found.append(Rect(place.left, top, place.width, height))
        top += height + gap
    return found
