"""What the summaries come to in a period, before anything is left out: each row is read once and added up in one pass."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection

from app.core.wall_clock import months_between
from app.services import impact_kept
from app.services.impact_kept import HandOuts
from app.services.impact_ways import WAYS, ways
from app.store import funders, parties
from app.store.database import Store
from app.store.funders import Cut, Funding
from app.store.impact import Numbers
from app.store.parties import Organisation, Venue

BUCKETS = (0, 7, 28, 91, 182, 364)
"""Days from which each stretch of waiting begins."""


class Given(NamedTuple):
    """What hand-outs come to."""

    hours: int = 0
    people: int = 0


class People(NamedTuple):
    """Who there is, as the books are."""

    organisations: tuple[Organisation, ...]
    venues: tuple[Venue, ...]
    fundings: tuple[Funding, ...]


def people(connection: Connection) -> People:
    """Everybody."""
    return People(
        tuple(parties.organisations(connection)), tuple(parties.venues(connection)), tuple(funders.fundings(connection))
    )


@dataclass(frozen=True, slots=True)
class Books:
    """Hours spent by month and way, organisation, venue and way, venue, offer, and days since the issue; hand-outs by month,
    organisation and activity; and names by kind and id."""

    months: list[int]
    ways: Mapping[tuple[int, str], int]
    spent_of: Mapping[int, int]
    at: Mapping[tuple[int, str], int]
    spent_at: Mapping[int, int]
    offers: Mapping[int, int]
    days: Mapping[int, int]
    given_months: Mapping[int, Given]
    given_of: Mapping[int, Given]
    activities: Mapping[str, Given]
    programme_of: Mapping[int, int]
    offer_at: Mapping[int, int]
    names: Mapping[str, Mapping[int, str]]
    spent: Numbers

    def between(self, organisations: list[int], venues: list[int]) -> dict[tuple[int, int], int]:
        """Hours that went from these organisations to these venues."""
        venue, organisation, notes = self.spent.T
        mine = np.isin(organisation, organisations) & np.isin(venue, venues)
        width = max(venues, default=0) + 1
        return {
            divmod(key, width): hours
            for key, hours in _sums(organisation[mine] * width + venue[mine], notes[mine]).items()
        }

    def buckets(self) -> dict[int, int]:
        """Notes by how long they waited."""
        found = dict.fromkeys(BUCKETS, 0)
        for day, hours in self.days.items():
            found[max(each for each in BUCKETS if each <= day)] += hours
        return found


def read(store: Store, connection: Connection, people: People, cut: Cut, first: int, last: int) -> Books:
    """The books from one month (202611) to another."""
    months, mine = months_between(first, last), _among(connection, cut)
    organisations, venues, _fundings = people
    offers = {each.id: each for each in parties.all_offers(connection)}
    kept = impact_kept.months(store, connection, months)
    place = np.repeat(np.arange(len(months)), [len(kept.spent[month]) for month in months])
    spent = np.concatenate([kept.spent[month] for month in months])
    place, spent = _cut(mine, spent[:, 1], place, spent)
    waited = np.concatenate([kept.waited[month] for month in months])
    (waited,) = _cut(mine, waited[:, 0], waited)
    given = _given(impact_kept.hand_outs(store, connection, first), months, mine)
    venue, organisation, notes = spent.T
    way = ways(venue, organisation, organisations, venues)
    by_month, at = (_sums(key * len(WAYS) + way, notes) for key in (place, venue))
    return Books(
        months, {(months[key // len(WAYS)], WAYS[key % len(WAYS)]): hours for key, hours in by_month.items()},
        _sums(organisation, notes), {(key // len(WAYS), WAYS[key % len(WAYS)]): hours for key, hours in at.items()},
        _sums(venue, notes), {key: hours for key, hours in _sums(waited[:, 1], waited[:, 3]).items() if key},
        _sums(waited[:, 2], waited[:, 3]), *given,
        {each.id: each.programme_id for each in organisations}, {key: each.venue_id for key, each in offers.items()},
        {
            "programme": {each.id: each.name for each in parties.programmes(connection)},
            "organisation": {each.id: each.name for each in organisations},
            "venue": {each.id: each.name for each in venues}, "offer": {key: each.name for key, each in offers.items()},
        },
        spent,
    )  # fmt: skip


def _among(connection: Connection, cut: Cut) -> list[int] | None:
    """The organisations whose hours count; None: all of them."""
    among = funders.earners(cut)
    return None if among is None else list(connection.scalars(among))


def _cut(mine: list[int] | None, organisation: Numbers, *columns: Numbers) -> tuple[Numbers, ...]:
    if mine is None:
        return columns
    rows = np.isin(organisation, mine)
    return tuple(column[rows] for column in columns)


def _given(
    found: HandOuts, months: list[int], mine: list[int] | None
) -> tuple[dict[int, Given], dict[int, Given], dict[str, Given]]:
    """What was given by month, by organisation and by activity."""
    month, organisation, hours, people = found.numbers.T
    place, inside = np.searchsorted(months, month), np.isin(month, months)
    if mine is not None:
        inside &= np.isin(organisation, mine)
    figures = hours[inside], people[inside]
    names = list(found.activities)
    return (
        {months[key]: told for key, told in _both(place[inside], *figures).items()},
        _both(organisation[inside], *figures),
        {names[key]: told for key, told in _both(found.places[inside], *figures).items()},
    )


def _both(keys: Numbers, hours: Numbers, people: Numbers) -> dict[int, Given]:
    added = _sums(keys, people)
    return {key: Given(total, added[key]) for key, total in _sums(keys, hours).items()}


def _sums(keys: Numbers, notes: Numbers) -> dict[int, int]:
    """The notes of each key that there is, in the order of the keys."""
    there = np.flatnonzero(np.bincount(keys))
    totals = np.bincount(keys, weights=notes)[there]  # doubles, which are exact below 2^53
    return dict(zip(there.tolist(), totals.astype(np.int64).tolist(), strict=True))
