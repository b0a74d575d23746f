"""Film: what a press file looks like when it is printed, as pixels and as the text on it."""

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from app.core.errors import BadInput
from notegen.geometry.slot import Box
from notegen.ink.pdf import POINTS_PER_MM

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of a part of a page: `pixels` (height, width[, 3]), 0 black; `per_mm` of them across and down.

    `corner_mm` is its top left on the page.
    """

    pixels: Pixels
    per_mm: tuple[float, float]
    corner_mm: tuple[float, float] = (0.0, 0.0)

    def cut(self, box: Box) -> "Shot":
        """The part of it that lies in `box` (mm, from the top left of the page)."""
        left, top, right, bottom = (
            max(round((edge - self.corner_mm[at % 2]) * self.per_mm[at % 2]), 0) for at, edge in enumerate(box)
        )
        corner = (self.corner_mm[0] + left / self.per_mm[0], self.corner_mm[1] + top / self.per_mm[1])
        return Shot(self.pixels[top:bottom, left:right], self.per_mm, corner)

    def alone(self) -> "Shot":
        """The same with its pixels side by side in memory, which is quicker to look at often."""
        return replace(self, pixels=np.ascontiguousarray(self.pixels))

    def place_mm(self, x: float, y: float) -> tuple[float, float]:
        """A point of the picture (pixels from its top left) as a point of the page."""
        return self.corner_mm[0] + x / self.per_mm[0], self.corner_mm[1] + y / self.per_mm[1]


class Leaf:
    """An open page of a film, to be looked at as often as need be."""

    def __init__(self, page: Any) -> None:
        self._page = page
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        self.size_mm = (width / POINTS_PER_MM, height / POINTS_PER_MM)

    def shot(self, dpi: int, box: Box | None = None, *, colour: bool = False, over: Pixels | None = None) -> Shot:
        """The page, or what lies in `box` (mm, from its top left), at `dpi`; grey, or RGB.

        It is drawn over the pixels `over` of a shot of another page that is no longer needed, where these have its size:
        memory that is already there is several times quicker than new.
        """
        width, height = (round(side / 25.4 * dpi) for side in self.size_mm)
        per_mm = (width / self.size_mm[0], height / self.size_mm[1])
        left, top, right, bottom = (0, 0, width, height)
        if box is not None:
            left, right = round(box[0] * per_mm[0]), round(box[2] * per_mm[0])
            top, bottom = round(box[1] * per_mm[1]), round(box[3] * per_mm[1])
        shape = (max(bottom - top, 1), max(right - left, 1), *((3,) if colour else ()))
        pixels = over if over is not None and over.shape == shape else np.empty(shape, dtype=np.uint8)
        pixels.fill(255)
        kind = pdfium.FPDFBitmap_BGR if colour else pdfium.FPDFBitmap_Gray
        bitmap = pdfium.FPDFBitmap_CreateEx(
            pixels.shape[1], pixels.shape[0], kind, pixels.ctypes.data_as(ctypes.c_void_p), pixels.strides[0]
        )
        flags = pdfium.FPDF_REVERSE_BYTE_ORDER if colour else 0
        pdfium.FPDF_RenderPageBitmap(bitmap, self._page, -left, -top, width, height, 0, flags)
        pdfium.FPDFBitmap_Destroy(bitmap)
        return Shot(pixels, per_mm, (left / per_mm[0], top / per_mm[1]))

    def words(self, boxes: Sequence[Box]) -> list[str]:
        """What stands in each of `boxes` (mm, from the top left), as its fonts say, art and all."""
        text, height = pdfium.FPDFText_LoadPage(self._page), self.size_mm[1] * POINTS_PER_MM
        try:
            return [_words(text, height, box) for box in boxes]
        finally:
            pdfium.FPDFText_ClosePage(text)


def _words(text: Any, height: float, box: Box) -> str:
    """The characters of an open text page of `height` points that lie in `box`."""
    left, top, right, bottom = (edge * POINTS_PER_MM for edge in box)
    edges = (left, height - top, right, height - bottom)
    length = pdfium.FPDFText_GetBoundedText(text, *edges, None, 0)
    found = (ctypes.c_ushort * length)()
    pdfium.FPDFText_GetBoundedText(text, *edges, found, length)
    return bytes(found).decode("utf-16-le", "replace")


class Film:
    """An open press file, all of it or (`variable`) without the forms, which are alike on all sheets. A context manager."""

    def __init__(self, path: Path, *, variable: bool = False) -> None:
        """Raises BadInput when the file is not there or no whole PDF."""
        try:
            self._document = pypdfium2.PdfDocument(_without_forms(path) if variable else path)
        except (pypdfium2.PdfiumError, pikepdf.PdfError, OSError) as error:
            raise BadInput(f"{path} cannot be read as a PDF: compose the job again.") from error

    def __enter__(self) -> "Film":
        return self

    def __exit__(self, *exc: object) -> None:
        self._document.close()

    def __len__(self) -> int:
        return len(self._document)

    @contextmanager
    def leaf(self, page: int) -> Iterator[Leaf]:
        """Page `page`, from 1. Raises BadInput when it cannot be drawn."""
        opened = pdfium.FPDF_LoadPage(self._document.raw, page - 1)
        if not opened:
            raise BadInput(f"Page {page} cannot be drawn: compose the job again.")
        try:
            yield Leaf(opened)
        finally:
            pdfium.FPDF_ClosePage(opened)

    def grey(self, page: int, dpi: int) -> Pixels:
        """Page `page` (from 1), shape (height, width), 0 black."""
        with self.leaf(page) as leaf:
            return leaf.shot(dpi).pixels

    def words(self, page: int, boxes: Sequence[Box]) -> list[str]:
        """What stands in each of `boxes` (mm, from the top left) of a page, as its fonts say."""
        with self.leaf(page) as leaf:
            return leaf.words(boxes)


def _without_forms(path: Path) -> bytes:
    """The file with every form that a page places emptied; a damaged file is not mended."""
    with pikepdf.open(path, attempt_recovery=False) as pdf:
        emptied: set[tuple[int, int]] = set()
        for page in pdf.pages:
            if page.resources.is_indirect and page.resources.objgen in emptied:
                continue
            emptied.add(page.resources.objgen)
            for form in page.resources.get("/XObject", pikepdf.Dictionary()).values():
                if form.objgen not in emptied:
                    form.write(b"")
                    emptied.add(form.objgen)
        file = BytesIO()
        pdf.save(file, compress_streams=False)
    return file.getvalue()
