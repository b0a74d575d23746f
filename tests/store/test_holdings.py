"""Holdings between rows and the core's values."""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import Connection

from app.core.ledger import Holding, Movement, Standing
from app.core.lifecycle import Kind, State
from app.core.serial import Serial
from app.core.span import Span
from app.store import custody, parties
from app.store.database import Store
from tests.world import World

BUNDLES = 4_000
AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_recall_touches_thousands_of_bundles_in_one_transaction(store: Store) -> None:
    """SQLite takes 32,766 values in a statement: a recall of a large order is more."""
    whole = Span("CWL26", 1, BUNDLES)
    firsts = range(1, BUNDLES + 1)
    on_the_way = [Holding(Span("CWL26", n, n), Standing(State.STOCKED if n % 2 else State.PRINTED)) for n in firsts]
    held = [Holding(each.span, Standing(State.HELD, None, "recalled", was=each.standing)) for each in on_the_way]

    def work(connection: Connection) -> list[Holding]:
        parties.add_programme(connection, "CWL", "Cornwall")
        series = parties.add_series(connection, "CWL26")
        assert series is not None
        moved = Movement(Kind.ORDER, whole)
        by = custody.add_movement(connection, series.id, moved, request_id=uuid4(), note=None, actor="x", at=AT)
        custody.allocate(connection, series.id, whole)
        custody.replace_holdings(connection, series.id, [], on_the_way, by)
        custody.replace_holdings(connection, series.id, on_the_way, held, by)
        return custody.all_holdings(connection)

    assert store.write(work) == held


def test_a_standing_is_found_by_the_number_of_a_note(world: World) -> None:
    def states(connection: Connection) -> dict[int, State | None]:
        series = parties.series_by_code(connection, "CWL26")
        assert series is not None
        numbers = (1, 5, 10, 11, 50, 51, 70, 80, 81, 90, 100, 110, 111, 9_999_999)
        found = {n: custody.standing_of(connection, series.id, Serial("CWL26", n)) for n in numbers}
        return {number: standing[0].state if standing else None for number, standing in found.items()}

    S = State
    expected = [S.PRINTED, S.VOID, S.PRINTED, S.ISSUED, S.ISSUED, S.ISSUED, S.DISPATCHED, S.STOCKED, S.HELD, S.VOID]
    assert list(world.store.read(states).values()) == [*expected, S.STOCKED, S.ORDERED, None, None]


def test_the_movements_of_a_note_are_found_by_their_class_of_length(world: World) -> None:
    """Every movement over each note, and no other: as a walk over all of them finds them."""

    def compare(connection: Connection) -> None:
        series = parties.series_by_code(connection, "CWL26")
        assert series is not None
        told = custody.all_movements(connection)
        for number in range(1, 111):
            alone = Span("CWL26", number, number)
            walked = [each for each in told if Serial("CWL26", number) in each.movement.span]
            assert custody.movements_over(connection, series.id, alone) == walked

    world.store.read(compare)
