"""Desks: what lies under and beside the notes."""

import cv2
import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]
_WORDS = ("Leisure centre", "Opening hours 9-5", "Badminton", "Pwll nofio", "Please sign in", "0800 123 456", "Caffi")


def desk(size: tuple[int, int], chance: np.random.Generator) -> Float:
    """A bare or cluttered desk (H, W, 3) for a frame of (width, height) pixels, without any code on it."""
    width, height = size
    picture = _boards(width, height, chance)
    for _ in range(int(chance.integers(0, 4))):
        kind = _CLUTTER[int(chance.integers(len(_CLUTTER)))]
        kind(picture, chance)
    return picture.astype(np.float32)


def _boards(width: int, height: int, chance: np.random.Generator) -> NDArray[np.uint8]:
    """Wood, cloth or laminate."""
    base = chance.uniform(30, 215) * np.array(chance.uniform(0.75, 1.0, 3))
    streaks = chance.random((max(2, int(height / chance.uniform(3, 60))), max(2, int(width / chance.uniform(20, 300)))))
    grain = cv2.resize(streaks.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC) - 0.5
    picture = base + chance.uniform(5, 50) * grain[:, :, None]
    return np.clip(picture, 0, 255).astype(np.uint8)


def _leaflet(picture: NDArray[np.uint8], chance: np.random.Generator) -> None:
    left, top = _somewhere(picture, chance)
    cv2.rectangle(picture, (left, top), (left + 320, top + 420), (235, 240, 242), -1)
    for line in range(14):
        words = " ".join(chance.choice(_WORDS, 3))
        cv2.putText(picture, words, (left + 15, top + 30 + 27 * line), 0, 0.42, (40, 40, 40), 1, cv2.LINE_AA)


def _keyboard(picture: NDArray[np.uint8], chance: np.random.Generator) -> None:
    left, top = _somewhere(picture, chance)
    key, gap = int(chance.integers(12, 40)), int(chance.integers(2, 8))
    for row in range(5):
        for column in range(14):
            x, y = left + column * (key + gap), top + row * (key + gap)
            cv2.rectangle(picture, (x, y), (x + key, y + key), (30, 30, 34), -1)


def _chequers(picture: NDArray[np.uint8], chance: np.random.Generator) -> None:
    left, top = _somewhere(picture, chance)
    cell, cells = int(chance.integers(3, 16)), int(chance.integers(8, 30))
    pattern = chance.integers(0, 2, (cells, cells)) if chance.random() < 0.5 else np.indices((cells, cells)).sum(0) % 2
    board = np.kron(pattern, np.ones((cell, cell))) * 215 + 20
    part = picture[top : top + board.shape[0], left : left + board.shape[1]]
    part[:] = board[: part.shape[0], : part.shape[1], None].astype(np.uint8)


def _stripes(picture: NDArray[np.uint8], chance: np.random.Generator) -> None:
    left, top = _somewhere(picture, chance)
    width, step = int(chance.integers(60, 300)), int(chance.integers(2, 9))
    for x in range(left, left + width, 2 * step):
        cv2.rectangle(picture, (x, top), (x + int(chance.integers(1, 2 * step)), top + 140), (15, 15, 15), -1)


def _somewhere(picture: NDArray[np.uint8], chance: np.random.Generator) -> tuple[int, int]:
    height, width = picture.shape[:2]
    return int(chance.integers(-60, width - 100)), int(chance.integers(-60, height - 100))


_CLUTTER = (_leaflet, _keyboard, _chequers, _stripes)
