"""The equaliser: from a flattened symbol to how surely each module is dark, whatever blurred it.

Blur mixes a module with its neighbours. A linear filter takes them apart again; it is learnt anew for each picture, by
least squares, from the 465 modules that every symbol has alike, and once more from its own surest answers.
"""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.blueprint import MODULES, Bits, known
from scanner.shades import Grey

Float = NDArray[np.float32]

FINE = 2
"""Samples a module, each way."""

EDGE = 3
"""Modules about the symbol that the filter may look at."""

_REACH = 3
"""Samples beyond the module's own two, each way: 8 x 8 taps."""

_LEAST_MISSES = 0.05
"""Mean square by which even a sharp picture misses."""

_TAPS = (2 * _REACH + FINE) ** 2


class Equaliser:
    """For one picture: `flat` is the symbol at FINE pixels a module with EDGE modules about it."""

    def __init__(self, flat: Grey) -> None:
        even, self._contrast = _evened(flat)
        self._samples = _samples(even)
        self._start = _start(self._samples, *_taught(*known()))

    def surest(self, certain: Bits, dark: Bits, rounds: int = 2) -> Float:
        """How surely each module (49, 49) is dark, positive, or light, negative; about 1 at best.

        Learnt from the modules that are `certain`, of which those that are `dark` are known.
        """
        right, weight = _taught(certain, dark)
        filtered = self._samples @ _learnt(self._samples, right, weight, self._start, 40.0)
        for _ in range(rounds):
            guess = np.where(weight > 0, right, np.sign(filtered))
            sure = np.maximum(weight, np.clip(np.abs(filtered), 0, 1) ** 2)
            filtered = self._samples @ _learnt(self._samples, guess, sure, self._start, 20.0)
        return np.asarray(np.clip(filtered, -1.5, 1.5).reshape(MODULES, MODULES) * self._contrast, np.float32)

    def agreed(self, right: Float, weight: Float) -> Float:
        """As `surest`, learnt from what others think is `right` (2401,), -1 to 1, with the weights (2401,).

        The worse it can be made to agree with them, the less sure it is.
        """
        filtered = self._samples @ _learnt(self._samples, right, weight, self._start, 20.0)
        misses = float(((filtered - right) ** 2 * weight).sum() / weight.sum())
        sure = np.clip(filtered, -1.5, 1.5).reshape(MODULES, MODULES) * self._contrast
        return np.asarray(sure / (misses + _LEAST_MISSES), np.float32)


def _taught(certain: Bits, dark: Bits) -> tuple[Float, Float]:
    """What the filter should answer for each module (2401,), and where that is known."""
    return np.where(dark, 1, -1).astype(np.float32).ravel(), certain.astype(np.float32).ravel()


def _evened(flat: Grey) -> tuple[Float, Float]:
    """The picture without its light and shade, and how much contrast is left at each module, 1 being usual."""
    grey = flat.astype(np.float32)
    mean = cv2.GaussianBlur(grey, (0, 0), 4.0 * FINE)
    spread = np.sqrt(np.maximum(cv2.GaussianBlur((grey - mean) ** 2, (0, 0), 3.0 * FINE), 1.0))
    inner = np.asarray(spread)[EDGE * FINE : -EDGE * FINE, EDGE * FINE : -EDGE * FINE]
    modules = inner.reshape(MODULES, FINE, MODULES, FINE).mean(axis=(1, 3))
    contrast = np.clip(modules / np.median(modules), 0.1, 1.3)
    return np.asarray((mean - grey) / spread, np.float32), np.asarray(contrast, np.float32)


def _samples(even: Float) -> Float:
    """What the filter sees of each module (2401, taps and one)."""
    start = EDGE * FINE - _REACH
    windows = np.lib.stride_tricks.sliding_window_view(even[start:, start:], (2 * _REACH + FINE,) * 2)
    seen = windows[: MODULES * FINE : FINE, : MODULES * FINE : FINE].reshape(MODULES**2, _TAPS)
    return np.column_stack((seen, np.ones(MODULES**2, np.float32)))


def _learnt(samples: Float, right: Float, weight: Float, start: Float, stiffness: float) -> Float:
    """Least squares, held to `start` by `stiffness`.

    Row by row of modules: so small, products stay on one thread, and others of the desk's computer are left alone.
    """
    rows = samples.reshape(MODULES, MODULES, _TAPS + 1)
    turned = (rows * weight.reshape(MODULES, MODULES, 1)).transpose(0, 2, 1)
    square = np.matmul(turned, rows).sum(axis=0) + np.float32(stiffness) * np.eye(_TAPS + 1, dtype=np.float32)
    rest = (right - samples @ start).reshape(MODULES, MODULES, 1)
    return np.asarray(start + np.linalg.solve(square, np.matmul(turned, rest).sum(axis=0)[:, 0]), np.float32)


def _start(samples: Float, right: Float, weight: Float) -> Float:
    """Of the usual filters the one that does best on what is known."""
    known_rows = weight > 0
    misses = ((samples[known_rows] @ _usual().T - right[known_rows, None]) ** 2).sum(axis=0)
    return np.asarray(_usual()[int(misses.argmin())])


@lru_cache(maxsize=1)
def _usual() -> Float:
    """Filters (K, taps and one) for blurs that cameras have, learnt from random modules."""
    kinds = [(sigma, 0.0, 0.0) for sigma in (0.2, 0.4, 0.6)]
    kinds += [(0.35, long, angle) for long in (0.8, 1.4) for angle in np.pi * np.arange(4) / 4]
    return np.stack([_of_blur(*kind) for kind in kinds])


def _of_blur(sigma: float, smear: float, angle: float) -> Float:
    chance = np.random.default_rng(1)
    modules = chance.integers(0, 2, (MODULES, MODULES))
    fine = 8
    grey = np.pad(
        np.kron(255 - 255 * modules, np.ones((fine, fine))), EDGE * fine, mode="constant", constant_values=255
    )
    grey = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), sigma * fine)
    steps = np.linspace(-0.5, 0.5, 9) * smear * fine
    moves = [np.array(((1, 0, step * np.cos(angle)), (0, 1, step * np.sin(angle)))) for step in steps]
    smeared = np.mean([cv2.warpAffine(grey, move, grey.shape[::-1], borderValue=255) for move in moves], axis=0)
    flat = cv2.resize(smeared, None, fx=FINE / fine, fy=FINE / fine, interpolation=cv2.INTER_AREA)
    noisy = np.clip(flat + chance.normal(0, 14, flat.shape), 0, 255).astype(np.uint8)
    right = np.where(modules, 1.0, -1.0).astype(np.float32).ravel()
    nothing = np.zeros(_TAPS + 1, np.float32)
    return _learnt(_samples(_evened(noisy)[0]), right, np.ones(MODULES**2, np.float32), nothing, 20.0)
