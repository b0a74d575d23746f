import pytest
from hypothesis import given
from hypothesis import strategies as st

from notegen.geometry import grid as grids
from notegen.geometry.allowance import allowance_sheets
from notegen.geometry.cutting import Cut, cuts
from notegen.geometry.grid import Grid
from notegen.geometry.sheet import SHEETS, Sheet

Piece = tuple[float, float]


def lying(trim_mm: tuple[float, float] = (135.0, 66.0), bleed_mm: float = 3.0, sheet: str = "sra3") -> Grid:
    return grids.fit(trim_mm, bleed_mm, SHEETS[sheet])


def guillotine(grid: Grid, strokes: list[Cut], axis: int) -> list[Piece]:
    """What lies on the table along one axis after the cuts, in mm of the uncut sheet: `notes` kept, all else thrown away."""
    length = (grid.sheet.width_mm, grid.sheet.height_mm)[axis]
    held, kept = (0.0, length), []
    for place, cut in enumerate(one for one in strokes if one.axis == axis):
        start, end = held
        assert start < cut.at_mm < end, "the knife goes down on paper that is still there"
        if place == 1:
            assert cut.gauge_mm == pytest.approx(end - cut.at_mm), "turned round, the trimmed edge at the gauge"
            held = (cut.at_mm, end)
            continue
        assert cut.gauge_mm == pytest.approx(cut.at_mm - start)
        if cut.falls == "notes":
            kept.append((cut.at_mm, end))
        held = (start, cut.at_mm)
    return sorted([*kept, held])


@given(st.floats(60, 200), st.floats(40, 100), st.sampled_from([0.0, 2.0, 3.0, 5.0]), st.sampled_from(["sra3", "a3"]))
def test_the_cuts_leave_every_note_at_its_trim(width: float, height: float, bleed: float, sheet: str) -> None:
    grid = lying((round(width, 1), round(height, 1)), bleed, sheet)
    strokes = cuts(grid)
    for axis in (0, 1):
        trims = sorted({(box[axis], box[axis + 2]) for box in map(grid.front, range(len(grid)))})
        assert [edge for piece in guillotine(grid, strokes, axis) for edge in piece] == pytest.approx(
            [edge for trim in trims for edge in trim], abs=1e-3
        )


def test_the_margins_come_first_then_columns_then_rows() -> None:
    grid = lying()
    strokes = cuts(grid)
    assert [cut.ordinal for cut in strokes] == list(range(1, 15))
    assert [cut.falls for cut in strokes[:4]] == ["margin"] * 4
    assert [cut.axis for cut in strokes[4:]] == [0] * 4 + [1] * 6
    assert [cut.gauge_mm for cut in strokes[:2]] == [433.5, 417]
    gutters = [(one.at_mm, other.at_mm) for one, other in zip(strokes[4::2], strokes[5::2], strict=True)]
    assert all(far - near == pytest.approx(6) for far, near in gutters)


def test_neighbours_without_bleed_are_parted_by_one_cut() -> None:
    grid = Grid(Sheet("own", 300, 200), (100.0, 60.0), 0.0, 2, 2)
    assert [cut.falls for cut in cuts(grid)] == [*["margin"] * 4, "notes", "notes"]


@pytest.mark.parametrize(("sheets", "blank"), [(1, 10), (333, 10), (334, 11), (450, 14), (41_700, 1_251)])
def test_ten_blank_sheets_or_three_in_a_hundred_are_allowed_for(sheets: int, blank: int) -> None:
    assert allowance_sheets(sheets) == blank
