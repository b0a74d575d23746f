"""The second factor: a code of six digits from an app (RFC 6238), or one of ten recovery codes; each is taken once."""

import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import pyotp
from sqlalchemy import Connection

from app.core import roles
from app.core.errors import NotAllowed, Refused
from app.services.sealing import seal, unseal
from app.store import access, second_factors, sessions
from app.store.access import Account
from app.store.database import Store
from app.store.sessions import Session

ISSUER = "Hournote"
RECOVERY_CODES = 10
DIGITS = 6
STEP_SECONDS = 30
STEPS_APART = 1
"""Steps by which a phone's clock may be wrong either way, as RFC 6238, 5.2 has it."""

BEGUN_FOR = timedelta(minutes=15)
"""Between the QR and its first code."""

_RECOVERY_BYTES = 10
_WRONG = "That code is not right, or was used already: wait for the next one and type it again."


@dataclass(frozen=True, slots=True)
class Setup:
    """What an app is given: its secret as text, and as the address that a QR holds."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an account has a second factor, whether it must, and how many recovery codes are left."""

    is_set: bool
    is_required: bool
    codes_left: int


def is_required(account: Account) -> bool:
    """Whether the account can do nothing without a second factor."""
    return account.role in roles.NEEDS_SECOND_FACTOR


def is_set(store: Store, account: Account) -> bool:
    """Whether the account is asked for a code when it signs in."""
    found = store.read(lambda connection: second_factors.of_account(connection, account.id))
    return found is not None and found.confirmed_at is not None


def standing(store: Store, account: Account) -> Standing:
    """What a person is told of their own second factor."""

    def work(connection: Connection) -> Standing:
        found = second_factors.of_account(connection, account.id)
        is_set = found is not None and found.confirmed_at is not None
        return Standing(is_set, is_required(account), second_factors.codes_left(connection, account.id))

    return store.read(work)


def set_up(store: Store, *, key: bytes, account: Account, now: datetime, session: Session | None = None) -> Setup:
    """Begin a second factor: the same again for a quarter of an hour in this session, so that a page loaded again shows the
    same. Raises Refused when there is one already."""
    fresh = pyotp.random_base32()

    def work(connection: Connection) -> Setup:
        found = second_factors.of_account(connection, account.id)
        if found is not None and found.confirmed_at is not None:
            raise Refused("There is a second factor already: take that away first.")
        secret = _kept(key, found, now, session)
        if secret is None:
            secret = fresh
            sealed = seal(key, fresh, whose=account.id)
            second_factors.put(connection, account.id, sealed, now, session.id if session else None)
        return Setup(secret, pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER))

    return store.write(work)


def confirm(store: Store, *, key: bytes, account: Account, code: str, now: datetime) -> list[str]:
    """Let the second factor count, by a first code of it; gives ten recovery codes, told only now. Every other session of
    the account ends. Raises NotAllowed for a wrong code, Refused when none was begun."""
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]

    def work(connection: Connection) -> None:
        found = second_factors.of_account(connection, account.id)
        if found is None:
            raise Refused("No second factor was begun: begin one first.")
        if second_factors.has_code(connection, account.id, _digest(account.id, codes[0])):
            return  # by this very call, whose answer was lost with its connection
        if found.confirmed_at is not None:
            raise Refused("There is a second factor already: take that away first.")
        _take(connection, key, found, code, now)
        second_factors.confirm(connection, account.id, now)
        second_factors.put_codes(connection, account.id, [_digest(account.id, each) for each in codes])
        access.add_event(connection, account.id, "second factor set", account.email, now)
        sessions.end_all(connection, account.id)

    store.write(work)
    return codes


def check(store: Store, *, key: bytes, account: Account, code: str, now: datetime) -> None:
    """Take a code, of the app or a recovery code, once. Raises NotAllowed when it is neither, or was taken before."""

    def work(connection: Connection) -> None:
        _check(connection, key, account, code, now)

    store.write(work)


