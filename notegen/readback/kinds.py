"""The kinds of pages in a press file: pages that consist of the very same objects look the same, so one is looked at for all."""

import hashlib
from pathlib import Path

import pikepdf

from app.core.errors import BadInput

Kind = bytes
"""A digest of all that a page draws; pages of the same kind are alike to the last byte, in one file or in two."""


def of_pages(path: Path) -> list[Kind]:
    """The kind of each page of a file, in order. Raises BadInput when it is no whole PDF."""
    try:
        with pikepdf.open(path, attempt_recovery=False) as pdf:
            made = _Digests()
            return [_kind(page, made) for page in pdf.pages]
    except (pikepdf.PdfError, OSError) as error:
        raise BadInput(f"{path} cannot be read as a PDF: compose the job again.") from error


def _kind(page: pikepdf.Page, made: "_Digests") -> Kind:
    digest = hashlib.sha256()
    for name in ("/Contents", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit"):
        digest.update(name.encode() + (made.of(page.obj[name]) if name in page.obj else b""))
    digest.update(made.of(page.resources))
    return digest.digest()


class _Digests:
    """Digests of objects with all that they refer to, each computed once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bytes] = {}

    def of(self, item: pikepdf.Object) -> bytes:
        """The digest of an object; one that it comes back to by way of itself counts as nothing there."""
        if not isinstance(item, pikepdf.Object) or not item.is_indirect:
            return self._fresh(item)
        if item.objgen not in self._known:
            self._known[item.objgen] = b""
            self._known[item.objgen] = self._fresh(item)
        return self._known[item.objgen]

    def _fresh(self, item: pikepdf.Object) -> bytes:
        digest = hashlib.sha256()
        if isinstance(item, pikepdf.Stream):
            digest.update(item.read_raw_bytes())
        if isinstance(item, pikepdf.Array):
            for part in item:
                digest.update(self.of(part))
        elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            for name in sorted(item.keys()):
                if name not in ("/Parent", "/Length"):
                    digest.update(name.encode() + self.of(item[name]))
        else:
            digest.update(repr(item).encode())
        return digest.digest()
