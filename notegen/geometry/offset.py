"""The back offset of a printer: how far what it prints on backs must be moved to lie behind the fronts."""

import re
from typing import NamedTuple

from app.core.errors import BadInput
from notegen.geometry.slot import Box

MOST_MM = 10.0
"""What is farther off is the wrong flip or a scaled print, which no offset mends."""

_PAIR = re.compile(r" *([+-]?\d{1,3}(?:\.\d{1,3})?) *, *([+-]?\d{1,3}(?:\.\d{1,3})?) *")


class Offset(NamedTuple):
    """How far everything on a back moves, to the right and down as that back is looked at, in mm."""

    x_mm: float = 0.0
    y_mm: float = 0.0

    def moved(self, box: Box) -> Box:
        """`box` of a back where it is printed."""
        return box[0] + self.x_mm, box[1] + self.y_mm, box[2] + self.x_mm, box[3] + self.y_mm

    def __str__(self) -> str:
        return f"{self.x_mm:g},{self.y_mm:g}"


NOT_MOVED = Offset()


def parse(text: str) -> Offset:
    """The offset that `text` says, such as 1.2,-0.4. Raises BadInput."""
    found = _PAIR.fullmatch(text)
    if found is None:
        raise BadInput(f"{text!r} is no back offset: write mm to the right and mm down, as 1.2,-0.4.")
    return checked(Offset(float(found[1]), float(found[2])))


def checked(offset: Offset, free_mm: tuple[float, float] = (MOST_MM, MOST_MM)) -> Offset:
    """`offset`, when it is one that mends something and leaves all on the sheet, where so much paper is free around it.

    Raises BadInput.
    """
    if max(map(abs, offset)) > MOST_MM:
        raise BadInput(
            f"A back offset of {offset} mm is more than {MOST_MM:g} mm: look whether the flip is right and nothing is scaled."
        )
    if abs(offset.x_mm) > free_mm[0] or abs(offset.y_mm) > free_mm[1]:
        raise BadInput(
            f"A back offset of {offset} mm moves notes off the sheet, which has {free_mm[0]:g} mm beside them and "
            f"{free_mm[1]:g} mm above: take a larger sheet."
        )
    return Offset(*(round(part + 0.0, 3) + 0.0 for part in offset))
