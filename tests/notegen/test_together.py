"""A front made of choices is a whole design: it passes `check`, its QR is read, and the same choices make the same bytes."""

import shutil
from dataclasses import replace
from io import BytesIO
from itertools import cycle
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from app.core.errors import BadDesign, BadInput
from notegen import check, design, picture
from notegen.design.sides import Sides
from notegen.engraving import engrave
from notegen.specimen import specimen, text
from notegen.together import folder, glance, judged, received, votes, window
from notegen.together.choices import LANGUAGES, LETTERINGS, SHOWS, WINDOWS, Choices
from notegen.together.judged import Wrong
from notegen.together.palettes import PALETTES
from notegen.together.patterns import GROUNDS
from notegen.together.window import Brought
from tests.zbar import HAS_ZBAR

PLAIN = Choices(
    "penygroes", title_en="Penygroes", place_en="Nantlle valley", place_cy="Dyffryn Nantlle", made_by="Criw Celf"
)
TURNS = zip(PALETTES, cycle(LETTERINGS), cycle(GROUNDS), cycle(WINDOWS), cycle(SHOWS), cycle(LANGUAGES), strict=False)
MIXED = [
    replace(PLAIN, palette=palette, lettering=lettering, pattern=pattern, window=shape, shows=shows, languages=languages, picture="it")
    for palette, lettering, pattern, shape, shows, languages in TURNS
]  # fmt: skip


def scene(wide: int = 1200, high: int = 900) -> bytes:
    """A hill, a house and a sun, with every tone in it."""
    shade = np.linspace(90, 235, high)[:, None] + np.zeros((1, wide))
    seen = Image.fromarray(np.stack((shade, shade, np.full_like(shade, 220)), axis=-1).astype(np.uint8))
    pen = ImageDraw.Draw(seen)
    pen.ellipse((wide * 0.6, high * 0.1, wide * 0.8, high * 0.35), fill=(255, 220, 120))
    pen.polygon([(0, high), (wide * 0.3, high * 0.5), (wide, high)], fill=(30, 80, 40))
    pen.rectangle((wide * 0.4, high * 0.6, wide * 0.6, high * 0.8), fill=(240, 230, 220), outline=(0, 0, 0), width=6)
    file = BytesIO()
    seen.save(file, "JPEG", quality=90)
    return file.getvalue()


BROUGHT = Brought("picture.jpg", 1200, 900)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    shutil.copytree(design.folder_of("national", design.default_folder()), tmp_path / "national")
    return tmp_path


@pytest.mark.parametrize("choices", MIXED, ids=lambda each: f"{each.palette}-{each.pattern}-{each.shows}")
def test_any_choice_passes_check_and_its_qr_is_read(choices: Choices, shelf: Path) -> None:
    made = folder.write(choices, BROUGHT, scene(), shelf)
    assert check.faults(made) == []
    note = specimen(Sides(design.load(made), design.load(shelf / "national")))
    seen = picture.rasterise(note, dpi=200)
    assert [each.text for each in zxingcpp.read_barcodes(seen)] == [text()]
    if HAS_ZBAR:
        from pyzbar import pyzbar

        assert [each.data.decode() for each in pyzbar.decode(seen)] == [text()]


def test_the_same_choices_make_the_same_design_and_another_name_another_pattern(tmp_path: Path) -> None:
    kept = []
    for number, choices in enumerate((PLAIN, PLAIN, replace(PLAIN, name="another"))):
        parent = tmp_path / str(number)
        parent.mkdir()
        kept.append((folder.write(choices, None, b"", parent) / "art.pdf").read_bytes())
    assert kept[0] == kept[1] != kept[2]


