"""A long day: whether the reader ever gives a wrong text, and whether it grows: `python bench/soak.py [--frames N]`.

Held-out clips of all mixes and bare desks between them, one stream of thirty frames a second for one reader with its
budget. Each rendered frame is shown several times, moved by some pixels and with fresh noise, as a note that lies there.
A day of eight hours at thirty frames a second is 864,000 frames; the table says how many of them were gone through.
"""

import argparse
import gc
import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.worn.clips import drawn_clip
from bench.worn.mixes import MIXES
from bench.worn.printed import HELD_OUT
from bench.worn.shots import Shot, empty
from scanner.reader import Reader

SHOWN = 8
"""Times that each rendered frame is shown."""


def main() -> None:
    """Print what was read, what was wrong and how much memory it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=5000)
    count: int = parser.parse_args().frames
    cv2.setNumThreads(1)
    reader, read, wrong, begun = Reader(), 0, 0, time.process_time()
    print(f"{'frames':>8}{'with a text':>13}{'wrong':>7}{'MB':>7}{'tracks':>8}{'ms':>6}")
    for number, shot in enumerate(islice(stream(), count), 1):
        found = {reading.text for reading in reader.read(shot.frame, number / 30)}
        read, wrong = read + bool(found), wrong + len(found - set(shot.texts))
        if number % max(1, count // 5) == 0:
            gc.collect()
            spent = 1000 * (time.process_time() - begun) / number
            print(f"{number:8,}{read:13,}{wrong:7}{resident_mb():7.0f}{reader.tracks:8}{spent:6.0f}", flush=True)
    print(
        f"{count / 30 / 3600:.2f} hours of video; ms are all processor time of the run, with the making of the frames."
    )


def stream() -> Iterator[Shot]:
    """Frames without end; each differs from all others."""
    chance = np.random.default_rng(HELD_OUT.seed)
    for number in cycle(range(1 << 20)):
        for shot in _scene(number):
            for _ in range(SHOWN):
                yield Shot(_moved(shot, chance), shot.texts)


def _scene(number: int) -> Iterator[Shot]:
    mixes = list(MIXES.values())
    if number % 4 == 3:
        yield empty(HELD_OUT.seed * 7 + number)
    else:
        yield from drawn_clip(HELD_OUT.notes(), mixes[number % 4], HELD_OUT.seed * 1_000_003 + number)


def _moved(shot: Shot, chance: np.random.Generator) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    grey = np.roll(shot.frame[:, :, 1], tuple(chance.integers(-3, 4, 2)), (0, 1))
    grain = np.resize(chance.integers(-5, 6, 4099).astype(np.int16), grey.shape)
    moved: np.ndarray[tuple[int, ...], np.dtype[np.uint8]] = np.clip(grey + grain, 0, 255).astype(np.uint8)
    return moved


def resident_mb() -> float:
    """Memory of this process (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


if __name__ == "__main__":
    main()
