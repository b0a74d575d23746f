"""What a process keeps of the summaries: the months it read and the hand-outs, so that a new fact costs its own month alone.

A summary changes only in the transaction that gives a fact its place in the log, and only in that fact's month; and of
hand-outs none is ever changed or removed. A read sees one state of the books, so that both are known to be as they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Connection

from app.store import impact, log
from app.store.database import Store
from app.store.impact import Extent, Numbers

MOST_KEPT = 72
"""Months."""


@dataclass(frozen=True, slots=True)
class Months:
    """Rows of each month as `impact.spent` and `impact.waited` give them, at this size of the log."""

    size: int
    spent: Mapping[int, Numbers]
    waited: Mapping[int, Numbers]


@dataclass(frozen=True, slots=True)
class HandOuts:
    """Hand-outs that stand, of days from the begin of a month on, as `impact.handed_out` gives them; each activity is a place in
    `activities`."""

    extent: Extent
    month: int
    numbers: Numbers
    places: Numbers
    activities: Mapping[str, int]


_MONTHS: "WeakKeyDictionary[Store, Months]" = WeakKeyDictionary()
_HAND_OUTS: "WeakKeyDictionary[Store, HandOuts]" = WeakKeyDictionary()


def months(store: Store, connection: Connection, wanted: list[int]) -> Months:
    """These months at least, as the books are."""
    size = log.size(connection)
    spent, waited = _still(connection, _MONTHS.get(store), size)
    missing = [month for month in wanted if month not in spent]
    if len(spent) + len(missing) > MOST_KEPT:
        spent, waited = ({each: many[each] for each in wanted if each in many} for many in (spent, waited))
    spent |= {month: impact.spent(connection, month) for month in missing}
    waited |= {month: impact.waited(connection, month) for month in missing}
    found = _MONTHS[store] = Months(size, spent, waited)
    return found


def hand_outs(store: Store, connection: Connection, month: int) -> HandOuts:
    """Those of days from the begin of this month on at least, as the books are. One that is recorded late is new as any other."""
    extent, before = impact.extent(connection), _HAND_OUTS.get(store)
    found = _longer(connection, before, extent) if before is not None and before.month <= month else None
    if found is None:
        found = _with(
            connection, HandOuts(extent, month, np.empty((0, 4), np.int64), np.empty(0, np.int64), {}), after=0
        )
    _HAND_OUTS[store] = found
    return found


def forget() -> None:
    """Keep nothing, as a process that has just begun; for measurements."""
    _MONTHS.clear()
    _HAND_OUTS.clear()


def _still(connection: Connection, before: Months | None, size: int) -> tuple[dict[int, Numbers], dict[int, Numbers]]:
    """Of the months that were kept, those that are the same in the log of this size."""
    if before is None or before.size > size:
        return {}, {}
    changed = impact.months_since(connection, before.size) if size > before.size else set[int]()
    if changed is None:
        return {}, {}
    same = before.spent.keys() - changed
    return {each: before.spent[each] for each in same}, {each: before.waited[each] for each in same}


def _longer(connection: Connection, before: HandOuts, extent: Extent) -> HandOuts | None:
    """What was kept with what came since; None where one came late, with a smaller id, or one was taken back."""
    if extent == before.extent:
        return before
    if extent.taken_back != before.extent.taken_back:
        return None
    came = impact.count_after(connection, before.extent.newest)
    if came != extent.hand_outs - before.extent.hand_outs:
        return None
    kept = HandOuts(extent, before.month, before.numbers, before.places, before.activities)
    return _with(connection, kept, after=before.extent.newest)


def _with(connection: Connection, kept: HandOuts, *, after: int) -> HandOuts:
    came = impact.handed_out(connection, month=kept.month, after=after)
    known = dict(kept.activities)
    places = np.repeat([known.setdefault(name, len(known)) for name in came], [len(rows) for rows in came.values()])
    numbers = np.concatenate([kept.numbers, *came.values()])
    return HandOuts(kept.extent, kept.month, numbers, np.concatenate([kept.places, places.astype(np.int64)]), known)
