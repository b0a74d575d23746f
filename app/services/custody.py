"""Custody: the movements of spans, each in one transaction that also counts what is spent already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection

from app.core import ledger, reference
from app.core.errors import BadInput, Conflict, Refused
from app.core.ledger import Movement
from app.core.lifecycle import Kind
from app.core.span import Span
from app.services import directory, naming, wording
from app.services.directory import Series
from app.services.naming import Named
from app.store import custody, hand_outs, spending
from app.store.custody import Recorded
from app.store.database import Store, lock_series

MIXED = "mixed"
"""The state after a release or reinstatement that took stretches to different states."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a movement did: its id, the notes it moved, the state they are in, and how many are spent already."""

    id: int
    kind: str
    span: Span
    state: str
    notes: int
    already_redeemed: int
    passed_over: tuple[Span, ...] = ()


def move_span(
    store: Store, *, kind: Kind, named: str, actor: str, now: datetime, request_id: UUID,
    organisation: str | None = None, reason: str | None = None, note: str | None = None,
) -> Moved:  # fmt: skip
    """Take the notes that `named` names (a span, an order's id or a label) a step on, all or none.

    The same `request_id` again gives the same answer. Raises BadInput, NotFound, NotOrdered, IllegalMovement, Conflict.
    """
    wanted = reference.parse(named)
    why = wording.perhaps(reason, "reason", wording.LONGEST_REASON)
    remark = wording.perhaps(note, "note", wording.LONGEST_REMARK)
    if kind in (Kind.ORDER, Kind.SPOIL, Kind.MISS, Kind.PRINT):
        raise BadInput(f"The step '{kind}' belongs to an order: use `hournote order` and `hournote printed`.")

    def work(connection: Connection) -> Moved:
        series = naming.series_of(connection, wanted)
        lock_series(connection, [series.id], shared=False)
        holder = _receiver(connection, series, organisation)
        known = recorded(connection, request_id)
        meant = naming.resolve(connection, wanted, before=known[0].id if known else None)
        deeds = [Movement(kind, span, holder, why) for span in meant.spans]
        ids = record(connection, series, deeds, known, request_id, note=remark, actor=actor, now=now)
        return moved(connection, meant, kind, ids, again=bool(known))

    return store.write(work)


def move_stretches(
    connection: Connection, kind: Kind, meant: Named, *, reason: str | None, note: str | None, actor: str, now: datetime,
    request_id: UUID,
) -> Moved:  # fmt: skip
    """Take stretches that were named before a step on, which needs no organisation; all or none."""
    lock_series(connection, [meant.series.id], shared=False)
    known = recorded(connection, request_id)
    deeds = [Movement(kind, span, None, reason) for span in meant.spans]
    ids = record(connection, meant.series, deeds, known, request_id, note=note, actor=actor, now=now)
    return moved(connection, meant, kind, ids, again=bool(known))


def _receiver(connection: Connection, series: Series, organisation: str | None) -> int | None:
    """The organisation that the notes go to, which must be of their programme."""
    if organisation is None:
        return None
    found = directory.find_organisation(connection, organisation)
    if found.programme_id != series.programme_id:
        raise Refused(
            f"{found.name} is of the programme {found.programme}: it gives out notes of that programme alone."
        )
    return found.id


def record(
    connection: Connection, series: Series, deeds: Sequence[Movement], known: Sequence[Recorded], request_id: UUID,
    *, note: str | None, actor: str, now: datetime,
) -> list[int]:  # fmt: skip
    """Append the movements and bring the holdings along; a repeat of the request changes nothing. Gives their ids."""
    if known:
        if [each.movement for each in known] != list(deeds):
            raise Conflict("This request id stands for another movement already.")
        return [each.id for each in known]
    return [
        _append(connection, series, deed, request_id=_nth(request_id, place), note=note, actor=actor, at=now)
        for place, deed in enumerate(deeds)
    ]


def _append(connection: Connection, series: Series, deed: Movement, **fact: Any) -> int:
    if deed.kind is Kind.RETURN:
        _refuse_given(connection, series, deed.span)
    before = custody.holdings_touching(connection, series.id, deed.span)
    redeemed = spending.count_redeemed(connection, series.id, deed.span)
    after = ledger.move(before, deed, redeemed=redeemed)
    movement_id = custody.add_movement(connection, series.id, deed, **fact)
    custody.replace_holdings(connection, series.id, before, after, movement_id)
    return movement_id


def _refuse_given(connection: Connection, series: Series, span: Span) -> None:
    """Notes that were handed out are with people: were they in stock again, their hours would count twice."""
    given = hand_outs.overlapping(connection, series.id, span)
    if given is not None:
        named = Span(series.code, given.first, given.last)
        raise Refused(
            f"The notes {named} were recorded as handed out: take back hand-out {given.id} first. Nothing was changed.",
            hand_out=given.id, named=str(named),
        )  # fmt: skip


def recorded(connection: Connection, request_id: UUID) -> list[Recorded]:
    """The movements that this request made before; none when it is new."""
    found: list[Recorded] = []
    while entry := custody.movement_by_request(connection, _nth(request_id, len(found))):
        found.append(entry)
    return found


def _nth(request_id: UUID, place: int) -> UUID:
    """The id of each movement of one request; the first has the request's own."""
    return request_id if place == 0 else uuid5(request_id, str(place))


def moved(connection: Connection, meant: Named, kind: Kind, ids: Sequence[int], *, again: bool = False) -> Moved:
    """What movements did: the state they left, and how many notes were spent then, whenever it is asked."""
    whole = Span(meant.series.code, meant.spans[0].first, meant.spans[-1].last)
    if again:
        made = zip(meant.spans, ids, strict=True)
        spent = sum(spending.count_redeemed_as_of(connection, meant.series.id, *each) for each in made)
    else:
        spent = sum(spending.count_redeemed(connection, meant.series.id, span) for span in meant.spans)
    held = naming.held(connection, meant.series, whole, before=ids[-1] + 1 if again else None)
    states = {piece.state for span in meant.spans for piece in ledger.within(held, span)}
    state = states.pop() if len(states) == 1 else MIXED
    return Moved(ids[0], kind, whole, state, sum(map(len, meant.spans)), spent, meant.passed_over)
