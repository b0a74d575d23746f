"""Statements: of an organisation, of a programme's stock, of a venue; as a page and as a file."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.balance import Month
from app.core.errors import NotFound
from app.core.roles import Deed
from app.services import rights, statements, venue_statements
from app.services.statements import OfOrganisation, OfProgramme
from app.services.venue_statements import VenueStatement
from app.web.site import books, now, staff

of_books = Blueprint("statements", __name__)

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@of_books.get("/office/statements")
def every() -> Response | str:
    """The programmes to choose from, or the only statement there is to see."""
    account = staff(Deed.SEE_BUNDLES)
    if account.organisation_id is not None:
        return redirect(url_for("statements.organisation", place_id=account.organisation_id), 303)
    mine = rights.programme_of(account, Deed.SEE_BUNDLES)
    if mine is not None:
        return redirect(url_for("statements.programme", programme_id=mine), 303)
    return render_template("office/statements.html", programmes=statements.programmes(books()))


@of_books.get("/office/statements/organisation/<int:place_id>")
def organisation(place_id: int) -> str:
    """The months of an organisation."""
    return render_template("office/statement.html", found=_organisation(place_id))


@of_books.get("/office/statements/organisation/<int:place_id>.csv")
def organisation_file(place_id: int) -> Response:
    """The same as a file."""
    found = _organisation(place_id)
    lines = [[written(each.month), *_figures(each)] for each in found.statement.months]
    return as_file(f"statement-organisation-{place_id}", [str(_("Month")), *_columns()], lines)


@of_books.get("/office/statements/programme/<int:programme_id>")
def programme(programme_id: int) -> str:
    """The stock of a programme by month, and its organisations in one month."""
    found = _programme(programme_id)
    totals = statements.total([line for _each, line in found.lines], found.month)
    return render_template("office/statement_programme.html", found=found, totals=totals)


@of_books.get("/office/statements/programme/<int:programme_id>.csv")
def programme_file(programme_id: int) -> Response:
    """The organisations of a month as a file."""
    found = _programme(programme_id)
    lines = [[each.name, written(line.month), *_figures(line)] for each, line in found.lines]
    return as_file(
        f"statement-{found.programme.code}-{found.month}", [str(_("Organisation")), str(_("Month")), *_columns()], lines
    )


@of_books.get("/office/statements/venue/<int:place_id>")
def venue(place_id: int) -> str:
    """A venue in a month, by offer."""
    return render_template("office/statement_venue.html", found=_venue(place_id))


@of_books.get("/office/statements/venue/<int:place_id>.csv")
def venue_file(place_id: int) -> Response:
    """The same as a file."""
    found = _venue(place_id)
    columns = [
        _("Month"), _("Offer"), _("Visits"), _("Notes, an hour each"), _("Taken offline"), _("Typed"), _("Counted"), _("Given back"),
    ]  # fmt: skip
    lines = [[written(found.month), each.offer or "", *each[1:]] for each in found.lines]
    return as_file(f"statement-venue-{place_id}-{found.month}", [str(each) for each in columns], lines)


def written(month: int) -> str:
    """A month like 202611 as 2026-11."""
    return f"{month // 100}-{month % 100:02d}"


def _organisation(place_id: int) -> OfOrganisation:
    account = staff(Deed.SEE_BUNDLES)
    found = statements.of_organisation(books(), place_id, now=now())
    if found is None or not rights.reaches(
        account, Deed.SEE_BUNDLES, programme_id=found.organisation.programme_id, organisation_id=place_id
    ):
        raise NotFound("There is nothing at this address.")
    return found


def _programme(programme_id: int) -> OfProgramme:
    account = staff(Deed.SEE_BUNDLES)
    found = None
    if rights.reaches(account, Deed.SEE_BUNDLES, programme_id=programme_id):
        found = statements.of_programme(books(), programme_id, now=now(), month=_asked())
    if found is None:
        raise NotFound("There is nothing at this address.")
    return found


def _venue(place_id: int) -> VenueStatement:
    account = staff(Deed.SEE_VISITS)
    found = venue_statements.of_venue(books(), place_id, now=now(), month=_asked())
    if found is None or not rights.reaches(
        account, Deed.SEE_VISITS, programme_id=found.venue.programme_id, venue_id=place_id
    ):
        raise NotFound("There is nothing at this address.")
    return found


def _asked() -> int | None:
    """The month that was asked for, if it is one."""
    text = request.args.get("month", "")
    is_month = len(text) == 6 and text.isascii() and text.isdigit() and text[:4] >= "2000" and "01" <= text[4:] <= "12"
    return int(text) if is_month else None


def _columns() -> list[str]:
    return [
        str(each)
        for each in (
            _("Brought forward"), _("Received"), _("Handed out"), _("Returned"), _("Void"), _("Held"), _("Of these on hold"),
        )
    ]  # fmt: skip


def _figures(line: Month) -> list[int]:
    return [
        line.brought_forward, line.received, line.handed_out, line.returned, line.void, line.held, line.on_hold
    ]  # fmt: skip


def as_file(name: str, columns: Sequence[str], lines: Iterable[Sequence[object]]) -> Response:
    """Comma-separated values (RFC 4180), UTF-8 with its mark; no text is taken for a formula (OWASP, CSV Injection)."""
    text = StringIO()
    writer = csv.writer(text)
    for line in (columns, *lines):
        writer.writerow([each if isinstance(each, int) else _no_formula(str(each)) for each in line])
    answer = Response("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _no_formula(text: str) -> str:
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text
