"""A sheet of paper as it goes through the press."""

import re
from dataclasses import dataclass

from app.core.errors import BadInput

MARGIN_MM = 5.0
"""No common machine prints closer to the edge; office printers leave 4.2 mm, a sixth of an inch."""

LEAST_MM, MOST_MM = 100.0, 1600.0
"""The sides of sheets that presses and printers take."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Width and height in mm, lying as it is looked at; nothing is printed within `margin_mm` of the edge."""

    name: str
    width_mm: float
    height_mm: float
    margin_mm: float = MARGIN_MM

    @property
    def landscape(self) -> bool:
        """Whether it lies on its long edge."""
        return self.width_mm >= self.height_mm

    def turned(self) -> "Sheet":
        """The same sheet standing instead of lying."""
        return Sheet(self.name, self.height_mm, self.width_mm, self.margin_mm)


SHEETS = {
    "sra3": Sheet("sra3", 450.0, 320.0),
    "a3": Sheet("a3", 420.0, 297.0),
    "a4": Sheet("a4", 297.0, 210.0),
}
"""By name, each lying (ISO 216 and ISO 217)."""

_SIZE = re.compile(r"(\d{1,5}(?:\.\d{1,3})?) *[x×] *(\d{1,5}(?:\.\d{1,3})?)(?: *mm)?")


def find(name: str) -> Sheet:
    """The sheet called `name`, in any case, or of a size such as 330x488 (mm, either side first), lying. Raises BadInput."""
    known = SHEETS.get(name.strip().lower())
    if known:
        return known
    sides = size(name)
    if sides is None:
        raise BadInput(f"There is no sheet {name!r}: take one of {', '.join(SHEETS)}, or its size in mm, as 330x488.")
    short, long = sorted(sides)
    if short < LEAST_MM or long > MOST_MM:
        raise BadInput(
            f"A sheet of {short:g} x {long:g} mm fits no press: take sides from {LEAST_MM:g} to {MOST_MM:g} mm."
        )
    return Sheet(f"{short:g}x{long:g}", long, short)


def usual(*, office: bool) -> str:
    """The name of the sheet that is taken when none is named: of a press, or of a printer in an office."""
    return "a4" if office else "sra3"


def size(text: str) -> tuple[float, float] | None:
    """Both sides of a size such as 135x66, in mm, None where `text` is none."""
    found = _SIZE.fullmatch(text.strip().lower())
    return (float(found[1]), float(found[2])) if found else None


def single(trim_mm: tuple[float, float], bleed_mm: float) -> Sheet:
    """A page for one note with its bleed and nothing else, for shops that impose themselves."""
    return Sheet("note", trim_mm[0] + 2 * bleed_mm, trim_mm[1] + 2 * bleed_mm, 0.0)
