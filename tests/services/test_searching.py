"""Finding a venue or an offer in the public directory."""

import pytest

from app.core import coordinates
from app.core.errors import NotFound
from app.services import directory, listing, searching
from app.services.searching import Wanted, search
from tests.world import ACTOR, HALL, LEISURE, LIBRARY, World

TRURO = coordinates.parse("50.2653,-5.0544")


@pytest.fixture
def placed(world: World) -> World:
    """The venues where they are, but for the library, which nobody has placed."""
    said = {
        LEISURE: {"town": "Redruth", "at": "50.2287,-5.2653", "name_cy": "Canolfan Hamdden", "postcode": "TR15 3QS"},
        HALL: {"town": "Chorley", "at": "53.6536,-2.6300"},
    }
    for venue, fields in said.items():
        listing.set_place(world.store, venue=venue, actor=ACTOR, now=world.now, **fields)
    directory.add_offer(world.store, venue=LIBRARY, name="Caffè e pane’s hour", hours=4)
    return world


def found(world: World, text: str = "", **more: object) -> dict[str, list[str]]:
    """The venues that fit in their order, each with its offers that do."""
    wanted = Wanted(text, **more)  # type: ignore[arg-type]
    return {each.venue.name: sorted(offer.name for offer in each.offers) for each in search(world.store, wanted)}


@pytest.mark.parametrize(
    ("text", "venues"),
    [
        ("swim", {LEISURE: ["Gym and swim", "Swim"]}),
        ("SWIM gym", {LEISURE: ["Gym and swim"]}),
        ("swim in Redruth", {LEISURE: ["Gym and swim", "Swim"]}),
        ("redruth", {LEISURE: ["Gym and swim", "Neighbours' lunch", "Swim"]}),
        ("tr15", {LEISURE: ["Gym and swim", "Neighbours' lunch", "Swim"]}),
        ("canolfan", {LEISURE: ["Gym and swim", "Neighbours' lunch", "Swim"]}),
        ("caffe PANES", {LIBRARY: ["Caffè e pane’s hour"]}),
        ("matinee redruth", {}),
        ("%", {LEISURE: ["Gym and swim", "Neighbours' lunch", "Swim"], LIBRARY: ["Caffè e pane’s hour"], HALL: ["Matinee"]}),
    ],
)  # fmt: skip
def test_every_word_is_somewhere_in_the_venue_or_the_offer(
    placed: World, text: str, venues: dict[str, list[str]]
) -> None:
    assert found(placed, text) == venues


def test_they_are_narrowed_by_kind_programme_and_price(placed: World) -> None:
    assert set(found(placed, kind="community")) == {LIBRARY}
    assert set(found(placed, programme="LAN")) == {HALL}
    assert found(placed, most_hours=1)[LEISURE] == ["Neighbours' lunch", "Swim"]
    assert LIBRARY not in found(placed, most_hours=3), "nothing there is that cheap"
    assert found(placed, "library", most_hours=4) == {LIBRARY: ["Caffè e pane’s hour"]}


def test_the_nearest_comes_first_and_what_nobody_placed_last(placed: World) -> None:
    listed = search(placed.store, Wanted(near=TRURO))
    assert [each.venue.name for each in listed] == [LEISURE, HALL, LIBRARY]
    assert [each.metres for each in listed] == [15_539, 411_699, None]
    nearby = found(placed, within=lambda at: at.latitude < 51)
    assert set(nearby) == {LEISURE}


def test_a_closed_offer_and_the_specimens_are_not_there(placed: World) -> None:
    directory.close_offer(placed.store, offer="Matinee", now=placed.now)
    assert found(placed)[HALL] == []
    nowhere = directory.add_venue(placed.store, programme="SPC", name="Nowhere")
    assert "Nowhere" not in found(placed)
    for venue_id in (nowhere.id, 999):
        with pytest.raises(NotFound, match="There is no such venue"):
            searching.one(placed.store, venue_id)
    hall = next(each.venue.id for each in search(placed.store, Wanted()) if each.venue.name == HALL)
    assert searching.one(placed.store, hall).place.town == "Chorley"
