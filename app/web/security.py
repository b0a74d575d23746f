"""Headers and cookies that keep a page to itself, and logs without tokens."""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from app import logs
from app.web import site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "media-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
DESK_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
"""Of the desk page and its scripts alone: what reads codes there is WebAssembly, where the browser has no reader of its own."""

_DESK_PATHS = ("/desk", "/static/desk/")

WITHOUT_CAMERA = "camera=(), microphone=(), geolocation=()"
WITH_CAMERA = WITHOUT_CAMERA.replace("camera=()", "camera=(self)")
"""Of the desk page, and of an answer that has the button of the camera (`camera.in_page`)."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": WITHOUT_CAMERA,
    "Cache-Control": "no-store",
}
_ALWAYS = [(name.lower(), (name, value)) for name, value in HEADERS.items()]
_OF_DESK = {**HEADERS, "Content-Security-Policy": DESK_POLICY, "Permissions-Policy": WITH_CAMERA}
_AT_DESK = [(name.lower(), (name, value)) for name, value in _OF_DESK.items()]


def protect(app: Flask) -> None:
    """Put the headers on every answer, make sessions safe, and keep secrets out of the application's log, whoever writes it."""
    app.session_interface = _Sessions()
    app.wsgi_app = _WithHeaders(app.wsgi_app)  # type: ignore[method-assign]
    app.logger.addFilter(_hide_secrets)


class _Sessions(SecureCookieSessionInterface):
    """Secure cookies, save on plain HTTP that never leaves this machine (`make run`).

    Programs send no cookie and are spared the signing: most requests are a desk's.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of the cookie; an empty one where there is none."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set or delete the cookie where anybody looked at the session."""
        if session.accessed or session.modified:
            super().save_session(app, session, response)

    def get_cookie_secure(self, app: Flask) -> bool:
        return site.cookies_are_secure()


class _WithHeaders:
    """Adds the headers that an answer does not have yet, below Flask, where it costs next to nothing."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer as the application does, with the headers."""

        always = _AT_DESK if environ.get("PATH_INFO", "").startswith(_DESK_PATHS) else _ALWAYS

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            there = {name.lower() for name, _ in headers}
            return start_response(status, [*headers, *(each for key, each in always if key not in there)], *error)

        return self._application(environ, start)


def _hide_secrets(record: logging.LogRecord) -> bool:
    record.msg, record.args = logs.hide(record.getMessage()), ()
    if record.exc_info:
        text = logging.Formatter().formatException(record.exc_info)
        record.exc_info, record.exc_text = None, logs.hide(text)
    return True
