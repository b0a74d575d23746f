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
from pathlib import Path

SIZES = [10_000, 100_000, 500_000]
CORES = 2
LIMITS = f"{'limit':>10}{'':>10}{'':>12}{'500k: 20':>12}{'':>10}{150:>14}{900:>8}"


def main(sizes: list[int]) -> None:
    """Print a line for each size, and the limits below."""
    heads = f"{'notes':>10}{'ordered s':>10}{'composed s':>12}{'together s':>12}{'notes/s':>10}{'MB a process':>14}{'B/note':>8}"
    print(f"{heads}\n{LIMITS}", flush=True)
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
        job, ordering, signer_mb = run(folder, "hournote", *order)
        made = ("compose", json.loads(job)["job"], "--out", folder / "out", "--workers", CORES)
        _, composing, worker_mb = run(folder, "notegen", *made)
        press = sum(file.stat().st_size for file in (folder / "out" / "press").iterdir())
    together, most_mb = ordering + composing, max(signer_mb, worker_mb)
    times = f"{ordering:10.1f}{composing:12.1f}{together:12.1f}{notes / together:10,.0f}"
    print(f"{notes:10,}{times}{most_mb:14.0f}{press / notes:8.0f}", flush=True)


def run(folder: Path, *words: object) -> tuple[str, float, float]:
    """A command's answer, its seconds, and the most memory in MB that it, or a process that it started, has had."""
    settings = {"HOURNOTE_INSTANCE": str(folder / "instance"), "HOURNOTE_NOTE_HOST": "NOTES.EXAMPLE.ORG"}
    started, command = time.perf_counter(), [sys.executable, "-m", *map(str, words)]
    with subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.PIPE, text=True) as process:
        answer = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, words))} ended with {process.returncode}")
    return answer, time.perf_counter() - started, used.ru_maxrss / 1024


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
