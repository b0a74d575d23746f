"""Accounts: one password, links that work once, and sessions that end with it."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from app.core.errors import BadInput, HournoteError, NotAllowed, NotFound, Refused
from app.services import accounts, directory, sessions
from app.services.books import Store
from app.store import access
from app.store.tables import account as accounts_table
from app.store.tables import link

NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)
PASSWORD = "four plain words here"


@pytest.fixture
def office(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Books with a programme, an organisation and a venue; the hash is made cheap."""
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts._nobodys_hash.cache_clear()
    directory.add_programme(store, code="CWL", name="Cornwall")
    directory.add_programme(store, code="LAN", name="Lancashire")
    directory.add_organisation(store, programme="CWL", name="YMCA Cornwall")
    directory.add_venue(store, programme="CWL", name="Leisure Centre")
    return store


def add(store: Store, email: str = "office@cornwall.example", role: str = "programme", **more: str) -> str | None:
    given = {"programme": "CWL"} if role != "national" and not more.keys() & {"organisation", "venue"} else {}
    return accounts.add_account(store, email=email, role=role, now=NOW, **{**given, **more})[1]


def enters(store: Store, password: str, email: str = "office@cornwall.example") -> bool:
    return accounts.sign_in(store, email=email, password=password) is not None


def entered(store: Store) -> str:
    """The secret of a session that begins with the password."""
    found = accounts.sign_in(store, email="office@cornwall.example", password=PASSWORD)
    assert found is not None
    return sessions.begin(store, found, now=NOW, second_factor=False)


def test_an_account_signs_in_with_its_password(office: Store) -> None:
    assert add(office, password=PASSWORD) is None
    assert enters(office, PASSWORD)
    assert enters(office, PASSWORD, " Office@Cornwall.example ")
    assert not enters(office, PASSWORD + "x")
    assert not enters(office, "")
    for email in ("nobody@cornwall.example", "", "\x00", "office@cornwall.example\x00", "\ud800@b.example", "x" * 5000):
        assert not enters(office, PASSWORD, email)


def test_a_password_is_kept_as_a_hash(office: Store) -> None:
    add(office, password=PASSWORD)
    kept = office.read(lambda connection: connection.execute(sa.select(accounts_table)).one())
    assert kept.password_hash.startswith("$argon2id$")
    assert PASSWORD not in str(kept)


def test_a_link_sets_a_password_once(office: Store) -> None:
    secret = add(office)
    assert secret
    assert not enters(office, PASSWORD)
    accounts.set_password(office, secret=secret, password=PASSWORD, now=NOW)
    assert enters(office, PASSWORD)
    with pytest.raises(NotAllowed, match="used already or is too old"):
        accounts.set_password(office, secret=secret, password="another long one", now=NOW)
    assert enters(office, PASSWORD)


def test_a_link_is_kept_as_a_hash_and_grows_old(office: Store) -> None:
    secret = add(office)
    assert secret
    assert secret not in str(office.read(lambda connection: connection.execute(sa.select(link)).all()))
    with pytest.raises(NotAllowed):
        accounts.set_password(office, secret=secret, password=PASSWORD, now=NOW + accounts.LINK_LIFE)
    with pytest.raises(NotAllowed):
        accounts.set_password(office, secret="", password=PASSWORD, now=NOW)


@pytest.mark.parametrize("password", ["", "short", "x" * 11, "x" * 201])
def test_a_password_has_a_length_and_a_bad_one_leaves_the_link_good(office: Store, password: str) -> None:
    secret = add(office)
    assert secret
    with pytest.raises(BadInput, match="12 to 200 characters"):
        accounts.set_password(office, secret=secret, password=password, now=NOW)
    accounts.set_password(office, secret=secret, password=PASSWORD, now=NOW)


def test_sessions_end_when_the_password_is_set_by_a_link(office: Store) -> None:
    add(office, password=PASSWORD)
    other, _ = accounts.add_account(office, email="a@b.example", role="national", now=NOW)
    mine, theirs = entered(office), sessions.begin(office, other, now=NOW, second_factor=True)
    _account, secret = accounts.new_link(office, email="office@cornwall.example", actor="cli:me", now=NOW)
    assert sessions.present(office, mine, now=NOW) is not None, "asking for a link ends nothing"
    accounts.set_password(office, secret=secret, password="another long password", now=NOW)
    assert sessions.present(office, mine, now=NOW) is None
    assert sessions.present(office, theirs, now=NOW) is not None


def test_changing_ones_password_ends_the_other_sessions_and_links(office: Store) -> None:
    add(office, password=PASSWORD)
    here, elsewhere = entered(office), entered(office)
    _account, secret = accounts.new_link(office, email="office@cornwall.example", actor="cli:me", now=NOW)
    found = sessions.present(office, here, now=NOW)
    assert found is not None
    with pytest.raises(NotAllowed, match="That is not your password"):
        change(office, found, "not the password")
    assert sessions.present(office, elsewhere, now=NOW) is not None
    change(office, found, PASSWORD)
    assert sessions.present(office, here, now=NOW) is not None
    assert sessions.present(office, elsewhere, now=NOW) is None
    assert enters(office, "a new long password")
    assert not enters(office, PASSWORD)
    with pytest.raises(NotAllowed, match="used already"):
        accounts.set_password(office, secret=secret, password=PASSWORD, now=NOW)


