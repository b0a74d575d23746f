"""The simulator of worn notes: seeded, and each of its axes does what it says."""

from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest

from bench.worn.axes import Axes
from bench.worn.clips import FRAMES, clip
from bench.worn.mixes import MIXES, drawn
from bench.worn.printed import HELD_OUT, TUNING, Printed
from bench.worn.shots import drawn_shot, empty, several, shot
from scanner.engines import zxing

CLEAN = Axes(distance=3)

WORSE = {
    "tilt": 40.0,
    "turn": 30.0,
    "distance": 2.5,
    "defocus": 0.4,
    "motion": 1.0,
    "noise": 10.0,
    "light": 0.5,
    "glare": 0.8,
    "fold": 0.7,
    "stain": 0.8,
    "pen": 0.05,
    "hole": 0.06,
    "fading": 0.5,
    "gain": 0.15,
    "jpeg": 20.0,
    "lens": 0.2,
}
SMALL = (640, 480)


@pytest.fixture(scope="module")
def note() -> Printed:
    return TUNING.notes(1)[0]


def test_a_clean_picture_of_a_printed_note_reads_and_its_corners_are_told(note: Printed) -> None:
    taken = shot(note, replace(CLEAN, distance=4, turn=20, tilt=15), 1, SMALL)
    (reading,) = zxing(taken.frame[:, :, 1].copy())
    assert reading.text == note.text
    assert np.abs(reading.corners - taken.corners[0]).max() < 4


def test_the_same_seed_gives_the_same_frame_and_another_another(note: Printed) -> None:
    axes = replace(CLEAN, **WORSE)
    first, again, other = (shot(note, axes, seed, SMALL).frame for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.parametrize("axis", WORSE)
def test_each_axis_has_an_effect_of_its_own(note: Printed, axis: str) -> None:
    clean, worse = (shot(note, axes, 1, SMALL).frame for axes in (CLEAN, replace(CLEAN, **{axis: WORSE[axis]})))
    assert np.abs(clean.astype(int) - worse).mean() > 0.05


def test_no_axis_is_left_out_of_tests_and_mixes() -> None:
    ways = {"tilt_about", "motion_along"}
    assert {field.name for field in fields(Axes)} == {*WORSE, *ways}
    assert all(set(mix) == set(WORSE) for mix in MIXES.values())


@pytest.mark.parametrize("name", MIXES)
def test_mixes_draw_what_they_say(name: str) -> None:
    chance, usual = np.random.default_rng(1), Axes()
    draws = [drawn(MIXES[name], chance) for _ in range(400)]
    for axis, draw in MIXES[name].items():
        values = np.array([getattr(axes, axis) for axes in draws])
        at_work = values[values != getattr(usual, axis)]
        assert draw.low <= at_work.min() <= at_work.max() <= draw.high, axis
        assert abs(len(at_work) / len(draws) - draw.chance) < 0.08, axis


def test_the_two_parts_share_no_design_no_note_and_no_frame() -> None:
    tuning, held_out = TUNING.notes(2), HELD_OUT.notes(2)
    assert not set(TUNING.designs) & set(HELD_OUT.designs)
    assert not {each.text for each in tuning} & {each.text for each in held_out}
    assert TUNING.seed != HELD_OUT.seed


def test_the_same_notes_are_printed_every_time() -> None:
    assert TUNING.notes(1)[0].text.startswith("HTTPS://NOTES.EXAMPLE.ORG/N/CWL260000001KE575KI7B")


def test_a_clip_moves_and_keeps_its_wear(note: Printed) -> None:
    shots = list(clip(note, replace(CLEAN, hole=0.05, noise=3), 2, SMALL))
    steps = [np.abs(one.corners[0] - two.corners[0]).max() for one, two in pairwise(shots)]
    assert len(shots) == FRAMES
    assert 0 < min(steps) <= max(steps) < 30
    assert {each.texts for each in shots} == {(note.text,)}


def test_six_notes_lie_side_by_side_and_a_bare_desk_has_none() -> None:
    six = several(TUNING.notes(3), MIXES["typical"], 1)
    assert six.frame.shape == (1080, 1920, 3)
    middles = np.array([corners.mean(axis=0) for corners in six.corners])
    apart = np.linalg.norm(middles[:, None] - middles[None], axis=2)[~np.eye(6, dtype=bool)]
    assert apart.min() > 150
    assert empty(1, SMALL).texts == ()


def test_a_drawn_frame_names_its_note() -> None:
    taken = drawn_shot(TUNING.notes(1), MIXES["hard"], 5)
    assert taken.texts[0] in {note.text for note in TUNING.notes(1)}
    assert taken.frame.shape == (720, 1280, 3)
