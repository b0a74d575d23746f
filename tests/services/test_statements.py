"""Statements: the columns close, whatever was done, to what the holdings and hand-outs say."""

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from app.core.balance import Month
from app.core.errors import HournoteError
from app.core.ledger import Standing
from app.core.lifecycle import Kind
from app.core.span import Span
from app.core.wall_clock import day_of, month_of
from app.services import directory, handing_out, statements, taking_back, venue_statements
from app.services.venue_statements import Line
from app.store import custody, retractions
from app.store.tables import hand_out, organisation, programme, series
from tests.world import ACTOR, BODMIN, CHORLEY, LEISURE, YMCA, World


def id_of(world: World, name: str) -> int:
    with world.store.reading() as connection:
        found = connection.scalar(sa.select(organisation.c.id).where(organisation.c.name == name))
    assert found is not None
    return int(found)


def lines(world: World, name: str) -> tuple[Month, ...]:
    found = statements.of_organisation(world.store, id_of(world, name), now=world.now)
    assert found is not None
    return found.statement.months


def give(world: World, named: str, given_on: date | None = None) -> int:
    return handing_out.hand_out(
        world.store, named=named, activity="Bingo", hours=1, people=1, actor=ACTOR, now=world.now, request_id=uuid4(),
        given_on=given_on,
    ).id  # fmt: skip


def test_a_month_of_an_organisation_closes(world: World) -> None:
    before = lines(world, YMCA)[-1].held
    world.later(days=40)
    month = month_of(world.now)
    give(world, "CWL26 11-15")
    wrong = give(world, "CWL26 16-25")
    taking_back.take_back(world.store, hand_out=wrong, reason="twice", actor=ACTOR, now=world.now)
    world.later(minutes=1)
    world.move(Kind.ISSUE, "CWL26 71-73", organisation=YMCA)
    world.move(Kind.RETURN, "CWL26 30")
    world.move(Kind.VOID, "CWL26 14-17", reason="lost")
    world.move(Kind.HOLD, "CWL26 40-41", reason="lost")
    line = lines(world, YMCA)[-1]
    assert line == Month(month, before, 3, 5, 1, 2, before + 3 - 5 - 1 - 2, 2), (
        "14 and 15 were gone when they were voided"
    )
    world.later(days=40)
    assert lines(world, YMCA)[-1] == Month(month_of(world.now), line.held, 0, 0, 0, 0, line.held, 2)


def test_a_month_that_is_closed_stays_as_it_was_when_a_hand_out_of_it_is_recorded(world: World) -> None:
    day = day_of(world.now)
    world.later(days=40)
    before = lines(world, YMCA)
    give(world, "CWL26 11-15", given_on=day)
    after = lines(world, YMCA)
    assert after[:-1] == before[:-1]
    assert (after[-1].handed_out, after[-1].held) == (5, before[-1].held - 5), (
        "in the month in which the books were told"
    )


def test_notes_that_were_spent_and_never_recorded_as_handed_out_are_told(world: World) -> None:
    world.redeem(11, 12)
    give(world, "CWL26 11")
    found = statements.of_organisation(world.store, id_of(world, YMCA), now=world.now)
    assert found is not None
    assert found.statement.spent == 1


def test_the_stock_of_a_programme_closes_and_its_organisations_are_beside_it(world: World) -> None:
    with world.store.reading() as connection:
        cornwall = connection.scalar(sa.select(programme.c.id).where(programme.c.code == "CWL"))
    found = statements.of_programme(world.store, cornwall or 0, now=world.now)
    assert found is not None
    assert {each.name for each, _line in found.lines} >= {YMCA, BODMIN}
    assert CHORLEY not in {each.name for each, _line in found.lines}
    assert found.stock.held == stock_by_holdings(world), "71-80, 61-70 on their way, 81-85 on hold, 91-100"
    assert {each.name: line.held for each, line in found.lines}[YMCA] == lines(world, YMCA)[-1].held


def stock_by_holdings(world: World) -> int:
    states = ("stocked", "dispatched")
    with world.store.reading() as connection:
        held = [piece for piece in custody.all_holdings(connection) if piece.span.series.startswith("CWL")]
    return sum(
        len(each.span)
        for each in held
        if each.state in states or (each.state == "held" and each.standing.was and each.standing.was.state in states)
    )


