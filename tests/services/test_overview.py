"""What the first page of the office sums up in the database is what the whole line adds up to stretch by stretch."""

from collections import Counter

from app.core.ledger import counts, within
from app.core.lifecycle import Kind
from app.services import directory, enquiry, extracts
from app.store import custody
from tests.world import YMCA, World


def _live(world: World) -> None:
    world.redeem(11)
    world.redeem(13)
    world.reverse(world.redeem(12)["id"])
    world.retire("CWL26 11")
    world.move(Kind.VOID, "CWL26 51-60", reason="lost")
    world.move(Kind.HOLD, "CWL26 13-14", reason="lost")


def test_each_series_counts_as_its_line_does(world: World) -> None:
    _live(world)
    told = {each.code: each for each in enquiry.overview(world.store)}
    assert set(told) >= {"CWL26", "CWL25", "LAN26"}
    for code, each in told.items():
        if each.ordered:
            assert each.counts == world.counts(f"{code} 1-{each.ordered}"), code
    assert told["CWL26"].counts["retired"] == 1
    assert told["CWL26"].counts["held"] == 6


def test_the_newest_orders_come_with_their_notes_by_state(world: World) -> None:
    _live(world)
    held = world.store.read(custody.all_holdings)
    listed = extracts.orders_of_programme(world.store, None, most=99)
    assert [each.made_at for each in listed] == sorted((each.made_at for each in listed), reverse=True)
    for each in listed:
        assert Counter(each.counts) == Counter({str(s): n for s, n in counts(within(held, each.span)).items()}), each.id
    assert extracts.orders_of_programme(world.store, None, most=2) == listed[:2]


def test_an_organisation_sees_what_it_has_and_how_much_of_it_is_spent(world: World) -> None:
    _live(world)
    (ymca,) = (each.id for each in directory.organisations(world.store) if each.name == YMCA)
    told = extracts.notes_of_organisation(world.store, ymca)
    assert [(str(each.span), each.state, each.notes, each.redeemed) for each in told] == [
        ("CWL25 1-5", "issued", 5, 0),
        ("CWL26 11-12", "issued", 2, 1),
        ("CWL26 13-14", "held", 2, 1),
        ("CWL26 15-50", "issued", 36, 0),
        ("CWL26 61-70", "dispatched", 10, 0),
    ]
