"""Papers read back as a person and a scanner would."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2

from tests.notegen import workshop

_RGB = {"rg", "RG"}


def words(path: Path) -> list[str]:
    """The text of each page, its white space made single."""
    document = pypdfium2.PdfDocument(path)
    try:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    finally:
        document.close()


def codes(path: Path, scale: float = 2) -> list[str]:
    """What every QR on every page says, found in its picture."""
    document = pypdfium2.PdfDocument(path)
    try:
        return [code.text for page in document for code in workshop.qrs_in(np.array(page.render(scale=scale).to_pil()))]
    finally:
        document.close()


def faults(path: Path) -> Iterator[str]:
    """What an A4 paper of ours may not be: coloured in RGB, without a title, a language, or its typefaces."""
    with pikepdf.open(path) as pdf:
        if str(pdf.Root.get("/Lang", "")) != "en-GB" or not str(pdf.docinfo.get("/Title", "")):
            yield "no title or language"
        for page in pdf.pages:
            if [round(float(edge)) for edge in page.mediabox.as_list()] != [0, 0, 595, 842]:
                yield "not A4"
            yield from (f"{font} is not embedded" for font in _bare_fonts(page))
            content = pikepdf.parse_content_stream(page)
            yield from (str(step.operator) for step in content if str(step.operator) in _RGB)


def _bare_fonts(page: pikepdf.Page) -> Iterator[str]:
    for font in page.resources.get("/Font", pikepdf.Dictionary()).values():
        if "/FontFile2" not in font.get("/FontDescriptor", pikepdf.Dictionary()):
            yield str(font.get("/BaseFont"))
