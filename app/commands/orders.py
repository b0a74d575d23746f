"""The order of notes, which are made at once."""

from pathlib import Path
from uuid import UUID

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.commands.office import Office, json_option, pass_office, request_option, say, show_json, warn
from app.services import press
from app.services.press import OrderRequest


@click.command()
@click.argument("series")
@click.option("--quantity", type=int, required=True, help="How many notes.")
@click.option("--design", required=True, help="The front, a folder of designs.")
@click.option("--bundle", "bundle_size", type=int, default=50, show_default=True, help="Notes under one wrapper.")
@click.option("--replaces", metavar="ORDER", help="The order whose spoiled or missing notes these replace.")
@click.option("--shop", help="The print shop, by name or id.")
@click.option("--sheet", default="sra3", show_default=True, help="The sheet that it is printed on.")
@click.option("--blank-sheets", type=int, help="Blank sheets for spoilage; default 3%, and 10 at the least.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the job file.")
@request_option
@json_option
@pass_office
def order(
    office: Office,
    series: str,
    quantity: int,
    design: str,
    bundle_size: int,
    replaces: str | None,
    shop: str | None,
    sheet: str,
    blank_sheets: int | None,
    out: Path,
    request_id: UUID,
    as_json: bool,
) -> None:
    """Order notes of SERIES: allocate serials, sign them with a new key, write the job file."""
    request = OrderRequest(series, quantity, design, bundle_size, replaces, shop, sheet, blank_sheets)
    settings = office.settings
    columns = (TextColumn("signing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, auto_refresh=False, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("signing", total=quantity)
        made = press.order_notes(
            office.books, request=request, host=settings.note_host, designs=settings.design_folders, out=out,
            actor=office.actor, now=office.now, request_id=request_id, workers=settings.workers,
            progress=lambda signed: bar.update(task, completed=signed, refresh=True),  # no thread: the press may fork
        )  # fmt: skip
    if settings.is_example_host:
        warn(
            f"The notes name {settings.note_host}, which nobody owns: set HOURNOTE_NOTE_HOST before you order real ones."
        )
    span = made.order.span
    if as_json:
        first, last = str(span.first_serial), str(span.last_serial)
        answer = {"order": made.order.id, "series": span.series, "first": first, "last": last}
        show_json({**answer, "quantity": len(span), "job": str(made.job)})
    else:
        say(f"{made.order.id}: {len(span):,} notes, {span.first_serial.printed} to {span.last_serial.printed}.")
        say(f"The job file is {made.job}. It is as good as the money: give it to the print shop alone.")
