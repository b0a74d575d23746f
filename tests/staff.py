"""People of staff in tests: signed in without the form, and what their authenticator app shows."""

from datetime import datetime, timedelta
from functools import cache

from flask.testing import FlaskClient

from app.services import sealing, second_factor, sessions
from app.services.accounts import Account
from app.services.books import Store
from app.services.sessions import Present


def sign_in(client: FlaskClient, store: Store, account: Account, *, now: datetime, with_factor: bool = True) -> None:
    """Put a session of the account into a browser."""
    secret = sessions.begin(store, account, now=now, second_factor=with_factor)
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = secret, True


def present(store: Store, account: Account, *, now: datetime, with_factor: bool = True) -> Present:
    """Somebody who has just signed in."""
    found = sessions.present(store, sessions.begin(store, account, now=now, second_factor=with_factor), now=now)
    assert found is not None
    return found


@cache
def sealing_key(secret_key: str) -> bytes:
    """The key that seals second factors under a secret."""
    return sealing.key_of(secret_key)


def set_up(store: Store, account: Account, *, key: bytes, now: datetime) -> tuple[str, list[str]]:
    """Give an account a second factor, a while ago; gives what its app shares, and the recovery codes."""
    before = now - timedelta(minutes=10)
    secret = second_factor.set_up(store, key=key, account=account, now=before).secret
    code = second_factor.code_at(secret, before)
    return secret, second_factor.confirm(store, key=key, account=account, code=code, now=before)
