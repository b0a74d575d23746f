"""What damaged pictures write is not heard, and what anybody else writes meanwhile is, also afterwards."""

import os
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO
from threading import Barrier, Thread

import numpy as np
import pytest
from PIL import Image

from notegen.artwork.silence import tiff_unheard, unwarned
from notegen.together import received


def standard_error() -> tuple[int, int]:
    """What the process writes its errors to: the device and the number of the file."""
    found = os.fstat(2)
    return found.st_dev, found.st_ino


def overlapping(state: Callable[[], AbstractContextManager[None]], inside: Callable[[], None]) -> None:
    """Two threads, the first of which leaves while the second is still inside."""
    both, left = Barrier(2), Barrier(2)

    def first() -> None:
        with state():
            both.wait(10)
        left.wait(10)

    def second() -> None:
        with state():
            both.wait(10)
            left.wait(10)
            inside()

    threads = [Thread(target=first), Thread(target=second)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def test_standard_error_comes_back_when_the_last_thread_leaves() -> None:
    before, seen = standard_error(), []
    overlapping(lambda: tiff_unheard(True), lambda: seen.append(standard_error()))
    assert seen != [before], "still unheard while the second reads"
    assert standard_error() == before


def test_warnings_come_back_when_the_last_thread_leaves() -> None:
    before = list(warnings.filters)
    overlapping(unwarned, lambda: warnings.warn("a damaged picture", stacklevel=1))
    assert list(warnings.filters) == before


def test_a_picture_that_is_brought_leaves_standard_error_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    file = BytesIO()
    Image.fromarray(np.zeros((300, 300, 3), np.uint8)).save(file, "PNG")
    seen, before, kept = [], standard_error(), Image.open

    def watched(*args: object, **more: object) -> Image.Image:
        seen.append(standard_error())
        return kept(*args, **more)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(Image, "open", watched)
    received.received(file.getvalue())
    assert seen == [before]
