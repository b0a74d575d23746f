"""A stream of frames: what it has shown is kept, and a budget of time is kept to."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from app.core.errors import BadInput
from bench.worn.axes import Axes
from bench.worn.clips import clip
from bench.worn.printed import TUNING, Printed
from bench.worn.shots import Shot, empty, shot
from scanner.blueprint import drawn
from scanner.codewords import Codewords
from scanner.decode import Frame, read
from scanner.dull import Dull
from scanner.finders import candidates
from scanner.pace import Pace
from scanner.reader import Reader
from scanner.reading import Reading
from scanner.regions import Region, regions
from scanner.sighting import Sighting, sighted
from scanner.track import Track
from tests.scanner.test_blueprint import codewords_of, symbol_of

HARD = Axes(distance=2.6, defocus=0.55, motion=0.6, motion_along=30, noise=9, fold=0.3, jpeg=60, turn=25, tilt=20)


@pytest.fixture(scope="module")
def note() -> Printed:
    return TUNING.notes(1)[0]


def sightings(shots: Iterable[Shot]) -> list[Sighting]:
    """Of the frames in which the symbol's patterns can be made out at all."""
    found = (sighted(shot.frame[:, :, 1].copy(), [shot.corners[0]]) for shot in shots)
    return [sighting for sighting in found if sighting is not None]


def texts(readings: list[Reading]) -> list[str]:
    return [reading.text for reading in readings]


def test_what_no_engine_reads_is_read_module_by_module(note: Printed) -> None:
    taken = shot(note, HARD, 3)
    assert texts(read(taken.frame)) == [note.text]


def test_corners_lie_on_the_symbol_also_of_what_was_read_module_by_module(note: Printed) -> None:
    taken = shot(note, HARD, 3)
    (reading,) = read(taken.frame)
    assert np.abs(reading.corners - taken.corners[0]).max() < 1.5 * HARD.distance


def test_a_region_holds_the_symbol_and_its_finder_patterns_are_found(note: Printed) -> None:
    taken = shot(note, replace(HARD, fold=0), 4)
    grey = taken.frame[:, :, 1].copy()
    place = next(place for place in regions(grey) if place.holds(taken.corners[0]))
    near = [np.abs(corners - taken.corners[0]).max() for corners in candidates(grey, place)]
    assert min(near) < 6 * HARD.distance


BLURRED = Axes(distance=2.6, defocus=0.6, noise=36)
"""More than any single frame can bear."""


def test_a_clip_reads_where_no_frame_does(note: Printed) -> None:
    seen = list(clip(note, BLURRED, 8))
    alone = [Track(each.lattice.corners, 0.0).add(each, 0.0) for each in sightings(seen)]
    together = Track(seen[0].corners[0], 0.0)
    fused = [together.add(each, 0.1) for each in sightings(seen)]
    assert set(alone) == {None}
    assert fused[-1] == note.text
    assert set(fused) <= {None, note.text}


def test_two_notes_in_one_place_never_make_a_third() -> None:
    one, other = TUNING.notes(2)[:2]
    axes, track = replace(BLURRED, defocus=0.5), Track(np.zeros((4, 2)), 0.0)
    for turn, each in enumerate((one, other) * 3):
        (seen,) = sightings([shot(each, axes, turn)])
        assert track.add(seen, 0.0) in (None, each.text)
        assert len(track.sightings) == 1


def test_a_mended_symbol_unlike_what_was_seen_is_not_given(note: Printed) -> None:
    words = Codewords(codewords_of(symbol_of(note.text)), [True] * 6)
    seen = np.where(drawn(words.words), 1, -1).astype(np.float32)
    other = np.where(symbol_of(TUNING.notes(2)[1].text), 1, -1).astype(np.float32)
    assert words.text(seen) == note.text
    assert words.text(other) is None


def test_a_mended_symbol_that_is_no_note_s_is_not_given(note: Printed) -> None:
    """Of another check character: of six blocks, one may be mended into what it never was."""
    place = note.text.index("/N/") + 15
    other = note.text[:place] + ("A" if note.text[place] != "A" else "B") + note.text[place + 1 :]
    words = Codewords(codewords_of(symbol_of(other)), [True] * 6)
    assert words.text(np.where(drawn(words.words), 1, -1).astype(np.float32)) is None


