"""A sheet of paper as it goes through the press."""

from dataclasses import dataclass

from app.core.errors import BadInput

MARGIN_MM = 5.0
"""No common machine prints closer to the edge."""


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


def find(name: str) -> Sheet:
    """The sheet called `name`, in any case. Raises BadInput with the names there are."""
    if name.lower() not in SHEETS:
        raise BadInput(f"There is no sheet {name!r}: take one of {', '.join(SHEETS)}.")
    return SHEETS[name.lower()]


def single(trim_mm: tuple[float, float], bleed_mm: float) -> Sheet:
    """A page for one note with its bleed and nothing else, for shops that impose themselves."""
    return Sheet("note", trim_mm[0] + 2 * bleed_mm, trim_mm[1] + 2 * bleed_mm, 0.0)