def test_a_design_without_a_picture_is_whole(shelf: Path) -> None:
    assert check.faults(folder.write(PLAIN, None, b"", shelf)) == []
    assert judged.remarks(PLAIN, None)[0].wrong is Wrong.NO_PICTURE


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "../national"}, {"name": "A b"}, {"palette": "mud"}, {"pattern": ""}, {"zoom": 9000}, {"across": -1},
        {"title_en": "x" * 41}, {"title_en": "日本"}, {"title_en": "two\nlines"}, {"languages": "fr"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_choice_is_refused_in_a_sentence(bad: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        replace(PLAIN, **bad)  # type: ignore[arg-type]


def test_what_is_wrong_is_said_before_anything_is_drawn() -> None:
    small = Brought("picture.jpg", 200, 150)
    assert [each.wrong for each in judged.remarks(PLAIN, small)] == [Wrong.POOR]
    assert judged.remarks(PLAIN, small)[0].found == window.dpi(PLAIN, small) < window.POOR_DPI
    assert judged.remarks(replace(PLAIN, zoom=200), BROUGHT)[0].wrong is Wrong.COARSE
    long = replace(PLAIN, title_en="W" * 40, place_en="M" * 40, place_cy="", made_by="W" * 40)
    found = {each.wrong for each in judged.remarks(long, BROUGHT) if each.stops}
    assert found == {Wrong.TITLE_LONG, Wrong.PLACE_LONG, Wrong.GROUP_LONG}
    assert judged.remarks(replace(PLAIN, title_en=""), BROUGHT)[0].wrong is Wrong.NO_TITLE


def test_a_crop_stays_in_the_picture_until_it_is_larger() -> None:
    for across, down, zoom in ((0, 0, 100), (100, 100, 250), (30, 80, 400)):
        part = window.crop(replace(PLAIN, across=across, down=down, zoom=zoom), BROUGHT)
        assert 0 <= min(part) < max(part) <= 1
    part = window.crop(replace(PLAIN, zoom=50), BROUGHT)
    assert part[1] < 0 < 1 < part[3]


@pytest.mark.parametrize("size", [(5100, 5000), (9900, 5050)])
def test_a_picture_of_more_than_25_million_pixels_is_refused(size: tuple[int, int]) -> None:
    file = BytesIO()
    Image.new("L", size).save(file, "JPEG", progressive=True)
    with pytest.raises(BadInput, match="25 million pixels"):
        received.received(file.getvalue())


def test_a_large_photograph_is_kept_no_larger_than_a_window_needs() -> None:
    for size, kept in (((7200, 1800), (2400, 600)), ((2000, 1500), (2000, 1500))):
        file = BytesIO()
        Image.new("RGB", size, "teal").save(file, "JPEG")
        assert received.received(file.getvalue())[1:] == kept


@pytest.mark.parametrize("file", ["../picture.jpg", "/etc/hosts", "no.png", "design.toml"])
def test_a_picture_comes_from_its_own_folder(file: str, tmp_path: Path) -> None:
    made = folder.write(replace(PLAIN, picture="it"), BROUGHT, scene(), tmp_path)
    toml = made / "design.toml"
    toml.write_text(toml.read_text().replace('file = "picture.jpg"', f'file = "{file}"'))
    with pytest.raises(BadDesign, match="file is"):
        engrave(design.read(made))


def test_a_picture_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDesign, match="no picture that can be read"):
        folder.write(replace(PLAIN, picture="it"), BROUGHT, b"not a picture", tmp_path)


def test_a_glance_has_the_shape_of_the_note_and_its_qr() -> None:
    seen = Image.open(BytesIO(glance.glance(replace(PLAIN, picture="it"), BROUGHT, scene())))
    assert abs(seen.width / seen.height - 135 / 66) < 0.01
    assert [each.text for each in zxingcpp.read_barcodes(seen)] == [text()]
    assert Image.open(BytesIO(glance.back())).size == seen.size


def test_a_vote_sheet_has_each_variant_at_true_size() -> None:
    note = glance.glance(PLAIN, None, b"")
    document = pypdfium2.PdfDocument(votes.sheet([note] * 4, "Penygroes"))
    try:
        assert [round(side / votes.MM) for side in document[0].get_size()] == [210, 297]
        pictures = [each for page in document for each in page.get_objects() if each.type == 3]
        assert [round(each.get_bounds()[2] - each.get_bounds()[0], 1) for each in pictures] == [
            round(135 * votes.MM, 1)
        ] * 4
        words = [page.get_textpage().get_text_range() for page in document]
        assert "Pa un yw eich ffefryn?" in words[0]
        assert "Which do you like best?" in words[0]
        assert "D" in words[1]
    finally:
        document.close()
