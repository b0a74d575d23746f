"""Offers as they stood: what a desk that was apart is judged by when it tells of its visits."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection

from app.core import opening_hours
from app.services import accounts, directory, offered, offering
from app.services.accounts import Account
from app.store import parties
from app.store.parties import Offer
from tests.services.test_journal import send, visit
from tests.world import LEISURE, World

DAYS_APART = 3


@pytest.fixture
def office(world: World) -> Account:
    """Somebody who keeps the offers of a venue whose desks may be apart for three days."""
    directory.set_policy(world.store, venue=LEISURE, offline_hours=24 * DAYS_APART)
    return accounts.add_account(
        world.store, email="office@cornwall.example", role="programme", programme="CWL", now=world.now
    )[0]


def swim(world: World) -> Offer:
    return world.store.read(lambda connection: parties.offers_by_id(connection, [world.offers["Swim"]]))[
        world.offers["Swim"]
    ]


def change(world: World, office: Account, **more: Any) -> None:
    offering.change(
        world.store, by=office, offer_id=world.offers["Swim"], wanted=replace(swim(world), **more), now=world.now
    )


def reasons(world: World, *numbers: int, days_ago: float) -> str | None:
    told = send(
        world, visit(world, *numbers, offer_id=world.offers["Swim"], scanned_at=world.now - timedelta(days=days_ago))
    )
    reason: str | None = told[0]["reason"]
    return reason


def test_a_visit_that_was_taken_at_the_old_price_is_accepted(world: World, office: Account) -> None:
    world.later(days=10)
    change(world, office, price_hours=2)
    world.later(hours=5)
    assert reasons(world, 11, days_ago=1) is None
    assert world.redeem(12, offer_id=world.offers["Swim"])["reason"] == "wrong_hours", "a desk with a network knows it"
    assert world.findings() == []


def test_a_desk_that_was_apart_when_the_price_changed_is_judged_by_what_it_knew(world: World, office: Account) -> None:
    world.later(days=10)
    change(world, office, price_hours=2)
    world.later(days=DAYS_APART + 2)
    assert reasons(world, 11, days_ago=2.5) is None, "it may have been apart since before"
    assert reasons(world, 12, 13, days_ago=2.5) is None, "or have known"
    assert reasons(world, 14, days_ago=1) == "wrong_hours", "no desk is apart for so long"


def test_an_offer_that_was_closed_or_for_neighbours_alone_is_taken_as_it_was(world: World, office: Account) -> None:
    lancashire = world.token(1, "LAN26")
    world.later(days=10)
    change(world, office, local_only=True, most_notes=1)
    world.later(days=1)
    offering.close(world.store, by=office, offer_id=world.offers["Swim"], now=world.now)
    world.later(days=1)
    assert reasons(world, 11, 12, days_ago=1.5) is None, "more notes than now"
    foreign = replace(
        visit(world, 13, offer_id=world.offers["Swim"], scanned_at=world.now - timedelta(days=1.5)), notes=[lancashire]
    )
    assert send(world, foreign)[0]["reason"] is None
    assert reasons(world, 14, days_ago=0.5) is None, "it did not hear that the offer was closed"
    world.later(days=DAYS_APART)
    assert reasons(world, 15, days_ago=0) == "offer_closed"


def test_a_typed_serial_is_taken_off_the_days_allowance_once_however_many_versions_there_are(
    world: World, office: Account
) -> None:
    directory.set_policy(world.store, venue=LEISURE, keyed_per_day=2)
    world.later(days=10)
    change(world, office, price_hours=2)
    world.later(hours=5)
    told = [send(world, replace(visit(world, offer_id=world.offers["Swim"], offline=False), notes=[world.serial(number)])) for number in (11, 12, 13)]  # fmt: skip
    assert [each["notes"][0]["verdict"] for (each,) in told] == ["accepted", "accepted", "keyed_not_allowed"]


def test_every_version_is_found_again_at_its_time(world: World, office: Account) -> None:
    steps: list[dict[str, Any]] = [
        {"price_hours": 2}, {"opening": opening_hours.parse("mon-fri", "09:00", "24:00")}, {"local_only": True, "most_notes": 4},
        {"opening": opening_hours.ALWAYS, "price_hours": 1}, {"most_notes": None, "text": "Bring a towel."},
    ]  # fmt: skip
    was = [(world.now, swim(world))]
    for step in steps:
        change(world, office, **step) if world.later(hours=1) else None
        was.append((world.now, swim(world)))
    for closed in (True, False, True):
        turn = offering.close if closed else offering.reopen
        turn(world.store, by=office, offer_id=world.offers["Swim"], now=world.later(hours=1))
        was.append((world.now, swim(world)))
    now = swim(world)

    def judged(offer: Offer) -> tuple[object, ...]:
        return (offer.price_hours, offer.local_only, offer.most_notes, offer.opening, offer.closed_at is None)

    for place, (at, then) in enumerate(was):
        found = world.store.read(partial(_versions, now, was[0][0], at + timedelta(minutes=1)))
        assert judged(found[0]) == judged(then)
        assert {judged(each) for each in found} == {judged(each) for _at, each in was[: place + 1]}


def _versions(now: Offer, since: datetime, until: datetime, connection: Connection) -> list[Offer]:
    return offered.versions(connection, now, since=since, until=until)
