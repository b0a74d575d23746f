"""Handing out: an organisation records what it gave notes for, on a page that is as short as that."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import BadInput, BadSpan, Conflict, HournoteError, NotOrdered
from app.core.roles import Deed
from app.core.wall_clock import day_of
from app.services import giving as service
from app.services import handed_out
from app.services.accounts import Account
from app.web import charts
from app.web.forms import field, fresh_id, request_id
from app.web.office import without_token
from app.web.pages import day
from app.web.site import books, now, staff

giving = Blueprint("giving", __name__)


@giving.get("/office/hand-out")
def form() -> str:
    """Whose notes, which, and what for."""
    return _form(staff(Deed.HAND_OUT), request.args.get("organisation", ""))


@giving.post("/office/hand-out")
def give() -> Response | tuple[str, int]:
    """Record it, once however often it is sent."""
    account = staff(Deed.HAND_OUT)
    given = {name: field(name) for name in ("organisation", "activity", "hours", "people", "given_on")}
    try:
        made = request_id()
        service.give(books(), by=account, notes=without_token(field("notes")), now=now(), request_id=made, **given)
    except HournoteError as error:
        return _form(account, given["organisation"], error), error.http_status
    return redirect(url_for("giving.given", made=made), 303)


@giving.get("/office/hand-out/recorded")
def recorded() -> Response | str:
    """What an organisation handed out, the newest first; without one, the page on which it is chosen."""
    known = service.givers(books(), by=staff(Deed.HAND_OUT))
    wanted = request.args.get("organisation", known[0].id if len(known) == 1 else None, type=int)
    return redirect(url_for("giving.form"), 303) if wanted is None else _recorded(wanted)


@giving.post("/office/hand-out/<int:number>/take-back")
def take_back(number: int) -> Response | tuple[str, int]:
    """Take a wrong hand-out back, once however often it is sent."""
    account, organisation_id = staff(Deed.HAND_OUT), request.form.get("organisation", -1, type=int)
    try:
        made = handed_out.take_back(books(), by=account, hand_out=number, reason=field("reason"), now=now())
    except HournoteError as error:
        return _recorded(organisation_id, error, number), error.http_status
    flash(_("Hand-out %(one)s counts no more. Its notes can be handed out again, or returned.", one=made.hand_out))
    return redirect(url_for("giving.recorded", organisation=organisation_id), 303)


@giving.get("/office/hand-out/<uuid:made>")
def given(made: UUID) -> str:
    """What was recorded."""
    found, organisation_id = service.recorded(books(), by=staff(Deed.HAND_OUT), request_id=made)
    return render_template("office/given.html", found=found, organisation_id=organisation_id)


def _recorded(organisation_id: int, error: HournoteError | None = None, wrong: int | None = None) -> str:
    asked = request.args.get("before", type=int)
    before = wrong + 1 if wrong is not None else asked and max(0, min(asked, 2**31 - 1))
    organisation, found, older = handed_out.recorded(
        books(), by=staff(Deed.HAND_OUT), organisation_id=organisation_id, before=before
    )
    return render_template(
        "office/handed_out.html", organisation=organisation, found=found, older=older, newer=before is not None,
        problem=_problem(error) if error else None, wrong=wrong, reason=field("reason"),
    )  # fmt: skip


def _form(account: Account, named: str, error: HournoteError | None = None) -> str:
    known = service.givers(books(), by=account)
    chosen = str(known[0].id) if len(known) == 1 else named
    giver = None
    if chosen and known:
        try:
            giver = service.giver(books(), by=account, named=chosen, now=now())
        except HournoteError as wrong:
            error = error or wrong
    months = [(charts.month(each), counted.people) for each, counted in giver.months] if giver else []
    return render_template(
        "office/give.html", known=known, giver=giver, named=named, error=error, request_id=fresh_id(error),
        problem=_problem(error) if error else None, chart=charts.columns(months), months=giver.months if giver else (),
        month=charts.month, notes=field("notes") or without_token(request.args.get("notes", "")),
        **{name: field(name) for name in ("activity", "hours", "people")}, today=day_of(now()), given_on=field("given_on"),
    )  # fmt: skip


def _problem(error: HournoteError) -> str:
    if isinstance(error, NotOrdered):
        return str(_("No such note was ever ordered."))
    if isinstance(error, BadSpan):
        return str(_("That is no note, span, order or label. Look at the example, and at each letter and digit."))
    if isinstance(error, BadInput) and "issued_on" in error.evidence:
        on = day(error.evidence["issued_on"])
        return str(_("These notes were issued on %(on)s: choose that day or a later one.", on=on))
    if isinstance(error, BadInput) and "most" in error.evidence:
        return str(
            _("Write what you want to say on one line, in %(most)s letters at most.", most=error.evidence["most"])
        )
    if isinstance(error, Conflict):
        return str(_("This was recorded already with other words or numbers. Look at it before you send it again."))
    return str(_(error.sentence))
