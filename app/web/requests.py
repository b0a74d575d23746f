"""Each request from its beginning to its end: its id, what it may not be, and what is counted and logged of it."""

import logging
import re
import uuid
from time import perf_counter
from typing import Any

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import NotAcceptable, RequestHeaderFieldsTooLarge, RequestURITooLarge

from app import logs
from app.web import metrics

LONGEST_ADDRESS = 4094
"""Characters of path and query, as much as the server in front takes of a whole request line."""

LONGEST_HEADERS = 16 * 1024
"""Characters of all headers together."""

UNMATCHED = "unmatched"
"""The route of an address that is none."""

_SANE_ID = re.compile("[A-Za-z0-9-]{1,64}")
_LIKE_A_SECRET = re.compile("(?=.*[a-z])(?=.*[A-Z]).{24,}|[A-Z0-9]{37,}")
"""An id is logged, so none may be a key or a signature that somebody put into the wrong header."""

_ANSWERED_IN = ("application/json", "application/problem+json")
_USUAL = frozenset({"*/*", "application/json"})
_logger = logging.getLogger(logs.REQUESTS)


def attend(app: Flask) -> None:
    """Number, check, count and log each request; to be called before anything else hangs itself onto them."""
    app.extensions["hournote_metrics"] = metrics.Metrics(app.extensions["hournote_books"])
    app.before_request(_begin)
    app.before_request(_check)
    app.after_request(_end)


def _begin() -> None:
    given = request.environ.get("HTTP_X_REQUEST_ID", "")
    is_sane = _SANE_ID.fullmatch(given) and not _LIKE_A_SECRET.fullmatch(given)
    g.request_id = given if is_sane else str(uuid.uuid4())
    g.began = perf_counter()


def _check() -> None:
    """Refuse what is too large in its address or headers, and a program that takes no JSON."""
    environ = request.environ
    if len(environ["PATH_INFO"]) + len(environ.get("QUERY_STRING", "")) > LONGEST_ADDRESS:
        raise RequestURITooLarge
    if sum(len(value) for name, value in environ.items() if name.startswith("HTTP_")) > LONGEST_HEADERS:
        raise RequestHeaderFieldsTooLarge
    accept = environ.get("HTTP_ACCEPT")
    if accept and accept not in _USUAL and environ["PATH_INFO"].startswith("/api/"):
        _check_accept()


def _check_accept() -> None:
    if request.accept_mimetypes.best_match(_ANSWERED_IN) is None:
        raise NotAcceptable


def _end(response: Response) -> Response:
    seconds = perf_counter() - g.get("began", perf_counter())
    route = request.url_rule.rule if request.url_rule else UNMATCHED
    response.headers["X-Request-ID"] = g.get("request_id", "")
    metrics.of(current_app).request(request.method, route, response.status_code, seconds)
    if _logger.isEnabledFor(logging.INFO):
        _logger.info("request", extra={"facts": _facts(response, route, seconds)})
    return response


def _facts(response: Response, route: str, seconds: float) -> dict[str, Any]:
    """What is logged of a request: the template of its route, and never its path, its query or its body."""
    desk, account = g.get("desk"), getattr(g.get("_login_user"), "account", None)
    facts = {
        "request_id": g.get("request_id"),
        "method": request.method[:10],
        "route": route,
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 2),
    }
    if desk is not None:
        facts["desk"] = desk.desk.id
    if account is not None:
        facts["account"] = account.id
    return facts
