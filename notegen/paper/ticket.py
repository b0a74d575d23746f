"""The job ticket: what the press, the guillotine and the packing table need to know of an order, on paper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Spacer

from app.core import reference
from app.core.errors import BadInput
from app.core.job import Job
from app.core.span import Span
from notegen import delivery, jobfile, layout
from notegen.design import wording
from notegen.geometry.allowance import allowance_sheets
from notegen.geometry.cutting import cuts
from notegen.geometry.grid import Grid
from notegen.geometry.imposition import Run
from notegen.ink.press import Progress
from notegen.paper import a4, parcels, pressfiles
from notegen.paper.a4 import Story
from notegen.paper.cutting_plan import CuttingPlan
from notegen.paper.pressfiles import PressFile

STOCK = "Uncoated, 100-120 g/m², without optical brightener; security paper or plain"
_FALLS = {"margin": "margin", "gutter": "strip of bleed", "notes": "notes, kept"}


@dataclass(frozen=True, slots=True)
class Ticket:
    """What was written: `sheets` carry notes, `slips` part the bundles, `allowance_sheets` are blank."""

    notes: int
    sheets: int
    slips: int
    allowance_sheets: int
    runs: int
    cuts: int
    file: str


@dataclass(frozen=True, slots=True)
class _Work:
    """All that the ticket is about."""

    job: Job
    layout: dict[str, Any]
    grid: Grid
    files: list[PressFile]
    allowance: int

    @property
    def sheets(self) -> int:
        return sum(file.sheets for file in self.files)

    @property
    def slips(self) -> int:
        return sum(file.slips for file in self.files)

    @property
    def imposed(self) -> bool:
        """Whether notes lie on sheets; single notes are imposed by the shop itself."""
        return len(self.grid) > 1 or min(self.grid.front(0)[:2]) > self.grid.bleed_mm + 1e-6


def ticket(folder: Path, out: Path, *, stock: str = STOCK, progress: Progress = lambda notes: None) -> Ticket:
    """Write the job ticket of `folder`, which compose wrote, as a PDF of A4 pages. `stock` is the paper to print on.

    Raises BadInput when the folder is not whole: a press file that is missing, or not what the layout says.
    """
    work = _work(folder, progress)
    paper = a4.words(stock, "The stock")
    with delivery.whole_file(out) as target:
        target.write(a4.build(_story(work, paper), f"{work.job.order} job ticket"))
    strokes = len(cuts(work.grid)) if work.imposed else 0
    sheets = work.sheets, work.slips, work.allowance
    return Ticket(len(work.job.span), *sheets, len(work.files), strokes, str(out))


def notes(folder: Path) -> int:
    """How many notes the job of `folder` has. Raises BadInput."""
    return len(jobfile.composed(folder).span)


def _work(folder: Path, progress: Progress) -> _Work:
    job, table, (grid, _) = jobfile.composed(folder), layout.tables(folder), layout.read(folder)
    files = pressfiles.read(folder, progress)
    sheets, carried = sum(file.sheets for file in files), sum(len(file.span) for file in files)
    if sheets != table.get("sheets") or carried != len(job.span):
        raise BadInput(f"The manifest of {folder} is not that of its layout.toml and job.toml: compose the job again.")
    return _Work(job, table, grid, files, int(table.get("allowance_sheets", allowance_sheets(sheets))))


def _story(work: _Work, stock: str) -> Story:
    job = work.job
    symbol = a4.Symbol(reference.label(job.host, job.span), 30, "the whole order")
    story = a4.head("Job ticket", f"Order {job.order}", f"Programme {job.programme}, design {job.design}", symbol)
    story += [a4.facts(_order(work)), a4.line("Paper and press", a4.HEADING), a4.facts(_press(work, stock))]
    story += [*_safety(), *_files(work), PageBreak()]
    story += _cutting(work) if work.imposed else _single()
    return [*story, *_bundling(work), *_balance(work), *_signatures()]


def _order(work: _Work) -> Iterator[tuple[str, str]]:
    job, bundles = work.job, parcels.count(work.job.span, work.job.bundle_size)
    yield "Notes", f"{len(job.span):,}"
    yield "Serials", f"{job.span.first_serial.printed} to {job.span.last_serial.printed}"
    yield "Use by", wording.day(job.expires_on) if job.expires_on else "no last day"
    yield "Bundles", f"{parcels.noun(bundles, 'bundle')} of {job.bundle_size:,}"


def _press(work: _Work, stock: str) -> Iterator[tuple[str, str]]:
    grid, sheet = work.grid, work.grid.sheet
    yield "Stock", stock
    if work.imposed:
        name = sheet.name.upper() if sheet.name.lower().endswith(("a3", "a4")) else sheet.name
        places = f"{parcels.noun(len(grid), 'note')}, {grid.columns} x {grid.rows}"
        yield "Sheet", f"{name}, {sheet.width_mm:g} x {sheet.height_mm:g} mm; {places}"
    yield "Note", f"trim {grid.trim_mm[0]:g} x {grid.trim_mm[1]:g} mm, bleed {grid.bleed_mm:g} mm on every side"
    yield "Sheets to print" if work.imposed else "Notes to print", _sheets(work)
    if work.imposed:
        yield "Blank sheets beside", f"{work.allowance:,}, for setting up and spoilage; {_all_sheets(work)} in all"
    yield "Inks, both sides", _inks(work)
    yield "Serial, QR, small print", "black (K) alone, on its own plate; never converted, never trapped, overprinting"
    yield (
        "Printing",
        f"both sides, turned about the {work.layout.get('flip', 'long')} edge; at 100 %, not fitted to the page",
    )


def _sheets(work: _Work) -> str:
    slips = f", and {parcels.noun(work.slips, 'slip')} between bundles" if work.slips else ""
    return f"{work.sheets:,} in {parcels.noun(len(work.files), 'run')}{slips}"


def _all_sheets(work: _Work) -> str:
    return f"{work.sheets + work.slips + work.allowance:,}"


def _inks(work: _Work) -> str:
    spots = sorted({spot for file in work.files for spot in file.spots})
    return "cyan, magenta, yellow, black" + (f"; spot: {', '.join(spots)}" if spots else "")


def _files(work: _Work) -> Story:
    """Every file with what it carries, and under it the digest that it must have."""
    unit = "Sheets" if work.imposed else "Pages"
    rows: list[tuple[str | Flowable, ...]] = [
        (
            f"{run:,}",
            [a4.line(file.name, a4.STRONG), *(a4.line(half, a4.SMALL) for half in _halves(file.sha256))],
            f"{file.first_sheet:,}-{file.first_sheet + file.sheets - 1:,}",
            parcels.numbers(file.span),
        )
        for run, file in enumerate(work.files, start=1)
    ]
    return [
        a4.line("Files: run, name and SHA-256", a4.HEADING),
        a4.table(("Run", "File", unit, "Serials"), rows, (12.0, 106.0, 26.0, 34.0)),
    ]


def _halves(digest: str) -> list[str]:
    """A digest in two lines of four groups, so that an eye keeps its place."""
    groups = [digest[at : at + 8] for at in range(0, len(digest), 8)]
    return [" ".join(groups[:4]), " ".join(groups[4:])]


def _cutting(work: _Work) -> Story:
    """The drawing, the order of the cuts with their gauges, and how the piles go on one another."""
    strokes = cuts(work.grid)
    rows = [
        (str(cut.ordinal), f"{_mm(cut.at_mm)} from {('left', 'top')[cut.axis]}", _mm(cut.gauge_mm), _FALLS[cut.falls])
        for cut in strokes
    ]
    half = (a4.WIDTH_MM - 6) / 2
    columns = [rows[: -(-len(rows) // 2)], rows[-(-len(rows) // 2) :]]
    heads, widths = ("Cut", "Where", "Gauge", "Falls"), (10.0, 34.0, 18.0, half - 62.0)
    tables: list[Flowable | Story] = [a4.table(heads, part, widths) for part in columns]
    words = (
        "Front up, sheet 1 on top. The margins first, then between columns, then between rows: two cuts between "
        "neighbours, each note having a bleed of its own. The gauge is what stays between back gauge and knife; after the "
        "first cut each way, the trimmed edge lies against the gauge."
    )
    return [
        a4.line("Cutting", a4.HEADING), a4.line(words), Spacer(1, 3 * mm), CuttingPlan(work.grid, _piles(work)), Spacer(1, 3 * mm),
        a4.beside(*tables), *_stacking(work),
    ]  # fmt: skip


def _mm(length: float) -> str:
    return f"{round(length, 2):g} mm"


def _piles(work: _Work) -> list[Span | None]:
    """The notes of each pile of the first run, None where paper stays blank."""
    first = work.files[0]
    run = Run(1, first.span, first.sheets, 0)
    return [_pile(run, position) for position in range(len(work.grid))]


def _pile(run: Run, position: int) -> Span | None:
    number = run.number(position, 0)
    if number is None:
        return None
    return Span(run.span.series, number, min(number + run.height - 1, run.span.last))


def _stacking(work: _Work) -> Story:
    """How piles become one stack in serial order, run by run."""
    full, last = work.files[0], work.files[-1]
    texts = [
        f"Each run is one lift of the knife. Its piles are numbered as drawn, 1 to {full.stacks}, along the rows from the "
        f"top left. Put them on one another in that order, pile 1 on top: the notes are then in serial order.",
    ]
    if len(work.files) > 1:
        texts.append(
            f"The drawing is of run 1. In run 2 pile 1 is stack {work.files[1].first_stack} of the manifest, and so on; "
            f"each run goes under the one before it."
        )
        if last.stacks < len(work.grid):
            texts.append(
                f"Run {len(work.files)} is the last: {parcels.noun(last.stacks, 'pile')}, the rest is blank paper."
            )
    return [KeepTogether([a4.line("Stacking", a4.HEADING), *a4.items(*texts)])]


def _single() -> Story:
    text = (
        "The files are single notes, front and back in turn, with bleed and without marks. Impose them cut-and-stack, so "
        "that each pile off the guillotine is in serial order; the page order of the files is serial order."
    )
    return [a4.line("Imposing and cutting", a4.HEADING), a4.line(text)]


def _bundling(work: _Work) -> Story:
    job = work.job
    slips = (
        "A slip of paper lies where a bundle begins; take it out."
        if work.slips
        else "There are no slips between bundles."
    )
    return [
        KeepTogether([
            a4.line("Bundling", a4.HEADING),
            *a4.items(
                f"{job.bundle_size:,} notes to a bundle, in serial order. {slips}",
                "Take spoiled notes out, never fill the hole with another note: the wrapper label names what is not there.",
                f"notegen labels {job.order}.job.zip --out labels.pdf   (--box for the boxes, --without for each hole)",
            ),
        ])
    ]  # fmt: skip


def _balance(work: _Work) -> Story:
    """The sum that must come out, with room to write it."""
    order = work.job.order
    return [
        KeepTogether([
            a4.line("Count and report: ordered = good + spoiled + missing", a4.HEADING),
            a4.line("The numbers of every spoiled and every missing note, as they stand on the sheet; nothing is printed twice."),
            *a4.signed(f"Ordered: {len(work.job.span):,}", "Good", "Spoiled", "Missing"),
            *a4.signed("Spoiled: the numbers"), *a4.signed(""), *a4.signed("Missing: the numbers"), *a4.signed(""),
            Spacer(1, 2 * mm),
            a4.line(f'On the page of the order, or:  hournote printed {order} --spoiled "SPAN" --missing "SPAN"'),
        ])
    ]  # fmt: skip


def _safety() -> Story:
    return [
        KeepTogether([
            a4.line("As good as money", a4.HEADING),
            *a4.items(
                "Press files, printed sheets, spoiled sheets and trial pulls with a serial: locked away, never left on a table.",
                "Set up with the specimen or a calibration sheet, not with a page of this job.",
                "Spoiled sheets are counted, listed in this ticket, and shredded before a witness or sent back with the delivery.",
                "Job file and press files, and any copy in the press's own queue, are deleted when the order balances.",
            ),
        ])
    ]  # fmt: skip


def _signatures() -> Sequence[Flowable]:
    return [
        KeepTogether([
            a4.line("Done", a4.HEADING),
            *a4.signed("Printed by", "Cut by", "Bundled and counted by", "Files deleted by"),
            *a4.signed("Date", "Date", "Date", "Date"),
        ])
    ]  # fmt: skip
