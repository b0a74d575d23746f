"""Throttling: how often somebody may guess, counted in the books for all processes that serve them.

Whom a count is for (an address, an account, a desk) is kept as an HMAC under the service's secret: who reads the table
learns nobody's address from it.
"""

import hashlib
import hmac
import random
from datetime import datetime, timedelta

from app.store import throttle
from app.store.database import Store
from app.store.throttle import Counted

__all__ = ["Counted"]

SWEEP_ONE_IN = 100
"""Counts for one sweep, which is so rare that it costs nothing and so frequent that the table stays small."""

MOST_SWEPT = 1000


def count(store: Store, *, secret: bytes, key: str, now: datetime, window: timedelta, amount: int = 1) -> Counted:
    """Count a key once more (or `amount` times); a window begins with its first count. Raises Unavailable."""
    hashed = key_hmac(secret, key)
    counted = store.write(lambda connection: throttle.count(connection, hashed, amount, now, now + window))
    if random.randrange(SWEEP_ONE_IN) == 0:  # noqa: S311
        sweep(store, now=now)
    return counted


def counted(store: Store, *, secret: bytes, key: str, now: datetime) -> Counted | None:
    """How often a key was counted in the window that is running, None where none is. Raises Unavailable."""
    return store.read(lambda connection: throttle.counted(connection, key_hmac(secret, key), now))


def give_back(store: Store, *, secret: bytes, key: str, amount: int = 1) -> None:
    """Count a key less: what it did was no guess."""
    store.write(lambda connection: throttle.give_back(connection, key_hmac(secret, key), amount))


def forget(store: Store, *, secret: bytes, key: str) -> None:
    """Begin a key anew."""
    store.write(lambda connection: throttle.forget(connection, key_hmac(secret, key)))


def sweep(store: Store, *, now: datetime) -> int:
    """Remove windows that are over; gives how many."""
    return store.write(lambda connection: throttle.sweep(connection, now, MOST_SWEPT))


def key_hmac(secret: bytes, key: str) -> bytes:
    """What the books keep of a key (HMAC-SHA-256, RFC 2104)."""
    return hmac.digest(secret, key.encode("utf-8", "surrogatepass"), hashlib.sha256)
