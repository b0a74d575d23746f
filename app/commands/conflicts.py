"""Visits that went wrong: notes given back by staff, and notes that two venues took while apart."""

import sys
from uuid import UUID

import click

from app.commands.office import Office, json_option, pass_office, say, show_json, show_table
from app.core.errors import BadInput, shown
from app.services import resolving, reversing
from app.services.resolving import Conflict


@click.command()
@click.argument("redemption")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@json_option
@pass_office
def reverse(office: Office, redemption: str, reason: str, as_json: bool) -> None:
    """Give the notes of REDEMPTION back, at any time; refused when their paper was destroyed."""
    answer = reversing.reverse_by_staff(
        office.books, redemption_id=_id(redemption), reason=reason, actor=office.actor, now=office.now
    )
    if as_json:
        show_json(answer)
    elif answer["outcome"] == "reversed":
        say(f"The notes of {redemption} are good again.")
    else:
        say(f"Nothing was given back: {_REFUSALS[answer['reason']]}")
    sys.exit(0 if answer["outcome"] == "reversed" else 1)


_REFUSALS = {
    "not_accepted": "the visit was not accepted, or was for practice.",
    "retired": "the paper of these notes was destroyed already.",
}


@click.command()
@click.option("--all", "resolved_too", is_flag=True, help="Those that somebody resolved as well.")
@json_option
@pass_office
def conflicts(office: Office, resolved_too: bool, as_json: bool) -> None:
    """Visits accepted offline with notes that another visit had spent, until a person resolves them."""
    found = resolving.offline_conflicts(office.books, resolved_too=resolved_too)
    if as_json:
        show_json({"conflicts": [_told(each) for each in found]})
        return
    rows: list[list[object]] = [
        [each.redemption_id, note.serial.printed, f"{each.place.venue}, {each.place.desk}", f"{each.place.at:%Y-%m-%d %H:%M}",
         f"{note.first.venue}, {note.first.desk}", f"{note.first.at:%Y-%m-%d %H:%M}",
         each.resolution.reason if each.resolution else "open"]
        for each in found
        for note in each.notes
    ]  # fmt: skip
    show_table(["redemption", "note", "accepted offline at", "(UTC)", "spent before at", "(UTC)", "came to"], rows)


@click.command()
@click.argument("redemption")
@click.option("--reason", required=True, metavar="WORD", help="What you came to: written_off, for one.")
@click.option("--note", help="Anything that should be remembered with it.")
@json_option
@pass_office
def resolve(office: Office, redemption: str, reason: str, note: str | None, as_json: bool) -> None:
    """Record what was come to about the conflict of REDEMPTION; the audit finds it no more."""
    found = resolving.resolve_conflict(
        office.books, redemption_id=_id(redemption), reason=reason, note=note, actor=office.actor, now=office.now
    )
    if as_json:
        show_json(_told(found))
    else:
        say(f"The conflict of {redemption} is resolved: {reason}.")


def _told(found: Conflict) -> dict[str, object]:
    came_to = found.resolution
    return {
        "redemption": found.redemption_id, "venue": found.place.venue, "desk": found.place.desk,
        "scanned_at": found.place.at, "recorded_at": found.recorded_at,
        "notes": [{"serial": note.serial, "first_redemption": note.first_redemption_id, "first_venue": note.first.venue,
                   "first_desk": note.first.desk, "first_at": note.first.at} for note in found.notes],
        "resolution": {"reason": came_to.reason, "note": came_to.note, "actor": came_to.actor, "at": came_to.at}
        if came_to else None,
    }  # fmt: skip


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput(f"{shown(text)} is no id of a redemption: `hournote show SERIAL` tells it.") from error
