"""What the test card says of a camera, from pictures that were spoiled on purpose."""

import cv2
import numpy as np
import pytest

from scanner.decode import Frame, read
from scanner.measures import advice, measure
from tests.scanner.cards import Bend, Order, bend, card, symbol

PAPER = card(Order().token(1))


def picture(**how: float) -> Frame:
    return bend(PAPER, 1, Bend(**{"tilt": 0.02, "turn_degrees": 2.0, **how}))


def _shone(frame: Frame) -> Frame:
    return np.asarray(np.clip(frame.astype(np.int16) // 8 + 225, 0, 255), dtype=np.uint8)


def _near() -> Frame:
    frame = np.full((720, 1280), 120, np.uint8)
    code = symbol(Order().token(1), 12)
    frame[18 : 18 + code.shape[0], 300 : 300 + code.shape[1]] = code
    return frame


CASES: dict[str, tuple[Frame, str]] = {
    "a good camera": (picture(), "card_good"),
    "an empty desk": (np.full((720, 1280, 3), 140, np.uint8), "card_show"),
    "a dark room": ((picture() * 0.2).astype(np.uint8), "card_light"),
    "a lamp on the note": (_shone(picture()), "card_glare"),
    "a note far away": (picture(module_pixels=2.2, blur_modules=0.0), "card_closer"),
    "a note too near": (_near(), "card_back"),
    "a camera out of focus": (picture(module_pixels=4.0, blur_modules=0.75), "card_sharp"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_first_thing_to_mend_is_said(name: str) -> None:
    frame, said = CASES[name]
    found = measure(frame, [reading.corners for reading in read(frame)])
    assert advice(found) == said, found


def test_a_module_is_measured_to_a_tenth_of_a_pixel() -> None:
    frame = cv2.resize(PAPER, None, fx=4 / 7, fy=4 / 7, interpolation=cv2.INTER_AREA)
    found = measure(
        np.asarray(frame, dtype=np.uint8), [reading.corners for reading in read(np.asarray(frame, np.uint8))]
    )
    assert found.pixels == pytest.approx(4.0, abs=0.1)


def test_a_note_that_shines_and_stands_out_too_little() -> None:
    frame = np.asarray(picture() // 8 + 120, dtype=np.uint8)
    corners = read(picture())[0].corners
    assert advice(measure(frame, [corners])) == "card_contrast"
