"""Foreseeing: what an order would probably get, before it is asked for; by the rules that the press makes it by."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from app.core import reference
from app.core import serial as serials
from app.core.job import Job
from app.core.roles import Deed
from app.core.span import Span
from app.services import deeds, planning, printing, rights, shops
from app.services.directory import Programme
from app.services.ordering import OrderRequest
from app.services.printing import Laying
from app.store import making, parties
from app.store.access import Account
from app.store.database import Store


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The order as it would be made when all that was asked for before it is: others may come between."""

    order: str
    span: Span
    bundles: int
    expires_on: date | None
    host: str
    sheets: int
    blank_sheets: int
    print_shop: str | None


def programmes(store: Store, *, account: Account) -> list[Programme]:
    """The programmes that the account may order for. Raises NotAllowed."""
    mine = rights.programme_of(account, Deed.ORDER)
    return [each for each in store.read(parties.programmes) if mine in (None, each.id)]


def foresee(
    store: Store, *, account: Account, wanted: OrderRequest, host: str, designs: printing.Folders, now: datetime
) -> Foreseen:  # fmt: skip
    """What the order would get. Raises BadInput, BadDesign, NotAllowed, NotFound, Refused as the press would."""
    replaces = str(reference.parse_order(wanted.replaces)) if wanted.replaces is not None else None
    checked = replace(wanted, series=serials.parse_series(wanted.series), replaces=replaces)

    def work(connection: Connection) -> tuple[Job, str | None]:
        deeds.plan_order(connection, account, checked)
        before = [each.arguments for each in making.waiting(connection) if each.arguments["series"] == checked.series]
        ahead = sum(int(each["quantity"]) for each in before)
        job = planning.plan(connection, checked, host, now, ahead=ahead)
        shop = shops.find(connection, checked.print_shop).name if checked.print_shop is not None else None
        return replace(job, order=reference.OrderId(job.order.series, job.order.ordinal + len(before))), shop

    job, shop = store.read(work)
    note = printing.note_size(checked.design, designs)
    sheets = printing.laid_out(job.span, job.bundle_size, note, Laying(checked.sheet)).sheets
    blank = printing.blank_sheets(sheets) if checked.blank_sheets is None else checked.blank_sheets
    bundles = len(job.span.bundles(job.bundle_size))
    return Foreseen(str(job.order), job.span, bundles, job.expires_on, job.host, sheets, blank, shop)
