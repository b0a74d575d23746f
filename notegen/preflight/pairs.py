"""Pairs: the pages of a press file as fronts and backs, all of one size, as many as the manifest says."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pikepdf import Pdf

from app.core.errors import BadInput
from notegen import layout, manifest
from notegen.preflight import boxes
from notegen.preflight.fault import Fault


def judge(pdf: Pdf, where: str) -> Iterator[Fault]:
    """Faults in the number of pages and in what they have in common."""
    count = len(pdf.pages)
    if not count or count % 2:
        yield Fault("pages", f"Its pages, {count}, are not fronts and backs in pairs.", where)
    expected = _expected(Path(where))
    if expected is not None and expected != count:
        said = f"It has {count} pages where {manifest.NAME} beside it has {expected}, fronts and backs of sheets and slips."
        yield Fault("pages", said, where)
    laid = [tuple(tuple(round(edge, 2) for edge in box or ()) for box in boxes.of(page)) for page in pdf.pages]
    if len(set(laid[::2])) > 1 or len(set(laid[1::2])) > 1 or len({trim for _, _, trim in laid}) > 1:
        yield Fault("size", "Its fronts, or its backs, have not all the same boxes.", where)


def _expected(file: Path) -> int | None:
    """How many pages the manifest of the delivery that `file` lies in says it has: the last note's front, and its back.

    In reverse the last is the slip that lies on sheet 1, where there are slips.
    """
    folder = file.parent.parent
    if not (folder / manifest.NAME).is_file() or not (folder / layout.NAME).is_file():
        return None
    pages = _pages(folder / manifest.NAME).get(f"{file.parent.name}/{file.name}")
    table = layout.tables(folder)
    slip_last = table.get("printed_first") == layout.LAST_SHEET and bool(table.get("slips"))
    return None if pages is None else pages + 2 * slip_last


@lru_cache(maxsize=1)
def _pages(path: Path) -> dict[str, int]:
    pages: dict[str, int] = {}
    try:
        for entry in manifest.read(path):
            pages[entry.file] = max(pages.get(entry.file, 0), entry.page + 1)
    except BadInput:
        return {}
    return pages
