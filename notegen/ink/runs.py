"""The runs: writes those of an edition, one after another or several at once in processes of their own."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

from app.core import token
from app.core.errors import Unavailable
from app.core.job import JobFile
from notegen import delivery
from notegen.geometry.imposition import Run
from notegen.ink import basis, press
from notegen.ink.edition import Edition
from notegen.ink.press import Progress
from notegen.ink.symbol import Draw

Check = Callable[[Path], None]
"""Looks at a file that was written, and raises where it has a fault."""

Shared = tuple[Path, Edition, Path, Draw, Check]
"""What all runs share: the job file, the edition, the folder to write to, how to draw symbols and how to check a file."""


def work(
    job_path: Path,
    edition: Edition,
    runs: Sequence[Run],
    folder: Path,
    *,
    check: Check,
    workers: int | None,
    progress: Progress,
) -> None:
    """Write a file into `folder` for each of `runs`; `workers` is the most processes, None as many as cores can be used.

    `check` is given each file as soon as it is written, in the process that wrote it; one for which it raises is removed.

    Raises Unavailable when a process is killed from outside.
    """
    notes = sum(len(run.span) for run in runs)
    draw = _draw(edition, notes) if notes else None
    count = min(workers or os.cpu_count() or 1, len(runs))
    if draw is None:
        return
    if count > 1:
        _share((job_path, edition, folder, draw, check), runs, count, progress)
        return
    for run in runs:
        _write((job_path, edition, folder, draw, check), run, progress)


def _draw(edition: Edition, notes: int) -> Draw:
    """How to draw the symbols of a job, whose texts are of one length and begin alike."""
    span = edition.job.span
    sample = token.compose(edition.job.host, span.first_serial, bytes(token.SIGNATURE_BYTES))
    return basis.drawing(sample[: sample.index(span.series) + len(span.series)], len(sample), notes)


def _write(shared: Shared, run: Run, progress: Progress) -> None:
    job_path, edition, folder, draw, check = shared
    path = folder / edition.file_name(run)
    with job_path.open("rb") as stream, JobFile(stream) as file:
        symbols = draw(list(file.texts(run.span)))
    try:
        with delivery.whole_file(path) as out:
            press.write(out, edition, run, [row.tobytes() for row in symbols], progress)
        check(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _share(shared: Shared, runs: Sequence[Run], count: int, progress: Progress) -> None:
    """Runs shared out over `count` fresh processes (spawned: a fork of a process with threads may hang)."""
    before = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    hands = ProcessPoolExecutor(count, context, _begin, shared)
    try:
        with _launching():
            waiting = [hands.submit(_take, run) for run in runs]
        for done in as_completed(waiting):
            progress(done.result())
    except BrokenProcessPool as error:
        raise Unavailable(
            "A process of the press was ended from outside: compose again with fewer --workers."
        ) from error
    except BaseException:
        for child in set(multiprocessing.active_children()) - before:
            child.kill()
        raise
    finally:
        hands.shutdown(cancel_futures=True)


@contextmanager
def _launching() -> Iterator[None]:
    """While processes start, a wish to stop waits: one that is ended half-started would speak of its troubles.

    They inherit that Ctrl-C does not reach them, from their first moment on.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda now, frame: heard.append(now))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, hearer in before.items():
            signal.signal(number, hearer)
    for waited in heard:
        signal.raise_signal(waited)


_shared: list[Shared] = []
"""What all runs of a spawned process share; empty in the process that spawned it."""


def _begin(*shared: *Shared) -> None:
    """The process that started this one hears Ctrl-C and ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # started from a thread, it has inherited no such thing
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _shared.append(shared)


def _leave_with_parent() -> None:
    """A process whose parent was killed has nobody to work for, and would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _take(run: Run) -> int:
    _write(_shared[0], run, lambda notes: None)
    return len(run.span)
