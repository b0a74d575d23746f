"""Reporting: the hours that were spent, by month, venue and the organisation that the notes were issued to."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection

from app.core.errors import BadInput, shown
from app.services import directory
from app.store import log, tallies
from app.store.database import Store
from app.store.tallies import Line

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Hours:
    """Of a month (2026-11, on the clock of the venues): notes spent and given back, and the hours that they come to."""

    month: str
    venue: str
    organisation: str
    programme: str
    redeemed: int
    given_back: int
    hours: int


@dataclass(frozen=True, slots=True)
class Report:
    """The hours of what has its place in the log; `waiting`: facts that have none yet, of any kind."""

    lines: list[Hours]
    waiting: int


def hours_spent(store: Store, *, programme: str | None = None, month: str | None = None) -> Report:
    """The report of a month, or of all; of a programme's notes and of its venues, where it is named.

    Raises BadInput, NotFound.
    """
    number = _number(month) if month is not None else None

    def work(connection: Connection) -> Report:
        owner = directory.find_programme(connection, programme).id if programme is not None else None
        found = tallies.lines(connection, month=number, programme_id=owner)
        return Report([_hours(line) for line in found], log.count_pending(connection))

    return store.read(work)


def _hours(line: Line) -> Hours:
    month = f"{line.month // 100}-{line.month % 100:02}"
    return Hours(
        month, line.venue, line.organisation, line.programme, line.redeemed, line.given_back,
        line.redeemed - line.given_back,
    )  # fmt: skip


def _number(text: str) -> int:
    found = _MONTH.fullmatch(text.strip())
    if found is None:
        raise BadInput(f"{shown(text)} is no month: write it like 2026-11.")
    return int(found[1]) * 100 + int(found[2])
