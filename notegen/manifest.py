"""The manifest: a line a note, saying where on paper it lies, for those who print, cut, count and check."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.core import serial as serials
from app.core.errors import BadInput, BadSerial
from app.core.serial import Serial
from notegen.geometry.imposition import Run
from notegen.ink import press
from notegen.ink.edition import Edition

NAME = "manifest.csv"
COLUMNS = ("serial", "sheet", "row", "column", "stack", "bundle", "file", "page")
HEADING = f"{','.join(COLUMNS)}\n".encode("ascii")
_FILE = re.compile(r"press/[\w.\-]+\.pdf")


@dataclass(frozen=True, slots=True)
class Entry:
    """A note's place; numbers from 1, `file` below the manifest's folder, `page` counting fronts, backs and slips."""

    serial: Serial
    sheet: int
    row: int
    column: int
    stack: int
    bundle: int
    file: str
    page: int


def lines(edition: Edition, run: Run) -> bytes:
    """The lines of a run's notes, in serial order."""
    return "".join(_lines(edition, run)).encode("ascii")


def _lines(edition: Edition, run: Run) -> Iterator[str]:
    imposition, serial = edition.imposition, run.span.canonical()
    name, pages = f"press/{edition.file_name(run)}", press.pages(edition, run)
    for pile in run.span.bundles(run.height):
        top = imposition.place(run, pile.first)
        where = f"{top.row},{top.column},{top.stack}"
        for leaf in range(len(pile)):
            bundle = imposition.bundle(pile.first + leaf)
            yield f"{next(serial)},{top.sheet + leaf},{where},{bundle},{name},{pages[leaf]}\n"


def read(path: Path) -> Iterator[Entry]:
    """The entries of a manifest, one by one. Raises BadInput when it is missing or not one of ours."""
    try:
        with path.open(encoding="ascii", newline="") as file:
            rows = csv.DictReader(file)
            if tuple(rows.fieldnames or ())[: len(COLUMNS)] != COLUMNS:
                raise BadInput(f"{path} does not begin with {','.join(COLUMNS)}: compose the job again.")
            for row in rows:
                yield _entry(path, rows.line_num, row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path} cannot be read: name the folder that compose wrote, or compose again.") from error


def _entry(path: Path, line: int, row: dict[str, str]) -> Entry:
    try:
        numbers = {name: int(row[name]) for name in COLUMNS if name not in ("serial", "file")}
        entry = Entry(serials.parse_canonical(row["serial"]), file=row["file"], **numbers)
    except (TypeError, ValueError, BadSerial) as error:
        raise BadInput(f"{path}, line {line} is not the place of a note: compose the job again.") from error
    if min(numbers.values()) < 1 or not _FILE.fullmatch(entry.file):
        raise BadInput(f"{path}, line {line} names a place that cannot be: compose the job again.")
    return entry
