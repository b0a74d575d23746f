"""The runs: writes those of an edition, one after another or several at once in processes of their own."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
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
from notegen.ink.galley import Note
from notegen.ink.press import Progress
from notegen.jobfile import opened

Check = Callable[[Path], None]
"""Looks at a file that was written, and raises where it has a fault."""


@dataclass(frozen=True)
class Tray:
    """Where runs are laid: their files in the folder `press`, their lines of the manifest in the folder `lines`."""

    press: Path
    lines: Path

    def lines_of(self, run: Run) -> Path:
        """The file of a run's lines."""
        return self.lines / f"{run.ordinal}.csv"


def work(
    job_path: Path,
    edition: Edition,
    runs: Sequence[Run],
    tray: Tray,
    *,
    check: Check,
    workers: int | None,
    progress: Progress,
) -> None:
    """Write the file of each of `runs` and its lines of the manifest; `workers` is the most processes, None as many as
    cores can be used. `check` is given each file as soon as it is written, in the process that wrote it; one for which
    it raises is removed.

    Raises Unavailable when a process is killed from outside.
    """
    if not runs:
        return
    drawn = _basis(edition)
    count = min(workers or os.cpu_count() or 1, len(runs))
    if count > 1:
        _share((job_path, edition, tray, drawn, check), runs, count, progress)
        return
    with opened(job_path) as file:
        hand = Hand(file, edition, tray, drawn, check)
        for run in runs:
            hand.write(run, progress)


def _basis(edition: Edition) -> Basis:
    """How the symbols of a job are drawn, whose texts are of one length and begin alike."""
    opening, series = token.opening(edition.job.host), edition.job.span.series
    return basis.of(opening + series, len(opening) + serials.LENGTH + token.SIGNATURE_CHARACTERS)


@dataclass(frozen=True)
class Hand:
    """One who writes runs; asked for in serial order, the job file is read through once."""

    file: JobFile
    edition: Edition
    tray: Tray
    basis: Basis
    check: Check

    def write(self, run: Run, progress: Progress) -> None:
        """Write the file of a run and its lines of the manifest."""
        path = self.tray.press / self.edition.file_name(run)
        try:
            with delivery.whole_file(path) as out:
                press.write(out, self.edition, run, self._leaves(run), progress)
            self.check(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        self.tray.lines_of(run).write_bytes(manifest.lines(self.edition, run))

    def _leaves(self, run: Run) -> Iterator[list[Note]]:
        opening, signatures = token.opening(self.edition.job.host), self.file.joined(run.span)
        return galley.leaves(opening, run, signatures, self.basis, reverse=self.edition.reverse)


Shared = tuple[Path, Edition, Tray, Basis, Check]
"""What all hands share: the job file, the edition, where runs are laid, how symbols are drawn and how a file is checked."""


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


_hands: list[Hand] = []
"""Of a spawned process the one hand, whose job file stays open until it ends; of the process that spawned it none."""


def _begin(job_path: Path, *shared: *tuple[Edition, Tray, Basis, Check]) -> None:
    """The process that started this one hears Ctrl-C and ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # started from a thread, it has inherited no such thing
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _hands.append(Hand(JobFile(job_path.open("rb")), *shared))


def _leave_with_parent() -> None:
    """A process whose parent was killed has nobody to work for, and would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _take(run: Run) -> int:
    """Only a number goes back: of a longer answer a process that is ended may leave half, and the rest be waited for."""
    _hands[0].write(run, lambda notes: None)
    return len(run.span)
