"""Clips: ten frames of a hand that holds one note, while focus hunts, the lamp's reflection wanders and noise changes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from bench.worn.axes import Axes
from bench.worn.mixes import Mix, drawn
from bench.worn.paper import worn
from bench.worn.pose import Pose
from bench.worn.printed import Printed
from bench.worn.shots import HD, Lying, Shot, somewhere, taken

FRAMES = 10


def clip(note: Printed, axes: Axes, seed: int, size: tuple[int, int] = HD) -> Iterator[Shot]:
    """Ten frames, a thirtieth of a second apart; the wear of the note is the same in all of them."""
    chance = np.random.default_rng((seed, 4))
    sheet, whole = worn(note, axes, chance)
    at = np.array(somewhere(axes, size, chance))
    speed, spin, background = chance.normal(0, 2.5, 2), chance.normal(0, 0.6), int(chance.integers(1 << 30))
    for number in range(FRAMES):
        speed = 0.8 * speed + chance.normal(0, 2.0, 2)
        at, spin = at + speed, 0.8 * spin + chance.normal(0, 0.5)
        axes = replace(axes, turn=axes.turn + spin, tilt=float(np.clip(axes.tilt + chance.normal(0, 0.7), 0, 65)))
        now = _momentary(axes, speed, chance)
        lying = Lying(Pose(note, now, (float(at[0]), float(at[1])), size), sheet, whole)
        yield taken([lying], now, size, np.random.default_rng((background, number)))


def drawn_clip(notes: Sequence[Printed], mix: Mix, seed: int) -> Iterator[Shot]:
    """A clip of a note of `notes` as `mix` has them."""
    chance = np.random.default_rng((seed, 5))
    return clip(notes[int(chance.integers(len(notes)))], drawn(mix, chance), seed)


def _momentary(
    axes: Axes, speed: np.ndarray[tuple[int, ...], np.dtype[np.float64]], chance: np.random.Generator
) -> Axes:
    """What changes from frame to frame."""
    return replace(
        axes,
        defocus=axes.defocus * chance.uniform(0.8, 1.25),
        motion=axes.motion * chance.uniform(0.5, 1.4),
        motion_along=float(np.rad2deg(np.arctan2(speed[1], speed[0]))),
        noise=axes.noise * chance.uniform(0.85, 1.2),
        glare=axes.glare * chance.uniform(0.6, 1.2),
        light=axes.light * chance.uniform(0.93, 1.07),
    )
