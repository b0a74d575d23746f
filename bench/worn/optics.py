"""Optics and sensor: what a cheap camera does to the light that reaches it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.worn.printed import Picture

Float = NDArray[np.float32]

_GRAIN = np.random.default_rng(5).standard_normal(1 << 22, dtype=np.float32)
"""Noise drawn once, of which each frame takes its own stretch: drawing it anew would take longer than all the rest."""


def blurred(scene: Float, defocus: float, motion: float, along_degrees: float) -> Float:
    """Defocus as a Gaussian of `defocus` pixels, then a smear of `motion` pixels."""
    if defocus > 0.05:
        scene = np.asarray(cv2.GaussianBlur(scene, (0, 0), defocus), dtype=np.float32)
    if motion > 0.3:
        scene = np.asarray(cv2.filter2D(scene, -1, smear(motion, along_degrees)), dtype=np.float32)
    return scene


def smear(length: float, along_degrees: float) -> Float:
    """A line of `length` pixels with soft ends, as a kernel that sums to 1."""
    half = int(np.ceil(length / 2)) + 1
    ys, xs = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float32)
    angle = np.deg2rad(along_degrees)
    along, across = np.abs(xs * np.cos(angle) + ys * np.sin(angle)), np.abs(ys * np.cos(angle) - xs * np.sin(angle))
    kernel = np.clip(length / 2 + 0.5 - along, 0, 1) * np.clip(1 - across, 0, 1)
    return np.asarray(kernel / kernel.sum(), dtype=np.float32)


def sensed(scene: Float, noise: float, light: float, quality: float, chance: np.random.Generator) -> Picture:
    """Noise, of which the dark has more; eight bits; JPEG as webcams send it."""
    sigma = noise * (1 + 0.8 * max(0.0, 1 - light))
    start = int(chance.integers(len(_GRAIN) - scene.shape[0] * scene.shape[1]))
    grain = _GRAIN[start : start + scene.shape[0] * scene.shape[1]].reshape(scene.shape[:2])
    noisy = np.clip(scene + grain[:, :, None] * np.float32(sigma) + 0.5, 0, 255).astype(np.uint8)
    if quality >= 95:
        return noisy
    coded = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, int(quality)])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), dtype=np.uint8)
