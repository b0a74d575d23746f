"""A thousand notes and more from raster to wrapped bundles: printed, cut at the crop marks, stacked, and read with both eyes."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from app.core.job import JobFile
from app.core.token import parse
from notegen.compose import compose
from notegen.readback.eye import Grey, eyes
from notegen.readback.film import Film
from tests.notegen import workshop

NOTES, BUNDLE, DPI = 1750, 50, 200
"""Three bundles for each of the twelve places on a sheet, but for the last, which has two."""

DOTS = DPI / 25.4
PANEL = [round(edge * DOTS) for edge in (93, 13.5, 127, 47.5)]
"""Left, top, right and bottom of the QR's white panel on the workshop's note."""


@pytest.fixture
def job(tmp_path_factory: pytest.TempPathFactory, designs: Path) -> Path:
    return workshop.write_job(tmp_path_factory.mktemp("many") / "job.zip", designs, quantity=NOTES, bundle_size=BUNDLE)


def cuts(picture: Grey, axis: int) -> list[int]:
    """Where crop marks stand at the left or at the bottom of a sheet, in pixels along an axis.

    Looked for at their outer ends, where nothing else is but the registration mark in the middle of the side.
    """
    strip = picture[-round(10.95 * DOTS)] if axis == 0 else picture[:, round(8.5 * DOTS)]
    dark = np.flatnonzero(strip < 200)
    marks = [int(group.mean().round()) for group in np.split(dark, np.flatnonzero(np.diff(dark) > 3) + 1)]
    return [mark for mark in marks if abs(mark - len(strip) / 2) > DOTS]


def cut(picture: Grey, across: list[int], down: list[int]) -> Iterator[tuple[tuple[int, int], Grey]]:
    """The notes of a sheet by their row and column; every second strip is bleed, which falls away."""
    for row, (top, bottom) in enumerate(list(pairwise(down))[::2]):
        for column, (left, right) in enumerate(list(pairwise(across))[::2]):
            yield (row, column), picture[top:bottom, left:right]


def test_all_notes_are_in_serial_order_when_cut_and_stacked(tmp_path: Path, job: Path) -> None:
    made, both = compose(job, tmp_path / "out"), eyes()
    piles: dict[tuple[int, int], list[int]] = defaultdict(list)
    with job.open("rb") as stream, JobFile(stream) as file:
        texts = set(file.texts())
    (path,) = made.files
    with Film(Path(path)) as film:
        first = film.grey(1, DPI)
        across, down = cuts(first, 0), cuts(first, 1)
        assert (len(across), len(down)) == (6, 8)
        for page in range(1, len(film), 2):
            for place, note in cut(film.grey(page, DPI), across, down):
                panel = note[PANEL[1] : PANEL[3], PANEL[0] : PANEL[2]]
                read = [text for eye in both for text in eye.read(panel)]
                assert len(read) in (0, len(both)), "every eye reads it, or there is no note"
                if read:
                    assert len(set(read)) == 1
                    texts.remove(read[0])
                    piles[place].append(parse(read[0]).serial.number)
    assert texts == set(), "every note was there, once"
    stacked = [number for place in sorted(piles) for number in piles[place]]
    assert stacked == list(range(1, NOTES + 1))
    for pile in piles.values():
        assert all((first - 1) % BUNDLE == 0 for first in pile[::BUNDLE]), "bundles fall out whole"
