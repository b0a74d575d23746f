"""The hammer, run small: the service and its database are killed in the middle of a crowd, and the books are as everybody was
told. And the judge is judged: a ledger that is broken behind the guards is named as what it is."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from app.store import tables
from tests import postgres
from tests.hammer.hammer import Plan, Struck, reckon, strike
from tests.hammer.place import Place, prepare
from tests.hammer.reckoning import Fault
from tests.hammer.record import Deed

NOTES = 5000
CALM = Plan(seconds=4, seed=3, kill_every_s=60)


@pytest.fixture(params=["sqlite", "postgresql"])
def struck(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Struck]:
    """What came of it, on each engine."""
    if request.param == "sqlite":
        place = prepare(f"sqlite:///{tmp_path / 'hournote.db'}", tmp_path, notes=NOTES)
        yield strike(place, Plan(seconds=7, seed=1, kill_every_s=2.5))
        return
    programs = postgres.programs()
    if programs is None:
        pytest.skip(postgres.NOT_INSTALLED)
    with postgres.cluster(programs, durable=True) as cluster:
        place = prepare(cluster.create("hammer"), tmp_path, notes=NOTES)
        yield strike(place, Plan(seconds=8, seed=2, kill_every_s=2.5), cluster)


def told(faults: Sequence[Fault]) -> str:
    """The first of them, to be read."""
    return "\n".join(f"{fault.check}: {fault.message}" for fault in faults[:10])


def test_nothing_that_was_acknowledged_is_lost_and_no_note_is_spent_twice(struck: Struck) -> None:
    assert not struck.faults, told(struck.faults)
    assert struck.service_kills + struck.database_kills >= 1
    answers = [visit.answer for visit in struck.record.visits if visit.answer is not None]
    assert {answer["outcome"] for answer in answers} == {"accepted", "refused"}
    assert struck.asked_again == len(answers)
    assert any(visit.in_doubt for visit in struck.record.visits)
    assert any(deed.outcome == "done" for deed in struck.record.deeds)


# --- the judge


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Struck]:
    """A strike without kills, whose books are sound."""
    folder = tmp_path_factory.mktemp("calm")
    place = prepare(f"sqlite:///{folder / 'hournote.db'}", folder, notes=NOTES)
    return place, strike(place, CALM)


def one(struck: Struck) -> UUID:
    """A visit that spent notes and was not given back."""
    back = {reversal.visit.id for reversal in struck.record.reversals}
    return next(visit.id for visit in struck.record.visits if visit.is_accepted and visit.id not in back)


def lose_a_visit(connection: Connection, struck: Struck) -> None:
    made = one(struck)
    for table in (tables.redeemed_note, tables.scan):
        connection.execute(table.delete().where(table.c.redemption_id == made))
    for leaf in (tables.pending_leaf, tables.log_leaf):
        connection.execute(leaf.delete().where(leaf.c.ref == str(made)))
    connection.execute(tables.redemption.delete().where(tables.redemption.c.id == made))


def unspend_a_note(connection: Connection, struck: Struck) -> None:
    connection.execute(tables.redeemed_note.delete().where(tables.redeemed_note.c.redemption_id == one(struck)))


def alter_an_answer(connection: Connection, struck: Struck) -> None:
    changed = tables.redemption.update().where(tables.redemption.c.id == one(struck))
    connection.execute(changed.values(answer={"outcome": "refused", "notes": []}))


def spend_a_note_twice(connection: Connection, struck: Struck) -> None:
    """As if the unique key were not there: another visit has the same note in another round, with no reversal between."""
    note, made = tables.redeemed_note, one(struck)
    row = connection.execute(sa.select(note).where(note.c.redemption_id == made)).first()
    assert row is not None
    others = [visit.id for visit in struck.record.visits if visit.is_accepted and visit.id != made]
    values = {**row._mapping, "round": row.round + 1, "reversed_round": row.round, "redemption_id": others[0]}
    connection.execute(note.insert().values(values))


def give_back_behind_the_desk(connection: Connection, struck: Struck) -> None:
    values = {"redemption_id": one(struck), "reason": "quietly", "actor": "nobody", "at": datetime.now(UTC)}
    connection.execute(tables.reversal.insert().values(values))
    note = tables.redeemed_note
    keys = ["series_id", "number", "round", "redemption_id"]
    lives = sa.select(*(note.c[key] for key in keys)).where(note.c.redemption_id == one(struck))
    connection.execute(tables.reversed_note.insert().from_select(keys, lives))


def issue_to_another(connection: Connection, struck: Struck) -> None:
    connection.exec_driver_sql("UPDATE holding SET holder_id = holder_id % 3 + 1 WHERE state = 'issued'")


def voided(struck: Struck) -> Deed:
    """A void that stays."""
    return next(deed for deed in struck.record.deeds if (deed.kind, deed.outcome, deed.until) == ("void", "done", None))


def miscount_a_void(_connection: Connection, struck: Struck) -> None:
    voided(struck).already_redeemed += 20


def accept_behind_a_void(_connection: Connection, struck: Struck) -> None:
    """As if a visit had begun after the void of its notes was acknowledged."""
    visit = next(visit for visit in struck.record.visits if visit.id == one(struck))
    deed = voided(struck)
    deed.first, deed.last = min(visit.numbers), max(visit.numbers)
    visit.sent_at = (deed.ended_at or 0) + 1


def tell_a_desk_of_itself(_connection: Connection, struck: Struck) -> None:
    """As if a lost answer were followed by a refusal of the desk's own notes."""
    visit = next(visit for visit in struck.record.visits if visit.id == one(struck))
    assert visit.answer is not None
    notes = [{**note, "verdict": "already_redeemed"} for note in visit.answer["notes"]]
    visit.answer = {**visit.answer, "outcome": "refused", "notes": notes}