def change(store: Store, here: sessions.Present, password: str) -> None:
    accounts.change_password(
        store, account=here.account, session_id=here.session.id, password=password, new="a new long password", now=NOW
    )


def test_a_new_link_ends_the_one_before(office: Store) -> None:
    first = add(office)
    _account, second = accounts.new_link(office, email=" OFFICE@cornwall.example", actor="cli:me", now=NOW)
    assert first
    with pytest.raises(NotAllowed):
        accounts.set_password(office, secret=first, password=PASSWORD, now=NOW)
    accounts.set_password(office, secret=second, password=PASSWORD, now=NOW)
    with pytest.raises(NotFound, match="There is no account"):
        accounts.new_link(office, email="nobody@b.example", actor="cli:me", now=NOW)


def test_a_closed_account_is_out_at_once_and_comes_back_with_its_password(office: Store) -> None:
    add(office, password=PASSWORD)
    mine = entered(office)
    _account, secret = accounts.new_link(office, email="office@cornwall.example", actor="cli:me", now=NOW)
    for _again in range(2):
        closed = accounts.close_account(office, email="office@cornwall.example", actor="cli:me", now=NOW)
    assert closed.closed_at == NOW
    assert not enters(office, PASSWORD)
    assert sessions.present(office, mine, now=NOW) is None
    with pytest.raises(NotAllowed):
        accounts.set_password(office, secret=secret, password=PASSWORD, now=NOW)
    with pytest.raises(Refused, match="is closed: reopen it first"):
        accounts.new_link(office, email="office@cornwall.example", actor="cli:me", now=NOW)
    for _again in range(2):
        accounts.reopen_account(office, email="office@cornwall.example", actor="cli:me", now=NOW)
    assert enters(office, PASSWORD)
    assert sessions.present(office, mine, now=NOW) is None
    kinds = office.read(lambda connection: [event.kind for event in access.events(connection, closed.id)])
    assert kinds == ["reopened", "closed", "link made", "added"]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"email": "nobody"}, BadInput),
        ({"email": "a b@c.example"}, BadInput),
        ({"email": "a@b@c"}, BadInput),
        ({"email": "a\x00@b.example"}, BadInput),
        ({"email": "a\udcff@b.example"}, BadInput),
        ({"email": "x" * 65 + "@b.example"}, BadInput),
        ({"role": "king"}, BadInput),
        ({"role": "programme", "programme": ""}, BadInput),
        ({"programme": "XYZ"}, NotFound),
        ({"programme": "Cornwall"}, BadInput),
        ({"programme": "LAN", "organisation": "YMCA Cornwall"}, BadInput),
        ({"organisation": "Nobody"}, NotFound),
        ({"venue": "Nowhere"}, NotFound),
        ({"password": "short"}, BadInput),
        ({"email": "OFFICE@cornwall.example"}, Refused),
    ],
)
def test_an_account_that_cannot_be_is_refused(office: Store, given: dict[str, str], error: type[HournoteError]) -> None:
    add(office)
    told = {"email": "new@cornwall.example", "role": "programme", **given}
    with pytest.raises(error):
        add(office, **told)


def test_a_keeper_belongs_to_the_programme_of_the_organisation(office: Store) -> None:
    made, _ = accounts.add_account(office, email="k@b.example", role="keeper", organisation="ymca cornwall", now=NOW)
    assert (made.programme_id, made.organisation_id, made.venue_id) == (1, 1, None)


def test_who_takes_part_is_named_once_and_found_by_name_or_id(office: Store) -> None:
    with pytest.raises(Refused):
        directory.add_programme(office, code="cwl", name="Again")
    with pytest.raises(Refused):
        directory.add_organisation(office, programme="CWL", name="ymca  CORNWALL")
    with pytest.raises(Refused):
        directory.add_venue(office, programme="CWL", name="Leisure centre")
    directory.add_venue(office, programme="LAN", name="Leisure Centre")
    with pytest.raises(Refused, match="say which by its id"):
        directory.add_offer(office, venue="Leisure Centre", name="Swim", hours=1)
    assert directory.add_offer(office, venue="2", name="Swim", hours=1).venue_id == 2
    for bad in (0, 51, -1):
        with pytest.raises(BadInput):
            directory.add_offer(office, venue="2", name="Swim again", hours=bad)
    with pytest.raises(BadInput):
        directory.set_policy(office, venue="2", keyed_per_day=1001)
    for name in ("", " ", "x" * 121, "a\x00b", "\ud800"):
        with pytest.raises(BadInput):
            directory.add_organisation(office, programme="CWL", name=name)
