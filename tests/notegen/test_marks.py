"""What stands in the margin: nothing enters a bleed, nothing crosses another, and both sides agree."""

from itertools import combinations

import pytest
from hypothesis import given

from notegen.geometry import grid
from notegen.geometry.colourbar import GREYS, PATCHES, colour_bar
from notegen.geometry.grid import Grid
from notegen.geometry.marks import REACH_MM, crop_marks, registration_marks
from notegen.geometry.sheet import find
from notegen.geometry.slot import Box, Slot, overlap
from notegen.geometry.slug import slug
from tests.notegen.sheets import NOTE, grids, grown, inside, printable


def crops(laid: Grid) -> list[Box]:
    return [grown((x1, y1, x2, y2), 0.05) for x1, y1, x2, y2 in crop_marks(laid)]


def targets(laid: Grid) -> list[Box]:
    return [grown((x, y, x, y), REACH_MM) for x, y in registration_marks(laid)]


def bar(laid: Grid) -> list[Box]:
    return [patch.box for patch in colour_bar(laid)]


def lines(laid: Grid) -> list[Box]:
    """The place of each line of the slug: as wide as it may be, from its capitals to its descenders."""
    slots = [slot for slot in slug(laid) if isinstance(slot, Slot)]
    return [(slot.x_mm, slot.y_mm - 1.45, slot.x_mm + (slot.width_mm or 0), slot.y_mm + 0.5) for slot in slots]


@given(grids())
def test_nothing_in_the_margin_enters_a_bleed_or_leaves_what_is_printed(laid: Grid) -> None:
    left, top, right, bottom = laid.trims
    notes = grown((left, top, right, bottom), laid.bleed_mm - 1e-6)
    for box in [*crops(laid), *targets(laid), *bar(laid), *lines(laid)]:
        assert not overlap(box, notes)
        assert inside(box, grown(printable(laid), 0.25))


@given(grids())
def test_no_mark_crosses_another_nor_the_bar_nor_the_slug(laid: Grid) -> None:
    kinds = [crops(laid), targets(laid), bar(laid), lines(laid)]
    for one, other in combinations(kinds, 2):
        assert not any(overlap(a, b) for a in one for b in other)
    for kind in kinds[1:]:
        assert not any(overlap(grown(a, -1e-6), b) for a, b in combinations(kind, 2))


@given(grids())
def test_registration_marks_of_both_sides_fall_on_one_another_whatever_the_flip(laid: Grid) -> None:
    width, height = laid.sheet.width_mm, laid.sheet.height_mm
    found = {(round(x, 3), round(y, 3)) for x, y in registration_marks(laid)}
    assert {(round(width - x, 3), y) for x, y in found} == found
    assert {(x, round(height - y, 3)) for x, y in found} == found
    assert all(x == round(width / 2, 3) or y == round(height / 2, 3) for x, y in found)


@pytest.mark.parametrize(
    ("name", "registered"),
    [("sra3", 4), ("a3", 2), ("a4", 2), ("330x488", 4)],
)
def test_common_sheets_have_crop_and_registration_marks_a_bar_and_a_slug(name: str, registered: int) -> None:
    laid = grid.fit(NOTE, 3.0, find(name))
    assert len(crop_marks(laid)) == 4 * (laid.columns + laid.rows)
    assert len(registration_marks(laid)) == registered, "beside the notes on A3 and A4 there are 2.5 mm alone"
    assert [patch.inks for patch in colour_bar(laid)] == list(PATCHES)
    assert None not in slug(laid)


def test_an_office_sheet_has_none_of_them() -> None:
    laid = grid.office(NOTE, find("a4"))
    assert (crop_marks(laid), registration_marks(laid), colour_bar(laid)) == ([], [], [])
    assert slug(laid) == (None, None)


def test_a_margin_without_room_has_no_bar_and_keeps_its_slug() -> None:
    laid = grid.fit((135.0, 70.0), 3.0, find("sra3"))
    assert (len(laid), laid.room_mm[1]) == (12, 3.0)
    assert colour_bar(laid) == []
    assert slug(laid).sheet is not None


def test_the_bar_has_solids_halves_overprints_and_greys_beside_black() -> None:
    assert {(100, 0, 0, 0), (0, 100, 0, 0), (0, 0, 100, 0), (0, 0, 0, 100)} <= set(PATCHES)
    assert {(50, 0, 0, 0), (0, 50, 0, 0), (0, 0, 50, 0), (0, 0, 0, 50)} <= set(PATCHES)
    assert {(0, 100, 100, 0), (100, 0, 100, 0), (100, 100, 0, 0)} <= set(PATCHES)
    for black, grey in zip(GREYS[::2], GREYS[1::2], strict=True):
        assert black[3] == grey[0], "cyan of a grey is as deep as the black beside it"
