"""The commands that write the papers around a job."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from app.core import reference
from app.core.errors import BadInput, BadSpan
from app.core.reference import OrderId
from app.core.span import Span
from notegen import jobfile
from notegen.options import AS_JSON, JOB, PDF
from notegen.paper import delivery_note as notes
from notegen.paper import labels as labelling
from notegen.paper import parcels
from notegen.paper import ticket as tickets
from notegen.paper import visual_proof as proofs
from notegen.progress import bar

WITHOUT = click.option("--without", multiple=True, metavar="SPAN", help="Notes that are void; as often as needed.")
FOLDER = click.argument("folder", type=click.Path(path_type=Path))
_RANGE = re.compile(r"\s*(\d+)\s*(?:-\s*(\d+))?\s*")


@click.command()
@JOB
@PDF
@WITHOUT
@click.option(
    "--box",
    type=click.IntRange(1),
    is_flag=False,
    flag_value=parcels.BUNDLES_IN_A_BOX,
    help=f"Labels for boxes of so many bundles ({parcels.BUNDLES_IN_A_BOX} unless said), instead of for the bundles.",
)
@AS_JSON
def labels(job: Path, out: Path, without: tuple[str, ...], box: int | None, as_json: bool) -> None:
    """Write a wrapper label for each bundle of JOB, or with --box a larger one for each box."""
    void = _spans(without)
    with bar("Labelling", _labels(job, box), "labels") as progress:
        if box is None:
            made = labelling.wrappers(job, out, without=void, progress=progress)
        else:
            made = labelling.cartons(job, out, in_a_box=box, without=void, progress=progress)
    words = f"{parcels.noun(made.labels, 'label')} on {parcels.noun(made.sheets, 'sheet')}: {made.file}"
    kind = "bundles" if box is None else "boxes"
    _answer({kind: made.labels, **asdict(made)}, words, as_json)


@click.command("delivery-note")
@JOB
@PDF
@WITHOUT
@click.option("--bundles", metavar="N-N", help="The bundles of this delivery, as 1-20; default all.")
@click.option(
    "--box", type=click.IntRange(1), default=parcels.BUNDLES_IN_A_BOX, show_default=True, help="Bundles to a box."
)
@click.option("--from", "sender", default="", metavar="TEXT", help="Who sends it; default a line to write on.")
@click.option("--to", "receiver", default="", metavar="TEXT", help="Who gets it; default a line to write on.")
@click.option("--link", default="", metavar="URL", help="An address by which receipt is confirmed, as a second QR.")
@AS_JSON
def delivery_note(
    job: Path, out: Path, without: tuple[str, ...], bundles: str | None, box: int, as_json: bool, **choices: Any
) -> None:
    """Write the delivery note of JOB: what goes to an office, by box and bundle, to count and to sign."""
    made = notes.delivery_note(job, out, without=_spans(without), bundles=_range(bundles), in_a_box=box, **choices)
    packed = f"{parcels.noun(made.bundles, 'bundle')} in {parcels.noun(made.boxes, 'box')}"
    _answer(asdict(made), f"{parcels.noun(made.notes, 'good note')}, {packed}: {made.file}", as_json)


@click.command()
@FOLDER
@PDF
@click.option("--stock", default=tickets.STOCK, show_default=True, metavar="TEXT", help="The paper to print on.")
@AS_JSON
def ticket(folder: Path, out: Path, stock: str, as_json: bool) -> None:
    """Write the job ticket of FOLDER, which compose wrote, for the press and the guillotine."""
    with bar("Reading", tickets.notes(folder)) as progress:
        made = tickets.ticket(folder, out, stock=stock, progress=progress)
    blank = parcels.noun(made.allowance_sheets, "blank sheet")
    words = f"{parcels.noun(made.sheets, 'sheet')} in {parcels.noun(made.runs, 'run')}, and {blank}: {made.file}"
    _answer(asdict(made), words, as_json)


@click.command("visual-proof")
@JOB
@PDF
@AS_JSON
def visual_proof(job: Path, out: Path, as_json: bool) -> None:
    """Write a page that shows a note of JOB at true size as a specimen, for the customer to sign."""
    made = proofs.visual_proof(job, out)
    _answer({"file": str(made)}, str(made), as_json)


COMMANDS: Sequence[click.Command] = (labels, delivery_note, ticket, visual_proof)


def _answer(keys: dict[str, Any], words: str, as_json: bool) -> None:
    click.echo(json.dumps(keys) if as_json else words)


def _labels(job: Path, box: int | None) -> int:
    with jobfile.opened(job) as file:
        return parcels.count(file.job.span, file.job.bundle_size * (box or 1))


def _spans(texts: Sequence[str]) -> list[Span]:
    """What was typed or scanned: spans, serials, the labels of bundles. Raises BadSpan."""
    found = [reference.parse(text) for text in texts]
    for text, one in zip(texts, found, strict=True):
        if isinstance(one, OrderId):
            raise BadSpan(f"{text} is a whole order: name the notes of it that are void.")
    return [one if isinstance(one, Span) else one.span for one in found if not isinstance(one, OrderId)]


def _range(text: str | None) -> tuple[int, int] | None:
    """The first and the last of `1-20`, or twice the one number. Raises BadInput."""
    if text is None:
        return None
    found = _RANGE.fullmatch(text)
    if found is None:
        raise BadInput(f"--bundles is {text!r}: write the first and the last bundle, as 1-20.")
    return int(found[1]), int(found[2] or found[1])
