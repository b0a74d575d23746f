"""How often anybody may ask, where guessing would pay."""

from flask import request
from flask_limiter import Limiter

_THIS_MACHINE = ("127.0.0.1", "::1")


def who_asks() -> str:
    """The address that asks. A proxy on this machine names it last; otherwise everybody behind it would share one limit."""
    address = request.remote_addr or ""
    named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return named[:64] if named and address in _THIS_MACHINE else address


limiter = Limiter(who_asks, storage_uri="memory://", headers_enabled=False)
