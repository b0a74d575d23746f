"""A press file read back: its notes from the layer that varies, a few sheets with the art under them, and its backs."""

import hashlib
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import groupby
from pathlib import Path

from PIL import Image

from app.core.errors import BadInput
from app.core.job import Job
from notegen.geometry.grid import Grid
from notegen.geometry.slot import Box, QrSlot
from notegen.manifest import Entry
from notegen.readback import cell
from notegen.readback.backs import Backs
from notegen.readback.cell import Cells, Found
from notegen.readback.cover import covered
from notegen.readback.extremes import Extremes
from notegen.readback.eye import eyes
from notegen.readback.failure import Failure
from notegen.readback.film import Film, Leaf, Pixels, Shot

DPI, CLOSER_DPI = 150, 400
"""Three and a half dots a module, which every eye reads; what is not read there is looked at closer before it is said to fail."""

ART_DPI = 300
MOST_FAILURES, MOST_PICTURES = 1000, 24
"""So many of one file are named and shown; the rest is counted."""

_PAPER = 250
_EDGE_MM = 4.0

Progress = Callable[[int], None]
Page = tuple[int, list[Entry]]


@dataclass(frozen=True, slots=True)
class Task:
    """What to read of the file `name`: `entries`, of all those with which its sheets are `filled`.

    `filled` is by the page of a front which of its positions (from 0) carry a note, as bits.
    """

    name: str
    entries: list[Entry]
    filled: Mapping[int, int]
    art_sheets: int


@dataclass(slots=True)
class FileRead:
    """What was read of a file: `bad` of the notes looked at; pictures (PNG) by the serial of a failed note."""

    name: str
    sha256: str = ""
    pages: int = 0
    looked_at: int = 0
    bad: int = 0
    not_named: int = 0
    sheets_with_art: list[int] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    extremes: Extremes = field(default_factory=Extremes)
    extremes_with_art: Extremes = field(default_factory=Extremes)


@dataclass(frozen=True)
class PressReader:
    """Reads files below `folder`, of one job; `backs` is where the backs lie, the lines of words what each side says."""

    folder: Path
    job: Job
    identity: str
    grid: Grid
    qr: QrSlot
    backs: tuple[Box, ...]
    front_words: tuple[str, ...]
    back_words: tuple[str, ...]

    def __call__(self, task: Task, progress: Progress) -> FileRead:
        """All that is asked of one file. A file that cannot be read fails each of its notes."""
        return _Reading(self, task, progress).done()


