"""The real program in a real window: a film for its camera, the real service behind it, keys and clicks before it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from scanner.view.colours import FIELDS, STRONG_LINE, TEAL
from scanner.view.layout import layout
from scanner.view.window import why_not
from tests.scanner.cards import SMALL, shot
from tests.scanner.memory.conftest import Counter
from tests.scanner.memory.faulty import unplugged
from tests.scanner.view.screens import SIZE, Pixels, needs_a_screen, program, said_by, screen, share_of
from tests.zbar import but_for_zbar

PLACES = layout(*SIZE, offers=3, band=False)
LIT_GREEN = (61, 196, 105)


def film(path: Path, *texts: str, seconds: int = 90) -> Path:
    """A note held still for as long as a test may take, after a moment of an empty desk."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 5, SMALL[::-1])
    for text in texts:
        frames = [shot(text, seed) for seed in range(3)]
        for number in range(seconds * 5 // len(texts)):
            writer.write(frames[number % 3])
    writer.release()
    return path


def stage(pixels: Pixels) -> Pixels:
    at = PLACES.stage
    return pixels[at.top : at.bottom, at.left : at.right]


def is_ready(pixels: Pixels) -> bool:
    """The large button is no longer dashed, and the note on the picture is outlined in green."""
    at = PLACES.visit
    return (
        share_of(pixels[at.top : at.bottom, at.left : at.right], TEAL) > 0.1
        and share_of(stage(pixels), LIT_GREEN) > 0.002
    )


def is_answered(family: str) -> Callable[[Pixels], bool]:
    return lambda pixels: share_of(stage(pixels), FIELDS[family].ground) > 0.6


def rows_in(pixels: Pixels) -> int:
    """How many boxes stand below one another on a panel, by the edges that a line down its middle crosses."""
    at = PLACES.stage
    line = pixels[at.top + 8 : at.bottom - PLACES.target - 50, at.left + at.width * 2 // 3].astype(np.int16)
    is_edge = np.abs(line - STRONG_LINE).max(axis=1) <= 12
    return int((np.diff(is_edge.astype(np.int8)) == 1).sum()) // 2


@needs_a_screen
def test_a_note_is_outlined_accepted_and_then_refused(counter: Counter, tmp_path: Path) -> None:
    camera = film(tmp_path / "film.avi", counter.office.token(12))
    with screen() as on, program(counter.home.folder, on, "--camera", camera, "--lang", "en") as running:
        on.until(is_ready, running)
        on.press("Return")
        on.until(is_answered("good"), running)
        assert counter.state(12) == "redeemed"
        on.press("Escape")
        on.until(lambda pixels: not is_answered("good")(pixels), running)
        on.type(f"{counter.office.token(10)}\n")
        on.until(is_answered("no"), running)
        on.press("ctrl+q")
        assert running.wait(30) == 0
        assert but_for_zbar(said_by(running)) == ""


@needs_a_screen
def test_apart_it_accepts_and_gives_back_by_keys_and_clicks(counter: Counter, tmp_path: Path) -> None:
    camera = film(tmp_path / "film.avi", counter.office.token(12))
    counter.line.always = unplugged
    with screen() as on, program(counter.home.folder, on, "--camera", camera, "--lang", "cy") as running:
        on.until(is_ready, running)
        at = PLACES.visit
        on.click(at.left + at.width // 2, at.top + PLACES.px(46 + 2 + 30 + 8 + 39))
        on.until(is_answered("good"), running)
        counter.line.always = None
        on.press("F4")
        on.until(lambda pixels: rows_in(pixels) == 1, running)
        on.press("1")
        on.until(lambda pixels: rows_in(pixels) == 5, running)
        on.press("1")
        on.until(lambda pixels: share_of(stage(pixels), FIELDS["good"].ground) > 0.02, running)
        running.terminate()
        assert running.wait(30) == 0
    desk = counter.open()
    assert desk.sync()
    assert (counter.state(12), desk.condition().notices) == ("issued", ())


@needs_a_screen
def test_a_window_without_a_camera_serves_a_scanner_that_types(counter: Counter) -> None:
    with screen() as on, program(counter.home.folder, on, "--camera", "97", "--lang", "en") as running:
        on.until(lambda pixels: len(np.unique(stage(pixels).reshape(-1, 3), axis=0)) > 5, running)
        on.type(f"{counter.office.token(12)}\n")
        at = PLACES.visit
        on.until(lambda pixels: share_of(pixels[at.top : at.bottom, at.left : at.right], TEAL) > 0.1, running)
        on.click(at.left + at.width // 2, at.top + PLACES.px(46 + 2 + 30 + 8 + 39))  # an Enter so soon is the scanner's
        on.until(is_answered("good"), running)
    assert counter.state(12) == "redeemed"


def test_no_display_is_said_with_the_way_out() -> None:
    assert "--headless" in why_not({})


def test_a_display_that_is_not_there_is_said_with_the_way_out() -> None:
    """In a process of its own: the display of this one is none of its."""
    asks = "import os; from scanner.view.window import why_not; print(why_not(os.environ))"
    kept = {name: value for name, value in os.environ.items() if name not in ("WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
    done = subprocess.run([sys.executable, "-c", asks], env={**kept, "DISPLAY": ":987"}, capture_output=True, text=True)
    assert "--headless" in done.stdout
