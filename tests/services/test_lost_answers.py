"""A commit whose answer is lost with the connection is tried again, and is then found done."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from app.core import opening_hours
from app.core.errors import Refused
from app.core.lifecycle import Kind
from app.core.roles import Deed
from app.services import accounts, asking, desks, directory, handing_out, inviting, second_factor
from app.store.database import Store
from tests import staff
from tests.world import ACTOR, LIBRARY, YMCA, World


@pytest.fixture
def losing(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Every transaction is committed, and then run once more, as after a connection that broke in between."""
    write = Store.write

    def twice(self: Store, work: Callable[[Connection], Any]) -> Any:
        write(self, work)
        return write(self, work)

    monkeypatch.setattr(Store, "write", twice)
    return world


def test_a_visit_is_accepted_once(losing: World) -> None:
    world = losing
    answer = world.redeem(11, 12)
    assert (answer["outcome"], answer["hours"]) == ("accepted", 2)
    assert world.reverse(answer["id"])["outcome"] == "reversed"
    assert world.redeem(11)["outcome"] == "accepted"
    assert world.counts("CWL26 11-12") == {"redeemed": 1, "issued": 1}
    assert world.findings() == []


def test_a_movement_is_made_once(losing: World) -> None:
    world = losing
    assert world.move(Kind.ISSUE, "CWL26 71-80", organisation=YMCA).state == "issued"
    assert world.move(Kind.VOID, "CWL26-002", reason="recalled").notes == 10
    assert world.balance("CWL26-001", spoiled=["CWL26 1"]).spoiled == 3
    world.redeem(71)
    assert world.retire("CWL26 71").notes == 1
    handed = handing_out.hand_out(
        world.store,
        named="CWL26 72-80",
        activity="Bingo",
        hours=9,
        people=9,
        actor=ACTOR,
        now=world.now,
        request_id=uuid4(),
    )
    assert handed.organisation == YMCA
    assert world.findings() == []


def test_a_desk_is_added_once_and_its_code_is_used_once(losing: World) -> None:
    """Whoever is told that the code was used already has lost the desk's key for good."""
    world = losing
    made = desks.add_desk(world.store, venue=LIBRARY, name="Till", now=world.now)
    assert [desk.name for desk, _venue in desks.desks(world.store)].count("Till") == 1
    enrolled = desks.enrol(world.store, code=made.code or "", name="Tablet", now=world.now)
    assert desks.desk_of_key(world.store, enrolled.key, now=world.now).desk.name == "Tablet"
    assert desks.revoke_desk(world.store, desk="Tablet", now=world.now).revoked_at is not None


def test_who_takes_part_is_added_once(losing: World) -> None:
    store = losing.store
    directory.add_programme(store, code="SOM", name="Somerset")
    head = directory.add_organisation(store, programme="SOM", name="Taunton Time Bank")
    site = directory.add_organisation(store, programme="SOM", name="Its garden", site_of="Taunton Time Bank")
    pool = directory.add_venue(store, programme="SOM", name="Pool", kind="corporate", organisation="Taunton Time Bank")
    opening = opening_hours.parse("mon-fri", "09:00", "17:00")
    swim = directory.add_offer(store, venue="Pool", name="Swim", hours=1, most_notes=4, opening=opening)
    assert [each.name for each in directory.programmes(store)].count("Somerset") == 1
    assert [each for each in directory.organisations(store) if each.programme == "SOM"] == [site, head]
    assert [each for each in directory.venues_with_offers(store) if each[0].programme == "SOM"] == [(pool, [swim])]
    for again in (
        lambda: directory.add_programme(store, code="SOM", name="Somerset"),
        lambda: directory.add_organisation(store, programme="SOM", name="Its garden"),
        lambda: directory.add_venue(store, programme="SOM", name="Pool"),
        lambda: directory.add_offer(store, venue="Pool", name="Swim", hours=1),
    ):
        with pytest.raises(Refused, match="already"):
            again()


def test_an_account_is_added_once_and_its_link_is_used_once(losing: World) -> None:
    store, now = losing.store, losing.now
    _account, secret = accounts.add_account(store, email="ann@example.org", role="national", now=now)
    accounts.set_password(store, secret=secret or "", password="correct horse battery", now=now)
    assert accounts.sign_in(store, email="ann@example.org", password="correct horse battery")


def test_a_second_factor_is_confirmed_once_and_its_codes_are_told(losing: World) -> None:
    store, now, key = losing.store, losing.now, bytes(32)
    ann, _ = accounts.add_account(store, email="ann@example.org", role="national", now=now)
    secret, codes = staff.set_up(store, ann, key=key, now=now)
    new = second_factor.new_recovery_codes(
        store, key=key, account=ann, code=second_factor.code_at(secret, now), now=now
    )  # fmt: skip
    assert second_factor.standing(store, ann).codes_left == 10
    assert set(new) & set(codes) == set()


def test_what_two_people_do_is_done_once(losing: World) -> None:
    world = losing
    ann, bob = (
        staff.present(
            world.store,
            accounts.add_account(world.store, email=email, role="national", now=world.now)[0],
            now=world.now,
        )
        for email in ("ann@example.org", "bob@example.org")
    )
    asked = asking.ask_to_move(
        world.store, by=ann, deed=Deed.REINSTATE, named="CWL26 86-90", reason="found", note=None, request_id=uuid4(),
        now=world.now,
    )  # fmt: skip
    done = asking.confirm(world.store, by=bob, request_id=asked.id, now=world.now)
    assert (done.kind, done.answered_by) == ("confirmed", "bob@example.org")
    assert world.counts("CWL26 86-90") == {"stocked": 5}
    _account, secret = inviting.new_link(world.store, by=ann.account, account_id=bob.account.id, now=world.now)
    accounts.set_password(world.store, secret=secret, password="correct horse battery", now=world.now)
    assert world.findings() == []


def test_an_order_is_entered_once_and_has_its_file(losing: World) -> None:
    world = losing
    made = world.order(quantity=5)
    assert made.order.id == "CWL26-003"
    assert made.job.exists()
    assert world.counts("CWL26 101-115") == {"ordered": 15}
    assert world.findings() == []
