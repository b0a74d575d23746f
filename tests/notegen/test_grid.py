from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import BadInput
from notegen.engraving.register import HOURS, Register
from notegen.geometry import grid, sheet
from notegen.geometry.grid import Flip, Grid
from notegen.geometry.marks import crop_marks
from notegen.geometry.sheet import find
from notegen.geometry.slot import Box, overlap
from tests.notegen.sheets import NOTE, grids, grown, inside, printable

flips = st.sampled_from(["long", "short"])


@pytest.mark.parametrize(
    ("trim", "a4", "a3", "sra3", "office"),
    [
        ((135.0, 66.0), 4, 10, 12, 6),
        ((130.0, 65.0), 4, 10, 12, 6),
        ((120.0, 65.0), 4, 10, 12, 6),
        ((125.0, 62.0), 4, 12, 12, 6),
        ((140.0, 70.0), 3, 6, 10, 4),
        ((148.0, 74.0), 3, 6, 6, 3),
        ((150.0, 75.0), 3, 6, 6, 3),
    ],
)
def test_a_sheet_takes_the_most_notes(trim: tuple[float, float], a4: int, a3: int, sra3: int, office: int) -> None:
    assert [len(grid.fit(trim, 3.0, find(name))) for name in ("A4", "a3", "sra3")] == [a4, a3, sra3]
    assert len(grid.office(trim, find("a4"))) == office


@given(grids())
def test_no_other_grid_of_notes_that_lie_alike_takes_more(laid: Grid) -> None:
    edge = 2 * (5.0 + (2.3 if laid.marked else 0.0))
    width, height = (side + 2 * laid.bleed_mm for side in laid.trim_mm)
    long, short = laid.sheet.width_mm - edge + 1e-9, laid.sheet.height_mm - edge + 1e-9
    assert len(laid) == max(long // width * (short // height), short // width * (long // height))


def test_a_note_larger_than_the_sheet_is_refused() -> None:
    with pytest.raises(BadInput, match="crop marks does not fit on a4"):
        grid.fit((300.0, 200.0), 3.0, find("a4"))
    with pytest.raises(BadInput, match="290 x 200 mm does not fit on a4"):
        grid.office((290.0, 200.0), find("a4"))


def test_an_unknown_sheet_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="sra3, a3, a4, or its size in mm, as 330x488"):
        find("a9")


@pytest.mark.parametrize("text", ["330x488", "488X330", " 330 × 488 mm", "488.0x330"])
def test_a_sheet_of_any_size_is_named_in_either_order(text: str) -> None:
    found = find(text)
    assert (found.name, found.width_mm, found.height_mm) == ("330x488", 488.0, 330.0)


@pytest.mark.parametrize("text", ["99x300", "300x1601", "0x0", "99999x99999"])
def test_a_sheet_that_fits_no_press_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="fits no press: take sides from 100 to 1600 mm"):
        find(text)


@pytest.mark.parametrize("text", ["", "x", "330", "330x", "-330x488", "nanx300", "1e3x300", "330x488cm", "330x488x2"])
def test_what_is_no_sheet_is_refused(text: str) -> None:
    assert sheet.size(text) is None
    with pytest.raises(BadInput, match="There is no sheet"):
        find(text)


@given(grids())
def test_no_two_bleeds_overlap_and_all_lie_within_the_printable_sheet(laid: Grid) -> None:
    boxes = [grown(laid.front(position), laid.bleed_mm - 1e-6) for position in range(len(laid))]
    assert not any(overlap(one, other) for one, other in combinations(boxes, 2))
    assert all(inside(box, printable(laid)) for box in boxes)


@given(grids(), flips)
def test_front_and_back_of_a_place_coincide_through_the_paper(laid: Grid, flip: Flip) -> None:
    for position in range(len(laid)):
        seen = _through_the_paper(laid, laid.back(position, flip), flip)
        assert seen == pytest.approx(laid.front(position), abs=0.01)


@given(grids(), flips)
def test_the_see_through_register_of_a_note_meets_on_the_sheet(laid: Grid, flip: Flip) -> None:
    """Held to the light, the back's hours of the clock stand between the front's, on the same circle."""
    clock = Register((20.0, 15.0), 6.0, "teal")
    wanted = [clock._leaf(hour) for hour in range(0, HOURS, 2)]
    for position in range(len(laid)):
        front, back = laid.front(position), laid.back(position, flip)
        for leaf, want in zip(clock.hours("back", laid.trim_mm[0]), wanted, strict=True):
            on_sheet = [_on_sheet(back, (x, y), on_head=laid.upside_down(flip)) for x, y in leaf]
            seen = [_through_the_paper(laid, (x, y, x, y), flip)[:2] for x, y in on_sheet]
            assert np.allclose(seen, want + np.array(front[:2]), atol=0.01)


@given(grids())
def test_crop_marks_stand_at_every_cut_and_cross_no_bleed(laid: Grid) -> None:
    marks = crop_marks(laid)
    assert bool(marks) is laid.marked
    upright = {round(x1, 3) for x1, _, x2, _ in marks if x1 == x2}
    level = {round(y1, 3) for _, y1, _, y2 in marks if y1 == y2}
    for position in range(len(laid) if laid.marked else 0):
        left, top, right, bottom = laid.front(position)
        assert {round(round(edge, 6), 3) for edge in (left, right)} <= upright
        assert {round(round(edge, 6), 3) for edge in (top, bottom)} <= level
        bleed = grown((left, top, right, bottom), laid.bleed_mm)
        assert not any(overlap((x1 - 0.05, y1 - 0.05, x2 + 0.05, y2 + 0.05), bleed) for x1, y1, x2, y2 in marks)


@given(grids())
def test_the_cuts_are_the_edges_of_the_trims_and_neighbours_without_bleed_share_theirs(laid: Grid) -> None:
    upright, level = laid.cuts_mm
    shared = laid.bleed_mm == 0
    assert len(upright) == (laid.columns + 1 if shared else 2 * laid.columns)
    assert len(level) == (laid.rows + 1 if shared else 2 * laid.rows)
    assert (upright[0], level[0], upright[-1], level[-1]) == pytest.approx(laid.trims)


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
    level = (width >= height) == (flip == "long")
    left, top, right, bottom = back
    return (left, height - bottom, right, height - top) if level else (width - right, top, width - left, bottom)


def _on_sheet(trim: Box, point: tuple[float, float], *, on_head: bool) -> tuple[float, float]:
    """Where a point of a note (mm from the top left of its trim) comes to lie on the sheet."""
    return (trim[2] - point[0], trim[3] - point[1]) if on_head else (trim[0] + point[0], trim[1] + point[1])
