"""Reading notes in pictures that were bent as a camera bends them."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from app.core.errors import BadInput
from scanner import engines as decoding
from scanner import looks
from scanner.decode import Frame, engines, read
from scanner.reading import Reading
from scanner.regions import Region
from scanner.shades import to_grey
from tests.scanner.cards import Bend, Order, Picture, bend, card, symbol
from tests.zbar import HAS_ZBAR

BENDS = {
    "a good camera": Bend(),
    "far away": Bend(module_pixels=2.3, blur_modules=0.3),
    "tilted and turned": Bend(module_pixels=3, tilt=0.25, turn_degrees=45),
    "upside down": Bend(turn_degrees=180),
    "a dark room": Bend(module_pixels=3, noise=18),
    "out of focus": Bend(module_pixels=3.5, blur_modules=0.4),
}


@pytest.mark.parametrize("name", BENDS)
def test_a_bent_note_is_read(order: Order, name: str) -> None:
    for seed in range(2):
        readings = read(bend(card(order.token(seed + 1)), seed, BENDS[name]))
        assert [reading.text for reading in readings] == [order.token(seed + 1)]


def sharp(grey: Frame, place: Region) -> list[Reading]:
    return looks.sharp(grey, place, [])


LOOKS, WHOLE = (looks.plain, sharp, *looks.PATIENT), Region(0, 0, 800, 600, 4.0)


def test_corners_lie_on_the_symbol_in_pixels_of_the_frame(order: Order) -> None:
    code = symbol(order.token(1), dots=4)
    frame = np.full((600, 800), 255, np.uint8)
    frame[100 : 100 + len(code), 200 : 200 + len(code)] = code
    for look in LOOKS:
        if look is looks.by_zbar and not HAS_ZBAR:
            continue
        (reading,) = look(frame, WHOLE)
        low, high = reading.corners.min(axis=0), reading.corners.max(axis=0)
        assert np.allclose(low, (200 + 16, 100 + 16), atol=5), look.__name__
        assert np.allclose(high, (200 + 53 * 4, 100 + 53 * 4), atol=5), look.__name__
        assert reading.corners.shape == (4, 2)


def test_grey_and_colour_frames_read_the_same(order: Order) -> None:
    frame = bend(card(order.token(3)), 3)
    grey = np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    assert [r.text for r in read(frame)] == [r.text for r in read(grey)] == [order.token(3)]


def test_each_of_several_notes_is_found_once(order: Order) -> None:
    texts = [order.token(number) for number in range(1, 7)]
    cards = [card(text, dots=4) for text in texts]
    frame = np.vstack([np.hstack(cards[:3]), np.hstack(cards[3:])])
    assert sorted(reading.text for reading in read(frame)) == sorted(texts)


def test_two_copies_side_by_side_are_two_readings(order: Order) -> None:
    copy = card(order.token(1), dots=4)
    readings = read(np.ascontiguousarray(np.hstack([copy, copy])))
    assert [reading.text for reading in readings] == [order.token(1)] * 2


def test_other_codes_are_read_too() -> None:
    assert [r.text for r in read(symbol("Bwydlen y caffi: £3", dots=5, version=None))] == ["Bwydlen y caffi: £3"]


def test_a_frame_without_a_code_gives_nothing(order: Order) -> None:
    assert read(np.zeros((480, 640, 3), np.uint8)) == []
    assert read(np.full((1, 1), 255, np.uint8)) == []


def test_dear_looks_read_what_the_engine_alone_missed(order: Order) -> None:
    """They are worth their time."""
    hard = Bend(module_pixels=2.5, blur_modules=0.45, noise=6)
    frames = [to_grey(bend(card(order.token(seed + 1)), seed, hard)) for seed in range(4)]
    alone = sum(bool(decoding.zxing(frame)) for frame in frames)
    assert sum(bool(read(frame)) for frame in frames) > alone


WRONG: dict[str, Callable[[], object]] = {
    "no array": lambda: [[0]],
    "floats": lambda: np.zeros((4, 4)),
    "four channels": lambda: np.zeros((4, 4, 4), np.uint8),
    "one dimension": lambda: np.zeros(4, np.uint8),
    "empty": lambda: np.zeros((0, 4), np.uint8),
    "no picture": lambda: None,
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_frame_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        read(WRONG[name]())  # type: ignore[arg-type]


@settings(max_examples=40)
@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40))))
def test_any_picture_can_be_looked_at(frame: Frame) -> None:
    assert isinstance(read(frame), list)


def test_frames_that_are_views_are_read(order: Order) -> None:
    frame: Picture = bend(card(order.token(2)), 2)
    assert [r.text for r in read(frame[:, ::-1][:, ::-1])] == [order.token(2)]


def test_enlarged_pictures_stay_within_bounds() -> None:
    for factor, most in ((4, 40_000_000), (2, 4_000_000)):
        for height, width in ((1, 1), (720, 1280), (3000, 4000), (12000, 12000)):
            fitted = looks._fitted(factor, Region(0, 0, width, height, 1.0), most)
            assert 1 <= fitted <= factor
            assert fitted == 1 or height * width * fitted**2 <= most * 1.001


def test_a_large_scan_is_read_within_those_bounds(order: Order) -> None:
    frame = np.full((5000, 7000), 255, np.uint8)
    code = symbol(order.token(9))
    frame[3000 : 3000 + len(code), 4000 : 4000 + len(code)] = code
    assert [r.text for r in read(frame)] == [order.token(9)]


def test_without_zbar_the_other_engine_reads_alone(
    order: Order, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(decoding, "_zbar", lambda: None)
    engines.cache_clear()
    assert engines() == engines() == ("zxing-cpp",)
    assert len(caplog.records) == 1
    assert "libzbar0" in caplog.text
    assert [r.text for r in read(bend(card(order.token(1)), 1))] == [order.token(1)]
    engines.cache_clear()
