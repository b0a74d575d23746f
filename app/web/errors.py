"""Errors as HTTP, in this one place: problem details (RFC 9457) for programs, a plain page for people."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response as AnyResponse

from app.core.errors import HournoteError
from app.web import limits, site

RETRY_SECONDS = 5
"""When to ask again, where nobody knows better."""


def handle_errors(app: Flask) -> None:
    """Answer every error in the form that the caller reads."""
    app.register_error_handler(HournoteError, _ours)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _surprise)


def problem(status: int, sentence: str, reason: object = None) -> Response:
    """RFC 9457: a JSON object with `type`, `status`, `title` and `detail`; `reason`, a word, where programs need one."""
    more = {"reason": reason} if reason else {}
    answer = jsonify(type="about:blank", **_details(status, sentence), **more)
    answer.status_code, answer.mimetype = status, "application/problem+json"
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def problem_of(error: HournoteError) -> dict[str, Any]:
    """The same of one part of a request."""
    return _details(_status(error), error.sentence)


def _details(status: int, sentence: str) -> dict[str, Any]:
    return {"status": status, "title": HTTPStatus(status).phrase, "detail": sentence}


def _status(error: HournoteError) -> int:
    return int(str(error.evidence.get("status", error.http_status)))


def _ours(error: HournoteError) -> Any:
    status = _status(error)
    if status == HTTPStatus.UNAUTHORIZED and not _for_programs() and not current_user.is_authenticated:
        onward = (
            request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else None
        )  # no page is at the others
        return redirect(url_for("account.sign_in", next=onward))
    if "way" in error.evidence and not _for_programs():
        return redirect(url_for(str(error.evidence["way"])), 303)
    if status == HTTPStatus.UNAUTHORIZED and _for_programs():
        return _stranger(error)
    return _told(error)


def _stranger(error: HournoteError) -> Any:
    """A program without a good key is told so, and not for ever."""
    try:
        limits.count_stranger()
    except HournoteError as refusal:
        error = refusal
    return _told(error)


def _told(error: HournoteError) -> AnyResponse:
    evidence = error.evidence
    return _answer(_status(error), error.sentence, _when(evidence.get("retry_after_seconds")), evidence.get("reason"))


def _stale(error: CSRFError) -> Any:
    if site.cookies_are_secure() and not request.is_secure and not request.cookies:
        return _answer(400, "This address is not encrypted, so your browser keeps no session for it: use https.", {})
    return _answer(400, "This page is too old or came from elsewhere: load it again and repeat.", {})


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, HournoteError):
        return _ours(error.original_exception)  # raised after the view, where Flask asks nobody else
    return _answer(error.code, _SENTENCES.get(error.code) or str(error.description), error.get_response().headers)


def _surprise(error: Exception) -> Any:
    route = request.url_rule.rule if request.url_rule else "no route"
    current_app.logger.exception("%s %s failed", request.method, route, exc_info=error)
    return _answer(500, "Something went wrong here, not with what you did. Nothing half-done was kept; try again.", {})


_SENTENCES = {
    400: "The request cannot be understood: look at how it was made.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    406: "Answers are JSON: send Accept: application/json, or none.",
    411: "Say how long the body is, with Content-Length.",
    413: "That is too large: send less at once.",
    414: "That address is too long: send less in it.",
    415: "Send JSON, with Content-Type: application/json.",
    431: "The headers of the request are too large: send less in them.",
}


def _when(seconds: object) -> dict[str, str]:
    return {"Retry-After": str(seconds)} if seconds else {}


def _answer(
    status: int, sentence: str, headers: Mapping[str, str] | Headers, reason: object = None
) -> AnyResponse:  # fmt: skip
    if _for_programs():
        answer: AnyResponse = problem(status, sentence, reason)
    else:
        answer = Response(render_template("error.html", status=status, sentence=sentence), status)
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
    for name in ("Allow", "Retry-After"):
        if name in headers:
            answer.headers[name] = headers[name]
    return answer


def _for_programs() -> bool:
    return request.path.startswith(("/api/", "/log/")) or request.path in ("/healthz", "/readyz", "/metrics")
