"""The pose: where a note lies before the lens, and which dot of its sheet each pixel of the frame sees."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.worn.axes import Axes
from bench.worn.printed import DOTS_A_MM, MODULES, Printed

Array = NDArray[np.float64]

HALF_VIEW = np.tan(np.deg2rad(30))
"""A webcam sees 60 degrees from left to right."""

_STAND_DEGREES = 22.0
"""How far each half of a note stands up at fold 1."""


@dataclass(frozen=True)
class Pose:
    """A note whose symbol has its middle at `at` (x, y) of a frame of (width, height) pixels."""

    note: Printed
    axes: Axes
    at: tuple[float, float]
    size: tuple[int, int]

    @property
    def focal(self) -> float:
        """Of the lens, pixels."""
        return float(self.size[0] / 2 / HALF_VIEW)

    @property
    def middle(self) -> Array:
        """Of the symbol, mm from the top left of the trim."""
        left, top, side = self.note.symbol_mm
        return np.array((left + side / 2, top + side / 2))

    def seen(self, points_mm: Array) -> Array:
        """Where points (N, 2) of the paper, in mm, come to lie in the frame (N, 2), pixels, as the lens draws it."""
        return self._through_lens(self._projected(self._in_room(points_mm)))

    def dots(self, pixels: Array) -> Array:
        """The dots (N, 2) of the sheet that pixels (N, 2) see; beyond its edges it goes on for ever."""
        straight = self._before_lens(pixels)
        flat = self._homography()
        back = np.asarray(np.linalg.inv(flat), np.float64)
        target = _mapped(back, straight)
        points = target
        for _ in range(4 if self.axes.fold else 1):
            points = points + target - _mapped(back, self._projected(self._in_room(points)))
        return np.asarray((points + self.note.bleed_mm) * DOTS_A_MM - 0.5)

    def symbol(self) -> Array:
        """The corners of the symbol in the frame (4, 2)."""
        return self.seen(self.note.symbol_dots / DOTS_A_MM - self.note.bleed_mm)

    def _in_room(self, points_mm: Array) -> Array:
        """(N, 3), mm before the lens."""
        bent = self._folded(points_mm)
        origin = self._folded(self.middle[None])[0]
        return np.asarray((bent - origin) @ self._rotation().T + self._place())

    def _folded(self, points_mm: Array) -> Array:
        """The sheet folded along its middle and across: each part stands up from the crease."""
        stand = np.deg2rad(_STAND_DEGREES) * self.axes.fold
        crease_x, crease_y = self.note.trim_mm[0] * 0.75, self.note.trim_mm[1] / 2
        xs, ys = points_mm[:, 0] - crease_x, points_mm[:, 1] - crease_y
        height = np.sqrt(ys**2 + 0.6) * np.sin(stand) + np.sqrt(xs**2 + 0.6) * np.sin(stand * 0.5)
        return np.column_stack((crease_x + xs * np.cos(stand * 0.5), crease_y + ys * np.cos(stand), -height))

    def _rotation(self) -> Array:
        turn, tilt, about = (np.deg2rad(a) for a in (self.axes.turn, self.axes.tilt, self.axes.tilt_about))
        return np.asarray(_about_z(turn) @ _about_z(about) @ _about_x(tilt) @ _about_z(-about))

    def _place(self) -> Array:
        module_mm = self.note.symbol_mm[2] / MODULES
        depth = self.focal * module_mm / self.axes.distance
        away = (np.array(self.at) - np.array(self.size) / 2) * depth / self.focal
        return np.array((away[0], away[1], depth))

    def _projected(self, room: Array) -> Array:
        deep = np.maximum(room[:, 2:], 1.0)
        return np.asarray(room[:, :2] / deep * self.focal + np.array(self.size) / 2)

    def _homography(self) -> Array:
        """From mm of the flat sheet to pixels (3, 3)."""
        rotation, place = self._rotation(), self._place()
        lens = np.array(((self.focal, 0, self.size[0] / 2), (0, self.focal, self.size[1] / 2), (0, 0, 1)))
        shift = np.array(((1, 0, -self.middle[0]), (0, 1, -self.middle[1]), (0, 0, 1)))
        return np.asarray(lens @ np.column_stack((rotation[:, 0], rotation[:, 1], place)) @ shift)

    def _before_lens(self, pixels: Array) -> Array:
        """Barrel distortion undone: a pixel near a corner sees further out."""
        middle = np.array(self.size) / 2
        away = (pixels - middle) / np.linalg.norm(middle)
        return np.asarray(
            middle + away * (1 + self.axes.lens * (away**2).sum(axis=1, keepdims=True)) * np.linalg.norm(middle)
        )

    def _through_lens(self, straight: Array) -> Array:
        pixels = straight
        for _ in range(8):
            pixels = pixels + straight - self._before_lens(pixels)
        return pixels


def _mapped(matrix: Array, points: Array) -> Array:
    image = np.column_stack((points, np.ones(len(points)))) @ matrix.T
    return np.asarray(image[:, :2] / image[:, 2:])


def _about_z(angle: float) -> Array:
    return np.array(((np.cos(angle), -np.sin(angle), 0), (np.sin(angle), np.cos(angle), 0), (0, 0, 1)))


def _about_x(angle: float) -> Array:
    return np.array(((1, 0, 0), (0, np.cos(angle), -np.sin(angle)), (0, np.sin(angle), np.cos(angle))))
