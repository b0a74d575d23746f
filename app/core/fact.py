"""A fact of the books as the log has it: one line of canonical JSON, of which the leaf is the hash.

Keys in order, no spaces, ASCII alone, whole numbers, times in UTC to the microsecond (RFC 8785 gives the same for such
values). The lines are a format for ever: what was hashed once must be spelt the same in fifty years.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.core.serial import Serial
from app.core.span import Span
from app.core.wall_clock import day_of


class FactKind(StrEnum):
    """What the log knows; each with the id that whoever made it gave it."""

    ORDER = "order"
    MOVEMENT = "movement"
    REDEMPTION = "redemption"
    REVERSAL = "reversal"
    RETIREMENT = "retirement"
    HAND_OUT = "hand_out"
    RETRACTION = "retraction"
    CONFLICT = "conflict"
    RESOLUTION = "resolution"
    CLOSURE = "closure"
    JOB = "job"
    DELIVERY = "delivery"
    RECEIPT = "receipt"
    COUNT = "count"


def order(
    order_id: str, span: Span, *, design: str, host: str, public_key: bytes, bundle_size: int, expires_on: date | None,
    replaces: str | None, actor: str, at: datetime,
) -> bytes:  # fmt: skip
    """An order: which key signed which notes."""
    return _line(
        FactKind.ORDER, order_id, at, **_ends(span), design=design, host=host, bundle_size=bundle_size, actor=actor,
        public_key=base64.b64encode(public_key).decode(), replaces=replaces,
        expires_on=expires_on.isoformat() if expires_on else None,
    )  # fmt: skip


def movement(
    request_id: UUID, kind: str, span: Span, *, number: int, organisation: int | None, reason: str | None,
    note: str | None, actor: str, at: datetime,
) -> bytes:  # fmt: skip
    """A span entered a state; `number` tells the order of movements, and a spent note's title names it."""
    return _line(
        FactKind.MOVEMENT, request_id, at, **_ends(span), number=number, kind=kind, organisation=organisation, reason=reason,
        note=note, actor=actor,
    )  # fmt: skip


def redemption(
    redemption_id: UUID, *, desk: int, venue: int, offer: int | None, outcome: str, reason: str | None, hours: int,
    practice: bool, offline: bool, request_sha256: bytes, answer: Mapping[str, Any],
    spent: Iterable[tuple[Serial, int, int, int]], scanned_at: datetime, at: datetime,
) -> bytes:  # fmt: skip
    """A visit, accepted or refused: each note of its `answer` with serial (none for what could not be read) and verdict,
    the whole answer as a hash, and as `spent` the notes whose life it ended: serial, round, to whom issued, and the
    movement that gave it title."""
    lives = [
        {"serial": str(serial), "round": life, "issued_to": issued_to, "title": title}
        for serial, life, issued_to, title in sorted(spent)
    ]
    return _line(
        FactKind.REDEMPTION, redemption_id, at, desk=desk, venue=venue, offer=offer, outcome=outcome, reason=reason,
        hours=hours, practice=practice, offline=offline, scanned_at=_moment(scanned_at), spent=lives,
        notes=[{"serial": note["serial"], "verdict": note["verdict"]} for note in answer["notes"]],
        answer_sha256=hashlib.sha256(_canonical(answer)).hexdigest(), request_sha256=request_sha256.hex(),
    )  # fmt: skip


def reversal(
    redemption_id: UUID, *, reason: str, actor: str, notes: Iterable[tuple[Serial, int]], at: datetime
) -> bytes:
    """A redemption given back: each note with the round that it reverses."""
    lives = [{"serial": str(serial), "round": life} for serial, life in sorted(notes)]
    return _line(FactKind.REVERSAL, redemption_id, at, reason=reason, actor=actor, notes=lives)


def retirement(
    request_id: UUID, span: Span, *, spans: Iterable[Span], note: str | None, actor: str, at: datetime
) -> bytes:
    """The paper of `spans`, all within `span`, was destroyed."""
    destroyed = [_ends(each) for each in spans]
    return _line(FactKind.RETIREMENT, request_id, at, **_ends(span), spans=destroyed, note=note, actor=actor)


def hand_out(
    request_id: UUID, span: Span, *, organisation: int, activity: str, hours: int, people: int, given_on: date | None,
    actor: str, at: datetime,
) -> bytes:  # fmt: skip
    """An organisation gave notes for hours. `given_on` is told where it is another day than that of the record, on the clock
    of the venues, so that those from before there was such a day are spelt as they were."""
    told = {} if given_on == day_of(at) else {"given_on": given_on.isoformat() if given_on else None}
    return _line(
        FactKind.HAND_OUT, request_id, at, **_ends(span), organisation=organisation, activity=activity, hours=hours,
        people=people, actor=actor, **told,
    )  # fmt: skip


