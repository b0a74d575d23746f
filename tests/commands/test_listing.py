"""What the directory says, at the command line."""

from app.store import parties
from tests.commands.conftest import Office
from tests.world import LEISURE, YMCA, World


def test_a_venue_says_where_it_is(office: Office, settled: World) -> None:
    words = (
        "venue",
        "set",
        LEISURE,
        "--town",
        "Redruth",
        "--at",
        "50.2287,-5.2653",
        "--welsh-name",
        "Canolfan Hamdden",
    )
    said = office.json(*words)["said"]
    assert (said["town"], said["coordinates"], said["name_cy"]) == (
        "Redruth",
        "50.228700,-5.265300",
        "Canolfan Hamdden",
    )
    assert "50.228700,-5.265300" in office.run("venue", "set", LEISURE)
    assert office.json("venue", "set", LEISURE, "--town", "")["said"]["town"] is None
    assert "is no place on the map" in office.refuses("venue", "set", LEISURE, "--at", "here")


def test_an_organisation_keeps_a_venue(office: Office, settled: World) -> None:
    assert "of its own programme" in office.refuses("venue", "set", LEISURE, "--organisation", "Nobody")
    office.run("venue", "set", LEISURE, "--organisation", YMCA)
    assert _keeper(settled) == YMCA
    assert "is no place" in office.refuses("venue", "set", LEISURE, "--organisation", "", "--at", "here")
    assert _keeper(settled) == YMCA, "nothing half written"
    office.run("venue", "set", LEISURE, "--organisation", "")
    assert _keeper(settled) is None


def _keeper(world: World) -> str | None:
    names = world.store.read(parties.organisation_names)
    found = next(venue for venue in world.store.read(parties.venues) if venue.name == LEISURE)
    return names.get(found.organisation_id or 0)


def test_a_programme_says_whom_to_ask(office: Office, settled: World) -> None:
    assert office.json("programme", "contact", "CWL", "--name", "The office")["said"]["name"] == "The office"
    assert "The office" in office.run("programme", "contact", "CWL")
    assert "is no telephone number" in office.refuses("programme", "contact", "CWL", "--telephone", "call us")
