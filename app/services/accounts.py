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
from app.core.roles import Role
from app.services import directory, shops
from app.store import access, second_factors, sessions
from app.store.access import Account
from app.store.database import Store

__all__ = ["Account"]

ROLES = tuple(map(str, Role))
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LINK_LIFE = timedelta(days=3)
COMMAND_LINE = "cli"
BY_LINK = "password set by link"
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
_hasher = PasswordHasher()


def add_account(
    store: Store, *, email: str, role: str, now: datetime, password: str | None = None,
    programme: str | None = None, organisation: str | None = None, venue: str | None = None, shop: str | None = None,
    actor: str = COMMAND_LINE,
) -> tuple[Account, str | None]:  # fmt: skip
    """Add an account; without a password, gives the secret of a one-time link to set one. Raises BadInput, NotFound for
    where it belongs, Refused when there is one already."""
    address = _email(email)
    _check_role(role, programme or organisation or venue, programme, shop)
    hashed = _hasher.hash(_password(password)) if password is not None else None
    session_key, secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32) if hashed is None else None

    def work(connection: Connection) -> tuple[Account, str | None]:
        before = access.account_by_email(connection, address)
        if before is not None and before.session_key == session_key:
            return before, secret  # by this very call, whose answer was lost with its connection
        scope = _scope(connection, programme, organisation, venue)
        scope["print_shop_id"] = shops.find(connection, shop).id if shop else None
        made = _enter(connection, address, role, hashed, session_key, now, scope)
        access.add_event(connection, made.id, "invited" if secret else "added", actor, now)
        if secret is not None:
            add_link(connection, made.id, secret, now)
        return made, secret

    return store.write(work)


def enter_national(connection: Connection, *, email: str, actor: str, now: datetime) -> Account:
    """Make an account of the national office that has no password and no link yet. Raises BadInput, Refused."""
    made = _enter(connection, _email(email), Role.NATIONAL, None, secrets.token_urlsafe(32), now, {})
    access.add_event(connection, made.id, "invited", actor, now)
    return made


def _enter(
    connection: Connection, address: str, role: str, hashed: str | None, session_key: str, now: datetime,
    scope: dict[str, int | None],
) -> Account:  # fmt: skip
    if access.account_by_email(connection, address) is not None:
        raise Refused(f"There is an account {address} already.")
    made = access.add_account(
        connection, email=address, role=role, password_hash=hashed, session_key=session_key, made_at=now, **scope
    )
    return _existing(access.account_by_id(connection, made))


def _check_role(role: str, place: str | None, programme: str | None, shop: str | None) -> None:
    if role not in ROLES:
        raise BadInput(f"{shown(role)} is no role: choose one of {', '.join(ROLES)}.")
    if shop and (role != Role.PRESS or programme):
        raise BadInput(
            "A print shop's account has the role press and names its shop alone, which may serve several programmes."
        )
    if role != "national" and not (place or shop):
        raise BadInput(f"The role {role} belongs to a programme: name it with --programme.")


def has_hand_in(connection: Connection, other: Account, account: Account) -> bool:
    """Whether the other could have set the account up for themselves: by having made it, or by having given a link to it
    before its owner's second factor was there, which whoever has a link does not get past.

    Into the national office it takes two people, and the one who asked has no link.
    """
    factor = second_factors.of_account(connection, account.id)
    guarded = factor.confirmed_at if factor is not None else None
    theirs = [each for each in access.events(connection, account.id) if each.actor == other.email]
    made = account.role != Role.NATIONAL and any(each.kind in ("invited", "added") for each in theirs)
    linked = [each.at for each in theirs if each.kind == "link made"]
    return made or any(guarded is None or at <= guarded for at in linked)


def asked_for(connection: Connection, other: Account, account: Account) -> bool:
    """Whether the other asked for the account to be made."""
    events = access.events(connection, account.id)
    return any(each.actor == other.email and each.kind == "invited" for each in events)


def check_email(text: str) -> str:
    """An address as it is kept. Raises BadInput."""
    return _email(text)


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


def unchanged(store: Store, *, account_id: int, session_key: str) -> Account | None:
    """The account as it was when its password was verified; None when it was closed or its password changed since."""
    found = store.read(lambda connection: access.account_by_id(connection, account_id))
    same = found is not None and found.closed_at is None and secrets.compare_digest(found.session_key, session_key)
    return found if same else None


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
        access.end_links(connection, account_id, now)
        changed = _change_password(connection, account_id, hashed, session_key, now, BY_LINK)
        sessions.end_all(connection, account_id)
        return changed

    return store.write(work)


