"""One's own account: password, second factor, and where one is signed in."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import HournoteError, NotAllowed, NotFound, Refused
from app.services import accounts, extracts, sessions
from app.services import second_factor as second_factors
from app.services.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD
from app.services.sessions import Present
from app.web import account as signing_in
from app.web import limits, qr
from app.web.forms import field
from app.web.limits import throttled
from app.web.site import books, now, present, sealing_key, whoever_signed_in

own = Blueprint("own", __name__)

Answer = Response | str | tuple[str, int]


def _whose() -> str:
    return str(whoever_signed_in().account.id)


@own.get("/account")
def page() -> str:
    """What there is of one's account."""
    return _page()


@own.post("/account/change-password")
@throttled("own password", 10, timedelta(minutes=10), _whose)
def change_password() -> Answer:
    """Another password, which ends every other session."""
    here, new = present(), field("new")
    if new != field("again"):
        return _page(_("The two passwords are not the same. Type them again.")), 422
    if not SHORTEST_PASSWORD <= len(new) <= LONGEST_PASSWORD:
        return _page(_password_rule()), 422
    try:
        accounts.change_password(
            books(), account=here.account, session_id=here.session.id, password=field("password"), new=new, now=now()
        )
    except NotAllowed as error:
        return _page(_(error.sentence)), error.http_status
    limits.forgive()
    flash(_("Your password is changed. Every other session of yours has ended."))
    return redirect(url_for("own.page"), 303)


@own.post("/account/sessions/<int:session_id>/end")
def end_session(session_id: int) -> Response:
    """End one session, this one too."""
    here = present()
    try:
        sessions.end(books(), account_id=here.account.id, session_id=session_id)
    except NotFound as error:
        flash(_(error.sentence))
    else:
        flash(_("That session has ended."))
    return redirect(url_for("own.page"), 303)


@own.post("/account/sessions/end")
def end_sessions() -> Response:
    """End every session but this one."""
    here = present()
    sessions.end_others(books(), account_id=here.account.id, but=here.session.id)
    flash(_("Every other session of yours has ended."))
    return redirect(url_for("own.page"), 303)


@own.get("/account/second-factor")
def second_factor() -> Answer:
    """How to set one up: a QR, and the same as text."""
    return _set_up_page(whoever_signed_in())


@own.post("/account/second-factor")
@throttled("own code", 10, timedelta(minutes=10), _whose)
def confirm_second_factor() -> Answer:
    """Let it count, by the password and a first code: whoever found a browser open has only the one. The recovery codes
    are shown now and never again."""
    here = whoever_signed_in()
    try:
        accounts.check_password(books(), account=here.account, password=field("password"))
        codes = second_factors.confirm(books(), key=sealing_key(), account=here.account, code=field("code"), now=now())
    except NotAllowed as error:
        return _set_up_page(here, _(error.sentence))
    except Refused as error:
        flash(_(error.sentence))
        return redirect(url_for("own.page"), 303)
    limits.forgive()
    answer = signing_in.signed_in(here.account, with_second_factor=True, onward=None)
    answer.set_data(_codes_page(codes))
    answer.status_code = 200
    del answer.headers["Location"]
    return answer


@own.post("/account/second-factor/codes")
@throttled("own code", 10, timedelta(minutes=10), _whose)
def new_codes() -> Answer:
    """Ten new recovery codes, for a code."""
    here = present()
    try:
        codes = second_factors.new_recovery_codes(
            books(), key=sealing_key(), account=here.account, code=field("code"), now=now()
        )
    except HournoteError as error:
        return _page(_(error.sentence), about="code"), error.http_status
    limits.forgive()
    return _codes_page(codes)


@own.post("/account/second-factor/take-away")
@throttled("own code", 10, timedelta(minutes=10), _whose)
def take_away() -> Answer:
    """Take it away for a code, to set up another: the session goes on without."""
    here = present()
    try:
        second_factors.take_away(books(), key=sealing_key(), account=here.account, code=field("code"), now=now())
    except HournoteError as error:
        return _page(_(error.sentence), about="code"), error.http_status
    limits.forgive()
    must_have = second_factors.is_required(here.account)
    onward = url_for("own.second_factor") if must_have else url_for("own.page")
    answer = signing_in.signed_in(here.account, with_second_factor=False, onward=onward)
    told = _("Your second factor is taken away. Set up another here.") if must_have else _("Your second factor is off.")
    flash(told)  # into the session that has just begun
    return answer


def _page(problem: str | None = None, about: str = "password") -> str:
    here = present()
    return render_template(
        "own/account.html", problem=problem, about=about, here=here,
        place=extracts.place_of(books(), here.account),
        factor=second_factors.standing(books(), here.account),
        sessions=sessions.sessions_of(books(), here.account.id, now=now()),
        shortest=SHORTEST_PASSWORD, longest=LONGEST_PASSWORD,
    )  # fmt: skip


def _set_up_page(here: Present, problem: str | None = None) -> Answer:
    try:
        made = second_factors.set_up(
            books(), key=sealing_key(), account=here.account, now=now(), session=here.session
        )  # fmt: skip
    except Refused:
        return redirect(url_for("own.page"), 303)
    page = render_template(
        "own/second_factor.html", problem=problem, secret=made.secret, uri=made.uri, drawn=qr.draw(made.uri),
        is_required=second_factors.is_required(here.account),
    )  # fmt: skip
    return (page, 403) if problem else page


def _codes_page(codes: list[str]) -> str:
    return render_template("own/codes.html", codes=codes)


def _password_rule() -> str:
    return str(
        _(
            "A password has %(shortest)d to %(longest)d characters: three or four words do well.",
            shortest=SHORTEST_PASSWORD, longest=LONGEST_PASSWORD,
        )
    )  # fmt: skip
