"""A screen for tests: Xvfb, what stands on it, and the keys and clicks of a person."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

SIZE = (1280, 720)
needs_a_screen = pytest.mark.skipif(
    not all(shutil.which(name) for name in ("Xvfb", "xdotool", "import")), reason="needs xvfb, xdotool and imagemagick"
)
Pixels = NDArray[np.uint8]


@dataclass
class Screen:
    """A display of its own, on which one program runs."""

    display: str

    def pixels(self) -> Pixels:
        """What stands on it now (H, W, 3), red first."""
        shot = subprocess.run(["import", "-window", "root", "png:-"], env=self._env, capture_output=True, check=True)
        return np.asarray(Image.open(BytesIO(shot.stdout)).convert("RGB"), dtype=np.uint8)

    def press(self, *keys: str) -> None:
        subprocess.run(["xdotool", "key", *keys], env=self._env, check=True)

    def type(self, text: str) -> None:
        """As a scanner that is a keyboard types it."""
        subprocess.run(["xdotool", "type", "--delay", "12", text], env=self._env, check=True)

    def click(self, x: int, y: int) -> None:
        subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", "1"], env=self._env, check=True)

    def until(self, seen: Callable[[Pixels], bool], program: "subprocess.Popen[str]", seconds: float = 120) -> Pixels:
        """Look until something is seen; fails when that takes too long, or when the program ended."""
        end = time.monotonic() + seconds
        while True:
            pixels = self.pixels()
            if seen(pixels):
                return pixels
            assert program.poll() is None, program.stderr.read() if program.stderr else ""
            assert time.monotonic() < end, "it was not seen in time"
            time.sleep(0.1)

    @property
    def _env(self) -> dict[str, str]:
        return {**os.environ, "DISPLAY": self.display}


@contextmanager
def screen() -> Iterator[Screen]:
    """Xvfb, with a number that it chooses."""
    reader, writer = os.pipe()
    words = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"]
    with subprocess.Popen(words, pass_fds=(writer,), stderr=subprocess.DEVNULL) as server:
        os.close(writer)
        with os.fdopen(reader) as told:
            number = told.readline().strip()
        try:
            yield Screen(f":{number}")
        finally:
            server.terminate()


@contextmanager
def program(home: Path, on: Screen, *words: object) -> Iterator["subprocess.Popen[str]"]:
    """The real program in its window."""
    env = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
    env |= {"DISPLAY": on.display, "HOURNOTE_SCANNER_HOME": str(home), "SDL_AUDIODRIVER": "dummy"}
    command = [sys.executable, "-m", "scanner", "run", "--window", *map(str, words)]
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            if running.poll() is None:
                running.terminate()


def share_of(pixels: Pixels, colour: tuple[int, int, int], off: int = 12) -> float:
    """Which share of a picture has a colour, or nearly."""
    return float((np.abs(pixels.astype(np.int16) - colour).max(axis=2) <= off).mean())


def said_by(running: "subprocess.Popen[str]") -> str:
    """What an ended program wrote on standard error."""
    error: IO[str] | None = running.stderr
    return error.read() if error else ""
