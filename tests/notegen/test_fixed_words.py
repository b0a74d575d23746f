"""Slots of fixed words, for art that letters nothing itself: several lines, two languages, an ink of the design."""

from pathlib import Path

import pikepdf
import pytest

from notegen import design
from notegen.compose import compose
from notegen.design import wording
from notegen.faults import side
from notegen.geometry.slot import LEADING, Slot, set_out
from notegen.jobfile import opened
from tests.notegen import workshop
from tests.notegen.test_brought import bring, pdf_of

WORDS = """
[slots.name]
x_mm = 10
y_mm = 24
font = "Bodoni-Bold"
size_pt = 18
text = "{name}"
ink = "deep"

[slots.small]
x_mm = 60
y_mm = 24
font = "Hyperlegible"
size_pt = 6
language = "cy"
text = '''
{cash}
Tan {date}'''

[text.en]
name = "CORN{WALL}"

[text.cy]
cash = "Dim gwerth ariannol"

[inks]
deep = [100, 50, 0, 20]
"""


@pytest.fixture
def front(designs: Path, tmp_path: Path) -> Path:
    found = bring(tmp_path, "art.pdf", pdf_of(b""), designs)
    (found / "design.toml").write_text((found / "design.toml").read_text() + WORDS)
    return found


def test_words_come_from_the_text_of_the_language_of_a_slot(front: Path, tmp_path: Path) -> None:
    with opened(workshop.write_job(tmp_path / "job.zip", front.parent)) as file:
        said = [words for _, words in wording.lines(design.load(front), file.job)]
    assert said[-3:] == ["CORN{WALL}", "Dim gwerth ariannol", "Tan 30 Medi 2029"]


def test_fixed_words_are_printed_in_their_ink_and_what_is_filled_in_stays_black(front: Path, tmp_path: Path) -> None:
    compose(workshop.write_job(tmp_path / "job.zip", front.parent, quantity=12, bundle_size=12), tmp_path / "out")
    (file,) = (tmp_path / "out" / "press").glob("*.pdf")
    with pikepdf.open(file) as pdf:
        drawn = [item.read_bytes() for item in pdf.objects if isinstance(item, pikepdf.Stream) and "/BBox" in item]
    (note,) = [content for content in drawn if b"1 0.5 0 0.2 k" in content]
    inked = note[note.index(b"1 0.5 0 0.2 k") :]
    assert inked.index(b"Tj") < inked.index(b"Q\n") < inked.index(b"BT", inked.index(b"Q\n"))


@pytest.mark.parametrize(("rotation", "step"), [(0, (0, 1)), (90, (1, 0)), (180, (0, -1)), (270, (-1, 0))])
def test_a_second_line_stands_below_the_first_however_they_are_turned(rotation: int, step: tuple[int, int]) -> None:
    slot = Slot(50, 30, "Hyperlegible", 10, rotation=rotation, text="one\ntwo")  # type: ignore[arg-type]
    (first, _), (second, words) = set_out(slot, slot.text)
    leading = LEADING * 10 * 25.4 / 72
    assert words == "two"
    assert (second.x_mm - first.x_mm, second.y_mm - first.y_mm) == pytest.approx((step[0] * leading, step[1] * leading))


def test_the_box_of_a_slot_holds_all_its_lines() -> None:
    one, two = (Slot(50, 30, "Hyperlegible", 10, text=text) for text in ("word", "word\nword"))
    assert two.box[3] - one.box[3] == pytest.approx(LEADING * 10 * 25.4 / 72)


def test_a_side_is_cut_to_the_bleed(front: Path) -> None:
    height, width, inks = side.cut(design.load(front)).plates.shape
    assert (width, height, inks) == (1666, 851, 4)
