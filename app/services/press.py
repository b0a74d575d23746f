"""The press: allocates the span of an order, signs it with a key that lives here alone, and writes the job file.

Serials, span and public key are committed only once the job file is safely on disk. An interruption leaves nothing in
the books, and the order is done again with a new key; `drafts` says what becomes of a file that was half-way.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from app.core import ledger, reference, token
from app.core import serial as serials
from app.core.errors import Refused, Unavailable
from app.core.job import Job
from app.core.ledger import Movement
from app.core.lifecycle import Kind
from app.core.signing import OrderKey
from app.core.span import Span
from app.services import directory, drafts, planning, printing, shops
from app.services.directory import Series
from app.services.drafts import Draft
from app.services.ordering import OrderRequest
from app.services.printing import Laying, NoteSize
from app.services.signers import sign_in_parallel
from app.store import custody, jobs, orders
from app.store.database import Store, lock_series
from app.store.jobs import Wanted
from app.store.orders import Order

SIGN_IN_PARALLEL = 20_000
"""Notes from which a second process is worth its start."""

__all__ = ["OrderRequest"]

_TRIES = 3
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """An order that is in the books, and its job file."""

    order: Order
    job: Path


def order_notes(
    store: Store, *, request: OrderRequest, host: str, designs: printing.Folders, out: Path, actor: str, now: datetime,
    request_id: UUID, progress: Progress = lambda signed: None, workers: int = 2,
) -> Made:  # fmt: skip
    """Allocate, sign and write `<order>.job.zip` into the folder `out`, readable by its owner alone.

    Raises BadInput, BadDesign, NotFound, Refused when the series has not enough numbers left or the file exists.
    """
    replaces = str(reference.parse_order(request.replaces)) if request.replaces is not None else None
    checked = replace(request, series=serials.parse_series(request.series), replaces=replaces)
    design = printing.design_files(checked.design, designs)
    note = printing.note_size(checked.design, designs)
    target = token.check_host(host)
    for _attempt in range(_TRIES):
        job = store.read(lambda connection: planning.plan(connection, checked, target, now))
        printing.laid_out(job.span, job.bundle_size, note, Laying(checked.sheet))  # what fits on no sheet is not signed
        key = OrderKey()
        signed = replace(job, public_key=key.public_key)
        with Draft(out, job.order, lambda found: _in_books(store, found)) as draft:
            draft.write(signed, _signatures(key, job.span, progress, workers), design)
            if _commit(store, checked, signed, note, request_id, actor):
                return Made(_order(signed, checked, actor), draft.keep())
    raise Unavailable("Others are ordering notes of this series at the same time: try again.")


def _commit(
    store: Store, request: OrderRequest, job: Job, note: NoteSize, request_id: UUID, actor: str
) -> bool:  # fmt: skip
    """Enter the order in the books; False when another took its numbers meanwhile."""

    def work(connection: Connection) -> bool:
        series = directory.find_or_open_series(connection, request.series)
        lock_series(connection, [series.id], shared=False)
        if custody.movement_by_request(connection, request_id) is not None:
            if _is_entered(connection, job):
                return True  # by this very call, whose answer was lost with its connection
            raise Refused("This request was carried out already: its order is in the books.")
        if not custody.allocate(connection, series.id, job.span):
            return False
        orders.add(connection, series.id, _order(job, request, actor))
        jobs.add(connection, _wanted(connection, request, job, note))
        _enter(connection, series, job, request_id, actor)
        return True

    return store.write(work)


def settle(store: Store, out: Path) -> None:
    """Finish what an interruption left in the folder `out`: a job file whose order is in the books gets its name, any other goes."""
    drafts.settle(out, lambda found: _in_books(store, found))


def _in_books(store: Store, job: Job) -> bool:
    return store.read(lambda connection: _is_entered(connection, job))


def _is_entered(connection: Connection, job: Job) -> bool:
    """Whether the order of a job file was entered, with that very key."""
    found = orders.by_id(connection, job.order)
    return found is not None and found.public_key == job.public_key


def _enter(connection: Connection, series: Series, job: Job, request_id: UUID, actor: str) -> None:
    ordered = Movement(Kind.ORDER, job.span)
    before = custody.holdings_touching(connection, series.id, job.span)
    movement_id = custody.add_movement(
        connection, series.id, ordered, request_id=request_id, note=str(job.order), actor=actor, at=job.created_at
    )
    custody.replace_holdings(connection, series.id, before, ledger.move(before, ordered), movement_id)


def _wanted(connection: Connection, request: OrderRequest, job: Job, note: NoteSize) -> Wanted:
    shop = shops.find(connection, request.print_shop) if request.print_shop is not None else None
    return Wanted(
        str(job.order), shop.id if shop else None, request.sheet, request.blank_sheets, note.width_mm, note.height_mm,
        note.bleed_mm,
    )  # fmt: skip


def _order(job: Job, request: OrderRequest, actor: str) -> Order:
    return Order(
        str(job.order), job.span, job.design, job.host, job.public_key, job.bundle_size, job.expires_on,
        request.replaces, actor, job.created_at,
    )  # fmt: skip


def _signatures(key: OrderKey, span: Span, progress: Progress, workers: int) -> Iterator[bytes]:
    """The signatures in serial order; a large order is shared with other processes."""
    alone = len(span) < SIGN_IN_PARALLEL or workers == 1
    signed = 0
    for block in key.sign_span(span) if alone else sign_in_parallel(key.sign_block, span, workers):
        signed += len(block) // token.SIGNATURE_BYTES
        progress(signed)
        yield block
