"""A calibration sheet: shows how far a printer shifts its backs, and so the back offset to compose with.

Crosses on the front, millimetre paper behind them on the back. Where a cross comes out there is what the back must be
moved by, so it is typed as it is read.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from app.core.errors import BadInput
from notegen import delivery, lettering
from notegen.geometry import grid, offset, sheet
from notegen.geometry.grid import Flip, Grid
from notegen.geometry.offset import NOT_MOVED, Offset
from notegen.geometry.sheet import Sheet
from notegen.geometry.slot import Box

NOTE_MM, BLEED_MM = (135.0, 66.0), 3.0
"""The notes of most designs; how many of them fit decides whether a sheet lies or stands."""

CELL_MM, REACH_MM, SCALE_MM = 44.0, 20.0, 100
"""A cross, or the millimetre paper behind it, with its letter; half of the cross; and a line to measure with a ruler."""

_LARGEST_PT, _LEAST_PT, _LEADING, _MOST_LINES = 12.0, 6.0, 1.5, 10
_PLAIN, _BOLD = "Hyperlegible", "Hyperlegible-Bold"


@dataclass(frozen=True, slots=True)
class Calibration:
    """The file that was written, and the sheet as it lies: width and height in mm."""

    file: str
    sheet_mm: tuple[float, float]


def calibrate(
    out: Path,
    *,
    sheet_name: str | None = None,
    flip: Flip = "long",
    office: bool = False,
    back_offset: Offset | None = None,
    note_mm: tuple[float, float] = NOTE_MM,
) -> Calibration:
    """Write a calibration sheet, front and back, for the paper and the printer that notes of `note_mm` are printed with.

    `back_offset` moves its back, to see whether it is right. Raises BadInput.
    """
    found = sheet.find(sheet_name or sheet.usual(office=office))
    laid = grid.office(note_mm, found) if office else grid.fit(note_mm, BLEED_MM, found)
    data = _draw(laid.sheet, flip, offset.checked(back_offset or NOT_MOVED))
    with delivery.whole_file(out) as file:
        file.write(data)
    return Calibration(str(out), (laid.sheet.width_mm, laid.sheet.height_mm))


def places(of: Sheet) -> Grid:
    """Four places, one towards each corner: where the crosses are, front and back. Raises BadInput on too small a sheet."""
    pitch = min(of.width_mm, of.height_mm) - 2 * of.margin_mm - CELL_MM
    if pitch < CELL_MM + _LEADING * _LEAST_PT * lettering.MM_PER_POINT * _MOST_LINES:
        raise BadInput(
            f"A sheet of {of.width_mm:g} x {of.height_mm:g} mm is too small for a calibration: take a larger."
        )
    return Grid(of, (CELL_MM, CELL_MM), (pitch - CELL_MM) / 2, 2, 2, marked=False)


def _draw(of: Sheet, flip: Flip, moved: Offset) -> bytes:
    lettering.register()
    page, laid = BytesIO(), places(of)
    size = (of.width_mm * mm, of.height_mm * mm)
    canvas = Canvas(page, pagesize=size, invariant=1, pageCompression=1, initialFontName=_PLAIN)
    canvas.setTitle("Calibration of the back offset")
    canvas.setViewerPreference("PrintScaling", "None")
    canvas.setViewerPreference("Duplex", f"DuplexFlip{flip.title()}Edge")
    for position, letter in enumerate("ABCD"):
        _cross(canvas, of, laid.front(position), letter)
    below = _words(canvas, laid, _front(of, flip))
    _measure(canvas, of.width_mm / 2, below)
    canvas.showPage()
    canvas.translate(moved.x_mm * mm, -moved.y_mm * mm)
    for position, letter in enumerate("ABCD"):
        _rulers(canvas, of, laid.back(position, flip), letter)
    _words(canvas, laid, _back(moved))
    canvas.save()
    return page.getvalue()


def _front(of: Sheet, flip: Flip) -> list[str]:
    return [
        f"Calibration of the back offset: front, {of.width_mm:g} x {of.height_mm:g} mm, flip about the {flip} edge",
        "1.  Print both sides, on the paper of the notes, at 100 %: nothing may be scaled or fitted.",
        f"2.  The line below must be {SCALE_MM} mm long. If it is not, the print was scaled.",
        "3.  Prick a pin through the middle of each cross, or hold the sheet to the light.",
        "4.  Turn the sheet over and read on the other side.",
    ]


def _back(moved: Offset) -> list[str]:
    made = f"This sheet was made with --back-offset {moved}: add to it what you read now."
    return [
        "Calibration of the back offset: back",
        "5.  Behind A there must be A. If another letter is there, take the other --flip.",
        "6.  Hold these lines upright. Read where the hole is: mm to the right (to the left is minus),",
        "     then mm down (up is minus). If the four differ by more than 0.5 mm, the paper slips.",
        "7.  Type the middle of the four, as in --back-offset 1.5,-0.5, and make this sheet again with it.",
        "8.  When all holes are at 0, compose with the same.",
        *([made] if moved != NOT_MOVED else []),
    ]


def _cross(canvas: Canvas, of: Sheet, cell: Box, letter: str) -> None:
    x, y = _middle(of, cell)
    canvas.setLineWidth(0.25)
    canvas.line((x - REACH_MM) * mm, y * mm, (x + REACH_MM) * mm, y * mm)
    canvas.line(x * mm, (y - REACH_MM) * mm, x * mm, (y + REACH_MM) * mm)
    canvas.circle(x * mm, y * mm, 5 * mm)
    _letter(canvas, x, y, letter)


def _rulers(canvas: Canvas, of: Sheet, cell: Box, letter: str) -> None:
    """Millimetre paper about the middle of the cell, numbered to the right and down."""
    (x, y), far = _middle(of, cell), int(offset.MOST_MM)
    canvas.setFont(_PLAIN, 6)
    for at in range(-far, far + 1):
        canvas.setLineWidth(0.8 if at == 0 else 0.4 if at % 5 == 0 else 0.15)
        canvas.line((x + at) * mm, (y - far) * mm, (x + at) * mm, (y + far) * mm)
        canvas.line((x - far) * mm, (y - at) * mm, (x + far) * mm, (y - at) * mm)
        if at % 5 == 0:
            canvas.drawCentredString((x + at) * mm, (y + far + 1) * mm, str(at))
            canvas.drawRightString((x - far - 1) * mm, (y - at - 0.7) * mm, str(at))
    canvas.drawCentredString(x * mm, (y + far + 4) * mm, "mm to the right")
    canvas.drawCentredString(x * mm, (y - far - 3) * mm, "at the left: mm down")
    _letter(canvas, x, y, letter)


def _letter(canvas: Canvas, x: float, y: float, letter: str) -> None:
    canvas.setFont(_BOLD, 20)
    canvas.drawCentredString((x - CELL_MM / 2 + 5) * mm, (y + CELL_MM / 2 - 8) * mm, letter)


def _measure(canvas: Canvas, middle: float, y: float) -> None:
    """The line of a known length."""
    left, right = middle - SCALE_MM / 2, middle + SCALE_MM / 2
    canvas.setLineWidth(0.4)
    for x1, y1, x2, y2 in ((left, y, right, y), (left, y - 2, left, y + 2), (right, y - 2, right, y + 2)):
        canvas.line(x1 * mm, y1 * mm, x2 * mm, y2 * mm)


def _words(canvas: Canvas, laid: Grid, lines: list[str]) -> float:
    """Between the upper places and the lower, as large as they fit, the first line bold; gives where the next would be."""
    of, (_, _, _, top), (_, low, _, _) = laid.sheet, laid.front(0), laid.front(2)
    wide = max(lettering.width_mm(line, _BOLD, 1.0) for line in lines)
    deep = _LEADING * lettering.MM_PER_POINT * (len(lines) + 2)
    size = min(_LARGEST_PT, (of.width_mm - 4 * of.margin_mm) / wide, (low - top) / deep)
    step = size * _LEADING * lettering.MM_PER_POINT
    left, y = (of.width_mm - wide * size) / 2, of.height_mm / 2 + step * (len(lines) / 2 - 1)
    for at, line in enumerate(lines):
        canvas.setFont(_PLAIN if at else _BOLD, size)
        canvas.drawString(left * mm, (y - at * step) * mm, line)
    return y - len(lines) * step


def _middle(of: Sheet, cell: Box) -> tuple[float, float]:
    """The middle of a cell from the lower left corner of the sheet, in mm."""
    return (cell[0] + cell[2]) / 2, of.height_mm - (cell[1] + cell[3]) / 2
