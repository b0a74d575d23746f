"""Light on a desk: one side brighter than the other, the colour of the lamp, and its reflection on the note."""

import cv2
import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]


def lit(scene: Float, light: float, chance: np.random.Generator) -> Float:
    """The scene (H, W, 3) under light that falls off to one side."""
    height, width = scene.shape[:2]
    angle, fall = chance.uniform(0, 2 * np.pi), chance.uniform(0.05, 0.3)
    tint = np.array(chance.uniform(0.92, 1.0, 3), np.float32) * np.float32(light)
    xs = np.linspace(-1, 1, width, dtype=np.float32)[None, :, None] * np.float32(fall * np.cos(angle))
    ys = np.linspace(-1, 1, height, dtype=np.float32)[:, None, None] * np.float32(fall * np.sin(angle))
    return np.asarray(scene * ((1 - fall * 0.5 + 0.5 * (xs + ys)) * tint), dtype=np.float32)


def glared(scene: Float, glare: float, at: tuple[float, float], side: float, chance: np.random.Generator) -> Float:
    """A soft reflection that washes the scene out near `at`; `side` is that of the symbol, pixels."""
    if not glare:
        return scene
    angle, long, broad = chance.uniform(0, np.pi), side * chance.uniform(0.4, 0.9), side * chance.uniform(0.2, 0.45)
    reach = int(3 * max(long, broad))
    left, top = max(0, int(at[0]) - reach), max(0, int(at[1]) - reach)
    part = scene[top : int(at[1]) + reach, left : int(at[0]) + reach]
    if not part.size:
        return scene
    ys, xs = np.mgrid[top : top + part.shape[0], left : left + part.shape[1]].astype(np.float32)
    xs, ys = xs - np.float32(at[0]), ys - np.float32(at[1])
    along, across = xs * np.cos(angle) + ys * np.sin(angle), ys * np.cos(angle) - xs * np.sin(angle)
    shine = np.exp(-((along / long) ** 2) - (across / broad) ** 2) * np.float32(320 * glare)
    part += cv2.merge([shine.astype(np.float32)] * 3)
    return scene
