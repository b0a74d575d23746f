"""The command line of notegen: what a print shop and a designer do."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from app.core.errors import BadDesign, BadInput
from notegen import calibration as calibrating
from notegen import check as checking
from notegen import compose as composing
from notegen import design as loading
from notegen import preview as previewing
from notegen import proof as proving
from notegen import specimen as specimens
from notegen.delivery import whole_file
from notegen.design import Design, sides
from notegen.geometry import offset
from notegen.geometry.sheet import SHEETS, size
from notegen.jobfile import opened
from notegen.options import AS_JSON, DESIGNS, JOB
from notegen.paper import cli as papers
from notegen.progress import bar
from notegen.readback.eye import WITHOUT_ZBAR
from notegen.refusals import Refusals


def _size(text: str) -> tuple[float, float]:
    found = size(text)
    if found is None or min(found) < 1:
        raise BadInput(f"{text!r} is no size: write width and height in mm, as 135x66.")
    return found


SHEET = click.option(
    "--sheet", metavar=f"{'|'.join(SHEETS)}|WxH", help="Paper, by name or size in mm; default sra3, with --office a4."
)
FLIP = click.option(
    "--flip",
    type=click.Choice(["long", "short"], case_sensitive=False),
    default="long",
    show_default=True,
    help="Edge to turn about.",
)
OFFICE = click.option("--office", is_flag=True, help="No bleed and no marks, notes edge to edge: for office printers.")
BACK_OFFSET = click.option(
    "--back-offset",
    type=offset.parse,
    metavar="X,Y",
    help="Move all that is on backs: mm to the right, mm down, as calibrate says.",
)


@click.group("notegen", cls=Refusals, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Make press-ready notes from a job file, and prove them."""


for paper in papers.COMMANDS:
    main.add_command(paper)


@main.command()
@JOB
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to write to.")
@SHEET
@FLIP
@OFFICE
@BACK_OFFSET
@click.option("--reverse", is_flag=True, help="Last sheet first, for machines that lay their sheets face up.")
@click.option("--allowance", metavar="N|P%", help="Blank sheets for spoilage; default 3%, and 10 at the least.")
@click.option("--workers", type=click.IntRange(1), help="Processes at once; default one for each core.")
@click.option("--separators", is_flag=True, help="A slip of paper where bundles begin.")
@click.option("--pages", is_flag=True, help="Single notes with bleed and no marks, instead of sheets.")
@click.option("--resume", is_flag=True, help="Keep the runs that are there, make what is missing.")
@click.option(
    "--profile", type=click.Path(path_type=Path), help="The CMYK profile (.icc) of your press; default FOGRA39."
)
@click.option(
    "--qr",
    type=click.Choice(["image", "vector"], case_sensitive=False),
    default="image",
    show_default=True,
    help="Lay QRs down as one-bit images, or as rectangles where preflight refuses those.",
)
@click.option("--run-sheets", type=click.IntRange(1), help="Sheets to a file; default 500.")
@AS_JSON
def compose(job: Path, out: Path, as_json: bool, sheet: str | None, flip: Any, **choices: Any) -> None:
    """Write the press files, manifest and layout of JOB."""
    with opened(job) as file:
        notes = len(file.job.span)
    with bar("Composing", notes) as progress:
        made = composing.compose(job, out, sheet_name=sheet, flip=flip, progress=progress, **choices)
    if as_json:
        click.echo(json.dumps(asdict(made)))
        return
    click.echo(f"{_count(made.notes, 'note')} on {_count(made.sheets, 'sheet')}, in {made.seconds:.1f} s:")
    click.echo("\n".join([*made.files, made.manifest]))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--sample",
    default=None,
    metavar="N|all",
    help=f"How many notes to read; default all, of jobs above {proving.WHOLE_UP_TO:,} notes {proving.SAMPLE:,}.",
)
@click.option("--job", type=click.Path(path_type=Path), help="The job file, to compare job.toml with.")
@click.option("--workers", type=click.IntRange(1), help="Processes at once; default one for each core.")
@AS_JSON
@click.pass_context
def proof(
    context: click.Context, folder: Path, sample: str | None, job: Path | None, workers: int | None, as_json: bool
) -> None:
    """Read every note back from the press files in FOLDER and compare it with the job. Exit code 1 if any fails."""
    wanted = _sample(sample)
    with bar("Reading", proving.notes_to_read(folder, wanted)) as progress:
        proved = proving.proof(folder, job, sample=wanted, workers=workers, progress=progress)
    if "zbar" not in proved.eyes:
        click.echo(WITHOUT_ZBAR, err=True)
    if as_json:
        click.echo(json.dumps(asdict(proved)))
    else:
        _tell(proved)
    context.exit(1 if proved.failed else 0)


