"""Half a million notes, from nothing to the press: signed, encoded, imposed and written, fronts and backs, on two cores.

    python bench/press.py [notes]...

Both commands are the real ones, each in a process of its own: `hournote order` (books, two signers, job file) and
`notegen compose` (two workers, manifest). Five million notes take some minutes and 4 GB of disk.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

SIZES = [10_000, 100_000, 500_000]
CORES = 2
COLUMNS = {
    "notes": 10,
    "ordered s": 11,
    "composed s": 12,
    "together s": 12,
    "CPU s": 8,
    "MB a process": 14,
    "B/note": 8,
}
LIMITS = ("limit", "", "", "500k: 20", "", 150, 900)


def main(sizes: list[int]) -> None:
    """Print a line for each size, and the limits below."""
    print(line(*COLUMNS), line(*LIMITS), sep="\n", flush=True)
    for notes in sizes:
        measure(notes)
    print(f"{CORES} signers, {CORES} workers, {os.cpu_count()} cores; load of the machine {os.getloadavg()[0]:.1f}")


def measure(notes: int) -> None:
    """Order and compose one job; print what it took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for words in ("init", "programme add CWL Cornwall"):
            run(folder, "hournote", *words.split())
        order = ("order", "CWL26", "--quantity", notes, "--design", "cornwall", "--out", folder, "--json")
        ordered = run(folder, "hournote", *order)
        job = json.loads(ordered.answer)["job"]
        composed = run(folder, "notegen", "compose", job, "--out", folder / "out", "--workers", CORES)
        press = sum(file.stat().st_size for file in (folder / "out" / "press").iterdir())
    both = [ordered, composed]
    seconds = [f"{each:.1f}" for each in (ordered.seconds, composed.seconds, sum(one.seconds for one in both))]
    processor, most = sum(one.processor_s for one in both), max(one.most_mb for one in both)
    print(line(f"{notes:,}", *seconds, f"{processor:.1f}", f"{most:.0f}", f"{press / notes:.0f}"), flush=True)


@dataclass(frozen=True)
class Done:
    """A command's answer, its seconds by the clock, those of the processor in all its processes, and the most memory
    that one of them has had.
    """

    answer: str
    seconds: float
    processor_s: float
    most_mb: float


def line(*cells: object) -> str:
    """A line of the table."""
    return "".join(f"{cell:>{width}}" for cell, width in zip(cells, COLUMNS.values(), strict=True))


def run(folder: Path, *words: object) -> Done:
    """Run one of our commands to its end."""
    settings = {"HOURNOTE_INSTANCE": str(folder / "instance"), "HOURNOTE_NOTE_HOST": "TIME.EXAMPLE.ORG"}
    started, command = time.perf_counter(), [sys.executable, "-m", *map(str, words)]
    with subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.PIPE, text=True) as process:
        answer = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, words))} ended with {process.returncode}")
    return Done(answer, time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
