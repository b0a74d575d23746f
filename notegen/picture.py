"""A picture of a page, for previews and proofs."""

import pypdfium2
from PIL import Image


def rasterise(pdf: bytes, *, dpi: int, page: int = 0) -> Image.Image:
    """Page `page` (from 0) of `pdf` as an RGB picture of its media box at `dpi` dots per inch."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture: Image.Image = document[page].render(scale=dpi / 72).to_pil()
        return picture.convert("RGB")
    finally:
        document.close()


def portray(pdf: bytes, *, dpi: int, page: int = 0) -> Image.Image:
    """As `rasterise`, but drawn three times as fine and reduced, so that lines finer than a dot keep their lightness."""
    return rasterise(pdf, dpi=3 * dpi, page=page).reduce(3)
