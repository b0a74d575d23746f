"""Impact: what the hours came to, and what is left out of it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from app.core.errors import BadInput, NotAllowed
from app.core.lifecycle import Kind
from app.services import directory, funding, handing_out, impact, taking_back
from app.services.funding import Cut
from app.services.impact import Report
from tests.services.test_giving import person
from tests.services.test_tallies import sequence
from tests.world import BODMIN, CHORLEY, LEISURE, LIBRARY, YMCA, World


@pytest.fixture
def busy(world: World) -> World:
    """August: fourteen notes of the YMCA at the leisure centre, six at the library, six of Chorley at the library; a beach
    clean by 12 people for 20 hours."""
    world.now = datetime(2026, 8, 10, 12, tzinfo=UTC)
    world.redeem(*range(11, 25))
    world.redeem(*range(25, 31), desk="Library")
    world.redeem(*(world.token(number, "LAN26") for number in range(1, 7)), desk="Library")
    handing_out.hand_out(
        world.store, named="CWL26 11-30", activity="Beach clean", hours=20, people=12, actor="cli:test", now=world.now,
        request_id=uuid4(),
    )  # fmt: skip
    sequence(world)
    return world


def told(world: World, role: str = "national", first: int = 202607, last: int = 202609, **cut: int | None) -> Report:
    scope: dict[str, Any] = {} if role == "national" else {"programme": "CWL"}
    by = person(world, role, **scope)
    return impact.report(world.store, by=by, cut=Cut(**cut), first=first, last=last, now=world.now)


def test_hours_given_and_spent_are_told_by_everything(busy: World) -> None:
    found = told(busy)
    assert (found.total.given, found.total.people, found.total.spent) == (20, 12, 26)
    assert [(row.what, row.given, row.spent) for row in found.months] == [
        (202607, 0, 0),
        (202608, 20, 26),
        (202609, 0, 0),
    ]
    assert {row.what: row.spent for row in found.organisations} == {YMCA: 20, CHORLEY: 6}
    assert {row.what: row.spent for row in found.venues} == {LEISURE: 14, LIBRARY: 12}
    assert {row.what: row.spent for row in found.programmes} == {"Cornwall": 20, "Lancashire": 6}
    assert [(row.what, row.given, row.people) for row in found.activities] == [("Beach clean", 20, 12)]
    assert sum(row.spent or 0 for row in found.waits) == 26
    assert {(each.organisation, each.venue): each.hours for each in found.flows} == {
        (YMCA, LEISURE): 14, (YMCA, LIBRARY): 6, (CHORLEY, LIBRARY): 6,
    }  # fmt: skip


def test_the_four_ways_of_spending_are_told_apart(busy: World) -> None:
    assert told(busy).way_totals == (0, 0, 14, 12), "no organisation keeps the library; Chorley is another programme's"
    directory.add_venue(busy.store, programme="CWL", name="The shed", organisation=YMCA)


def test_a_report_is_cut_by_programme_organisation_site_and_funder(busy: World) -> None:
    payer = funding.add_funding(busy.store, funder="Kernow Health", organisation=YMCA)
    assert told(busy, funder_id=payer.funder_id).total.spent == 20
    ymca = next(each.id for each in directory.organisations(busy.store) if each.name == YMCA)
    bodmin = directory.set_site(busy.store, organisation=YMCA, site_of=BODMIN).site_of_id
    assert told(busy, organisation_id=bodmin).total.spent == 20, "with its sites"
    assert told(busy, organisation_id=ymca).total.spent == 20
    assert told(busy, "programme").total.spent == 20, "of its own programme alone"
    assert {row.what for row in told(busy, "auditor").organisations} == {YMCA}
    assert told(busy, first=202601, last=202606).total.spent == 0


def test_a_report_is_for_staff_and_of_what_is_theirs(busy: World) -> None:
    for role, scope in (("keeper", {"organisation": YMCA}), ("press", {"programme": "CWL"})):
        with pytest.raises(NotAllowed):
            impact.report(
                busy.store, by=person(busy, role, **scope), cut=Cut(), first=202601, last=202602, now=busy.now
            )
    with pytest.raises(BadInput):
        told(busy, "programme", programme_id=2)
    for first, last in ((202609, 202608), (202001, 202612)):
        with pytest.raises(BadInput):
            told(busy, first=first, last=last)


def test_small_numbers_and_what_would_tell_them_are_left_out(busy: World) -> None:
    busy.redeem(51, 52)
    sequence(busy)
    found = told(busy)
    spent = {row.what: row.spent for row in found.organisations}
    assert found.total.spent == 28
    assert spent[BODMIN] is None
    assert spent[YMCA] is None, "else Cornwall's sum would tell"
    assert spent[CHORLEY] == 6
    assert BODMIN not in {each.organisation for each in found.flows}


def test_a_new_fact_is_in_the_next_report(busy: World) -> None:
    before = told(busy)
    busy.redeem(*range(31, 37))
    sequence(busy)
    assert (before.total.spent, told(busy).total.spent) == (26, 32)


def test_what_is_kept_of_a_month_is_what_a_fresh_process_reads(busy: World) -> None:
    def same_as_fresh() -> Report:
        kept = told(busy)
        impact.forget()
        assert kept == told(busy)
        return kept

    assert same_as_fresh().total.spent == 26
    late = busy.redeem(*range(31, 37))["id"]
    sequence(busy)
    assert same_as_fresh().total.spent == 32
    busy.reverse(late)
    sequence(busy)
    busy.now = datetime(2026, 9, 2, 12, tzinfo=UTC)
    busy.redeem(*range(37, 44))
    sequence(busy)
    assert [row.spent for row in same_as_fresh().months] == [0, 26, 7]


def test_a_hand_out_and_its_counter_entry_are_in_the_next_report(busy: World) -> None:
    assert told(busy).total.given == 20
    made = handing_out.hand_out(
        busy.store, named="CWL26 31-40", activity="Weeding", hours=10, people=7, actor="cli:test", now=busy.now,
        request_id=uuid4(),
    )  # fmt: skip
    assert [(row.what, row.given) for row in told(busy).activities] == [("Beach clean", 20), ("Weeding", 10)]
    taking_back.take_back(busy.store, hand_out=made.id, reason="Wrong bundle", actor="cli:test", now=busy.now)
    assert [(row.what, row.given) for row in told(busy).activities] == [("Beach clean", 20)]


def test_a_hand_out_that_is_recorded_late_is_in_the_month_of_its_day_and_of_no_other(busy: World) -> None:
    busy.now = datetime(2026, 9, 2, 12, tzinfo=UTC)
    assert [row.given for row in told(busy).months] == [0, 20, 0], "August is kept now"
    busy.move(Kind.ISSUE, "CWL26 71-80", organisation=YMCA)
    busy.now = datetime(2026, 10, 3, 12, tzinfo=UTC)
    handing_out.hand_out(
        busy.store, named="CWL26 71-80", activity="Weeding", hours=10, people=7, given_on=date(2026, 9, 30),
        actor="cli:test", now=busy.now, request_id=uuid4(),
    )  # fmt: skip
    kept = told(busy)
    assert [row.given for row in kept.months] == [0, 20, 10]
    assert told(busy, first=202610, last=202610).total.given == 0
    impact.forget()
    assert told(busy) == kept


def test_how_long_a_small_number_of_notes_waited_is_not_told(busy: World) -> None:
    assert told(busy).quartiles is not None
    assert told(busy, organisation_id=organisation_of(busy, YMCA)).quartiles is not None, (
        "twenty notes: five in each quarter"
    )
    assert told(busy, organisation_id=organisation_of(busy, CHORLEY)).quartiles is None, "six notes"


def test_notes_whose_last_day_is_over_wait_to_be_spent_no_more(busy: World) -> None:
    busy.reverse(busy.redeem(31)["id"])
    busy.move(Kind.VOID, "CWL26 28-35", reason="lost")
    sequence(busy)
    left = busy.counts("CWL26 1-100")["issued"], busy.counts("CWL26 11-50")["issued"], 0

    def unspent() -> list[int]:
        cuts: list[dict[str, Any]] = [
            {},
            *({"organisation_id": organisation_of(busy, each)} for each in (YMCA, CHORLEY)),
        ]
        return [told(busy, **cut).unspent or 0 for cut in cuts]

    before = unspent()
    directory.set_series(busy.store, series="CWL26", expires_on=date(2026, 8, 10))
    assert unspent() == before, "it is its last day"
    busy.later(days=1)
    assert unspent() == [whole - gone for whole, gone in zip(before, left, strict=True)]


def organisation_of(world: World, name: str) -> int:
    return next(each.id for each in directory.organisations(world.store) if each.name == name)
