"""Plates: how much of each process ink lies where on a side, for looking at; spot colours as their recipes.

Any renderer shows them, as the inks are drawn as the light that each takes away; overprinting is not shown.
"""

from io import BytesIO

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Pdf

from notegen import picture
from notegen.artwork import scheme
from notegen.artwork.recolour import recolour
from notegen.artwork.scheme import Scheme

Plates = NDArray[np.uint8]
"""Height, width and cyan, magenta, yellow, black; 255 is solid."""


def expose(page: bytes, dpi: int) -> Plates:
    """The plates of the first page of a PDF in the colours of the press, at `dpi` dots per inch."""
    colours = 255 - _seen(page, scheme.COLOURS, dpi)
    black = 255 - _seen(page, scheme.BLACK, dpi)
    return np.concatenate([colours, black[..., :1]], axis=2)


def _seen(page: bytes, way: Scheme, dpi: int) -> NDArray[np.uint8]:
    with pikepdf.open(BytesIO(page)) as pdf:
        recolour(pdf, pdf.pages[0], way)
        return np.asarray(picture.rasterise(_saved(pdf), dpi=dpi), dtype=np.uint8)


def _saved(pdf: Pdf) -> bytes:
    file = BytesIO()
    pdf.save(file, deterministic_id=True)
    return file.getvalue()
