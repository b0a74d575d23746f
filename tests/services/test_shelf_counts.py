"""Shelf counts: paper is scanned onto a sheet, and the count that comes of it is kept with what the books expected."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app.core import reference
from app.core import span as spans
from app.core.errors import BadInput, BadSpan, Conflict, NotAllowed, NotFound
from app.core.lifecycle import Kind
from app.core.roles import Deed
from app.core.shelf import Why
from app.core.span import Span
from app.services import accounts, asking, handing_out, shelf_counts, shelf_sheets, shelves
from app.services.accounts import Account
from app.services.shelf_counts import Seen
from app.store import tables
from tests import staff
from tests.world import ACTOR, BODMIN, CHORLEY, YMCA, World

STOCK, OURS = "stock-1", "organisation-1"


@pytest.fixture
def office(world: World) -> Account:
    """Somebody of Cornwall's programme office."""
    return account(world, "programme", programme="CWL")


def account(world: World, role: str, email: str = "", **scope: str) -> Account:
    made, _secret = accounts.add_account(
        world.store, email=email or f"{role}@example.org", role=role, now=world.now, **scope
    )
    return made


def begin(world: World, by: Account, key: str = STOCK) -> UUID:
    return shelf_sheets.begin(world.store, by=by, key=key, sheet_id=uuid4(), now=world.now)


def add(world: World, by: Account, sheet: UUID, *counted: str) -> shelf_sheets.Added:
    return shelf_sheets.add(world.store, by=by, sheet_id=sheet, counted="\n".join(counted), now=world.now)


def finish(world: World, by: Account, sheet: UUID, **more: Any) -> Seen:
    """Finish the sheet as it stands."""
    seen = shelf_sheets.look(world.store, by=by, sheet_id=sheet)
    given = {"edition": seen.sheet.edition if seen.sheet else 0, "note": None, **more}
    shelf_sheets.finish(world.store, by=by, sheet_id=sheet, now=world.now, **given)
    return shelf_counts.look(world.store, by=by, count_id=sheet)


def odd(seen: Seen) -> dict[tuple[Why, str | None], list[str]]:
    return {
        (each.why, seen.holders[each.holder] if each.holder else None): list(map(str, each.spans)) for each in seen.odd
    }


def said(parts: tuple[Span, ...]) -> list[str]:
    return list(map(str, parts))


def test_a_stock_is_counted_into_what_is_there_missing_and_too_much(world: World, office: Account) -> None:
    world.redeem(12)
    world.redeem(13)
    world.retire("CWL26 13")
    sheet = begin(world, office)
    label = reference.label("NOTES.EXAMPLE.ORG", Span("CWL26", 71, 80))
    add(world, office, sheet, label, world.token(91), world.serial(92), "CWL26 1", "CWL26 11-13", "CWL26 61")
    add(world, office, sheet, "CWL26 84-88", "CWL26 101", "CWL26 111", "LAN26 1-2", "ZZZ26 1", "garbage")
    seen = finish(world, office, sheet, note="the grey cabinet")
    assert said(seen.count.expected) == ["CWL26 71-80", "CWL26 91-100"]
    assert said(seen.count.found) == ["CWL26 71-80", "CWL26 91-92"]
    assert said(seen.count.missing) == ["CWL26 93-100"]
    assert odd(seen) == {
        (Why.OTHER_PROGRAMME, None): ["LAN26 1-2"], (Why.NOT_ORDERED, None): ["CWL26 111", "ZZZ26 1"],
        (Why.RETIRED, YMCA): ["CWL26 13"], (Why.REDEEMED, YMCA): ["CWL26 12"], (Why.VOID, None): ["CWL26 86-88"],
        (Why.HELD, None): ["CWL26 84-85"], (Why.ORDERED, None): ["CWL26 101"], (Why.PRINTED, None): ["CWL26 1"],
        (Why.DISPATCHED, YMCA): ["CWL26 61"], (Why.ISSUED, YMCA): ["CWL26 11"],
    }  # fmt: skip
    (line, shelf), *_more = shelf_counts.listed(world.store, by=office)[0]
    assert (line.notes_expected, line.notes_seen, line.notes_missing, line.notes_odd) == (20, 27, 8, 15)
    assert (shelf.key, line.note, line.actor) == (STOCK, "the grey cabinet", office.email)
    assert [(each.order, each.first, each.last) for each in seen.bundles[Span("CWL26", 93, 100)]] == [
        ("CWL26-001", 10, 10)
    ]
    assert world.findings() == []


