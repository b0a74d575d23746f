"""The ink limit: the most that all plates together lay down anywhere.

Where nothing is transparent, ink is what the topmost thing lays down, and no more. So the limit can be told from the
colours that are set, the colours that shadings run between, and the pixels of pictures, without drawing a dot. Black that
overprints is added to the heaviest colour of the page where it fills an area more than 2 mm wide; letters, lines and QRs in it count by
themselves, being too thin to wet the paper. Registration marks, which are all ink, lie in the margin. What a shading of
type 4 to 7 or a PostScript function gives is not known.
"""

from collections.abc import Iterator

import numpy as np
import pikepdf

from notegen.ink.cmyk import MOST_PERCENT
from notegen.preflight import bounds, colour, parts
from notegen.preflight.colour import BLACK, Paint
from notegen.preflight.extent import boxes
from notegen.preflight.fault import Fault
from notegen.preflight.painting import Painting

_LIMIT = MOST_PERCENT / 100 + 0.005
_BLOCK = 4
"""Pixels a side over which a picture is averaged: a speck is no wet paper."""

_THIN_PT = 2 * 72 / 25.4
"""What is narrower wets no paper, such as the rectangles of a QR."""

_DEEPEST = 8


class Limit:
    """Follows what one page lays down; judge every painting of it, then ask for the `sum`."""

    def __init__(self) -> None:
        self._under, self._over = 0.0, False
        self._measured: dict[object, float] = {}

    def judge(self, painting: Painting) -> Iterator[Fault]:
        """What by itself is too much ink."""
        ink = self._ink(painting)
        if painting.kind == "fill" and painting.paint == BLACK and painting.over:
            self._over |= any(min(right - left, high - low) > _THIN_PT for left, low, right, high in boxes(painting))
        if ink > _LIMIT:
            yield _fault(ink, painting.where)

    def sum(self, where: str) -> Iterator[Fault]:
        """What is too much where black lies over the heaviest colour."""
        if self._over and 1 + self._under > _LIMIT:
            yield _fault(1 + self._under, where)

    def _ink(self, painting: Painting) -> float:
        if painting.kind == "shading":
            return self._note(_shaded(painting.image))
        if painting.kind == "image":
            key = parts.key(painting.image)
            if key not in self._measured:
                self._measured[key] = _pictured(painting.image)
            return self._note((self._measured[key], self._measured[key]))
        return self._note((painting.paint.ink, _under(painting.paint)))

    def _note(self, ink: tuple[float, float]) -> float:
        """All ink, of which so much may lie under black."""
        if ink[0] <= _LIMIT:
            self._under = max(self._under, ink[1])
        return ink[0]


def _fault(ink: float, where: str) -> Fault:
    return Fault("ink", f"There is {100 * ink:.0f} % of ink: {MOST_PERCENT:.0f} % is the most that dries.", where)


def _under(paint: Paint) -> float:
    """What of a colour is there yet when black is laid over it."""
    return paint.ink - (paint.parts[3] if paint.space.kind == "cmyk" and len(paint.parts) == 4 else 0.0)


def _shaded(shading: object) -> tuple[float, float]:
    space = colour.space(parts.entry(shading, "/ColorSpace"))
    colours = [Paint(space, tuple(ends)) for ends in _ends(parts.entry(shading, "/Function")) if ends]
    return max((paint.ink for paint in colours), default=0.0), max(map(_under, colours), default=0.0)


def _ends(function: object, deep: int = 0) -> Iterator[list[float]]:
    """The colours between which a function of type 2 or 3 runs (7.10): all others lie between these."""
    if deep > _DEEPEST:
        return
    if parts.entry(function, "/FunctionType") == 2:
        for key in ("/C0", "/C1"):
            yield parts.numbers(parts.entry(function, key))
    for part in parts.listed(parts.entry(function, "/Functions")):
        yield from _ends(part, deep + 1)


def _pictured(image: object) -> float:
    """The most ink of a picture in CMYK of 8 bits, 0 of any other."""
    space = colour.space(parts.entry(image, "/ColorSpace"))
    width, height = parts.whole(parts.entry(image, "/Width")), parts.whole(parts.entry(image, "/Height"))
    if space.components != 4 or space.palette or parts.entry(image, "/BitsPerComponent") != 8:
        return 0.0
    if not isinstance(image, pikepdf.Stream) or not 0 < width * height * 4 <= bounds.MOST_BYTES:
        return 0.0
    data = image.read_bytes(decode_level=pikepdf.StreamDecodeLevel.all)
    if len(data) < width * height * 4:
        return 0.0
    pixels = np.frombuffer(data, dtype=np.uint8, count=width * height * 4).reshape(height, width, 4)
    ink = pixels.sum(axis=2, dtype=np.uint16) / 255
    if parts.numbers(parts.entry(image, "/Decode"))[:1] == [1.0]:
        ink = 4 - ink
    rows, columns = (side - side % _BLOCK if side >= _BLOCK else side for side in ink.shape)
    step = (min(_BLOCK, rows), min(_BLOCK, columns))
    blocks = ink[:rows, :columns].reshape(rows // step[0], step[0], columns // step[1], step[1])
    return float(blocks.mean(axis=(1, 3)).max())
