"""Statements: what an organisation, or the stock of a programme, had, got and gave, month by month."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.core import balance
from app.core.balance import STOCK, Balance, Month
from app.core.ledger import Movement
from app.core.span import Span
from app.core.wall_clock import month_of
from app.store import balances, parties, stretches
from app.store.balances import Told
from app.store.database import Store
from app.store.parties import Organisation, Programme


@dataclass(frozen=True, slots=True)
class Statement:
    """The lines of an account, oldest first, up to the month of now; `spent`: notes held today that were spent already,
    which were given out without a hand-out being recorded."""

    name: str
    months: tuple[Month, ...]
    spent: int = 0

    @property
    def held(self) -> int:
        """Notes, today."""
        return self.months[-1].held if self.months else 0


@dataclass(frozen=True, slots=True)
class OfOrganisation:
    """The statement of an organisation, and whose programme it is of."""

    organisation: Organisation
    statement: Statement


@dataclass(frozen=True, slots=True)
class OfProgramme:
    """The statement of a programme's own stock, and the line of each of its organisations in one month."""

    programme: Programme
    stock: Statement
    month: int
    lines: tuple[tuple[Organisation, Month], ...]


def of_organisation(store: Store, organisation_id: int, *, now: datetime) -> OfOrganisation | None:
    """The statement of an organisation; None where there is none."""

    def work(connection: Connection) -> OfOrganisation | None:
        found = next((each for each in parties.organisations(connection) if each.id == organisation_id), None)
        if found is None:
            return None
        codes = balances.series_ids(connection, organisation_id=organisation_id)
        made = _balance(_about(organisation_id, balances.movements(connection, codes)), connection, codes)
        months = _upto(made.months(organisation_id), now)
        spent = _spent(connection, codes, made.kept(organisation_id))
        return OfOrganisation(found, Statement(found.name, months, spent))

    return store.read(work)


def of_programme(store: Store, programme_id: int, *, now: datetime, month: int | None = None) -> OfProgramme | None:
    """The statement of a programme; None where there is none. `month` like 202611, left out: the month of now."""

    def work(connection: Connection) -> OfProgramme | None:
        found = next((each for each in parties.programmes(connection) if each.id == programme_id), None)
        if found is None:
            return None
        codes, wanted = balances.series_ids(connection, programme_id=programme_id), month or month_of(now)
        made = _balance(balances.movements(connection, codes), connection, codes)
        stock = Statement(found.name, _upto(made.months(STOCK), now))
        known = [each for each in parties.organisations(connection) if each.programme_id == programme_id]
        lines = tuple((each, _line(made.months(each.id), wanted)) for each in known)
        return OfProgramme(found, stock, wanted, lines)

    return store.read(work)


def programmes(store: Store) -> list[Programme]:
    """Every programme, by code."""
    return store.read(parties.programmes)


def total(lines: tuple[Month, ...] | list[Month], month: int) -> Month:
    """Lines of one month together."""
    names = ("brought_forward", *balance.COLUMNS, "held", "on_hold")
    return Month(month=month, **{name: sum(getattr(line, name) for line in lines) for name in names})


def _about(organisation_id: int, moved: list[Told]) -> list[Told]:
    """Of movements, what was done with notes that the organisation was ever given."""
    spans = balances.spans_given_to(moved, organisation_id)
    return [
        Told(told.at, part)
        for told in moved
        if isinstance(told.fact, Movement)
        for part in balance.clipped(told.fact, spans.get(told.fact.span.series, []))
    ]


def _balance(moved: list[Told], connection: Connection, codes: dict[int, str]) -> Balance:
    told = balances.in_order(moved, balances.hand_outs(connection, codes))
    return balance.balance((month_of(each.at), each.fact) for each in told)


def _upto(months: list[Month], now: datetime) -> tuple[Month, ...]:
    """The lines, with one of the month of now at the end."""
    this = month_of(now)
    if not months or months[-1].month >= this:
        return tuple(months)
    return (*months, _line(months, this))


def _line(months: list[Month], month: int) -> Month:
    """The line of a month, also of one in which nothing happened."""
    before = [each for each in months if each.month <= month]
    if not before:
        return Month(month, 0, 0, 0, 0, 0, 0, 0)
    last = before[-1]
    return last if last.month == month else Month(month, last.held, 0, 0, 0, 0, last.held, last.on_hold)


def _spent(connection: Connection, codes: dict[int, str], kept: list[Span]) -> int:
    counted = 0
    for series_id, code in codes.items():
        mine = [(span.first, span.last) for span in kept if span.series == code]
        counted += sum(each.redeemed for each in stretches.spent(connection, series_id, mine)) if mine else 0
    return counted
