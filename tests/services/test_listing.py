"""What the directory says of venues and of whom to ask, and who changed it."""

from typing import Any

import pytest

from app.core.coordinates import Coordinates
from app.core.errors import BadInput, NotFound
from app.services import listing
from app.services.listing import Contact, Place
from app.store import directory_events
from tests.world import ACTOR, LEISURE, World


def place(world: World, **said: str) -> Place:
    """Say where the leisure centre is."""
    return listing.set_place(world.store, venue=LEISURE, actor=ACTOR, now=world.now, **said)[1]


def events(world: World, venue_id: int) -> list[directory_events.DirectoryEvent]:
    return world.store.read(lambda connection: directory_events.of_venue(connection, venue_id, 50))


def test_a_venue_says_where_it_is_and_each_change_is_traced(world: World) -> None:
    said = place(world, town=" Redruth ", at="50.2287,-5.2653", name_cy="Canolfan Hamdden", email="desk@centre.example")
    assert (said.town, said.coordinates) == ("Redruth", Coordinates(50_228_700, -5_265_300))
    assert listing.coordinates_of(world.store) == {said.venue_id: Coordinates(50_228_700, -5_265_300)}
    again = place(world, town="Pool", email="")
    assert (again.town, again.email, again.name_cy) == ("Pool", None, "Canolfan Hamdden")
    place(world, town="Pool")
    newest, first = events(world, said.venue_id)
    assert newest.changes == {"town": ["Redruth", "Pool"], "email": ["desk@centre.example", None]}
    assert first.changes["coordinates"] == [None, "50.228700,-5.265300"]
    assert (newest.actor, newest.at, newest.kind) == (ACTOR, world.now, "changed"), "and nothing for no change"


@pytest.mark.parametrize(
    "said",
    [
        {"at": "here"},
        {"at": "-5.0510,50.2632"},
        {"at": "50.2632,5.0510"},
        {"postcode": "X"},
        {"web": "javascript:a"},
        {"owner": "me"},
        {"text": "a" * 1001},
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(world: World, said: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        place(world, town="Redruth", **said)
    assert listing.coordinates_of(world.store) == {}
    with pytest.raises(NotFound):
        listing.set_place(world.store, venue="Nowhere", actor=ACTOR, now=world.now, town="Pool")


def test_a_programme_says_whom_to_ask(world: World) -> None:
    given: dict[str, Any] = {"actor": ACTOR, "now": world.now, "programme": "CWL"}
    _owner, kept = listing.set_contact(world.store, **given, name="The office", telephone="01872 262466")
    assert kept == Contact(kept.programme_id, "The office", telephone="01872 262466")
    _owner, kept = listing.set_contact(world.store, **given, telephone="", name_cy="Y swyddfa")
    assert kept == Contact(kept.programme_id, "The office", "Y swyddfa")
    found = world.store.read(lambda connection: directory_events.of_contact(connection, kept.programme_id, 9))
    assert [sorted(each.changes) for each in found] == [["name_cy", "telephone"], ["name", "telephone"]]
