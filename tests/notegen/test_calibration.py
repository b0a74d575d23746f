from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from numpy.typing import NDArray

from app.core.errors import BadInput
from notegen.calibration import calibrate
from notegen.geometry.grid import Flip
from notegen.geometry.offset import Offset

DOTS = 20
"""To the millimetre."""


def sides(path: Path) -> list[NDArray[np.uint8]]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [np.asarray(page.render(scale=DOTS * 25.4 / 72).to_pil().convert("L")) for page in document]
    finally:
        document.close()


def middle(side: NDArray[np.uint8], x: float, y: float) -> tuple[float, float]:
    """The middle of the longest lines about a point of a side, in mm: of a cross, or of millimetre paper."""
    part = side[round((y - 14) * DOTS) : round((y + 14) * DOTS), round((x - 14) * DOTS) : round((x + 14) * DOTS)] < 128
    found = []
    for axis, start in ((0, x - 14), (1, y - 14)):
        long = np.flatnonzero(part.sum(axis=axis) > 18 * DOTS)
        found.append(start + (long.min() + long.max() + 1) / 2 / DOTS)
    return found[0], found[1]


@pytest.mark.parametrize("flip", ["long", "short"])
@pytest.mark.parametrize("moved", [Offset(), Offset(2.0, -1.0)])
def test_a_pin_through_a_cross_comes_out_where_the_back_must_be_moved_to(
    tmp_path: Path, flip: Flip, moved: Offset
) -> None:
    calibrate(tmp_path / "sheet.pdf", sheet_name="a4", flip=flip, back_offset=moved)
    front, back = sides(tmp_path / "sheet.pdf")
    x, y = middle(front, 70.5, 27)
    behind = (x, 210 - y) if flip == "long" else (297 - x, y)
    centre = middle(back, *behind)
    reading = behind[0] - centre[0], behind[1] - centre[1]
    assert reading == pytest.approx((-moved.x_mm, -moved.y_mm), abs=0.15)


def test_behind_a_is_a_for_the_right_flip_alone(tmp_path: Path) -> None:
    calibrate(tmp_path / "sheet.pdf", sheet_name="sra3", flip="long")
    document = pypdfium2.PdfDocument(tmp_path / "sheet.pdf")
    places = []
    for page in document:
        text, height = page.get_textpage(), page.get_height()
        found = {}
        for at in range(text.count_chars()):
            left, low, _, top = text.get_charbox(at)
            if top - low > 12:
                found[text.get_text_range(at, 1)] = (left, height - top)
        places.append(found)
    document.close()
    front, back = places
    assert sorted(front) == sorted(back) == ["A", "B", "C", "D"]
    assert front["A"][0] == pytest.approx(back["A"][0], abs=1)
    assert front["A"][1] == pytest.approx(back["C"][1], abs=1)


@pytest.mark.parametrize(
    ("choices", "lies"),
    [
        ({}, (450.0, 320.0)),
        ({"sheet_name": "a3"}, (297.0, 420.0)),
        ({"sheet_name": "a3", "office": True, "note_mm": (130.0, 90.0)}, (420.0, 297.0)),
        ({"office": True}, (297.0, 210.0)),
        ({"sheet_name": "a4", "note_mm": (140.0, 70.0)}, (210.0, 297.0)),
    ],
)
def test_the_sheet_lies_as_it_does_for_the_notes(
    tmp_path: Path, choices: dict[str, object], lies: tuple[float, float]
) -> None:
    assert calibrate(tmp_path / "sheet.pdf", **choices).sheet_mm == lies  # type: ignore[arg-type]


def test_a_sheet_too_small_for_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="too small for a calibration"):
        calibrate(tmp_path / "sheet.pdf", sheet_name="100x160", office=True, note_mm=(80, 40))
    assert list(tmp_path.iterdir()) == []
