"""The second factor: codes of RFC 6238 that are taken once, recovery codes, and secrets that are sealed."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.core.errors import NotAllowed, Refused
from app.services import accounts, second_factor, sessions
from app.services.accounts import Account
from app.services.books import Store
from app.services.sealing import key_of, seal, unseal
from app.store.tables import recovery_code
from app.store.tables import second_factor as rows
from tests import staff

NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
KEY = key_of("a secret of the service that is long enough")
STEP = timedelta(seconds=30)


@pytest.fixture
def national(store: Store) -> Account:
    return accounts.add_account(store, email="a@b.example", role="national", now=NOW)[0]


def taken(store: Store, account: Account, code: str, now: datetime = NOW, key: bytes = KEY) -> bool:
    try:
        second_factor.check(store, key=key, account=account, code=code, now=now)
    except NotAllowed:
        return False
    return True


def test_codes_are_those_of_rfc_6238() -> None:
    """Appendix B, SHA-1, the last six of eight digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert second_factor.code_at(secret, datetime.fromtimestamp(seconds, UTC)) == code


def test_it_counts_from_the_first_code_on(store: Store, national: Account) -> None:
    begun = second_factor.set_up(store, key=KEY, account=national, now=NOW)
    assert begun == second_factor.set_up(store, key=KEY, account=national, now=NOW), (
        "a page loaded again shows the same"
    )
    assert begun.uri.startswith("otpauth://totp/Hournote:a%40b.example?secret=")
    assert not second_factor.is_set(store, national)
    assert not taken(store, national, second_factor.code_at(begun.secret, NOW)), "not before it is confirmed"
    with pytest.raises(NotAllowed, match="not right"):
        second_factor.confirm(store, key=KEY, account=national, code="000000", now=NOW)
    codes = second_factor.confirm(
        store, key=KEY, account=national, code=second_factor.code_at(begun.secret, NOW), now=NOW
    )
    assert len(set(codes)) == 10
    assert second_factor.standing(store, national) == second_factor.Standing(True, True, 10)
    for again in (
        lambda: second_factor.set_up(store, key=KEY, account=national, now=NOW),
        lambda: second_factor.confirm(store, key=KEY, account=national, code="000000", now=NOW),
    ):
        with pytest.raises(Refused, match="already"):
            again()


def test_a_code_is_taken_once_and_none_older_after_it(store: Store, national: Account) -> None:
    secret, _ = staff.set_up(store, national, key=KEY, now=NOW)
    before, now, after = (second_factor.code_at(secret, NOW + STEP * steps) for steps in (-1, 0, 1))
    assert taken(store, national, before)
    assert not taken(store, national, before)
    assert taken(store, national, f" {now[:3]} {now[3:]} ")
    assert not taken(store, national, now)
    assert not taken(store, national, before)
    assert taken(store, national, after)
    assert not taken(store, national, now), "whoever looked over a shoulder has nothing"


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_wrong_by_one_step(store: Store, national: Account, steps: int, fits: bool) -> None:
    secret, _ = staff.set_up(store, national, key=KEY, now=NOW)
    assert taken(store, national, second_factor.code_at(secret, NOW + STEP * steps)) is fits


@pytest.mark.parametrize("code", ["", "0", "12345", "1234567", "abcdef", "٣٣٣٣٣٣", "\0", "\ud800", "9" * 5000])
def test_what_is_no_code_is_not_taken(store: Store, national: Account, code: str) -> None:
    staff.set_up(store, national, key=KEY, now=NOW)
    assert not taken(store, national, code)


def test_a_recovery_code_is_taken_once_however_it_is_typed(store: Store, national: Account) -> None:
    _secret, codes = staff.set_up(store, national, key=KEY, now=NOW)
    other = accounts.add_account(store, email="other@b.example", role="national", now=NOW)[0]
    staff.set_up(store, other, key=KEY, now=NOW)
    assert not taken(store, other, codes[0])
    assert taken(store, national, codes[0].lower().replace("-", " ").replace("o", "0").replace("i", "1"))
    assert not taken(store, national, codes[0])
    assert second_factor.standing(store, national).codes_left == 9
    kept = str(store.read(lambda connection: connection.execute(sa.select(recovery_code)).all()))
    assert not [each for each in codes if each in kept or each.replace("-", "") in kept]


