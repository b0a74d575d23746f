"""The impact report as a PDF on A4, with charts as vectors, in the fonts of the notes."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from io import BytesIO
from xml.sax.saxutils import escape

from flask_babel import ngettext
from reportlab.graphics.shapes import Drawing, Path, Rect, String
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Laid

from app.web.charts import Chart
from app.web.impact_charts import Titled
from app.web.impact_tables import Cell, Table, shown

REGULAR, BOLD = "Atkinson", "Atkinson-Bold"
TONES = (HexColor("#0b4442"), HexColor("#8fbfb4"), HexColor("#e6cf93"), HexColor("#3c3a33"))
"""Apart in black and white too: their lightness is 26, 73, 84 and 24 of 100."""

MOST_ROWS = 60
"""Rows of a table in the report; the spreadsheets have them all."""


def report(
    heading: Sequence[str], notes: Sequence[str], parts: Sequence[tuple[Sequence[Titled], Sequence[Table]]]
) -> bytes:
    """The PDF: what it is of, what a reader has to know, then each part's charts and tables."""
    _register()
    data = BytesIO()
    document = SimpleDocTemplate(
        data, pagesize=A4, leftMargin=18 * mm, rightMargin=18 * mm, topMargin=18 * mm, bottomMargin=18 * mm,
        title=" · ".join(heading), author="Hournote",
    )  # fmt: skip
    story: list[Flowable] = [Paragraph(escape(heading[0]), _style(BOLD, 24))]
    story.append(Paragraph(escape(" · ".join(heading[1:])), _style(REGULAR, 12)))
    story += [Paragraph(escape(each), _style(REGULAR, 9)) for each in notes]
    for charts, tables in parts:
        for title, chart in charts:
            story.append(KeepTogether([Paragraph(escape(title), _style(BOLD, 13)), _drawing(chart), Spacer(1, 10)]))
        for table in tables:
            story += _table(table)
    document.build(story, onFirstPage=_number, onLaterPages=_number)
    return data.getvalue()


@cache
def _register() -> None:
    folder = resources.files("scanner") / "fonts"
    for name, file in ((REGULAR, "Regular"), (BOLD, "Bold")):
        with resources.as_file(folder / f"AtkinsonHyperlegibleNext-{file}.ttf") as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))


def _style(font: str, size: float) -> ParagraphStyle:
    return ParagraphStyle(
        f"{font}{size}",
        fontName=font,
        fontSize=size,
        leading=size * 1.3,
        spaceAfter=size * 0.5,
        keepWithNext=int(font == BOLD),
    )


def _table(table: Table) -> Iterator[Flowable]:
    yield Paragraph(escape(table.title), _style(BOLD, 13))
    kept = _rows(table)
    small = _style(REGULAR, 9)
    rows = [
        [Paragraph(escape(shown(cell)), small) if not isinstance(cell, int) else shown(cell) for cell in row]
        for row in kept
    ]
    head = [Paragraph(escape(each), _style(BOLD, 9)) for each in table.columns]
    rest = len(table.columns) - 1
    first = 174 * mm - rest * min(30 * mm, 110 * mm / rest)
    laid = Laid([head, *rows], colWidths=[first, *[(174 * mm - first) / rest] * rest], repeatRows=1)
    laid.setStyle([
        ("FONT", (0, 0), (-1, -1), REGULAR, 9), ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor("#8a8574")),
        ("LINEBELOW", (0, 0), (-1, 0), 1, HexColor("#14302f")), ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ])  # fmt: skip
    yield laid
    if left := len(table.rows) - len(kept):
        told = ngettext(
            "and %(num)d more row: it is in the spreadsheet", "and %(num)d more rows: they are in the spreadsheet", left
        )
        yield Paragraph(escape(told), small)
    yield Spacer(1, 12)


def _rows(table: Table) -> tuple[tuple[Cell, ...], ...]:
    """The first rows of a long table, and its sum."""
    if len(table.rows) <= MOST_ROWS:
        return table.rows
    return (*table.rows[: MOST_ROWS - 1], table.rows[-1]) if table.summed else table.rows[:MOST_ROWS]


def _drawing(chart: Chart) -> Drawing:
    """A chart drawn as vectors; its y counts down, that of the page up."""
    scale = min(168 * mm / chart.width, 200 * mm / chart.height)
    made = Drawing(168 * mm, chart.height * scale)
    made.scale(scale, scale)
    up = chart.height
    for band in chart.bands:
        middle, path = (band.x + band.end) / 2, Path(strokeColor=HexColor("#14302f"), strokeWidth=0.5)
        path.fillColor = Color(*TONES[band.tone].rgb(), alpha=0.75)
        path.moveTo(band.x, up - band.y)
        path.curveTo(middle, up - band.y, middle, up - band.to, band.end, up - band.to)
        path.lineTo(band.end, up - band.to - band.height)
        path.curveTo(
            middle, up - band.to - band.height, middle, up - band.y - band.height, band.x, up - band.y - band.height
        )
        path.closePath()
        made.add(path)
    for box in chart.boxes:
        made.add(
            Rect(box.x, up - box.y - box.height, box.width, box.height, fillColor=TONES[box.tone], strokeWidth=0.5)
        )
    for label in chart.labels:
        made.add(String(label.x, up - label.y, label.text, textAnchor=label.anchor, fontName=REGULAR, fontSize=15))
    return made


def _number(canvas, document) -> None:  # type: ignore[no-untyped-def]
    canvas.setFont(REGULAR, 9)
    canvas.drawRightString(A4[0] - 18 * mm, 10 * mm, str(document.page))
