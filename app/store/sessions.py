"""Sessions of staff, as rows: each holds the hash of its secret alone."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.access import Account
from app.store.database import added
from app.store.tables import account, session


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody is signed in: `second_factor`, whether a code was given too; `browser` and `system` in plain words."""

    id: int
    account_id: int
    begun_at: datetime
    used_at: datetime
    second_factor: bool
    browser: str | None
    system: str | None


_SESSION = [session.c[name] for name in Session.__slots__]


def add(
    connection: Connection, account_id: int, secret_sha256: bytes, at: datetime,
    *, second_factor: bool, browser: str | None, system: str | None,
) -> int:  # fmt: skip
    """Begin a session; gives its id."""
    return added(
        connection, session,
        account_id=account_id, secret_sha256=secret_sha256, begun_at=at, used_at=at, second_factor=second_factor,
        browser=browser, system=system,
    )  # fmt: skip


def by_secret(connection: Connection, secret_sha256: bytes) -> tuple[Session, Account] | None:
    """The session of a secret, with its account."""
    mine = [account.c[name] for name in Account.__slots__]
    joined = sa.select(*_SESSION, *mine).join(account, account.c.id == session.c.account_id)
    row = connection.execute(joined.where(session.c.secret_sha256 == secret_sha256)).first()
    return None if row is None else (Session(*row[: len(_SESSION)]), Account(*row[len(_SESSION) :]))


def of_account(connection: Connection, account_id: int) -> list[Session]:
    """The sessions of an account, the last used first."""
    query = sa.select(*_SESSION).where(session.c.account_id == account_id)
    return [Session(*row) for row in connection.execute(query.order_by(session.c.used_at.desc(), session.c.id.desc()))]


def touch(connection: Connection, session_id: int, at: datetime) -> None:
    """Note when a session was last used."""
    connection.execute(session.update().where(session.c.id == session_id).values(used_at=at))


def end(connection: Connection, account_id: int, session_id: int) -> bool:
    """End one session of an account; whether there was one."""
    mine = session.delete().where(session.c.id == session_id, session.c.account_id == account_id)
    return connection.execute(mine).rowcount == 1


def end_all(connection: Connection, account_id: int, *, but: int | None = None) -> int:
    """End every session of an account, perhaps but one; gives how many."""
    mine = session.delete().where(session.c.account_id == account_id, session.c.id != (but or 0))
    return connection.execute(mine).rowcount


def end_everybodys(connection: Connection) -> None:
    """End every session of everybody."""
    connection.execute(session.delete())


def sweep(connection: Connection, *, begun_before: datetime, used_before: datetime) -> None:
    """Remove sessions that are over by themselves."""
    is_over = sa.or_(session.c.begun_at < begun_before, session.c.used_at < used_before)
    connection.execute(session.delete().where(is_over))
