"""A leaf: what is printed on one sheet of a run, as the content of its front and of its back."""

from collections.abc import Sequence

from app.core import serial as serials
from notegen.geometry.imposition import Run
from notegen.geometry.slot import Slot
from notegen.ink import forme, marking, pdf, plait
from notegen.ink.edition import MARGIN_FACE, Edition
from notegen.ink.galley import Note
from notegen.ink.slug import SlugMaker


class LeafMaker:
    """Makes the leaves of an edition."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._grid = edition.imposition.grid
        self._fronts, self._backs = forme.fronts(self._grid), forme.backs(self._grid, edition.flip)
        boxes = [self._grid.front(position) for position in range(len(self._grid))]
        self._corners = [forme.corner_mm(self._grid, box) for box in boxes]
        self._slug = SlugMaker(edition)
        self._origins = [b"q 1 0 0 1 %b cm\n" % pdf.points(*corner) for corner in self._corners]
        self._mark = marking.of(edition.marking, edition.qr.module_mm)
        self._symbol_place, height = self._place_of_symbol(), self._grid.trim_mm[1]
        self._setters = [(slot.text, edition.typecase.setter(slot, (0, 0), height)) for slot in edition.serial_slots]
        self._braids = plait.weaver(edition.braid, height)

    def front(self, run: Run, leaf: int, notes: Sequence[Note]) -> bytes:
        """The front of the `leaf`th sheet (from 0) of a run, with `notes` at its first positions."""
        set_notes = [self._note(place, note) for place, note in enumerate(notes)]
        static = self._static(self._fronts, len(notes))
        return static + forme.BLACK + self._slug.front(run, leaf) + b"".join(set_notes)

    def back(self, run: Run, filled: int) -> bytes:
        """The back of every sheet of a run with notes at the first `filled` positions."""
        return self._static(self._backs, filled) + self._slug.back(run)

    def slip(self, run: Run, leaf: int) -> bytes:
        """The front of the slip that lies on the `leaf`th sheet."""
        numbers = {place: run.number(place, leaf) or 0 for place in range(run.filled(leaf))}
        return b"/Marks Do\n" + forme.BLACK + b"".join(self._slip_cell(place, n) for place, n in numbers.items())

    def _static(self, places: Sequence[bytes], filled: int) -> bytes:
        """A full sheet is one form; where paper stays blank there is no art either, so that no blank note leaves."""
        if filled == len(self._grid):
            return b"/Sheet Do\n"
        return b"".join(places[:filled]) + b"/Marks Do\n"

    def _note(self, place: int, note: Note) -> bytes:
        """What a note has for itself, set from the lower left corner of its trim."""
        serial, symbol = note
        printed = serials.printed(serial)
        lines = [line(text.format(serial=printed)) for text, line in self._setters]
        own = (*lines, self._braids(serial), self._symbol_place, self._mark(symbol))
        return b"".join([self._origins[place], *own, b"Q\n"])

    def _place_of_symbol(self) -> bytes:
        qr = self._edition.qr
        size, low = pdf.points(qr.size_mm), self._grid.trim_mm[1] - qr.y_mm - qr.size_mm
        return b"%b 0 0 %b %b cm\n" % (size, size, pdf.points(qr.x_mm, low))

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
