"""The runs: writes those of an edition, one after another or several at once in processes of their own."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.core import serial as serials
from app.core import token
from app.core.errors import Unavailable
from app.core.job import JobFile
from notegen import delivery, manifest
from notegen.geometry.imposition import Run
from notegen.ink import basis, galley, press
from notegen.ink.basis import Basis
from notegen.ink.edition import Edition
from notegen.ink.press import Progress
from notegen.jobfile import opened


def work(
    job_path: Path, edition: Edition, runs: Sequence[Run], folder: Path, *, workers: int | None, progress: Progress
) -> Generator[bytes]:
    """Write a file into `folder` for each of `runs`, and give its lines of the manifest, in their order.

    `workers` is the most processes, None as many as cores can be used. Closing the iterator early ends the processes.

    Raises Unavailable when a process is killed from outside.
    """
    if not runs:
        return
    drawn = _basis(edition)
    count = min(workers or os.cpu_count() or 1, len(runs))
    if count > 1:
        yield from _share(job_path, edition, runs, folder, drawn, count, progress)
        return
    with opened(job_path) as file:
        hand = Hand(file, edition, folder, drawn)
        yield from (hand.write(run, progress) for run in runs)


def _basis(edition: Edition) -> Basis:
    """How the symbols of a job are drawn, whose texts are of one length and begin alike."""
    opening, series = token.opening(edition.job.host), edition.job.span.series
    return basis.of(opening + series, len(opening) + serials.LENGTH + token.SIGNATURE_CHARACTERS)


@dataclass(frozen=True)
class Hand:
    """One who writes runs into `folder`; asked for in serial order, the job file is read through once."""

    file: JobFile
    edition: Edition
    folder: Path
    basis: Basis

    def write(self, run: Run, progress: Progress) -> bytes:
        """Write the file of a run; gives its lines of the manifest."""
        opening, signatures = token.opening(self.edition.job.host), self.file.joined(run.span)
        with delivery.whole_file(self.folder / self.edition.file_name(run)) as out:
            press.write(out, self.edition, run, galley.leaves(opening, run, signatures, self.basis), progress)
        return manifest.lines(self.edition, run)


def _share(
    job_path: Path, edition: Edition, runs: Sequence[Run], folder: Path, drawn: Basis, count: int, progress: Progress
) -> Iterator[bytes]:
    """Runs shared out over `count` fresh processes (spawned: a fork of a process with threads may hang)."""
    before = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    hands = ProcessPoolExecutor(count, context, _begin, (job_path, edition, folder, drawn))
    try:
        with _launching():
            waiting = deque((run, hands.submit(_take, run)) for run in runs)
        while waiting:
            run, done = waiting.popleft()
            lines = done.result()
            progress(len(run.span))
            yield lines
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


_hands: list[Hand] = []
"""Of a spawned process the one hand, whose job file stays open until it ends; of the process that spawned it none."""


def _begin(job_path: Path, edition: Edition, folder: Path, drawn: Basis) -> None:
    """The process that started this one hears Ctrl-C and ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # started from a thread, it has inherited no such thing
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _hands.append(Hand(JobFile(job_path.open("rb")), edition, folder, drawn))


def _leave_with_parent() -> None:
    """A process whose parent was killed has nobody to work for, and would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _take(run: Run) -> bytes:
    return _hands[0].write(run, lambda notes: None)
