"""Each request from its beginning to its end: its id, what it may not be, and what is counted and logged of it."""

import logging
import re
import uuid
from time import perf_counter
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from werkzeug.exceptions import NotAcceptable, RequestHeaderFieldsTooLarge, RequestURITooLarge

from app import logs
from app.web import metrics

LONGEST_ADDRESS = 4094
"""Characters of path and query, as much as the server in front takes of a whole request line."""

LONGEST_HEADERS = 16 * 1024
"""Characters of all headers together."""

LARGER = {
    "together.bring": 13 << 20,
    "spent_paper.sort": 3 << 20,
    "spent_paper.retire": 3 << 20,
    "shelf.add": 3 << 20,
    "shelf.take_out": 3 << 20,
}
"""Bytes that a body may have where people who are signed in send files or long lists."""

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
    given = request.environ.get("HTTP_X_REQUEST_ID")
    is_sane = given and _SANE_ID.fullmatch(given) and not _LIKE_A_SECRET.fullmatch(given)
    here = g._get_current_object()
    here.request_id, here.began = given if is_sane else str(uuid.uuid4()), perf_counter()


def _check() -> None:
    """Refuse what is too large in its address or headers, and a program that takes no JSON."""
    environ = request.environ
    if len(environ["PATH_INFO"]) + len(environ.get("QUERY_STRING", "")) > LONGEST_ADDRESS:
        raise RequestURITooLarge
    if sum(len(value) for name, value in environ.items() if name.startswith("HTTP_")) > LONGEST_HEADERS:
        raise RequestHeaderFieldsTooLarge
    if request.endpoint in LARGER and current_user.is_authenticated:
        request.max_content_length = request.max_form_memory_size = LARGER[request.endpoint]
    accept = environ.get("HTTP_ACCEPT")
    if accept and accept not in _USUAL and environ["PATH_INFO"].startswith("/api/"):
        _check_accept()


def _check_accept() -> None:
    if request.accept_mimetypes.best_match(_ANSWERED_IN) is None:
        raise NotAcceptable


def _end(response: Response) -> Response:
    asked = request._get_current_object()  # type: ignore[attr-defined]  # once: each look at a proxy costs time
    here = g._get_current_object()
    if "began" not in here:  # something failed before the request was ours
        _begin()
    seconds = perf_counter() - here.began
    route = asked.url_rule.rule if asked.url_rule else UNMATCHED
    response.headers["X-Request-ID"] = here.request_id
    metrics.of(current_app).request(asked.method, route, response.status_code, seconds)
    if _logger.isEnabledFor(logging.INFO):
        _write(here, asked.method[:10], route, response.status_code, seconds)
    return response


def _write(here: Any, method: str, route: str, status: int, seconds: float) -> None:
    """The line of a request: the template of its route, and never its path, its query or its body."""
    facts = {
        "request_id": here.request_id,
        "method": method,
        "route": route,
        "status": status,
        "milliseconds": round(seconds * 1000, 2),
    }
    desk, account = here.get("desk"), getattr(here.get("_login_user"), "account", None)
    if desk is not None:
        facts["desk"] = desk.desk.id
    if account is not None:
        facts["account"] = account.id
    # A record made here, because `info` looks through the stack for who called it.
    record = _logger.makeRecord(logs.REQUESTS, logging.INFO, "", 0, "request", (), None, extra={"facts": facts})
    _logger.handle(record)
