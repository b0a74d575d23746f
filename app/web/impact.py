"""Impact: what the hours did, by period and by who paid; each table as a page, a chart and files."""

import re
from datetime import datetime
from io import BytesIO

from flask import Blueprint, abort, render_template, request, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import BadInput, HournoteError
from app.core.roles import Deed
from app.core.wall_clock import month_of
from app.services import impact as service
from app.services.funding import Cut
from app.services.impact import Report
from app.web import impact_charts, impact_tables, report_pdf, sheets
from app.web.impact_tables import Table
from app.web.site import books, now, staff

impact = Blueprint("impact", __name__)

VIEWS = ("months", "organisations", "venues", "activities", "waits", "flows")
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


@impact.get("/office/impact")
@impact.get("/office/impact/<any(months, organisations, venues, activities, waits, flows):view>")
def page(view: str = "months") -> str | tuple[str, int]:
    """One view of the report: its charts and its tables."""
    account = staff(Deed.SEE_IMPACT)
    known, problem, status = service.choices(books(), by=account), None, 200
    try:
        first, last, cut = _asked()
        found = service.report(books(), by=account, cut=cut, first=first, last=last, now=now())
    except HournoteError as error:
        problem, status = str(_(error.sentence)), error.http_status
        first, last, cut = _default(now()), month_of(now()), Cut()
        found = service.report(books(), by=account, cut=cut, first=first, last=last, now=now())
    html = render_template(
        "office/impact.html", view=view, views=impact_tables.titles(), known=known, found=found, cut=cut, first=_text(first),
        last=_text(last), problem=problem, tables=impact_tables.tables(found, view), charts=impact_charts.charts_in(found, view),
        kept={key: value for key, value in request.args.items() if key in ARGUMENTS}, shown=impact_tables.shown,
        notes=impact_tables.notes(found), four=impact_tables.ways(), public={table.name for table in impact_tables.public(found, view, cut)}, heading=impact_tables.heading(first, last, cut, known),
    )  # fmt: skip
    return html if status == 200 else (html, status)


ARGUMENTS = ("from", "to", "programme", "organisation", "funder")


@impact.get("/office/impact/<name>.csv")
def csv(name: str) -> Response:
    """One table as comma-separated values, UTF-8 with a mark that spreadsheets look for."""
    for table in _public_tables(_found()):
        if table.name == name:
            return _file(sheets.csv(table), f"hournote-{name}.csv", "text/csv")
    abort(404)


@impact.get("/office/impact.xlsx")
def xlsx() -> Response:
    """Every table, each on a sheet of a workbook."""
    return _file(sheets.workbook(_public_tables(_found())), "hournote-impact.xlsx", sheets.XLSX)


@impact.get("/office/impact.pdf")
def pdf() -> Response:
    """The whole report, with its charts; of one organisation without where its notes were spent."""
    found = _found()
    first, last, cut = _asked()
    known = service.choices(books(), by=staff(Deed.SEE_IMPACT))
    parts = [(impact_charts.charts_in(found, view), impact_tables.public(found, view, cut)) for view in VIEWS]
    parts = [part for part in parts if part[1]]
    heading = impact_tables.heading(first, last, cut, known)
    return _file(
        report_pdf.report(heading, impact_tables.notes(found), parts), "hournote-impact.pdf", "application/pdf"
    )


def _found() -> Report:
    account = staff(Deed.SEE_IMPACT)
    first, last, cut = _asked()
    return service.report(books(), by=account, cut=cut, first=first, last=last, now=now())


def _public_tables(found: Report) -> list[Table]:
    cut = _asked()[2]
    return [table for view in VIEWS for table in impact_tables.public(found, view, cut)]


def _file(data: bytes, name: str, kind: str) -> Response:
    return send_file(BytesIO(data), kind, as_attachment=True, download_name=name)


def _asked() -> tuple[int, int, Cut]:
    """The months and the cut of this address. Raises BadInput."""
    last = _month("to", month_of(now()))
    first = _month("from", _default(now()))
    return first, last, Cut(*(request.args.get(name, type=int) for name in ARGUMENTS[2:]))


def _month(name: str, otherwise: int) -> int:
    text = request.args.get(name, "").strip()
    found = _MONTH.fullmatch(text)
    if text and found is None:
        raise BadInput(service.NO_MONTH)
    return int(found[1]) * 100 + int(found[2]) if found else otherwise


def _default(at: datetime) -> int:
    """The twelve months up to now."""
    month = month_of(at)
    return month - 99 if month % 100 < 12 else month - 11


def _text(month: int) -> str:
    return f"{month // 100}-{month % 100:02}"