def unspent_by_holdings(world: World, organisation_id: int) -> int:
    """The slow way, note by note."""
    with world.store.reading() as connection:
        held = custody.all_holdings(connection)
        query = sa.select(hand_out, series.c.code).join(series, series.c.id == hand_out.c.series_id)
        given = connection.execute(query.where(retractions.STANDS, hand_out.c.organisation_id == organisation_id)).all()
    gone = {serial for row in given for serial in Span(row.code, row.first, row.last).serials()}
    mine = (piece for piece in held if piece.standing.holder == organisation_id and is_issued(piece.standing))
    return sum(serial not in gone for piece in mine for serial in piece.span.serials())


def is_issued(standing: Standing) -> bool:
    was = standing.was if standing.state == "held" and standing.was else standing
    return was.state == "issued"


def random_deeds(world: World, chance: random.Random) -> Iterator[None]:
    """Some of everything, lawful or not, over a few months."""
    given: list[int] = []
    steps: list[tuple[Kind, dict[str, Any]]] = [(Kind.ISSUE, {"organisation": YMCA}), (Kind.ISSUE, {"organisation": BODMIN}), (Kind.RETURN, {}),
             (Kind.DISPATCH, {"organisation": YMCA}), (Kind.HOLD, {"reason": "lost"}), (Kind.RELEASE, {"reason": "found"}),
             (Kind.VOID, {"reason": "lost"}), (Kind.REINSTATE, {"reason": "found"})]  # fmt: skip
    for _nth in range(45):
        world.now += timedelta(days=chance.choice((0, 0, 0, 9)))
        first = chance.randrange(11, 100)
        named = f"CWL26 {first}-{min(100, first + chance.randrange(12))}"
        with suppress(HournoteError):
            deed = chance.randrange(len(steps) + 4)
            if deed < len(steps):
                world.move(steps[deed][0], named, **steps[deed][1])
            elif deed < len(steps) + 3 or not given:
                given.append(give(world, named))
            else:
                taking_back.take_back(
                    world.store, hand_out=chance.choice(given), reason="wrong", actor=ACTOR, now=world.now
                )
        yield


@pytest.mark.parametrize("seed", range(4))
def test_the_sum_closes_for_any_history(world: World, seed: int) -> None:
    for _done in random_deeds(world, random.Random(seed)):  # noqa: S311 - no secret
        pass
    for name in (YMCA, BODMIN):
        found = lines(world, name)
        for before, line in zip((None, *found), found, strict=False):
            assert line.brought_forward == (before.held if before else 0)
            assert line.held == line.brought_forward + line.received - line.handed_out - line.returned - line.void
            assert 0 <= line.on_hold <= line.held
        assert found[-1].held == unspent_by_holdings(world, id_of(world, name))
    with world.store.reading() as connection:
        cornwall = connection.scalar(sa.select(programme.c.id).where(programme.c.code == "CWL"))
    whole = statements.of_programme(world.store, cornwall or 0, now=world.now)
    assert whole is not None
    assert whole.stock.held == stock_by_holdings(world)
    assert {each.name: line for each, line in whole.lines}[YMCA] == lines(world, YMCA)[-1], "both ways come to the same"


def test_a_venue_is_told_what_came_by_offer_and_how(world: World) -> None:
    directory.set_policy(world.store, venue=LEISURE, keyed_per_day=5)
    swim = world.offers["Swim"]
    world.redeem(11, offer_id=swim)
    world.redeem(world.serial(12), offer_id=swim)
    world.redeem(13, offer_id=swim, offline=True, scanned_at=world.now)
    mistaken = world.redeem(14)
    world.redeem(11, offer_id=swim)
    world.redeem(15, offer_id=swim, practice=True)
    world.reverse(mistaken["id"])
    venue_id = world.desk().venue.id
    found = venue_statements.of_venue(world.store, venue_id, now=world.now)
    assert found is not None
    assert found.lines == (Line(None, 1, 1, given_back=1), Line("Swim", 3, 3, offline=1, keyed=1))
    assert found.total == Line(None, 4, 4, offline=1, keyed=1, given_back=1)
    assert venue_statements.of_venue(world.store, 999, now=world.now) is None
