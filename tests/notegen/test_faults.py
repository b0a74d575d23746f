"""What check says of a designer's art: each fault by its rule, in words that say what and where."""

import re
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageCms
from reportlab.pdfgen.canvas import Canvas

from notegen import check, design, lettering
from notegen.artwork import separation
from notegen.faults import contrast, side
from notegen.ink.cmyk import BLACK
from notegen.preflight.rules import RULES
from tests.notegen import workshop
from tests.notegen.test_brought import bring, pdf_of, saved, spot, svg, written

PAPER = b"0.1 0.05 0 0 k 0 0 141 72 re f 0 0 0 0 k 95 19 38 38 re f\n"
"""A light tint to the edge of the bleed, and the panel of the QR."""


def picture(width: int, colour: tuple[int, int, int]) -> Callable[[Path], None]:
    whole = Image.new("RGB", (width, round(width * 72 / 141)), (235, 240, 245))
    whole.paste(colour, (0, 0, width // 3, whole.height))
    whole.paste((255, 255, 255), tuple(round(edge * width / 141) for edge in (94, 14, 134, 54)))  # type: ignore[arg-type]
    return saved(whole)


def lettered(x_mm: float, y_mm: float, words: str, size: float = 10) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        lettering.register()
        canvas = Canvas(
            str(path), pagesize=(141 * workshop.MM, 72 * workshop.MM), invariant=1, initialFontName="Hyperlegible"
        )
        canvas.setFont("Hyperlegible", size)
        canvas.drawString((x_mm + 3) * workshop.MM, (69 - y_mm) * workshop.MM, words)
        canvas.save()

    return write


def two_spots(pdf: Pdf) -> Dictionary:
    spaces = spot(Name.DeviceCMYK, [0, 0.95, 1, 0])(pdf)
    spaces.ColorSpace.Tw = Array([Name.Separation, Name("/Pantone 485C"), *list(spaces.ColorSpace.Sp)[2:]])
    return spaces


def everywhere(pdf: Pdf) -> Dictionary:
    spaces = spot(Name.DeviceCMYK, [1, 1, 1, 1])(pdf)
    spaces.ColorSpace.Sp[1] = Name.All
    return spaces


def see_through(pdf: Pdf) -> Dictionary:
    return Dictionary(ExtGState=Dictionary(Gs=Dictionary(Type=Name.ExtGState, ca=0.5)))


def coarse(pdf: Pdf) -> Dictionary:
    image = pdf.make_stream(
        bytes(4 * 100 * 100), Type=Name.XObject, Subtype=Name.Image, Width=100, Height=100, BitsPerComponent=8,
        ColorSpace=Name.DeviceCMYK,
    )  # fmt: skip
    return Dictionary(XObject=Dictionary(Logo=image))


def other_press() -> bytes:
    """A profile of CMYK that is not ours: the shipped one with its colours turned about, as only its numbers matter here."""
    data = bytearray(separation.press_profile())
    tags = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * int.from_bytes(data[128:132], "big"), 12)}
    at = tags[b"A2B1"]
    start, size = int.from_bytes(data[at + 4 : at + 8], "big"), int.from_bytes(data[at + 8 : at + 12], "big")
    middle, end = start + size // 2, start + size - 2000
    data[middle:end] = bytes(255 - part for part in data[middle:end])
    ImageCms.ImageCmsProfile(BytesIO(bytes(data)))
    return bytes(data)


