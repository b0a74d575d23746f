"""How often anybody may ask, where guessing would pay; counted in the books, for all processes at once."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request

from app.web import site

V = TypeVar("V", bound=Callable[..., Any])

_THIS_MACHINE = ("127.0.0.1", "::1")


def who_asks() -> str:
    """The address that asks. A proxy on this machine names it last; otherwise everybody behind it would share one limit."""
    address = request.remote_addr or ""
    named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return (named[:64] if named and address in _THIS_MACHINE else address) or "nowhere"


def throttled(scope: str, most: int, window: timedelta, whom: Callable[[], str] = who_asks) -> Callable[[V], V]:
    """At most so many calls within a window from `whom` to all views of a scope. Answers 429, and 503 without the books.

    Beside the views that need it and nowhere else: the throttling library for Flask looks at every request, which took a
    fifth of a redemption's time outside of its transaction.
    """

    def decorate(view: V) -> V:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            key = f"{scope}:{whom()}"
            g.setdefault("throttled", []).append(key)
            site.throttle().hit(key, most=most, window=window, now=site.now())
            return view(*args, **kwargs)

        return cast(V, guarded)

    return decorate


MINUTE = timedelta(minutes=1)
enrolling = throttled("enrolling", 20, MINUTE)
"""Enrolment codes may be guessed so often from one address, by page and by program together."""


MOST_STRANGERS = 300
"""Calls a minute from one address without a good key: several desks of a venue that were revoked stay far below."""


def count_stranger() -> None:
    """Count a call that showed no good key, after that is known, so that an enrolled desk costs no count. Raises TooOften and
    Unavailable."""
    site.throttle().hit(f"stranger:{who_asks()}", most=MOST_STRANGERS, window=MINUTE, now=site.now())


def forgive() -> None:
    """Take back what this request was counted: it was no guess."""
    for key in g.get("throttled", []):
        site.throttle().forgive(key)
