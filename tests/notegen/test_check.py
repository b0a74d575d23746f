import shutil
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Pdf

from app.core.errors import BadInput
from notegen.check import faults
from notegen.design import default_folder


def add(content: bytes) -> Callable[[Pdf], None]:
    return lambda pdf: pdf.pages[0].contents_add(content)


def drop_font(pdf: Pdf) -> None:
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    pdf.pages[0].resources["/Font"] = Dictionary(F9=font)
    pdf.pages[0].contents_add(b"BT /F9 9 Tf (a) Tj ET")


def put_rgb_image(pdf: Pdf) -> None:
    image = pdf.make_stream(
        b"abc", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8, ColorSpace=Name.DeviceRGB
    )
    pdf.pages[0].resources["/XObject"] = Dictionary(Im0=image)


def move_trim(pdf: Pdf) -> None:
    pdf.pages[0].trimbox = pikepdf.Array([-20, 0, 2000, 100])


def lose_trim(pdf: Pdf) -> None:
    if "/TrimBox" in pdf.pages[0].obj:
        del pdf.pages[0].obj["/TrimBox"]


def lose_a_page(pdf: Pdf) -> None:
    del pdf.pages[-1]


def annotate(pdf: Pdf) -> None:
    pdf.pages[0].obj["/Annots"] = pikepdf.Array([])


FAULTS = {
    "an RGB colour": (add(b"1 0 0 rg"), "rgb"),
    "an image in RGB": (put_rgb_image, "rgb"),
    "a font that is not embedded": (drop_font, "font"),
    "an operator that is none": (add(b"1 2 kk"), "operator"),
    "a trim beyond the sheet": (move_trim, "boxes"),
    "no trim": (lose_trim, "trim-box"),
    "a back that is missing": (lose_a_page, "pages"),
    "an annotation": (annotate, "annotation"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_press_file_with_a_fault_is_found_out(composed: Path, tmp_path: Path, fault: str) -> None:
    change, rule = FAULTS[fault]
    (file,) = (composed / "press").iterdir()
    with pikepdf.open(file) as pdf:
        change(pdf)
        pdf.save(tmp_path / "press.pdf")
    assert rule in {found.rule for found in faults(tmp_path / "press.pdf")}


def test_what_compose_writes_has_no_faults(composed: Path) -> None:
    assert faults(composed) == []


def test_a_sound_design_of_other_than_the_national_back_lacks_that_alone(designs: Path) -> None:
    found = [*faults(designs / "plain"), *faults(designs / "reverse")]
    assert [fault.rule for fault in found] == ["back", "back"]


def test_ink_under_the_qr_is_a_fault(designs: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(designs / "plain", tmp_path / "plain"))
    with pikepdf.open(folder / "art.pdf", allow_overwriting_input=True) as pdf:
        pdf.pages[0].contents_add(b"0 0 0.2 0 k 300 100 5 5 re f")
        pdf.save(folder / "art.pdf")
    assert [fault.rule for fault in faults(folder)] == ["qr-panel", "back"]


def test_a_design_that_does_not_load_is_a_fault_with_its_reason(designs: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(designs / "plain", tmp_path / "plain"))
    (folder / "design.toml").write_text((folder / "design.toml").read_text().replace("y_mm = 58", "y_mm = 70"))
    fault, _ = faults(folder)
    assert (fault.rule, fault.where) == ("design", str(folder / "design.toml"))
    assert fault.message.startswith("slots.serial covers")


def test_art_of_the_wrong_size_is_a_fault(designs: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(designs / "plain", tmp_path / "plain"))
    (folder / "design.toml").write_text((folder / "design.toml").read_text().replace("[135, 66]", "[137, 66]"))
    assert [fault.rule for fault in faults(folder)] == ["size", "back"]


def change_layers(folder: Path, before: str, after: str) -> None:
    text = (folder / "design.toml").read_text(encoding="utf-8")
    assert before in text
    (folder / "design.toml").write_text(text.replace(before, after), encoding="utf-8")


LAYERS = {
    "words that are not there": ('text = "en.hour"', 'text = "en.houre"', "there is no text 'en.houre'"),
    "art that was not engraved anew": ('hour = "HOUR"', 'hour = "DAY"', "The art is not what its layers engrave"),
}


@pytest.mark.parametrize(("before", "after", "says"), LAYERS.values(), ids=LAYERS)
def test_layers_that_the_art_does_not_show_are_a_fault(tmp_path: Path, before: str, after: str, says: str) -> None:
    folder = Path(shutil.copytree(default_folder() / "cornwall", tmp_path / "cornwall"))
    change_layers(folder, before, after)
    fault, _ = faults(folder)
    assert fault.rule == "engraving"
    assert says in fault.message


def test_a_file_that_is_no_pdf_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "press.pdf").write_bytes(b"not a PDF")
    assert [fault.rule for fault in faults(tmp_path / "press.pdf")] == ["pdf"]


def test_what_is_neither_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="neither a design"):
        faults(tmp_path)
