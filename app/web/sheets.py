"""Tables as files for spreadsheets. A text that a spreadsheet would take for a formula is kept a text (OWASP, CSV Injection)."""

import csv as comma_separated
from collections.abc import Sequence
from io import BytesIO, StringIO

import xlsxwriter

from app.web.impact_tables import Cell, Table, rule, shown

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv(table: Table) -> bytes:
    """A table as comma-separated values (RFC 4180), UTF-8 with its mark."""
    text = StringIO()
    writer = comma_separated.writer(text)
    for row in (table.columns, *table.rows):
        writer.writerow([each if isinstance(each, int) else _text(each) for each in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def workbook(tables: Sequence[Table]) -> bytes:
    """A workbook with a sheet for each table."""
    data = BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        figures = book.add_format({"num_format": "#,##0"})
        for table in tables:
            sheet = book.add_worksheet(table.title[:31].translate(_NOT_IN_NAMES))
            sheet.set_column(0, 0, 40)
            sheet.set_column(1, len(table.columns) - 1, 16)
            for place, title in enumerate(table.columns):
                sheet.write_string(0, place, title, bold)
            for line, row in enumerate(table.rows, 1):
                for place, cell in enumerate(row):
                    if isinstance(cell, int):
                        sheet.write_number(line, place, cell, figures)
                    else:
                        sheet.write_string(line, place, shown(cell))
            sheet.write_string(len(table.rows) + 2, 0, rule())
            sheet.freeze_panes(1, 1)
    return data.getvalue()


_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def _text(cell: Cell) -> str:
    text = shown(cell)
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text
