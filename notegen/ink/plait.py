"""The plait of a job: a form for every braid that a note can have, drawn once, of which each note places eight."""

from collections.abc import Iterator, Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from app.core.serial import Serial
from notegen.geometry.braid import DIGITS, LINE_MM, VALUES, BraidSlot, values
from notegen.ink import pdf
from notegen.ink.pdf import POINTS_PER_MM

Forms = Mapping[str, pikepdf.Object]
"""Resource names, with the slash, to forms."""

_PLACES = "abcdefgh"


def forms(target: Pdf, slot: BraidSlot) -> Forms:
    """Resource name to form for every braid of `slot`, the left end of its axis at the origin."""
    reach = slot.height_mm / 2
    box = Array([round(edge * POINTS_PER_MM, 4) for edge in (0, -reach, slot.width_mm, reach)])
    return {
        f"/{_name(place, value)}": _form(target, slot, place, value, box)
        for place, most in enumerate(VALUES)
        for value in range(most)
    }


def start(slot: BraidSlot, corner_mm: tuple[float, float], trim_height_mm: float) -> bytes:
    """Operators that move the origin to the axis of `slot` of a note whose trim has its lower left corner at `corner_mm`."""
    x, y = corner_mm[0] + slot.x_mm, corner_mm[1] + trim_height_mm - slot.y_mm - slot.height_mm / 2
    return b"q 1 0 0 1 %b cm\n" % pdf.points(x, y)


def weave(serial: Serial) -> bytes:
    """Operators that place the braids of a note, after `start`."""
    placed = (b"/%b Do" % _name(place, value).encode() for place, value in enumerate(values(serial)))
    return b" ".join(placed) + b" Q\n"


def _name(place: int, value: int) -> str:
    return _PLACES[place] + DIGITS[value]


def _form(target: Pdf, slot: BraidSlot, place: int, value: int, box: Array) -> pikepdf.Object:
    pen = b"0 0 0 1 K %b w 1 j\n" % pdf.points(LINE_MM)
    content = pen + b"".join(_path(slot, place, value)) + b"S\n"
    return target.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=box, Resources=Dictionary())


def _path(slot: BraidSlot, place: int, value: int) -> Iterator[bytes]:
    for strand in slot.strands(place, value):
        yield b"0 0 m\n"
        for curve in strand:
            yield _short(*(length for point in curve for length in point)) + b" c\n"


def _short(*lengths_mm: float) -> bytes:
    """As `pdf.points`, to a hundredth of a point, which is finer than a dot at 2400 dpi."""
    return b" ".join(pdf.number(round(length * POINTS_PER_MM, 2)) for length in lengths_mm)
