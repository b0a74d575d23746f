"""What every view asks of the application: the books, the settings, the time, and who is there."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, current_app, g, request
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf.csrf import CSRFProtect

from app.config import Settings
from app.core.errors import NotAllowed
from app.core.roles import Deed
from app.services import desks, rights, second_factor, sessions
from app.services.accounts import Account
from app.services.books import Store
from app.services.desks import AtVenue
from app.services.guessing import Guesses
from app.services.sessions import Present
from app.services.throttling import Throttle

V = TypeVar("V", bound=Callable[..., Any])

DESK_COOKIE = "hournote_desk"
DESK_COOKIE_SECONDS = 400 * 24 * 3600
csrf = CSRFProtect()
login = LoginManager()


class SignedIn(UserMixin):  # type: ignore[misc]
    """A person of staff with a session; `secret` is what the browser keeps of it."""

    def __init__(self, present: Present, secret: str) -> None:
        self.present, self.secret = present, secret

    @property
    def account(self) -> Account:
        """Whose session it is."""
        return self.present.account

    def get_id(self) -> str:
        """What the signed cookie holds."""
        return self.secret


def books() -> Store:
    """The books that this application serves."""
    return cast(Store, current_app.extensions["hournote_books"])


def settings() -> Settings:
    """The settings that this application runs with."""
    return cast(Settings, current_app.extensions["hournote_settings"])


def throttle() -> Throttle:
    """What counts who asks how often."""
    return cast(Throttle, current_app.extensions["hournote_throttle"])


def guesses() -> Guesses:
    """The desks that guess."""
    return cast(Guesses, current_app.extensions["hournote_guesses"])


def now() -> datetime:
    """The present, in UTC, by the clock of the application."""
    return cast(datetime, current_app.extensions["hournote_clock"]())


def sealing_key() -> bytes:
    """The key that second factors are sealed with."""
    return cast(bytes, current_app.extensions["hournote_sealing_key"])


@login.user_loader  # type: ignore[untyped-decorator]
def _signed_in(secret: str) -> SignedIn | None:
    found = sessions.present(books(), secret, now=now())
    return SignedIn(found, secret) if found else None


def whoever_signed_in() -> Present:
    """Who is signed in, whatever they may do. Raises NotAllowed (401) for nobody."""
    if not current_user.is_authenticated:
        raise NotAllowed("Sign in first.", status=401)
    return cast(SignedIn, current_user).present


def present() -> Present:
    """Who is signed in, and may act. Raises NotAllowed (401) for nobody, and without a second factor for those who need one."""
    found = whoever_signed_in()
    if second_factor.is_required(found.account) and not found.session.second_factor:
        raise NotAllowed("Set up your second factor first.", way="own.second_factor")
    return found


def staff(*deeds: Deed) -> Account:
    """The account that is signed in, if it may do one of the deeds (any account, when none is named). Raises NotAllowed."""
    account = present().account
    if deeds and not any(rights.may(account, deed) for deed in deeds):
        raise NotAllowed(rights.NOT_YOURS)
    return account


def desk_from_cookie() -> AtVenue | None:
    """The desk that this browser is enrolled as, if it is."""
    key = request.cookies.get(DESK_COOKIE)
    try:
        g.desk = desks.desk_of_key(books(), key, now=now()) if key else None
    except NotAllowed:
        g.desk = None
    return cast("AtVenue | None", g.desk)


def desk_key() -> str:
    """The key that a desk shows: in the Authorization header, or in this browser's cookie. Raises NotAllowed without one."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return key.strip()
    kept = request.cookies.get(DESK_COOKIE)
    if not kept or desk_from_cookie() is None:
        raise NotAllowed("This desk is not enrolled: send its key as `Authorization: Bearer <key>`.", status=401)
    require_own_page()
    return kept


def require_own_page() -> None:
    """Let only our own pages change anything in the name of a cookie: by what the browser says, which no page of another
    site can have it say, else by a CSRF token. Raises a CSRFError."""
    told = request.headers.get("Sec-Fetch-Site")
    is_own = told == "same-origin" if told else _is_ours(request.headers.get("Origin", ""))
    if not is_own:
        csrf.protect()


def _is_ours(origin: str) -> bool:
    """Whether an Origin is this host's own (RFC 6454, 7), told by browsers that know no Sec-Fetch-Site; a page of plain
    HTTP is not that of HTTPS."""
    scheme, _, host = origin.partition("://")
    return host == request.host and scheme in ("https", request.scheme)


def for_desk_keys(view: V) -> V:
    """Only with the key of a desk, in `g.desk_key`; whether it is good is for the view's service to see."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        g.desk_key = desk_key()
        return view(*args, **kwargs)

    return cast(V, guarded)


def for_desks(view: V) -> V:
    """Only enrolled desks: the view finds its desk in `g.desk`. Answers 401 otherwise."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        key = desk_key()
        try:
            g.desk = g.get("desk") or desks.desk_of_key(books(), key, now=now())
        except NotAllowed as error:
            raise NotAllowed(error.sentence, status=401) from error
        return view(*args, **kwargs)

    return cast(V, guarded)


def keep_desk_key(response: Response, key: str) -> None:
    """Give a browser its desk key: not for scripts, not for other sites, and only over a safe connection."""
    response.set_cookie(
        DESK_COOKIE, key, max_age=DESK_COOKIE_SECONDS, httponly=True, samesite="Strict", secure=cookies_are_secure()
    )


def cookies_are_secure() -> bool:
    """Whether cookies must be Secure: always, but for plain HTTP that never leaves this machine.

    Behind a proxy the request may look like that; then HOURNOTE_PUBLIC_URL tells.
    """
    host = request.host.rsplit(":", 1)[0].strip("[]")
    is_public = settings().public_url.startswith("https:")
    return is_public or request.is_secure or host not in ("127.0.0.1", "localhost", "::1")
