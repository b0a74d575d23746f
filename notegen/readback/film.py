"""Film: what a press file looks like when it is printed, as pixels and as the text on it."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
from numpy.typing import NDArray

from app.core.errors import BadInput
from notegen.geometry.slot import Box
from notegen.ink.pdf import POINTS_PER_MM


class Film:
    """An open press file, all of it or (`variable`) without the forms, which are alike on all sheets. A context manager."""

    def __init__(self, path: Path, *, variable: bool = False) -> None:
        """Raises BadInput when the file is not there or no PDF."""
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

    def grey(self, page: int, dpi: int) -> NDArray[np.uint8]:
        """Page `page` (from 1), shape (height, width), 0 black."""
        picture = self._document[page - 1].render(scale=dpi / 72, grayscale=True)
        return np.array(picture.to_numpy(), dtype=np.uint8).reshape(picture.height, -1)[:, : picture.width]

    def words(self, page: int, boxes: list[Box]) -> list[str]:
        """What stands in each of `boxes` (mm, from the top left) of a page, as its fonts say."""
        leaf = self._document[page - 1]
        height, text = leaf.get_height(), leaf.get_textpage()
        found = []
        for box in boxes:
            left, top, right, bottom = (edge * POINTS_PER_MM for edge in box)
            found.append(str(text.get_text_bounded(left, height - bottom, right, height - top)))
        text.close()
        leaf.close()
        return found


def cut(picture: NDArray[np.uint8], box: Box, dpi: int) -> NDArray[np.uint8]:
    """The part of a page's picture that lies in `box` (mm, from the top left)."""
    left, top, right, bottom = (round(edge / 25.4 * dpi) for edge in box)
    return picture[top:bottom, left:right]


def _without_forms(path: Path) -> bytes:
    """The file with every form that a page places emptied."""
    with pikepdf.open(path) as pdf:
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
