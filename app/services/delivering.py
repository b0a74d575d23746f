"""Delivering: notes are sent to an organisation with a link and a PIN, handed over at the counter, or called back."""

import base64
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, Row

from app.core import ledger
from app.core import span as spans
from app.core.audit import OVERDUE
from app.core.errors import Conflict, NotFound, NotOrdered, Refused, Unavailable
from app.core.ledger import Movement
from app.core.lifecycle import Kind, State
from app.core.roles import Deed
from app.core.span import Span
from app.services import choosing, custody, rights
from app.services.directory import Organisation
from app.store import closures, deliveries, parties
from app.store import custody as holdings
from app.store.access import Account
from app.store.database import Store, lock_series
from app.store.deliveries import Delivery, Link, Parcel, Receipt

__all__ = ["Delivery", "Parcel", "Receipt"]

LINK_LIFE = timedelta(days=30)
OVERDUE_AFTER = OVERDUE[State.DISPATCHED]
"""As the audit has it."""

NO_DELIVERY = "There is no such delivery."
ASKED_ELSE = "This was sent before, and asked for something else: look at the form and send it again."
BOOKS_CLOSED = "The books were restored and are not reopened: deliveries wait until the office has reopened them."
IS_OVER = "This delivery is over: it was received or called back already."


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery, with the secret of its link and its PIN where they were made now: they are kept nowhere."""

    delivery: Delivery
    secret: str | None = None
    pin: str | None = None


def dispatch(
    store: Store, *, by: Account, organisation_id: int, scanned: Sequence[Span], order: str | None, bundles: int,
    handed: bool, request_id: UUID, key: bytes, now: datetime,
) -> Sent:  # fmt: skip
    """Send notes to an organisation: those that were scanned, and so many bundles of an order from stock. With `handed` they are
    issued at once. `key` hides the PIN in the books. Again gives the delivery without its secrets.

    Raises BadInput, NotAllowed, NotFound, NotOrdered, Refused for notes that are not in stock, Conflict, and Unavailable as
    every step of a delivery does while restored books are closed.
    """

    def work(connection: Connection) -> Sent:
        to = _organisation(connection, by, organisation_id)
        _lock(connection, to.programme_id)
        before = deliveries.by_id(connection, request_id)
        if before is not None:
            is_theirs = (before.organisation_id, before.actor) == (to.id, by.email)
            if not is_theirs or not choosing.is_same(connection, before, scanned, order, bundles, handed):
                raise Conflict(ASKED_ELSE)
            return Sent(before)
        check_books(connection)
        parcels = choosing.chosen(connection, to, scanned, order, bundles)
        _move(
            connection, parcels, Kind.ISSUE if handed else Kind.DISPATCH, request_id, by.email, now, organisation=to.id
        )
        deliveries.add(connection, request_id, organisation_id=to.id, parcels=parcels, actor=by.email, at=now)
        if handed:
            counts = [_counted("here", each.notes, each.notes, 0) for each in parcels]
            made = Receipt("handed", counts, sum(each.notes for each in parcels), 0, by.email, now)
            deliveries.add_receipt(connection, request_id, made)
            return Sent(_existing(connection, request_id))
        return _linked(connection, request_id, by.email, key, now)

    return store.write(work)


def new_link(store: Store, *, by: Account, delivery_id: UUID, key: bytes, now: datetime) -> Sent:
    """Another link and PIN for a delivery that is under way; those before are closed. Raises NotAllowed, NotFound, Refused."""

    def work(connection: Connection) -> Sent:
        found = _mine(connection, by, Deed.DELIVER, delivery_id)
        _lock(connection, found.programme_id)
        check_books(connection)
        if _existing(connection, delivery_id).receipt is not None:
            raise Refused(IS_OVER)
        deliveries.close_links(connection, delivery_id, now)
        return _linked(connection, delivery_id, by.email, key, now)

    return store.write(work)


def call_back(store: Store, *, by: Account, delivery_id: UUID, now: datetime) -> Delivery:
    """The notes come back into stock; the link is closed. Again gives the same. Raises NotAllowed, NotFound, Refused."""

    def work(connection: Connection) -> Delivery:
        found = _mine(connection, by, Deed.DELIVER, delivery_id)
        _lock(connection, found.programme_id)
        found = _existing(connection, delivery_id)
        if found.receipt is not None:
            if found.receipt.kind == "recalled":
                return found
            raise Refused(IS_OVER)
        check_books(connection)
        back = still_sent(connection, found)
        parcels = [
            Parcel(each.order, each.bundle, mine) for each, mine in zip(found.parcels, back, strict=True) if mine
        ]
        _move(connection, parcels, Kind.RETURN, uuid5(delivery_id, "recalled"), by.email, now)
        counts = [_counted("missing", 0, 0, 0) for _each in found.parcels]
        deliveries.add_receipt(connection, delivery_id, Receipt("recalled", counts, 0, 0, by.email, now))
        deliveries.close_links(connection, delivery_id, now)
        deliveries.add_event(connection, delivery_id, "recalled", by.email, now)
        return _existing(connection, delivery_id)

    return store.write(work)


def issue_released(store: Store, *, by: Account, delivery_id: UUID, request_id: UUID, now: datetime) -> int:
    """Issue to its organisation what a confirmed delivery left on hold and somebody released since; gives how many notes.

    Again gives the same. Raises NotAllowed, NotFound, Refused where there is nothing, Unavailable.
    """
    own_id = uuid5(delivery_id, f"released {request_id}")

    def work(connection: Connection) -> int:
        found = _mine(connection, by, Deed.DELIVER, delivery_id)
        _lock(connection, found.programme_id)
        found = _existing(connection, delivery_id)
        codes = sorted({each.whole.series for each in found.parcels})
        known = [each for code in codes for each in custody.recorded(connection, uuid5(own_id, code))]
        if known:
            return sum(len(each.movement.span) for each in known)
        check_books(connection)
        left = released(connection, found)
        if not left:
            raise Refused("Nothing of this delivery waits to be issued: release what is on hold first.")
        _move(connection, left, Kind.ISSUE, own_id, by.email, now, organisation=found.organisation_id)
        return sum(each.notes for each in left)

    return store.write(work)


def released(connection: Connection, found: Delivery) -> list[Parcel]:
    """What a confirmed delivery left on hold and is released since, by bundle."""
    if found.receipt is None or found.receipt.kind != "confirmed":
        return []
    left = zip(found.parcels, still_sent(connection, found), strict=True)
    return [Parcel(each.order, each.bundle, mine) for each, mine in left if mine]


def notes_released(store: Store, found: Delivery) -> int:
    """How many notes of it wait to be issued."""
    return store.read(lambda connection: sum(each.notes for each in released(connection, found)))


def receive(
    connection: Connection, found: Delivery, tallied: Sequence[tuple[str, int]], *, actor: str, now: datetime
) -> Delivery:
    """Issue what was found whole and hold the rest; `tallied` has for each bundle what was found and how many were counted.

    In the caller's transaction; a delivery that is over stays as it is.
    """
    _lock(connection, found.programme_id)
    found = _existing(connection, found.id)
    if found.receipt is not None:
        return found
    check_books(connection)
    good, bad, counts = list[Parcel](), dict[str, list[Parcel]](), list[dict[str, Any]]()
    for parcel, mine, (word, counted) in zip(found.parcels, still_sent(connection, found), tallied, strict=True):
        notes = sum(map(len, mine))
        is_good = word == "here" and counted in (parcel.notes, notes)  # with or without what was stopped on the way
        if mine:
            left = Parcel(parcel.order, parcel.bundle, mine)
            (good if is_good else bad.setdefault(HELD_AS[word], [])).append(left)
        counts.append(_counted(word, counted, notes if is_good else 0, 0 if is_good else notes))
    _move(connection, good, Kind.ISSUE, uuid5(found.id, "issued"), actor, now, organisation=found.organisation_id)
    for reason, parcels in sorted(bad.items()):
        _move(connection, parcels, Kind.HOLD, uuid5(found.id, f"held {reason}"), actor, now, reason=reason)
    issued, held = (sum(each[name] for each in counts) for name in ("issued", "held"))
    deliveries.add_receipt(connection, found.id, Receipt("confirmed", counts, issued, held, actor, now))
    deliveries.use_link(connection, found.id, now)
    return _existing(connection, found.id)


HELD_AS = {"missing": "lost", "opened": "damaged", "here": "lost"}
"""Why what was not found whole is held, in the words of the books; a bundle that is here and short has lost notes."""


def check_books(connection: Connection) -> None:
    """Raise Unavailable while restored books are closed: a delivery may have been received or called back since the backup."""
    if closures.closed_reason(connection) is not None:
        raise Unavailable(BOOKS_CLOSED, reason="closed")


def still_sent(connection: Connection, found: Delivery) -> list[tuple[Span, ...]]:
    """For each bundle the notes that are still on their way by this delivery: not what was held or void since, nor what came
    back and went out again by another."""
    out = {code: _dispatched(connection, found, code) for code in {each.whole.series for each in found.parcels}}
    return [
        tuple(shared for span in each.spans for sent in out[each.whole.series] if (shared := span.intersection(sent)))
        for each in found.parcels
    ]


def stopped(store: Store, found: Delivery) -> list[list[Span]]:
    """For each bundle the notes of a delivery under way that were held, made void or taken back on the way."""
    left = store.read(lambda connection: still_sent(connection, found))
    return [
        [rest for span in each.spans for rest in span.minus_all(sent)]
        for each, sent in zip(found.parcels, left, strict=True)
    ]


def _dispatched(connection: Connection, found: Delivery, code: str) -> list[Span]:
    """The notes of a series that this delivery sent last, and that are on their way."""
    series = parties.series_by_code(connection, code)
    if series is None:
        return []
    sent: list[Span] = []
    for deed in custody.recorded(connection, uuid5(found.id, code)):
        span = deed.movement.span
        held = ledger.within(holdings.holdings_touching(connection, series.id, span), span)
        away = [h.span for h in held if h.state is State.DISPATCHED and h.standing.holder == found.organisation_id]
        later = [
            each.movement.span
            for each in holdings.movements_over(connection, series.id, span)
            if each.id > deed.id and each.movement.kind is Kind.DISPATCH
        ]
        sent += [rest for each in away for rest in each.minus_all(later)]
    return sent


def under_way(store: Store, *, by: Account) -> list[Delivery]:
    """What is on its way in the account's reach, the oldest first. Raises NotAllowed."""
    programme = rights.programme_of(by, Deed.SEE_DELIVERIES)
    return store.read(lambda connection: deliveries.under_way(connection, programme_id=programme))


