"""Print jobs: how each order stands at its print shop, for the shop itself and for the offices."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from app.core import count, reference
from app.core import serial as serials
from app.core.count import Count, Counted, Report
from app.core.errors import BadDesign, BadInput, NotFound
from app.core.lifecycle import Kind, State
from app.core.roles import Deed, Scope
from app.core.span import Span
from app.services import printing, rights
from app.services.printing import LaidOut, Laying, NoteSize
from app.store import custody, jobs, orders, parties, requests, shops
from app.store.access import Account
from app.store.custody import Recorded
from app.store.database import Store
from app.store.jobs import Event, Settings, Wanted
from app.store.orders import Order

__all__ = ["Settings"]

NO_JOB = "There is no such job."
REPORTS = tuple(map(str, Counted))


class Stage(StrEnum):
    """How far a job is."""

    WAITS = "waits"
    TAKEN = "taken"
    COUNTING = "counting"
    BALANCED = "balanced"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Listed:
    """A job as a list shows it."""

    order: str
    span: Span
    design: str
    made_at: datetime
    print_shop: str | None
    stage: Stage
    count: Count


@dataclass(frozen=True, slots=True)
class PrintJob:
    """A job: its order, its print shop, what became of it, and its count, which is that of the books once it is closed."""

    order: Order
    programme_id: int
    print_shop_id: int | None
    print_shop: str | None
    wanted: Wanted | None
    kept: Settings | None
    events: tuple[Event, ...]
    closed_by: Recorded | None
    stage: Stage
    count: Count
    replaced_by: tuple[str, ...] = ()
    asked_again: tuple[UUID, ...] = ()

    @property
    def settings(self) -> Settings:
        """How it is composed: as the print shop said, else as it was ordered."""
        return self.kept or Settings(self.wanted.sheet if self.wanted else "sra3")

    @property
    def takings(self) -> tuple[Event, ...]:
        """When its file was taken, the oldest first."""
        return tuple(each for each in self.events if each.kind == "taken")

    @property
    def may_be_taken(self) -> bool:
        """Whether its file may be taken now: once, and once more each time that somebody allowed it."""
        return self.stage is not Stage.CLOSED and len(self.takings) <= self.allowed

    @property
    def allowed(self) -> int:
        """How often somebody allowed that it is taken again."""
        return sum(each.kind == "again" for each in self.events)

    @property
    def reports(self) -> tuple[Event, ...]:
        """What the print shop reported and did not take back, the oldest first."""
        return live(self.events)

    @property
    def programme(self) -> str:
        """The code of its programme."""
        return serials.programme_of(self.order.span.series)


def listed(store: Store, *, account: Account, most: int) -> list[Listed]:
    """The newest jobs in the account's reach. Raises NotAllowed."""
    scope = rights.require(account, Deed.SEE_JOBS)
    mine = {} if scope is Scope.NETWORK else {"programme_id": account.programme_id}
    if scope is Scope.SHOP:
        mine = {"print_shop_id": account.print_shop_id} if account.print_shop_id else mine
    without_shop = scope is Scope.SHOP and not account.print_shop_id

    def work(connection: Connection) -> list[Listed]:
        found = jobs.newest(connection, most, without_shop=without_shop, **mine)
        names = {each.id: each.name for each in shops.every(connection)}
        told = _Told(connection, [each.order for each in found], [each.span for each in found])
        return [
            Listed(
                each.order, each.span, each.design, each.made_at, names.get(each.print_shop_id or 0),
                told.stage(each.order, each.span), told.count(each.order, each.span),
            )
            for each in found
        ]  # fmt: skip

    return store.read(work)


def job_of(store: Store, *, account: Account, order: str) -> PrintJob:
    """One job that the account may see. Raises NotFound for any other."""
    return store.read(lambda connection: seen(connection, account, order))


def seen(connection: Connection, account: Account, order: str) -> PrintJob:
    """The same in a transaction. Raises NotFound."""
    try:
        made = orders.by_id(connection, reference.parse_order(order))
    except BadInput as error:
        raise NotFound(NO_JOB) from error
    series = parties.series_by_code(connection, made.span.series) if made is not None else None
    wanted = jobs.of(connection, made.id) if made is not None else None
    shop_id = wanted.print_shop_id if wanted else None
    if made is None or series is None or not _reaches(account, series.programme_id, shop_id):
        raise NotFound(NO_JOB)
    names = {each.id: each.name for each in shops.every(connection)}
    told = _Told(connection, [made.id], [made.span])
    return PrintJob(
        made, series.programme_id, shop_id, names.get(shop_id or 0), wanted, jobs.settings_of(connection, made.id),
        tuple(told.events[made.id]), told.closed_by(made.span), told.stage(made.id, made.span),
        told.count(made.id, made.span), tuple(orders.replacing(connection, made.id)),
        tuple(requests.orders_replacing(connection, made.id)),
    )  # fmt: skip


