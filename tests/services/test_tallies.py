"""Tallies and reports: what the sequencer counts as it places facts is what the facts come to."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.checkpoint import CheckpointKey
from app.core.errors import BadInput, NotFound
from app.core.lifecycle import Kind
from app.services import log, log_audit, reporting
from app.services.reporting import Hours
from app.store import schema, tables, tallies
from app.store.database import open_store
from app.store.tallies import Of, Tally
from tests.store.test_schema import OLD_BOOKS, upgrade
from tests.world import BODMIN, CHORLEY, HALL, LEISURE, LIBRARY, YMCA, World

KEY = CheckpointKey(bytes(range(32)))


def sequence(world: World) -> None:
    log.sequence(world.store, key=KEY, clock=lambda: world.now)


def checks(world: World) -> set[str]:
    """What a verification of the log finds."""
    return {finding.check for finding in log_audit.verify(world.store, key=KEY.public, now=world.now).findings}


def told(world: World, **more: str) -> list[Hours]:
    return reporting.hours_spent(world.store, **more).lines


def live(world: World) -> None:
    """July: eight notes spent at three venues, two of them given back, one of these spent again; August: a reversal."""
    world.now = datetime(2026, 7, 31, 22, 50, tzinfo=UTC)  # ten to midnight in London
    world.redeem(11, 12, 51)
    world.reverse(world.redeem(13)["id"])
    world.redeem(13, desk="Library")
    late = world.redeem(14)["id"]
    world.redeem(world.token(1, "LAN26"))
    world.redeem(15, desk="Box office")
    world.redeem(86)
    world.redeem(16, practice=True)
    world.later(minutes=10)
    world.reverse(late)


JULY = [
    Hours("2026-07", LIBRARY, YMCA, "CWL", 1, 0, 1),
    Hours("2026-07", LEISURE, BODMIN, "CWL", 1, 0, 1),
    Hours("2026-07", LEISURE, CHORLEY, "LAN", 1, 0, 1),
    Hours("2026-07", LEISURE, YMCA, "CWL", 4, 1, 3),
    Hours("2026-07", HALL, YMCA, "CWL", 1, 0, 1),
]
AUGUST = [Hours("2026-08", LEISURE, YMCA, "CWL", 0, 1, -1)]


def test_a_report_tells_the_hours_by_month_venue_and_organisation(world: World) -> None:
    live(world)
    assert told(world) == []
    assert reporting.hours_spent(world.store).waiting > 0
    sequence(world)
    assert told(world) == JULY + AUGUST
    assert reporting.hours_spent(world.store).waiting == 0
    assert told(world, month="2026-07") == JULY
    assert told(world, month="2026-08") == AUGUST
    assert told(world, month="2026-09") == []
    assert told(world, programme="lan") == [JULY[2], JULY[4]]
    assert told(world, programme="CWL", month="2026-07") == JULY
    assert checks(world) == set()


@pytest.mark.parametrize("month", ["2026", "2026-13", "2026-00", "07-2026", "2026-7", "٢٠٢٦-٠٧", ""])
def test_a_report_is_of_a_month(world: World, month: str) -> None:
    with pytest.raises(BadInput, match="is no month"):
        told(world, month=month)


def test_a_report_is_of_a_programme_that_there_is(world: World) -> None:
    with pytest.raises(NotFound):
        told(world, programme="XYZ")


def test_placing_again_counts_nothing_twice(world: World) -> None:
    live(world)
    sequence(world)
    sequence(world)
    world.redeem(17)
    sequence(world)
    assert sum(each.redeemed for each in told(world)) == 9
    assert checks(world) == set()


def test_facts_are_tallied_in_the_transaction_that_places_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    live(world)

    def fail(*_: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(tallies, "add", fail)
        with pytest.raises(RuntimeError):
            sequence(world)
    assert log.newest_checkpoint(world.store) is None
    sequence(world)
    assert told(world) == JULY + AUGUST


@pytest.mark.parametrize(
    "edit",
    [
        lambda: tables.tally.update().where(tables.tally.c.month == 202607).values(redeemed=99),
        lambda: tables.tally.update().values(given_back=tables.tally.c.given_back + 1),
        lambda: tables.tally.delete().where(tables.tally.c.month == 202608),
        lambda: tables.tally.update().where(tables.tally.c.month == 202608).values(month=202609),
    ],
    ids=["spent", "given back", "gone", "another month"],
)
def test_a_tally_that_is_not_what_the_facts_come_to_is_found(world: World, edit: Callable[[], sa.Executable]) -> None:
    live(world)
    sequence(world)
    assert checks(world) == set()
    with world.store.engine.begin() as connection:
        connection.execute(edit())
    assert checks(world) == {"tally"}


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["redeem", "reverse", "sequence"]), st.integers(11, 30), st.integers(0, 20)), max_size=20
    )
)  # fmt: skip
def test_tallies_are_the_sum_of_what_was_done(world: World, steps: list[tuple[str, int, int]]) -> None:
    """Against a count of our own, whenever the sequencer came by."""
    counted: Counter[tuple[str, str]] = Counter()
    before = sum(each.redeemed for each in told(world)), sum(each.given_back for each in told(world))
    visits: list[str] = []
    for what, number, days in steps:
        world.later(days=days)
        if what == "sequence":
            sequence(world)
        elif what == "redeem":
            answer = world.redeem(number)
            visits += [answer["id"]] if answer["outcome"] == "accepted" else []
            counted["redeemed", answer["outcome"]] += 1
        elif visits and world.reverse(visits.pop())["outcome"] == "reversed":
            counted["reversed", ""] += 1
    sequence(world)
    after = sum(each.redeemed for each in told(world)), sum(each.given_back for each in told(world))
    assert (after[0] - before[0], after[1] - before[1]) == (counted["redeemed", "accepted"], counted["reversed", ""])
    assert "tally" not in checks(world)
    assert all(first.month <= second.month for first, second in pairwise(told(world)))


def test_books_that_are_older_than_tallies_are_tallied_when_they_are_migrated(empty_url: str) -> None:
    store = open_store(empty_url)
    try:
        store.write(lambda connection: upgrade(connection, "0002"))
        store.write(old_books)
        assert schema.migrate(store) == ("0002", "0007")
        expected = {Of(202608, 1, 1, 1): Tally(redeemed=2, given_back=1)}
        assert store.read(tallies.all_tallies) == expected
        assert schema.migrate(store) == ("0007", "0007")
        assert store.read(tallies.all_tallies) == expected
    finally:
        store.close()


def old_books(connection: sa.Connection) -> None:
    """Two visits and a reversal that have their places, at half past midnight in London, and a visit that waits."""
    for statement in [*OLD_BOOKS, *OLD_DESK]:
        given = {name: bytes(32) for name in ("key", "zeros") if f":{name}" in statement}
        connection.execute(sa.text(statement), given)
    at, visits = datetime(2026, 7, 31, 23, 30, tzinfo=UTC), [uuid4() for _ in range(3)]
    for number, made in enumerate(visits, 1):
        values = {
            "desk_id": 1,
            "venue_id": 1,
            "request_sha256": bytes(32),
            "outcome": "accepted",
            "hours": 1,
            "answer": {},
        }
        times = {"practice": False, "offline": False, "scanned_at": at, "at": at}
        connection.execute(tables.redemption.insert().values(id=made, **values, **times))
        note = {"series_id": 1, "number": number, "round": 0, "redemption_id": made}
        connection.execute(tables.redeemed_note.insert().values(**note, issued_to_id=1, title_id=1))
    connection.execute(tables.reversal.insert().values(redemption_id=visits[1], reason="oh", actor="desk:1", at=at))
    given_back = {"series_id": 1, "number": 2, "round": 0, "redemption_id": visits[1]}
    connection.execute(tables.reversed_note.insert().values(**given_back))
    placed = [("redemption", visits[0]), ("redemption", visits[1]), ("reversal", visits[1])]
    for index, (kind, made) in enumerate(placed):
        leaf = {"leaf_index": index, "kind": kind, "ref": str(made), "leaf_hash": bytes(32)}
        connection.execute(tables.log_leaf.insert().values(**leaf))


OLD_DESK = [
    "INSERT INTO organisation (id, programme_id, name) VALUES (1, 1, 'YMCA')",
    "INSERT INTO venue (id, programme_id, name, kind) VALUES (1, 1, 'Pool', 'community')",
    "INSERT INTO desk (id, venue_id, name, key_sha256, made_at) VALUES (1, 1, 'Desk', :key, 1)",
]


def test_hours_of_a_void_bundle_stay_spent(world: World) -> None:
    world.redeem(11)
    world.move(Kind.VOID, "CWL26 11-20", reason="stolen")
    sequence(world)
    assert [each.hours for each in told(world)] == [1]