def test_a_drawer_expects_what_was_issued_and_neither_handed_out_nor_spent(world: World, office: Account) -> None:
    handing_out.hand_out(
        world.store, named="CWL26 11-15", activity="Gardening", hours=5, people=3, actor=ACTOR, now=world.now,
        request_id=uuid4(),
    )  # fmt: skip
    given_back = world.redeem(20)
    world.redeem(21)
    world.reverse(given_back["id"])
    world.move(Kind.HOLD, "CWL26 30", reason="lost")
    sheet = begin(world, office, OURS)
    add(world, office, sheet, "CWL26 11", "CWL26 16-50", "CWL26 51", "CWL26 71")
    seen = finish(world, office, sheet)
    assert said(seen.count.expected) == ["CWL25 1-5", "CWL26 16-20", "CWL26 22-29", "CWL26 31-50"]
    assert said(seen.count.missing) == ["CWL25 1-5"]
    assert odd(seen) == {
        (Why.REDEEMED, YMCA): ["CWL26 21"], (Why.HANDED_OUT, YMCA): ["CWL26 11"], (Why.HELD, YMCA): ["CWL26 30"],
        (Why.STOCKED, None): ["CWL26 71"], (Why.ISSUED, BODMIN): ["CWL26 51"],
    }  # fmt: skip


def test_a_keeper_counts_its_own_drawer_and_learns_nothing_of_others_notes(world: World, office: Account) -> None:
    keeper = account(world, "keeper", organisation=YMCA)
    assert [each.key for each in shelves.every(world.store, by=keeper)] == [OURS]
    sheet = begin(world, keeper, OURS)
    add(world, keeper, sheet, "CWL26 11", "CWL26 51", "CWL26 71", "CWL26 86", "CWL26 999", "LAN26 1")
    assert odd(shelf_sheets.look(world.store, by=keeper, sheet_id=sheet)) == {
        (Why.ELSEWHERE, None): ["CWL26 51", "CWL26 71", "CWL26 86", "CWL26 999", "LAN26 1"]
    }
    assert len(odd(finish(world, keeper, sheet))) == 1
    assert (Why.ISSUED, BODMIN) in odd(shelf_counts.look(world.store, by=office, count_id=sheet)), (
        "the office is told all"
    )
    left = shelf_counts.left_to_stop(world.store, by=keeper, deed=Deed.HOLD, count_id=sheet)
    assert left == {"CWL25": "CWL25 1-5", "CWL26": "CWL26 12-50"}
    made = asking.ask_to_move(
        world.store, by=staff.present(world.store, keeper, now=world.now), deed=Deed.HOLD, named=left["CWL26"], reason="lost",
        note=None, request_id=uuid4(), now=world.now,
    )  # fmt: skip
    assert made.notes == 39
    with pytest.raises(NotAllowed):
        shelf_counts.left_to_stop(world.store, by=keeper, deed=Deed.VOID, count_id=sheet)


def test_nobody_counts_or_sees_the_shelf_of_others(world: World, office: Account) -> None:
    sheet = begin(world, office)
    theirs = account(world, "programme", "lancashire@example.org", programme="LAN")
    bodmin = account(world, "keeper", organisation=BODMIN)
    for stranger in (theirs, bodmin):
        with pytest.raises(NotFound):
            add(world, stranger, sheet, "CWL26 71")
        with pytest.raises(NotFound):
            begin(world, stranger)
        assert shelf_sheets.under_way(world.store, by=stranger) == []
    finish(world, office, sheet)
    for stranger in (theirs, bodmin):
        assert shelf_counts.listed(world.store, by=stranger) == ([], False)
        with pytest.raises(NotFound):
            shelf_counts.look(world.store, by=stranger, count_id=sheet)
        with pytest.raises(NotFound):
            shelf_counts.listed(world.store, by=stranger, key=STOCK)
        with pytest.raises(NotFound):
            shelf_sheets.finish(world.store, by=stranger, sheet_id=sheet, edition=0, note=None, now=world.now)
    auditor = account(world, "auditor", programme="CWL")
    assert shelf_counts.look(world.store, by=auditor, count_id=sheet).line
    with pytest.raises(NotAllowed):
        begin(world, auditor)
    national = account(world, "national")
    assert {CHORLEY, YMCA} < {
        each.organisation.name for each in shelves.every(world.store, by=national) if each.organisation
    }


