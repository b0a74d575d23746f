"""Proof: reads the notes back from the press files, with decoders that had no part in making them.

Not only that a QR can be read, but that it is the one that the manifest puts in that place, that its signature is good
under the job's key, that the serial printed beside it is the same, and that the paper around it is bare. All notes are
read from the layer that varies; a few sheets of each file also with the art under them, and every kind of back.
"""

import hashlib
import os
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Literal

from app.core import job as jobs
from app.core.errors import BadInput
from app.core.job import Job
from notegen import delivery, jobfile, layout, manifest, processes
from notegen.ink.press import Progress
from notegen.manifest import Entry
from notegen.readback import confidence, report
from notegen.readback.extremes import Extreme, Extremes
from notegen.readback.eye import eyes
from notegen.readback.failure import Failure
from notegen.readback.pressfile import FileRead, PressReader, Task
from notegen.readback.tally import Tally

WHOLE_UP_TO = 100_000
"""Jobs of so many notes are read whole unless said otherwise, in less than a minute; of larger ones `SAMPLE` notes."""

SAMPLE = 3000
MOST_NAMED = 1000
"""So many faults are named; the rest is counted."""

_ART_SHEETS, _ART_SHEETS_OF_SAMPLE = 3, 1
"""Sheets of a file that are read with the art under them, the first and the last among them."""

_BEYOND = 1 << 14
"""More places than any sheet has; what a manifest names beyond is told as no place at all."""

Sample = int | Literal["all"] | None


@dataclass(frozen=True, slots=True)
class Read:
    """A press file as it was read: which sheets with the art under them, and the digest that says it is this file."""

    name: str
    sha256: str
    pages: int
    looked_at: int
    sheets_with_art: list[int]


@dataclass(frozen=True, slots=True)
class Proof:
    """`notes` of the job, of which `looked_at` were read back and `read` were good; `failed` says what was not.

    `not_named` faults are beyond those. `most_bad` of the job may be bad with `confidence`, as `statement` says in words.
    `measures` are those of the layer that varies, `measures_with_art` those of the sheets read with the art.
    """

    order: str
    job_sha256: str
    notes: int
    looked_at: int
    read: int
    failed: list[dict[str, str | int]]
    not_named: int
    eyes: list[str]
    confidence: float
    most_bad: int
    statement: str
    measures: dict[str, Extreme]
    measures_with_art: dict[str, Extreme]
    files: list[Read]
    report: str
    seconds: float


def proof(
    folder: Path,
    job_path: Path | None = None,
    *,
    sample: Sample = None,
    workers: int | None = None,
    progress: Progress = lambda notes: None,
) -> Proof:
    """Read back what `compose` wrote into `folder`, and compare with its job.toml (and with the job file, when given).

    `sample` is how many notes to read, taken at random but always the same ones, the first and the last among them;
    None reads all of a job that is not large. `workers` processes share the files, by default one for each core. A
    report goes to `proof/` in the folder. Raises BadInput when `folder` is no such folder.
    """
    started = time.monotonic()
    text, job = _job(folder, job_path)
    reader = _reader(folder, job, text)
    tally = Tally(job.span)
    runs = manifest.files(folder / manifest.NAME)
    count = max(1, min(workers or os.cpu_count() or 1, len(set(runs))))
    entries = tally.watch(manifest.read(folder / manifest.NAME))
    tasks = _tasks(entries, runs, _chosen(job, sample, reader.identity), reader.grid.columns, tally)
    reads = sorted(processes.share(reader, tasks, count=count, progress=progress), key=attrgetter("name"))
    made = _proof(job, reader, reads, tally, started)
    pictures = {serial: picture for read in reads for serial, picture in read.pictures.items()}
    report.write(folder, job, made, pictures, [report.shown(reader, entry) for entry in tally.ends or ()], reader.qr)
    return made


def notes_to_read(folder: Path, sample: Sample) -> int:
    """How many notes `proof` would read back. Raises BadInput when `folder` is no folder that compose wrote."""
    return _wanted(len(_job(folder, None)[1].span), sample)


