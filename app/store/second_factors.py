"""Second factors and recovery codes, as rows; what an app shares with us is sealed before it comes here."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.tables import recovery_code, second_factor


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """What an authenticator app shares with an account; it counts once `confirmed_at` is set."""

    account_id: int
    sealed: bytes
    last_step: int
    made_at: datetime
    confirmed_at: datetime | None
    session_id: int | None


def of_account(connection: Connection, account_id: int) -> SecondFactor | None:
    """The second factor of an account, confirmed or not."""
    row = connection.execute(sa.select(second_factor).where(second_factor.c.account_id == account_id)).first()
    return SecondFactor(**row._mapping) if row is not None else None


def confirmed(connection: Connection) -> set[int]:
    """The accounts that have a second factor that counts."""
    rows = connection.execute(sa.select(second_factor.c.account_id).where(second_factor.c.confirmed_at.is_not(None)))
    return {row.account_id for row in rows}


def put(connection: Connection, account_id: int, sealed: bytes, at: datetime, session_id: int | None) -> None:
    """Give an account a second factor that is still to be confirmed, in the place of any before."""
    remove(connection, account_id)
    values = {"account_id": account_id, "sealed": sealed, "made_at": at, "session_id": session_id}
    connection.execute(second_factor.insert().values(**values))


def drop_begun(connection: Connection, account_id: int) -> None:
    """Drop a second factor that was begun and never confirmed."""
    begun = second_factor.c.account_id == account_id, second_factor.c.confirmed_at.is_(None)
    connection.execute(second_factor.delete().where(*begun))


def remove(connection: Connection, account_id: int) -> bool:
    """Take the second factor of an account away, with its recovery codes; whether it had one that counted."""
    before = of_account(connection, account_id)
    connection.execute(recovery_code.delete().where(recovery_code.c.account_id == account_id))
    connection.execute(second_factor.delete().where(second_factor.c.account_id == account_id))
    return before is not None and before.confirmed_at is not None


def take_step(connection: Connection, account_id: int, step: int) -> bool:
    """Take the code of a step of time, once: False when it, or a later one, was taken before."""
    newer = second_factor.c.account_id == account_id, second_factor.c.last_step < step
    return connection.execute(second_factor.update().where(*newer).values(last_step=step)).rowcount == 1


def confirm(connection: Connection, account_id: int, at: datetime) -> None:
    """From now on the second factor counts."""
    mine = second_factor.c.account_id == account_id
    connection.execute(second_factor.update().where(mine).values(confirmed_at=at))


def put_codes(connection: Connection, account_id: int, digests: list[bytes]) -> None:
    """Give an account recovery codes in the place of those before."""
    connection.execute(recovery_code.delete().where(recovery_code.c.account_id == account_id))
    rows = [{"account_id": account_id, "code_sha256": digest} for digest in digests]
    connection.execute(recovery_code.insert(), rows)


def use_code(connection: Connection, account_id: int, digest: bytes, at: datetime) -> bool:
    """Use a recovery code up; False when it is none, or was used."""
    unused = [
        recovery_code.c.account_id == account_id,
        recovery_code.c.code_sha256 == digest,
        recovery_code.c.used_at.is_(None),
    ]
    return connection.execute(recovery_code.update().where(*unused).values(used_at=at)).rowcount == 1


def has_code(connection: Connection, account_id: int, digest: bytes) -> bool:
    """Whether an account was given this recovery code."""
    mine = recovery_code.c.account_id == account_id, recovery_code.c.code_sha256 == digest
    return connection.execute(sa.select(recovery_code.c.account_id).where(*mine)).first() is not None


def codes_left(connection: Connection, account_id: int) -> int:
    """How many recovery codes are unused."""
    unused = sa.select(sa.func.count()).where(
        recovery_code.c.account_id == account_id, recovery_code.c.used_at.is_(None)
    )
    return connection.scalar(unused) or 0