def test_a_sheet_keeps_what_anybody_scanned_and_there_is_one_for_a_shelf(world: World, office: Account) -> None:
    colleague = account(world, "programme", "colleague@example.org", programme="CWL")
    sheet = begin(world, office)
    assert begin(world, colleague) == sheet
    add(world, office, sheet, "CWL26 71-75")
    added = add(world, colleague, sheet, "CWL26 74-80", "smudge")
    assert (said(added.again), added.notes, added.strange) == (["CWL26 74-75"], 5, ("smudge",))
    taken = shelf_sheets.take_out(world.store, by=office, sheet_id=sheet, counted="CWL26 80-90", now=world.now)
    assert said(taken.again) == ["CWL26 80"]
    ((kept, shelf),) = shelf_sheets.under_way(world.store, by=office)
    assert (said(kept.seen), shelf.key) == (["CWL26 71-79"], STOCK)
    with pytest.raises(Conflict, match="counted on meanwhile"):
        shelf_sheets.finish(world.store, by=office, sheet_id=sheet, edition=1, note=None, now=world.now)
    with pytest.raises(Conflict):
        shelf_sheets.give_up(world.store, by=office, sheet_id=sheet, edition=1)
    shelf_sheets.give_up(world.store, by=office, sheet_id=sheet, edition=kept.edition)
    assert shelf_sheets.under_way(world.store, by=office) == []
    assert shelf_counts.listed(world.store, by=office) == ([], False), "nothing of it is in the books"


def test_a_count_is_made_once_and_stays_as_it_was(world: World, office: Account) -> None:
    sheet = begin(world, office)
    add(world, office, sheet, "CWL26 71-80")
    before = finish(world, office, sheet, edition=1)
    shelf_sheets.finish(world.store, by=office, sheet_id=sheet, edition=1, note=" ", now=world.later(hours=1))
    for edition, note in ((1, "else"), (2, None)):
        with pytest.raises(Conflict):
            shelf_sheets.finish(world.store, by=office, sheet_id=sheet, edition=edition, note=note, now=world.now)
    world.move(Kind.DISPATCH, "CWL26 91-95", organisation=YMCA)
    world.move(Kind.HOLD, "CWL26 96", reason="lost")
    after = shelf_counts.look(world.store, by=office, count_id=sheet)
    assert replace(after, bundles={}) == replace(before, bundles={})
    assert len(shelf_counts.listed(world.store, by=office)[0]) == 1
    left = {
        kind: shelf_counts.left_to_stop(world.store, by=office, deed=kind, count_id=sheet)
        for kind in (Deed.HOLD, Deed.VOID)
    }
    assert left == {Deed.HOLD: {"CWL26": "CWL26 97-100"}, Deed.VOID: {"CWL26": "CWL26 96-100"}}, (
        "what moved on is left alone"
    )
    with pytest.raises(Conflict):
        shelf_sheets.begin(world.store, by=office, key=STOCK, sheet_id=sheet, now=world.now)


