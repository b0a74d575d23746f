"""Shots: single frames of one note, of several, or of a desk without any."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.worn import light, optics, paper
from bench.worn.axes import Axes
from bench.worn.desks import desk
from bench.worn.mixes import Mix, drawn
from bench.worn.pose import Pose
from bench.worn.printed import Picture, Printed

HD = (1280, 720)
FULL_HD = (1920, 1080)


@dataclass(frozen=True, slots=True)
class Shot:
    """A frame (H, W, 3), the texts that are in it, and the corners (4, 2) of each symbol."""

    frame: Picture
    texts: tuple[str, ...]
    corners: tuple[NDArray[np.float64], ...] = ()


@dataclass(frozen=True, slots=True)
class Lying:
    """A note that had its life already, and where it lies."""

    pose: Pose
    sheet: Picture
    paper: Picture


def shot(note: Printed, axes: Axes, seed: int, size: tuple[int, int] = HD) -> Shot:
    """One note somewhere in a frame of (width, height), with its whole symbol in view."""
    chance = np.random.default_rng(seed)
    lying = lay(note, axes, somewhere(axes, size, chance), size, chance)
    return taken([lying], axes, size, chance)


def drawn_shot(notes: Sequence[Printed], mix: Mix, seed: int) -> Shot:
    """A note of `notes` in a frame as `mix` has them."""
    chance = np.random.default_rng((seed, 1))
    return shot(notes[int(chance.integers(len(notes)))], drawn(mix, chance), seed)


def several(notes: Sequence[Printed], mix: Mix, seed: int, size: tuple[int, int] = FULL_HD) -> Shot:
    """Up to six notes laid out in rows of two, each worn in its own way, under one camera that sees them all."""
    chance = np.random.default_rng((seed, 2))
    camera = drawn(mix, chance)
    lying = [
        _in_row(note, place, len(notes), camera, drawn(mix, chance), size, chance) for place, note in enumerate(notes)
    ]
    return taken(lying, camera, size, chance)


def empty(seed: int, size: tuple[int, int] = HD, axes: Axes | None = None) -> Shot:
    """A desk with clutter and no code."""
    chance = np.random.default_rng((seed, 3))
    return taken([], axes or Axes(noise=4, jpeg=80), size, chance)


def lay(
    note: Printed, axes: Axes, at: tuple[float, float], size: tuple[int, int], chance: np.random.Generator
) -> Lying:
    """The note after its life, with the middle of its symbol at `at`."""
    sheet, whole = paper.worn(note, axes, chance)
    return Lying(Pose(note, axes, at, size), sheet, whole)


def somewhere(axes: Axes, size: tuple[int, int], chance: np.random.Generator) -> tuple[float, float]:
    """A place for the middle of a symbol that leaves all of it in the frame."""
    reach = 0.72 * 49 * axes.distance
    return tuple(float(chance.uniform(reach, max(reach + 1, edge - reach))) for edge in size)  # type: ignore[return-value]


def taken(lying: Sequence[Lying], axes: Axes, size: tuple[int, int], chance: np.random.Generator) -> Shot:
    """What the camera makes of notes on a desk: light, then optics, then the sensor."""
    scene = desk(size, chance)
    for one in lying:
        _put(scene, one)
    scene = light.lit(scene, axes.light, chance)
    pixels = axes.distance
    for one in lying:
        at = one.pose.at + chance.uniform(-0.5, 0.5, 2) * 49 * pixels
        scene = light.glared(scene, one.pose.axes.glare, (at[0], at[1]), 49 * pixels, chance)
    scene = optics.blurred(scene, axes.defocus * pixels, axes.motion * pixels, axes.motion_along)
    frame = optics.sensed(scene, axes.noise, axes.light, axes.jpeg, chance)
    return Shot(frame, tuple(one.pose.note.text for one in lying), tuple(one.pose.symbol() for one in lying))


def _in_row(
    note: Printed,
    place: int,
    count: int,
    camera: Axes,
    own: Axes,
    size: tuple[int, int],
    chance: np.random.Generator,
) -> Lying:
    """Notes do not overlap: each has a cell of two columns, and is small enough for it."""
    rows = (count + 1) // 2
    distance = min(camera.distance, size[0] / 2 / 228, size[1] / rows / 118)
    axes = replace(
        own, distance=distance, turn=chance.uniform(-6, 6), tilt=camera.tilt / 3, tilt_about=camera.tilt_about
    )
    # The symbol lies right of the middle of a note.
    x = (place % 2 + 0.5) * size[0] / 2 + 70 * distance
    y = (place // 2 + 0.5) * size[1] / rows
    return lay(note, axes, (x + chance.uniform(-15, 15), y + chance.uniform(-8, 8)), size, chance)


def _put(scene: NDArray[np.float32], one: Lying) -> None:
    """The note into the scene, each pixel the mean of four samples."""
    left, top, right, bottom = _box(one.pose, (scene.shape[1], scene.shape[0]))
    if right <= left or bottom <= top:
        return
    dots = _sampled(one.pose, (left, top, right, bottom))
    # The sheet has more dots than the samples can tell apart: without a blur they would alias.
    sheet = cv2.GaussianBlur(one.sheet, (0, 0), max(0.4, 1.2 / one.pose.axes.distance))
    ink = cv2.remap(sheet, dots, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)  # type: ignore[call-overload]
    bleed = one.pose.note.bleed_mm * 300 / 25.4
    high = np.array(one.sheet.shape[1::-1]) - bleed
    trim = ((dots > bleed) & (dots < high)).all(axis=2)
    whole = cv2.remap(one.paper, dots, None, cv2.INTER_LINEAR).astype(np.float32) / 255 * trim  # type: ignore[call-overload]
    size = (right - left, bottom - top)
    share = cv2.resize(whole.astype(np.float32), size, interpolation=cv2.INTER_AREA)[:, :, None]
    ink = cv2.resize(ink * whole[:, :, None].astype(np.float32), size, interpolation=cv2.INTER_AREA)
    part = scene[top:bottom, left:right]
    part[:] = part * (1 - share) + ink


def _sampled(pose: Pose, box: tuple[int, int, int, int]) -> NDArray[np.float32]:
    """The dots that four samples in each pixel of the box see (2 H, 2 W, 2): traced for some, and even between them."""
    left, top, right, bottom = box
    # The middle of sample k lies at (k + 0.5) / 2 - 0.5 pixels from the edge of the box.
    across, down = (np.linspace(0, 2 * n - 1, max(2, n // 6)) for n in (right - left, bottom - top))
    xs, ys = np.meshgrid(left + across / 2 - 0.25, top + down / 2 - 0.25)
    few = pose.dots(np.column_stack((xs.ravel(), ys.ravel()))).astype(np.float32).reshape(*xs.shape, 2)
    place_x = np.linspace(0, len(across) - 1, 2 * (right - left), dtype=np.float32)
    place_y = np.linspace(0, len(down) - 1, 2 * (bottom - top), dtype=np.float32)
    columns, rows = np.meshgrid(place_x, place_y)
    return np.asarray(cv2.remap(few, columns, rows, cv2.INTER_LINEAR), np.float32)


def _box(pose: Pose, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The pixels that the note may touch: left, top, right, bottom."""
    width, height = pose.note.trim_mm
    edge = np.array([(x, y) for x in np.linspace(0, width, 9) for y in (0, height / 2, height)])
    seen = pose.seen(edge)
    low, high = np.maximum(seen.min(axis=0) - 3, 0), np.minimum(seen.max(axis=0) + 3, size)
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])
