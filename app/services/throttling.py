"""Throttling: how often somebody may guess, counted in the books for all processes that serve them.

Whom a count is for (an address, an account, a desk) is kept as an HMAC under the service's secret: who reads the table
learns nobody's address from it.
"""

import hashlib
import hmac
import math
import random
from datetime import datetime, timedelta

from app.core.errors import TooOften
from app.store import throttle
from app.store.database import Store
from app.store.throttle import Counted

__all__ = ["Counted"]

SWEEP_ONE_IN = 100
"""Counts for one sweep, which is so rare that it costs nothing and so frequent that the table stays small."""

MOST_SWEPT = 1000
MOST_REMEMBERED = 10_000


class Throttle:
    """Counts of one service, in the books. `secret` hides there whom a count is for."""

    def __init__(self, store: Store, secret: bytes) -> None:
        self._store, self._secret = store, secret
        self._floods: dict[str, Counted] = {}

    def hit(self, key: str, *, most: int, window: timedelta, now: datetime) -> None:
        """Count a key. Raises TooOften when it was counted more than `most` times in its window, Unavailable."""
        found = self._floods.get(key)
        if found is None or found.until <= now:
            found = count(self._store, secret=self._secret, key=key, now=now, window=window)
        if found.hits > most:
            self._remember(key, found)
            seconds = max(1, math.ceil((found.until - now).total_seconds()))
            raise TooOften("That was too often: wait a little and try again.", retry_after_seconds=seconds)

    def forgive(self, key: str) -> None:
        """Count a key less: what it did was no guess."""
        give_back(self._store, secret=self._secret, key=key)

    def _remember(self, key: str, found: Counted) -> None:
        """Whoever is refused is counted no further, so that a flood does not become one of writes."""
        if len(self._floods) >= MOST_REMEMBERED:
            self._floods.clear()
        self._floods[key] = found


def count(store: Store, *, secret: bytes, key: str, now: datetime, window: timedelta, amount: int = 1) -> Counted:
    """Count a key once more (or `amount` times); a window begins with its first count. Raises Unavailable."""
    hashed = key_hmac(secret, key)
    counted = store.write(lambda connection: throttle.count(connection, hashed, amount, now, now + window))
    if random.randrange(SWEEP_ONE_IN) == 0:  # noqa: S311
        sweep(store, now=now)
    return counted


def give_back(store: Store, *, secret: bytes, key: str, amount: int = 1) -> None:
    """Count a key less: what it did was no guess."""
    store.write(lambda connection: throttle.give_back(connection, key_hmac(secret, key), amount))


def sweep(store: Store, *, now: datetime) -> int:
    """Remove windows that are over; gives how many."""
    return store.write(lambda connection: throttle.sweep(connection, now, MOST_SWEPT))


def key_hmac(secret: bytes, key: str) -> bytes:
    """What the books keep of a key (HMAC-SHA-256, RFC 2104)."""
    return hmac.digest(secret, key.encode("utf-8", "surrogatepass"), hashlib.sha256)
