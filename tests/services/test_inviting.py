"""Inviting: each keeps the accounts in its reach, and those of others are not there."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.core.errors import BadInput, HournoteError, NotAllowed, NotFound, Refused
from app.services import accounts, inviting
from app.services.accounts import Account
from tests.world import CHORLEY, HALL, LIBRARY, YMCA, World

PASSWORD = "four plain words here"


def member(world: World, role: str, **scope: str) -> Account:
    email = f"{role}{len(accounts.all_accounts(world.store))}@example.org"
    return accounts.add_account(world.store, email=email, role=role, now=world.now, **scope)[0]


@pytest.fixture
def national(world: World) -> Account:
    return member(world, "national")


@pytest.fixture
def cornwall(world: World) -> Account:
    return member(world, "programme", programme="CWL")


def test_an_invitation_is_a_link_that_sets_a_password_once(world: World, national: Account) -> None:
    made, secret = inviting.invite(
        world.store, by=national, email="New@Example.org", role="programme", programme="CWL", now=world.now
    )
    assert (made.email, made.role, made.programme_id) == ("new@example.org", "programme", 1)
    accounts.set_password(world.store, secret=secret, password=PASSWORD, now=world.now)
    assert accounts.sign_in(world.store, email="new@example.org", password=PASSWORD)
    with pytest.raises(Refused, match="already"):
        inviting.invite(
            world.store, by=national, email="new@example.org", role="auditor", programme="CWL", now=world.now
        )
    _found, events = inviting.account_of(world.store, by=national, account_id=made.id)
    assert [(event.kind, event.actor) for event in events] == [
        ("password set by link", "new@example.org"), ("invited", national.email),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "given"),
    [("auditor", {}), ("keeper", {"organisation": YMCA}), ("venue", {"venue": LIBRARY}),
     ("auditor", {"programme": "LAN"})],
)  # fmt: skip
def test_a_programme_invites_to_itself_alone(world: World, cornwall: Account, role: str, given: dict[str, str]) -> None:
    made, _ = inviting.invite(world.store, by=cornwall, email="new@example.org", role=role, now=world.now, **given)
    assert made.programme_id == cornwall.programme_id


@pytest.mark.parametrize(
    ("role", "given", "error"),
    [
        ("national", {}, NotAllowed), ("programme", {}, NotAllowed), ("press", {}, NotAllowed), ("king", {}, NotAllowed),
        ("keeper", {}, BadInput), ("keeper", {"organisation": CHORLEY}, BadInput), ("venue", {"venue": HALL}, BadInput),
        ("keeper", {"organisation": "Nobody"}, BadInput), ("venue", {"venue": " "}, BadInput),
    ],
)  # fmt: skip
def test_what_a_programme_may_not_invite_is_refused(
    world: World, cornwall: Account, role: str, given: dict[str, str], error: type[HournoteError]
) -> None:
    with pytest.raises(error):
        inviting.invite(world.store, by=cornwall, email="new@example.org", role=role, now=world.now, **given)
    assert len(accounts.all_accounts(world.store)) == 1


@pytest.mark.parametrize("role", ["auditor", "press", "keeper", "venue"])
def test_others_invite_nobody(world: World, role: str) -> None:
    scope = {"keeper": {"organisation": YMCA}, "venue": {"venue": LIBRARY}}.get(role, {"programme": "CWL"})
    by = member(world, role, **scope)
    with pytest.raises(NotAllowed):
        inviting.invite(world.store, by=by, email="new@example.org", role="auditor", programme="CWL", now=world.now)
    with pytest.raises(NotAllowed):
        inviting.choices(world.store, by=by)


def test_each_sees_the_accounts_in_its_reach(world: World, national: Account, cornwall: Account) -> None:
    auditor, keeper = member(world, "auditor", programme="CWL"), member(world, "keeper", organisation=YMCA)
    other = member(world, "auditor", programme="LAN")
    everybody = {national.id, cornwall.id, auditor.id, keeper.id, other.id}
    for by, sees, keeps in (
        (national, everybody, everybody),
        (cornwall, {cornwall.id, auditor.id, keeper.id}, {auditor.id, keeper.id}),
        (auditor, {cornwall.id, auditor.id, keeper.id}, set()),
    ):
        listed = inviting.listed(world.store, by=by)
        assert {each.account.id for each in listed} == sees
        assert {each.account.id for each in listed if each.is_mine_to_keep} == keeps
    with pytest.raises(NotAllowed):
        inviting.listed(world.store, by=keeper)


Verb = Callable[..., object]


@pytest.mark.parametrize("verb", [inviting.new_link, inviting.close, inviting.reopen])
def test_an_account_out_of_reach_is_not_there(world: World, cornwall: Account, verb: Verb) -> None:
    for other in (member(world, "auditor", programme="LAN").id, member(world, "national").id, 999):
        with pytest.raises(NotFound, match=r"^There is no such account\.$"):
            verb(world.store, by=cornwall, account_id=other, now=world.now)
    peer = member(world, "programme", programme="CWL")
    with pytest.raises(NotAllowed):
        verb(world.store, by=cornwall, account_id=peer.id, now=world.now)
    auditor = member(world, "auditor", programme="CWL")
    with pytest.raises(NotAllowed):
        verb(world.store, by=auditor, account_id=peer.id, now=world.now)


def test_a_new_link_is_for_a_forgotten_password(world: World, cornwall: Account) -> None:
    auditor, first = accounts.add_account(
        world.store, email="a@example.org", role="auditor", programme="CWL", now=world.now
    )
    _account, second = inviting.new_link(world.store, by=cornwall, account_id=auditor.id, now=world.now)
    with pytest.raises(NotAllowed):
        accounts.set_password(world.store, secret=first or "", password=PASSWORD, now=world.now)
    with pytest.raises(NotAllowed):
        accounts.set_password(world.store, secret=second, password=PASSWORD, now=world.now + timedelta(days=3))
    accounts.set_password(world.store, secret=second, password=PASSWORD, now=world.now + timedelta(days=2))


def test_accounts_are_closed_and_reopened_but_ones_own(world: World, national: Account) -> None:
    other = member(world, "national")
    assert inviting.close(world.store, by=national, account_id=other.id, now=world.now).closed_at is not None
    with pytest.raises(Refused, match="reopen it first"):
        inviting.new_link(world.store, by=national, account_id=other.id, now=world.now)
    assert inviting.reopen(world.store, by=national, account_id=other.id, now=world.now).closed_at is None
    with pytest.raises(Refused, match="your own account"):
        inviting.close(world.store, by=national, account_id=national.id, now=world.now)


def test_nobody_goes_past_ones_own_password_by_a_link(world: World, national: Account) -> None:
    with pytest.raises(Refused, match="on your account's page"):
        inviting.new_link(world.store, by=national, account_id=national.id, now=world.now)


def test_there_is_something_to_choose_from(world: World, national: Account, cornwall: Account) -> None:
    mine, all_of_it = (inviting.choices(world.store, by=by) for by in (cornwall, national))
    assert [each.code for each in mine.programmes] == ["CWL"]
    assert {each.name for each in mine.organisations} & {CHORLEY} == set()
    assert {each.name for each in all_of_it.venues} >= {HALL, LIBRARY}
    assert [str(role) for role in mine.roles] == ["auditor", "keeper", "venue"]
