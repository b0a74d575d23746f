"""How many worn notes each reader reads, and at what cost: `python bench/scan.py [--frames N] [--clips N]`.

Frames of 1280 x 720 from the simulator `bench.worn`, of its held-out part, on which nothing was tuned (`--tuning` shows the other).
Milliseconds (median/95th of 100) are processor time of one thread, which neighbours on the machine hardly change. A share of
n frames is good to about 1 in the square root of n: 6 points at 300, 16 at 40. The rates are those of this simulator, not
promises. In clips the scanner has its budget for each frame; single frames get every look.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.readers import READERS, Texts
from bench.worn.axes import Axes
from bench.worn.clips import FRAMES, clip, drawn_clip
from bench.worn.mixes import MIXES
from bench.worn.printed import HELD_OUT, TUNING, Part
from bench.worn.shots import Shot, drawn_shot, empty, several, shot
from scanner.reader import Reader

LEVELS: dict[str, tuple[float, ...]] = {
    "distance": (1.7, 2.1, 2.5, 3),
    "tilt": (30, 45, 55, 62),
    "turn": (22, 45, 120),
    "defocus": (0.3, 0.45, 0.6, 0.75),
    "motion": (0.8, 1.2, 1.6, 2.2),
    "noise": (10, 20, 30, 45),
    "light": (0.6, 0.35, 0.2),
    "glare": (0.3, 0.6, 0.9),
    "fold": (0.4, 0.7, 1),
    "stain": (0.4, 0.7, 1),
    "pen": (0.03, 0.06, 0.1),
    "hole": (0.04, 0.08, 0.12, 0.16),
    "fading": (0.5, 0.7, 0.8, 0.88),
    "gain": (-0.2, 0.15, 0.25),
    "jpeg": (40, 15, 8),
    "lens": (0.1, 0.25, 0.4),
}
"""Of each axis alone, at 3 pixels a module with mild blur and noise."""

MILD = Axes(distance=3, defocus=0.2, noise=4, jpeg=85)


@dataclass
class Score:
    """What one reader did with some frames."""

    hits: int = 0
    of: int = 0
    wrong: int = 0
    seconds: list[float] = field(default_factory=list)

    def take(self, texts: Texts, shot: Shot) -> None:
        """Read a frame."""
        begun = time.thread_time()
        found = texts(shot.frame)
        self.seconds.append(time.thread_time() - begun)
        self.hits += len(set(found) & set(shot.texts))
        self.of += len(shot.texts)
        self.wrong += len(set(found) - set(shot.texts))

    @property
    def share(self) -> str:
        """Of the notes, per cent."""
        return f"{100 * self.hits / self.of:.1f}%"

    @property
    def milliseconds(self) -> str:
        """The median and the 95th of 100 frames."""
        times = sorted(1000 * each for each in self.seconds)
        return f"{statistics.median(times):.0f}/{times[int(0.95 * (len(times) - 1))]:.0f}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=300, help="single frames of each mix")
    parser.add_argument("--clips", type=int, default=60, help="clips of each mix")
    parser.add_argument("--tuning", action="store_true", help="the part that the scanner was tuned on")
    parser.add_argument("--table", action="append", choices=TABLES, help="one of the tables alone; may be given again")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    part = TUNING if asked.tuning else HELD_OUT
    print(f"Part: {'tuning' if asked.tuning else 'held out'} ({', '.join(part.designs)}).\n")
    for name in asked.table or TABLES:
        TABLES[name](part, asked.frames, asked.clips)
        print(flush=True)


def singles(part: Part, frames: int, _clips: int) -> None:
    """Single frames of each mix."""
    scores = {name: {mix: Score() for mix in MIXES} for name in READERS}
    for mix, draws in MIXES.items():
        for number in range(frames):
            taken = drawn_shot(part.notes(), draws, part.seed * 100_000 + number)
            for name, reader in READERS.items():
                scores[name][mix].take(reader, taken)
    print(f"{f'single frames, {frames} each':28}" + "".join(f"{mix:>10}{'ms':>9}" for mix in MIXES) + f"{'wrong':>7}")
    for name, by_mix in scores.items():
        cells = "".join(f"{score.share:>10}{score.milliseconds:>9}" for score in by_mix.values())
        print(f"{name:28}{cells}{sum(score.wrong for score in by_mix.values()):7}")


def in_clips(part: Part, _frames: int, clips: int) -> None:
    """Whether a clip of ten frames was read by its end; the reader of the desk, with its budget of time."""
    rows: dict[str, Callable[[], Texts]] = {
        "scanner": lambda: _streamed(Reader()),
        "zxing-cpp": lambda: READERS["zxing-cpp"],
    }
    print(f"{f'clips of ten, {clips} each':28}" + "".join(f"{mix:>10}" for mix in MIXES) + f"{'wrong':>7}{'ms':>9}")
    shares: dict[str, list[str]] = {name: [] for name in rows}
    totals = {name: Score() for name in rows}
    for draws in MIXES.values():
        read = dict.fromkeys(rows, 0)
        for number in range(clips):
            shots = list(drawn_clip(part.notes(), draws, part.seed * 100_000 + number))
            for name, fresh in rows.items():
                read[name] += _within(shots, fresh(), totals[name])
        for name, hits in read.items():
            shares[name].append(f"{100 * hits / clips:.1f}%")
    for name in rows:
        cells = "".join(f"{share:>10}" for share in shares[name])
        print(f"{name:28}{cells}{totals[name].wrong:7}{totals[name].milliseconds:>9}")


def _within(shots: Iterable[Shot], texts: Texts, total: Score) -> bool:
    before = total.hits
    for each in shots:
        total.take(texts, each)
    return total.hits > before


def _streamed(reader: Reader) -> Texts:
    """A reader that is shown thirty frames a second."""
    times = iter(range(1_000_000_000))
    return lambda frame: [reading.text for reading in reader.read(frame, next(times) / 30)]


def sixes(part: Part, frames: int, _clips: int) -> None:
    """Six notes in one frame of 1920 x 1080."""
    count = max(3, frames // 10)
    scores = {name: Score() for name in READERS}
    for number in range(count):
        notes = part.notes()
        begin = number % len(notes)
        six = [notes[(begin + place) % len(notes)] for place in range(6)]
        taken = several(six, MIXES["typical"], part.seed * 100_000 + number)
        for name, reader in READERS.items():
            scores[name].take(reader, taken)
    print(f"{f'six notes at 1080p, {count} frames':28}{'found':>10}{'ms':>9}{'wrong':>7}")
    for name, score in scores.items():
        print(f"{name:28}{score.share:>10}{score.milliseconds:>9}{score.wrong:7}")


def costs(part: Part, frames: int, _clips: int) -> None:
    """What a frame of the desk's camera costs: a readable note that lies there, and desks without one."""
    held, bare = Score(), Score()
    notes = part.notes()
    for number in range(max(2, frames // 15)):
        axes = replace(MILD, turn=40.0 * number, distance=2.6 + 0.1 * (number % 12), tilt=number % 25)
        reader = _streamed(Reader())
        for taken in clip(notes[number % len(notes)], axes, number):
            held.take(reader, taken)
        reader, desk = _streamed(Reader()), empty(part.seed * 1000 + number)
        for _ in range(FRAMES):
            bare.take(reader, desk)
    print(f"{'cost of a frame, 1280 x 720':28}{'ms':>10}")
    print(f"{'a readable note in view':28}{held.milliseconds:>10}   ({held.share} of frames read)")
    print(f"{'an empty desk':28}{bare.milliseconds:>10}   ({bare.wrong} texts)")


def by_axis(part: Part, frames: int, _clips: int) -> None:
    """One thing wrong at a time: zxing-cpp alone, then ours."""
    frames = max(2, frames // 20)
    print(f"{f'one axis, {frames} frames each':28}level: zxing-cpp > scanner, %")
    for axis, levels in LEVELS.items():
        cells = [_at_level(part, replace(MILD, **{axis: level}), frames) for level in levels]
        print(
            f"{axis:28}" + "   ".join(f"{level:g}: {cell}" for level, cell in zip(levels, cells, strict=True)),
            flush=True,
        )


def _at_level(part: Part, axes: Axes, frames: int) -> str:
    plain, ours = Score(), Score()
    for number in range(frames):
        ways = {"turn": axes.turn + 3.0 * number, "tilt_about": 77.0 * number, "motion_along": 31.0 * number}
        notes = part.notes()
        taken = shot(notes[number % len(notes)], replace(axes, **ways), part.seed * 1000 + number)
        plain.take(READERS["zxing-cpp"], taken)
        ours.take(READERS["scanner"], taken)
    return f"{100 * plain.hits // plain.of} > {100 * ours.hits // ours.of}"


TABLES = {"frames": singles, "clips": in_clips, "six": sixes, "cost": costs, "axes": by_axis}


if __name__ == "__main__":
    main()
