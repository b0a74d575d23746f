"""The slots of a side: where the composer prints what the engraver cannot know, in black alone."""

from dataclasses import dataclass, replace
from string import Formatter
from typing import Literal

from app.core import token
from notegen import lettering

MODULES = 49
"""Modules a side of a QR of version 8 (ISO/IEC 18004:2015, table 1)."""

SMALLEST_QR_MM = 29.0
"""Seven dots a module at 300 dpi; smaller ones are lost by cheap cameras."""

QUIET_MODULES = 4
"""Unprinted modules on each side of a QR (ISO/IEC 18004:2015, 9.1)."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in mm from the top left of the trim."""

LONGEST = {"serial": "WWW00 0000000 W", "date": "30 September 2029", "host": "n" * token.LONGEST_HOST}
"""The widest thing that can stand for each name in a slot's text; of a host, the longest in letters of common width."""

Language = Literal["en", "cy"]
LONGEST_DATE: dict[Language, str] = {"en": LONGEST["date"], "cy": "30 Gorffennaf 2029"}
"""The widest date in each language in which a slot can say one."""
LEADING = 1.25
"""From baseline to baseline, as a part of the size."""


@dataclass(frozen=True)
class QrSlot:
    """The square of the QR (top left at `x_mm`, `y_mm`) in the middle of a white panel of `panel_mm` a side."""

    x_mm: float
    y_mm: float
    size_mm: float = SMALLEST_QR_MM
    panel_mm: float = 34.0

    @property
    def module_mm(self) -> float:
        """Width of one module."""
        return self.size_mm / MODULES

    @property
    def least_panel_mm(self) -> float:
        """The QR with its quiet zone on both sides; a panel may not be smaller."""
        return self.size_mm + 2 * QUIET_MODULES * self.module_mm

    @property
    def box(self) -> Box:
        """The white panel, which the art leaves as pure paper."""
        edge = (self.panel_mm - self.size_mm) / 2
        left, top = self.x_mm - edge, self.y_mm - edge
        return left, top, left + self.panel_mm, top + self.panel_mm


@dataclass(frozen=True)
class Slot:
    """Text whose first baseline passes through (`x_mm`, `y_mm`), its left end, middle or right end there.

    `rotation` turns it anticlockwise about that point (90 reads upward). `text` may be of several lines, and may hold
    {serial}, on a front, or what is alike on all notes of a job: {date} (its last day, in `language`) and {host} (where
    to look a note up). Text that runs farther than `width_mm` is set smaller. Fixed words may be of an `ink` of the design.
    """

    x_mm: float
    y_mm: float
    font: str
    size_pt: float
    align: Literal["left", "centre", "right"] = "left"
    rotation: Literal[0, 90, 180, 270] = 0
    text: str = "{serial}"
    width_mm: float | None = None
    language: Language = "en"
    ink: str | None = None

    @property
    def widest(self) -> str:
        """The widest that the text can become."""
        return self.text.format(**{**LONGEST, "date": LONGEST_DATE[self.language]})

    @property
    def names(self) -> set[str]:
        """The names in braces in `text`, with whatever is asked of them; a brace by itself counts as a name that is none."""
        try:
            parts = list(Formatter().parse(self.text))
        except ValueError:
            return {"{"}
        return {f"{name}{how or ''}{turn or ''}" for _, name, how, turn in parts if name is not None}

    @property
    def box(self) -> Box:
        """What the widest text of this slot covers, capitals and descenders."""
        run = _run_mm(self, self.widest)
        run = min(run, self.width_mm or run)
        start = {"left": 0.0, "centre": -run / 2, "right": -run}[self.align]
        up = lettering.cap_height_mm(self.font, self.size_pt)
        down = (len(rows(self.text)) - 1) * _leading_mm(self) + up * 0.3
        corners = [_turned(x, y, self.rotation) for x, y in ((start, -up), (start + run, down))]
        xs, ys = zip(*corners, strict=True)
        return self.x_mm + min(xs), self.y_mm + min(ys), self.x_mm + max(xs), self.y_mm + max(ys)


def fitted(slot: Slot, words: str) -> Slot:
    """`slot` in its own size, or as much smaller as `words` must be to fit its width."""
    run = _run_mm(slot, words)
    if slot.width_mm is None or run <= slot.width_mm:
        return slot
    return replace(slot, size_pt=slot.size_pt * slot.width_mm / run)


def rows(words: str) -> list[str]:
    """The lines of a text."""
    return words.strip("\n").split("\n")


def set_out(slot: Slot, words: str) -> list[tuple[Slot, str]]:
    """Each line of `words`, no larger than they fit, with a slot of its own below that of the line before."""
    size = fitted(slot, words)
    steps = [_turned(0, number * _leading_mm(size), slot.rotation) for number in range(len(rows(words)))]
    return [
        (replace(size, x_mm=slot.x_mm + x, y_mm=slot.y_mm + y), row)
        for (x, y), row in zip(steps, rows(words), strict=True)
    ]


def _run_mm(slot: Slot, words: str) -> float:
    return max(lettering.width_mm(row, slot.font, slot.size_pt) for row in rows(words))


def _leading_mm(slot: Slot) -> float:
    return LEADING * slot.size_pt * lettering.MM_PER_POINT


def _turned(x: float, y: float, rotation: int) -> tuple[float, float]:
    """(`x`, `y`), y downward, turned anticlockwise by a whole number of right angles."""
    for _ in range(rotation // 90):
        x, y = y, -x
    return x, y


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share any area."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
