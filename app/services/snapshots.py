"""Snapshots: what a desk carries to judge notes without the network, for all programmes, in a few kilobytes."""

import hashlib
import re
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection

from app.core.errors import NotFound
from app.core.lifecycle import State
from app.core.serial import Serial
from app.core.span import Span
from app.core.verifying import Key
from app.store import bitmaps, changes, closures, custody, log, orders, parties
from app.store.database import Store

MOST_CHANGES = 20_000
"""Notes of which changes tell; the whole says more of them in fewer bytes."""

_CURSOR = re.compile(r"([0-9A-Za-z_-]{1,40})\.(0|[1-9][0-9]{0,9})\.([0-9a-f]{8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cursor:
    """As of when a desk knows the books: the size of their log, and the last days of series, which are no facts of it.

    `epoch`: which books. Those that were restored from a backup are others, whose log says something else in its places.
    """

    epoch: str
    size: int
    last_days: str

    def __str__(self) -> str:
        return f"{self.epoch}.{self.size}.{self.last_days}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The cursor of its text, None for what is none."""
        found = _CURSOR.fullmatch(text)
        return cls(found[1], int(found[2]), found[3]) if found else None


@dataclass(frozen=True, slots=True)
class Standing:
    """What moves seldom: the keys, the notes that are worth an hour unless they are spent, and those that are stopped: held
    (they may be worth an hour again) or void. `held` are those of the `blocked` that are not void."""

    keyring: list[Key]
    issued: list[Span]
    blocked: list[Span]
    held: list[Span]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`redeemed`: for each series a bitmap, bit n - 1 (from the lowest bit of the first byte) for the spent note n."""

    cursor: Cursor
    standing: Standing
    redeemed: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a desk changes in the snapshot that it has: notes that are spent now, notes that are not, and what stands
    otherwise, None where nothing moved."""

    cursor: Cursor
    standing: Standing | None
    redeemed: list[Serial]
    given_back: list[Serial]


def snapshot(store: Store) -> Snapshot:
    """The whole state that a desk needs; no organisation is named in it."""
    return store.read(
        lambda connection: Snapshot(_cursor(connection), _standing(connection), bitmaps.redeemed(connection))
    )


def changes_since(store: Store, *, since: str) -> Changes:
    """What changed since the snapshot, or the changes, that had that cursor; some of it may be known already.

    Raises NotFound (410: take the whole again) for a cursor of other books, or when there is too much to tell.
    """
    known = Cursor.parse(since)

    def work(connection: Connection) -> Changes:
        now = _cursor(connection)
        if known is None or known.epoch != now.epoch or known.size > now.size:
            raise _gone("These books do not know that cursor")
        touched = changes.touched(connection, known.size, MOST_CHANGES)
        if touched is None:
            raise _gone(f"More than {MOST_CHANGES:,} notes changed since then")
        moved = known.last_days != now.last_days or changes.any_moved(connection, known.size)
        spent, unspent = (
            [serial for serial in sorted(touched) if touched[serial] is is_spent] for is_spent in (True, False)
        )
        return Changes(now, _standing(connection) if moved else None, spent, unspent)

    return store.read(work)


def _gone(why: str) -> NotFound:
    return NotFound(f"{why}: take the whole snapshot again, without `since`.", status=410)


def _cursor(connection: Connection) -> Cursor:
    days = [f"{series.code} {series.expires_on}" for series in parties.all_series(connection) if series.expires_on]
    last_days = hashlib.sha256("\n".join(days).encode()).hexdigest()[:8]
    return Cursor(closures.epoch(connection), log.size(connection), last_days)


def _standing(connection: Connection) -> Standing:
    return Standing(
        keyring=orders.keyring(connection),
        issued=custody.spans_in(connection, State.ISSUED),
        blocked=custody.spans_in(connection, State.HELD, State.VOID),
        held=custody.spans_in(connection, State.HELD),
    )
