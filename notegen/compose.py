"""Compose: a job becomes a delivery, which is `press/*.pdf`, `manifest.csv`, `layout.toml` and a copy of `job.toml`."""

import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from pikepdf import Pdf

from app.core import job as jobs
from app.core.errors import BadInput
from app.core.job import JobFile
from notegen import delivery, finished, layout, manifest, pull, runs
from notegen.artwork.scheme import Met
from notegen.delivery import PRESS
from notegen.design import Design, sides
from notegen.design.sides import Sides
from notegen.geometry import allowance as allowances
from notegen.geometry import grid, imposition, offset, sheet
from notegen.geometry.grid import Flip, Grid
from notegen.geometry.imposition import RUN_SHEETS, Run
from notegen.geometry.offset import NOT_MOVED, Offset
from notegen.ink import art, edition
from notegen.ink import profile as profiles
from notegen.ink.edition import Edition
from notegen.ink.marking import Marking
from notegen.ink.press import Progress
from notegen.jobfile import opened
from notegen.preflight import written
from notegen.runs import Check, Tray

Work = Callable[[Sequence[Run], Tray], None]
"""What writes runs into a tray."""

PAGES_PER_FILE = 5000
"""Single notes to a file, when the print shop imposes them itself."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What was composed: `files` and `manifest` are paths; sheets are those with notes, `slips` those between bundles."""

    notes: int
    sheets: int
    files: list[str]
    manifest: str
    seconds: float
    peak_memory_mb: float


def compose(
    job_path: Path,
    out: Path,
    *,
    sheet_name: str | None = None,
    flip: Flip = "long",
    workers: int | None = None,
    separators: bool = False,
    pages: bool = False,
    office: bool = False,
    reverse: bool = False,
    back_offset: Offset | None = None,
    allowance: str | None = None,
    resume: bool = False,
    qr: Marking = "image",
    run_sheets: int | None = None,
    profile: Path | None = None,
    progress: Progress = lambda notes: None,
) -> Composed:
    """Compose the job file `job_path` into the folder `out`, which appears whole or not at all.

    `sheet_name` is a name or a size (SRA3 unless said; A4 with `office`, which leaves out bleed and marks and puts the
    notes edge to edge). `reverse` writes the sheets of each run last first, for output face up. `back_offset` moves all
    that is on backs. `allowance` is blank sheets for spoilage (25, or 5%), for whoever orders the paper.
    `pages` makes single notes with bleed and no marks instead of sheets, fronts and backs upright. `workers` processes
    share the runs (by default as many as there are cores to use). `profile` is an ICC file of the press that prints. The same job and choices give the same bytes.
    `resume` keeps the runs that `out` already has from the same job and choices, and leaves finished runs there when it
    is interrupted. `qr` is how symbols are laid down, as `marking` has it.

    Every file is checked as soon as it is written (see `preflight.written`).

    Raises BadJob, BadDesign, BadInput, and Unavailable when a file did not come out as it must.
    """
    started = time.monotonic()
    if pages:
        _refuse_for_pages(office=office, reverse=reverse, back_offset=back_offset, allowance=allowance)
    colours = None if profile is None else profiles.read(profile)
    with opened(job_path) as file, TemporaryDirectory(prefix="notegen-") as unpacked, delivery.workshop(out) as shop:
        both = sides.unpack(file.design(), Path(unpacked))
        if colours is not None:
            _refuse_converted(both)
        sheets = _grid(both.front, sheet_name, pages=pages, office=office)
        most = run_sheets or (PAGES_PER_FILE if pages else RUN_SHEETS)
        laid = imposition.impose(file.job.span, sheets, file.job.bundle_size, most)
        turn = sheets.upright_flip if pages else flip
        made = edition.prepare(
            *(file.job, file.toml(), both, laid, turn),
            separators=separators,
            reverse=reverse,
            back_offset=offset.checked(back_offset or NOT_MOVED, sheets.free_mm),
            marking=qr,
            profile=colours,
        )
        spare = 0 if pages else allowances.allowance_sheets(laid.sheets, allowance)
        _refuse_others(out, file)
        check = partial(written.refuse, known=pull.passed(made))
        work = partial(runs.work, job_path, made, check=check, workers=workers, progress=progress)
        _fill(shop, out, file.toml(), made, layout.write(made, spare), work, check, resume=resume)
    return _composed(made, out, time.monotonic() - started)


