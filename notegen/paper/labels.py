"""Labels: what is wrapped around each bundle, ten to an A4 sheet, with a QR that names the bundle's span."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from qrcode.main import QRCode
from qrcode.util import QRData
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from app.core import reference
from app.core.job import Job
from app.core.span import Span
from notegen import delivery, jobfile
from notegen.design import wording
from notegen.ink import lettering, symbol

SHEET_MM = (210.0, 297.0)
LABEL_MM = (99.1, 57.0)
COLUMNS, ROWS, GAP_MM = 2, 5, 2.5
"""The common sheet of ten parcel labels (Avery L7173 and its like); plain paper, cut up, does as well."""

_QR_MM = 33.0
_MARGIN_MM = 6.0
_PLAIN, _BOLD = "Hyperlegible", "Hyperlegible-Bold"


@dataclass(frozen=True, slots=True)
class Labels:
    """How many bundles were labelled, on how many sheets, in which file."""

    bundles: int
    sheets: int
    file: str


def labels(job_path: Path, out: Path) -> Labels:
    """Write a PDF with a label for each bundle of a job, in order. Raises BadJob, BadInput."""
    with jobfile.opened(job_path) as file:
        job = file.job
    bundles = job.span.bundles(job.bundle_size)
    sheets = -(-len(bundles) // (COLUMNS * ROWS))
    with delivery.whole_file(out) as target:
        target.write(_draw(job, bundles))
    return Labels(len(bundles), sheets, str(out))


def corners() -> list[tuple[float, float]]:
    """The left and the lower edge of each label of a sheet, in mm from the sheet's, in reading order."""
    left = (SHEET_MM[0] - COLUMNS * LABEL_MM[0] - (COLUMNS - 1) * GAP_MM) / 2
    top = SHEET_MM[1] - (SHEET_MM[1] - ROWS * LABEL_MM[1]) / 2
    places = [(column, row) for row in range(ROWS) for column in range(COLUMNS)]
    return [(left + column * (LABEL_MM[0] + GAP_MM), top - (row + 1) * LABEL_MM[1]) for column, row in places]


def _draw(job: Job, bundles: list[Span]) -> bytes:
    lettering.register()
    page = BytesIO()
    size = (SHEET_MM[0] * mm, SHEET_MM[1] * mm)
    canvas = Canvas(page, pagesize=size, invariant=1, pageCompression=1, initialFontName=_PLAIN)
    canvas.setTitle(f"{job.order} bundle labels")
    canvas.setViewerPreference("PrintScaling", "None")
    places = corners()
    for at, bundle in enumerate(bundles):
        if at and at % len(places) == 0:
            canvas.showPage()
        _label(canvas, job, bundle, f"Bundle {at + 1} of {len(bundles)}", *places[at % len(places)])
    canvas.save()
    return page.getvalue()


def _label(canvas: Canvas, job: Job, bundle: Span, heading: str, left: float, low: float) -> None:
    canvas.setFillColorCMYK(0, 0, 0, 1)
    _symbol(canvas, reference.label(job.host, bundle), left + LABEL_MM[0] - _MARGIN_MM - _QR_MM, low + _MARGIN_MM)
    for words, face, size, up in _lines(job, bundle, heading):
        canvas.setFont(face, size)
        canvas.drawString((left + _MARGIN_MM) * mm, (low + up) * mm, words)


def _lines(job: Job, bundle: Span, heading: str) -> Iterator[tuple[str, str, float, float]]:
    """The words of a label, with their face, size in points and height above the lower edge in mm."""
    yield f"{job.programme}  {len(bundle)} notes", _BOLD, 18, 45
    yield heading, _PLAIN, 11, 37.5
    yield bundle.first_serial.printed, _BOLD, 13, 28
    yield "to", _PLAIN, 9, 23
    yield bundle.last_serial.printed, _BOLD, 13, 17
    yield f"Order {job.order}", _PLAIN, 9, 10.5
    if job.expires_on:
        yield f"Use by {wording.day(job.expires_on)}", _PLAIN, 9, 6


def _symbol(canvas: Canvas, text: str, left: float, low: float) -> None:
    """A QR drawn as runs of dark modules, `_QR_MM` wide, its lower left corner at (`left`, `low`) mm."""
    code = QRCode(error_correction=symbol.LEVEL, border=0, mask_pattern=symbol.MASK)
    code.add_data(QRData(text, mode=symbol.ALPHANUMERIC))
    code.make()
    modules = np.array(code.modules, dtype=np.int8)
    module = _QR_MM / len(modules)
    path = canvas.beginPath()
    for row, line in enumerate(np.pad(modules, ((0, 0), (1, 1)))):
        edges = np.flatnonzero(np.diff(line))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            x, y = left + start * module, low + _QR_MM - (row + 1) * module
            path.rect(x * mm, y * mm, (end - start) * module * mm, module * mm)
    canvas.drawPath(path, stroke=0, fill=1)
