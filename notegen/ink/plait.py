"""The plait of a job: a form for every braid that a note can have, drawn once, of which each note places eight."""

from collections.abc import Callable, Iterator, Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from notegen.geometry.braid import DIGITS, LINE_MM, VALUES, BraidSlot, plaited
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


def weaver(slot: BraidSlot | None, trim_height_mm: float) -> Callable[[str], bytes]:
    """What places the braids of a note: its serial in canonical form to operators, from the lower left corner of its trim."""
    if slot is None:
        return lambda serial: b""
    axis = pdf.points(slot.x_mm, trim_height_mm - slot.y_mm - slot.height_mm / 2)
    start, placed = b"q 1 0 0 1 %b cm\n" % axis, b"".join(b"/%b%%c Do " % place.encode() for place in _PLACES)
    return lambda serial: start + placed % tuple(plaited(serial).encode()) + b"Q\n"


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