class _Reading:
    """The reading of one file."""

    def __init__(self, reader: PressReader, task: Task, progress: Progress) -> None:
        self._reader, self._task, self._progress = reader, task, progress
        self._path = reader.folder / task.name
        self._cells = Cells(reader.job, reader.grid, reader.qr)
        self._eyes = eyes()
        self._bad: set[str] = set()
        self._pixels: Pixels | None = None
        self._read = FileRead(task.name, looked_at=len(task.entries))

    def done(self) -> FileRead:
        """Read it."""
        entries = sorted(self._task.entries, key=lambda entry: entry.page)
        pages = [(page, list(on_it)) for page, on_it in groupby(entries, lambda entry: entry.page)]
        try:
            self._read.sha256 = _sha256(self._path)
            with Film(self._path, variable=True) as film:
                self._read.pages = len(film)
                for page in pages:
                    self._page(film, page)
                    self._progress(len(page[1]))
                self._unlisted_pages(film)
            with Film(self._path) as film:
                for page in self._with_art(pages):
                    self._page_with_art(film, page)
            self._look_at_backs(dict(pages))
        except BadInput as error:
            self._fail_all(entries, error.sentence)
        self._read.bad = len(self._bad)
        return self._read

    # --- the layer that varies

    def _page(self, film: Film, page: Page) -> None:
        there = self._there(film, page)
        if not there:
            return
        with film.leaf(page[0]) as leaf:
            sheet = leaf.shot(DPI, over=self._pixels)
            self._pixels = sheet.pixels
            trims = [self._cells.trim(self._cells.position(entry)) for entry in there]
            for entry, trim, words in zip(there, trims, leaf.words(trims), strict=True):
                found = self._note(leaf, sheet, entry)
                why = found.why or cell.printed(entry, words)
                if why:
                    self._fail(entry, why, sheet.cut(trim))
                elif found.measured:
                    self._read.extremes.take(str(entry.serial), found.measured)
            self._blank_places(page, sheet)

    def _there(self, film: Film, page: Page) -> list[Entry]:
        """The notes of a page that have a place on it; the others fail."""
        for entry in page[1]:
            if page[0] > len(film):
                self._fail(entry, f"Its page is missing: the file has {len(film)}.")
            elif not self._cells.fits(entry):
                self._fail(entry, "There is no such place on the paper.")
        return [entry for entry in page[1] if page[0] <= len(film) and self._cells.fits(entry)]

    def _note(self, leaf: Leaf, sheet: Shot, entry: Entry) -> Found:
        """What the fast eye makes of a note; where that sees nothing, what it makes of it closer by."""
        panel = self._cells.panel(self._cells.position(entry))
        found = self._cells.look(entry, sheet.cut(panel).alone(), self._eyes[:1])
        return found if found.measured else self._cells.look(entry, leaf.shot(CLOSER_DPI, panel), self._eyes[:1])

    def _blank_places(self, page: Page, sheet: Shot) -> None:
        """Where the manifest has no note, nothing may be printed."""
        filled = self._task.filled[page[0]]
        for position in range(len(self._reader.grid)):
            if not filled >> position & 1 and _inked(sheet.cut(_within(self._cells.trim(position)))):
                why = "Something is printed on this sheet where the manifest leaves the paper blank."
                self._name(Failure("", why, self._task.name, page[0], sheet=page[1][0].sheet, notes=0))
                return

    def _unlisted_pages(self, film: Film) -> None:
        """Pages that are neither the front nor the back of a note may be slips, and hold no QR."""
        listed = {page + side for page in self._task.filled for side in (0, 1)}
        for page in range(1, len(film) + 1):
            if page in listed:
                continue
            with film.leaf(page) as leaf:
                if self._eyes[0].read(leaf.shot(DPI).pixels):
                    why = "This page holds a QR that the manifest does not name: spare notes are never printed."
                    self._name(Failure("", why, self._task.name, page, notes=0))

    # --- with the art

    def _with_art(self, pages: Sequence[Page]) -> list[Page]:
        """The first and the last sheet and some between, chosen by the job's identity so that they can be read again."""
        there = [page for page in pages if page[0] <= self._read.pages]
        ends, between = {0, len(there) - 1}, range(1, len(there) - 1)
        dice = random.Random(f"{self._reader.identity} {self._task.name}")  # noqa: S311
        more = dice.sample(between, max(0, min(self._task.art_sheets - len(ends), len(between))))
        return [there[at] for at in sorted({*ends, *more})[: self._task.art_sheets] if there]

    def _page_with_art(self, film: Film, page: Page) -> None:
        there = [entry for entry in self._there(film, page) if str(entry.serial) not in self._bad]
        if not there:
            return
        self._read.sheets_with_art.append(there[0].sheet)
        with film.leaf(page[0]) as leaf:
            trims = [self._cells.trim(self._cells.position(entry)) for entry in there]
            for entry, trim, words in zip(there, trims, leaf.words(trims), strict=True):
                panel = leaf.shot(ART_DPI, self._cells.panel(self._cells.position(entry)))
                found = self._cells.look(entry, panel, self._eyes)
                why = found.why or self._cells.damage(entry, panel, found.text)
                why = why or cell.lacking(words, self._reader.front_words)
                if why:
                    self._fail(entry, f"With its art: {why}", leaf.shot(DPI, trim))
                elif found.measured:
                    self._read.extremes_with_art.take(str(entry.serial), found.measured)
            if self._task.filled[page[0]].bit_count() < len(self._reader.grid):
                self._blank_places(page, leaf.shot(DPI // 2))

    def _look_at_backs(self, pages: Mapping[int, list[Entry]]) -> None:
        backs = Backs(self._reader.backs, self._reader.back_words, self._eyes[:1])
        there = {page: filled for page, filled in self._task.filled.items() if page <= self._read.pages}
        for fronts, why in backs.faults(self._path, there):
            spoilt = [entry for page in fronts for entry in pages.get(page, [])]
            if not spoilt:
                continue
            more = f" So it is on {len(fronts):,} sheets." if len(fronts) > 1 else ""
            entry = spoilt[0]
            self._bad |= {str(each.serial) for each in spoilt}
            self._name(
                Failure(
                    str(entry.serial), why + more, entry.file, entry.page + 1, entry.row, entry.column, entry.sheet,
                    notes=len(spoilt),
                )
            )  # fmt: skip

    # --- what is not good

    def _fail(self, entry: Entry, why: str, shot: Shot | None = None) -> None:
        serial = str(entry.serial)
        self._bad.add(serial)
        failure = Failure.at(entry, why)
        if shot is not None and len(self._read.pictures) < MOST_PICTURES and serial not in self._read.pictures:
            picture = covered(shot, self._cells.symbol(self._cells.position(entry)), self._eyes)
            if picture is not None:
                self._read.pictures[serial] = png(picture)
                failure = failure.pictured(serial)
        self._name(failure)

    def _name(self, failure: Failure) -> None:
        if len(self._read.failures) < MOST_FAILURES:
            self._read.failures.append(failure)
        else:
            self._read.not_named += 1

    def _fail_all(self, entries: Sequence[Entry], why: str) -> None:
        """A file that cannot be read."""
        left = [entry for entry in entries if str(entry.serial) not in self._bad]
        for entry in left:
            self._fail(entry, why)


def png(pixels: Pixels) -> bytes:
    """A picture as a PNG."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG", optimize=True)
    return file.getvalue()


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}): compose the job again.") from error


def _inked(shot: Shot) -> bool:
    return bool((shot.pixels < _PAPER).any())


def _within(box: Box) -> Box:
    return box[0] + _EDGE_MM, box[1] + _EDGE_MM, box[2] - _EDGE_MM, box[3] - _EDGE_MM
