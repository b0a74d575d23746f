"""Retiring: the counted paper of spent notes was destroyed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from app.core import reference
from app.core.errors import Conflict, Refused
from app.core.lifecycle import NoteState
from app.core.reference import Reference
from app.core.span import Span, merge
from app.services import naming, wording
from app.services.custody import Moved
from app.store import spending
from app.store.database import Store, lock_series


def retire_notes(
    store: Store, *, named: str, actor: str, now: datetime, request_id: UUID, note: str | None = None
) -> Moved:
    """Retire every note that `named` names; each must be redeemed, and none retired yet. Raises Refused, NotOrdered.

    The same `request_id` again gives the same answer.
    """
    wanted, remark = reference.parse(named), wording.perhaps(note, "note", wording.LONGEST_REMARK)

    def work(connection: Connection) -> Moved:
        series = naming.series_of(connection, wanted)
        lock_series(connection, [series.id], shared=False)
        known = spending.retirement_by_request(connection, request_id)
        if known is not None:
            return _same_again(connection, naming.whole_of(connection, wanted), known)
        meant = naming.resolve(connection, wanted)
        whole = Span(meant.series.code, meant.spans[0].first, meant.spans[-1].last)
        made = _retire(connection, meant, whole, request_id, remark, actor, now)
        return _retired(made, whole, meant.spans, meant.passed_over)

    return store.write(work)


def _same_again(connection: Connection, wanted: Reference, known: Row[Any]) -> Moved:
    """What was retired then, whatever was voided or reinstated since. Raises Conflict for a retirement of others."""
    named, whole = naming.whole_of(connection, wanted), Span(known.code, known.first, known.last)
    if whole != named if isinstance(wanted, Span) else not named.covers(whole):
        raise Conflict("This request id stands for another retirement already.")
    spans = _spans(whole.series, spending.numbers_of_retirement(connection, known.id))
    return _retired(known.id, whole, spans, named.minus_all(spans))


def _retired(made: int, whole: Span, spans: Sequence[Span], passed_over: Sequence[Span]) -> Moved:
    notes = sum(map(len, spans))
    return Moved(made, "retire", whole, NoteState.RETIRED, notes, notes, tuple(passed_over))


def _retire(
    connection: Connection,
    meant: naming.Named,
    whole: Span,
    request_id: UUID,
    note: str | None,
    actor: str,
    now: datetime,
) -> int:
    for span in meant.spans:
        _check_spent(connection, meant.series.id, span)
    return spending.add_retirement(
        connection, meant.series.id, whole, meant.spans, request_id=request_id, note=note, actor=actor, at=now
    )


def _check_spent(connection: Connection, series_id: int, span: Span) -> None:
    retired = _spans(span.series, spending.retired_numbers(connection, series_id, span))
    if retired:
        raise Refused(f"The notes {retired[0]} are retired already; nothing was changed.")
    spent = _spans(span.series, spending.redeemed_numbers(connection, series_id, span))
    unspent = span.minus_all(spent)
    if unspent:
        raise Refused(
            f"The notes {unspent[0]} are not redeemed, and only spent notes are retired; nothing was changed."
        )


def _spans(series: str, numbers: list[int]) -> list[Span]:
    return merge(Span(series, number, number) for number in numbers)
