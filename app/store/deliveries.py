"""Deliveries to organisations, what became of them, and their links, as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from app.core import serial as serials
from app.core import span as spans
from app.core.fact import FactKind
from app.core.span import Span
from app.store import facts
from app.store.tables import delivery, delivery_event, delivery_link, organisation, receipt


@dataclass(frozen=True, slots=True)
class Parcel:
    """A bundle of a delivery: its order, its number there, and the notes that are in it."""

    order: str
    bundle: int
    spans: tuple[Span, ...]

    @property
    def notes(self) -> int:
        """How many notes are in it."""
        return sum(map(len, self.spans))

    @property
    def whole(self) -> Span:
        """From its first note to its last."""
        return Span(self.spans[0].series, self.spans[0].first, self.spans[-1].last)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery; `counts` has for each bundle `found`, `counted`, `issued` and `held`."""

    kind: str
    counts: Sequence[Mapping[str, Any]]
    issued: int
    held: int
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """Notes that were sent to an organisation; `receipt` is None while they are on their way."""

    id: UUID
    organisation_id: int
    organisation: str
    programme_id: int
    parcels: tuple[Parcel, ...]
    notes: int
    actor: str
    at: datetime
    receipt: Receipt | None


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a delivery, by the hash of its secret."""

    secret_sha256: bytes
    delivery_id: UUID
    pin_hmac: bytes
    wrong: int
    expires_at: datetime
    used_at: datetime | None
    closed_at: datetime | None


def add(
    connection: Connection,
    delivery_id: UUID,
    *,
    organisation_id: int,
    parcels: Sequence[Parcel],
    actor: str,
    at: datetime,
) -> None:
    """Append a delivery."""
    connection.execute(
        delivery.insert().values(
            id=delivery_id, organisation_id=organisation_id, bundles=[_kept(each) for each in parcels],
            notes=sum(each.notes for each in parcels), actor=actor, at=at,
        )
    )  # fmt: skip
    facts.enter(connection, FactKind.DELIVERY, delivery_id)


def add_receipt(connection: Connection, delivery_id: UUID, made: Receipt) -> None:
    """Append what became of it; there is one, or the database refuses."""
    connection.execute(
        receipt.insert().values(
            delivery_id=delivery_id, kind=made.kind, counts=list(made.counts), issued=made.issued, held=made.held,
            actor=made.actor, at=made.at,
        )
    )  # fmt: skip
    facts.enter(connection, FactKind.RECEIPT, delivery_id)


def by_id(connection: Connection, delivery_id: UUID) -> Delivery | None:
    """The delivery of that id."""
    row = connection.execute(_deliveries().where(delivery.c.id == delivery_id)).first()
    return _delivery(row) if row is not None else None


def under_way(
    connection: Connection, *, programme_id: int | None = None, organisation_id: int | None = None
) -> list[Delivery]:
    """What nobody has received yet (of one programme or organisation, where it is named), the oldest first."""
    query = _reach(_deliveries().where(receipt.c.kind.is_(None)), programme_id, organisation_id)
    return [_delivery(row) for row in connection.execute(query.order_by(delivery.c.at, delivery.c.id))]


def newest(connection: Connection, most: int, *, programme_id: int | None = None) -> list[Delivery]:
    """What came to an end, the newest first."""
    query = _reach(_deliveries().where(receipt.c.kind.is_not(None)), programme_id, None)
    return [_delivery(row) for row in connection.execute(query.order_by(receipt.c.at.desc()).limit(most))]


def add_event(connection: Connection, delivery_id: UUID, kind: str, actor: str, at: datetime) -> None:
    """Note what was done to the link of a delivery."""
    connection.execute(delivery_event.insert().values(delivery_id=delivery_id, kind=kind, actor=actor, at=at))


def events(connection: Connection, delivery_id: UUID) -> list[Row[Any]]:
    """What was done to its link (`kind`, `actor`, `at`), the newest first."""
    query = sa.select(delivery_event).where(delivery_event.c.delivery_id == delivery_id)
    return list(connection.execute(query.order_by(delivery_event.c.id.desc())))


def add_link(
    connection: Connection, secret_sha256: bytes, delivery_id: UUID, pin_hmac: bytes, expires_at: datetime
) -> None:
    """Add a link."""
    values = {"secret_sha256": secret_sha256, "delivery_id": delivery_id, "pin_hmac": pin_hmac}
    connection.execute(delivery_link.insert().values(**values, expires_at=expires_at))


def link(connection: Connection, secret_sha256: bytes, *, hold: bool = True) -> Link | None:
    """The link of that secret; with `hold` kept from others until this transaction ends, so that guesses queue."""
    query = sa.select(delivery_link).where(delivery_link.c.secret_sha256 == secret_sha256)
    row = connection.execute(query.with_for_update() if hold else query).first()
    return Link(*row) if row is not None else None


def newest_link(connection: Connection, delivery_id: UUID) -> Link | None:
    """The link of a delivery that is open, or was used."""
    mine = [delivery_link.c.delivery_id == delivery_id, delivery_link.c.closed_at.is_(None)]
    row = connection.execute(sa.select(delivery_link).where(*mine)).first()
    return Link(*row) if row is not None else None


def count_wrong(connection: Connection, found: Link) -> int:
    """Count a PIN that was not it; gives how many there were."""
    mine = delivery_link.c.secret_sha256 == found.secret_sha256
    connection.execute(delivery_link.update().where(mine).values(wrong=delivery_link.c.wrong + 1))
    return found.wrong + 1


def use_link(connection: Connection, delivery_id: UUID, at: datetime) -> None:
    """The delivery is received: its link tells so from now on and does nothing else."""
    connection.execute(delivery_link.update().where(*_open(delivery_id)).values(used_at=at))


def close_links(connection: Connection, delivery_id: UUID, at: datetime) -> None:
    """End every link of a delivery."""
    connection.execute(delivery_link.update().where(*_open(delivery_id)).values(closed_at=at))


def close_every_link(connection: Connection, at: datetime) -> None:
    """End every link of every delivery."""
    is_open = [delivery_link.c.used_at.is_(None), delivery_link.c.closed_at.is_(None)]
    connection.execute(delivery_link.update().where(*is_open).values(closed_at=at))


def _open(delivery_id: UUID) -> list[sa.ColumnElement[bool]]:
    mine = delivery_link.c.delivery_id == delivery_id
    return [mine, delivery_link.c.used_at.is_(None), delivery_link.c.closed_at.is_(None)]


def _reach(query: sa.Select[Any], programme_id: int | None, organisation_id: int | None) -> sa.Select[Any]:
    if programme_id is not None:
        query = query.where(organisation.c.programme_id == programme_id)
    return query if organisation_id is None else query.where(delivery.c.organisation_id == organisation_id)


def _deliveries() -> sa.Select[Any]:
    became = [receipt.c.kind, receipt.c.counts, receipt.c.issued, receipt.c.held, receipt.c.actor, receipt.c.at]
    return (
        sa.select(delivery, organisation.c.name, organisation.c.programme_id)
        .add_columns(*(each.label(f"r_{each.name}") for each in became))
        .join(organisation, organisation.c.id == delivery.c.organisation_id)
        .outerjoin(receipt, receipt.c.delivery_id == delivery.c.id)
    )


def _delivery(row: Row[Any]) -> Delivery:
    became = None
    if row.r_kind is not None:
        became = Receipt(row.r_kind, row.r_counts, row.r_issued, row.r_held, row.r_actor, row.r_at)
    parcels = tuple(_parcel(each) for each in row.bundles)
    return Delivery(
        row.id, row.organisation_id, row.name, row.programme_id, parcels, row.notes, row.actor, row.at, became
    )  # fmt: skip


def _parcel(kept: Mapping[str, Any]) -> Parcel:
    ends = [(serials.parse_canonical(first), serials.parse_canonical(last)) for first, last in kept["spans"]]
    return Parcel(kept["order"], kept["bundle"], tuple(spans.between(*each) for each in ends))


def _kept(parcel: Parcel) -> dict[str, Any]:
    ends = [[str(each.first_serial), str(each.last_serial)] for each in parcel.spans]
    return {"order": parcel.order, "bundle": parcel.bundle, "spans": ends}