def may(account: Account, deed: Deed, job: PrintJob) -> bool:
    """Whether the account may do something with a job."""
    return rights.reaches(account, deed, programme_id=job.programme_id, print_shop_id=job.print_shop_id)


def live(events: Iterable[Event]) -> tuple[Event, ...]:
    """The reports among what became of a job, without those that were withdrawn."""
    told = tuple(events)
    gone = {each.withdraws for each in told}
    return tuple(each for each in told if each.kind in REPORTS and each.request_id not in gone)


def reports(events: Iterable[Event]) -> list[Report]:
    """The same, to be counted."""
    return [Report(Counted(each.kind), each.notes or 0, each.spans) for each in live(events)]


def note_size(job: PrintJob, designs: Path) -> NoteSize | None:
    """The size of its notes: as it was kept, else that of its design as it is now; None where that is gone."""
    if job.wanted is not None:
        return NoteSize(job.wanted.width_mm, job.wanted.height_mm, job.wanted.bleed_mm)
    try:
        return printing.note_size(job.order.design, designs)
    except BadDesign:
        return None


def laying(settings: Settings) -> Laying:
    """What of the settings tells which notes a sheet carries."""
    return Laying(settings.sheet, settings.office, settings.run_sheets)


def layout(job: PrintJob, designs: Path) -> LaidOut | None:
    """How it lies on its sheets; None where its design is gone."""
    size = note_size(job, designs)
    return printing.laid_out(job.order.span, job.order.bundle_size, size, laying(job.settings)) if size else None


def blank_sheets(job: PrintJob, laid: LaidOut | None) -> int | None:
    """Blank sheets for spoilage: as they were ordered, else the usual."""
    if job.wanted is not None and job.wanted.blank_sheets is not None:
        return job.wanted.blank_sheets
    return printing.blank_sheets(laid.sheets) if laid else None


def _reaches(account: Account, programme_id: int, print_shop_id: int | None) -> bool:
    return rights.reaches(account, Deed.SEE_JOBS, programme_id=programme_id, print_shop_id=print_shop_id)


class _Told:
    """What the books say of several jobs, read once for a whole list."""

    def __init__(self, connection: Connection, of_orders: Sequence[str], of_spans: Sequence[Span]) -> None:
        self.events: Mapping[str, list[Event]] = defaultdict(list)
        for event in jobs.events(connection, of_orders):
            self.events[event.order].append(event)
        self._ordered = custody.spans_in(connection, State.ORDERED)
        codes = {span.series for span in of_spans}
        ids = [each.id for each in parties.all_series(connection) if each.code in codes]
        self._pressed = custody.movements_at_press(connection, ids)

    def stage(self, order: str, span: Span) -> Stage:
        """How far a job is."""
        if not any(span.intersection(each) for each in self._ordered):
            return Stage.CLOSED
        told = self.events[order]
        if live(told):
            return Stage.COUNTING if self.count(order, span).open else Stage.BALANCED
        return Stage.TAKEN if any(each.kind == "taken" for each in told) else Stage.WAITS

    def count(self, order: str, span: Span) -> Count:
        """The count of a job: what is reported, and once it is closed what is in the books."""
        if any(span.intersection(each) for each in self._ordered):
            return count.count(len(span), reports(self.events[order]))
        spoiled, missing = self._of(span, Kind.SPOIL), self._of(span, Kind.MISS)
        good = [piece for each in self._of(span, Kind.PRINT) for piece in each.minus_all([*spoiled, *missing])]
        return Count(len(span), *(sum(map(len, spans)) for spans in (good, spoiled, missing)))

    def closed_by(self, span: Span) -> Recorded | None:
        """The movement by which a job was closed."""
        mine = [each for each in self._pressed if span.covers(each.movement.span)]
        return mine[-1] if mine else None

    def _of(self, span: Span, kind: Kind) -> tuple[Span, ...]:
        mine = (each.movement for each in self._pressed)
        return count.notes_of(each.span for each in mine if each.kind is kind and span.covers(each.span))
