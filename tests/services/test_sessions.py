"""Sessions: begun by a password, ended one by one, all at once, and by themselves."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.core.errors import NotAllowed, NotFound
from app.services import accounts, sessions
from app.services.accounts import Account
from app.services.books import Store
from app.store.tables import session
from tests import staff

NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
KEY = bytes(32)


def add(store: Store, email: str = "a@b.example") -> Account:
    return accounts.add_account(store, email=email, role="national", now=NOW)[0]


def begin(store: Store, account: Account, now: datetime = NOW) -> str:
    return sessions.begin(store, account, now=now, second_factor=False, browser="Firefox", system="Windows")


def test_a_session_says_who_it_is_and_the_books_keep_no_secret(store: Store) -> None:
    secret = begin(store, add(store))
    found = sessions.present(store, secret, now=NOW)
    assert found is not None
    assert (found.account.email, found.session.browser, found.session.system) == ("a@b.example", "Firefox", "Windows")
    kept = store.read(lambda connection: connection.execute(sa.select(session)).one())
    assert secret not in str(kept)
    assert set(kept._mapping) == {
        "id", "account_id", "secret_sha256", "begun_at", "used_at", "second_factor", "browser", "system",
    }  # fmt: skip
    for wrong in ("", "x", secret[:-1], secret + "x", "\ud800", "\0"):
        assert sessions.present(store, wrong, now=NOW) is None


def test_sessions_are_listed_and_ended_one_by_one(store: Store) -> None:
    mine, other = add(store), add(store, "other@b.example")
    first, second, theirs = begin(store, mine), begin(store, mine, NOW + timedelta(minutes=1)), begin(store, other)
    listed = sessions.sessions_of(store, mine.id, now=NOW + timedelta(minutes=2))
    assert [each.begun_at for each in listed] == [NOW + timedelta(minutes=1), NOW]
    sessions.end(store, account_id=mine.id, session_id=listed[1].id)
    assert sessions.present(store, first, now=NOW) is None
    assert sessions.present(store, second, now=NOW) is not None
    for gone in (listed[1].id, 999, sessions.sessions_of(store, other.id, now=NOW)[0].id):
        with pytest.raises(NotFound, match="over already"):
            sessions.end(store, account_id=mine.id, session_id=gone)
    assert sessions.present(store, theirs, now=NOW) is not None, "nobody ends another's"


def test_all_sessions_but_one_are_ended_at_once(store: Store) -> None:
    mine = add(store)
    secrets = [begin(store, mine) for _ in range(3)]
    here = sessions.present(store, secrets[1], now=NOW)
    assert here is not None
    assert sessions.end_others(store, account_id=mine.id, but=here.session.id) == 2
    assert [sessions.present(store, each, now=NOW) is not None for each in secrets] == [False, True, False]
    sessions.sign_out(store, here)
    assert sessions.present(store, secrets[1], now=NOW) is None
    sessions.sign_out(store, here)


def test_a_session_that_nobody_uses_ends_and_so_does_one_of_yesterday(store: Store) -> None:
    secret = begin(store, add(store))
    almost = NOW + sessions.IDLE - timedelta(seconds=1)
    assert sessions.present(store, secret, now=almost) is not None
    assert sessions.present(store, secret, now=almost + sessions.IDLE) is None
    at = NOW
    while at - NOW < sessions.LONGEST:
        assert sessions.present(store, secret, now=at) is not None, "used every hour"
        at += timedelta(hours=1)
    assert sessions.present(store, secret, now=NOW + sessions.LONGEST) is None


def test_the_last_use_is_noted_every_five_minutes_and_not_each_time(store: Store) -> None:
    account = add(store)
    secret = begin(store, account)
    for minutes, noted in ((1, 0), (4, 0), (5, 5), (7, 5), (11, 11)):
        sessions.present(store, secret, now=NOW + timedelta(minutes=minutes))
        (found,) = sessions.sessions_of(store, account.id, now=NOW + timedelta(minutes=minutes))
        assert found.used_at == NOW + timedelta(minutes=noted)


def test_rows_of_sessions_that_are_over_go(store: Store) -> None:
    account = add(store)
    begin(store, account)
    begin(store, account, NOW + timedelta(days=2))
    assert store.read(lambda connection: connection.scalar(sa.select(sa.func.count()).select_from(session))) == 1


def test_nobody_begins_a_session_with_a_password_that_was_changed_meanwhile(store: Store) -> None:
    before, link = accounts.add_account(store, email="a@b.example", role="national", now=NOW)
    accounts.set_password(store, secret=link or "", password="a long enough password", now=NOW)
    with pytest.raises(NotAllowed, match="changed meanwhile"):
        begin(store, before)
    assert accounts.unchanged(store, account_id=before.id, session_key=before.session_key) is None
    closed = accounts.close_account(store, email="a@b.example", actor="cli:me", now=NOW)
    with pytest.raises(NotAllowed):
        begin(store, closed)


def test_nobody_begins_a_session_past_a_second_factor_that_was_set_up_meanwhile(store: Store) -> None:
    account = add(store)
    earlier = begin(store, account)
    staff.set_up(store, account, key=KEY, now=NOW)
    assert sessions.present(store, earlier, now=NOW) is None, "it ended those that began without"
    with pytest.raises(NotAllowed, match="second factor was set up meanwhile"):
        begin(store, account)
