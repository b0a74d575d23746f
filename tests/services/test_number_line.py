"""The number line over the books: pieces that tile, counts in which a note's own life wins, and what moved a stretch."""

import pytest

from app.core.errors import BadSerial, NotAllowed, NotOrdered
from app.core.lifecycle import Kind
from app.core.span import Span
from app.services import enquiry, number_line
from app.services.number_line import NumberLine
from tests.world import BODMIN, YMCA, World


def _line(world: World, first: int, last: int) -> NumberLine:
    return number_line.line_of(world.store, code="CWL26", window=lambda _ordered: Span("CWL26", first, last))


def _spend_some(world: World) -> None:
    """11-13 spent, 12 given back, 11 retired; 56 spent and then made void with its bundle; 81 of no use to anybody."""
    world.redeem(11)
    second = world.redeem(12)
    world.redeem(13)
    world.redeem(56)
    world.reverse(second["id"])
    world.retire("CWL26 11")
    world.move(Kind.VOID, "CWL26 51-60", reason="lost")


def test_a_line_says_the_same_as_the_range(world: World) -> None:
    _spend_some(world)
    for first, last in ((1, 110), (1, 500), (45, 75), (11, 11)):
        told = enquiry.range_of(world.store, named=f"CWL26 {first}-{last}")
        assert _line(world, first, last).counts == told.counts
    found = _line(world, 1, 110)
    assert [each.span.first for each in found.drawn[1:]] == [each.span.last + 1 for each in found.drawn[:-1]]
    assert all(sum(each.counts.values()) == len(each.span) for each in found.drawn)


def test_merged_pieces_count_the_same_as_their_stretches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _spend_some(world)
    for number in range(20, 50, 2):
        world.move(Kind.HOLD, f"CWL26 {number}", reason="lost")
    apart = _line(world, 1, 500)
    monkeypatch.setattr(number_line, "PIECES", 10)
    merged = _line(world, 1, 500)
    assert len(merged.drawn) <= 10 < len(apart.drawn)
    assert merged.counts == apart.counts == enquiry.range_of(world.store, named="CWL26 1-500").counts
    for each in merged.drawn:
        told = enquiry.range_of(world.store, named=str(each.span)).counts if each.span.first <= 110 else None
        assert told is None or each.counts == told
    assert any(each.piece.look is None and "void" in each.counts and "redeemed" in each.counts for each in merged.drawn)


def test_close_up_a_spent_note_stands_apart(world: World) -> None:
    _spend_some(world)
    close = {str(each.span): each.counts for each in _line(world, 8, 20).drawn}
    assert close["CWL26 11"] == {"retired": 1}
    assert close["CWL26 12"] == {"issued": 1}
    assert close["CWL26 13"] == {"redeemed": 1}
    assert close["CWL26 14-20"] == {"issued": 7}


def test_holders_orders_and_the_whole_line_are_named(world: World) -> None:
    found = _line(world, 45, 500)
    assert [(each.span.first, each.holders) for each in found.drawn][:3] == [
        (45, (YMCA,)),
        (51, (BODMIN,)),
        (61, (YMCA,)),
    ]
    assert found.drawn[-1].counts == {"not_ordered": 390}
    assert [(each.id, str(each.span)) for each in found.orders] == [
        ("CWL26-001", "CWL26 1-100"),
        ("CWL26-002", "CWL26 101-110"),
    ]
    assert found.programme == "Cornwall"
    assert found.ordered == 110
    assert (found.glance[0].span.first, found.glance[-1].span.last) == (1, 500)


def test_the_whole_line_needs_no_strip_above_it(world: World) -> None:
    assert _line(world, 1, 110).glance == ()
    found = number_line.line_of(world.store, code="cwl 26", window=lambda ordered: number_line.whole("CWL26", ordered))
    assert str(found.window) == "CWL26 1-110"


def test_what_moved_a_stretch_is_told_newest_first(world: World) -> None:
    found = number_line.steps_of(world.store, span=Span("CWL26", 88, 88), most=50)
    assert [str(each.movement.kind) for each in found.newest] == ["void", "receive", "print", "order"]
    assert found.newest[0].note == "Taken from a car."
    assert found.newest[0].actor == "cli:test"
    assert found.total == 4
    issued = number_line.steps_of(world.store, span=Span("CWL26", 30, 55), most=2)
    assert [each.organisation for each in issued.newest] == [BODMIN, YMCA]
    assert issued.total == 5, "ordered, printed, received, and issued to two"
    assert number_line.steps_of(world.store, span=Span("CWL26", 500, 600), most=5).newest == ()


def test_a_programme_sees_its_own_series_alone(world: World) -> None:
    for code in ("LAN26", "LAN99", "ZZZ26"):
        with pytest.raises(NotAllowed):
            number_line.line_of(world.store, code=code, window=lambda _: Span("LAN26", 1, 9), programme_id=1)
    with pytest.raises(NotAllowed):
        number_line.steps_of(world.store, span=Span("LAN26", 1, 2), most=5, programme_id=1)
    assert number_line.line_of(world.store, code="CWL26", window=lambda _: Span("CWL26", 1, 9), programme_id=1)


def test_what_is_no_series_is_said(world: World) -> None:
    with pytest.raises(NotOrdered):
        number_line.line_of(world.store, code="CWL77", window=lambda _: Span("CWL77", 1, 9))
    with pytest.raises(BadSerial):
        number_line.line_of(world.store, code="hello", window=lambda _: Span("CWL77", 1, 9))
