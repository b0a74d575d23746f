"""The window: what is painted for each answer, and that it opens on a real display."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.core.verdict import MESSAGES, Verdict
from scanner.decode import read
from scanner.events import Event, Kind
from scanner.faces import FACES, IDLE, NOT_TAKEN, Face, face_of, sentence_of
from scanner.home import Home
from scanner.notes import judge
from scanner.paint import HEIGHT, PANEL, WIDTH, View, paint
from scanner.window import why_not
from tests.scanner.cards import Order, bend, card
from tests.scanner.conftest import environment, folder_of
from tests.scanner.service import Service
from tests.zbar import but_for_zbar

SERIAL = "CWL260000001K"


def verdict_event(verdict: str | None, outcome: str = "refused", **more: object) -> Event:
    return Event(Kind.VERDICT, SERIAL, verdict, "id", {"outcome": outcome, "message": "Said.", **more})


def luminance(colour: tuple[int, ...]) -> float:
    """WCAG 2.2, relative luminance."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_verdict_has_a_face_of_its_own_word() -> None:
    assert set(FACES) == set(Verdict)
    assert len({face.word for face in FACES.values()}) == len(FACES)


def test_a_tick_means_that_the_note_was_taken() -> None:
    ticked = {verdict for verdict, face in FACES.items() if face.shape == "tick"}
    assert ticked == {Verdict.ACCEPTED, Verdict.ACCEPTED_OFFLINE}


@pytest.mark.parametrize("face", [*FACES.values(), IDLE], ids=lambda face: face.word)
def test_words_stand_out_from_their_ground(face: Face) -> None:
    """WCAG 2.2, 1.4.6: 7 to 1."""
    verdict = next((verdict for verdict, its in FACES.items() if its is face), None)
    panel = paint(View("Venue", event=verdict_event(verdict, "accepted") if verdict else None))
    ground, inks = panel[5, WIDTH - 5], panel[:, WIDTH - PANEL :].reshape(-1, 3)
    assert tuple(int(c) for c in ground[::-1]) == face.colour
    lights = [luminance(tuple(int(c) for c in ink[::-1])) for ink in np.unique(inks, axis=0)]
    ratio = max(
        (max(light, luminance(face.colour)) + 0.05) / (min(light, luminance(face.colour)) + 0.05) for light in lights
    )
    assert ratio >= 7


def test_a_good_note_of_a_refused_visit_is_not_shown_as_accepted() -> None:
    event = verdict_event("good", reason="offer_closed")
    assert face_of(event) is NOT_TAKEN["offer_closed"]
    assert "closed" in sentence_of(event)


def test_a_new_word_of_the_service_is_never_shown_as_accepted() -> None:
    assert face_of(verdict_event("something_new")).shape == "cross"
    assert face_of(verdict_event(None)).shape == "cross"


def test_a_note_that_waits_for_the_network_is_not_shown_as_being_checked() -> None:
    scan = Event(Kind.SCAN, SERIAL, None, "id")
    assert (face_of(scan).word, face_of(scan, online=False).word) == ("One moment", "No answer")
    assert "sent again" in sentence_of(scan, online=False)


def test_when_a_note_was_spent_is_said() -> None:
    event = verdict_event(
        "already_redeemed", message=MESSAGES[Verdict.ALREADY_REDEEMED], first_redeemed_at="2026-03-04T12:00:00+00:00"
    )
    assert "It was spent on 4 March 2026" in sentence_of(event)
    assert "It was spent" not in sentence_of(verdict_event("already_redeemed", first_redeemed_at="soon"))


def test_any_frame_and_any_words_fit_the_window(order: Order) -> None:
    frame = bend(card(order.token(1)), 1)
    notes = [judge(reading, order.keyring) for reading in read(frame)]
    long = "A very long sentence that the service says about this note. " * 5
    for picture in (None, frame, frame[:, :, 0], frame[:5], frame[:, :3]):
        painted = paint(View("Venue " * 40, picture, notes, verdict_event("void", message=long), 12, online=False))
        assert painted.shape == (HEIGHT, WIDTH, 3)
        assert painted.dtype == np.uint8


def test_the_note_is_outlined(order: Order) -> None:
    frame = bend(card(order.token(1)), 1)
    notes = [judge(reading, order.keyring) for reading in read(frame)]
    assert (paint(View("V", frame, notes)) != paint(View("V", frame))).any()


def test_no_display_is_said_with_the_way_out() -> None:
    assert "--headless" in why_not({})
    assert "--headless" in why_not({"DISPLAY": ":987"})


@pytest.mark.skipif(not shutil.which("xvfb-run"), reason="needs xvfb")
def test_the_window_opens_on_a_display(tmp_path: Path, home: Home, service: Service, order: Order) -> None:
    """The run ends when the frames end, the window when a key is pressed; here it is ended as a session ends."""
    folder = folder_of(tmp_path, order.token(1))
    words = ["xvfb-run", "-a", sys.executable, "-c", PRESS_Q, str(folder)]
    done = subprocess.run(words, env=environment(tmp_path), capture_output=True, text=True, timeout=120)
    assert (done.returncode, but_for_zbar(done.stderr)) == (0, "")
    assert service.spent == {SERIAL}


PRESS_Q = """
import sys
import cv2
from scanner.cli import main
waiting, calls = cv2.waitKey, []
def press_q_at_last(milliseconds):
    calls.append(waiting(milliseconds))
    return ord("q") if milliseconds == 50 and len(calls) > 3 else -1
cv2.waitKey = press_q_at_last
main(["run", "--window", "--camera", sys.argv[1]])
"""
