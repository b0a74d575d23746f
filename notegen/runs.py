"""The runs: writes those of an edition, one after another or several at once in processes of their own."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.core import serial as serials
from app.core import token
from app.core.job import JobFile
from notegen import delivery, manifest, processes
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
    count = min(workers or os.cpu_count() or 1, len(runs))
    with closing(Hand(job_path, edition, tray, _basis(edition), check)) as hand:
        for _ in processes.share(hand, runs, count=count, progress=progress):
            pass


def _basis(edition: Edition) -> Basis:
    """How the symbols of a job are drawn, whose texts are of one length and begin alike."""
    opening, series = token.opening(edition.job.host), edition.job.span.series
    return basis.of(opening + series, len(opening) + serials.LENGTH + token.SIGNATURE_CHARACTERS)


@dataclass(frozen=True)
class Hand:
    """One who writes runs, in a process of its own or not; asked for in serial order, the job file is read through once."""

    job_path: Path
    edition: Edition
    tray: Tray
    basis: Basis
    check: Check

    def __call__(self, run: Run, progress: Progress) -> None:
        """Write the file of a run and its lines of the manifest.

        Nothing is given back: of a long answer a process that is ended may leave half, and the rest be waited for.
        """
        path = self.tray.press / self.edition.file_name(run)
        try:
            with delivery.whole_file(path) as out:
                press.write(out, self.edition, run, self._leaves(run), progress)
            self.check(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        self.tray.lines_of(run).write_bytes(manifest.lines(self.edition, run))

    def close(self) -> None:
        """Close the job file, if it was opened here."""
        self._open.close()

    @cached_property
    def _open(self) -> ExitStack:
        return ExitStack()

    @cached_property
    def _file(self) -> JobFile:
        """The job file, verified once and open until this hand is closed or its process ends."""
        return self._open.enter_context(opened(self.job_path))

    def _leaves(self, run: Run) -> Iterator[list[Note]]:
        opening, signatures = token.opening(self.edition.job.host), self._file.joined(run.span)
        return galley.leaves(opening, run, signatures, self.basis, reverse=self.edition.reverse)
