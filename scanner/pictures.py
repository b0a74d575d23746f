"""Pictures in files: photographs and scans as OpenCV reads them, and the pages of a PDF, rasterised."""

import warnings
from collections.abc import Iterator
from math import sqrt
from pathlib import Path

import cv2
import numpy as np
import pypdfium2  # type: ignore[import-untyped, unused-ignore]
from PIL import Image

from app.core.errors import BadInput
from scanner.decode import MOST_PIXELS, Frame

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff", ".gif", ".avif", ".pgm", ".ppm"})
"""Of the files in a folder that are taken for pictures."""

DOTS_PER_INCH = 300
"""The resolution for which the printed symbol is drawn in whole dots."""

MOST_PAGE_PIXELS = 40_000_000
_POINTS_PER_INCH = 72


def load(path: Path) -> Frame:
    """The picture in a file (H, W, 3), turned upright as its EXIF tells. Raises BadInput."""
    _refuse_giants(path)
    try:
        content = np.fromfile(path, dtype=np.uint8)
        picture = cv2.imdecode(content, cv2.IMREAD_COLOR) if content.size else None
    except (OSError, cv2.error) as error:
        raise BadInput(f"The picture {path} cannot be read: {_why(error)}.", path=path) from error
    if picture is None:
        raise BadInput(f"{path} is not a picture that can be read here: save it as PNG or JPEG.", path=path)
    return np.asarray(picture, dtype=np.uint8)


def pages(path: Path) -> Iterator[tuple[int, int, Frame]]:
    """Each page of a file with its number from 1 and how many there are: those of a PDF, or the one picture. Raises BadInput."""
    if not path.exists():
        raise BadInput(f"There is no file {path}: look at its name.", path=path)
    if path.is_dir():
        raise BadInput(f"{path} is a folder: name the pictures in it, or use `scanner run --camera {path}`.", path=path)
    if _is_pdf(path):
        yield from _pdf_pages(path)
    else:
        yield 1, 1, load(path)


def is_picture(path: Path) -> bool:
    """Whether a file has the name of a picture."""
    return path.suffix.lower() in SUFFIXES and path.is_file() and not path.name.startswith(".")


def _refuse_giants(path: Path) -> None:
    """A small file may claim to be a picture of gigabytes; Pillow looks at its first bytes alone."""
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path) as picture:
            width, height = picture.size
    except Image.DecompressionBombError:
        width = height = MOST_PIXELS
    except (OSError, ValueError, SyntaxError):
        return  # whatever it is, OpenCV says whether it can be read
    if width * height > MOST_PIXELS:
        raise BadInput(f"The picture {path} is too large: scan it at {DOTS_PER_INCH} dots per inch.", path=path)


def _is_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return b"%PDF-" in file.read(1024)
    except OSError as error:
        raise BadInput(f"The file {path} cannot be read: {_why(error)}.", path=path) from error


def _pdf_pages(path: Path) -> Iterator[tuple[int, int, Frame]]:
    try:
        document = pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, OSError) as error:
        raise BadInput(f"The PDF {path} cannot be opened: it is damaged or needs a password.", path=path) from error
    with document:
        for place in range(len(document)):
            yield place + 1, len(document), _rasterised(document, place, path)


def _rasterised(document: pypdfium2.PdfDocument, place: int, path: Path) -> Frame:
    """A page at 300 dots per inch, or as close to it as the bound on pixels allows."""
    try:
        page = document[place]
        area = page.get_width() * page.get_height()
        scale = min(DOTS_PER_INCH / _POINTS_PER_INCH, sqrt(MOST_PAGE_PIXELS / max(area, 1.0)))
        picture = page.render(scale=scale, rev_byteorder=False).to_numpy()
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise BadInput(f"Page {place + 1} of {path} cannot be drawn: the PDF is damaged.", path=path) from error
    return np.ascontiguousarray(picture[:, :, :3], dtype=np.uint8)


def _why(error: Exception) -> str:
    return error.strerror or "no reason is known" if isinstance(error, OSError) else "it is damaged"
