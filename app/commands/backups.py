"""Backups: made of the live books, restored closed, and the books reopened."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from uuid import uuid4

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from app.commands.log import read_checkpoint
from app.commands.office import Office, json_option, pass_office, say, show_json, show_table, warn
from app.core import backup as core
from app.core.checkpoint import CheckpointKey
from app.core.errors import Refused
from app.services import backing_up, closing, log, restoring
from app.services.backing_up import BackedUp, Finding, Stages

SILENT_SECONDS = 1.0
"""What takes longer shows how far it is."""

_against = click.option(
    "--against", type=click.Path(path_type=Path), help="The newest checkpoint that anyone outside holds."
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--no-check", is_flag=True, help="Do not restore and audit it.")
@json_option
@pass_office
def backup(office: Office, file: Path, no_check: bool, as_json: bool) -> None:
    """Write a backup of the live books to FILE, restore it aside and audit that; exit code 1 when it falls short."""
    with _progress() as stages:
        made = backing_up.back_up(
            office.books, file=file, key=_key(office).public, now=office.now, stages=stages, check=not no_check
        )
    bad = [each for each in made.findings if each not in made.known]
    checked = not no_check and made.unchecked is None
    if as_json:
        show_json(_answer(made, checked=checked))
    else:
        _say(made, bad, checked=checked)
    sys.exit(1 if bad or made.unchecked else 0)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_against
@json_option
@pass_office
def restore(office: Office, file: Path, against: Path | None, as_json: bool) -> None:
    """Restore the backup FILE into an empty database; its books stay closed to redemption until `hournote reopen`."""
    kept, url = read_checkpoint(against) if against else None, office.settings.database_url
    with _progress() as stages:
        made = restoring.restore_books(
            url, file=file, key=_key(office).public, actor=office.actor, now=office.now, request_id=uuid4(), stages=stages,
            kept=kept,
        )  # fmt: skip
    _enter(office)
    if as_json:
        show_json({**_of_backup(made.engine, made.before, made.made_at), "redemption": "closed", "lost": made.lost})
        return
    say(f"The books stand as on {made.made_at:%Y-%m-%d %H:%M} UTC, and are closed to redemption. {_lost(made.lost)}")
    say("Let the desks send their journals again, then run `hournote reopen --reason TEXT`.")


@click.command()
@click.option("--reason", required=True, help="Why it is safe now.")
@_against
@json_option
@pass_office
def reopen(office: Office, reason: str, against: Path | None, as_json: bool) -> None:
    """Reopen restored books to redemption."""
    kept = read_checkpoint(against) if against else None
    made = closing.reopen_books(
        office.books, reason=reason, actor=office.actor, now=office.now, request_id=uuid4(), key=_key(office).public,
        kept=kept,
    )  # fmt: skip
    _enter(office)
    if as_json:
        show_json({"redemption": "open", "reason": made.reason, "lost": made.lost, "held_back": made.held_back})
    else:
        say(f"Redemption is open again. {_lost(made.lost)}")
    if made.held_back:
        warn(
            f"{made.held_back:,} notes that desks took are still not issued in these books (`hournote cases`): enter their "
            "movements, and let the desks send their journals again, or these notes can be spent once more."
        )


def _of_backup(engine: str, revision: str, made_at: datetime) -> dict[str, object]:
    """What a machine is told of a backup, made or restored."""
    return {"engine": engine, "revision": revision, "made_at": made_at}


def _answer(made: BackedUp, *, checked: bool) -> dict[str, object]:
    return {
        "file": str(made.file), **_of_backup(made.engine, made.revision, made.made_at), "bytes": made.size_bytes,
        "checkpoint": made.checkpoint, "checked": checked, "unchecked": made.unchecked,
        "findings": list(made.findings), "also_in_the_books": list(made.known),
    }  # fmt: skip


def _say(made: BackedUp, bad: Sequence[Finding], *, checked: bool) -> None:
    if made.findings:
        rows: list[list[object]] = [
            [each.check, each.message, "no" if each in bad else "yes"] for each in made.findings
        ]
        show_table(["check", "finding", "in the books too"], rows)
    said = "restored aside and audited" if checked else "not checked"
    say(f"{made.file}: {made.size_bytes:,} bytes, the books of {made.made_at:%Y-%m-%d %H:%M} UTC, {said}.")
    if made.unchecked is not None:
        warn(f"hournote: {made.unchecked}")
    elif bad:
        warn(
            "hournote: What comes back from this backup is not what the books are: make another, and look at the disk."
        )
    elif made.findings:
        warn("hournote: The backup is as the books are, and they have findings: look with `hournote audit`.")


def _lost(lost: int | None) -> str:
    if lost is None:
        return "No checkpoint from outside was compared, so nobody knows what was lost: use --against."
    if lost == 0:
        return "Nothing that the checkpoint knows of was lost."
    return (
        f"The checkpoint knows of {lost:,} facts that were lost: desks send their journals again, staff enter the rest."
    )


def _enter(office: Office) -> None:
    """Give the closure its place in the log at once, so that it is under a checkpoint."""
    try:
        log.sequence(office.books, key=_key(office), clock=lambda: datetime.now(UTC))
    except Refused as error:
        warn(f"hournote: The log waits. {error.sentence}")


def _key(office: Office) -> CheckpointKey:
    return CheckpointKey(office.settings.checkpoint_key)


@contextmanager
def _progress() -> Iterator[Stages]:
    """What is being done and how far it is, shown once it takes longer than a second."""
    console, begun = Console(stderr=True), monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)

    def stages(what: str) -> core.Progress:
        task = bar.add_task(what, total=None)

        def progress(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of or None)
            if monotonic() - begun > SILENT_SECONDS:
                bar.start()

        return progress

    try:
        yield stages
    finally:
        bar.stop()
