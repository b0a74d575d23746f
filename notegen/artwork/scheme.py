"""Schemes: what the colours of a PDF are turned into, for the press and for looking at single inks."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pikepdf import Name

from notegen.artwork.separation import Values
from notegen.artwork.space import Grey, Indexed, Rgb, Space, Spot, eight

_FEW = 4096
Met = dict[bytes | None, set[tuple[int, int, int]]]
"""RGB colours by their profile, each once."""


@dataclass(frozen=True)
class Scheme:
    """`space` is the device space that colours are turned into; `fill` and `stroke` are the operators that set them.

    Colours of a space that it `keeps` stay as they are; the others, (n, parts), it turns into parts of its own from 0 to 1.
    """

    space: Name
    fill: str
    stroke: str
    keeps: Callable[[Space], bool]
    turn: Callable[[Space, Values], Values]


def press(met: Met | None = None) -> Scheme:
    """Inks, spot colours kept; what RGB was turned is noted in `met`."""

    def turn(space: Space, values: Values) -> Values:
        if met is not None and isinstance(space, Rgb):
            met.setdefault(space.profile, set()).update(_distinct(eight(values)))
        return space.inks(values)

    return Scheme(Name.DeviceCMYK, "k", "K", _pressed, turn)


LIGHT = Scheme(
    Name.DeviceGray, "g", "G",
    keeps=lambda space: isinstance(space, Grey) and not space.seen,
    turn=lambda space, values: space.light(values)[:, None],
)  # fmt: skip
"""Luminosity, for soft masks: white lets all through and black nothing, whatever the press makes of them."""

COLOURS = Scheme(
    Name.DeviceRGB, "rg", "RG", keeps=lambda space: False, turn=lambda space, values: 1 - space.inks(values)[:, :3]
)
"""Cyan, magenta and yellow as the red, green and blue that they take away: any renderer then shows their amounts."""

BLACK = Scheme(
    Name.DeviceGray, "g", "G", keeps=lambda space: False, turn=lambda space, values: 1 - space.inks(values)[:, 3:]
)
"""Black ink alone, as grey."""


def _pressed(space: Space) -> bool:
    return space.pressed or isinstance(space, Spot) or (isinstance(space, Indexed) and _pressed(space.base))


def _distinct(colours: NDArray[np.uint8]) -> set[tuple[int, int, int]]:
    """Each colour once; of a picture's many, one in each of 32,768 cells."""
    wide = np.unique(colours.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32))
    if len(wide) > _FEW:
        wide = wide[np.unique(wide & 0xF8F8F8, return_index=True)[1]]
    return {(int(cell) >> 16, int(cell) >> 8 & 255, int(cell) & 255) for cell in wide}
