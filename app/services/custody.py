"""Custody: the movements of spans, each in one transaction that also counts what is spent already."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection

from app.core import ledger, reference
from app.core import span as spans
from app.core.errors import BadInput, Conflict, IllegalMovement, NotFound, NotOrdered, Refused
from app.core.ledger import Holding, Movement
from app.core.lifecycle import Kind, State
from app.core.reference import Label, OrderId, Reference
from app.core.span import Span
from app.services import directory, wording
from app.services.directory import Series
from app.store import custody, orders, spending
from app.store.custody import Recorded
from app.store.database import Store

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


@dataclass(frozen=True, slots=True)
class Balance:
    """An order as the print shop balanced it: ordered = good + spoiled + missing."""

    order: str
    movements: tuple[Moved, ...]
    good: int
    spoiled: int
    missing: int


@dataclass(frozen=True, slots=True)
class Named:
    """The notes that a person named: their series, the spans meant, and the void ones passed over."""

    series: Series
    spans: tuple[Span, ...]
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
        series = series_of(connection, wanted)
        store.lock_series(connection, [series.id], shared=False)
        holder = _receiver(connection, series, organisation)
        known = _recorded(connection, request_id)
        meant = resolve(connection, wanted, before=known[0].id if known else None)
        deeds = [Movement(kind, span, holder, why) for span in meant.spans]
        ids = _record(connection, series, deeds, known, request_id, note=remark, actor=actor, now=now)
        return _moved(connection, meant, kind, ids, again=bool(known))

    return store.write(work)


def balance_order(
    store: Store,
    *,
    order: str,
    spoiled: Sequence[str],
    missing: Sequence[str],
    actor: str,
    now: datetime,
    request_id: UUID,
) -> Balance:
    """The print shop's account of an order: what it does not name as spoiled or missing is good and printed.

    May be given again to name more spoiled or missing notes; the same `request_id` gives the same answer.
    Raises BadInput, NotOrdered, IllegalMovement, Conflict.
    """
    order_id = reference.parse_order(order)
    bad = [(Kind.SPOIL, spans.parse(each)) for each in spoiled] + [(Kind.MISS, spans.parse(each)) for each in missing]

    def work(connection: Connection) -> Balance:
        made = orders.by_id(connection, order_id)
        if made is None:
            raise NotOrdered(f"There is no order {order_id}: `hournote range` shows what was ordered.")
        _check_inside(made.span, [span for _kind, span in bad])
        series = directory.find_series(connection, made.span.series)
        store.lock_series(connection, [series.id], shared=False)
        deeds = [Movement(kind, span, reason=_WORD[kind]) for kind, span in bad]
        known = _recorded(connection, request_id)
        waiting = _still_ordered(connection, series, made.span, bad, before=known[0].id if known else None)
        deeds += [Movement(Kind.PRINT, span) for span in waiting]
        if not deeds:
            raise IllegalMovement(
                f"The order {order_id} was reported printed already, and this names nothing spoiled or missing."
            )
        ids = _record(connection, series, deeds, known, request_id, note=None, actor=actor, now=now)
        moved = [_one(connection, series, deed, each) for deed, each in zip(deeds, ids, strict=True)]
        return _balance(connection, series, made, moved, before=ids[-1] + 1 if known else None)

    return store.write(work)


def resolve(connection: Connection, wanted: Reference, *, before: int | None = None) -> Named:
    """The notes that a reference names: a span means every one, an order or label those that are not void.

    With `before`, those that it named before the movement of that id. Raises NotOrdered, IllegalMovement.
    """
    whole, series = whole_of(connection, wanted), series_of(connection, wanted)
    if isinstance(wanted, Span):
        return Named(series, (wanted,))
    held = _held(connection, series, whole, before=before)
    void = tuple(spans.merge(piece.span for piece in held if piece.state is State.VOID))
    live = tuple(whole.minus_all(void))
    if not live:
        raise IllegalMovement(f"Every note of {whole} is void: name the span itself if that is what you mean.")
    return Named(series, live, void)


def whole_of(connection: Connection, wanted: Reference) -> Span:
    """The span of a reference, void notes too. Raises NotOrdered."""
    if not isinstance(wanted, OrderId):
        return wanted.span if isinstance(wanted, Label) else wanted
    made = orders.by_id(connection, wanted)
    if made is None:
        raise NotOrdered(f"There is no order {wanted}.")
    return made.span


def series_of(connection: Connection, wanted: Reference) -> Series:
    """The series that a reference lies in. Raises NotOrdered."""
    span = whole_of(connection, wanted)
    try:
        return directory.find_series(connection, span.series)
    except NotFound as error:
        raise NotOrdered(f"The notes {span} were never ordered.") from error


_WORD = {Kind.SPOIL: "spoiled", Kind.MISS: "missing"}


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


def _record(
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
    before = custody.holdings_touching(connection, series.id, deed.span)
    redeemed = spending.count_redeemed(connection, series.id, deed.span)
    after = ledger.move(before, deed, redeemed=redeemed)
    movement_id = custody.add_movement(connection, series.id, deed, **fact)
    custody.replace_holdings(connection, series.id, before, after, movement_id)
    return movement_id


def _recorded(connection: Connection, request_id: UUID) -> list[Recorded]:
    """The movements that this request made before; none when it is new."""
    found: list[Recorded] = []
    while entry := custody.movement_by_request(connection, _nth(request_id, len(found))):
        found.append(entry)
    return found


def _nth(request_id: UUID, place: int) -> UUID:
    """The id of each movement of one request; the first has the request's own."""
    return request_id if place == 0 else uuid5(request_id, str(place))