class Ticking:
    """A clock that goes on by `step` seconds each time somebody looks at it."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now

    def spend(self, seconds: float) -> None:
        self.now += seconds


def test_nothing_is_begun_that_would_usually_end_too_late() -> None:
    clock = Ticking(0.0)
    pace = Pace(clock)
    pace.start(0.030)
    taken = 0
    while pace.allows("apart"):
        pace.take("apart", lambda: clock.spend(0.010))
        taken += 1
    assert taken == 2  # by the clock a third would end just in time, but such looks usually take longer
    pace.start(0.030)
    assert pace.allows("apart")


def test_one_look_of_each_kind_is_always_taken() -> None:
    clock = Ticking(0.0)
    pace = Pace(clock)
    pace.start(0.001)
    for kind in ("sharp", "whole", "apart"):
        assert pace.allows(kind)
        pace.take(kind, lambda: clock.spend(1.0))
        assert not pace.allows(kind)


@pytest.mark.parametrize(
    ("tick", "at_seconds", "most"), [(1.0, 0.03, 1), (1.0, 9.0, 1), (0.0, 0.03, 100), (0.0, 9.0, 100)]
)
def test_a_reader_takes_dear_looks_while_there_is_time(
    monkeypatch: pytest.MonkeyPatch, tick: float, at_seconds: float, most: int
) -> None:
    """By a slow clock one of a frame, whatever pause was before; by one that stands still all of them."""
    desk, taken = empty(5).frame, list[Region]()

    def sharp(_grey: Frame, place: Region, _starts: list[object]) -> list[Reading]:
        taken.append(place)
        return []

    monkeypatch.setattr("scanner.looks.sharp", sharp)
    reader = Reader(0.03, Ticking(tick))
    reader.read(np.zeros((720, 1280), np.uint8), 0.0)
    reader.read(desk, at_seconds)
    assert len(regions(desk[:, :, 1].copy())) > 1
    assert min(most, 2) <= len(taken) <= most


def test_dull_places_are_looked_at_ever_more_seldom() -> None:
    dull, place = Dull(), Region(10, 10, 200, 200, 3.0)
    looked = []
    for _ in range(64):
        dull.next_frame()
        if dull.is_due(place):
            dull.missed(place)
            looked.append(dull.frame)
    waits = np.diff(looked)
    assert list(waits[:5]) == [1, 2, 4, 8, 16]
    assert set(waits[5:].tolist()) <= {16}
    dull.found(place)
    assert dull.is_due(place)


def test_an_empty_desk_gives_nothing_and_keeps_nothing() -> None:
    desk, reader = empty(5).frame, Reader(None)
    for number in range(3):
        assert reader.read(desk, number / 30) == []
    assert reader.tracks == 0


def test_the_looking_itself_never_makes_the_pause_for_which_every_look_is_tried() -> None:
    desk, patient = empty(5).frame, []
    for budget in (0.03, None):
        reader = Reader(budget)
        for number in range(4):
            reader.read(desk, number * 0.7)
            patient.append(reader._patient)
    assert patient == [True, False, True, False] + [True] * 4


def test_a_note_that_is_taken_away_is_forgotten(note: Printed) -> None:
    reader = Reader(None)
    assert texts(reader.read(shot(note, HARD, 3).frame, 0.0)) == [note.text]
    assert reader.tracks == 1
    reader.read(np.zeros((480, 640), np.uint8), 2.0)
    assert reader.tracks == 0


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(BadInput):
        Reader().read(np.zeros((4, 4, 4), np.uint8))


@pytest.mark.parametrize("turn", [0, 45, 90, 133, 180, 251, 300])
def test_a_clean_note_at_any_turn_gives_exactly_its_text(turn: int) -> None:
    for number, note in enumerate(TUNING.notes(1)):
        frame: Frame = shot(note, Axes(distance=3, turn=turn + number), turn).frame
        assert texts(read(frame)) == [note.text]
