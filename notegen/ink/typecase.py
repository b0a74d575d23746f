"""A typecase: the letters that a job needs of each face, embedded once, and lines set from them."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from operator import itemgetter

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from notegen import lettering
from notegen.geometry.slot import Slot
from notegen.ink import pdf

Codes = Mapping[str, tuple[str, int]]
"""A character to the resource name of its font and its code there."""


@dataclass(frozen=True, slots=True)
class Typecase:
    """`page` is a PDF whose first page has the fonts as resources; `codes` says for each face where its letters are."""

    page: bytes
    codes: Mapping[str, Codes]

    @property
    def fonts(self) -> list[str]:
        """The resource names of all fonts, without the slash, in order."""
        return sorted({name for codes in self.codes.values() for name, _ in codes.values()})

    def line(self, words: str, slot: Slot, origin_mm: tuple[float, float], trim_height_mm: float) -> bytes:
        """Operators that set `words` at `slot` of a note; as `setter`, for one line alone."""
        return self.setter(slot, origin_mm, trim_height_mm)(words)

    def setter(self, slot: Slot, origin_mm: tuple[float, float], trim_height_mm: float) -> Callable[[str], bytes]:
        """What sets words at `slot` of a note: words to operators, quickly, for thousands of lines in one place.

        `origin_mm` is the lower left corner of the note's trim, from the lower left of the page.
        """
        turn = math.radians(slot.rotation)
        along, across = round(math.cos(turn), 9), round(math.sin(turn), 9)
        matrix = b"BT " + b" ".join(pdf.number(part) for part in (along, across, -across, along)) + b" "
        x, y = origin_mm[0] + slot.x_mm, origin_mm[1] + trim_height_mm - slot.y_mm
        widths, shown = self._shares(slot), self._shower(slot)

        @lru_cache(maxsize=4096)
        def begun(back: float) -> bytes:
            return matrix + pdf.points(x - back * along, y - back * across) + b" Tm "

        def line(words: str) -> bytes:
            back = sum(map(widths.__getitem__, words)) if widths else 0.0
            return begun(round(back, 9)) + shown(words) + b" ET\n"

        return line

    def _shares(self, slot: Slot) -> dict[str, float]:
        """How far back each letter moves the start of its line, in mm; empty where none does."""
        share = {"left": 0.0, "centre": 0.5, "right": 1.0}[slot.align]
        letters = self.codes[slot.font] if share else ()
        return {letter: share * lettering.width_mm(letter, slot.font, slot.size_pt) for letter in letters}

    def _shower(self, slot: Slot) -> Callable[[str], bytes]:
        """What shows words: in one piece where the face has one font, else with a change of font where it must be."""
        codes, size = self.codes[slot.font], pdf.number(slot.size_pt)
        spelt = {letter: (font, pdf.escaped(bytes([code]))) for letter, (font, code) in codes.items()}
        opening = {font: b"/%b %b Tf (" % (font.encode(), size) for font, _ in spelt.values()}
        if len(opening) == 1:
            (start,), alone = opening.values(), {letter: code for letter, (_, code) in spelt.items()}
            return lambda words: start + b"".join(map(alone.__getitem__, words)) + b") Tj"

        def show(words: str) -> bytes:
            runs = groupby(map(spelt.__getitem__, words), key=itemgetter(0))
            return b" ".join(opening[font] + b"".join(code for _, code in run) + b") Tj" for font, run in runs)

        return show


def fill(letters: Mapping[str, Iterable[str]]) -> Typecase:
    """A typecase with `letters` of each face, the same bytes for the same letters."""
    lettering.register()
    page = BytesIO()
    canvas = Canvas(page, pagesize=(100, 100), invariant=1, pageCompression=1)
    codes = {face: _draw(canvas, face, "".join(sorted(set(wanted)))) for face, wanted in sorted(letters.items())}
    canvas.save()
    return Typecase(page.getvalue(), codes)


def _draw(canvas: Canvas, face: str, letters: str) -> dict[str, tuple[str, int]]:
    """Draw every letter, so that reportlab embeds it, and note the code it gave."""
    font, document = pdfmetrics.getFont(face), canvas._doc
    canvas.setFont(face, 10)
    canvas.drawString(0, 0, letters)
    codes = {}
    for letter in letters:
        ((subset, code),) = font.splitString(letter, document)
        codes[letter] = (str(font.getSubsetInternalName(subset, document)).lstrip("/"), int(code[0]))
    return codes
