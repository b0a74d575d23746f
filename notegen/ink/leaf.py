"""A leaf: what is printed on one sheet of a run, as the content of its front and of its back."""

from collections.abc import Sequence

from app.core.serial import Serial
from notegen.geometry.imposition import Run
from notegen.geometry.slot import MODULES, Slot
from notegen.ink import forme, pdf, plait
from notegen.ink.edition import MARGIN_FACE, Edition
from notegen.ink.slug import SlugMaker

_IMAGE = b"BI/W %d/H %d/IM true/D[1 0]" % (MODULES, MODULES)
"""A symbol as a 1-bit mask, a set bit taking the ink (ISO 32000-1:2008, 8.9.6.2): every module exactly as wide as said."""


class LeafMaker:
    """Makes the leaves of an edition."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._grid = edition.imposition.grid
        height = self._grid.trim_mm[1]
        self._fronts, self._backs = forme.fronts(self._grid), forme.backs(self._grid, edition.flip)
        boxes = [self._grid.front(position) for position in range(len(self._grid))]
        self._corners = [forme.corner_mm(self._grid, box) for box in boxes]
        self._slug = SlugMaker(edition)
        braid = edition.braid
        self._braids = [plait.start(braid, corner, height) for corner in self._corners] if braid else []
        self._symbols = [self._symbol_place(corner) for corner in self._corners]
        setter = edition.typecase.setter
        self._setters = [
            [(slot.text, setter(slot, corner, height)) for slot in edition.serial_slots] for corner in self._corners
        ]

    def filled(self, run: Run, leaf: int) -> tuple[int, ...]:
        """The positions that carry a note on the `leaf`th sheet (from 0) of a run."""
        return tuple(place for place in range(len(self._grid)) if run.number(place, leaf) is not None)

    def front(self, run: Run, leaf: int, symbols: Sequence[bytes]) -> bytes:
        """The front; `symbols` are those of the whole run, in serial order."""
        filled = self.filled(run, leaf)
        notes = [
            self._note(place, Serial(run.span.series, run.span.first + at), symbols[at])
            for place, at in ((place, place * run.height + leaf) for place in filled)
        ]
        return self._static(self._fronts, filled) + forme.BLACK + self._slug.front(run, leaf) + b"".join(notes)

    def back(self, run: Run, filled: Sequence[int]) -> bytes:
        """The back of every sheet of a run with notes at the positions `filled`."""
        return self._static(self._backs, filled) + self._slug.back(run)

    def slip(self, run: Run, leaf: int) -> bytes:
        """The front of the slip that lies on the `leaf`th sheet."""
        numbers = {place: run.number(place, leaf) or 0 for place in self.filled(run, leaf)}
        return b"/Marks Do\n" + forme.BLACK + b"".join(self._slip_cell(place, n) for place, n in numbers.items())

    def _static(self, places: Sequence[bytes], filled: Sequence[int]) -> bytes:
        """A full sheet is one form; where paper stays blank there is no art either, so that no blank note leaves."""
        if len(filled) == len(self._grid):
            return b"/Sheet Do\n"
        return b"".join(places[place] for place in filled) + b"/Marks Do\n"

    def _note(self, place: int, serial: Serial, symbol: bytes) -> bytes:
        printed = serial.printed
        lines = [line(text.format(serial=printed)) for text, line in self._setters[place]]
        braids = self._braids[place] + plait.weave(serial) if self._braids else b""
        return self._symbols[place] + image(symbol) + b"".join(lines) + braids

    def _symbol_place(self, corner: tuple[float, float]) -> bytes:
        qr = self._edition.qr
        x, y = corner[0] + qr.x_mm, corner[1] + self._grid.trim_mm[1] - qr.y_mm - qr.size_mm
        size = pdf.points(qr.size_mm)
        return b"q %b 0 0 %b %b cm\n" % (size, size, pdf.points(x, y))

    def _slip_cell(self, place: int, number: int) -> bytes:
        span = self._edition.imposition.bundle_span(number)
        words = "Bundle" if number == span.first else "More of bundle"
        lines = [
            f"{words} {self._edition.imposition.bundle(number)}",
            f"{span.first_serial.printed} – {span.last_serial.printed}",
            f"{len(span)} notes, order {self._edition.job.order}",
        ]
        width, height = self._grid.trim_mm
        slots = [Slot(width / 2, height / 2 - 8 + 8 * at, MARGIN_FACE, 11, "centre") for at in range(len(lines))]
        cells = zip(lines, slots, strict=True)
        return b"".join(self._edition.typecase.line(line, slot, self._corners[place], height) for line, slot in cells)


def image(symbol: bytes) -> bytes:
    """A symbol of 343 bytes as an inline image that fills the unit square.

    One in two hundred holds the letters EI, which a hasty reader may take for its end; that one is spelt in hex.
    """
    if b"EI" in symbol:
        return _IMAGE + b"/F/AHx ID " + symbol.hex().encode() + b">\nEI Q\n"
    return _IMAGE + b" ID " + symbol + b"\nEI Q\n"
