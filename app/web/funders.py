"""Who pays for a programme or for single organisations of it, and which organisations are sites of others."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import BadInput, HournoteError
from app.core.roles import Deed
from app.services import funding, rights
from app.services.accounts import Account
from app.web.forms import field
from app.web.site import books, now, staff

funders = Blueprint("funders", __name__)

Answer = Response | tuple[str, int]


@funders.get("/office/funders")
def every() -> str:
    """The funders in one's reach, and what they pay for."""
    return _page(staff(Deed.KEEP_FUNDERS))


@funders.post("/office/funders")
def add() -> Answer:
    """A funder pays for a programme, or for an organisation; sent twice, it does so once."""
    account = staff(Deed.KEEP_FUNDERS)
    kind, _sign, key = field("for").partition(":")
    try:
        funding.add_funding(
            books(), funder=field("funder"), programme=key if kind == "programme" else None,
            organisation=key if kind == "organisation" else None, programme_id=rights.programme_of(account, Deed.KEEP_FUNDERS),
            by=(account.email, now()),
        )  # fmt: skip
    except HournoteError as error:
        return _page(account, error), error.http_status
    flash(_("It is kept."))
    return redirect(url_for("funders.every"), 303)


@funders.post("/office/funders/<int:funding_id>/end")
def end(funding_id: int) -> Response:
    """It pays for this no more."""
    account = staff(Deed.KEEP_FUNDERS)
    mine = rights.programme_of(account, Deed.KEEP_FUNDERS)
    funding.end_funding(books(), funding_id=funding_id, programme_id=mine, by=(account.email, now()))
    flash(_("It is ended. Reports are not cut by it any more."))
    return redirect(url_for("funders.every"), 303)


@funders.post("/office/sites")
def site() -> Answer:
    """An organisation is a site of another, or of none."""
    account = staff(Deed.KEEP_FUNDERS)
    try:
        funding.set_site(
            books(), by=account, organisation=field("organisation"), site_of=field("head") or None, now=now()
        )  # fmt: skip
    except HournoteError as error:
        return _page(account, error), error.http_status
    flash(_("It is kept."))
    return redirect(url_for("funders.every"), 303)


def _page(account: Account, error: HournoteError | None = None) -> str:
    programmes, organisations = funding.within_reach(books(), by=account, deed=Deed.KEEP_FUNDERS)
    names = {each.id: each.name for each in organisations}
    return render_template(
        "office/funders.html", programmes=programmes, organisations=organisations, names=names,
        listed=funding.fundings(books(), programme_id=rights.programme_of(account, Deed.KEEP_FUNDERS)),
        problem=_problem(error) if error else None, funder=field("funder"),
    )  # fmt: skip


def _problem(error: HournoteError) -> str:
    if isinstance(error, BadInput) and "most" in error.evidence:
        return str(
            _("Write what you want to say on one line, in %(most)s letters at most.", most=error.evidence["most"])
        )
    return str(_(error.sentence))
