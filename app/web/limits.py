"""How often anybody may ask, where guessing would pay; counted in the books, for all processes at once."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import request
from flask_limiter import Limiter
from limits.storage import Storage

from app.core.errors import HournoteError
from app.services import throttling
from app.web import site

MOST_COUNTED = 100
"""More than any limit allows: whoever is over it is counted no further, so that a flood does not become one of writes."""

MOST_REMEMBERED = 10_000
_THIS_MACHINE = ("127.0.0.1", "::1")


def who_asks() -> str:
    """The address that asks. A proxy on this machine names it last; otherwise everybody behind it would share one limit."""
    address = request.remote_addr or ""
    named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return (named[:64] if named and address in _THIS_MACHINE else address) or "nowhere"


class InTheBooks(Storage):
    """Flask-Limiter's counts in the books of the application that is asked. Raises Unavailable, so that a service
    without its database answers 503 instead of letting everybody guess."""

    STORAGE_SCHEME = ["books"]  # noqa: RUF012

    def __init__(self, uri: str | None = None, **options: Any) -> None:
        super().__init__(uri, **options)
        self._floods: dict[str, throttling.Counted] = {}

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What this raises where it cannot count."""
        return HournoteError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count a key in a window of `expiry` seconds; gives the sum."""
        now, window = site.now(), timedelta(seconds=expiry)
        flood = self._floods.get(key)
        if flood is not None and flood.until > now:
            return flood.hits
        found = throttling.count(
            site.books(), secret=site.throttle_secret(), key=key, now=now, window=window, amount=amount
        )
        if found.hits > MOST_COUNTED:
            self._remember(key, found)
        return found.hits

    def get(self, key: str) -> int:
        """The sum of a key in its window."""
        found = self._counted(key)
        return found.hits if found else 0

    def get_expiry(self, key: str) -> float:
        """When the window of a key is over, in seconds since 1970."""
        found = self._counted(key)
        return (found.until if found else site.now()).timestamp()

    def clear(self, key: str) -> None:
        """Begin a key anew."""
        throttling.forget(site.books(), secret=site.throttle_secret(), key=key)

    def check(self) -> bool:
        """The books say by themselves when they cannot answer."""
        return True

    def reset(self) -> int | None:
        """Nothing: nobody begins all counts of a database anew by accident."""
        return None

    def _remember(self, key: str, found: throttling.Counted) -> None:
        if len(self._floods) >= MOST_REMEMBERED:
            self._floods.clear()
        self._floods[key] = found

    def _counted(self, key: str) -> throttling.Counted | None:
        return throttling.counted(site.books(), secret=site.throttle_secret(), key=key, now=site.now())


limiter = Limiter(who_asks, storage_uri="books://", strategy="fixed-window", headers_enabled=False)
enrolling = limiter.shared_limit("20 per minute", scope="enrolling")
"""Enrolment codes may be guessed so often from one address, by page and by program together."""


def forgive() -> None:
    """Take back what this request was counted: it was no guess."""
    for each in limiter.current_limits:
        key = each.limit.key_for(*each.request_args)
        throttling.give_back(site.books(), secret=site.throttle_secret(), key=key)


def retry_after_seconds() -> int | None:
    """How long who was refused by a limit has to wait, None where no limit refused."""
    refused = [each for each in limiter.current_limits if each.breached]
    if not refused:
        return None
    until = datetime.fromtimestamp(max(each.window.reset_time for each in refused), UTC)
    return max(1, math.ceil((until - site.now()).total_seconds()))
