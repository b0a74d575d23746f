"""The log: its checkpoints, proofs, verification, and the pack for auditors."""

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from app.commands.office import Office, json_option, pass_office, say, show_json, show_table, warn
from app.core.checkpoint import CheckpointKey
from app.core.errors import BadInput
from app.services import audit_pack as packs
from app.services import log, log_audit

LARGEST_NOTE_BYTES = 4096
_SIZE = click.IntRange(1, 2**53)


def _key(office: Office) -> CheckpointKey:
    return CheckpointKey(office.settings.checkpoint_key)


@click.command()
@json_option
@pass_office
def checkpoint(office: Office, as_json: bool) -> None:
    """Bring every fact into the log, and print its newest checkpoint for people outside to keep."""
    log.sequence(office.books, key=_key(office), clock=lambda: datetime.now(UTC))
    note, key = log.newest_checkpoint(office.books), str(_key(office).public)
    if as_json:
        show_json({"checkpoint": note, "key": key})
    else:
        click.echo(note if note is not None else "The log is empty as yet.", nl=note is None)


@click.command("verify-log")
@click.option("--against", type=click.Path(path_type=Path), help="A checkpoint that was kept outside.")
@json_option
@pass_office
def verify_log(office: Office, against: Path | None, as_json: bool) -> None:
    """Compare the books with the log and the log with its checkpoints; exit code 1 when anything does not agree."""
    kept = read_checkpoint(against) if against else None
    behind = log.catch_up(office.books, key=_key(office), clock=lambda: datetime.now(UTC))
    found = log_audit.verify(office.books, key=_key(office).public, now=datetime.now(UTC), kept=kept)
    if behind:
        warn(f"hournote: {behind}")
    if as_json:
        show_json(asdict(found))
    elif found.findings:
        show_table(["check", "finding"], [[each.check, each.message] for each in found.findings])
    else:
        waits = f", {found.waiting:,} more wait for their place" if found.waiting else ""
        say(f"The log is in order: {found.facts:,} facts{waits}.")
    sys.exit(1 if found.findings else 0)


@click.command()
@click.argument("fact", required=False)
@click.option("--from", "old", type=_SIZE, metavar="N", help="Instead: that the checkpoint of N facts is continued.")
@click.option("--to", "new", type=_SIZE, metavar="M", help="By the checkpoint of M facts (the newest unless said).")
@click.option("--json", is_flag=True, expose_value=False, help="A proof is JSON in any case.")
@pass_office
def prove(office: Office, fact: str | None, old: int | None, new: int | None) -> None:
    """Print, as JSON, that FACT (the id of an order, a movement, a redemption ...) is in the log; or, with --from, that one
    checkpoint of the log is continued by another."""
    if (fact is None) == (old is None) or (old is None and new is not None):
        raise click.UsageError(
            "Name a fact, or with --from the size of a checkpoint (and with --to that of a later one)."
        )
    key = _key(office).public
    if old is not None:
        show_json({"key": str(key), **log.prove_growth(office.books, key=key, old=old, new=new)})
    elif fact is not None:
        show_json({"key": str(key), "proofs": log.prove(office.books, key=key, ref=fact.strip())})


@click.command("audit-pack")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
@pass_office
def audit_pack(office: Office, file: Path, as_json: bool) -> None:
    """Write all facts and checkpoints to FILE, a zip that a stranger can verify with the script in it."""
    log.sequence(office.books, key=_key(office), clock=lambda: datetime.now(UTC))
    facts = _write(office, file)
    if as_json:
        show_json({"facts": facts, "file": str(file)})
    else:
        say(f"{facts:,} facts: {file}")


def _write(office: Office, file: Path) -> int:
    """Beside its name first, so that a pack is whole or not there."""
    part = file.with_name(f".{file.name}.part")
    try:
        with part.open("wb") as target:
            facts = packs.write(office.books, target, key=_key(office), now=office.now)
        part.replace(file)
    except OSError as error:
        raise BadInput(f"{file} cannot be written ({error.strerror}): name another place.") from error
    finally:
        part.unlink(missing_ok=True)
    return facts


def read_checkpoint(path: Path) -> str:
    """What somebody kept outside. Raises BadInput."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_NOTE_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read as a checkpoint: name the file that you kept.") from error
