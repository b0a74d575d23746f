"""The braids of a note: fine lines woven from its serial, so that no two notes of a series are alike.

Each character of the serial from its seventh digit to its first, and then the check character, plaits a braid into one
band, the last digit the widest: a braid of n lobes is a sine of n half waves and its mirror image. So neighbours differ
at first sight, and whoever counts the lobes of the widest braid knows the last digit: there are four more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import pi

from notegen.geometry.slot import Box

Curve = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
"""The two control points and the end of a Bézier piece, in mm from the left end of the braid's axis, y upward."""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
VALUES = (*([10] * 7), len(DIGITS))
"""How many braids there are to choose from at each place, the widest first."""

LINE_MM = 0.09
"""Fine enough that a copier closes it, and twice the finest dot of a press of 600 dpi."""

_LEAST_LOBES, _LEAST_LOBES_OF_CHECK = 4, 8
_NARROWER = 1 / 8.5
_CHECK_SHARE = 0.1
_QUARTER = ((0.51228662, 0.51228662), (1.00231369, 1.0), (pi / 2, 1.0))
"""A quarter of a sine as one Bézier piece: control points that leave it by less than a thousandth of its height."""


@dataclass(frozen=True)
class BraidSlot:
    """The band that the braids of a note lie in, its top left at (`x_mm`, `y_mm`)."""

    x_mm: float
    y_mm: float
    width_mm: float = 34.0
    height_mm: float = 7.0

    @property
    def box(self) -> Box:
        """What the braids cover."""
        return self.x_mm, self.y_mm, self.x_mm + self.width_mm, self.y_mm + self.height_mm

    def strands(self, place: int, value: int) -> Iterator[list[Curve]]:
        """Both strands of the braid that `value` plaits at `place`."""
        lobes = value + (_LEAST_LOBES if place < 7 else _LEAST_LOBES_OF_CHECK)
        share = 1 - place * _NARROWER if place < 7 else _CHECK_SHARE
        reach = (self.height_mm - LINE_MM) / 2 * share
        yield _strand(lobes, self.width_mm, reach)
        yield _strand(lobes, self.width_mm, -reach)


def plaited(serial: str) -> str:
    """The character that each place of a note's braids is given, the widest first; `serial` in canonical form."""
    return serial[:4:-1][1:] + serial[-1]


def _strand(lobes: int, width_mm: float, reach_mm: float) -> list[Curve]:
    """A sine of `lobes` half waves, from (0, 0) to (`width_mm`, 0), first to the side of `reach_mm`."""
    scale = width_mm / (lobes * pi)
    pieces: list[Curve] = []
    for lobe in range(lobes):
        side, start = reach_mm * (-1) ** lobe, lobe * pi
        rise = [((start + x) * scale, y * side) for x, y in _QUARTER]
        fall = [((start + pi - x) * scale, y * side) for x, y in (_QUARTER[1], _QUARTER[0], (0.0, 0.0))]
        pieces += [(rise[0], rise[1], rise[2]), (fall[0], fall[1], fall[2])]
    return pieces
