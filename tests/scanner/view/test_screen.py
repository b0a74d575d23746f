"""The window as it is drawn, in every state, in both languages, on screens of several sizes."""

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame
import pytest

from scanner.view import colours, lettering, sentences
from scanner.view.booth import Deed, Panel
from scanner.view.canvas import CHOSEN, OFF, QUIET, STRONG
from scanner.view.colours import FIELDS
from scanner.view.edges import foot_rows
from scanner.view.layout import LEAST_TARGET, LEAST_TYPE, Layout, Rect, layout, unit_of
from scanner.view.screen import draw
from scanner.view.words import LANGUAGES, Words
from tests.scanner.view.scenes import scenes

SIZES = [(1280, 720), (1024, 768), (1920, 1080)]
NAMES = [name for name, *_ in scenes("en")]


def luminance(colour: tuple[int, ...]) -> float:
    """WCAG 2.2, relative luminance."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    lights = sorted((luminance(one), luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_can_be_read_and_pressed(
    language: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    real = lettering.line

    def line(text: str, size: int, colour: tuple[int, int, int], *, bold: bool = False) -> pygame.Surface:
        written.append(size)
        return real(text, size, colour, bold=bold)

    monkeypatch.setattr(lettering, "line", line)
    screen = Rect(0, 0, *size)
    for name, booth, sight, measured in scenes(language):
        surface = pygame.Surface(size)
        drawn = draw(surface, booth, sight, measured, 0.0)
        for place, _deed in drawn.targets:
            assert min(place.width, place.height) >= LEAST_TARGET, (name, place)
            assert screen.holds(place.left, place.top), (name, place)
            assert screen.holds(place.right - 1, place.bottom - 1), (name, place)
    assert min(written) >= LEAST_TYPE - 2  # the names of keys, beside words of full size


@pytest.mark.parametrize("size", [(640, 480), (800, 480), (1280, 720)], ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_buttons_of_the_foot_are_read_whole_in_a_small_window(
    language: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    cut: list[str] = []
    real = lettering.cut

    def spied(text: str, size: int, most: int, *, bold: bool = False) -> str:
        found = real(text, size, most, bold=bold)
        cut.extend([text] if found != text else [])
        return found

    monkeypatch.setattr(lettering, "cut", spied)
    words = Words(language)
    for name, booth, sight, measured in scenes(language):
        cut.clear()
        draw(pygame.Surface(size), booth, sight, measured, 0.0)
        foot = [words.say(key) for key in sentences.SENTENCES if key.startswith("key_")]
        assert not [text for text in cut if text.partition(" (")[0] in foot], name


@pytest.mark.parametrize("size", [(1, 1), (320, 240), (560, 360), (2000, 130)], ids=str)
def test_a_window_that_is_drawn_small_goes_on(size: tuple[int, int]) -> None:
    for _name, booth, sight, measured in scenes("en"):
        draw(pygame.Surface(size), booth, sight, measured, 0.0)


@pytest.mark.parametrize("size", [(640, 480), (1280, 720), (1080, 1920)], ids=str)
@pytest.mark.parametrize(
    ("name", "deed", "ids"),
    [
        ("many recent", "give_back", [str(n) for n in range(1, 31)]), ("many notices", "dismiss", [str(n) for n in range(1, 31)]),
        ("very many offers", "offer", [None, *range(1, 31)]),
    ],
)  # fmt: skip
def test_every_row_of_a_long_list_can_be_pressed_on_one_of_its_pages(
    name: str, deed: str, ids: list[object], size: tuple[int, int]
) -> None:
    _, booth, sight, measured = next(scene for scene in scenes("en") if scene[0] == name)
    booth.paging.page = 0
    places = layout(*size, offers=7, band=False, foot_rows=foot_rows(booth, size[0], unit_of(*size)))
    stage = (places.covered() if places.is_narrow else places).stage
    found: list[object] = []
    for page in range(31):
        drawn = draw(pygame.Surface(size), booth, sight, measured, 0.0)
        rows = [(place, each) for place, each in drawn.targets if stage.holds(place.left, place.top)]
        assert all(stage.holds(place.right - 1, place.bottom - 1) for place, _ in rows)
        found += [each.value for _, each in rows if each.name == deed]
        if len(found) == len(ids):
            break
        assert booth.paging.page == page
        booth.do(next(each for _, each in rows if each == Deed("page", 1)))
    assert found == ids
    booth.do(Deed("page", 1))
    assert booth.paging.page == page


def test_the_number_of_a_row_is_its_place_on_its_page() -> None:
    _, booth, sight, measured = next(scene for scene in scenes("en") if scene[0] == "many recent")
    draw(pygame.Surface((1280, 720)), booth, sight, measured, 0.0)
    booth.write("2")
    assert (booth.panel, booth.gives_back) == (Panel.WHY, booth.recent[booth.paging.room + 1].id)
    _, booth, sight, measured = next(scene for scene in scenes("en") if scene[0] == "very many offers")
    draw(pygame.Surface((1280, 720)), booth, sight, measured, 0.0)
    booth.write("0")
    assert (booth.panel, booth.counter.offer_id) == (Panel.NONE, booth.paging.room)


@pytest.mark.parametrize("name", ["spent", "accepted", "cannot_tell"])
def test_an_answer_fills_the_place_of_the_picture_in_its_colour(name: str) -> None:
    family = {"spent": "no", "accepted": "good", "cannot_tell": "attention"}[name]
    _, booth, sight, measured = next(scene for scene in scenes("en") if scene[0] == name)
    surface = pygame.Surface((1280, 720))
    draw(surface, booth, sight, measured, 0.0)
    stage = layout(1280, 720, offers=5, band=False).stage
    assert tuple(surface.get_at((stage.left + 20, stage.bottom - 20)))[:3] == FIELDS[family].ground


def test_words_stand_out_from_their_ground() -> None:
    """WCAG 2.2, 1.4.6: 7 to 1."""
    pairs = [(field.ground, field.ink) for field in FIELDS.values()]
    pairs += [(look.fill, look.ink) for look in (QUIET, STRONG, CHOSEN) if look.fill]
    pairs += [(colours.PAPER, colours.INK), (colours.SURFACE, colours.INK)]
    assert min(contrast(one, other) for one, other in pairs) >= 7
    assert contrast(OFF.fill or colours.SURFACE, OFF.ink) >= 4.5


def test_what_is_pressed_last_drawn_lies_on_top() -> None:
    _, booth, sight, measured = next(scene for scene in scenes("en") if scene[0] == "spent")
    drawn = draw(pygame.Surface((1280, 720)), booth, sight, measured, 0.0)
    for place, deed in drawn.targets:
        assert drawn.deed_at(place.left + place.width / 2, place.top + place.height / 2) == deed
    assert drawn.deed_at(0, 0) is None


def parts(of: Layout) -> list[Rect]:
    return [of.top, of.stage, of.offers, of.visit, of.foot]


@pytest.mark.parametrize("size", [(800, 600), (1280, 720), (1366, 768), (1080, 1920), (3840, 2160)], ids=str)
@pytest.mark.parametrize("offers", [0, 2, 7])
def test_the_parts_of_the_window_lie_beside_one_another(size: tuple[int, int], offers: int) -> None:
    for band in (False, True):
        places = [each for each in parts(layout(*size, offers=offers, band=band)) if each.height]
        for n, one in enumerate(places):
            assert 0 <= one.left < one.right <= size[0]
            assert 0 <= one.top < one.bottom <= size[1]
            for other in places[n + 1 :]:
                apart = one.right <= other.left or other.right <= one.left
                assert apart or one.bottom <= other.top or other.bottom <= one.top


def test_long_words_are_cut_and_wrapped() -> None:
    assert lettering.cut("A very long name of a venue", 20, 100).endswith("…")
    assert lettering.width(lettering.cut("A very long name of a venue", 20, 100), 20) <= 100
    assert len(lettering.wrapped("one two three four five six", 20, 90)) > 1
    assert lettering.fitted("Already spent", 72, 30, 2000, 1) == 72
