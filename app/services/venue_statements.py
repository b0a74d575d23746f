"""Venue statements: what was brought to a venue in a month, for the venue and for whoever answers for it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from app.core.errors import BadInput
from app.core.wall_clock import begin_of, month_of
from app.store import parties, venue_months
from app.store.database import Store
from app.store.parties import Venue
from app.store.venue_months import Line

__all__ = ["Line"]


@dataclass(frozen=True, slots=True)
class VenueStatement:
    """A venue in a month like 202611, by offer, and the months that have a statement, newest first."""

    venue: Venue
    month: int
    lines: tuple[Line, ...]
    months: tuple[int, ...]

    @property
    def total(self) -> Line:
        """All offers together."""
        return Line(None, **{name: sum(getattr(each, name) for each in self.lines) for name in Line._fields[1:]})


def of_venue(store: Store, venue_id: int, *, now: datetime, month: int | None = None) -> VenueStatement | None:
    """The statement of a venue; None where there is none. `month` left out: the month of now. Raises BadInput."""
    wanted = month or month_of(now)
    since, until = ends(wanted)

    def work(connection: Connection) -> VenueStatement | None:
        found = parties.venue_by_id(connection, venue_id)
        if found is None:
            return None
        first = venue_months.first_visit(connection, venue_id) or now
        lines = venue_months.lines(connection, venue_id, since, until)
        return VenueStatement(found, wanted, tuple(lines), tuple(_months(month_of(first), month_of(now))))

    return store.read(work)


def ends(month: int) -> tuple[datetime, datetime]:
    """The moments at which a month like 202611 begins and is over. Raises BadInput."""
    try:
        return begin_of(date(*divmod(month, 100), 1)), begin_of(date(*divmod(following(month), 100), 1))
    except ValueError as error:
        raise BadInput("That is no month: it is written like 202611.") from error


def following(month: int) -> int:
    """The month after one like 202612."""
    return month + 1 if month % 100 < 12 else month + 89


def _months(first: int, last: int) -> list[int]:
    found = [first]
    while found[-1] < last:
        found.append(following(found[-1]))
    return found[::-1]
