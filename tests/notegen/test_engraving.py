"""The art as it is engraved: fit for a press, the same every time, and clear where the composer prints."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from numpy.typing import NDArray
from pikepdf import Name

from app.core.errors import BadDesign
from notegen import design
from notegen.check import faults
from notegen.design import Design
from notegen.engraving import engrave
from notegen.engraving.curve import ribbon, runs, smooth, thin
from notegen.engraving.guilloche import Band, Rosette
from notegen.engraving.kinds import layers
from notegen.engraving.register import HOURS, Register, mirrored
from notegen.engraving.relief import MOST, Facet
from notegen.engraving.words import Line, Title
from notegen.geometry.slot import overlap
from notegen.picture import portray, rasterise
from notegen.readback.film import Film

NAMES = design.names(design.default_folder())
MOST_BYTES = 700_000
COLOURS = {"k", "K", "cs", "CS", "sc", "SC", "scn", "SCN", "g", "G", "rg", "RG", "sh", "ri", "gs", "Do", "BI"}


@pytest.fixture(params=NAMES)
def each(request: pytest.FixtureRequest) -> Design:
    return design.find(request.param, design.default_folder())


@pytest.fixture(params=[name for name in NAMES if name != "national"])
def front(request: pytest.FixtureRequest) -> Design:
    return design.find(request.param, design.default_folder())


def picture(pdf: bytes, dpi: int) -> NDArray[np.int16]:
    return np.asarray(rasterise(pdf, dpi=dpi), dtype=np.int16)


def cut(seen: NDArray[Any], design: Design, box: tuple[float, float, float, float]) -> NDArray[Any]:
    """The part of a picture of art that shows `box`, mm from the top left of the trim."""
    dots = seen.shape[1] / design.page_mm[0]
    left, top, right, bottom = (round((side + design.bleed_mm) * dots) for side in box)
    return seen[top:bottom, left:right]


def test_the_same_design_gives_the_same_bytes(each: Design) -> None:
    assert engrave(each) == engrave(each)


def test_the_committed_art_is_what_the_engraver_makes(each: Design) -> None:
    assert faults(each.folder) == []


def test_art_is_small(each: Design) -> None:
    assert each.art.stat().st_size < MOST_BYTES


def test_the_panel_of_the_qr_is_pure_paper(front: Design) -> None:
    assert front.qr is not None
    assert cut(picture(front.art.read_bytes(), 300), front, front.qr.box).min() == 255


def test_ground_under_each_line_is_light_enough_to_read(front: Design) -> None:
    seen = picture(front.art.read_bytes(), 300)
    for slot in front.slots.values():
        ground = cut(seen, front, slot.box) @ np.array((0.2126, 0.7152, 0.0722))
        assert ground.mean() > 200
        assert np.quantile(ground, 0.02) > 100


def test_every_word_keeps_clear_of_the_knife_and_of_the_slots(each: Design) -> None:
    safe, (width, height) = each.safe_mm, each.trim_mm
    taken = [slot.box for slot in each.slots.values()] + ([each.qr.box] if each.qr else [])
    for layer in layers(each):
        if isinstance(layer, Line | Title):
            line = layer.setting(each)
            (x, y), right = line.at_mm, line.at_mm[0] + line.run_mm
            assert x >= safe, line.text
            assert right <= width - safe, line.text
            assert safe <= y - line.cap_mm, line.text
            assert y <= height - safe, line.text
            assert not any(overlap((x, y - line.cap_mm, right, y), box) for box in taken), line.text


def test_every_word_is_darker_than_its_ground(each: Design) -> None:
    seen = picture(each.art.read_bytes(), 300) @ np.array((0.2126, 0.7152, 0.0722))
    for layer in layers(each):
        if isinstance(layer, Line | Title):
            line = layer.setting(each)
            (x, y), right = line.at_mm, line.at_mm[0] + line.run_mm
            light = cut(seen, each, (x, y - line.cap_mm, right, y))
            assert np.quantile(light, 0.1) < 110, line.text
            assert np.quantile(light, 0.9) > 190, line.text


def test_no_host_is_lettered_into_art(each: Design) -> None:
    with Film(each.art) as film:
        (words,) = film.words(1, [(0, 0, 141, 72)])
    assert "HOUR" in words
    assert not re.search(r"[a-z]+\.[a-z]{2,}", words), "where to look a note up is printed from its job"
    assert any("{host}" in slot.text for slot in each.slots.values())


def test_lines_of_stone_never_run_together() -> None:
    outline = ((0.0, 0.0), (30.0, 0.0), (30.0, 12.0), (0.0, 12.0))
    wall = Facet(outline_mm=outline, ink="", pitch_mm=0.5, across=(0.9, 0.6), along=(0.8, 1.3), grain=0.6)
    assert max(float(np.ptp(line[:, 1])) for line in wall.lines()) <= MOST * 0.5 + 1e-9


def test_boxes_are_trim_and_bleed(each: Design) -> None:
    with pikepdf.open(each.art) as pdf:
        (page,) = pdf.pages
        bleed, point = each.bleed_mm * 72 / 25.4, 72 / 25.4
        wide, high = each.page_mm[0] * point, each.page_mm[1] * point
        for box in (page.MediaBox, page.BleedBox):
            assert [float(side) for side in box] == pytest.approx([0, 0, wide, high], abs=0.01)
        trim = [float(side) for side in page.TrimBox]
        assert trim == pytest.approx([bleed, bleed, wide - bleed, high - bleed], abs=0.01)


def test_every_ink_is_cmyk_and_nothing_is_transparent(each: Design) -> None:
    with pikepdf.open(each.art) as pdf:
        page = pdf.pages[0]
        used = {str(step.operator) for step in pikepdf.parse_content_stream(page)} & COLOURS
        assert used <= {"k", "K", "sh"}
        for shading in page.Resources.get("/Shading", {}).values():
            assert shading.ColorSpace == Name.DeviceCMYK
        assert not {"/XObject", "/ExtGState", "/Pattern"} & set(page.Resources.keys())


def test_every_font_is_embedded_truetype(each: Design) -> None:
    with pikepdf.open(each.art) as pdf:
        fonts = [
            entry for entry in pdf.objects if isinstance(entry, pikepdf.Dictionary) and entry.get("/Type") == "/Font"
        ]
        assert fonts
        for font in fonts:
            assert font.Subtype == Name.TrueType
            assert len(font.FontDescriptor.FontFile2.read_bytes()) > 1000


def test_the_register_is_one_clock_of_both_sides() -> None:
    clock, width = Register(centre_mm=(8.6, 8.6), radius_mm=3.6, ink="black"), 135.0
    front = clock.hours("front", width)
    back = [mirrored(leaf, width) for leaf in clock.hours("back", width)]
    tips = np.array([leaf[np.argmax(np.hypot(*(leaf - (8.6, 8.6)).T))] for leaf in front + back])
    turns = np.sort(np.degrees(np.arctan2(*(tips - (8.6, 8.6)).T)) % 360)
    assert len(front) == len(back) == HOURS // 2
    assert np.diff(turns) == pytest.approx(np.full(HOURS - 1, 360 / HOURS))


def test_every_side_has_its_register_in_the_same_place() -> None:
    found = [design.find(name, design.default_folder()) for name in NAMES]
    clocks = [layer for one in found for layer in layers(one) if isinstance(layer, Register)]
    assert len(clocks) == len(NAMES)
    assert len({(clock.centre_mm, clock.radius_mm) for clock in clocks}) == 1


def test_strands_of_a_rosette_stay_between_its_radii() -> None:
    rosette = Rosette(centre_mm=(10, 20), radii_mm=(4, 9), waves=24, strands=6, ink="", lobes=12, depth=0.3)
    for strand in rosette.curves():
        reach = np.hypot(*(strand - (10, 20)).T)
        assert reach.min() >= 4 - 1e-9
        assert reach.max() <= 9 + 1e-9
        assert strand[0] == pytest.approx(strand[-1])


def test_a_band_runs_from_end_to_end_and_no_higher_than_it_says() -> None:
    for strand in Band(start_mm=(0, 5), end_mm=(100, 5), height_mm=4, waves=20, strands=5, ink="").curves():
        assert strand[0] == pytest.approx((0, strand[0, 1]))
        assert strand[-1] == pytest.approx((100, strand[-1, 1]))
        assert np.abs(strand[:, 1] - 5).max() <= 2 + 1e-9


def test_eight_points_a_wave_draw_a_sine() -> None:
    angle = np.linspace(0, 2 * np.pi, 9)
    pieces = smooth(np.column_stack((np.cos(angle), np.sin(angle))))
    middles = (pieces * np.array((1, 3, 3, 1))[None, :, None]).sum(axis=1) / 8
    assert np.hypot(*middles.T) == pytest.approx(np.ones(8), abs=0.01)


def test_thinning_keeps_corners_and_drops_the_rest() -> None:
    line = np.array([(0, 0), (1, 0), (2, 0.001), (3, 0), (3, 1), (3, 2)], dtype=float)
    assert thin(line, 0.01).tolist() == [[0, 0], [3, 0], [3, 2]]


def test_a_ribbon_breaks_where_it_is_too_fine() -> None:
    line = np.column_stack((np.arange(10.0), np.zeros(10)))
    width = np.array((0.2, 0.2, 0.2, 0, 0, 0, 0.2, 0.2, 0.2, 0.2))
    assert [run.start for run in runs(width > 0)] == [0, 6]
    assert len(ribbon(line, width)) == 2


BAD_LAYERS = [
    ("a kind nobody knows", {"kind": "hologram"}, "engraving.layer 1.kind is 'hologram'; use one of ground,"),
    ("no kind", {}, "engraving.layer 1.kind is ''"),
    ("a measure too many", {"kind": "ground", "inks": ["teal"], "size": 3}, "engraving.layer 1 (ground).size"),
    ("a measure missing", {"kind": "rays", "ink": "teal"}, "engraving.layer 1 (rays).centre_mm is missing"),
    (
        "an ink nobody has",
        {"kind": "ground", "inks": ["mauve", "teal"]},
        "'mauve' is not an ink here; write one of paper,",
    ),
    (
        "a text nobody wrote",
        {"kind": "line", "text": "en.x", "at_mm": [1, 1], "size_pt": 7, "ink": "teal"},
        "no text 'en.x'",
    ),
]


@pytest.mark.parametrize(("layer", "says"), [case[1:] for case in BAD_LAYERS], ids=[case[0] for case in BAD_LAYERS])
def test_a_layer_that_cannot_be_engraved_is_named(layer: dict[str, object], says: str) -> None:
    cornwall = design.find("cornwall", design.default_folder())
    with pytest.raises(BadDesign) as fault:
        engrave(replace(cornwall, layers=(layer,)))
    assert str(fault.value).startswith(str(Path(cornwall.folder) / design.FILE))
    assert says in str(fault.value)


def test_a_picture_is_as_large_as_its_dots_say_and_a_portrait_no_darker() -> None:
    art = design.find("national", design.default_folder()).art.read_bytes()
    plain, fine = (draw(art, dpi=127) for draw in (rasterise, portray))
    assert np.abs(np.subtract(plain.size, (705, 360))).max() <= 1
    assert np.abs(np.subtract(fine.size, plain.size)).max() <= 1
    assert np.asarray(fine).mean() > np.asarray(plain).mean()