def test_what_was_not_seen_is_stopped_in_one_go_as_several_spans(world: World, office: Account) -> None:
    sheet = begin(world, office)
    add(world, office, sheet, "CWL26 72-79", "CWL26 95")
    finish(world, office, sheet)
    named = shelf_counts.left_to_stop(world.store, by=office, deed=Deed.HOLD, count_id=sheet)["CWL26"]
    assert named == "CWL26 71, CWL26 80, CWL26 91-94, CWL26 96-100"
    given = {"by": staff.present(world.store, office, now=world.now), "reason": "lost", "note": None, "now": world.now}
    deed = uuid4()
    made = asking.ask_to_move(world.store, deed=Deed.HOLD, named=named, request_id=deed, **given)  # type: ignore[arg-type]
    assert (made.notes, made.arguments["notes"]) == (11, named.split(", "))
    again = asking.ask_to_move(world.store, deed=Deed.HOLD, named=named, request_id=deed, **given)  # type: ignore[arg-type]
    assert again == made
    assert world.counts("CWL26 71-80") == {"held": 2, "stocked": 8}
    assert shelf_counts.left_to_stop(world.store, by=office, deed=Deed.HOLD, count_id=sheet) == {}
    world.move(Kind.VOID, "CWL26 71", reason="lost")
    assert shelf_counts.left_to_stop(world.store, by=office, deed=Deed.VOID, count_id=sheet) == {
        "CWL26": named.removeprefix("CWL26 71, ")
    }, "what is void already is not made so again"
    with pytest.raises(BadSpan, match="of one series"):
        asking.ask_to_move(world.store, deed=Deed.HOLD, named="CWL26 1, CWL25 1", request_id=uuid4(), **given)  # type: ignore[arg-type]
    with pytest.raises(BadSpan, match="an order alone"):
        asking.ask_to_move(world.store, deed=Deed.HOLD, named="CWL26-001, CWL26 1", request_id=uuid4(), **given)  # type: ignore[arg-type]
    assert world.findings() == []


def test_a_list_that_is_too_long_or_empty_is_refused_whole(world: World, office: Account) -> None:
    sheet = begin(world, office)
    for counted, told in (
        (" \n, ", "Scan or type"), ("x\n" * 10_001, "at once"), ("CWL26 1-2000001", "than one count can take"),
    ):  # fmt: skip
        with pytest.raises(BadInput, match=told):
            add(world, office, sheet, counted)
    ((kept, _shelf),) = shelf_sheets.under_way(world.store, by=office)
    assert kept.edition == 0


def test_thousands_of_loose_notes_are_a_sheet_and_one_fact(world: World, office: Account) -> None:
    sheet = begin(world, office)
    loose = [str(Span("CWL26", number, number)) for number in range(71, 19_071, 2)]
    add(world, office, sheet, *loose)
    seen = finish(world, office, sheet)
    assert (len(seen.count.seen), spans.common(seen.count.found, seen.count.seen)) == (9_500, list(seen.count.found))
    with world.store.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.shelf_count)) == 1
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.count_sheet)) == 0


def test_many_sheets_and_many_gaps_ask_the_database_no_more_often_than_few(world: World, office: Account) -> None:
    def asked(work: Callable[[], object]) -> int:
        told: list[str] = []
        hear = lambda _connection, _cursor, statement, *_more: told.append(statement)  # noqa: E731
        event.listen(world.store.engine, "before_cursor_execute", hear)
        work()
        event.remove(world.store.engine, "before_cursor_execute", hear)
        return len(told)

    def under_way() -> int:
        return asked(lambda: shelf_sheets.under_way(world.store, by=office))

    def left(sheet: UUID) -> int:
        return asked(lambda: shelf_counts.left_to_stop(world.store, by=office, deed=Deed.HOLD, count_id=sheet))

    sheet = begin(world, office)
    few = under_way()
    begin(world, office, OURS)
    assert under_way() == few
    finish(world, office, sheet)
    scattered = begin(world, office)
    add(world, office, scattered, *(f"CWL26 {number}" for number in range(71, 101, 2)))
    finish(world, office, scattered)
    assert left(scattered) == left(sheet)


def test_who_scans_at_the_same_time_loses_nothing(world: World, office: Account) -> None:
    sheet = begin(world, office)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: add(world, office, sheet, f"CWL26 {number}"), range(71, 81)))
    ((kept, _shelf),) = shelf_sheets.under_way(world.store, by=office)
    assert (said(kept.seen), kept.edition) == (["CWL26 71-80"], 10)