def _refuse_for_pages(**choices: object) -> None:
    """Single notes lie on no sheet; what is said of one would be lost without a word."""
    idle = [f"--{name.replace('_', '-')}" for name, choice in choices.items() if choice]
    if idle:
        raise BadInput(f"--pages makes single notes, which lie on no sheet: leave out {' and '.join(idle)}.")


def _refuse_converted(both: Sides) -> None:
    """Colours that were turned into the inks of one press are not those of another."""
    for each in (both.front, both.back):
        met: Met = {}
        with Pdf.new() as nowhere:
            art.copy(each, nowhere, met)
        if met:
            raise BadInput(
                f"{each.art.name} of {each.name} has RGB, which is turned into inks for FOGRA39: leave out --profile, or "
                "have the art saved in the CMYK of your press."
            )


def _grid(front: Design, sheet_name: str | None, *, pages: bool, office: bool) -> Grid:
    found = sheet.find(sheet_name or sheet.usual(office=office))
    if pages:
        return grid.alone(front.trim_mm, front.bleed_mm)
    return grid.office(front.trim_mm, found) if office else grid.fit(front.trim_mm, front.bleed_mm, found)


def _refuse_others(out: Path, file: JobFile) -> None:
    """Press files of another order are not overwritten, nor files that are none of ours."""
    ours = out / jobs.TOML
    if ours.is_file() and ours.read_bytes() != file.toml():
        raise BadInput(f"{out} holds the press files of another job: name another folder.")
    for name in (PRESS, manifest.NAME):
        if (out / name).exists() and not ours.is_file():
            raise BadInput(f"{out} holds a {name} that compose did not write: name another folder.")


def _fill(
    shop: Path, out: Path, toml: bytes, made: Edition, plan: str, work: Work, check: Check, *, resume: bool
) -> None:
    """Make everything in `shop`, then hand it over; the manifest comes last, so that where it is all is there."""
    press, tray = shop / PRESS, Tray(shop / PRESS, shop / "lines")
    for folder in (tray.press, tray.lines):
        folder.mkdir(mode=delivery.FOLDER_OWNER_ALONE)
    _write(shop / jobs.TOML, toml)
    _write(shop / layout.NAME, plan.encode())
    kept = finished.keep(out, made, PRESS, press, check) if resume else set()
    parts = [press, shop / jobs.TOML, shop / layout.NAME]
    try:
        work([run for run in made.imposition.runs if run.ordinal not in kept], tray)
        with delivery.whole_file(shop / manifest.NAME) as lines:
            lines.write(manifest.HEADING)
            for run in made.imposition.runs:
                lines.write(manifest.lines(made, run) if run.ordinal in kept else tray.lines_of(run).read_bytes())
    except BaseException:
        if resume and not (out / manifest.NAME).exists() and finished.tidy(press):
            delivery.hand_over(parts, out, shop / "old")
        raise
    delivery.hand_over([*parts, shop / manifest.NAME], out, shop / "old")
    (out / delivery.REPORT).unlink(missing_ok=True)  # it is of other files


def _write(path: Path, data: bytes) -> None:
    with delivery.whole_file(path) as file:
        file.write(data)


def _composed(made: Edition, out: Path, seconds: float) -> Composed:
    files = [str(out / PRESS / made.file_name(run)) for run in made.imposition.runs]
    notes, sheets = len(made.imposition.span), made.imposition.sheets
    return Composed(notes, sheets, files, str(out / manifest.NAME), round(seconds, 3), _peak_memory_mb())


def _peak_memory_mb() -> float:
    """The most memory that this process, or one of those it started, has had; Linux counts in KiB, macOS in bytes."""
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return round(max(peaks) / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)
