"""The number line against a naive one that writes every note down."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import line
from app.core.lifecycle import NoteState, State
from app.core.line import NEVER_ORDERED, Look, Stretch
from app.core.serial import LAST_NUMBER
from app.core.span import Span
from tests.core import strategies as our

LOOKS = [Look(State.ISSUED, 7), Look(State.ISSUED, 8), Look(State.STOCKED), Look(State.VOID, 7, "stolen", State.ISSUED)]
windows = our.spans(within=600, of=st.just("CWL26"))


@st.composite
def lines(draw: st.DrawFn) -> list[Stretch]:
    """Stretches in order and apart, some of them with gaps between."""
    free, found = 1, []
    for gap, length, look in draw(
        st.lists(st.tuples(st.integers(0, 3), st.integers(1, 30), st.sampled_from(LOOKS)), max_size=60)
    ):
        found.append(Stretch(free + gap, free + gap + length - 1, look))
        free += gap + length
    return found


def _notes(stretches: list[Stretch], window: Span) -> dict[int, Look]:
    """How each note of the window looks."""
    by_number = {number: each.look for each in stretches for number in range(each.first, each.last + 1)}
    return {number: by_number.get(number, NEVER_ORDERED) for number in range(window.first, window.last + 1)}


@given(lines(), windows, st.integers(line.FEWEST, 60))
def test_pieces_tile_the_window_and_their_counts_sum_up(stretches: list[Stretch], window: Span, most: int) -> None:
    found, notes = line.pieces(stretches, window, most), _notes(stretches, window)
    assert 1 <= len(found) <= most
    assert [number for piece in found for number in range(piece.span.first, piece.span.last + 1)] == list(notes)
    for piece in found:
        assert piece.notes == Counter(notes[number] for number in range(piece.span.first, piece.span.last + 1))
        assert piece.states.total() == len(piece.span)


@given(lines(), windows, st.integers(line.FEWEST, 60))
def test_what_is_drawn_alone_is_one_stretch_and_what_is_mixed_says_so(
    stretches: list[Stretch], window: Span, most: int
) -> None:
    for piece in line.pieces(stretches, window, most):
        if piece.stretches == 1:
            assert piece.look is not None
        if piece.look is None:
            assert piece.stretches > 1
            assert len(piece.notes) > 1


@given(lines(), windows)
def test_nothing_is_merged_where_there_is_room(stretches: list[Stretch], window: Span) -> None:
    assert all(piece.stretches == 1 for piece in line.pieces(stretches, window, 1000))


def test_a_long_stretch_among_thousands_of_small_ones_stays_a_piece_of_its_own() -> None:
    small = [Stretch(n, n, LOOKS[n % 2]) for n in range(1, 5001)]
    void = Stretch(5001, 9000, LOOKS[3])
    more = [Stretch(n, n, LOOKS[n % 2]) for n in range(9001, 10_001)]
    found = line.pieces([*small, void, *more], Span("CWL26", 1, 10_000), 100)
    assert [piece.span for piece in found if piece.look == LOOKS[3]] == [Span("CWL26", 5001, 9000)]
    assert len(found) <= 100


def test_pieces_stay_the_same_when_the_window_is_drawn_along() -> None:
    stretches = [Stretch(n, n, LOOKS[n % 3]) for n in range(1, 20_001)]
    here = line.pieces(stretches, Span("CWL26", 1001, 9000), 100)
    there = line.pieces(stretches, Span("CWL26", 1501, 9500), 100)
    assert set(map(str, (piece.span for piece in here[1:-1]))) & {str(piece.span) for piece in there} >= {
        str(piece.span) for piece in here[9:-1]
    }


def test_a_picture_of_nothing_is_no_picture() -> None:
    with pytest.raises(ValueError, match="8 pieces"):
        line.pieces([], Span("CWL26", 1, 10), 7)


@given(our.spans(of=st.just("CWL26")), st.sampled_from([0.5, 2.0, 0.1, 10.0]))
def test_a_window_zooms_and_stays_on_the_line(window: Span, by: float) -> None:
    found = line.zoomed(window, by=by)
    assert len(found) == min(max(round(len(window) * by), 1), LAST_NUMBER)
    if by < 1 and len(window) > 1:
        assert window.covers(found)
    if by > 1:
        assert found.covers(window)


def test_ten_million_notes_are_zoomed_down_to_one_and_out_again() -> None:
    window, steps = Span("CWL26", 1, LAST_NUMBER), 0
    while len(window) > 1:
        window, steps = line.zoomed(window, by=0.5), steps + 1
    assert steps < 30
    while len(window) < LAST_NUMBER:
        window = line.zoomed(window, by=2)
    assert window == Span("CWL26", 1, LAST_NUMBER)


@given(our.spans(of=st.just("CWL26")), st.sampled_from([-1.0, -0.5, 0.5, 1.0]))
def test_a_window_is_drawn_along_and_keeps_its_length(window: Span, by: float) -> None:
    found = line.turned(window, by=by)
    assert len(found) == len(window)
    assert (found.first >= window.first) if by > 0 else (found.first <= window.first)


@given(our.spans(of=st.just("CWL26")))
def test_the_scale_has_few_round_numbers(window: Span) -> None:
    found = line.ticks(window)
    assert len(found) <= 8
    assert all(window.first <= number <= window.last for number in found)
    if len(window) >= 8:
        assert len(found) >= 2


@pytest.mark.parametrize(
    ("window", "ticks"),
    [((1, 60), [10, 20, 30, 40, 50, 60]), ((1, 9_999_999), [2_000_000, 4_000_000, 6_000_000, 8_000_000]), ((45, 45), [45]),
     ((12_000, 12_500), [12_000, 12_100, 12_200, 12_300, 12_400, 12_500])],
)  # fmt: skip
def test_scales(window: tuple[int, int], ticks: list[int]) -> None:
    assert line.ticks(Span("CWL26", *window)) == ticks


@given(lines(), st.dictionaries(st.integers(1, 600), st.sampled_from(list(NoteState)), max_size=30))
def test_close_up_each_note_has_its_own_life(stretches: list[Stretch], own: dict[int, NoteState]) -> None:
    window = Span("CWL26", 1, 600)
    expected = {
        number: look._replace(own=own.get(number)) if look.state else look
        for number, look in _notes(stretches, window).items()
    }
    assert _notes(list(line.close_up(stretches, own)), window) == expected