def _moved(connection: Connection, meant: Named, kind: Kind, ids: Sequence[int], *, again: bool = False) -> Moved:
    """What movements did, in the state they left; how many notes are spent is counted now, whenever it is asked."""
    whole = Span(meant.series.code, meant.spans[0].first, meant.spans[-1].last)
    spent = sum(spending.count_redeemed(connection, meant.series.id, span) for span in meant.spans)
    held = _held(connection, meant.series, whole, before=ids[-1] + 1 if again else None)
    states = {piece.state for span in meant.spans for piece in ledger.within(held, span)}
    state = states.pop() if len(states) == 1 else MIXED
    return Moved(ids[0], kind, whole, state, sum(map(len, meant.spans)), spent, meant.passed_over)


def _one(connection: Connection, series: Series, deed: Movement, movement_id: int) -> Moved:
    return _moved(connection, Named(series, (deed.span,)), deed.kind, [movement_id], again=True)


def _held(connection: Connection, series: Series, span: Span, *, before: int | None = None) -> list[Holding]:
    """The stretches of a span as they stand; with `before`, as they stood before the movement of that id."""
    if before is None:
        return ledger.within(custody.holdings_touching(connection, series.id, span), span)
    told = (entry.movement for entry in custody.movements_over(connection, series.id, span) if entry.id < before)
    clipped = ((moved, moved.span.intersection(span)) for moved in told)
    return ledger.replay(replace(moved, span=shared) for moved, shared in clipped if shared)


def _check_inside(ordered: Span, named: Sequence[Span]) -> None:
    for span in named:
        if not ordered.covers(span):
            raise BadInput(f"The notes {span} are not of this order, which is {ordered}.")
    if sum(map(len, named)) != sum(map(len, spans.merge(named))):
        raise BadInput("The same notes are named twice as spoiled or missing: name each once.")


def _still_ordered(
    connection: Connection, series: Series, ordered: Span, bad: Sequence[tuple[Kind, Span]], *, before: int | None
) -> list[Span]:
    """The good notes that were not reported printed before."""
    held = _held(connection, series, ordered, before=before)
    waiting = [piece.span for piece in held if piece.state is State.ORDERED]
    return [piece for span in waiting for piece in span.minus_all(named for _kind, named in bad)]


def _balance(
    connection: Connection, series: Series, made: orders.Order, moved: Sequence[Moved], *, before: int | None
) -> Balance:
    void = [piece for piece in _held(connection, series, made.span, before=before) if piece.state is State.VOID]
    lost = {word: sum(len(piece.span) for piece in void if piece.standing.reason == word) for word in _WORD.values()}
    good = len(made.span) - sum(lost.values())
    return Balance(made.id, tuple(moved), good, lost["spoiled"], lost["missing"])