def new_recovery_codes(store: Store, *, key: bytes, account: Account, code: str, now: datetime) -> list[str]:
    """Ten recovery codes in the place of those before, for a code. Raises NotAllowed."""
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]

    def work(connection: Connection) -> None:
        if second_factors.has_code(connection, account.id, _digest(account.id, codes[0])):
            return  # by this very call, whose answer was lost with its connection
        _check(connection, key, account, code, now)
        second_factors.put_codes(connection, account.id, [_digest(account.id, each) for each in codes])
        access.add_event(connection, account.id, "recovery codes made", account.email, now)

    store.write(work)
    return codes


def take_away(store: Store, *, key: bytes, account: Account, code: str, now: datetime) -> None:
    """Take one's own second factor away for a code, to set another up or to go without. Raises NotAllowed."""

    def work(connection: Connection) -> None:
        _check(connection, key, account, code, now)
        reset(connection, account, account.email, now)

    store.write(work)


def reset_account(store: Store, *, account: Account, actor: str, now: datetime) -> bool:
    """Take somebody's second factor away, at the command line; whether there was one."""
    return store.write(lambda connection: reset(connection, account, actor, now))


def reset(connection: Connection, account: Account, actor: str, now: datetime) -> bool:
    """Take a second factor away with its recovery codes, and end the account's sessions; whether there was one."""
    was_set = second_factors.remove(connection, account.id)
    sessions.end_all(connection, account.id)
    if was_set:
        access.add_event(connection, account.id, "second factor reset", actor, now)
    return was_set


def code_at(secret: str, now: datetime) -> str:
    """What an app shows at a time; for the demo and for tests."""
    return pyotp.TOTP(secret).at(now)


def _kept(
    key: bytes, found: second_factors.SecondFactor | None, now: datetime, session: Session | None
) -> str | None:  # fmt: skip
    """The secret that this very session began not long ago: any other may be known to somebody else."""
    is_mine = found is not None and found.session_id == (session.id if session else None)
    if found is None or not is_mine or now - found.made_at > BEGUN_FOR:
        return None
    if session is not None and found.made_at < session.begun_at:
        return None  # ids of sessions that are over are given again
    try:
        return unseal(key, found.sealed, whose=found.account_id)
    except Refused:
        return None  # begun under another key, and never confirmed: nobody misses it


def _check(connection: Connection, key: bytes, account: Account, code: str, now: datetime) -> None:
    found = second_factors.of_account(connection, account.id)
    if found is None or found.confirmed_at is None:
        raise NotAllowed("Set up your second factor first.")
    wanted = _plain(code)
    if len(wanted) > DIGITS:
        if not second_factors.use_code(connection, account.id, _digest(account.id, wanted), now):
            raise NotAllowed(_WRONG)
        access.add_event(connection, account.id, "recovery code used", account.email, now)
        return
    _take(connection, key, found, wanted, now)


def _take(
    connection: Connection, key: bytes, found: second_factors.SecondFactor, code: str, now: datetime
) -> None:  # fmt: skip
    totp = pyotp.TOTP(unseal(key, found.sealed, whose=found.account_id))
    present = int(now.timestamp()) // STEP_SECONDS
    for step in range(present - STEPS_APART, present + STEPS_APART + 1):
        is_it = secrets.compare_digest(totp.generate_otp(step).encode(), _plain(code).encode())
        if is_it and second_factors.take_step(connection, found.account_id, step):
            return
    raise NotAllowed(_WRONG)


def _recovery_code() -> str:
    """16 letters and digits, 80 bits: so many that a plain hash keeps them."""
    text = b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()
    return "-".join(text[place : place + 4] for place in range(0, len(text), 4))


def _plain(code: str) -> str:
    """As people type it: any case, with spaces and hyphens, 0 and 1 for the letters that recovery codes have instead."""
    bare = "".join(each for each in code.upper() if each.isalnum() and each.isascii())
    return bare if bare.isdecimal() else bare.translate(str.maketrans("01", "OI"))


def _digest(account_id: int, code: str) -> bytes:
    return sha256(f"recovery:{account_id}:{_plain(code)}".encode()).digest()