def pay_twice(_connection: Connection, struck: Struck) -> None:
    """As if two desks had been told that they have the same notes."""
    visit = next(visit for visit in struck.record.visits if visit.id == one(struck))
    struck.record.visits.append(replace(visit, id=uuid4()))


FAULTS: dict[Callable[[Connection, Struck], None], set[str]] = {
    lose_a_visit: {"what_was_answered_is_kept", "accepted_notes_are_spent"},
    unspend_a_note: {"accepted_notes_are_spent", "the_audit_is_clean", "the_log_verifies"},
    alter_an_answer: {"what_was_answered_is_kept", "the_log_verifies"},
    spend_a_note_twice: {
        "no_note_is_spent_twice",
        "accepted_notes_are_spent",
        "the_audit_is_clean",
        "the_log_verifies",
    },
    give_back_behind_the_desk: {"a_visit_is_given_back_once", "the_log_verifies"},
    issue_to_another: {"no_span_is_issued_twice", "the_audit_is_clean"},
    miscount_a_void: {"what_a_void_counted_is_final"},
    accept_behind_a_void: {"a_stop_is_a_barrier"},
    pay_twice: {"no_note_was_paid_twice", "what_was_answered_is_kept"},
    tell_a_desk_of_itself: {"what_was_answered_is_kept", "nobody_is_told_of_himself"},
}
"""Each fault, and the checks that must name it."""


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_a_broken_ledger_is_named(
    calm: tuple[Place, Struck], plant: Callable[[Connection, Struck], None], tmp_path: Path
) -> None:
    place, struck = calm
    assert not struck.faults, told(struck.faults)
    broken = _copied(struck)
    shutil.copytree(place.folder, tmp_path / "books")
    url = f"sqlite:///{tmp_path / 'books' / 'hournote.db'}"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for name in connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        plant(connection, broken)
    engine.dispose()
    assert {fault.check for fault in reckon(replace(place, url=url), broken.record)} >= FAULTS[plant]


def _copied(struck: Struck) -> Struck:
    """Another record to spoil; what its parts share, they share."""
    record = struck.record
    visits, reversals, deeds = deepcopy((record.visits, record.reversals, record.deeds))
    mine = replace(record, visits=visits, reversals=reversals, deeds=deeds, surprises=[], lock=Lock())
    return replace(struck, record=mine)
