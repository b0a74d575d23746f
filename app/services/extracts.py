"""Extracts: what each of the people is shown of the books: an organisation its notes, a venue its visits and its desks,
a print shop its orders."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import Connection

from app.core.span import Span
from app.services.accounts import Account
from app.store import access, counts, orders, parties, shops, spending
from app.store.access import Desk
from app.store.database import Store


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody of staff belongs, in words; each None where the account is not bound to one."""

    programme: str | None
    organisation: str | None
    venue: str | None
    shop: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A stretch of notes that an organisation has, and how many of them are spent."""

    span: Span
    state: str
    notes: int
    redeemed: int


@dataclass(frozen=True, slots=True)
class Printing:
    """An order as a print shop needs it, with the number of its notes in each state of custody."""

    id: str
    span: Span
    design: str
    bundle_size: int
    expires_on: date | None
    made_at: datetime
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit that a venue accepted: never whose, only what."""

    at: datetime
    desk: str
    offer: str | None
    hours: int
    serials: tuple[str, ...]
    reversed_at: datetime | None


def place_of(store: Store, account: Account) -> Place:
    """The names of the programme, organisation and venue that an account is bound to."""

    def work(connection: Connection) -> Place:
        programmes = {each.id: each.name for each in parties.programmes(connection)}
        venue = parties.venue_by_id(connection, account.venue_id) if account.venue_id else None
        return Place(
            programmes.get(account.programme_id or 0),
            parties.organisation_names(connection).get(account.organisation_id or 0),
            venue.name if venue else None,
            {each.id: each.name for each in shops.every(connection)}.get(account.print_shop_id or 0),
        )

    return store.read(work)


def notes_of_organisation(store: Store, organisation_id: int) -> list[Held]:
    """What an organisation has been sent or given, by series and number."""

    def work(connection: Connection) -> list[Held]:
        mine = counts.of_holder(connection, organisation_id)
        return [Held(span, state, len(span), spent) for span, state, spent in mine]

    return store.read(work)


def orders_of_programme(store: Store, programme_id: int | None, *, most: int) -> list[Printing]:
    """The newest orders of a programme (None: of all), the newest first."""

    def work(connection: Connection) -> list[Printing]:
        series = {
            each.code: each.id for each in parties.all_series(connection) if programme_id in (None, each.programme_id)
        }
        mine = (each for each in orders.all_orders(connection) if each.span.series in series)
        return [_printing(connection, series[each.span.series], each) for each in islice(mine, most)]

    return store.read(work)


def visits_of_venue(store: Store, venue_id: int, *, most: int) -> list[VisitLine]:
    """The newest visits that a venue accepted."""

    def work(connection: Connection) -> list[VisitLine]:
        desks = {desk.id: desk.name for desk, _venue in access.desks(connection)}
        offers = {each.id: each.name for each in parties.offers_of(connection, venue_id)}
        return [
            VisitLine(
                row.at, desks[row.desk_id], offers.get(row.offer_id) if row.offer_id else None, row.hours,
                tuple(note["serial"] for note in row.answer["notes"]), row.reversed_at,
            )
            for row in spending.visits_of_venue(connection, venue_id, most)
        ]  # fmt: skip

    return store.read(work)


def desks_of_venue(store: Store, venue_id: int) -> list[Desk]:
    """The desks of a venue, revoked ones too, by name."""
    return [desk for desk, _venue in store.read(access.devices) if desk.venue_id == venue_id]


def _printing(connection: Connection, series_id: int, order: orders.Order) -> Printing:
    counted = {str(state): notes for state, notes in counts.by_state(connection, series_id, order.span).items()}
    return Printing(order.id, order.span, order.design, order.bundle_size, order.expires_on, order.made_at, counted)
