"""Inviting: accounts that staff make, close, reopen and give one-time links to, each in its own reach."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.core.errors import BadInput, NotAllowed, NotFound, Refused
from app.core.roles import INVITES, Deed, Role
from app.services import accounts, rights
from app.store import access, parties, second_factors, shops
from app.store.access import Account, Event
from app.store.database import Store
from app.store.parties import Organisation, Programme, Venue
from app.store.shops import PrintShop

NO_ACCOUNT = "There is no such account."


@dataclass(frozen=True, slots=True)
class Listed:
    """An account as a list shows it: where it belongs in words, whether it has a password and a second factor."""

    account: Account
    place: str | None
    has_password: bool
    has_second_factor: bool
    is_mine_to_keep: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody who invites can choose from."""

    roles: tuple[Role, ...]
    programmes: tuple[Programme, ...]
    organisations: tuple[Organisation, ...]
    venues: tuple[Venue, ...]
    shops: tuple[PrintShop, ...]


def choices(store: Store, *, by: Account) -> Choices:
    """The roles, programmes, organisations and venues that are in this account's reach. Raises NotAllowed."""
    programme = rights.programme_of(by, Deed.INVITE)

    def work(connection: Connection) -> Choices:
        return Choices(
            tuple(role for role in Role if role in INVITES[Role(by.role)]),
            tuple(each for each in parties.programmes(connection) if programme in (None, each.id)),
            tuple(each for each in parties.organisations(connection) if programme in (None, each.programme_id)),
            tuple(each for each in parties.venues(connection) if programme in (None, each.programme_id)),
            tuple(shops.every(connection)) if programme is None else (),
        )

    return store.read(work)


def invite(
    store: Store, *, by: Account, email: str, role: str, now: datetime, programme: str | None = None,
    organisation: str | None = None, venue: str | None = None, shop: str | None = None,
) -> tuple[Account, str]:  # fmt: skip
    """Make an account, with the secret of a one-time link to set its password.

    A programme's staff invite to their own programme, whatever is named, and to no print shop: a job file is as good as the
    money. Into the national office one is asked for (`asking.ask_to_invite`). Raises BadInput, NotAllowed, NotFound, Refused.
    """
    if role == Role.NATIONAL:
        raise NotAllowed(rights.NOT_YOURS)
    if not rights.may(by, Deed.INVITE) or role not in INVITES[Role(by.role)]:
        raise NotAllowed(rights.NOT_YOURS)
    of_which = {Role.KEEPER: (organisation, "organisation"), Role.VENUE: (venue, "venue")}
    named, what = of_which.get(Role(role), ("", ""))
    if what:
        _check_place(choices(store, by=by), named, what)
    confined = rights.programme_of(by, Deed.INVITE)
    firm = shop if role == Role.PRESS else None
    where = _code_of(store, confined) if confined is not None else programme if not firm else None
    found, secret = accounts.add_account(
        store, email=email, role=role, now=now, actor=by.email,
        programme=where or None, shop=firm,
        organisation=named if role == Role.KEEPER else None, venue=named if role == Role.VENUE else None,
    )  # fmt: skip
    return found, secret or ""


def listed(store: Store, *, by: Account) -> list[Listed]:
    """The accounts in this account's reach, by address. Raises NotAllowed."""
    programme = rights.programme_of(by, Deed.SEE_ACCOUNTS)

    def work(connection: Connection) -> list[Listed]:
        words = _Words(connection)
        return [words.listed(each, by) for each in access.accounts(connection, programme)]

    return store.read(work)


def account_of(store: Store, *, by: Account, account_id: int) -> tuple[Listed, list[Event]]:
    """One account with what was done to it, the newest first. Raises NotFound for one out of reach."""

    def work(connection: Connection) -> tuple[Listed, list[Event]]:
        found = _seen(connection, by, account_id)
        return _Words(connection).listed(found, by), access.events(connection, account_id)

    return store.read(work)


def new_link(store: Store, *, by: Account, account_id: int, now: datetime) -> tuple[Account, str]:
    """The secret of a one-time link to set another password. Raises NotFound, NotAllowed, Refused for a closed account and
    for one's own."""
    secret = secrets.token_urlsafe(32)

    def deed(connection: Connection, found: Account) -> Account:
        if found.id == by.id:
            raise Refused("Your own password you change on your account's page, with the one that you have.")
        if found.closed_at is not None:
            raise Refused("This account is closed: reopen it first.")
        if found.role == Role.NATIONAL and accounts.asked_for(connection, by, found):
            raise Refused("You asked for this account: whoever confirmed it gives the link.")
        accounts.renew_link(connection, found, secret, by.email, now)
        return found

    return _keep(store, by, account_id, deed), secret


def close(store: Store, *, by: Account, account_id: int, now: datetime) -> Account:
    """Let nobody sign in with it from now on. Raises NotFound, NotAllowed, Refused for one's own."""

    def deed(connection: Connection, found: Account) -> Account:
        if found.id == by.id:
            raise Refused("You cannot close your own account: ask another person to.")
        return accounts.close(connection, found, by.email, now)

    return _keep(store, by, account_id, deed)


def reopen(store: Store, *, by: Account, account_id: int, now: datetime) -> Account:
    """Let them sign in again, with the password that they had. Raises NotFound, NotAllowed."""
    return _keep(
        store, by, account_id, lambda connection, found: accounts.reopen(connection, found, by.email, now)
    )  # fmt: skip


def _keep(
    store: Store, by: Account, account_id: int, deed: Callable[[Connection, Account], Account]
) -> Account:  # fmt: skip
    def work(connection: Connection) -> Account:
        found = _seen(connection, by, account_id)
        if not rights.may_keep(by, role=found.role, programme_id=found.programme_id):
            raise NotAllowed(rights.NOT_YOURS)
        return deed(connection, found)

    return store.write(work)


def _seen(connection: Connection, by: Account, account_id: int) -> Account:
    found = access.account_by_id(connection, account_id)
    if found is None or not rights.reaches(by, Deed.SEE_ACCOUNTS, programme_id=found.programme_id):
        raise NotFound(NO_ACCOUNT)
    return found


def _check_place(open_to: Choices, named: str | None, what: str) -> None:
    """It is one of those that whoever invites can choose; any other is not there."""
    known = open_to.organisations if what == "organisation" else open_to.venues
    wanted = (named or "").strip().casefold()
    if not any(wanted in (str(each.id), each.name.casefold()) for each in known):
        raise BadInput("Name the organisation or the venue that this account is for.")


def _code_of(store: Store, programme_id: int) -> str | None:
    known = store.read(parties.programmes)
    return next((each.code for each in known if each.id == programme_id), None)


class _Words:
    """Names of places, read once for a whole list."""

    def __init__(self, connection: Connection) -> None:
        self._programmes = {each.id: each.name for each in parties.programmes(connection)}
        self._organisations = parties.organisation_names(connection)
        self._venues = {each.id: each.name for each in parties.venues(connection)}
        self._shops = {each.id: each.name for each in shops.every(connection)}
        self._confirmed = second_factors.confirmed(connection)

    def listed(self, account: Account, by: Account) -> Listed:
        names = (
            self._venues.get(account.venue_id or 0),
            self._organisations.get(account.organisation_id or 0),
            self._programmes.get(account.programme_id or 0),
            self._shops.get(account.print_shop_id or 0),
        )
        return Listed(
            account, ", ".join(filter(None, names)) or None, account.password_hash is not None,
            account.id in self._confirmed,
            rights.may_keep(by, role=account.role, programme_id=account.programme_id),
        )  # fmt: skip
