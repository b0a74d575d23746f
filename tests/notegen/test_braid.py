"""The lines that only one note has."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import BadDesign
from app.core.serial import LAST_NUMBER, Serial
from notegen import design
from notegen.compose import compose
from notegen.geometry.braid import DIGITS, VALUES, BraidSlot, Curve, plaited
from tests.notegen import workshop

NUMBERS = st.integers(1, LAST_NUMBER)
SLOT = BraidSlot(10, 30)


def values(serial: Serial) -> list[int]:
    """What each place of a note's braids is given, the widest first."""
    return [DIGITS.index(character) for character in plaited(str(serial))]


@given(NUMBERS, NUMBERS)
def test_no_two_notes_of_a_series_have_the_same_braids(one: int, other: int) -> None:
    alike = values(Serial("CWL26", one)) == values(Serial("CWL26", other))
    assert alike == (one == other)


@given(NUMBERS)
def test_every_note_has_a_braid_at_each_place(number: int) -> None:
    given_ = values(Serial("CWL26", number))
    assert len(given_) == len(VALUES)
    assert all(0 <= value < most for value, most in zip(given_, VALUES, strict=True))


def test_the_lobes_of_the_widest_braid_tell_the_last_digit() -> None:
    for digit in range(10):
        (strand, mirrored) = SLOT.strands(0, values(Serial("CWL26", 4710 + digit))[0])
        assert lobes(strand) == lobes(mirrored) == digit + 4


def lobes(strand: list[Curve]) -> int:
    """How often a strand leaves its axis and comes back to it."""
    return sum(abs(end) < 1e-9 for _, _, (_, end) in strand)


@pytest.mark.parametrize("place", range(len(VALUES)))
def test_a_braid_stays_in_its_band_and_has_no_corner(place: int) -> None:
    for value in range(VALUES[place]):
        for strand in SLOT.strands(place, value):
            points = [(0.0, 0.0), *(point for curve in strand for point in curve)]
            assert all(-1e-6 <= x <= SLOT.width_mm + 1e-6 for x, _ in points)
            assert all(abs(y) <= SLOT.height_mm / 2 * 1.003 for _, y in points)
            for curve, following in pairwise(strand):
                before = np.subtract(curve[2], curve[1])
                after = np.subtract(following[0], curve[2])
                assert (
                    abs(before[0] * after[1] - before[1] * after[0])
                    < 1e-4 * np.hypot(*before) * np.hypot(*after) + 1e-6
                )


def test_neighbours_on_paper_differ_at_first_sight(designs: Path, tmp_path: Path) -> None:
    job = workshop.write_job(tmp_path / "j.job.zip", designs, quantity=12)
    pages = pypdfium2.PdfDocument(compose(job, tmp_path / "out", pages=True).files[0])
    left, top, right, bottom = (round((edge + workshop.BLEED_MM) / 25.4 * 300) for edge in SLOT.box)
    bands = [
        pages[2 * note].render(scale=300 / 72, grayscale=True).to_numpy()[top:bottom, left:right] for note in range(12)
    ]
    for one, other in pairwise(bands):
        assert (np.abs(one.astype(int) - other) > 64).mean() > 0.02


def test_braids_are_drawn_once_a_file_and_in_black_alone(designs: Path, tmp_path: Path) -> None:
    job = workshop.write_job(tmp_path / "j.job.zip", designs, quantity=30)
    with pikepdf.open(compose(job, tmp_path / "out").files[0]) as pdf:
        forms = pdf.pages[0].resources.XObject
        assert forms.objgen == pdf.pages[2].resources.XObject.objgen
        braids = [form for name, form in forms.items() if len(name) == 3]
        assert len(braids) == sum(VALUES)
        assert all(form.read_bytes().startswith(b"0 0 0 1 K ") for form in braids)


def test_a_back_has_no_braid(tmp_path: Path) -> None:
    designs = workshop.write_designs(tmp_path)
    toml = designs / "reverse" / design.FILE
    toml.write_text(toml.read_text() + "\n[slots.braid]\nx_mm = 50\ny_mm = 30\n")
    with pytest.raises(BadDesign, match="stands on the front alone"):
        design.load(designs / "reverse")
