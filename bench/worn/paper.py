"""Wear on paper: what happens to a sheet between the press and the desk."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.worn.axes import Axes
from bench.worn.printed import DOTS_A_MM, MODULES, Picture, Printed
from scanner.reading import Corners

Float = NDArray[np.float32]

_AROUND = 70
"""Dots about the symbol."""

_PAPER = np.float32(246)
_INKS = ((110, 40, 20), (40, 40, 40), (40, 30, 170))
"""Of pens: blue, black and red, in the order blue, green, red."""


def worn(note: Printed, axes: Axes, chance: np.random.Generator) -> tuple[Picture, Picture]:
    """The sheet (H, W, 3) after its life, and where it is still paper (H, W): 255, and 0 in its holes.

    Only what lies within 6 mm of the symbol is worn: the rest of a note is nothing to a reader.
    """
    corners = note.symbol_dots
    (left, top), (right, bottom) = (corners[0] - _AROUND).astype(int), (corners[2] + _AROUND).astype(int)
    place = np.s_[max(0, top) : bottom, max(0, left) : right]
    sheet, whole = note.sheet.copy(), np.full(note.sheet.shape[:2], 255, np.uint8)
    part = _Part(sheet[place].astype(np.float32), corners - (max(0, left), max(0, top)), note)
    for wear, amount in (
        *((_spread, axes.gain), (_faded, axes.fading), (_stained, axes.stain)),
        *((_creased, axes.fold), (_written_on, axes.pen)),
    ):
        # Each draws whether it is at work or not, so that one axis never changes what another does.
        wear(part, amount, np.random.default_rng(chance.integers(1 << 62)))
    sheet[place] = np.clip(part.ink, 0, 255).astype(np.uint8)
    whole[place] = _torn(part, axes.hole, np.random.default_rng(chance.integers(1 << 62)))
    return sheet, whole


@dataclass
class _Part:
    """The worn part of a sheet: its ink (H, W, 3), and the corners (4, 2) of the symbol on it, in dots."""

    ink: Float
    corners: Corners
    note: Printed

    @property
    def shape(self) -> tuple[int, int]:
        return self.ink.shape[0], self.ink.shape[1]

    def share(self, over: Picture) -> float:
        """How much of the symbol `over` (H, W) covers."""
        (left, top), (right, bottom) = self.corners[0].round().astype(int), self.corners[2].round().astype(int)
        return float(over[top:bottom, left:right].mean() / 255)

    def mix(self, other: object, share: Float) -> None:
        """Lay `other` over the ink, with the share (H, W)."""
        self.ink += (np.asarray(other, np.float32) - self.ink) * share[:, :, None]


def _spread(part: _Part, gain: float, _chance: np.random.Generator) -> None:
    """Ink `gain` modules further over each edge: a blur, and a threshold that is not in its middle."""
    if gain:
        sigma = 0.3 * part.note.symbol_mm[2] * DOTS_A_MM / MODULES
        soft = cv2.GaussianBlur(part.ink, (0, 0), sigma) / 255
        # The edge of a blurred step lies where the normal distribution says; tanh comes close to it.
        level = 0.5 * (1 + np.tanh(0.8 * gain / 0.3))
        part.ink = 255 / (1 + np.exp(-np.clip((soft - level) * 14, -30, 30)))


def _faded(part: _Part, fading: float, chance: np.random.Generator) -> None:
    """Ink rubbed off, in places more than in others."""
    if fading:
        gone = np.clip(fading * (0.7 + 0.6 * clouds(part.shape, 60, chance)), 0, 0.95)
        part.mix(_PAPER, np.asarray(gone, np.float32))


def _stained(part: _Part, stain: float, chance: np.random.Generator) -> None:
    """A brown blot with a darker rim, which lets the print show through."""
    if stain:
        middle = part.corners.mean(axis=0) + chance.uniform(-150, 150, 2)
        ys, xs = np.mgrid[: part.shape[0], : part.shape[1]].astype(np.float32)
        away = np.hypot(xs - np.float32(middle[0]), ys - np.float32(middle[1])) / np.float32(90 + 200 * stain)
        away += 0.5 * (clouds(part.shape, 40, chance) - 0.5)
        blot = (
            1 / (1 + np.exp(np.clip((away - 1) * 25, -30, 30))) * (0.55 + 0.45 * np.exp(-(((away - 0.95) / 0.08) ** 2)))
        )
        part.ink *= 1 - stain * 0.75 * blot[:, :, None] * np.array((0.8, 0.6, 0.45), np.float32)


def _creased(part: _Part, fold: float, chance: np.random.Generator) -> None:
    """Ink lost along the folds: across the middle of the note, and at three quarters of its length."""
    if fold:
        note, origin = part.note, part.corners[0] - part.note.symbol_dots[0]
        at = (np.array((note.trim_mm[0] * 0.75, note.trim_mm[1] / 2)) + note.bleed_mm) * DOTS_A_MM + origin
        loss, wide = np.zeros(part.shape, np.float32), max(1, round(2 + 7 * fold))
        cv2.line(loss, (0, round(at[1])), (part.shape[1], round(at[1])), 1.0, wide)
        cv2.line(loss, (round(at[0]), 0), (round(at[0]), part.shape[0]), 1.0, wide)
        loss = np.asarray(cv2.GaussianBlur(loss, (0, 0), 1.5), np.float32)
        share = np.clip(loss * clouds(part.shape, 8, chance) * 1.6 * fold, 0, 1)
        part.mix(_PAPER, np.asarray(share, np.float32))


def _written_on(part: _Part, pen: float, chance: np.random.Generator) -> None:
    """Strokes across the symbol until they cover `pen` of it."""
    over = np.zeros(part.shape, np.uint8)
    low, high = part.corners.min(axis=0) - 20, part.corners.max(axis=0) + 20
    while pen and part.share(over) < pen:
        one, two, three = chance.uniform(low, high, (3, 2))
        curve = [(1 - t) ** 2 * one + 2 * t * (1 - t) * two + t * t * three for t in np.linspace(0, 1, 24)]
        wide = int(chance.integers(4, 8))
        cv2.polylines(over, [np.array(curve).round().astype(np.int32)], False, 255, wide, cv2.LINE_AA)
    if pen:
        part.mix(_INKS[int(chance.integers(len(_INKS)))], np.asarray(over / np.float32(300), np.float32))


def _torn(part: _Part, hole: float, chance: np.random.Generator) -> Picture:
    """Round pieces out of the symbol until `hole` of it is gone."""
    gone = np.zeros(part.shape, np.uint8)
    low, high = part.corners.min(axis=0), part.corners.max(axis=0)
    while hole and part.share(gone) < hole:
        x, y = chance.uniform(low, high)
        radius = chance.uniform(0.3, 1.0) * np.sqrt(hole) * (high - low)[0] / 2
        cv2.ellipse(gone, ((x, y), (2 * radius, 2.6 * radius), chance.uniform(0, 180)), 255, -1)
    return np.asarray(255 - gone, dtype=np.uint8)


def clouds(shape: tuple[int, int], grain: float, chance: np.random.Generator) -> Float:
    """Soft random values (H, W) from 0 to 1 that change over `grain` dots."""
    small = chance.random((int(shape[0] / grain) + 3, int(shape[1] / grain) + 3), dtype=np.float32)
    large = cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(large, 0, 1), dtype=np.float32)
