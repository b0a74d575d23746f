"""What the database itself refuses, whoever asks and whatever the program would have checked before."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from app.store.tables import allocation, holding, movement, place, redeemed_note, reversal, reversed_note, series
from tests.world import World


def refuses(world: World, *statements: sa.Executable) -> None:
    """The statements together, as one transaction, break a constraint."""

    def change() -> None:
        with world.store.engine.begin() as connection:
            for statement in statements:
                connection.execute(statement)

    with pytest.raises(IntegrityError):
        change()


def series_id(connection: Connection, code: str = "CWL26") -> int:
    return int(connection.execute(sa.select(series.c.id).where(series.c.code == code)).scalar_one())


@pytest.fixture
def cornwall(world: World) -> int:
    """The series CWL26."""
    return world.store.read(series_id)


@pytest.fixture
def last_movement(world: World) -> int:
    """Any movement."""
    return world.store.read(lambda connection: int(connection.scalar(sa.select(sa.func.max(movement.c.id))) or 0))


def row(first: int, last: int, *, of: int, by: int, state: str = "stocked", **more: object) -> sa.Insert:
    previous = first - 1 or None
    return holding.insert().values(
        series_id=of, first=first, last=last, previous_last=previous, state=state, movement_id=by, **more
    )


def at(of: int, first: int) -> sa.ColumnElement[bool]:
    return sa.and_(holding.c.series_id == of, holding.c.first == first)


def test_two_holdings_never_have_the_same_note(world: World, cornwall: int, last_movement: int) -> None:
    refuses(world, row(71, 75, of=cornwall, by=last_movement))
    refuses(world, row(75, 80, of=cornwall, by=last_movement))
    refuses(world, row(73, 75, of=cornwall, by=last_movement))
    refuses(world, holding.update().where(at(cornwall, 71)).values(last=83))


def test_no_note_between_two_holdings_is_in_none(world: World, cornwall: int, last_movement: int) -> None:
    refuses(world, holding.delete().where(at(cornwall, 71)))
    refuses(world, holding.update().where(at(cornwall, 71)).values(last=79))
    refuses(world, holding.delete().where(at(cornwall, 71)), row(72, 80, of=cornwall, by=last_movement))
    refuses(world, holding.delete().where(at(cornwall, 1)))


def test_the_last_holding_cannot_go_missing(world: World, cornwall: int) -> None:
    refuses(world, holding.delete().where(at(cornwall, 101)))
    refuses(world, allocation.update().where(allocation.c.series_id == cornwall).values(last=120))


def test_a_stretch_is_replaced_in_one_transaction(world: World, cornwall: int, last_movement: int) -> None:
    with world.store.engine.begin() as connection:
        connection.execute(holding.delete().where(at(cornwall, 71)))
        connection.execute(row(71, 74, of=cornwall, by=last_movement))
        connection.execute(row(75, 80, of=cornwall, by=last_movement))


def test_issued_notes_have_a_holder(world: World, cornwall: int) -> None:
    refuses(world, holding.update().where(at(cornwall, 71)).values(state="issued"))


def test_a_state_is_a_word_of_the_life_table(world: World, cornwall: int) -> None:
    refuses(world, holding.update().where(at(cornwall, 71)).values(state="spent"))


def test_a_first_number_runs_from_one_and_upwards(world: World, cornwall: int, last_movement: int) -> None:
    refuses(world, holding.update().where(at(cornwall, 1)).values(first=0))
    refuses(world, movement.update().where(movement.c.id == last_movement).values(last=10_000_000))


def test_a_place_is_on_the_earth_or_nowhere(world: World) -> None:
    for north, east in ((90_000_001, 0), (0, -180_000_001), (0, None)):
        said = {"venue_id": 1, "latitude_microdegrees": north, "longitude_microdegrees": east}
        refuses(world, place.insert().values(said))


def test_a_request_makes_one_movement(world: World, last_movement: int) -> None:
    taken = sa.select(movement.c.request_id).where(movement.c.id == last_movement).scalar_subquery()
    refuses(world, movement.update().where(movement.c.id == last_movement - 1).values(request_id=taken))


def test_a_note_has_one_live_redemption(world: World, cornwall: int) -> None:
    accepted = world.redeem(11)
    other = world.redeem(12)
    mine = sa.select(redeemed_note).where(redeemed_note.c.number == 11)
    kept = dict(world.store.read(lambda connection: connection.execute(mine).one()._mapping))
    assert str(kept["redemption_id"]) == accepted["id"]
    again = {**kept, "redemption_id": world.store.read(lambda c: c.scalar(_redemption_of(12)))}
    assert str(again["redemption_id"]) == other["id"]
    refuses(world, redeemed_note.insert().values(again))


def test_a_second_life_needs_the_reversal_of_the_first(world: World) -> None:
    world.redeem(11)
    mine = sa.select(redeemed_note).where(redeemed_note.c.number == 11)
    kept = dict(world.store.read(lambda connection: connection.execute(mine).one()._mapping))
    refuses(world, redeemed_note.insert().values({**kept, "round": 1, "reversed_round": 0}))
    refuses(world, redeemed_note.insert().values({**kept, "round": 1, "reversed_round": None}))
    refuses(world, redeemed_note.insert().values({**kept, "number": 13, "round": 2, "reversed_round": 0}))
    refuses(world, redeemed_note.insert().values({**kept, "number": 13, "reversed_round": 0}))


def test_only_a_redeemed_note_is_reversed_and_only_once(world: World, cornwall: int) -> None:
    made = world.redeem(11)
    world.reverse(made["id"])
    given_back = dict(world.store.read(lambda connection: connection.execute(sa.select(reversed_note)).one()._mapping))
    refuses(world, reversed_note.insert().values(given_back))
    refuses(world, reversed_note.insert().values({**given_back, "number": 12}))
    refuses(world, reversal.insert().values(redemption_id=uuid4(), reason="none", actor="cli:test", at=world.now))


def _redemption_of(number: int) -> sa.Select[tuple[object]]:
    return sa.select(redeemed_note.c.redemption_id).where(redeemed_note.c.number == number)
