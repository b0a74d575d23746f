"""The command `scanner`."""

import json
import logging
import os
import sys
import threading
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console
from rich.markup import escape

from app.core.errors import BadInput, HournoteError, NotAllowed, Unavailable
from scanner import keyrings
from scanner.client import is_private
from scanner.decode import engines
from scanner.events import Event, Kind
from scanner.frames import lasting
from scanner.home import Home
from scanner.look import look_through
from scanner.run import run
from scanner.sync import become, learn, status, sync
from scanner.view.words import LANGUAGES, language_here

_LINES = threading.Lock()


class Sentences(click.Group):
    """Commands whose every refusal is one plain sentence on standard error, with its exit code."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a HournoteError becomes its sentence."""
        try:
            return super().invoke(ctx)
        except HournoteError as error:
            _end(error.sentence, error.exit_code)
        except BrokenPipeError:
            # Whoever read our lines has gone; the interpreter must not trip over it once more when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            _end("Nobody reads the output any more.", 1)


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Scan notes at a desk and spend them."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    # httpx would log every address that is called, among them the ids of visits.
    logging.getLogger("httpx").setLevel(logging.WARNING)


@main.command("run")
@click.option(
    "--camera", default="0", show_default=True, metavar="N|NAME|FILE|FOLDER|URL", help="Where frames come from."
)
@click.option(
    "--window/--headless", "windowed", default=None, help="Show a window, or print a JSON line for each event."
)
@click.option("--offer", type=int, metavar="ID", help="The offer that notes are taken for.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language of the window; else that of this computer.")
@click.option("--full-screen/--no-full-screen", default=True, help="Fill the screen with the window.")
@click.option("--by-itself/--ask", default=False, help="Accept in the window as soon as the hours are complete.")
def run_command(
    camera: str, windowed: bool | None, offer: int | None, lang: str | None, full_screen: bool, by_itself: bool
) -> None:
    """Watch a camera, a video or a folder of pictures, and spend the notes that come into view."""
    home = Home.from_environment(os.environ)
    home.enrolment()  # says so where there is none
    engines()  # says so when one is missing
    if windowed is not False and _has_display(wanted=bool(windowed)):
        from scanner.view import window

        lang = lang or language_here(os.environ)
        window.attend(home, camera, language=lang, full_screen=full_screen, offer=offer, by_itself=by_itself)
    elif not run(home, lasting(camera), _tell_machine, offer=offer):
        raise Unavailable("Some visits could not be sent; they are in the journal: run `scanner sync` later.")


def _has_display(*, wanted: bool) -> bool:
    """Whether a window can be opened; whoever asks for one where there is none is told so."""
    from scanner.view import window

    missing = window.why_not(os.environ)
    if missing and wanted:
        raise NotAllowed(missing)
    if missing:
        click.echo(missing, err=True)
    return not missing


@main.command("enrol")
@click.argument("link", metavar="URL")
@click.option("--name", default="Front desk", show_default=True, help="What the desk is called.")
def enrol_command(link: str, name: str) -> None:
    """Make this scanner a desk, with the one-time link from `hournote desk add` (- reads it from standard input)."""
    home = Home.from_environment(os.environ)
    link = sys.stdin.readline() if link == "-" else link
    enrolment = become(home, link, name)
    click.echo(f"This scanner is now the desk {enrolment.desk} at {enrolment.venue}.")
    if not is_private(enrolment.server):
        click.echo(f"{enrolment.server} is not encrypted: others in this network can read along. Use https.", err=True)
    try:
        learn(home)
    except HournoteError as error:
        click.echo(f"{error.sentence} The keyring is not here yet: run `scanner sync`.", err=True)


@main.command("read")
@click.argument("images", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="IMAGE...")
@click.option("--json", "as_json", is_flag=True, help="Print a list with every text, serial, signature and place.")
@click.option(
    "--keyring", type=click.Path(path_type=Path), help="A snapshot or a job.toml, in place of the one kept here."
)
def read_command(images: tuple[Path, ...], as_json: bool, keyring: Path | None) -> None:
    """Read pictures and PDFs offline: which notes are in them, and whether each signature is good."""
    keys = keyrings.load(keyring) if keyring else Home.from_environment(os.environ).keyring()
    if not keys.keys:
        click.echo(
            "There is no keyring here, so no signature can be judged: run `scanner sync`, or give --keyring.", err=True
        )
    engines()  # says so when one is missing
    with Console(stderr=True).status("Reading") as status:  # on a terminal alone; a sheet takes seconds
        looked = look_through(
            images, keys, lambda path, page, of: status.update(f"Reading {escape(str(path))}, page {page} of {of}")
        )
    if as_json:
        click.echo(json.dumps([one.to_dict() for one in looked.found], indent=1))
    elif looked.pages:
        click.echo("\n".join(one.to_line() for one in looked.found))
    if looked.refused:
        _end("\n".join(looked.refused), BadInput.exit_code)
    if not looked.found:
        _end("Nothing could be read: hold the note flatter, nearer and in better light.", 1)


@main.command("sync")
def sync_command() -> None:
    """Send what waits in the journal, and fetch what is known of the notes."""
    sent, left = sync(Home.from_environment(os.environ), _tell_person)
    if left:
        raise Unavailable(f"{left} entries could not be sent yet; they stay in the journal.")
    click.echo(f"Everything is sent ({sent} now).")


@main.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def status_command(as_json: bool) -> None:
    """Which desk this is, what waits, and what it may do without the network."""
    found = status(Home.from_environment(os.environ))
    click.echo(
        json.dumps(found)
        if as_json
        else "\n".join(f"{name.replace('_', ' '):22}{'-' if value is None else value}" for name, value in found.items())
    )


def _tell_machine(event: Event) -> None:
    with _LINES:
        click.echo(event.to_json())


def _tell_person(event: Event) -> None:
    if event.kind is Kind.VERDICT:
        click.echo(f"{event.serial}  {event.verdict or 'refused'}  {event.more.get('message', '')}")
    elif event.kind is Kind.OFFLINE:
        click.echo(str(event.more.get("message", "")), err=True)


def _end(sentence: str, code: int) -> NoReturn:
    click.echo(sentence, err=True)
    raise SystemExit(code)
