"""Counting spent paper: what a venue handed in is sorted, and what was spent there is retired in one go.

Nothing is kept of what is not ours, and of a token no more than its serial.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import Connection

from app.core.errors import BadInput, Conflict, Refused
from app.core.span import Span, merge
from app.services import bundling, directory, naming, wording
from app.store import parties, spending
from app.store.database import Store, lock_series

MOST_NOTES = 10_000


@dataclass(frozen=True, slots=True)
class Sorted:
    """A counted stack by what became of its notes; `strange` is how many things in it are no note of ours, `twice` the notes
    that were counted more than once; `things` how many things were read."""

    here: tuple[Span, ...] = ()
    elsewhere: tuple[Span, ...] = ()
    unspent: tuple[Span, ...] = ()
    retired: tuple[Span, ...] = ()
    unknown: tuple[Span, ...] = ()
    twice: tuple[Span, ...] = ()
    strange: int = 0
    things: int = 0


@dataclass(frozen=True, slots=True)
class Retired:
    """Notes of one series that were retired together."""

    span: Span
    notes: int


def sort(store: Store, *, venue_id: int, counted: str) -> Sorted:
    """Sort what was scanned or typed: tokens, serials, spans and labels, one on a line. Raises BadInput, NotFound."""
    spans, strange = _read(counted)
    found = store.read(lambda connection: _sorted(connection, venue_id, spans, strange))
    return replace(found, things=len(spans) + strange)


def retire(
    store: Store, *, venue_id: int, counted: str, note: str | None, actor: str, now: datetime, request_id: UUID
) -> list[Retired]:
    """Retire a stack of which every note was spent at that venue, in one transaction. Raises BadInput, NotFound, Refused.

    The same `request_id` with the same stack gives the same answer.
    """
    spans, strange = _read(counted)
    remark = wording.perhaps(note, "note", wording.LONGEST_REMARK)

    def work(connection: Connection) -> list[Retired]:
        codes = parties.series_by_codes(connection, {span.series for span in spans})
        lock_series(connection, [each.id for each in codes.values()], shared=False)
        before = _retired(connection, request_id)
        if before:
            return _same(connection, before, request_id, spans)
        _check(_sorted(connection, venue_id, spans, strange), strange)
        stacks = [[span for span in merge(spans) if span.series == code] for code in sorted(codes)]
        for place, stack in enumerate(stacks):
            whole = Span(stack[0].series, stack[0].first, stack[-1].last)
            spending.add_retirement(
                connection, codes[whole.series].id, whole, stack, request_id=_nth(request_id, place), note=remark,
                actor=actor, at=now,
            )  # fmt: skip
        return _retired(connection, request_id)

    return store.write(work)


def retired(store: Store, request_id: UUID, *, venue_id: int) -> list[Retired]:
    """What was retired under that id of the notes spent at that venue; nothing where nothing was."""

    def work(connection: Connection) -> list[Retired]:
        found = _retired(connection, request_id)
        return found if all(_spent_at(connection, venue_id, each.span) for each in found) else []

    return store.read(work)


def _spent_at(connection: Connection, venue_id: int, whole: Span) -> bool:
    """Whether the first note and the last were; a stack that was retired from a count is of one venue."""
    series = directory.find_series(connection, whole.series)
    ends = [Span(whole.series, number, number) for number in (whole.first, whole.last)]
    return all(
        any(each.venue_id == venue_id for each in spending.spendings_of(connection, series.id, end)) for end in ends
    )


def as_text(spans: Iterable[Span]) -> str:
    """Spans as they can be sent again, one on a line."""
    return "\n".join(map(str, spans))


def _read(counted: str) -> tuple[list[Span], int]:
    """The notes that were named, each as often as it was, and how many things name none. Raises BadInput."""
    things = bundling.things(counted)
    if not things:
        raise BadInput("Scan or type the notes that were counted.")
    if len(things) > MOST_NOTES:
        raise BadInput("That is more than 10,000 notes: count them in smaller stacks.")
    found = [span for thing in things if (span := bundling.notes_of(thing)) is not None]
    if sum(map(len, found)) > MOST_NOTES:
        raise BadInput("That is more than 10,000 notes: count them in smaller stacks.")
    return found, len(things) - len(found)


def _sorted(connection: Connection, venue_id: int, spans: Sequence[Span], strange: int) -> Sorted:
    known = parties.series_by_codes(connection, {span.series for span in spans})
    here: list[Span] = []
    elsewhere: list[Span] = []
    unspent: list[Span] = []
    gone: list[Span] = []
    unknown: list[Span] = []
    for span in merge(spans):
        series = known.get(span.series)
        held = naming.held(connection, directory.find_series(connection, span.series), span) if series else []
        ordered = [piece.span for piece in held]
        unknown += span.minus_all(ordered)
        if series is None or not ordered:
            continue
        retired = _spans(span.series, spending.retired_numbers(connection, series.id, span))
        lives = [each for each in spending.spendings_of(connection, series.id, span) if each.reversed_at is None]
        mine = _spans(span.series, (each.serial.number for each in lives if each.venue_id == venue_id))
        others = _spans(span.series, (each.serial.number for each in lives if each.venue_id != venue_id))
        gone += retired
        here += [rest for each in mine for rest in each.minus_all(retired)]
        elsewhere += [rest for each in others for rest in each.minus_all(retired)]
        unspent += [rest for each in ordered for rest in each.minus_all(merge([*mine, *others]))]
    kept, others_kept, whole, destroyed, strangers = (
        tuple(merge(each)) for each in (here, elsewhere, unspent, gone, unknown)
    )
    return Sorted(kept, others_kept, whole, destroyed, strangers, _twice(spans), strange)


def _twice(spans: Sequence[Span]) -> tuple[Span, ...]:
    """What lies in more than one of the spans."""
    found: list[Span] = []
    last: Span | None = None
    for span in sorted(spans):
        shared = last.intersection(span) if last else None
        found += [shared] if shared else []
        last = span if last is None or last.series != span.series or span.last > last.last else last
    return tuple(merge(found))


def _check(found: Sorted, strange: int) -> None:
    if any((found.elsewhere, found.unspent, found.retired, found.unknown)):
        raise Refused(
            "Some of these notes were not spent at this venue, or are retired already: sort the stack again. Nothing was changed."
        )
    if strange or not found.here:
        raise Refused("Not everything in this stack is a note of ours: sort it again. Nothing was changed.")


def _retired(connection: Connection, request_id: UUID) -> list[Retired]:
    found: list[Retired] = []
    while row := spending.retirement_by_request(connection, _nth(request_id, len(found))):
        notes = len(spending.numbers_of_retirement(connection, row.id))
        found.append(Retired(Span(row.code, row.first, row.last), notes))
    return found


def _same(
    connection: Connection, before: list[Retired], request_id: UUID, spans: Sequence[Span]
) -> list[Retired]:  # fmt: skip
    """The answer of then. Raises Conflict for another stack."""
    kept: list[Span] = []
    for place, each in enumerate(before):
        row = spending.retirement_by_request(connection, _nth(request_id, place))
        kept += _spans(each.span.series, spending.numbers_of_retirement(connection, row.id)) if row else []
    if merge(kept) != merge(spans):
        raise Conflict("This was sent before, for another stack: sort this one again.")
    return before


def _nth(request_id: UUID, place: int) -> UUID:
    """The id of the retirement of each series; the first has the request's own."""
    return request_id if place == 0 else uuid5(request_id, str(place))


def _spans(series: str, numbers: Iterable[int]) -> list[Span]:
    return merge(Span(series, number, number) for number in numbers)
