"""An audit of real books: clean when they are true, and a finding for each fault that is planted in them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core.lifecycle import Kind
from app.store import tables
from tests.world import World


def plant(world: World, *statements: sa.Update) -> set[str]:
    """The checks that find something once the rows were changed behind everybody's back."""
    with world.store.engine.begin() as connection:
        for statement in statements:
            world.unguard(connection, str(statement.table))
            connection.execute(statement)
    return {finding.check for finding in world.findings()}


def test_true_books_have_no_finding(world: World) -> None:
    made = world.redeem(11, 12)
    world.reverse(made["id"])
    world.redeem(11)
    world.retire("CWL26 11")
    world.move(Kind.VOID, "CWL26 11-40", reason="stolen")
    world.move(Kind.REINSTATE, "CWL26 20-30", reason="found")
    world.redeem(25)
    assert world.findings() == []


HOLDING, MOVEMENT, SPENT = tables.holding, tables.movement, tables.redeemed_note
STOCK = sa.and_(HOLDING.c.first == 71, HOLDING.c.last == 80)
FAULTS = {
    "a holding that no movement comes to": (HOLDING.update().where(STOCK).values(state="printed"), "replay"),
    "another holder": (HOLDING.update().where(HOLDING.c.first == 51).values(holder_id=1), "replay"),
    "another reason": (HOLDING.update().where(HOLDING.c.first == 86).values(reason="lost"), "replay"),
    "a movement of another kind": (MOVEMENT.update().where(MOVEMENT.c.first == 86).values(kind="hold"), "replay"),
    "an issue that never was": (MOVEMENT.update().where(MOVEMENT.c.first == 51).values(kind="receive"), "lawful"),
    "a spent note that was not issued": (SPENT.update().values(number=75), "spent_when_issued"),
    "a spending as of another movement": (SPENT.update().values(title_id=1), "spent_when_issued"),
    "hours that no note paid": (tables.redemption.update().values(hours=40), "hours_paid"),
    "a retired note that is not spent": (tables.retired_note.update().values(number=50), "retired_when_spent"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(world: World, fault: str) -> None:
    statement, check = FAULTS[fault]
    world.redeem(11)
    world.retire("CWL26 11")
    assert check in plant(world, statement)


def test_notes_that_stay_on_the_way_are_overdue(world: World) -> None:
    world.later(days=15)
    assert {(each.check, each.concerns) for each in world.findings()} == {("overdue", ("CWL26 61-70",))}
    world.later(days=50)
    overdue = {concern for each in world.findings() for concern in each.concerns}
    assert overdue == {"CWL26 1-4", "CWL26 8-10", "CWL26 61-70", "CWL26 101-110"}
    assert {each.check for each in world.findings()} == {"overdue"}


def test_a_refused_attempt_is_a_case_and_no_finding(world: World) -> None:
    from app.services import cases

    world.redeem(86)
    world.redeem(world.forged(11))
    world.later(seconds=1)
    world.redeem("garbage")
    assert world.findings() == []
    told = [(case.verdict, case.serial, case.desk) for case in cases.attempts(world.store)]
    assert [each[0] for each in told] == ["forged", "void"]
    assert timedelta(0) < world.now - cases.attempts(world.store)[0].at
