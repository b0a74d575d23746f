import shutil
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from app.core import token
from app.core.errors import BadDesign
from app.core.serial import is_specimen
from app.core.signing import OrderKey
from app.core.verifying import Key, Keyring, Signature
from notegen import design, picture, specimen
from notegen.design import Design, sides
from notegen.preview import preview
from tests.notegen import workshop


@pytest.fixture(scope="module")
def front(designs: Path) -> Design:
    return design.load(designs / "plain")


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


def test_a_preview_shows_the_front_and_the_back_beneath(front: Design) -> None:
    picture = opened(preview(front, dpi=200))
    assert (picture.width, picture.height) == pytest.approx((143 * 200 / 25.4, (2 * 66 + 3 * 4) * 200 / 25.4), abs=6)


def test_a_preview_is_drawn_finer_than_it_is_shown(front: Design, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, rasterise = [], picture.rasterise

    def watch(pdf: bytes, *, dpi: int, page: int = 0) -> Image.Image:
        drawn.append(dpi)
        return rasterise(pdf, dpi=dpi, page=page)

    monkeypatch.setattr(picture, "rasterise", watch)
    shown = opened(preview(front, dpi=100))
    assert drawn == [300, 300]
    assert shown.width == pytest.approx(143 * 100 / 25.4, abs=4)


def test_the_qr_of_a_preview_is_a_specimen_that_nobody_signed(front: Design) -> None:
    (code,) = workshop.qrs_in(opened(preview(front)))
    read = token.parse(code.text)
    assert is_specimen(read.serial.series)
    for _ in range(3):
        assert Keyring([Key(specimen.SPAN, OrderKey().public_key)]).examine(read) is Signature.BAD
    assert Keyring([]).examine(read) is Signature.UNKNOWN_KEY


def test_a_back_is_shown_alone(front: Design) -> None:
    picture = opened(preview(design.load(front.folder.parent / "reverse")))
    assert picture.height < picture.width
    assert workshop.qrs_in(picture) == []


def test_a_front_that_stands_alone_is_shown_alone(front: Design, tmp_path: Path) -> None:
    shutil.copytree(front.folder, tmp_path / "plain")
    picture = opened(preview(design.load(tmp_path / "plain")))
    assert picture.height < picture.width
    assert len(workshop.qrs_in(picture)) == 1


def test_a_back_that_stands_alone_is_refused(front: Design, tmp_path: Path) -> None:
    shutil.copytree(front.folder.parent / "reverse", tmp_path / "reverse")
    with pytest.raises(BadDesign, match="no front beside it"):
        preview(design.load(tmp_path / "reverse"))


def test_two_fronts_are_no_note(front: Design) -> None:
    with pytest.raises(BadDesign, match="not a front and a back"):
        preview(front, front)


def test_a_specimen_is_a_front_and_a_back_lettered_across(front: Design) -> None:
    both = sides.beside(front)
    assert both is not None
    with pikepdf.open(BytesIO(specimen.specimen(both))) as pdf:
        notes = [page.resources.XObject.Note.read_bytes() for page in pdf.pages]
    assert len(notes) == 2
    assert all(b"(SPECIMEN)" in note for note in notes)


def test_a_specimen_names_its_own_host_in_letters_and_in_its_qr(front: Design) -> None:
    both = sides.beside(front)
    assert both is not None
    document = pypdfium2.PdfDocument(specimen.specimen(both, host="time.example"))
    words = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    assert "or go to time.example" in words[0]
    assert "neu ewch i time.example" in words[1]
    (code,) = workshop.qrs_in(opened(preview(front, host="time.example")))
    assert code.text.startswith("HTTPS://TIME.EXAMPLE/N/")


def test_a_specimen_is_the_same_again(front: Design) -> None:
    both = sides.beside(front)
    assert both is not None
    assert specimen.specimen(both) == specimen.specimen(both)
