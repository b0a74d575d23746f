"""Headers and cookies that keep a page to itself, and logs without tokens."""

import logging

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface

from app import logs
from app.web import site

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
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


def protect(app: Flask) -> None:
    """Put the headers on every answer, make sessions safe, and keep secrets out of the application's log, whoever writes it."""
    app.session_interface = _Sessions()
    app.after_request(_add_headers)
    app.logger.addFilter(_hide_secrets)


class _Sessions(SecureCookieSessionInterface):
    """Secure cookies, save on plain HTTP that never leaves this machine (`make run`)."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return site.cookies_are_secure()


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def _hide_secrets(record: logging.LogRecord) -> bool:
    record.msg, record.args = logs.hide(record.getMessage()), ()
    if record.exc_info:
        text = logging.Formatter().formatException(record.exc_info)
        record.exc_info, record.exc_text = None, logs.hide(text)
    return True
