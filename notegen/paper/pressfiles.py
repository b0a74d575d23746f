"""The press files of a folder that compose wrote: which there are, what each carries, and what it must hash to."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pikepdf
from pikepdf import Array, Pdf

from app.core.errors import BadInput
from app.core.span import Span
from notegen import manifest
from notegen.ink.press import Progress
from notegen.manifest import Entry

_NO_INK = {"/All", "/None", "/Cyan", "/Magenta", "/Yellow", "/Black"}


@dataclass(frozen=True, slots=True)
class PressFile:
    """One file, which is one run; `sheets` carry notes, `slips` part the bundles, `stacks` are numbered through the job."""

    name: str
    span: Span
    first_sheet: int
    sheets: int
    slips: int
    first_stack: int
    stacks: int
    sha256: str
    spots: frozenset[str]


def read(folder: Path, progress: Progress = lambda notes: None) -> list[PressFile]:
    """The press files that the manifest of `folder` names, in their order. Raises BadInput when one is missing."""
    entries = manifest.read(folder / manifest.NAME)
    files = [_file(folder, name, group, progress) for name, group in groupby(entries, key=lambda entry: entry.file)]
    if not files:
        raise BadInput(f"{folder / manifest.NAME} names no note: compose the job again.")
    return files


def _file(folder: Path, name: str, entries: Iterator[Entry], progress: Progress) -> PressFile:
    """What the manifest says of a file, and what the file itself is."""
    first = last = next(entries)
    most = first.sheet
    for last in entries:
        most = max(most, last.sheet)
    span = Span(first.serial.series, first.serial.number, last.serial.number)
    progress(len(span))
    sheets = most - first.sheet + 1
    digest, pages, spots = _look(folder / name)
    return PressFile(
        name=name,
        span=span,
        first_sheet=first.sheet,
        sheets=sheets,
        slips=pages // 2 - sheets,
        first_stack=first.stack,
        stacks=last.stack - first.stack + 1,
        sha256=digest,
        spots=spots,
    )


def _look(path: Path) -> tuple[str, int, frozenset[str]]:
    """The SHA-256 of a press file, its pages and its spot inks."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        with pikepdf.open(path) as pdf:
            return digest, len(pdf.pages), frozenset(spots(pdf))
    except (OSError, pikepdf.PdfError) as error:
        raise BadInput(f"{path} cannot be read: compose the job again, with --resume.") from error


def spots(pdf: Pdf) -> Iterator[str]:
    """The inks beside cyan, magenta, yellow and black that the first two pages ask for, by name."""
    seen: set[tuple[int, int]] = set()
    for page in list(pdf.pages)[:2]:
        yield from _inks(page.obj.get("/Resources"), seen)


def _inks(item: object, seen: set[tuple[int, int]]) -> Iterator[str]:
    """The names in the Separation and DeviceN spaces below `item` (ISO 32000-1:2008, 8.6.6)."""
    if not isinstance(item, pikepdf.Object) or (item.is_indirect and item.objgen in seen):
        return
    if item.is_indirect:
        seen.add(item.objgen)
    if isinstance(item, Array):
        if len(item) > 1 and str(item[0]) in ("/Separation", "/DeviceN"):
            names = [item[1]] if str(item[0]) == "/Separation" else list(item[1].as_list())
            yield from (str(name).lstrip("/") for name in names if str(name) not in _NO_INK)
            return
        for part in item.as_list():
            yield from _inks(part, seen)
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        for key in item.keys():  # noqa: SIM118  # a stream has no iterator
            if key != "/Parent":
                yield from _inks(item[key], seen)
