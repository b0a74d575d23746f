"""The manifest: a line a note, saying where on paper it lies, for those who print, cut, count and check."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from app.core import serial as serials
from app.core.errors import BadInput, BadSerial
from app.core.serial import Serial
from notegen.ink import press
from notegen.ink.edition import Edition

NAME = "manifest.csv"
COLUMNS = ("serial", "sheet", "row", "column", "stack", "bundle", "file", "page")
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


def write(file: BinaryIO, edition: Edition) -> None:
    """Write the manifest of an edition, in serial order."""
    text = TextIOWrapper(file, encoding="ascii", newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows(_lines(edition))
    text.flush()
    text.detach()


def _lines(edition: Edition) -> Iterator[tuple[object, ...]]:
    imposition = edition.imposition
    for run in imposition.runs:
        name, pages = f"press/{edition.file_name(run)}", press.pages(edition, run)
        for number in range(run.span.first, run.span.last + 1):
            place = imposition.place(run, number)
            serial = Serial(run.span.series, number)
            yield serial, *place[1:6], name, pages[place.leaf - 1]


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
