"""Letters of the art that come too near to the knife, or beyond it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2

from notegen.faults.side import Side
from notegen.geometry.slot import Box
from notegen.ink.pdf import POINTS_PER_MM
from notegen.preflight import Fault

MICROTEXT_MM = 0.9
"""Smaller letters are ornament, and may be cut through."""

_SLACK_MM = 0.1
_SHOWN = 30


@dataclass(frozen=True)
class Letter:
    """A letter and what it covers, in mm from the top left of the trim."""

    letter: str
    box: Box


def faults(side: Side) -> Iterator[Fault]:
    """Text across the knife or in the bleed, and text outside of the safe zone; of outlines nothing can be said."""
    design = side.design
    knife, safe = _around(design.trim_mm, 0), _around(design.trim_mm, design.safe_mm)
    for line in _lines(side):
        outside = [one for one in line if one.letter != " " and not _inside(one.box, safe)]
        if any(not _inside(one.box, knife) for one in outside):
            message = f"The text {_quoted(line, outside[0])} lies in the bleed, where it is cut off: move it inward."
            yield Fault("text-bleed", message, side.where)
        elif outside:
            message = f"The text {_quoted(line, outside[0])} is nearer than {design.safe_mm:g} mm to the knife: move it inward."
            yield Fault("text-edge", message, side.where)


def _lines(side: Side) -> Iterator[list[Letter]]:
    """The lines of letters that can be seen, in the order of the file."""
    bleed, (width, height) = side.design.bleed_mm, side.design.page_mm
    document = pypdfium2.PdfDocument(side.page)
    try:
        text = document[0].get_textpage()
        line: list[Letter] = []
        for at in range(text.count_chars()):
            letter = text.get_text_range(at, 1)
            if letter == " " and line:
                line.append(Letter(" ", line[-1].box))
            left, bottom, right, top = (edge / POINTS_PER_MM for edge in text.get_charbox(at))
            seen = right > 0 and left < width and top > 0 and bottom < height
            if letter in ("\r", "\n"):
                yield line
                line = []
            elif letter.strip() and seen and max(top - bottom, right - left) >= MICROTEXT_MM:
                line.append(
                    Letter(letter, (left - bleed, height - top - bleed, right - bleed, height - bottom - bleed))
                )
        yield line
    finally:
        document.close()


def _around(trim_mm: tuple[float, float], inward_mm: float) -> Box:
    return inward_mm, inward_mm, trim_mm[0] - inward_mm, trim_mm[1] - inward_mm


def _inside(inner: Box, outer: Box) -> bool:
    low = inner[0] >= outer[0] - _SLACK_MM and inner[1] >= outer[1] - _SLACK_MM
    return low and inner[2] <= outer[2] + _SLACK_MM and inner[3] <= outer[3] + _SLACK_MM


def _quoted(line: list[Letter], first: Letter) -> str:
    words = "".join(one.letter for one in line).strip()
    shown = repr(words[:_SHOWN] + ("…" if len(words) > _SHOWN else ""))
    return f"{shown} (at {first.box[0]:.0f} mm from the left and {first.box[3]:.0f} mm from the top of the note)"
