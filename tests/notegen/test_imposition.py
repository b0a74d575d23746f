from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import BadInput
from app.core.span import Span
from notegen.geometry import grid
from notegen.geometry.imposition import Imposition, impose
from notegen.geometry.sheet import find

SRA3 = grid.fit((135.0, 66.0), 3.0, find("sra3"))
GRIDS = [SRA3, grid.fit((135.0, 66.0), 3.0, find("a4")), grid.alone((135.0, 66.0), 3.0)]


@st.composite
def impositions(draw: st.DrawFn) -> Imposition:
    first = draw(st.integers(1, 9_000_000))
    span = Span("CWL26", first, first + draw(st.integers(1, 3000)) - 1)
    return impose(span, draw(st.sampled_from(GRIDS)), draw(st.integers(1, 120)), draw(st.integers(1, 300)))


@given(impositions())
def test_each_note_lies_in_exactly_one_place(laid: Imposition) -> None:
    places = list(laid.placements())
    assert [place.number for place in places] == list(range(laid.span.first, laid.span.last + 1))
    assert len({(place.sheet, place.row, place.column) for place in places}) == len(places)


@given(impositions())
def test_a_place_is_found_again_from_the_sheet(laid: Imposition) -> None:
    for place in laid.placements():
        position = (place.row - 1) * laid.grid.columns + place.column - 1
        assert laid.runs[place.run - 1].number(position, place.leaf - 1) == place.number


@given(impositions())
def test_cut_and_stacked_the_piles_follow_one_another_in_serial_order(laid: Imposition) -> None:
    piles = defaultdict(list)
    for place in sorted(laid.placements(), key=lambda place: place.sheet):
        piles[place.stack].append(place.number)
    joined = [number for stack in sorted(piles) for number in piles[stack]]
    assert joined == list(range(laid.span.first, laid.span.last + 1))


@given(impositions(), st.data())
def test_what_sheets_carry_is_what_lies_on_them(laid: Imposition, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, laid.sheets))
    last = data.draw(st.integers(first, laid.sheets))
    placed = [place.number for place in laid.placements() if first <= place.sheet <= last]
    found = [number for span in laid.on_sheets(first, last) for number in range(span.first, span.last + 1)]
    assert found == sorted(placed)


@pytest.mark.parametrize(("first", "last"), [(0, 1), (2, 1), (1, 10), (10, 10)])
def test_a_sheet_that_there_is_not_carries_nothing(first: int, last: int) -> None:
    laid = impose(Span("CWL26", 1, 100), SRA3, 50)
    assert laid.sheets == 9
    with pytest.raises(BadInput, match="the sheets 1 to 9"):
        laid.on_sheets(first, last)


@given(impositions())
def test_no_sheet_is_without_a_note_and_none_beyond_the_count(laid: Imposition) -> None:
    assert {place.sheet for place in laid.placements()} == set(range(1, laid.sheets + 1))


@given(impositions())
def test_bundles_are_consecutive_notes(laid: Imposition) -> None:
    for place in laid.placements():
        span = laid.bundle_span(place.number)
        assert span.first <= place.number <= span.last
        assert (span.first - laid.span.first) % laid.bundle_size == 0
        assert place.bundle == (span.first - laid.span.first) // laid.bundle_size + 1


@pytest.mark.parametrize(
    ("notes", "bundle", "heights", "why"),
    [
        (600, 50, [50], "each pile is one bundle"),
        (5000, 50, [450], "34 sheets more, and every bundle falls out whole"),
        (400, 50, [34], "half as much paper again is too dear"),
        (12, 50, [1], "one sheet for a handful"),
        (1, 1, [1], "one note"),
        (12_000, 50, [500, 500], "two full runs"),
        (12_100, 50, [500, 500, 9], "a run for the rest"),
        (12_000, 30, [480, 480, 40], "a full run is a multiple of the bundle too: 500 would split some"),
        (12_000, 700, [500, 500], "a bundle higher than a run cannot be whole"),
    ],
)
def test_the_height_of_the_piles(notes: int, bundle: int, heights: list[int], why: str) -> None:
    laid = impose(Span("CWL26", 1, notes), SRA3, bundle)
    assert [run.height for run in laid.runs] == heights, why


def test_a_note_lies_where_cut_and_stack_says() -> None:
    laid = impose(Span("CWL26", 1001, 1600), SRA3, 50)
    place = laid.place(laid.runs[0], 1001 + 4 * 50 + 7)
    assert place == (1208, 8, 2, 2, 5, 5, 1, 8)


def test_a_run_of_no_sheets_is_refused() -> None:
    with pytest.raises(BadInput, match="prints nothing"):
        impose(Span("CWL26", 1, 5), SRA3, 5, 0)
