"""What the scanner's tests share: an order, a service that knows it, a home, and the real command."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import pytest

from scanner.home import Enrolment, Home
from scanner.sync import learn
from tests.scanner.cards import Order, shot
from tests.scanner.service import KEY, Service, serving
from tests.zbar import but_for_zbar

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def order() -> Order:
    return Order()


@pytest.fixture
def service(order: Order) -> Iterator[Service]:
    with serving(order) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, service: Service) -> Home:
    """A scanner enrolled at the service, that knows what it must know without it."""
    home = Home(tmp_path / "home")
    home.keep_enrolment(Enrolment(service.url, "Front desk", "Leisure Centre", KEY))
    learn(home)
    return home


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """The command `scanner` in a process of its own, over the home in `tmp_path`."""

    def call(*arguments: object, **variables: str) -> "subprocess.CompletedProcess[str]":
        words = [sys.executable, "-m", "scanner", *map(str, arguments)]
        done = subprocess.run(
            words, env=environment(tmp_path, **variables), capture_output=True, text=True, timeout=120
        )
        done.stderr = but_for_zbar(done.stderr)
        return done

    return call


def environment(tmp_path: Path, **variables: str) -> dict[str, str]:
    """Ours, without a display, and with the home of this test."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {**kept, "HOURNOTE_SCANNER_HOME": str(tmp_path / "home"), **variables}


def folder_of(tmp_path: Path, *texts: str) -> Path:
    """A folder of pictures, one of each text, in order."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for place, text in enumerate(texts):
        cv2.imwrite(str(folder / f"{place:02}.png"), shot(text, place))
    return folder


def events_in(done: "subprocess.CompletedProcess[str]") -> list[dict[str, Any]]:
    """The lines of a headless run."""
    return [json.loads(line) for line in done.stdout.splitlines()]
