"""The office: what each of the people sees when signed in, and the look-up of a note or a span."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import reference, token
from app.core.errors import BadInput, BadSpan, BadToken, HournoteError, NotAllowed, NotOrdered
from app.core.roles import Deed
from app.core.span import Span
from app.services import cases, delivering, enquiry, extracts, finding, print_jobs, provenance, rights
from app.services.accounts import Account
from app.web import timeline, words
from app.web.site import books, staff

office = Blueprint("office", __name__)

LONGEST_QUESTION = 500
ORDERS_SHOWN, JOBS_SHOWN, CASES_SHOWN, VISITS_SHOWN = 10, 50, 20, 50


@office.get("/office")
def landing() -> str:
    """The first page of each role."""
    account = staff()
    return _LANDINGS[account.role](account)


@office.post("/office/look")
def ask() -> Response:
    """Take what was typed or scanned out of the form, so that it never stands in an address."""
    staff(Deed.LOOK_UP)
    return redirect(url_for("office.look", q=without_token(request.form.get("q", ""))), 303)


@office.get("/office/look")
def look() -> Response | str | tuple[str, int]:
    """The life of a note, how a span stands, or what has a name."""
    asked = request.args.get("q", "").strip()[:LONGEST_QUESTION]
    if without_token(asked) != asked:  # before the way to sign in is said, which repeats the address
        return redirect(url_for("office.look", q=without_token(asked)), 303)
    account = staff(Deed.LOOK_UP)
    if not asked:
        return render_template("office/look.html", asked="", problem=None)
    try:
        return _found(account, asked)
    except (BadInput, NotOrdered, NotAllowed) as error:
        return render_template("office/look.html", asked=asked, problem=problem(error)), error.http_status


def _found(account: Account, asked: str) -> Response | str:
    """What was typed means notes, if it can; else it is a name."""
    programme = rights.programme_of(account, Deed.LOOK_UP)
    try:
        meant = reference.parse(asked)
    except BadSpan:
        return _named(asked, programme)
    if isinstance(meant, Span) and len(meant) == 1:
        life = enquiry.life_of(books(), serial=str(meant.first_serial), programme_id=programme)
        origin = provenance.provenance_of(books(), life.serial)
        return render_template(
            "office/life.html", life=life, origin=origin, events=timeline.events(life, origin), asked=asked
        )
    found = enquiry.range_of(books(), named=asked, programme_id=programme)
    return render_template("office/range.html", found=found, asked=asked)


def _named(asked: str, programme: int | None) -> Response | str:
    """Where the only thing leads that is called so; several are listed. Raises BadSpan where there is none."""
    matches = finding.by_name(books(), text=asked, programme_id=programme)
    if not matches:
        raise BadSpan("That names nothing.")
    if len(matches) == 1:
        return redirect(address_of(matches[0]), 303)
    return render_template("office/matches.html", matches=matches, asked=asked, address_of=address_of)


def address_of(match: finding.Match) -> str:
    """The page of something that was found by its name."""
    if match.kind == "series":
        return url_for("serial_line.page", series=match.key)
    return url_for(f"places.{match.kind}", place_id=int(match.key))


def without_token(text: str) -> str:
    """The serial of a token; anything else as it is."""
    try:
        return str(token.parse(text).serial)
    except BadToken:
        return text.strip()[:LONGEST_QUESTION]


def problem(error: HournoteError) -> str:
    """What to tell a person of notes that were not found."""
    if isinstance(error, NotOrdered):
        return str(_("No such note was ever ordered."))
    if isinstance(error, NotAllowed):
        return str(_("These notes are of another programme: ask its office."))
    return str(
        _(
            "That is no serial, span, order or label, and nothing has that name. Look at the examples, and at each letter and digit."
        )
    )


def _overview(account: Account) -> str:
    programme = rights.programme_of(account, Deed.LOOK_UP)
    return render_template(
        "office/overview.html",
        place=extracts.place_of(books(), account),
        series=enquiry.overview(books(), programme_id=programme),
        orders=extracts.orders_of_programme(books(), programme, most=ORDERS_SHOWN),
        cases=cases.waiting(books(), account=account, most=CASES_SHOWN),
        asked="",
    )


def _press(account: Account) -> str:
    return render_template(
        "office/press.html",
        place=extracts.place_of(books(), account),
        listed=print_jobs.listed(books(), account=account, most=JOBS_SHOWN),
        stages=words.JOB_STAGES,
    )


def _keeper(account: Account) -> str:
    held = extracts.notes_of_organisation(books(), account.organisation_id) if account.organisation_id else []
    waiting = delivering.waiting_for(books(), account.organisation_id) if account.organisation_id else []
    return render_template("office/keeper.html", place=extracts.place_of(books(), account), held=held, waiting=waiting)


def _venue(account: Account) -> str:
    venue = account.venue_id
    return render_template(
        "office/venue.html",
        place=extracts.place_of(books(), account),
        visits=extracts.visits_of_venue(books(), venue, most=VISITS_SHOWN) if venue else [],
        desks=extracts.desks_of_venue(books(), venue) if venue else [],
    )


_LANDINGS = {
    "national": _overview,
    "programme": _overview,
    "auditor": _overview,
    "press": _press,
    "keeper": _keeper,
    "venue": _venue,
}
