"""Replacing a torn note: it is made void, and another is issued to the same organisation, in one step."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection

from app.core import reference, token
from app.core import serial as serials
from app.core.errors import BadInput, BadSpan, BadToken, NotFound, NotOrdered, Refused
from app.core.ledger import Movement
from app.core.lifecycle import Kind, State
from app.core.serial import Serial
from app.core.span import Span
from app.core.wall_clock import LONDON
from app.services import custody, directory, naming, wording
from app.services.directory import Series
from app.services.naming import Named
from app.store import hand_outs, parties, spending
from app.store.database import lock_series

REASON = "damaged"
ONE_NOTE = "Name one note, by its code or by its serial."


@dataclass(frozen=True, slots=True)
class Swap:
    """A torn note and the one that takes its place, with the organisation that has both afterwards; `moves` where the other
    comes from stock."""

    torn: Serial
    other: Serial
    programme_id: int
    organisation_id: int
    organisation: str
    moves: bool


def one_note(text: str) -> Serial:
    """The note that was typed or scanned; of a token no more than its serial. Raises BadInput."""
    try:
        return token.parse(text).serial
    except BadToken:
        pass
    try:
        meant = reference.parse(text)
    except BadSpan as error:
        raise BadInput(ONE_NOTE) from error
    if not isinstance(meant, Span) or len(meant) != 1:
        raise BadInput(ONE_NOTE)
    return meant.first_serial


def check(connection: Connection, torn: Serial, other: Serial, now: datetime) -> Swap:
    """What would be done, both series being locked. Raises Refused, NotOrdered."""
    if torn == other:
        raise Refused("A note cannot take its own place: name another one.")
    if serials.programme_of(torn.series) != serials.programme_of(other.series):
        raise Refused("The other note is of another programme: take one of the same.")
    mine, theirs = _series(connection, torn), _series(connection, other)
    lock_series(connection, sorted({mine.id, theirs.id}), shared=False)
    holder = _torn_holder(connection, mine, torn)
    moves = _other_moves(connection, theirs, other, holder, now)
    return Swap(torn, other, mine.programme_id, holder, parties.organisation_names(connection)[holder], moves)


def carry_out(
    connection: Connection, swap: Swap, *, note: str | None, actor: str, now: datetime, request_id: UUID
) -> dict[str, Any]:
    """Make the torn note void and issue the other, where it is not issued already; gives what was done, as JSON."""
    told = wording.joined(note, f"replaced by {swap.other.printed}")
    meant = Named(directory.find_series(connection, swap.torn.series), (_span(swap.torn),))
    custody.move_stretches(
        connection, Kind.VOID, meant, reason=REASON, note=told, actor=actor, now=now, request_id=request_id
    )
    if swap.moves:
        issue = Movement(Kind.ISSUE, _span(swap.other), swap.organisation_id, None)
        custody.record(
            connection, directory.find_series(connection, swap.other.series), [issue], [], uuid5(request_id, "other"),
            note=wording.joined(note, f"in place of {swap.torn.printed}"), actor=actor, now=now,
        )  # fmt: skip
    return {
        "torn": swap.torn.printed, "other": swap.other.printed, "organisation": swap.organisation, "moved": swap.moves
    }  # fmt: skip


def _series(connection: Connection, note: Serial) -> Series:
    try:
        return directory.find_series(connection, note.series)
    except NotFound as error:
        raise NotOrdered(f"The note {note.printed} was never ordered.") from error


def _span(note: Serial) -> Span:
    return Span(note.series, note.number, note.number)


def _torn_holder(connection: Connection, series: Series, torn: Serial) -> int:
    held = naming.held(connection, series, _span(torn))
    if not held:
        raise NotOrdered(f"The note {torn.printed} was never ordered.")
    if spending.count_redeemed(connection, series.id, _span(torn)):
        raise Refused("The torn note was spent already: it is replaced by nothing.")
    holder = held[0].standing.holder
    if held[0].state is not State.ISSUED or holder is None:
        raise Refused("The torn note is not issued to an organisation: look it up first.")
    return holder


def _other_moves(connection: Connection, series: Series, other: Serial, holder: int, now: datetime) -> bool:
    """Whether the other note has to be moved to the organisation. Raises Refused where it cannot take the place."""
    span = _span(other)
    held = naming.held(connection, series, span)
    is_stock = bool(held) and held[0].state is State.STOCKED
    is_theirs = bool(held) and held[0].state is State.ISSUED and held[0].standing.holder == holder
    if not is_stock and not is_theirs:
        raise Refused("The other note is neither in stock nor with the same organisation: take one that is.")
    if spending.count_redeemed(connection, series.id, span):
        raise Refused("The other note was spent already: take another one.")
    if hand_outs.overlapping(connection, series.id, span) is not None:
        raise Refused("The other note was handed out already: take one that is still on the shelf.")
    if series.expires_on is not None and now.astimezone(LONDON).date() > series.expires_on:
        raise Refused("The other note is past its last day: take another one.")
    return is_stock
