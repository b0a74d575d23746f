"""Proof: reads the notes back from the press files, with decoders that had no part in making them.

Not only that a QR can be read, but that it is the one that the manifest puts in that place, that its signature is good
under the job's key, and that the serial printed beside it is the same.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from PIL import Image

from app.core import job as jobs
from app.core.errors import BadInput
from app.core.job import Job
from notegen import delivery, jobfile, layout, manifest
from notegen.ink.press import Progress
from notegen.manifest import Entry
from notegen.readback.eye import Grey, eyes
from notegen.readback.failure import Failure
from notegen.readback.reading import Reading
from notegen.readback.tally import Tally

FOLDER = "proof"
WHOLE_UP_TO = 5000
"""Jobs of so many notes are read whole unless said otherwise; of larger ones `SAMPLE` notes, spread out."""

SAMPLE = 1000
_MOST_PICTURES = 50

Sample = int | Literal["all"] | None


@dataclass(frozen=True, slots=True)
class Proof:
    """`notes` of the job, of which `looked_at` were read back and `read` were good; `failed` says what was not."""

    notes: int
    looked_at: int
    read: int
    failed: list[dict[str, str | int]]
    eyes: list[str]
    seconds: float


def proof(
    folder: Path, job_path: Path | None = None, *, sample: Sample = None, progress: Progress = lambda notes: None
) -> Proof:
    """Read back what `compose` wrote into `folder`, and compare with its job.toml (and with the job file, when given).

    `sample` is how many notes to read, spread over the job with its first and last; None reads all of a small job.
    Pictures of cells that failed go to `proof/` in the folder. Raises BadInput when `folder` is no such folder.
    """
    started = time.monotonic()
    job = _job(folder, job_path)
    for old in (folder / FOLDER).glob("*.png"):
        old.unlink()
    grid, qr = layout.read(folder)
    found = eyes()
    tally, reading = Tally(job.span), Reading(job, grid, qr, found)
    failed: list[Failure] = []
    looked_at = 0
    for name, entries in groupby(_chosen(tally.watch(manifest.read(folder / manifest.NAME)), job, sample), _file):
        batch = list(entries)
        looked_at += len(batch)
        failed += [_keep(folder, *missed, len(failed)) for missed in reading.misses(folder / name, batch, progress)]
    read = looked_at - len({failure.serial for failure in failed})
    return Proof(
        notes=len(job.span),
        looked_at=looked_at,
        read=read,
        failed=[asdict(failure) for failure in (*failed, *tally.failures())],
        eyes=[eye.name for eye in found],
        seconds=round(time.monotonic() - started, 3),
    )


def notes_to_read(folder: Path, sample: Sample) -> int:
    """How many notes `proof` would read back. Raises BadInput when `folder` is no folder that compose wrote."""
    return _wanted(len(_job(folder, None).span), sample)


def _job(folder: Path, job_path: Path | None) -> Job:
    """What the folder's job.toml says, which must be the job file's own when one is given."""
    try:
        text = (folder / jobs.TOML).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{folder} has no {jobs.TOML}: name the folder that compose wrote.") from error
    if job_path is not None:
        with jobfile.opened(job_path) as file:
            if file.toml().decode("utf-8") != text:
                raise BadInput(f"{folder} was composed from another job than {job_path}: name the one that it is of.")
    return jobs.from_toml(text)[0]


def _chosen(entries: Iterable[Entry], job: Job, sample: Sample) -> Iterator[Entry]:
    """Every entry, or so many of them at even distances, the first and the last always among them."""
    notes = len(job.span)
    steps = max(_wanted(notes, sample) - 1, 1)
    picked = {round(step * (notes - 1) / steps) for step in range(steps + 1)}
    return (entry for at, entry in enumerate(entries) if at in picked)


def _wanted(notes: int, sample: Sample) -> int:
    """How many of a job's notes are read back; the first and the last at the least."""
    if sample is None:
        return notes if notes <= WHOLE_UP_TO else SAMPLE
    return notes if sample == "all" else min(notes, max(sample, 2))


def _file(entry: Entry) -> str:
    return entry.file


def _keep(folder: Path, failure: Failure, cell: Grey | None, so_far: int) -> Failure:
    """Write the picture of a failed cell, unless there are plenty already."""
    if cell is None or not cell.size or so_far >= _MOST_PICTURES:
        return failure
    (folder / FOLDER).mkdir(mode=delivery.FOLDER_OWNER_ALONE, exist_ok=True)
    name = f"{FOLDER}/{failure.serial}.png"
    with delivery.whole_file(folder / name) as file:
        Image.fromarray(cell).save(file, "PNG")
    return failure.pictured(name)