FAULTS: dict[str, tuple[str, Callable[[Path], None], str, str]] = {
    "a coarse PNG": ("art.png", picture(700, (235, 240, 245)), "resolution", "The picture has 126 dpi at its size of 141 x 72 mm"),
    "a coarse logo": ("art.pdf", pdf_of(PAPER + b"q 0.866 0.5 -0.5 0.866 20 30 cm 20 0 0 10 0 0 cm /Logo Do Q", coarse), "resolution", r"The picture at 12 mm from the left and \d+ mm from the top of the note has 127 dpi at its size of 20 x 10 mm"),
    "a screen's green": ("art.png", picture(1666, (0, 255, 0)), "rgb", r"#00FF00 becomes C65 Y9\d \(delta E \d\d\)"),
    "a screen's green in a drawing": ("art.svg", written(svg('<path fill="#0f0" d="M0 0h50v72h-50z"/>')), "rgb", "#00FF00"),
    "ink under the QR": ("art.pdf", pdf_of(b"0.3 0 0 0 k 0 0 141 72 re f"), "qr-panel", r"up to 30 %\): leave its panel of 34 mm"),
    "ink beside the QR": ("art.pdf", pdf_of(PAPER + b"0 0 0 1 k 96.7 40 0.5 2 re f"), "quiet-zone", "leave 2.4 mm around it pure paper"),
    "a serial on dark art": ("art.pdf", pdf_of(PAPER + b"1 0.6 0 0.4 k 0 0 80 20 re f"), "contrast", "under slots.serial is too near to black: the contrast is 1"),
    "art that ends at the knife": ("art.pdf", pdf_of(b"0.3 0 0 0 k 3 3 90 66 re f"), "no-bleed", "at the knife on the left, top and bottom: carry it on"),
    "a border in the trim": ("art.pdf", pdf_of(PAPER.replace(b"0 0 141 72", b"0 0 138 72")), "no-bleed", "at the knife on the right"),
    "400 % of ink": ("art.pdf", pdf_of(PAPER + b"0.9 0.9 0.9 0.9 k 20 50 10 10 re f"), "ink", r"come to 3[56]\d % in all at 17 mm from the left and 9 mm"),
    "a word in the bleed": ("art.pdf", lettered(-2, 30, "KERNOW"), "text-bleed", "'KERNOW' .* lies in the bleed"),
    "a word at the knife": ("art.pdf", lettered(1, 30, "ONE HOUR"), "text-edge", "'ONE HOUR' .* nearer than 4 mm to the knife"),
    "one spot by two names": ("art.pdf", pdf_of(PAPER + b"/Sp cs 1 scn 3 3 9 9 re f /Tw cs 1 scn 20 3 9 9 re f", two_spots), "spot", "'PANTONE 485 C' and 'Pantone 485C'"),
    "registration colour": ("art.pdf", pdf_of(PAPER + b"/Sp cs 1 scn 3 3 9 9 re f", everywhere), "registration", "bleed"),
    "opacity": ("art.pdf", pdf_of(PAPER + b"q /Gs gs 1 0 0 0 k 9 50 9 9 re f Q", see_through), "transparency", "opacity"),
    "opacity in a drawing": ("art.svg", written(svg('<rect width="50" height="72" opacity="0.3"/>')), "transparency", "opacity"),
    "the colours of another press": ("art.tif", saved(Image.new("CMYK", (1666, 851), (20, 0, 0, 0)), icc_profile=other_press()), "other-press", "with the same numbers, up to delta E"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_art_is_named_in_a_designers_words(fault: str, designs: Path, tmp_path: Path) -> None:
    name, write, rule, says = FAULTS[fault]
    front = bring(tmp_path, name, write, designs)
    found = [each for each in check.faults(front) if each.rule == rule]
    assert found, check.faults(front)
    assert any(re.search(says, each.message) for each in found), found
    assert all(each.where.startswith(str(front)) and each.message.endswith(".") for each in found)


SOUND: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a picture": ("art.png", picture(1666, (230, 200, 190))),
    "a drawing": (
        "art.svg",
        written(svg('<rect width="141" height="72" fill="#eee8d5"/><path fill="#fff" d="M95 15h38v38h-38z"/>')),
    ),
    "a page with white edges": ("art.pdf", pdf_of(b"0.3 0 0 0 k 13 30 60 12 re f")),
    "microtext over the knife": ("art.pdf", lettered(-4, 3, "TIME CREDITS " * 40, 1.2)),
    "letters within the safe zone": ("art.pdf", lettered(12, 30, "CORNWALL")),
}


def test_a_page_of_the_trim_alone_is_told_that_it_has_no_bleed(designs: Path, tmp_path: Path) -> None:
    def trimmed(path: Path) -> None:
        with Pdf.new() as pdf:
            pdf.add_blank_page(page_size=(135 * workshop.MM, 66 * workshop.MM))
            pdf.save(path)

    (found,) = [each for each in check.faults(bring(tmp_path, "art.pdf", trimmed, designs)) if each.rule != "back"]
    assert found.rule == "no-bleed"
    assert found.message == (
        "It has the shape of the trimmed note, so it has no bleed: draw it 141 x 72 mm, which is the note and 3 mm of "
        "bleed on each side."
    )


def test_a_page_of_the_shape_at_another_size_is_told_both(designs: Path, tmp_path: Path) -> None:
    def doubled(path: Path) -> None:
        with Pdf.new() as pdf:
            pdf.add_blank_page(page_size=(282 * workshop.MM, 144 * workshop.MM))
            pdf.save(path)

    (found,) = [each for each in check.faults(bring(tmp_path, "art.pdf", doubled, designs)) if each.rule != "back"]
    assert (found.rule, found.message[:37]) == ("size", "It is 282 x 144 mm: draw it 141 x 72 ")


@pytest.mark.parametrize("art", SOUND)
def test_sound_art_has_no_faults(art: str, designs: Path, tmp_path: Path) -> None:
    front = bring(tmp_path, *SOUND[art], designs)
    assert [each for each in check.faults(front) if each.rule != "back"] == []


def test_all_faults_are_said_at_once(designs: Path, tmp_path: Path) -> None:
    art = b"0.9 0.9 0.9 0.9 k 3 3 135 66 re f 1 0 0 rg 10 10 9 9 re f"
    front = bring(tmp_path, "art.pdf", pdf_of(art), designs)
    toml = front / "design.toml"
    changed = toml.read_text().replace("size_pt = 12", "size_pt = 50").replace("y_mm = 60\n", "y_mm = 65\n")
    toml.write_text(changed.replace('"Hyperlegible"', '"Comic"', 1) + "\n[inks]\nmud = [100, 100, 100, 100]\n")
    rules = [each.rule for each in check.faults(front)]
    assert rules.count("design") == 4
    assert {"qr-panel", "no-bleed", "ink", "rgb", "back"} <= set(rules)


def test_the_national_back_and_no_other_stands_beside_a_front(designs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "designs"
    shutil.copytree(designs / "plain", folder / "plain")

    def said() -> list[str]:
        return [each.message for each in check.faults(folder / "plain") if each.rule == "back"]

    (alone,) = said()
    assert alone.startswith("There is no back beside the front")
    shutil.copytree(designs / "reverse", folder / "reverse")
    (other,) = said()
    assert "(its slots and art differ): take designs/national as it is" in other
    shutil.copytree(design.default_folder() / "national", folder / "national")
    (several,) = said()
    assert "(national, reverse)" in several
    shutil.rmtree(folder / "reverse")
    assert said() == []
    assert check.faults(folder / "national") == []


def test_a_national_back_with_a_word_moved_is_another(tmp_path: Path) -> None:
    folder = shutil.copytree(design.default_folder() / "national", tmp_path / "national")
    toml = folder / "design.toml"
    toml.write_text(toml.read_text("utf-8").replace("y_mm = 51.6", "y_mm = 51.4", 1), "utf-8")
    assert [each.rule for each in check.faults(folder)] == ["back"]


def test_a_job_is_checked_with_its_own_back(job: Path) -> None:
    (fault,) = check.faults(job)
    assert (fault.rule, fault.where) == ("back", f"{job}: back/reverse")


def test_black_on_paper_and_on_dark_has_the_contrast_that_the_guidelines_give(designs: Path, tmp_path: Path) -> None:
    front = bring(tmp_path, "art.pdf", pdf_of(b"0 0 0 1 k 0 0 70 72 re f"), designs)
    seen = side.cut(design.load(front))
    assert contrast.ratio(seen, (10, 10, 40, 20), BLACK) == pytest.approx(1, abs=0.01)
    assert contrast.ratio(seen, (80, 10, 120, 20), BLACK) == pytest.approx(14.3, abs=0.3)


def test_delta_e_of_a_colour_to_itself_is_none_and_of_a_green_is_seen() -> None:
    one = separation.lab_of_rgb(np.array([[0, 255, 0], [128, 128, 120]], np.uint8))
    assert separation.difference(one, one).max() == 0
    printed = separation.lab_of_inks(separation.inked(np.array([[0, 255, 0], [128, 128, 120]], np.uint8)))
    green, grey = separation.difference(one, printed)
    assert green > 30
    assert grey < 3


def test_every_rule_of_designs_is_known() -> None:
    root = Path(check.__file__).parent
    sources = [root / "check.py", *(root / "faults").glob("*.py"), *(root / "artwork").glob("*.py")]
    said = r'(?:Fault\(|refused\(\s*design,|_said\(error,|rule =)\s*"([a-z-]+)"'
    rules = {rule for source in sources for rule in re.findall(said, source.read_text("utf-8"))}
    assert {"resolution", "back", "art", "ink"} <= rules <= set(RULES)