def test_new_recovery_codes_end_those_before(store: Store, national: Account) -> None:
    secret, old = staff.set_up(store, national, key=KEY, now=NOW)
    with pytest.raises(NotAllowed):
        second_factor.new_recovery_codes(store, key=KEY, account=national, code="000000", now=NOW)
    code = second_factor.code_at(secret, NOW)
    new = second_factor.new_recovery_codes(store, key=KEY, account=national, code=code, now=NOW)
    assert not taken(store, national, old[0])
    assert taken(store, national, new[0])


def test_it_is_taken_away_for_a_code_and_set_up_anew(store: Store, national: Account) -> None:
    secret, codes = staff.set_up(store, national, key=KEY, now=NOW)
    with pytest.raises(NotAllowed):
        second_factor.take_away(store, key=KEY, account=national, code="000000", now=NOW)
    second_factor.take_away(store, key=KEY, account=national, code=second_factor.code_at(secret, NOW), now=NOW)
    assert second_factor.standing(store, national) == second_factor.Standing(False, True, 0)
    assert not taken(store, national, codes[1])
    assert staff.set_up(store, national, key=KEY, now=NOW + STEP)[0] != secret


def test_a_reset_ends_the_sessions(store: Store, national: Account) -> None:
    staff.set_up(store, national, key=KEY, now=NOW)
    session = sessions.begin(store, national, now=NOW, second_factor=True)
    assert second_factor.reset_account(store, account=national, actor="cli:me", now=NOW)
    assert not second_factor.is_set(store, national)
    assert sessions.present(store, session, now=NOW) is None
    assert not second_factor.reset_account(store, account=national, actor="cli:me", now=NOW)


def test_what_an_app_shares_is_sealed_for_its_account_alone(store: Store, national: Account) -> None:
    secret, _ = staff.set_up(store, national, key=KEY, now=NOW)
    kept = store.read(lambda connection: connection.execute(sa.select(rows)).one())
    assert secret.encode() not in kept.sealed
    assert unseal(KEY, kept.sealed, whose=national.id) == secret
    assert seal(KEY, secret, whose=national.id) != kept.sealed
    for key, whose in ((key_of("another secret"), national.id), (KEY, national.id + 1)):
        with pytest.raises(Refused, match="another secret key"):
            unseal(key, kept.sealed, whose=whose)


def test_one_that_was_begun_under_another_key_is_begun_anew(store: Store, national: Account) -> None:
    before = second_factor.set_up(store, key=key_of("another secret"), account=national, now=NOW)
    assert second_factor.set_up(store, key=KEY, account=national, now=NOW) != before


def begun_by(store: Store, account: Account, session: str, now: datetime = NOW) -> str:
    """What the page that sets it up shows in a session."""
    found = sessions.present(store, session, now=now)
    assert found is not None
    return second_factor.set_up(store, key=KEY, account=account, now=now, session=found.session).secret


def test_what_another_session_began_is_not_gone_on_with(store: Store, national: Account) -> None:
    mine, other = (sessions.begin(store, national, now=NOW, second_factor=False) for _ in range(2))
    theirs = begun_by(store, national, other)
    shown = begun_by(store, national, mine)
    assert shown != theirs
    assert begun_by(store, national, mine, NOW + timedelta(minutes=15)) == shown, "a page loaded again shows the same"
    assert begun_by(store, national, mine, NOW + timedelta(minutes=15, seconds=1)) != shown


def test_what_was_begun_ends_with_the_password(store: Store, national: Account) -> None:
    def new_password() -> None:
        _account, secret = accounts.new_link(store, email=national.email, actor="cli:me", now=NOW)
        accounts.set_password(store, secret=secret, password="four plain words here", now=NOW)

    secret = second_factor.set_up(store, key=KEY, account=national, now=NOW).secret
    new_password()
    with pytest.raises(Refused, match="No second factor was begun"):
        second_factor.confirm(store, key=KEY, account=national, code=second_factor.code_at(secret, NOW), now=NOW)
    staff.set_up(store, national, key=KEY, now=NOW)
    new_password()
    assert second_factor.is_set(store, national), "one that counts goes on counting"