def waiting_for(store: Store, organisation_id: int) -> list[Delivery]:
    """What is on its way to an organisation, the oldest first."""
    return store.read(lambda connection: deliveries.under_way(connection, organisation_id=organisation_id))


def ended(store: Store, *, by: Account, most: int) -> list[Delivery]:
    """What was received or called back, the newest first. Raises NotAllowed."""
    programme = rights.programme_of(by, Deed.SEE_DELIVERIES)
    return store.read(lambda connection: deliveries.newest(connection, most, programme_id=programme))


def delivery_of(store: Store, *, by: Account, delivery_id: UUID) -> tuple[Delivery, list[Row[Any]], Link | None]:
    """A delivery, what was done to its link, and the link that is good or was used. Raises NotAllowed, NotFound."""

    def work(connection: Connection) -> tuple[Delivery, list[Row[Any]], Link | None]:
        found = _mine(connection, by, Deed.SEE_DELIVERIES, delivery_id)
        return found, deliveries.events(connection, delivery_id), deliveries.newest_link(connection, delivery_id)

    return store.read(work)


def sender(store: Store, found: Delivery) -> str:
    """The name of the programme that a delivery comes from."""
    names = {each.id: each.name for each in store.read(parties.programmes)}
    return names[found.programme_id]


def is_overdue(found: Delivery, now: datetime) -> bool:
    """Whether it has been on its way for longer than an audit lets pass."""
    return found.receipt is None and now - found.at > OVERDUE_AFTER