def _job(folder: Path, job_path: Path | None) -> tuple[str, Job]:
    """What the folder's job.toml says, which must be the job file's own when one is given."""
    text = jobfile.composed_toml(folder)
    if job_path is not None:
        with jobfile.opened(job_path) as file:
            if file.toml().decode("utf-8") != text:
                raise BadInput(f"{folder} was composed from another job than {job_path}: name the one that it is of.")
    return text, jobs.from_toml(text)[0]


def _reader(folder: Path, job: Job, text: str) -> PressReader:
    grid, qr = layout.read(folder)
    front, back = layout.words(folder)
    identity = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return PressReader(folder, job, identity, grid, qr, tuple(layout.backs(folder)), front, back)


def _wanted(notes: int, sample: Sample) -> int:
    """How many of a job's notes are read back; the first and the last at the least."""
    if sample is None:
        return notes if notes <= WHOLE_UP_TO else SAMPLE
    return notes if sample == "all" else min(notes, max(sample, 2))


def _chosen(job: Job, sample: Sample, identity: str) -> set[int] | None:
    """The numbers of the notes to read, None for all; the identity of the job is the dice."""
    notes, wanted = len(job.span), _wanted(len(job.span), sample)
    if wanted == notes:
        return None
    between = random.Random(identity).sample(range(job.span.first + 1, job.span.last), wanted - 2)  # noqa: S311
    return {job.span.first, job.span.last, *between}


def _tasks(
    entries: Iterable[Entry], runs: list[str], chosen: set[int] | None, columns: int, tally: Tally
) -> Iterator[Task]:
    """What to read of each file, two notes in one place being told to `tally`.

    A manifest that someone has sorted otherwise is put in order first.
    """
    in_order = entries if len(set(runs)) == len(runs) else sorted(entries, key=attrgetter("file"))
    for name, group in groupby(in_order, attrgetter("file")):
        filled: dict[int, int] = {}
        wanted = []
        for entry in group:
            position = (entry.row - 1) * columns + entry.column - 1
            if position < _BEYOND and filled.get(entry.page, 0) >> position & 1:
                tally.fail(entry, "Another note stands in the same place.")
                continue
            filled[entry.page] = filled.get(entry.page, 0) | 1 << min(position, _BEYOND)
            if chosen is None or entry.serial.number in chosen:
                wanted.append(entry)
        if wanted:
            yield Task(name, wanted, filled, _ART_SHEETS if chosen is None else _ART_SHEETS_OF_SAMPLE)


def _strays(folder: Path, reads: Iterable[FileRead]) -> Iterator[Failure]:
    """PDFs among the press files that the manifest does not know: they would be printed all the same."""
    known = set(manifest.files(folder / manifest.NAME))
    for path in sorted((folder / delivery.PRESS).glob("*.pdf")):
        if (name := f"{delivery.PRESS}/{path.name}") not in known:
            yield Failure("", "The manifest knows no such file: take it out before somebody prints it.", file=name)


def _proof(job: Job, reader: PressReader, reads: list[FileRead], tally: Tally, started: float) -> Proof:
    notes, looked_at = len(job.span), sum(read.looked_at for read in reads)
    bad = sum(read.bad for read in reads)
    failures = [*tally.failures(), *_strays(reader.folder, reads), *(one for read in reads for one in read.failures)]
    plain, with_art = Extremes(), Extremes()
    plain.merge(read.extremes for read in reads)
    with_art.merge(read.extremes_with_art for read in reads)
    return Proof(
        order=str(job.order),
        job_sha256=reader.identity,
        notes=notes,
        looked_at=looked_at,
        read=looked_at - bad,
        failed=[asdict(failure) for failure in failures[:MOST_NAMED]],
        not_named=max(len(failures) - MOST_NAMED, 0) + tally.not_named + sum(read.not_named for read in reads),
        eyes=[eye.name for eye in eyes()],
        confidence=confidence.LEVEL,
        most_bad=confidence.most_bad(notes, looked_at, bad),
        statement=confidence.sentence(notes, looked_at, bad),
        measures=plain.table(),
        measures_with_art=with_art.table(),
        files=[
            Read(read.name, read.sha256, read.pages, read.looked_at, sorted(read.sheets_with_art)) for read in reads
        ],
        report=str(reader.folder / delivery.REPORT),
        seconds=round(time.monotonic() - started, 3),
    )
