"""The look of the papers around a job: A4, black on white, no line of type under nine points; set by reportlab."""

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import CMYKColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from app.core.errors import BadInput
from notegen import lettering
from notegen.paper import qr
from notegen.paper.stock import A4_MM

PLAIN, BOLD, DISPLAY = "Hyperlegible", "Hyperlegible-Bold", "Bodoni-Bold"
BLACK = CMYKColor(0, 0, 0, 1)
HAIR = CMYKColor(0, 0, 0, 0.35)
TINT = CMYKColor(0, 0, 0, 0.07)
SIZE = (A4_MM[0] * mm, A4_MM[1] * mm)
MARGIN_MM = 16.0
WIDTH_MM = A4_MM[0] - 2 * MARGIN_MM
SMALLEST_PT = 9.0
LANGUAGE = "en-GB"

Story = list[Flowable]
Marks = Callable[[Canvas], None]


def _style(name: str, face: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(
        name,
        fontName=face,
        fontSize=size,
        leading=leading,
        textColor=BLACK,
        bulletFontName=PLAIN,
        bulletColor=BLACK,
        **more,
    )


BODY = _style("body", PLAIN, 9.5, 12.5)
STRONG = _style("strong", BOLD, 9.5, 12.5)
NUMBER = _style("number", PLAIN, 9.5, 12.5, alignment=2)
SMALL = _style("small", PLAIN, SMALLEST_PT, 11.5)
LARGE = _style("large", BOLD, 13, 16)
HEADING = _style("heading", BOLD, 12, 15, spaceBefore=9, spaceAfter=3)
TITLE = _style("title", DISPLAY, 26, 30)
_ITEM = _style("item", PLAIN, 9.5, 12.5, leftIndent=5 * mm, bulletIndent=0, spaceAfter=1.5)


class Symbol(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A QR of `text`, `size_mm` wide, with its quiet zone at the left and a line of type beneath."""

    def __init__(self, text: str, size_mm: float, caption: str) -> None:
        super().__init__()
        self.text, self.caption, self._size = text, caption, size_mm * mm
        self.width, self.height = self._size + 6 * mm, self._size + 5 * mm
        self.hAlign = "RIGHT"

    def draw(self) -> None:
        """Called by reportlab with the origin at the lower left corner."""
        left = self.width - self._size
        qr.draw(self.canv, self.text, left, 5 * mm, self._size)
        self.canv.setFillColor(BLACK)
        self.canv.setFont(PLAIN, SMALLEST_PT)
        self.canv.drawCentredString(left + self._size / 2, 1 * mm, self.caption)


def canvas(file: BytesIO, title: str) -> Canvas:
    """A canvas for a paper that is placed by hand, with what every paper has: fonts, language, title, no scaling."""
    lettering.register()
    made = Canvas(
        file, pagesize=SIZE, invariant=1, pageCompression=1, initialFontName=PLAIN, lang=LANGUAGE,
        enforceColorSpace="CMYK",
    )  # fmt: skip
    _prepare(made, title)
    return made


def build(story: Story, title: str) -> bytes:
    """A paper as the bytes of a PDF, its pages numbered at the foot beside `title`; the same story gives the same bytes."""
    lettering.register()
    file = BytesIO()
    edge = MARGIN_MM * mm
    document = SimpleDocTemplate(
        file, pagesize=SIZE, leftMargin=edge - 6, rightMargin=edge - 6, topMargin=edge - 8, bottomMargin=edge,
        invariant=1, pageCompression=1, initialFontName=PLAIN, lang=LANGUAGE, enforceColorSpace="CMYK",
    )  # fmt: skip
    document.build(story, canvasmaker=_numbered(title))
    return file.getvalue()


def words(text: str, what: str) -> str:
    """`text` as it was typed, if the typeface has its letters. Raises BadInput, naming `what`."""
    lacking = lettering.lacking(text, PLAIN)
    if lacking:
        raise BadInput(f"{what} has letters that the typeface lacks ({lacking[:20]!r}): write it in Latin letters.")
    return text


def line(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    """A paragraph of plain text, broken where it must be."""
    return Paragraph(escape(text), style)


def items(*texts: str, bullet: str = "–") -> Story:
    """A list of sentences; with a box as the bullet, of things to tick."""
    return [Paragraph(escape(text), _ITEM, bulletText=bullet) for text in texts]


def head(title: str, order: str, under: str, *symbols: Symbol) -> Story:
    """The top of a first page: what paper it is, of which order, and perhaps QRs at the right."""
    left = [line(title, TITLE), Spacer(1, 3 * mm), line(order, LARGE), line(under)]
    widths = [symbol.width for symbol in symbols]
    made = Table([[left, *symbols]], colWidths=[WIDTH_MM * mm - sum(widths), *widths], hAlign="LEFT")
    made.setStyle([*_BARE, ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 1.2, BLACK),
                   ("BOTTOMPADDING", (0, 0), (-1, -1), 5)])  # fmt: skip
    return [made, Spacer(1, 3 * mm)]


def facts(pairs: Iterable[tuple[str, str]], *, width_mm: float = WIDTH_MM, label_mm: float = 36) -> Table:
    """Names and what they stand for, a rule between each two."""
    rows = [[line(name), line(fact, STRONG)] for name, fact in pairs]
    table = Table(rows, colWidths=[label_mm * mm, (width_mm - label_mm) * mm], hAlign="LEFT")
    table.setStyle([*_TIGHT, ("LINEBELOW", (0, 0), (-1, -1), 0.4, HAIR), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return table


def beside(*columns: Flowable | Story, gap_mm: float = 6) -> Table:
    """Columns of equal width, side by side."""
    width = (WIDTH_MM + gap_mm) / len(columns)
    table = Table([list(columns)], colWidths=[width * mm] * len(columns), hAlign="LEFT")
    table.setStyle([*_BARE, ("VALIGN", (0, 0), (-1, -1), "TOP"), ("RIGHTPADDING", (0, 0), (-1, -1), gap_mm * mm)])
    return table


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str | Flowable]],
    widths_mm: Sequence[float],
    *,
    right: Sequence[int] = (),
    summed: bool = False,
) -> Table:
    """Rows under heads that come again on each page; the columns `right` hold numbers, `summed` makes the last row bold.

    Text in a cell is not broken; a paragraph is.
    """
    made = Table([list(heads), *map(list, rows)], colWidths=[width * mm for width in widths_mm], repeatRows=1)
    made.hAlign = "LEFT"
    made.setStyle([
        *_TIGHT, ("FONT", (0, 0), (-1, -1), PLAIN, 9.5), ("FONT", (0, 0), (-1, 0), BOLD, 9.5),
        ("TEXTCOLOR", (0, 0), (-1, -1), BLACK), ("BACKGROUND", (0, 0), (-1, 0), TINT),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, BLACK), ("LINEBELOW", (0, 1), (-1, -1), 0.4, HAIR),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 1.2), ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
        ("NOSPLIT", (0, -2), (-1, -1)),
        *(("ALIGN", (column, 0), (column, -1), "RIGHT") for column in right),
        *([("FONT", (0, -1), (-1, -1), BOLD, 9.5)] if summed else []),
    ])  # fmt: skip
    return made


def signed(*names: str, room_mm: float = 12) -> Story:
    """Lines to write on, each with its name beneath, side by side, and room above them to write."""
    gap = 6
    width = (WIDTH_MM + gap) / len(names)
    cells: list[str | Paragraph] = []
    widths = []
    for name in names:
        cells += [line(name, SMALL), ""]
        widths += [(width - gap) * mm, gap * mm]
    made = Table([cells[:-1]], colWidths=widths[:-1], hAlign="LEFT")
    over = [("LINEABOVE", (at, 0), (at, 0), 0.6, BLACK) for at in range(0, len(cells), 2)]
    made.setStyle([*_TIGHT, *over])
    return [Spacer(1, room_mm * mm), made]


class TickBox(Flowable):  # type: ignore[misc]  # reportlab has no types
    """An empty square to tick."""

    def __init__(self, size_mm: float = 3.4) -> None:
        super().__init__()
        self.width = self.height = size_mm * mm
        self.hAlign = "LEFT"

    def draw(self) -> None:
        """Called by reportlab with the origin at the lower left corner."""
        self.canv.setStrokeColor(BLACK)
        self.canv.setLineWidth(0.7)
        self.canv.rect(0, 0, self.width, self.height)


def ticked(*texts: str, width_mm: float = WIDTH_MM) -> Table:
    """Sentences with a box to tick before each."""
    rows = [[TickBox(), line(text)] for text in texts]
    made = Table(rows, colWidths=[6 * mm, (width_mm - 6) * mm], hAlign="LEFT")
    made.setStyle([*_TIGHT, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    return made


_FACE = ("FONTNAME", (0, 0), (-1, -1), PLAIN)
_BARE = [_FACE, *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM"))]
_TIGHT = [
    _FACE,
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ("TOPPADDING", (0, 0), (-1, -1), 2.2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.8),
]


def _prepare(made: Canvas, title: str) -> None:
    made.setTitle(title)
    made.setCreator("Hournote")
    made.setAuthor("Hournote")
    made.setSubject(title)
    made.setViewerPreference("PrintScaling", "None")
    made.setViewerPreference("DisplayDocTitle", "true")


def _numbered(title: str) -> type:
    """A kind of canvas that knows, when it is saved, how many pages there are."""

    class Numbered(Canvas):  # type: ignore[misc]  # reportlab has no types
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._kept: list[dict[str, Any]] = []

        def showPage(self) -> None:  # reportlab's name
            self._kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, state in enumerate(self._kept, start=1):
                self.__dict__.update(state)
                foot(self, title, f"page {number} of {len(self._kept)}")
                super().showPage()
            _prepare(self, title)
            super().save()

    return Numbered


def foot(made: Canvas, left: str, right: str) -> None:
    """The line at the foot of a page."""
    made.setFillColor(BLACK)
    made.setFont(PLAIN, SMALLEST_PT)
    made.drawString(MARGIN_MM * mm, 9 * mm, left)
    made.drawRightString((A4_MM[0] - MARGIN_MM) * mm, 9 * mm, right)
