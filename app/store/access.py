"""Accounts, desks and one-time links; secrets are kept as their SHA-256 (they are random) or argon2 hash (passwords)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store import rows
from app.store.database import added
from app.store.parties import Venue
from app.store.tables import account, account_event, delivery_link, desk, desk_event, link, programme, venue


@dataclass(frozen=True, slots=True)
class Account:
    """Someone who signs in; `session_key` changes when every session of it is to end."""

    id: int
    email: str
    role: str
    programme_id: int | None
    organisation_id: int | None
    venue_id: int | None
    password_hash: str | None
    session_key: str
    made_at: datetime
    closed_at: datetime | None
    print_shop_id: int | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """An enrolled scanner or browser at a venue; `scope`: its key may *redeem*, or *check* alone; *count* is no device."""

    id: int
    name: str
    venue_id: int
    made_at: datetime
    seen_at: datetime | None
    revoked_at: datetime | None
    scope: str = "redeem"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done to an account or to a desk."""

    kind: str
    actor: str
    at: datetime


_DESK_LOCK = 0x4445534B
"""The first of two keys: locks of series have one, and are others."""

_DESK = [desk.c[name] for name in Desk.__slots__]
_VENUE = [programme.c.code if name == "programme" else venue.c[name] for name in Venue.__slots__]
COLUMNS = [*_DESK, *_VENUE, desk.c.key_sha256]
"""Of a desk at its venue, with the digest of its key."""

_DESKS_AT_VENUES = (
    sa.select(*COLUMNS)
    .join(venue, venue.c.id == desk.c.venue_id)
    .join(programme, programme.c.id == venue.c.programme_id)
)


def add_account(connection: Connection, **values: Any) -> int:
    """Add an account; gives its id."""
    return added(connection, account, **values)


def account_by_email(connection: Connection, email: str) -> Account | None:
    """The account of that address."""
    row = connection.execute(sa.select(account).where(account.c.email == email)).first()
    return Account(**row._mapping) if row is not None else None


def account_by_id(connection: Connection, account_id: int) -> Account | None:
    """The account of that id."""
    row = connection.execute(sa.select(account).where(account.c.id == account_id)).first()
    return Account(**row._mapping) if row is not None else None


def account_by_session_key(connection: Connection, session_key: str) -> Account | None:
    """The account that has this session key."""
    row = connection.execute(sa.select(account).where(account.c.session_key == session_key)).first()
    return Account(**row._mapping) if row is not None else None


def accounts(connection: Connection, programme_id: int | None = None) -> list[Account]:
    """Every account (of one programme, where it is named), by address."""
    query = sa.select(account).order_by(account.c.email)
    mine = query if programme_id is None else query.where(account.c.programme_id == programme_id)
    return [Account(**row._mapping) for row in connection.execute(mine)]


def close_account(connection: Connection, account_id: int, at: datetime | None) -> None:
    """Let nobody sign in with an account from then on; None: let them again."""
    connection.execute(account.update().where(account.c.id == account_id).values(closed_at=at))


def set_password(connection: Connection, account_id: int, password_hash: str, session_key: str) -> None:
    """Give an account a new password, and end the sessions of the old one."""
    values = {"password_hash": password_hash, "session_key": session_key}
    connection.execute(account.update().where(account.c.id == account_id).values(**values))


def add_desk(connection: Connection, venue_id: int, name: str, key_sha256: bytes, at: datetime, *, scope: str) -> int:
    """Add a desk; gives its id."""
    values = {"venue_id": venue_id, "name": name, "key_sha256": key_sha256, "made_at": at, "scope": scope}
    return added(connection, desk, **values)


def desks_by_keys(connection: Connection, digests: Sequence[bytes]) -> dict[bytes, tuple[Desk, Venue]]:
    """The desks that have these keys with their venues, by the key's digest, revoked ones too."""
    if not digests:
        return {}
    query = _DESKS_AT_VENUES.where(rows.among(connection, desk.c.key_sha256, "digests"))
    return by_key(connection.execute(query, {"digests": list(set(digests))}))


def by_key(found: Iterable[Sequence[Any]]) -> dict[bytes, tuple[Desk, Venue]]:
    """Rows of COLUMNS as desks and venues."""
    width = len(_DESK)
    return {bytes(row[-1]): (Desk(*row[:width]), Venue(*row[width:-1])) for row in found}


def desk_by_id(connection: Connection, desk_id: int) -> Desk | None:
    """The desk of that id."""
    row = connection.execute(sa.select(*_DESK).where(desk.c.id == desk_id)).first()
    return Desk(**row._mapping) if row is not None else None


def desks(connection: Connection) -> list[tuple[Desk, str]]:
    """Every desk with the name of its venue."""
    query = sa.select(*_DESK, venue.c.name.label("venue")).join(venue, venue.c.id == desk.c.venue_id)
    rows = connection.execute(query.order_by(venue.c.name, desk.c.name))
    return [(Desk(*row[:-1]), row.venue) for row in rows]


def devices(connection: Connection) -> list[tuple[Desk, str]]:
    """The same without those that only stand for what staff counted."""
    return [each for each in desks(connection) if each[0].scope != "count"]


