"""Bounds: how much of a hostile or broken file is looked at before it is called a fault."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf
from pikepdf import settings

MOST_BYTES = 128 << 20
"""Of one stream, unpacked."""

MOST_OPERATIONS = 1_000_000
OPERATIONS_A_PAGE = 2_000
"""A file may draw so much, and so much more for each of its pages; a stretch of lines and curves is one."""

OPERATIONS_A_FORM = 50
"""What it takes to begin a form counts as so many."""

DEEPEST_FORM = 28
"""How far forms may lie in one another, as q may (ISO 32000-1:2008, annex C)."""


class TooMuch(Exception):
    """More than anybody would print; the message says of what."""


@contextmanager
def bounded() -> Iterator[None]:
    """While it lasts, qpdf unpacks no more than MOST_BYTES of a stream."""
    before: dict[str, Any] = settings.set_qpdf_limits(
        flate_max_memory=MOST_BYTES,
        run_length_max_memory=MOST_BYTES,
        png_max_memory=MOST_BYTES,
        tiff_max_memory=MOST_BYTES,
        dct_max_memory=MOST_BYTES,
        doc_max_warnings=1000,
    )
    try:
        yield
    finally:
        settings.set_qpdf_limits(**before)


def unpacked(stream: object) -> bytes:
    """What a stream holds. Raises TooMuch, pikepdf.PdfError."""
    if not isinstance(stream, pikepdf.Stream):
        return b""
    data = stream.read_bytes()
    if len(data) > MOST_BYTES:
        raise TooMuch(f"a stream of more than {MOST_BYTES >> 20} MB")
    return data
