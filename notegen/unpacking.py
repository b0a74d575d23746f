"""Unpacking what a PDF holds, of which a few bytes may stand for any number."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf
from pikepdf import settings

MOST_BYTES = 128 << 20
"""Of one stream, unpacked."""


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
