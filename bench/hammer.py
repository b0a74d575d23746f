"""The hammer: 32 desks and three offices strike one service that is killed again and again; then the books are reckoned.

    python bench/hammer.py [--engine sqlite|postgresql] [--minutes N] [--seed N]

Both engines, unless one is named. The service is the real one, two processes behind HTTP on this machine; PostgreSQL is started
here with full durability. `kill -9` for all processes of the service, and of the database, about every five seconds. It
ends with exit code 1 when anything at all is not as everybody was told. A kill is no power cut: what the kernel has, it keeps.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests import postgres
from tests.hammer.hammer import Plan, Struck, strike
from tests.hammer.place import Place, prepare
from tests.postgres import Cluster

ENGINES = ("sqlite", "postgresql")
NOTES_A_SECOND = 1200
"""More than the window moves on by."""


def main() -> int:
    """Strike, and print a column of figures for each engine."""
    asked = _asked()
    struck = {}
    for engine in [asked.engine] if asked.engine else ENGINES:
        struck[engine] = _strike(engine, asked.minutes * 60, asked.seed)
    figures = {engine: each.figures() for engine, each in struck.items()}
    print("".join(["".ljust(34), *(engine.rjust(44) for engine in figures)]))
    for name in next(iter(figures.values())):
        print("".join([name.ljust(34), *(mine[name].rjust(44) for mine in figures.values())]))
    for engine, each in struck.items():
        for fault in each.faults[:20]:
            print(f"{engine}: {fault.check}: {fault.message}")
    print(f"Seed {asked.seed}; {os.cpu_count()} cores, shared by service, database, desks and offices.")
    return 1 if any(each.faults for each in struck.values()) else 0


def _strike(engine: str, seconds: float, seed: int) -> Struck:
    with _place(engine, int(seconds * NOTES_A_SECOND)) as (place, cluster), _progress() as progress:
        task = progress.add_task(engine, total=1.0)
        return strike(
            place, Plan(seconds, seed), cluster,
            lambda what, part: progress.update(task, description=f"{engine}: {what}", completed=part),
        )  # fmt: skip


@contextmanager
def _place(engine: str, notes: int) -> Iterator[tuple[Place, Cluster | None]]:
    with tempfile.TemporaryDirectory(prefix="hournote-hammer-") as name:
        folder = Path(name)
        if engine == "sqlite":
            yield prepare(f"sqlite:///{folder / 'hournote.db'}", folder, notes=notes), None
            return
        programs = postgres.programs()
        if programs is None:
            raise SystemExit(postgres.NOT_INSTALLED)
        with postgres.cluster(programs, durable=True) as cluster:
            yield prepare(cluster.create("hammer"), folder, notes=notes), cluster


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty())


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=ENGINES, help="both, unless it is named")
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
