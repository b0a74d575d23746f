"""What somebody means who types a name, and where a note comes from."""

from datetime import timedelta
from uuid import uuid4

from app.core import serial as serials
from app.services import directory, finding, handing_out, places_seen, provenance
from tests.world import BODMIN, LEISURE, LIBRARY, YMCA, World


def _names(world: World, text: str, programme_id: int | None = None) -> list[str]:
    return [match.name for match in finding.by_name(world.store, text=text, programme_id=programme_id)]


def test_the_exact_name_stands_first(sqlite_world: World) -> None:
    world = sqlite_world
    directory.add_organisation(world.store, programme="CWL", name="Bodmin")
    assert _names(world, "bodmin") == ["Bodmin", LIBRARY, BODMIN]
    assert finding.by_name(world.store, text="Bodmin  Library")[0].kind == "venue"
    assert _names(world, "cornwall ymca") == [YMCA]
    assert _names(world, "time bodmin") == [BODMIN]


def test_a_series_a_programme_and_its_code_lead_to_series(sqlite_world: World) -> None:
    assert _names(sqlite_world, "cwl26") == ["CWL26"]
    assert _names(sqlite_world, "CWL 26") == ["CWL26"]
    assert _names(sqlite_world, "CWL")[:2] == ["CWL25", "CWL26"]
    assert _names(sqlite_world, "Lancashire") == ["LAN26"]


def test_nothing_is_found_by_nothing_and_little_by_a_letter(sqlite_world: World) -> None:
    assert _names(sqlite_world, "  ") == []
    assert _names(sqlite_world, "b") == []
    assert _names(sqlite_world, "%") == []
    assert _names(sqlite_world, "no such thing") == []


def test_names_of_another_programme_are_not_told(sqlite_world: World) -> None:
    assert _names(sqlite_world, "chorley", programme_id=1) == []
    assert _names(sqlite_world, "chorley", programme_id=2)
    assert _names(sqlite_world, "LAN26", programme_id=1) == []


def test_an_organisation_is_seen_with_what_it_has(world: World) -> None:
    world.redeem(11, 12)
    seen = places_seen.organisation(world.store, 1)
    assert seen is not None
    assert seen.organisation.name == YMCA
    assert [(str(each.span), each.state, each.redeemed) for each in seen.kept] == [
        ("CWL25 1-5", "issued", 0), ("CWL26 11-50", "issued", 2), ("CWL26 61-70", "dispatched", 0),
    ]  # fmt: skip
    assert places_seen.counts(seen) == {"issued": 43, "redeemed": 2, "dispatched": 10}
    assert places_seen.organisation(world.store, 1, programme_id=2) is None
    assert places_seen.organisation(world.store, 99) is None
    venue = places_seen.venue(world.store, 1, programme_id=1)
    assert venue is not None
    assert venue.name == LEISURE
    assert places_seen.venue(world.store, 1, programme_id=2) is None


def test_a_note_knows_its_order_its_bundle_and_what_became_of_it(world: World) -> None:
    first = world.redeem(11, offer_id=world.offers["Swim"])
    world.later(minutes=1)
    world.reverse(first["id"], reason="wrong note")
    second = world.redeem(11)
    world.retire("CWL26 11")
    handing_out.hand_out(
        world.store, named="CWL26 11-12", activity="Weeding", hours=2, people=2, actor="cli:test",
        now=world.now + timedelta(minutes=1), request_id=uuid4(),
    )  # fmt: skip
    found = provenance.provenance_of(world.store, serials.parse(world.serial(11)))
    assert (found.order, str(found.ordered), str(found.bundle)) == ("CWL26-001", "CWL26 1-100", "CWL26 11-20")
    assert found.visits[first["id"]].offer == "Swim"
    assert found.visits[first["id"]].given_back_because == "wrong note"
    assert found.visits[second["id"]].given_back_by is None
    assert found.retirement is not None
    assert found.retirement.actor == "cli:test"
    assert found.hand_out is not None
    assert found.hand_out.activity == "Weeding"


def test_the_last_bundle_of_an_order_may_be_smaller(sqlite_world: World) -> None:
    sqlite_world.order(quantity=25, bundle_size=10)
    last = provenance.provenance_of(sqlite_world.store, serials.parse(sqlite_world.serial(135)))
    assert str(last.bundle) == "CWL26 131-135"
    assert last.retirement is None
