"""Labels: what is wrapped around each bundle, ten to an A4 sheet, and larger ones for boxes, two to a sheet.

Each has a QR that names its span as it was bundled, and says which of its notes are not there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from app.core import reference
from app.core.job import Job
from app.core.span import Span
from notegen import delivery, jobfile
from notegen.design import wording
from notegen.ink.press import Progress
from notegen.paper import a4, parcels, qr
from notegen.paper.parcels import Box, Bundle
from notegen.paper.stock import TEN, TWO, Stock

Line = tuple[str, str, float, float]
"""Words, their face, their size in points and the height of their baseline above the label's lower edge in mm."""


@dataclass(frozen=True, slots=True)
class Made:
    """`labels` for parcels that hold `notes` together, on `sheets` of A4, in `file`."""

    labels: int
    notes: int
    sheets: int
    file: str


@dataclass(frozen=True, slots=True)
class _Face:
    """Where things are on a label of a stock: its margin and the QR in its upper right corner."""

    stock: Stock
    margin_mm: float
    qr_mm: float


@dataclass(frozen=True, slots=True)
class _Label:
    code: str
    lines: tuple[Line, ...]


_MOST_NAMED = 60
"""Holes that are tried for room on a label."""

_WRAPPER = _Face(TEN, 6.0, 33.0)
_CARTON = _Face(TWO, 12.0, 76.0)


def wrappers(
    job_path: Path, out: Path, *, without: Iterable[Span] = (), progress: Progress = lambda labels: None
) -> Made:
    """Write a PDF with a label for each bundle of a job, in order; `without` are its void notes.

    A bundle that is wholly void has no label. Raises BadJob, BadSpan for a void note of another job, BadInput.
    """
    job = _job(job_path)
    bundles = parcels.bundles(job.span, job.bundle_size, without)
    total = parcels.count(job.span, job.bundle_size)
    faces = (_Label(reference.label(job.host, one.span), tuple(_on_wrapper(job, one, total))) for one in bundles)
    _write(out, f"{job.order} bundle labels", _WRAPPER, faces, progress)
    return Made(len(bundles), sum(one.notes for one in bundles), TEN.sheets(len(bundles)), str(out))


def cartons(
    job_path: Path,
    out: Path,
    *,
    in_a_box: int = parcels.BUNDLES_IN_A_BOX,
    without: Iterable[Span] = (),
    progress: Progress = lambda labels: None,
) -> Made:
    """As `wrappers`, with a label for each box of `in_a_box` bundles."""
    job = _job(job_path)
    boxes = parcels.boxes(parcels.bundles(job.span, job.bundle_size, without), in_a_box)
    total = parcels.count(job.span, job.bundle_size * in_a_box)
    faces = (_Label(reference.label(job.host, one.span), tuple(_on_carton(job, one, total))) for one in boxes)
    _write(out, f"{job.order} box labels", _CARTON, faces, progress)
    return Made(len(boxes), sum(one.notes for one in boxes), TWO.sheets(len(boxes)), str(out))


def sheet(page: BytesIO, title: str, labels: Iterable[tuple[str, Sequence[Line]]]) -> None:
    """Write wrapper labels that are of no job, each with the text of its QR and its lines, as a PDF into `page`."""
    _draw_all(page, title, _WRAPPER, (_Label(code, tuple(lines)) for code, lines in labels), lambda _labels: None)


def _job(path: Path) -> Job:
    with jobfile.opened(path) as file:
        return file.job


def _on_wrapper(job: Job, bundle: Bundle, total: int) -> Iterator[Line]:
    yield f"{job.programme}  {parcels.noun(bundle.notes, 'note')}", a4.BOLD, 18, 45.5
    yield f"Bundle {bundle.ordinal:,} of {total:,}", a4.PLAIN, 11, 39
    yield bundle.span.first_serial.printed, a4.BOLD, 13, 30.5
    yield "to", a4.PLAIN, 9, 25.5
    yield bundle.span.last_serial.printed, a4.BOLD, 13, 19.5
    yield _origin(job), a4.PLAIN, 9, 12.3
    width = TEN.label_mm[0] - 2 * _WRAPPER.margin_mm
    for at, words in enumerate(_without(bundle.holes, width, 9, most=2)):
        yield words, a4.BOLD, 9, 8.1 - 4.1 * at


def _on_carton(job: Job, box: Box, total: int) -> Iterator[Line]:
    first, last = box.bundles[0].ordinal, box.bundles[-1].ordinal
    yield job.programme, a4.BOLD, 54, 117
    yield f"Box {box.ordinal:,} of {total:,}", a4.BOLD, 30, 99
    yield parcels.noun(box.notes, "note"), a4.BOLD, 22, 85
    yield f"in {parcels.noun(len(box.bundles), 'bundle')}, {_numbered(first, last)}", a4.PLAIN, 14, 77
    yield box.span.first_serial.printed, a4.BOLD, 22, 61
    yield "to", a4.PLAIN, 14, 53
    yield box.span.last_serial.printed, a4.BOLD, 22, 43
    yield _origin(job), a4.PLAIN, 14, 31
    width = TWO.label_mm[0] - 2 * _CARTON.margin_mm
    for at, words in enumerate(_without(parcels.void(box.span, box.bundles), width, 10, most=4)):
        yield words, a4.BOLD, 10, 23.5 - 4.6 * at


def _numbered(first: int, last: int) -> str:
    return f"number {first:,}" if first == last else f"numbers {first:,} to {last:,}"


def _origin(job: Job) -> str:
    until = f"   Use by {wording.day(job.expires_on)}" if job.expires_on else ""
    return f"Order {job.order}{until}"


def _without(holes: Sequence[Span], width_mm: float, size_pt: float, *, most: int) -> list[str]:
    """The numbers that are not there, in at most so many lines; what has no room is counted, not named."""
    if not holes:
        return []
    for named in range(min(len(holes), _MOST_NAMED), -1, -1):
        rest = (
            [f"{parcels.noun(sum(map(len, holes[named:])), 'more note')}: see the delivery note"]
            if named < len(holes)
            else []
        )
        text = "without " + ", ".join([*map(parcels.numbers, holes[:named]), *rest])
        lines: list[str] = simpleSplit(text, a4.BOLD, size_pt, width_mm * mm)
        if len(lines) <= most:
            break
    return lines


def _write(out: Path, title: str, face: _Face, labels: Iterable[_Label], progress: Progress) -> None:
    page = BytesIO()
    _draw_all(page, title, face, labels, progress)
    with delivery.whole_file(out) as target:
        target.write(page.getvalue())


def _draw_all(page: BytesIO, title: str, face: _Face, labels: Iterable[_Label], progress: Progress) -> None:
    canvas = a4.canvas(page, title)
    corners = face.stock.corners()
    for at, label in enumerate(labels):
        if at and at % len(corners) == 0:
            canvas.showPage()
        _draw(canvas, face, label, *corners[at % len(corners)])
        progress(1)
    canvas.save()


def _draw(canvas: Canvas, face: _Face, label: _Label, left: float, low: float) -> None:
    width, height = face.stock.label_mm
    edge = left + width - face.margin_mm - face.qr_mm, low + height - face.margin_mm - face.qr_mm
    qr.draw(canvas, label.code, edge[0] * mm, edge[1] * mm, face.qr_mm * mm)
    canvas.setFillColor(a4.BLACK)
    for words, font, size, up in label.lines:
        canvas.setFont(font, size)
        canvas.drawString((left + face.margin_mm) * mm, (low + up) * mm, words)