def change_password(
    store: Store, *, account: Account, session_id: int, password: str, new: str, now: datetime
) -> Account:
    """Change one's own password, ending every other session. Raises BadInput, NotAllowed when the old one is not right."""
    hashed, session_key = _hasher.hash(_password(new)), secrets.token_urlsafe(32)
    check_password(store, account=account, password=password)

    def work(connection: Connection) -> Account:
        before = access.account_by_session_key(connection, session_key)
        if before is None:
            access.end_links(connection, account.id, now)
            before = _change_password(connection, account.id, hashed, session_key, now)
            sessions.end_all(connection, account.id, but=session_id)
        return before

    return store.write(work)


def check_password(store: Store, *, account: Account, password: str) -> None:
    """See that whoever is signed in knows the password too. Raises NotAllowed."""
    if sign_in(store, email=account.email, password=password) is None:
        raise NotAllowed("That is not your password: type the one that you sign in with.")


def _change_password(
    connection: Connection, account_id: int, hashed: str, session_key: str, now: datetime, kind: str = "password set"
) -> Account:  # fmt: skip
    access.set_password(connection, account_id, hashed, session_key)
    second_factors.drop_begun(connection, account_id)  # whoever began it knows its secret, and may be somebody else
    made = _existing(access.account_by_id(connection, account_id))
    access.add_event(connection, account_id, kind, made.email, now)
    return made


def new_link(store: Store, *, email: str, actor: str, now: datetime) -> tuple[Account, str]:
    """The secret of a one-time link to set another password; any before it is good no longer. Raises NotFound, Refused."""
    secret = secrets.token_urlsafe(32)

    def work(connection: Connection) -> Account:
        found = named(connection, email)
        if found.closed_at is not None:
            raise Refused(f"The account {found.email} is closed: reopen it first.")
        renew_link(connection, found, secret, actor, now)
        return found

    return store.write(work), secret


def renew_link(connection: Connection, account: Account, secret: str, actor: str, now: datetime) -> None:
    """Put this one-time link in the place of every other of the account."""
    if access.link_target(connection, sha256(secret.encode()).digest(), "password", now) is None:
        access.end_links(connection, account.id, now)
        add_link(connection, account.id, secret, now)
        access.add_event(connection, account.id, "link made", actor, now)


def close_account(store: Store, *, email: str, actor: str, now: datetime) -> Account:
    """Let nobody sign in with an account from now on; again changes nothing. Raises NotFound."""
    return store.write(lambda connection: close(connection, named(connection, email), actor, now))


def reopen_account(store: Store, *, email: str, actor: str, now: datetime) -> Account:
    """Let them sign in again, with the password that they had; again changes nothing. Raises NotFound."""
    return store.write(lambda connection: reopen(connection, named(connection, email), actor, now))


def close(connection: Connection, account: Account, actor: str, now: datetime) -> Account:
    """Close an account, ending its sessions and links."""
    if account.closed_at is None:
        access.close_account(connection, account.id, now)
        access.end_links(connection, account.id, now)
        access.add_event(connection, account.id, "closed", actor, now)
    sessions.end_all(connection, account.id)
    return _existing(access.account_by_id(connection, account.id))


def reopen(connection: Connection, account: Account, actor: str, now: datetime) -> Account:
    """Reopen an account."""
    if account.closed_at is not None:
        access.close_account(connection, account.id, None)
        access.add_event(connection, account.id, "reopened", actor, now)
    return _existing(access.account_by_id(connection, account.id))


def all_accounts(store: Store) -> list[Account]:
    """Every account, by address."""
    return store.read(access.accounts)


def named(connection: Connection, email: str) -> Account:
    """The account of an address as people type it. Raises NotFound."""
    found = access.account_by_email(connection, email.strip().lower()) if _is_email(email.strip().lower()) else None
    if found is None:
        raise NotFound(f"There is no account {shown(email)}: `hournote user list` has them all.")
    return found


def second_person(email: str) -> str:
    """The address of whoever is said to have confirmed a deed at the command line, whose person owns the database:
    it is recorded there, and asked for in the browser. Raises BadInput."""
    return check_email(email)


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


def add_link(connection: Connection, account_id: int, secret: str, now: datetime) -> None:
    """Add a one-time link to set a password."""
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
