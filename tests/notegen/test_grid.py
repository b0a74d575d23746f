from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import BadInput
from notegen.geometry import grid
from notegen.geometry.grid import Flip, Grid
from notegen.geometry.marks import crop_marks
from notegen.geometry.sheet import SHEETS, find
from notegen.geometry.slot import Box, overlap

NOTE = (135.0, 66.0)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    trim = draw(st.floats(50, 180)), draw(st.floats(50, 120))
    return grid.fit(trim, draw(st.floats(2, 5)), draw(st.sampled_from(list(SHEETS.values()))))


@pytest.mark.parametrize(
    ("sheet", "trim", "notes"),
    [
        ("sra3", (135.0, 66.0), 12),
        ("a4", (135.0, 66.0), 4),
        ("a3", (135.0, 66.0), 10),
        ("sra3", (130.0, 65.0), 12),
        ("sra3", (148.0, 74.0), 6),
        ("A4", (120.0, 65.0), 4),
    ],
)
def test_a_sheet_takes_the_most_notes(sheet: str, trim: tuple[float, float], notes: int) -> None:
    assert len(grid.fit(trim, 3.0, find(sheet))) == notes


def test_a_note_larger_than_the_sheet_is_refused() -> None:
    with pytest.raises(BadInput, match="does not fit on a4"):
        grid.fit((300.0, 200.0), 3.0, find("a4"))


def test_an_unknown_sheet_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="sra3, a3, a4"):
        find("a9")


@given(grids())
def test_no_two_bleeds_overlap_and_all_lie_within_the_printable_sheet(laid: Grid) -> None:
    boxes = [_grown(laid.front(position), laid.bleed_mm - 1e-6) for position in range(len(laid))]
    assert not any(overlap(one, other) for one, other in combinations(boxes, 2))
    margin = laid.sheet.margin_mm
    for left, top, right, bottom in boxes:
        assert left >= margin
        assert top >= margin
        assert right <= laid.sheet.width_mm - margin
        assert bottom <= laid.sheet.height_mm - margin


@given(grids(), st.sampled_from(["long", "short"]))
def test_front_and_back_of_a_place_coincide_through_the_paper(laid: Grid, flip: Flip) -> None:
    for position in range(len(laid)):
        seen = _through_the_paper(laid, laid.back(position, flip), flip)
        assert seen == pytest.approx(laid.front(position), abs=0.01)


@given(grids())
def test_crop_marks_stand_at_every_cut_and_cross_no_bleed(laid: Grid) -> None:
    marks = crop_marks(laid)
    upright = {round(x1, 6) for x1, _, x2, _ in marks if x1 == x2}
    level = {round(y1, 6) for _, y1, _, y2 in marks if y1 == y2}
    for position in range(len(laid)):
        left, top, right, bottom = laid.front(position)
        assert {round(left, 6), round(right, 6)} <= upright
        assert {round(top, 6), round(bottom, 6)} <= level
        bleed = _grown((left, top, right, bottom), laid.bleed_mm)
        assert not any(overlap((x1 - 0.05, y1 - 0.05, x2 + 0.05, y2 + 0.05), bleed) for x1, y1, x2, y2 in marks)


@given(grids())
def test_crop_marks_keep_within_what_a_machine_prints(laid: Grid) -> None:
    margin = laid.sheet.margin_mm - 1e-6
    for x1, y1, x2, y2 in crop_marks(laid):
        assert margin <= min(x1, x2) <= max(x1, x2) <= laid.sheet.width_mm - margin
        assert margin <= min(y1, y2) <= max(y1, y2) <= laid.sheet.height_mm - margin


def test_a_note_is_turned_like_a_page_whatever_the_sheet_is_turned_about() -> None:
    lying, standing = grid.fit(NOTE, 3.0, find("sra3")), grid.fit(NOTE, 3.0, find("a3"))
    assert (lying.sheet.landscape, standing.sheet.landscape) == (True, False)
    assert [laid.upside_down(flip) for laid in (lying, standing) for flip in ("long", "short")] == [
        True,
        False,
        False,
        True,
    ]


def test_a_single_note_has_its_bleed_and_no_marks() -> None:
    alone = grid.alone(NOTE, 3.0)
    assert (alone.sheet.width_mm, alone.sheet.height_mm) == (141.0, 72.0)
    assert alone.front(0) == (3.0, 3.0, 138.0, 69.0)
    assert crop_marks(alone) == []


def _through_the_paper(laid: Grid, back: Box, flip: Flip) -> Box:
    """Turn the sheet: about a level edge top and bottom change places, about an upright one left and right."""
    width, height = laid.sheet.width_mm, laid.sheet.height_mm
    level = (width > height) == (flip == "long")
    left, top, right, bottom = back
    return (left, height - bottom, right, height - top) if level else (width - right, top, width - left, bottom)


def _grown(box: Box, more: float) -> Box:
    return box[0] - more, box[1] - more, box[2] + more, box[3] + more
