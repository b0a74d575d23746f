"""Keeping accounts: who has one, inviting by a one-time link, closing and reopening."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import BadInput, HournoteError, NotAllowed, NotFound, Refused
from app.core.roles import Deed, Role
from app.services import accounts, asking, inviting, rights
from app.services.accounts import Account
from app.services.sessions import Present
from app.web.forms import field, fresh_id, request_id
from app.web.site import books, now, present, settings, staff
from app.web.stopping import problem

keeping = Blueprint("keeping", __name__)

Answer = Response | str | tuple[str, int]


@keeping.get("/office/accounts")
def every() -> str:
    """The accounts in one's reach."""
    account = staff(Deed.SEE_ACCOUNTS)
    return render_template(
        "office/accounts.html", listed=inviting.listed(books(), by=account), may_invite=rights.may(account, Deed.INVITE)
    )


@keeping.get("/office/accounts/invite")
def form() -> str:
    """Whom to invite, as what, and where they belong."""
    return _form(staff(Deed.INVITE))


@keeping.post("/office/accounts/invite")
def invite() -> Answer:
    """Make the account; its link is shown now, to be copied, and never again. The national office takes two people."""
    here, account = present(), staff(Deed.INVITE)
    if field("role") == Role.NATIONAL:
        return _ask_for_national(here)
    named = {name: field(name) or None for name in ("programme", "organisation", "venue", "shop")}
    try:
        made, secret = inviting.invite(
            books(), by=account, email=field("email"), role=field("role"), now=now(), **named
        )  # fmt: skip
    except HournoteError as error:
        return _form(account, _problem(error)), error.http_status
    return _link_page(made, secret)


def _ask_for_national(here: Present) -> Answer:
    try:
        made = asking.ask_to_invite(books(), by=here, email=field("email"), request_id=request_id(), now=now())
    except HournoteError as error:
        return _form(here.account, _problem(error), error), error.http_status
    return redirect(url_for("asked.one", request_id=made.id), 303)


@keeping.get("/office/accounts/<int:account_id>")
def one(account_id: int) -> str:
    """One account, and what was done to it."""
    return _page(account_id)


@keeping.post("/office/accounts/<int:account_id>/link")
def link(account_id: int) -> Answer:
    """A one-time link to set another password."""
    by = staff(Deed.INVITE)
    try:
        return _link_page(*inviting.new_link(books(), by=by, account_id=account_id, now=now()))
    except Refused as error:
        return _page(account_id, _(error.sentence)), error.http_status


@keeping.post("/office/accounts/<int:account_id>/close")
def close(account_id: int) -> Answer:
    """Let nobody sign in with it."""
    by = staff(Deed.INVITE)
    try:
        inviting.close(books(), by=by, account_id=account_id, now=now())
    except Refused as error:
        return _page(account_id, _(error.sentence)), error.http_status
    flash(_("The account is closed. Nobody signs in with it from now on."))
    return redirect(url_for("keeping.one", account_id=account_id), 303)


@keeping.post("/office/accounts/<int:account_id>/reopen")
def reopen(account_id: int) -> Response:
    """Let them sign in again."""
    inviting.reopen(books(), by=staff(Deed.INVITE), account_id=account_id, now=now())
    flash(_("The account is open again, with the password that it had."))
    return redirect(url_for("keeping.one", account_id=account_id), 303)


@keeping.post("/office/accounts/<int:account_id>/reset-second-factor")
def reset_second_factor(account_id: int) -> Answer:
    """Ask for somebody's second factor to be taken away; another person confirms."""
    here = present()
    staff(Deed.RESET_SECOND_FACTOR)
    try:
        made = asking.ask_to_reset(
            books(), by=here, account_id=account_id, reason=field("reason"), request_id=request_id(), now=now()
        )
    except NotFound:
        raise
    except HournoteError as error:
        return _page(account_id, problem(error), error), error.http_status
    return redirect(url_for("asked.one", request_id=made.id), 303)


def _problem(error: HournoteError) -> str:
    if isinstance(error, Refused):
        return str(_("There is an account with this address already."))
    if isinstance(error, NotAllowed):
        return str(_(error.sentence))
    if isinstance(error, BadInput | NotFound):
        return str(_("Look at the address, and at the programme, organisation or venue that the account belongs to."))
    return str(_(error.sentence))


def _form(account: Account, problem: str | None = None, error: HournoteError | None = None) -> str:
    given = {name: field(name) for name in ("email", "role", "programme", "organisation", "venue", "shop")}
    return render_template(
        "office/invite.html", choices=inviting.choices(books(), by=account), given=given, problem=problem,
        request_id=fresh_id(error),
    )  # fmt: skip


def _link_page(made: Account, secret: str) -> str:
    link = f"{settings().public_url}{url_for('account.password')}#{secret}"
    return render_template("office/link.html", made=made, link=link, days=accounts.LINK_LIFE.days)


def _page(account_id: int, problem: str | None = None, error: HournoteError | None = None) -> str:
    account = staff(Deed.SEE_ACCOUNTS)
    found, events = inviting.account_of(books(), by=account, account_id=account_id)
    may_reset = rights.may(account, Deed.RESET_SECOND_FACTOR) and found.has_second_factor
    ask: UUID | None = fresh_id(error) if may_reset and found.account.id != account.id else None
    return render_template("office/account.html", found=found, events=events, problem=problem, request_id=ask)
