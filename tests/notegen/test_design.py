"""What a folder must hold to be a design, and the sentence for each thing that can be wrong with it."""

import shutil
from pathlib import Path

import pytest

from app.core.errors import BadDesign
from notegen import check, design
from notegen.geometry.slot import QrSlot, Slot

FAULTS = [
    ("another format", "format = 1", "format = 2", "format is 2; it must be one of 1."),
    ("no title", 'title = "Cornwall"\n', "", "title is missing; add it, text."),
    ("a title of a number", 'title = "Cornwall"', "title = 3", "title is 3; it must be text."),
    ("a key nobody knows", "safe_mm = 4", "safe_mm = 4\ncolour = 3", "colour is not a key that can stand here"),
    ("a side of neither", 'side = "front"', 'side = "edge"', "side is 'edge'; it must be one of 'front', 'back'."),
    ("another name", 'name = "cornwall"', 'name = "devon"', "name is 'devon' in a folder called 'cornwall'"),
    ("a trim of one length", "trim_mm = [135, 66]", "trim_mm = [135]", "trim_mm is [135]; it must be a list of 2"),
    ("a trim of words", "trim_mm = [135, 66]", 'trim_mm = ["a", "b"]', "trim_mm is 'a'; it must be a number."),
    ("a negative trim", "trim_mm = [135, 66]", "trim_mm = [-135, 66]", "trim_mm is -135; use 50 to 300 mm."),
    ("a trim of a poster", "trim_mm = [135, 66]", "trim_mm = [1350, 66]", "trim_mm is 1350; use 50 to 300 mm."),
    ("an endless trim", "trim_mm = [135, 66]", "trim_mm = [inf, 66]", "trim_mm is inf; it must be a number."),
    ("no bleed", "bleed_mm = 3", "bleed_mm = 0", "bleed_mm is 0; use 2 to 10 mm."),
    ("no safe zone", "safe_mm = 4", "safe_mm = 0", "safe_mm is 0; use 3 to 15 mm."),
    ("art that is not there", 'art = "art.pdf"', 'art = "other.pdf"', "art names other.pdf, which is not there"),
    ("art elsewhere", 'art = "art.pdf"', 'art = "../national/art.pdf"', "which leaves the folder"),
    ("art that is no PDF", 'art = "art.pdf"', 'art = "design.toml"', "name a PDF, SVG, TIFF, PNG or JPEG in the same"),
    ("no QR", "[slots.qr]", "[slots.other]", "slots.other.size_mm is not a key that can stand here"),
    ("a small QR", "size_mm = 29.0", "size_mm = 28.0", "slots.qr.size_mm is 28; use 29 to 58 mm."),
    ("a tight panel", "panel_mm = 34.0", "panel_mm = 33.0", "slots.qr.panel_mm is 33, too small for the QR"),
    ("a QR at the knife", "y_mm = 19.5", "y_mm = 2", "slots.qr covers x 91.8 to 125.8 and y -0.5 to 33.5 mm"),
    ("a serial at the knife", "x_mm = 67\n", "x_mm = 10\n", "slots.serial covers x -"),
    ("a serial on the QR", "x_mm = 67\ny_mm = 60.6", "x_mm = 100\ny_mm = 30", "slots.serial lies across slots.qr"),
    ("a font nobody has", '"Hyperlegible-Bold"', '"Comic"', "slots.serial.font is 'Comic'; use one of Hyperlegible,"),
    ("a tiny serial", "size_pt = 13", "size_pt = 3", "slots.serial.size_pt is 3; use 6 to 36 pt."),
    ("a slant", "rotation = 90", "rotation = 45", "slots.serial_2.rotation is 45; it must be one of 0, 90, 180, 270."),
    ("a middle nobody knows", 'align = "centre"', 'align = "mid"', "slots.serial.align is 'mid'; it must be one of"),
    ("an expiry without its date", "Use by {date}", "Use by", "slots.expiry.text is 'Use by'; it must hold {date}"),
    ("a name in braces", "Use by {date}", "{date} {who}", "it must hold {date} and no other name in braces."),
    ("a bare brace", "Use by {date}", "{date} {", "it must hold {date} and no other name in braces."),
    ("an attribute", "Use by {date}", "{date} {date.x}", "it must hold {date} and no other name in braces."),
    ("an expiry with a serial", "Use by {date}", "{date} {serial}", "it must hold {date} and no other name in braces."),
    (
        "a name that is no word",
        '"{host}"',
        '"{micra}"',
        "it may hold {serial} or {date} or {host}, keys of [text.en] and no",
    ),
    ("a line of nothing", '"{host}"', '""', "slots.address.text is empty; write what it says"),
    ("an ink nobody mixed", '"{host}"', '"or go"\nink = "rose"', "slots.address.ink is 'rose'; name one of [inks]"),
    ("a date in an ink", '"{host}"', '"{date}"\nink = "teal"', "is printed in black, so leave it out."),
    (
        "a language nobody sets",
        '"{host}"',
        '"{date}"\nlanguage = "fr"',
        "language is 'fr'; it must be one of 'en', 'cy'.",
    ),
    ("a serial in company", '"{host}"', '"{serial} {host}"', "let {serial} stand in a slot of its own."),
    (
        "a thin braid",
        "height_mm = 5.45",
        "height_mm = 2",
        "height_mm is 2; use",
    ),
    (
        "a braid on the QR",
        "x_mm = 50\ny_mm = 50.85",
        "x_mm = 80\ny_mm = 30",
        "lies across slots.braid",
    ),
    ("a host without end", "width_mm = 30.3\n", "", "slots.address.width_mm is missing; hosts are long and short"),
    ("a host in no room", "width_mm = 30.3", "width_mm = 20", "where the longest line would be set in 3.4 pt"),
    ("a negative room", "width_mm = 30.3", "width_mm = -3", "slots.address.width_mm is -3"),
    ("a host into the QR", "y_mm = 12.6", "y_mm = 18", "slots.address lies across slots.qr; move one of them."),
    (
        "too much ink",
        "teal = [100, 20, 45, 10]",
        "teal = [100, 100, 90, 20]",
        "inks.teal is [100, 100, 90, 20]; use 0 to 100",
    ),
    (
        "an ink of three",
        "teal = [100, 20, 45, 10]",
        "teal = [1, 2, 3]",
        "inks.teal is [1, 2, 3]; it must be a list of 4",
    ),
    ("a text of no language", "[text.en]", "[text]", "text: programme is 'CORNWALL'; it must be a table of its own"),
    ("a text of a number", 'hour = "HOUR"', "hour = 1", "text.en.hour is 1; it must be text."),
    ("engraving of a word", "[text.en]", "[engraving.stone]\n[text.en]", "engraving may hold layers alone"),
    ("not TOML", "format = 1", "format = ", "is not TOML"),
    ("a bleed without end", "bleed_mm = 3", "bleed_mm = 1e308", "bleed_mm is 1e+308; use 2 to 10 mm."),
    ("a number of 5,000 digits", "bleed_mm = 3", f"bleed_mm = {'9' * 5000}", "(a number in it is too long)"),
    ("a number of 400 digits", "bleed_mm = 3", f"bleed_mm = {'9' * 400}", "(a number in it is too long)"),
    ("a number in hex", "bleed_mm = 3", f"bleed_mm = 0x{'f' * 5000}", "(a number in it is too long)"),
    ("lists in lists", "format = 1", f"format = {'[' * 5000}", "(it is nested too deep)"),
    ("a novel", "format = 1", f"format = 1 # {'x' * (300 << 10)}", "(it has more than 256 kB)"),
    ("a slot a letter", "format = 1", "format = 1\n" + "".join(f"slots.s{at} = 1\n" for at in range(61)), "keep to 60"),
]


