"""Browsers in which an account signed in before: a stranger who guesses at it does not lock those out.

A browser keeps a signed cookie with a number of its own and hashes of the last accounts; the books keep nothing of it. Tries in
such a browser are counted apart from everybody else's (OWASP, "device cookies").
"""

import secrets
from datetime import timedelta
from hashlib import sha256

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from app.web import site

COOKIE = "hournote_device"
KEPT_FOR = timedelta(days=400)
MOST_ACCOUNTS = 5


def of_account(email: str) -> str:
    """Under what name tries at an account are counted: this browser's own where it signed in before, else every stranger's."""
    known = _kept()
    return f"{_hash(email)}:{known[0] if _hash(email) in known[1:] else 'stranger'}"


def remember(response: Response, email: str) -> None:
    """Know this browser again, at this address."""
    known = _kept() or [secrets.token_urlsafe(12)]
    accounts = [_hash(email), *(each for each in known[1:] if each != _hash(email))]
    response.set_cookie(
        COOKIE, _signer().dumps([known[0], *accounts[:MOST_ACCOUNTS]]), max_age=KEPT_FOR, httponly=True, samesite="Lax",
        secure=site.cookies_are_secure(),
    )  # fmt: skip


def _kept() -> list[str]:
    try:
        found = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return []
    return list(map(str, found)) if isinstance(found, list) else []


def _hash(email: str) -> str:
    return sha256(email.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()[:22]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="device")
