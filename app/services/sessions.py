"""Sessions: who is signed in, since when, in which browser; each can be ended by itself.

A browser holds the secret of its session, the books its SHA-256. No address of anybody is kept.
"""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection

from app.core.errors import NotAllowed, NotFound, Unavailable
from app.store import access, second_factors, sessions
from app.store.access import Account
from app.store.database import Store
from app.store.sessions import Session

__all__ = ["Session"]

LONGEST = timedelta(hours=12)
"""A working day: after it everybody signs in again."""

IDLE = timedelta(hours=2)
"""A browser that nobody used for so long is taken to be left alone."""

NOTED_EVERY = timedelta(minutes=5)
"""How exactly the last use is known, so that looking at pages does not write to the books each time."""


@dataclass(frozen=True, slots=True)
class Present:
    """Who is there: the account, and the session that says so."""

    account: Account
    session: Session


def begin(
    store: Store, account: Account, *, now: datetime, second_factor: bool, browser: str | None = None,
    system: str | None = None, instead_of: int | None = None,
) -> str:  # fmt: skip
    """Sign somebody in whose password was verified for this very account; gives the session's secret. `instead_of`: the
    session that ends with it. Raises NotAllowed when the password was changed or the account closed meanwhile."""
    secret = secrets.token_urlsafe(32)

    def work(connection: Connection) -> None:
        found = access.account_by_id(connection, account.id)
        if found is None or found.closed_at is not None or found.session_key != account.session_key:
            raise NotAllowed("Your password was changed meanwhile: sign in again.")
        factor = second_factors.of_account(connection, account.id)
        if not second_factor and factor is not None and factor.confirmed_at is not None:
            raise NotAllowed("Your second factor was set up meanwhile: sign in again.")
        sessions.sweep(connection, begun_before=now - LONGEST, used_before=now - IDLE)
        if instead_of is not None:
            sessions.end(connection, account.id, instead_of)
        if sessions.by_secret(connection, _digest(secret)) is None:
            sessions.add(
                connection,
                account.id,
                _digest(secret),
                now,
                second_factor=second_factor,
                browser=browser,
                system=system,
            )

    store.write(work)
    return secret


def present(store: Store, secret: str, *, now: datetime) -> Present | None:
    """Who a session's secret is for; None when the session is over or the account closed."""
    found = store.read(lambda connection: sessions.by_secret(connection, _digest(secret)))
    if found is None or not _is_live(found[0], now) or found[1].closed_at is not None:
        return None
    if now - found[0].used_at >= NOTED_EVERY:
        with suppress(Unavailable):  # whoever only reads is not kept from it by books that cannot be written now
            store.write(lambda connection: sessions.touch(connection, found[0].id, now))
    return Present(found[1], found[0])


def sessions_of(store: Store, account_id: int, *, now: datetime) -> list[Session]:
    """The sessions of an account that are not over, the last used first."""
    found = store.read(lambda connection: sessions.of_account(connection, account_id))
    return [each for each in found if _is_live(each, now)]


def end(store: Store, *, account_id: int, session_id: int) -> None:
    """End one session of an account. Raises NotFound for none, and for somebody else's."""
    if not store.write(lambda connection: sessions.end(connection, account_id, session_id)):
        raise NotFound("That session is over already.")


def end_others(store: Store, *, account_id: int, but: int | None = None) -> int:
    """End every session of an account, perhaps but one; gives how many."""
    return store.write(lambda connection: sessions.end_all(connection, account_id, but=but))


def sign_out(store: Store, present: Present) -> None:
    """End the session of whoever is there; harmless when it is over."""
    store.write(lambda connection: sessions.end(connection, present.account.id, present.session.id))


def _is_live(session: Session, now: datetime) -> bool:
    return now - session.begun_at < LONGEST and now - session.used_at < IDLE


def _digest(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
