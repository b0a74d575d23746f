"""Offers with days, hours and limits: a visit outside of them is refused by name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.core import opening_hours
from app.core.errors import BadInput, NotFound, Refused
from app.services import directory
from app.store import parties
from tests.world import HALL, LEISURE, World


def offer(world: World, name: str = "Sauna", **more: object) -> int:
    """An offer at the leisure centre that costs an hour."""
    return directory.add_offer(world.store, venue=LEISURE, name=name, hours=1, **more).id  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (datetime(2026, 7, 6, 7, 59, tzinfo=UTC), "offer_closed"),
        (datetime(2026, 7, 6, 8, 0, tzinfo=UTC), None),
        (datetime(2026, 7, 6, 16, 29, tzinfo=UTC), None),
        (datetime(2026, 7, 6, 16, 30, tzinfo=UTC), "offer_closed"),
        (datetime(2026, 7, 11, 12, 0, tzinfo=UTC), "offer_closed"),
        (datetime(2026, 12, 7, 8, 59, tzinfo=UTC), "offer_closed"),
        (datetime(2026, 12, 7, 9, 0, tzinfo=UTC), None),
    ],
)
def test_an_offer_is_open_on_its_days_and_hours_in_london(world: World, now: datetime, reason: str | None) -> None:
    sauna = offer(world, opening=opening_hours.parse("mon-fri", "09:00", "17:30"))
    world.now = now
    answer = world.redeem(11, offer_id=sauna)
    assert (answer["outcome"], answer["reason"]) == ("refused" if reason else "accepted", reason)
    assert answer["notes"][0]["verdict"] == ("good" if reason else "accepted")
    assert world.state(11) == ("issued" if reason else "redeemed")


def test_a_visit_brings_at_most_so_many_notes(world: World) -> None:
    sauna = offer(world, most_notes=2)
    assert world.redeem(11, 12, 13, offer_id=sauna)["reason"] == "offer_limit"
    assert world.redeem(11, 12, offer_id=sauna)["reason"] is None


def test_a_closed_offer_is_offered_no_more(world: World) -> None:
    directory.close_offer(world.store, offer="swim", now=world.now)
    world.later(seconds=1)
    assert world.redeem(11, offer_id=world.offers["Swim"])["reason"] == "offer_closed"
    assert "Swim" not in {each.name for each in world.desk().offers}
    first = directory.close_offer(world.store, offer=str(world.offers["Swim"]), now=world.later(days=1))
    assert first.closed_at == world.now - timedelta(days=1, seconds=1), "again changes nothing"
    with pytest.raises(NotFound, match="There is no offer 'swim'"):
        directory.close_offer(world.store, offer="swim", now=world.now)
    with pytest.raises(Refused, match="before it was closed, called swim already"):
        offer(world, "swim")


def test_an_offer_that_was_closed_meanwhile_stays_closed_when_a_form_is_kept(world: World) -> None:
    read = next(each for each, _venue in directory.offers(world.store) if each.name == "Swim")
    directory.close_offer(world.store, offer="swim", now=world.now)
    world.store.write(lambda connection: parties.change_offer(connection, replace(read, text="Two pools.")))
    kept = next(each for each, _venue in directory.offers(world.store) if each.name == "Swim")
    assert (kept.closed_at, kept.text) == (world.now, "Two pools.")


def test_a_visit_that_a_desk_took_offline_is_judged_by_what_the_offer_says_when_it_is_told(world: World) -> None:
    """The form of an offer and the office's guide warn of it."""
    sauna, taken = offer(world), world.now
    read = next(each for each, _venue in directory.offers(world.store) if each.id == sauna)
    world.store.write(lambda connection: parties.change_offer(connection, replace(read, price_hours=2)))
    world.later(hours=2)
    answer = world.redeem(11, offer_id=sauna, scanned_at=taken, offline=True)
    assert (answer["outcome"], answer["reason"]) == ("refused", "wrong_hours")


def test_a_name_that_several_offers_have_is_not_enough(world: World) -> None:
    directory.add_offer(world.store, venue=HALL, name="Swim", hours=1)
    with pytest.raises(Refused, match="say which by its id"):
        directory.close_offer(world.store, offer="Swim", now=world.now)


@pytest.mark.parametrize(("hours", "most"), [(0, None), (51, None), (1, 0), (1, 51), (3, 2)])
def test_an_offer_that_nobody_could_take_is_refused(world: World, hours: int, most: int | None) -> None:
    with pytest.raises(BadInput):
        directory.add_offer(world.store, venue=LEISURE, name="Sauna", hours=hours, most_notes=most)


def test_an_offer_is_kept_with_its_limits(world: World) -> None:
    hours = opening_hours.parse("fri", "22:00", "02:00")
    made = offer(world, opening=hours, most_notes=4, local_only=True)
    kept = {each.id: (each, place.name) for each, place in directory.offers(world.store)}
    found, venue = kept[made]
    assert (found.opening, found.most_notes, found.local_only, venue) == (hours, 4, True, LEISURE)
    assert directory.terms_of(found) == {
        "id": made, "name": "Sauna", "hours": 1, "days": ["fri"], "from": "22:00", "until": "02:00", "most_notes": 4,
        "local_only": True,
    }  # fmt: skip