def _tell(proved: proving.Proof) -> None:
    """A proof in words."""
    click.echo(
        f"{proved.read} of {proved.looked_at} notes are good ({proved.notes} in the job, {proved.seconds:.1f} s)."
    )
    click.echo(proved.statement)
    for failure in proved.failed:
        click.echo("{serial}  {file} page {page} row {row} column {column}: {why}".format_map(failure))
    if proved.not_named:
        click.echo(f"And {_count(proved.not_named, 'fault')} more.")
    click.echo(proved.report)


@main.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The PDF to write.")
@SHEET
@FLIP
@OFFICE
@BACK_OFFSET
@click.option("--note", type=_size, metavar="WxH", help="Size of the notes in mm, which decides how the sheet lies.")
@AS_JSON
def calibrate(out: Path, as_json: bool, sheet: str | None, flip: Any, note: Any, **choices: Any) -> None:
    """Write a sheet that shows how far a printer shifts its backs: the --back-offset to compose with."""
    made = calibrating.calibrate(out, sheet_name=sheet, flip=flip, note_mm=note or calibrating.NOTE_MM, **choices)
    click.echo(json.dumps(asdict(made)) if as_json else made.file)


@main.command()
@click.argument("design")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The PNG to write.")
@click.option("--dpi", type=click.IntRange(50, 1200), default=200, show_default=True)
@DESIGNS
@AS_JSON
def preview(design: str, out: Path, dpi: int, designs: Path | None, as_json: bool) -> None:
    """Write a picture of DESIGN (a folder or a name) as a specimen, front and back."""
    _write(out, previewing.preview(_design(design, designs), dpi=dpi), as_json)


@main.command()
@click.argument("design")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The PDF to write.")
@DESIGNS
@AS_JSON
def specimen(design: str, out: Path, designs: Path | None, as_json: bool) -> None:
    """Write a specimen of DESIGN (a folder or a name) for training: it reads like a note and is worth nothing."""
    found = _design(design, designs)
    both = sides.beside(found)
    if both is None:
        raise BadDesign(f"{found.name} has no other side beside it: put one back in {found.folder.parent}.")
    _write(out, specimens.specimen(both), as_json)


@main.command()
@click.argument("design")
@DESIGNS
@AS_JSON
@click.pass_context
def check(context: click.Context, design: str, designs: Path | None, as_json: bool) -> None:
    """Say what is wrong with DESIGN (a folder or a name), a PDF, or a folder that compose wrote. Exit code 1 for faults."""
    found = checking.faults(_path(design, designs))
    faults, warnings = ([fault for fault in found if fault.warning is kind] for kind in (False, True))
    if as_json:
        lists = {"faults": faults, "warnings": warnings}
        click.echo(json.dumps({name: [asdict(fault) for fault in each] for name, each in lists.items()}))
    else:
        click.echo("\n".join(map(str, found)) or "No faults.")
    context.exit(1 if faults else 0)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _write(out: Path, data: bytes, as_json: bool) -> None:
    with whole_file(out) as file:
        file.write(data)
    click.echo(json.dumps({"file": str(out)}) if as_json else str(out))


def _design(text: str, designs: Path | None) -> Design:
    return loading.load(_path(text, designs))


def _path(text: str, designs: Path | None) -> Path:
    """What `text` names: a path where there is one, else a design by its name."""
    if Path(text).exists():
        return Path(text)
    return loading.folder_of(text, designs or loading.default_folder())


def _sample(text: str | None) -> proving.Sample:
    if text is None or text == "all":
        return "all" if text else None
    if not text.isdecimal() or int(text) < 1:
        raise BadInput(f"--sample is {text!r}: write how many notes to read, or all.")
    return int(text)