def set_desk_key(connection: Connection, desk_id: int, key_sha256: bytes, name: str) -> None:
    """Give a desk another key; the one before is good no longer."""
    connection.execute(desk.update().where(desk.c.id == desk_id).values(key_sha256=key_sha256, name=name))


def revoke_desk(connection: Connection, desk_id: int, at: datetime) -> None:
    """Refuse a desk from now on."""
    connection.execute(desk.update().where(desk.c.id == desk_id).values(revoked_at=at))


def take_turn(connection: Connection, desk_id: int) -> None:
    """Wait until this transaction alone counts what a desk may still do; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_DESK_LOCK, desk_id)))


def desk_seen(connection: Connection, desk_id: int, at: datetime) -> None:
    """Note when a desk was last heard of."""
    connection.execute(desk.update().where(desk.c.id == desk_id).values(seen_at=at))


def add_event(connection: Connection, account_id: int, kind: str, actor: str, at: datetime) -> None:
    """Append what was done to an account."""
    connection.execute(account_event.insert().values(account_id=account_id, kind=kind, actor=actor, at=at))


def events(connection: Connection, account_id: int) -> list[Event]:
    """What was done to an account, the newest first."""
    told = sa.select(*(account_event.c[name] for name in Event.__slots__))
    mine = told.where(account_event.c.account_id == account_id).order_by(account_event.c.id.desc())
    return [Event(*row) for row in connection.execute(mine)]


def add_desk_event(connection: Connection, desk_id: int, kind: str, actor: str, at: datetime) -> None:
    """Append what was done to a desk."""
    connection.execute(desk_event.insert().values(desk_id=desk_id, kind=kind, actor=actor, at=at))


def desk_events(connection: Connection, desk_ids: Sequence[int]) -> dict[int, list[Event]]:
    """What was done to these desks, the newest first."""
    told = sa.select(desk_event.c.desk_id, *(desk_event.c[name] for name in Event.__slots__))
    theirs = told.where(desk_event.c.desk_id.in_(desk_ids)).order_by(desk_event.c.id.desc())
    found: dict[int, list[Event]] = {}
    for desk_id, *told_of in connection.execute(theirs):
        found.setdefault(desk_id, []).append(Event(*told_of))
    return found


def end_links(connection: Connection, account_id: int, at: datetime) -> None:
    """Use up every link of an account, so that the newest alone is good."""
    mine = link.update().where(link.c.account_id == account_id, link.c.used_at.is_(None))
    connection.execute(mine.values(used_at=at))


def end_every_link(connection: Connection, at: datetime) -> None:
    """Use up every link of everybody."""
    connection.execute(link.update().where(link.c.used_at.is_(None)).values(used_at=at))
    still_open = [delivery_link.c.used_at.is_(None), delivery_link.c.closed_at.is_(None)]
    connection.execute(delivery_link.update().where(*still_open).values(closed_at=at))


def add_link(connection: Connection, secret_sha256: bytes, purpose: str, expires_at: datetime, **concerns: int) -> None:
    """Add a one-time link for an `account_id` or a `desk_id`."""
    values = {"secret_sha256": secret_sha256, "purpose": purpose, "expires_at": expires_at}
    connection.execute(link.insert().values(**values, **concerns))


def end_enrolments(connection: Connection, desk_id: int, at: datetime) -> None:
    """Use up every enrolment link of a desk, so that the newest alone is good."""
    mine = link.update().where(link.c.desk_id == desk_id, link.c.used_at.is_(None))
    connection.execute(mine.values(used_at=at))


def open_enrolments(connection: Connection, now: datetime) -> dict[int, datetime]:
    """Until when each desk may be enrolled that has an unused link."""
    until = sa.select(link.c.desk_id, sa.func.max(link.c.expires_at, type_=link.c.expires_at.type))
    unused = until.where(link.c.purpose == "enrolment", link.c.used_at.is_(None), link.c.expires_at > now)
    return {row[0]: row[1] for row in connection.execute(unused.group_by(link.c.desk_id))}


def link_target(connection: Connection, secret_sha256: bytes, purpose: str, now: datetime) -> int | None:
    """The account or desk that an unused, unexpired link is for."""
    row = connection.execute(sa.select(link).where(*_good_link(secret_sha256, purpose, now))).first()
    return None if row is None else row.account_id or row.desk_id


def use_link(connection: Connection, secret_sha256: bytes, purpose: str, now: datetime) -> int | None:
    """Use a link up and give the account or desk that it is for; None when it was used, is old or unknown."""
    target = link_target(connection, secret_sha256, purpose, now)
    used = connection.execute(link.update().where(*_good_link(secret_sha256, purpose, now)).values(used_at=now))
    return target if used.rowcount == 1 else None


def _good_link(secret_sha256: bytes, purpose: str, now: datetime) -> list[sa.ColumnElement[bool]]:
    same = [link.c.secret_sha256 == secret_sha256, link.c.purpose == purpose]
    return [*same, link.c.used_at.is_(None), link.c.expires_at > now]