def retraction(hand_out_request_id: UUID, *, reason: str, actor: str, at: datetime) -> bytes:
    """A hand-out taken back: the counter-entry names it."""
    return _line(FactKind.RETRACTION, hand_out_request_id, at, reason=reason, actor=actor)


def conflict(redemption_id: UUID, *, notes: Iterable[tuple[Serial, UUID]], at: datetime) -> bytes:
    """A visit accepted offline and refused here: each note that was spent before, and by which redemption."""
    spent = [{"serial": str(serial), "first_redemption": str(first)} for serial, first in sorted(notes)]
    return _line(FactKind.CONFLICT, redemption_id, at, notes=spent)


def resolution(redemption_id: UUID, *, reason: str, note: str | None, actor: str, at: datetime) -> bytes:
    """What a person came to about a conflict."""
    return _line(FactKind.RESOLUTION, redemption_id, at, reason=reason, note=note, actor=actor)


def closure(
    request_id: UUID, *, number: int, kind: str, reason: str, checkpoint: str | None, actor: str, at: datetime
) -> bytes:
    """The books were closed to redemption or reopened; `number` tells the order."""
    return _line(
        FactKind.CLOSURE, request_id, at, number=number, kind=kind, reason=reason, checkpoint=checkpoint, actor=actor
    )


def job(
    request_id: UUID, *, number: int, order: str, kind: str, turn: int | None, notes: int | None, named: str | None,
    spans: Iterable[Span], withdraws: UUID | None, actor: str, at: datetime,
) -> bytes:  # fmt: skip
    """Something that became of an order's job at the print shop: its file taken, notes reported; `number` tells the order."""
    return _line(
        FactKind.JOB, request_id, at, number=number, order=order, kind=kind, turn=turn, notes=notes, named=named,
        spans=[_ends(each) for each in spans], withdraws=str(withdraws) if withdraws else None, actor=actor,
    )  # fmt: skip


def delivery(
    delivery_id: UUID, *, organisation: int, bundles: Iterable[Mapping[str, Any]], notes: int, actor: str, at: datetime
) -> bytes:
    """Notes were sent or handed to an organisation: each bundle by its order, its number and the serials in it."""
    sent = [{"order": each["order"], "bundle": each["bundle"], "spans": each["spans"]} for each in bundles]
    return _line(FactKind.DELIVERY, delivery_id, at, organisation=organisation, bundles=sent, notes=notes, actor=actor)


def receipt(
    delivery_id: UUID,
    *,
    kind: str,
    counts: Iterable[Mapping[str, Any]],
    issued: int,
    held: int,
    actor: str,
    at: datetime,
) -> bytes:
    """What became of a delivery: what was found of each bundle, and how many notes were issued and held."""
    found = [{name: each[name] for name in ("found", "counted", "issued", "held")} for each in counts]
    return _line(FactKind.RECEIPT, delivery_id, at, kind=kind, counts=found, issued=issued, held=held, actor=actor)


def count(
    count_id: UUID, *, number: int, programme: int, organisation: int | None, expected: Iterable[Span],
    seen: Iterable[Span], odd: Iterable[Mapping[str, Any]], notes: Mapping[str, int], edition: int, note: str | None, actor: str,
    at: datetime,
) -> bytes:  # fmt: skip
    """A shelf was counted: what was expected there, what was seen, and the `odd` part of that, each with `why`, `holder` and
    `spans`; `notes`: how many each part comes to; `edition`: how often its sheet was changed."""
    told = [{**each, "spans": [_ends(span) for span in each["spans"]]} for each in odd]
    return _line(
        FactKind.COUNT, count_id, at, number=number, programme=programme, organisation=organisation, odd=told,
        expected=[_ends(each) for each in expected], seen=[_ends(each) for each in seen], notes=dict(notes), edition=edition,
        note=note, actor=actor,
    )  # fmt: skip


def _line(kind: FactKind, fact_id: UUID | str, at: datetime, /, **values: Any) -> bytes:
    return _canonical({"fact": kind, "id": str(fact_id), "at": _moment(at), **values})


def _canonical(whole: Mapping[str, Any]) -> bytes:
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def _ends(span: Span) -> dict[str, str]:
    return {"first": str(span.first_serial), "last": str(span.last_serial)}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
