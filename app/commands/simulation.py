"""`hournote simulate`: a year of a national programme, to look at, to train with and to measure."""

import json
import time

import click
from rich.console import Console
from rich.progress import Progress

from app.commands.office import Office, json_option, pass_office, say
from app.services import simulating
from app.services.simulated_people import Size
from app.services.simulated_year import DAYS


@click.command()
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another seed is another year.")
@click.option(
    "--scale", type=click.FloatRange(0.001, 10), default=1.0, show_default=True,
    help="1 is 13 programmes, 700 organisations, 600 venues and 500,000 notes.",
)  # fmt: skip
@json_option
@pass_office
def simulate(office: Office, seed: int, scale: float, as_json: bool) -> None:
    """Make the year of a national programme where there are no books yet, and say what an audit has to find in it."""
    settings, began = office.settings, time.monotonic()
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Living through a year", total=DAYS)
        made = simulating.simulate(
            settings.database_url, seed=seed, size=Size.scaled(scale), now=office.now, host=settings.note_host,
            designs=settings.designs, day_done=lambda _day: progress.advance(task),
        )  # fmt: skip
    _tell(made, round(time.monotonic() - began, 1), as_json)


def _tell(made: simulating.Simulated, seconds: float, as_json: bool) -> None:
    planted = [{"check": check, "concerns": list(concerns)} for check, concerns in made.planted]
    if as_json:
        times = {"begins": made.begins.isoformat(), "ends": made.ends.isoformat()}
        click.echo(json.dumps({**times, "counts": made.counts, "planted": planted, "seconds": seconds}))
        return
    for name, count in made.counts.items():
        say(f"{count:>9,}  {name}")
    say(f"An audit has to find these {len(planted)}, and nothing else:")
    for each in planted:
        say(f"  {each['check']}: {', '.join(each['concerns'])}")
