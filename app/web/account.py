"""Signing in, with a second step for those who have a second factor, and out; and setting a password by a one-time link."""

from datetime import datetime, timedelta
from typing import cast

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from app.core.errors import NotAllowed, Refused
from app.services import accounts, second_factor, sessions
from app.services.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD, Account
from app.web import browsers, devices, limits
from app.web.forms import field
from app.web.limits import throttled
from app.web.pages import local_path
from app.web.site import SignedIn, books, now, sealing_key

account = Blueprint("account", __name__)

HALF_WAY_FOR = timedelta(minutes=10)
"""Between the password and the code."""

_HALF_WAY = "half_way"


def _email_key() -> str:
    return devices.of_account(field("email"))


def _half_way_key() -> str:
    """Whose code is guessed at; a cookie from before, which anybody may have kept, counts for nobody's account."""
    found = _half_way()
    return str(found.id) if found else limits.who_asks()


@account.get("/account/sign-in")
def sign_in() -> str:
    """The form."""
    return _sign_in_page()


@account.post("/account/sign-in")
@throttled("sign-in", 10, limits.MINUTE)
@throttled("sign-in to", 10, timedelta(minutes=10), _email_key)
def enter() -> AnyResponse | tuple[str, int]:
    """Sign in, with one sentence for everything that does not fit."""
    email, password = field("email"), field("password")
    found = accounts.sign_in(books(), email=email, password=password)
    if found is None:
        return _sign_in_page(_("That address and password do not go together. Look at both and try again.")), 403
    limits.forgive()  # counted before, so that no two tries at once slip by; this one was no guess
    if second_factor.is_set(books(), found):
        session[_HALF_WAY] = {"id": found.id, "key": found.session_key, "at": now().isoformat()}
        return redirect(url_for("account.code", next=local_path(request.form.get("next"))), 303)
    return signed_in(found, with_second_factor=False, onward=request.form.get("next"))


@account.get("/account/code")
def code() -> AnyResponse | str:
    """The form for the code of the second factor."""
    return _code_page() if _half_way() else redirect(url_for("account.sign_in"), 303)


@account.post("/account/code")
@throttled("code", 20, limits.MINUTE)
@throttled("code of", 5, timedelta(minutes=10), _half_way_key)
@throttled("codes of", 40, timedelta(hours=24), _half_way_key)
def enter_code() -> AnyResponse | tuple[str, int]:
    """The second step: only whoever knew the password gets here, so that no stranger uses the tries up."""
    found = _half_way()
    if found is None:
        flash(_("That took too long. Sign in again."))
        return redirect(url_for("account.sign_in"), 303)
    try:
        second_factor.check(books(), key=sealing_key(), account=found, code=field("code"), now=now())
    except NotAllowed as error:
        return _code_page(_(error.sentence)), error.http_status
    except Refused as error:  # sealed under another key
        told = _("This code cannot be checked: use a recovery code, or ask whoever runs the service to reset it.")
        return _code_page(told), error.http_status
    limits.forgive()
    return signed_in(found, with_second_factor=True, onward=request.form.get("next"))


def signed_in(found: Account, *, with_second_factor: bool, onward: str | None) -> AnyResponse:
    """Begin a session in this browser in the place of the one before, and go on. Raises NotAllowed when the account changed
    meanwhile."""
    browser, system = browsers.in_words(request.headers.get("User-Agent", ""))
    secret = sessions.begin(
        books(),
        found,
        now=now(),
        second_factor=with_second_factor,
        browser=browser,
        system=system,
        instead_of=_leave(found),
    )
    here = sessions.present(books(), secret, now=now())
    if here is None:
        raise NotAllowed("Your password was changed meanwhile: sign in again.")
    session.clear()  # a form token that was planted before is good no longer
    login_user(SignedIn(here, secret))
    session.permanent = True
    is_set_up = with_second_factor or not second_factor.is_required(found)
    to = local_path(onward) or url_for("office.landing") if is_set_up else url_for("own.second_factor")
    answer = cast(Response, redirect(to, 303))
    devices.remember(answer, found.email)
    return answer


def _leave(found: Account) -> int | None:
    """The session that this browser has already; another person's ends at once."""
    if not current_user.is_authenticated:
        return None
    before = cast(SignedIn, current_user).present
    if before.account.id != found.id:
        sessions.sign_out(books(), before)
    return before.session.id


def _half_way() -> Account | None:
    """Whose password was right in this browser, not long ago."""
    kept = session.get(_HALF_WAY)
    if not kept or now() - datetime.fromisoformat(kept["at"]) > HALF_WAY_FOR:
        return None
    return accounts.unchanged(books(), account_id=kept["id"], session_key=kept["key"])


@account.post("/account/sign-out")
def sign_out() -> AnyResponse:
    """End the session, here and in the books."""
    if current_user.is_authenticated:
        sessions.sign_out(books(), current_user.present)
    logout_user()
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for("public.front"), 303)


@account.get("/account/password")
def password() -> str:
    """The form behind a one-time link; its secret stays in the fragment until it is sent in the body."""
    return _password_page()


@account.post("/account/password")
@throttled("password", 10, limits.MINUTE)
def set_password() -> AnyResponse | tuple[str, int]:
    """Set the password and end every session."""
    first, again = field("password"), field("again")
    if first != again:
        return _password_page(_("The two passwords are not the same. Type them again.")), 422
    if not SHORTEST_PASSWORD <= len(first) <= LONGEST_PASSWORD:
        return _password_page(
            _(
                "A password has %(shortest)d to %(longest)d characters: three or four words do well.",
                shortest=SHORTEST_PASSWORD, longest=LONGEST_PASSWORD,
            )
        ), 422  # fmt: skip
    try:
        found = accounts.set_password(books(), secret=field("secret").strip(), password=first, now=now())
    except NotAllowed as error:
        return _password_page(_(error.sentence)), error.http_status
    logout_user()
    flash(_("Your password is set. Sign in with it."))
    answer = redirect(url_for("account.sign_in"), 303)
    devices.remember(cast(Response, answer), found.email)  # strangers who guess do not keep this browser out
    return answer


def _sign_in_page(problem: str | None = None) -> str:
    onward = local_path(request.values.get("next"))
    return render_template("sign_in.html", problem=problem, onward=onward, email=field("email"))


def _code_page(problem: str | None = None) -> str:
    return render_template("code.html", problem=problem, onward=local_path(request.values.get("next")))


def _password_page(problem: str | None = None) -> str:
    return render_template(
        "password.html",
        problem=problem,
        shortest=SHORTEST_PASSWORD,
        longest=LONGEST_PASSWORD,
        secret=field("secret"),
    )
