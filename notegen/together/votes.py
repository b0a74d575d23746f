"""The vote sheet: variants as specimens at true size, a letter each, with room for dots; for an office printer, on A4."""

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from notegen import lettering

MM = 72 / 25.4
PAGE_MM = (210.0, 297.0)
NOTE_MM = (135.0, 66.0)
TO_A_PAGE = 3
LETTERS = "ABCDEFGH"
BOXES = 20
"""Rooms for a dot beside each variant, two rows of ten."""

_LEFT_MM, _TOP_MM, _ROW_MM = 37.5, 34.0, 85.0
_GREY = (0, 0, 0, 0.45)


def sheet(notes: Sequence[bytes], title: str) -> bytes:
    """A PDF of A4 pages with the pictures `notes`, JPEGs of the trim. Words are in Welsh and English."""
    lettering.register()
    file = BytesIO()
    canvas = Canvas(file, pagesize=(PAGE_MM[0] * MM, PAGE_MM[1] * MM), pageCompression=1, invariant=1)
    canvas.setTitle(f"{title} · Pleidlais / Vote")
    for first in range(0, len(notes), TO_A_PAGE):
        _head(canvas, title)
        for row, note in enumerate(notes[first : first + TO_A_PAGE]):
            _variant(canvas, LETTERS[first + row], note, _TOP_MM + row * _ROW_MM)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _head(canvas: Canvas, title: str) -> None:
    _text(canvas, 15, 16, title, "Bodoni-Bold", 18)
    _text(canvas, 15, 22.5, "Pa un yw eich ffefryn? Rhowch ddot o dan un nodyn neu fwy.", "Hyperlegible", 11)
    _text(canvas, 15, 28, "Which do you like best? Put a dot under one note or more.", "Hyperlegible", 11)
    _text(canvas, 15, 292, "Argraffwch ar 100 %. / Print at 100 %.", "Hyperlegible", 8)


def _variant(canvas: Canvas, letter: str, note: bytes, top_mm: float) -> None:
    wide, high = NOTE_MM
    _text(canvas, 16, top_mm + 14, letter, "Bodoni-Bold", 40)
    seen = ImageReader(BytesIO(note))
    canvas.drawImage(seen, _LEFT_MM * MM, _y(top_mm + high), wide * MM, high * MM)
    _cut_lines(canvas, top_mm)
    each = wide / (BOXES // 2)
    canvas.setStrokeColorCMYK(*_GREY)
    canvas.setLineWidth(0.6)
    for box in range(BOXES):
        row, column = divmod(box, BOXES // 2)
        x, y = _LEFT_MM + column * each, top_mm + high + 4.5 + row * 5.6
        canvas.rect((x + 0.4) * MM, _y(y + 5.2), (each - 0.8) * MM, 5.0 * MM)


def _cut_lines(canvas: Canvas, top_mm: float) -> None:
    """Marks at the corners that show where to cut, and stay off the note."""
    canvas.setStrokeColorCMYK(0, 0, 0, 1)
    canvas.setLineWidth(0.35)
    left, right, foot = _LEFT_MM, _LEFT_MM + NOTE_MM[0], top_mm + NOTE_MM[1]
    for x, away in ((left, -1), (right, 1)):
        for y, up in ((top_mm, -1), (foot, 1)):
            canvas.line((x + away) * MM, _y(y), (x + 3.5 * away) * MM, _y(y))
            canvas.line(x * MM, _y(y + up), x * MM, _y(y + 3 * up))


def _text(canvas: Canvas, x_mm: float, y_mm: float, words: str, face: str, size_pt: float) -> None:
    canvas.setFillColorCMYK(0, 0, 0, 1)
    canvas.setFont(face, size_pt)
    canvas.drawString(x_mm * MM, _y(y_mm), words)


def _y(from_top_mm: float) -> float:
    return (PAGE_MM[1] - from_top_mm) * MM
