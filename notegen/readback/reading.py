"""A reading: every eye on every cell that a manifest names, and what is said of the note in it."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from app.core import token as tokens
from app.core.errors import BadInput, BadToken
from app.core.job import Job
from app.core.verifying import Keyring, Signature
from notegen.geometry.grid import Grid
from notegen.geometry.slot import Box, QrSlot
from notegen.ink.press import Progress
from notegen.manifest import Entry
from notegen.readback import film
from notegen.readback.eye import Eye, Grey
from notegen.readback.failure import Failure
from notegen.readback.film import Film

_DPI, _CLOSER_DPI = 150, 400
"""Three and a half dots a module, which both eyes read; what they do not is looked at closer before it is said to fail."""

_WITH_ART_DPI = 300
_SHEETS_WITH_ART = 4
"""Sheets of the whole proof, the first and the last of a file, that are read with the art under them: a second a sheet."""

_SERIAL = re.compile(r"[A-Z]{3}[0-9]{2}[0-9]{7}[0-9A-Z]")

Miss = tuple[Failure, Grey | None]


class Reading:
    """Reads the files of one job, whose notes lie as `grid` says, with their QRs where `qr` says."""

    def __init__(self, job: Job, grid: Grid, qr: QrSlot, eyes: Sequence[Eye]) -> None:
        self._job, self._grid, self._qr, self._eyes = job, grid, qr, eyes
        self._keyring = Keyring([job.key])
        self._art_left = _SHEETS_WITH_ART

    def misses(self, path: Path, entries: Sequence[Entry], progress: Progress) -> Iterator[Miss]:
        """What is not good among `entries`, all of the file `path`, each with the picture of its cell."""
        missed: set[str] = set()
        pages = [(page, list(on_it)) for page, on_it in groupby(sorted(entries, key=_page), _page)]
        try:
            with Film(path, variable=True) as variable:
                for miss in self._pages(variable, pages, _DPI, progress):
                    missed.add(miss[0].serial)
                    yield miss
            with Film(path) as whole:
                again = self._pages(whole, self._with_art(pages), _WITH_ART_DPI, lambda notes: None)
                yield from (miss for miss in again if miss[0].serial not in missed)
        except BadInput as error:
            yield from ((Failure.at(entry, error.sentence), None) for entry in entries)

    def _with_art(self, pages: list[tuple[int, list[Entry]]]) -> list[tuple[int, list[Entry]]]:
        """The first and the last sheet, as long as there are any left to be looked at so closely."""
        chosen = ([pages[0], pages[-1]] if len(pages) > 1 else pages)[: self._art_left]
        self._art_left -= len(chosen)
        return chosen

    def _pages(self, film: Film, pages: list[tuple[int, list[Entry]]], dpi: int, progress: Progress) -> Iterator[Miss]:
        for page, entries in pages:
            yield from self._page(film, page, entries, dpi)
            progress(len(entries))

    def _page(self, sheet: Film, page: int, entries: list[Entry], dpi: int) -> Iterator[Miss]:
        beyond = [entry for entry in entries if page > len(sheet) or not self._fits(entry)]
        yield from ((Failure.at(entry, "There is no such place on the paper."), None) for entry in beyond)
        there = [entry for entry in entries if entry not in beyond]
        if not there:
            return
        boxes = [self._box(entry) for entry in there]
        picture = sheet.grey(page, dpi)
        closer = cache(lambda: sheet.grey(page, _CLOSER_DPI))
        for entry, box, words in zip(there, boxes, sheet.words(page, boxes), strict=True):
            panel = self._panel(box)
            why = self._why(entry, film.cut(picture, panel, dpi))
            if why:
                why = self._why(entry, film.cut(closer(), panel, _CLOSER_DPI))
            why = why or _printed(entry, words)
            if why:
                yield Failure.at(entry, why), film.cut(picture, box, dpi)

    def _why(self, entry: Entry, cell: Grey) -> str | None:
        """What is wrong with the QR in a cell, None when every eye reads the right one."""
        for eye in self._eyes:
            texts = eye.read(cell)
            if not texts:
                return f"{eye.name} reads no QR there."
            why = next(filter(None, (self._wrong(entry, text) for text in texts)), None)
            if why:
                return why
        return None

    def _wrong(self, entry: Entry, text: str) -> str | None:
        try:
            token = tokens.parse(text)
        except BadToken as error:
            return f"The QR there is not one of ours: {error.sentence}"
        if token.serial != entry.serial:
            return f"The QR there is that of {token.serial}."
        if self._keyring.examine(token) is not Signature.GOOD:
            return "The signature in its QR is not good under the key of the job."
        if text != tokens.compose(self._job.host, token.serial, token.signature):
            return "The address in its QR is not that of the job."
        return None

    def _fits(self, entry: Entry) -> bool:
        return entry.row <= self._grid.rows and entry.column <= self._grid.columns

    def _panel(self, trim: Box) -> Box:
        """The white panel of the QR in a note's trim: what a camera would be held over."""
        left, top, right, bottom = self._qr.box
        return trim[0] + left, trim[1] + top, trim[0] + right, trim[1] + bottom

    def _box(self, entry: Entry) -> Box:
        return self._grid.front((entry.row - 1) * self._grid.columns + entry.column - 1)


def _printed(entry: Entry, words: str) -> str | None:
    """What is wrong with the serials that stand on the note in letters."""
    serials = set(_SERIAL.findall(re.sub(r"\s", "", words)))
    if not serials:
        return "No serial is printed on it."
    return None if serials == {str(entry.serial)} else f"The serial printed on it is {', '.join(sorted(serials))}."


def _page(entry: Entry) -> int:
    return entry.page
