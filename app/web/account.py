"""Signing in and out, and setting a password by a one-time link."""

from datetime import timedelta
from hashlib import sha256

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from app.core.errors import NotAllowed
from app.services import accounts
from app.services.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD
from app.web import limits
from app.web.limits import throttled
from app.web.pages import local_path
from app.web.site import SignedIn, books, now

account = Blueprint("account", __name__)

LONGEST_FIELD = 300


def _field(name: str) -> str:
    return request.form.get(name, "").replace("\0", "")[:LONGEST_FIELD]


def _email_key() -> str:
    return sha256(_field("email").strip().lower().encode()).hexdigest()


@account.get("/account/sign-in")
def sign_in() -> str:
    """The form."""
    return _sign_in_page()


@account.post("/account/sign-in")
@throttled("sign-in", 10, limits.MINUTE)
@throttled("sign-in to", 10, timedelta(hours=1), _email_key)
def enter() -> AnyResponse | tuple[str, int]:
    """Sign in, with one sentence for everything that does not fit."""
    email, password = _field("email"), _field("password")
    found = accounts.sign_in(books(), email=email, password=password)
    if found is None:
        return _sign_in_page(_("That address and password do not go together. Look at both and try again.")), 403
    limits.forgive()  # counted before, so that no two tries at once slip by; this one was no guess
    session.pop("csrf_token", None)  # one that was planted before is good no longer
    login_user(SignedIn(found))
    session.permanent = True
    return redirect(local_path(request.form.get("next")) or url_for("office.landing"), 303)


@account.post("/account/sign-out")
def sign_out() -> AnyResponse:
    """End the session."""
    logout_user()
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
    first, again = _field("password"), _field("again")
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
        accounts.set_password(books(), secret=_field("secret").strip(), password=first, now=now())
    except NotAllowed as error:
        return _password_page(_(error.sentence)), error.http_status
    logout_user()
    flash(_("Your password is set. Sign in with it."))
    return redirect(url_for("account.sign_in"), 303)


def _sign_in_page(problem: str | None = None) -> str:
    onward = local_path(request.values.get("next"))
    return render_template("sign_in.html", problem=problem, onward=onward, email=_field("email"))


def _password_page(problem: str | None = None) -> str:
    return render_template(
        "password.html",
        problem=problem,
        shortest=SHORTEST_PASSWORD,
        longest=LONGEST_PASSWORD,
        secret=_field("secret"),
    )
