"""A commit whose answer is lost with the connection is tried again, and is then found done."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from app.core import opening_hours
from app.core.errors import Refused
from app.core.lifecycle import Kind
from app.services import accounts, desks, directory, handing_out
from app.store.database import Store
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


def test_an_order_is_entered_once_and_has_its_file(losing: World) -> None:
    world = losing
    made = world.order(quantity=5)
    assert made.order.id == "CWL26-003"
    assert made.job.exists()
    assert world.counts("CWL26 101-115") == {"ordered": 15}
    assert world.findings() == []
