"""Accounts: who may sign in, as what, and with which password."""

import re
import secrets
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection

from app.core.errors import BadInput, NotAllowed, NotFound, Refused, shown
from app.services import directory
from app.store import access
from app.store.access import Account
from app.store.database import Store

__all__ = ["Account"]

ROLES = ("national", "programme", "auditor", "press", "keeper", "venue")
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LINK_LIFE = timedelta(days=3)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
_hasher = PasswordHasher()


def add_account(
    store: Store, *, email: str, role: str, now: datetime, password: str | None = None,
    programme: str | None = None, organisation: str | None = None, venue: str | None = None,
) -> tuple[Account, str | None]:  # fmt: skip
    """Add an account; without a password, gives the secret of a one-time link to set one. Raises as named."""
    address = _email(email)
    if role not in ROLES:
        raise BadInput(f"{shown(role)} is no role: choose one of {', '.join(ROLES)}.")
    if role != "national" and not (programme or organisation or venue):
        raise BadInput(f"The role {role} belongs to a programme: name it with --programme.")
    hashed = _hasher.hash(_password(password)) if password is not None else None
    session_key, secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32) if hashed is None else None

    def work(connection: Connection) -> tuple[Account, str | None]:
        before = access.account_by_email(connection, address)
        if before is not None and before.session_key == session_key:
            return before, secret  # by this very call, whose answer was lost with its connection
        if before is not None:
            raise Refused(f"There is an account {address} already.")
        scope = _scope(connection, programme, organisation, venue)
        made = access.add_account(
            connection, email=address, role=role, password_hash=hashed, session_key=session_key, made_at=now, **scope
        )
        if secret is not None:
            _add_link(connection, made, secret, now)
        return _existing(access.account_by_id(connection, made)), secret

    return store.write(work)


def sign_in(store: Store, *, email: str, password: str) -> Account | None:
    """The account, when address and password fit; None otherwise, after the same work either way."""
    address = email.strip().lower()
    found = store.read(lambda connection: access.account_by_email(connection, address)) if _is_email(address) else None
    hashed = found.password_hash if found and found.password_hash and not found.closed_at else None
    try:
        _hasher.verify(hashed or _nobodys_hash(), password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return None
    return found if hashed else None


def account_of_session(store: Store, account_id: int, session_key: str) -> Account | None:
    """The account that a session is for, unless it was closed or its sessions were ended since."""
    found = store.read(lambda connection: access.account_by_id(connection, account_id))
    live = found is not None and found.closed_at is None and secrets.compare_digest(found.session_key, session_key)
    return found if live else None


def set_password(store: Store, *, secret: str, password: str, now: datetime) -> Account:
    """Set a password by a one-time link, ending every session. Raises BadInput, NotAllowed when the link is no good."""
    hashed, session_key = _hasher.hash(_password(password)), secrets.token_urlsafe(32)

    def work(connection: Connection) -> Account:
        before = access.account_by_session_key(connection, session_key)
        if before is not None:
            return before  # by this very call, whose answer was lost with its connection
        account_id = access.use_link(connection, sha256(secret.encode()).digest(), "password", now)
        if account_id is None:
            raise NotAllowed("This link was used already or is too old: ask for a new one.")
        access.set_password(connection, account_id, hashed, session_key)
        return _existing(access.account_by_id(connection, account_id))

    return store.write(work)


def second_person(email: str) -> str:
    """The address of whoever is said to have confirmed a deed at the command line, whose person owns the database:
    it is recorded there, and asked for in the browser. Raises BadInput."""
    return _email(email)


def require(account: Account, *roles: str) -> None:
    """Raise NotAllowed unless the account has one of the roles."""
    if account.role not in roles:
        raise NotAllowed("Your account may not do this: ask the national office if it should.")


def _scope(
    connection: Connection, programme: str | None, organisation: str | None, venue: str | None
) -> dict[str, int | None]:
    """The programme, organisation and venue of an account; the latter two settle the first."""
    keeper = directory.find_organisation(connection, organisation) if organisation else None
    place = directory.find_venue(connection, venue) if venue else None
    owner = directory.find_programme(connection, programme).id if programme else None
    for part in (keeper, place):
        if part is not None and owner not in (None, part.programme_id):
            raise BadInput(f"{part.name} is not of that programme.")
        owner = part.programme_id if part is not None else owner
    return {
        "programme_id": owner,
        "organisation_id": keeper.id if keeper else None,
        "venue_id": place.id if place else None,
    }


def _add_link(connection: Connection, account_id: int, secret: str, now: datetime) -> None:
    digest = sha256(secret.encode()).digest()
    access.add_link(connection, digest, "password", now + LINK_LIFE, account_id=account_id)


def _existing(found: Account | None) -> Account:
    if found is None:
        raise NotFound("The account is gone.")
    return found


def _email(text: str) -> str:
    address = text.strip().lower()
    if not _is_email(address):
        raise BadInput(f"{shown(text)} is no email address.")
    return address


def _is_email(address: str) -> bool:
    return bool(_EMAIL.fullmatch(address)) and address.isprintable()


def _password(text: str) -> str:
    if not SHORTEST_PASSWORD <= len(text) <= LONGEST_PASSWORD:
        raise BadInput(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters: three or four words do well."
        )
    return text


@cache
def _nobodys_hash() -> str:
    """Verified against when there is no account, so that the time of the answer does not tell."""
    return _hasher.hash(secrets.token_urlsafe(16))