@pytest.fixture
def cornwall(tmp_path: Path) -> Path:
    return shutil.copytree(design.default_folder() / "cornwall", tmp_path / "cornwall")


@pytest.mark.parametrize(("before", "after", "says"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_a_fault_is_one_plain_sentence(cornwall: Path, before: str, after: str, says: str) -> None:
    file = cornwall / design.FILE
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(BadDesign) as fault:
        design.load(cornwall)
    sentence = str(fault.value)
    assert sentence.startswith(str(file))
    assert says in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_design_from_windows_begins_with_a_mark(cornwall: Path) -> None:
    file = cornwall / design.FILE
    file.write_text(file.read_text(encoding="utf-8").replace("\n", "\r\n"), encoding="utf-8-sig")
    assert design.load(cornwall).title == "Cornwall"


def test_check_names_a_file_that_is_no_toml_once(cornwall: Path) -> None:
    (cornwall / design.FILE).write_text("format =", encoding="utf-8")
    (fault,) = check.faults(cornwall)
    assert fault.message.startswith("It is not TOML that can be read (")


def test_no_art_is_looked_at_for_a_sheet_that_cannot_be(cornwall: Path) -> None:
    file = cornwall / design.FILE
    file.write_text(file.read_text(encoding="utf-8").replace("bleed_mm = 3", "bleed_mm = 1e308", 1), encoding="utf-8")
    assert [(fault.rule, fault.message) for fault in check.faults(cornwall)] == [
        ("design", "bleed_mm is 1e+308; use 2 to 10 mm.")
    ]


def test_what_differs_from_note_to_note_stands_on_no_back(tmp_path: Path) -> None:
    folder = shutil.copytree(design.default_folder() / "national", tmp_path / "national")
    file = folder / design.FILE
    file.write_text(file.read_text(encoding="utf-8").replace("{host}", "{serial}", 1), encoding="utf-8")
    with pytest.raises(
        BadDesign, match=r"slots\.address\.text is '\{serial\}'; it may hold \{date\} or \{host\}, keys of"
    ):
        design.load(folder)


def test_a_front_needs_each_of_its_slots(cornwall: Path) -> None:
    file = cornwall / design.FILE
    start, end = (file.read_text(encoding="utf-8").index(mark) for mark in ("[slots.expiry]", "[text.en]"))
    text = file.read_text(encoding="utf-8")
    file.write_text(text[:start] + text[end:], encoding="utf-8")
    with pytest.raises(BadDesign, match=r"slots\.expiry is missing; every front needs it"):
        design.load(cornwall)


def test_art_may_not_leave_its_folder_by_a_link(cornwall: Path, tmp_path: Path) -> None:
    (cornwall / "art.pdf").rename(tmp_path / "outside.pdf")
    (cornwall / "art.pdf").symlink_to(tmp_path / "outside.pdf")
    with pytest.raises(BadDesign, match="which leaves the folder"):
        design.load(cornwall)


def test_a_folder_without_a_design_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadDesign, match=r"design\.toml is not there"):
        design.load(tmp_path)


def test_a_design_is_found_by_its_name() -> None:
    assert design.find("lancashire", design.default_folder()).title == "Lancashire"


@pytest.mark.parametrize("name", ["devon", "../cornwall", "", "/", "cornwall/../national"])
def test_a_name_that_is_none_is_answered_with_those_there_are(name: str) -> None:
    known = ", ".join(design.names(design.default_folder()))
    with pytest.raises(BadDesign, match=f"the designs there are: {known}"):
        design.find(name, design.default_folder())


def test_a_folder_of_designs_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(BadDesign, match="is not a folder"):
        design.names(tmp_path / "nowhere")


@pytest.mark.parametrize("name", design.names(design.default_folder()))
def test_every_design_that_comes_with_hournote_is_sound(name: str) -> None:
    found = design.find(name, design.default_folder())
    assert found.trim_mm == (135.0, 66.0)
    assert found.page_mm == (141.0, 72.0)
    assert (found.qr is None) == (found.side == "back")


def test_the_panel_has_four_clear_modules_on_each_side() -> None:
    qr = QrSlot(x_mm=10, y_mm=20, size_mm=29.0, panel_mm=34.0)
    assert qr.box == (7.5, 17.5, 41.5, 51.5)
    assert qr.least_panel_mm == pytest.approx(29.0 * 57 / 49)


@pytest.mark.parametrize(
    ("rotation", "way"), [(0, (1, -1)), (90, (-1, -1)), (180, (-1, 1)), (270, (1, 1))], ids=["0", "90", "180", "270"]
)
def test_a_line_turns_anticlockwise_about_its_place(rotation: int, way: tuple[int, int]) -> None:
    slot = Slot(x_mm=50, y_mm=30, font="Hyperlegible", size_pt=10, rotation=rotation)  # type: ignore[arg-type]
    left, top, right, bottom = slot.box
    assert (right - 50 > 50 - left) == (way[0] > 0)
    assert (bottom - 30 > 30 - top) == (way[1] > 0)