def pin_hmac(key: bytes, secret: str, pin: str) -> bytes:
    """What the books keep of a PIN (HMAC-SHA-256, RFC 2104): without the service's key, nobody can try them all."""
    return hmac.digest(key, f"delivery:{secret}:{pin}".encode(), "sha256")


def _linked(connection: Connection, delivery_id: UUID, actor: str, key: bytes, now: datetime) -> Sent:
    secret, pin = base64.b32encode(secrets.token_bytes(15)).decode(), f"{secrets.randbelow(1_000_000):06d}"
    hashed = sha256(secret.encode()).digest()
    deliveries.add_link(connection, hashed, delivery_id, pin_hmac(key, secret, pin), now + LINK_LIFE)
    deliveries.add_event(connection, delivery_id, "linked", actor, now)
    return Sent(_existing(connection, delivery_id), secret, pin)


def _move(
    connection: Connection, parcels: Sequence[Parcel], kind: Kind, request_id: UUID, actor: str, now: datetime, *,
    organisation: int | None = None, reason: str | None = None,
) -> None:  # fmt: skip
    """Move whole bundles, series by series, each under an id of its own."""
    moving: dict[str, list[Span]] = {}
    for span in spans.merge(span for each in parcels for span in each.spans):
        moving.setdefault(span.series, []).append(span)
    for code, mine in moving.items():
        series = parties.series_by_code(connection, code)
        if series is None:
            raise NotOrdered(f"The notes {mine[0]} were never ordered.")
        deeds = [Movement(kind, span, organisation, reason) for span in mine]
        custody.record(connection, series, deeds, [], uuid5(request_id, code), note=None, actor=actor, now=now)


def _lock(connection: Connection, programme_id: int) -> None:
    """Wait for whoever moves notes of the programme; a delivery may be of several series."""
    mine = [each.id for each in parties.all_series(connection) if each.programme_id == programme_id]
    lock_series(connection, mine, shared=False)


def _counted(found: str, counted: int, issued: int, held: int) -> dict[str, Any]:
    return {"found": found, "counted": counted, "issued": issued, "held": held}


def _organisation(connection: Connection, by: Account, organisation_id: int) -> Organisation:
    rights.require(by, Deed.DELIVER)
    for each in parties.organisations(connection):
        if each.id == organisation_id and rights.reaches(by, Deed.DELIVER, programme_id=each.programme_id):
            return each
    raise NotFound("There is no such organisation: choose one of the list.")


def _mine(connection: Connection, by: Account, deed: Deed, delivery_id: UUID) -> Delivery:
    """A delivery in reach; any other is not there."""
    found = deliveries.by_id(connection, delivery_id)
    if rights.may(by, deed) and found and rights.reaches(by, deed, programme_id=found.programme_id):
        return found
    rights.require(by, deed)
    raise NotFound(NO_DELIVERY)


def _existing(connection: Connection, delivery_id: UUID) -> Delivery:
    found = deliveries.by_id(connection, delivery_id)
    if found is None:
        raise NotFound(NO_DELIVERY)
    return found
