"""The extremes of a proof: of each measure the least and the greatest value, with the note that has it."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from notegen.readback.gauge import Measured

Value = tuple[float, str]
"""A value and the serial that has it."""


@dataclass(frozen=True, slots=True)
class Extreme:
    """The least and the greatest value of one measure, with the serials that have them."""

    least: float
    least_serial: str
    greatest: float
    greatest_serial: str


class Extremes:
    """Keeps the extremes of each field of `Measured` as notes pass."""

    def __init__(self) -> None:
        self._least: dict[str, Value] = {}
        self._greatest: dict[str, Value] = {}

    def take(self, serial: str, measured: Measured) -> None:
        """Count what was measured on a note."""
        for name in _NAMES:
            self._count(name, (getattr(measured, name), serial))

    def merge(self, others: Iterable["Extremes"]) -> None:
        """Count what others have counted."""
        for other in others:
            for name, value in (*other._least.items(), *other._greatest.items()):
                self._count(name, value)

    def table(self) -> dict[str, Extreme]:
        """By the name of the measure; without those that no note had."""
        return {name: Extreme(*self._least[name], *self._greatest[name]) for name in _NAMES if name in self._least}

    def _count(self, name: str, value: Value) -> None:
        if name not in self._least or value[0] < self._least[name][0]:
            self._least[name] = value
        if name not in self._greatest or value[0] > self._greatest[name][0]:
            self._greatest[name] = value


_NAMES = [field.name for field in fields(Measured)]
