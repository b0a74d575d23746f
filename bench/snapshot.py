"""Snapshots: the whole and the changes that a desk fetches, of a series half spent, on SQLite and on a PostgreSQL of our own.

    python bench/snapshot.py [notes]

Bundles of 50 lie with 50 organisations, one bundle in 50 is void; visits bring two notes, and one in 50 was given back. Times
are the best of three, in the process that answers; sizes are of the JSON as it is sent, without compression.
"""

import json
import random
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sqlalchemy as sa
from sqlalchemy import Connection

from app.core.plain import plain
from app.services import books, desks, directory, snapshots
from app.services.books import Store
from app.services.snapshots import Changes, Snapshot, Standing
from app.store import tables, tallies
from tests import postgres

T = TypeVar("T")
ORGANISATIONS = 50
BUNDLE = 50
BATCH = 5_000
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def main(notes: int) -> None:
    """Print a line for each question on each engine."""
    print(f"{'':12}{'':>24}{'ms':>8}{'kB':>8}")
    for engine, url in places():
        store = filled(url, notes)
        measure(engine, store)
        store.close()


def places() -> Iterator[tuple[str, str]]:
    """Where books can be kept on this machine."""
    with tempfile.TemporaryDirectory() as folder:
        yield "sqlite", f"sqlite:///{Path(folder) / 'books.db'}"
    programs = postgres.programs()
    if programs is not None:
        with postgres.cluster(programs) as running:
            yield "postgresql", running.create("books")


def measure(engine: str, store: Store) -> None:
    """The whole, changes since some visits ago, and the tallies of a batch of the sequencer."""
    milliseconds, whole = best(lambda: snapshots.snapshot(store))
    told(engine, "the whole", milliseconds, whole_json(whole))
    for visits in (each for each in (10, 1_000, 9_000) if each <= whole.cursor.size):
        since = f"{whole.cursor.epoch}.{whole.cursor.size - visits}.{whole.cursor.last_days}"
        milliseconds, changed = best(lambda since=since: snapshots.changes_since(store, since=since))  # type: ignore[misc]
        told(engine, f"since {visits:,} visits ago", milliseconds, changes_json(changed))
    refs = [("redemption", ref) for ref in store.read(some_refs)]
    milliseconds, _ = best(lambda: store.write(lambda connection: tallies.add(connection, refs)))
    told(engine, f"tallies of {len(refs):,} visits", milliseconds, None)


def best(work: Callable[[], T]) -> tuple[float, T]:
    """The shortest of three times, and what it gave."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        given = work()
        times.append(time.perf_counter() - start)
    return min(times) * 1000, given


def told(engine: str, what: str, milliseconds: float, sent: object) -> None:
    """A line: how long it took, and how much goes over the wire."""
    size = f"{len(json.dumps(sent, separators=(',', ':'))) / 1000:8,.1f}" if sent is not None else ""
    print(f"{engine:12}{what:>24}{milliseconds:8,.0f}{size}")


def whole_json(whole: Snapshot) -> object:
    """The whole as the interface sends it."""
    redeemed = {series: b64encode(bits).decode() for series, bits in whole.redeemed.items()}
    return {"cursor": str(whole.cursor), "redeemed": redeemed, **standing_json(whole.standing)}


def changes_json(changed: Changes) -> object:
    """Changes as the interface sends them."""
    lists = {"redeemed": plain(changed.redeemed), "given_back": plain(changed.given_back)}
    return {"cursor": str(changed.cursor), **lists, **(standing_json(changed.standing) if changed.standing else {})}


def standing_json(standing: Standing) -> dict[str, object]:
    """What moves seldom."""
    keyring = [{**plain(key.span), "public_key": b64encode(key.public_key).decode()} for key in standing.keyring]
    return {
        "keyring": keyring,
        "issued": plain(standing.issued),
        "blocked": plain(standing.blocked),
        "held": plain(standing.held),
    }


def some_refs(connection: Connection) -> list[str]:
    """Visits as one batch of the sequencer has them."""
    return list(connection.scalars(sa.select(tables.log_leaf.c.ref).limit(10_000)))


# --- books


def filled(url: str, notes: int) -> Store:
    """Books of one series, written past the services, which would take hours."""
    books.migrate_books(url)
    store = books.open_books(url)
    directory.add_programme(store, code="CWL", name="Cornwall")
    for number in range(ORGANISATIONS):
        directory.add_organisation(store, programme="CWL", name=f"Organisation {number}")
    directory.add_venue(store, programme="CWL", name="Pool")
    desks.add_desk(store, venue="Pool", name="Front desk", now=NOW)
    chance = random.Random(notes)  # noqa: S311
    store.write(lambda connection: hold(connection, notes, chance))
    store.write(lambda connection: spend(connection, sorted(chance.sample(range(1, notes + 1), notes // 2)), chance))
    with connected(store) as connection:
        connection.exec_driver_sql("ANALYZE")
    return store


@contextmanager
def connected(store: Store) -> Iterator[Connection]:
    """A connection without a transaction."""
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


def hold(connection: Connection, notes: int, chance: random.Random) -> None:
    """The series, its order and who has which bundle."""
    span = {"series_id": 1, "first": 1, "last": notes}
    connection.execute(tables.series.insert().values(id=1, code="CWL26", programme_id=1))
    connection.execute(tables.orders.insert().values(
        id="CWL26-001", **span, design="cornwall", host="NOTES.EXAMPLE.ORG", public_key=bytes(32), bundle_size=BUNDLE,
        actor="bench", made_at=NOW,
    ))  # fmt: skip
    connection.execute(tables.movement.insert().values(
        id=1, request_id=uuid4(), kind="issue", **span, span_class=notes.bit_length(), organisation_id=1, actor="bench", at=NOW
    ))  # fmt: skip
    bundles = [
        {"series_id": 1, "first": first, "last": first + BUNDLE - 1, "previous_last": first - 1 or None, "movement_id": 1,
         "state": "void" if chance.random() < 0.02 else "issued", "holder_id": 1 + chance.randrange(ORGANISATIONS)}
        for first in range(1, notes + 1, BUNDLE)
    ]  # fmt: skip
    connection.execute(tables.holding.insert(), bundles)
    connection.execute(tables.allocation.insert().values(series_id=1, last=notes))


def spend(connection: Connection, numbers: list[int], chance: random.Random) -> None:
    """Visits of two notes, all of them placed in the log, and some given back."""
    visits = [(uuid4(), numbers[place : place + 2]) for place in range(0, len(numbers), 2)]
    for start in range(0, len(visits), BATCH):
        some = visits[start : start + BATCH]
        connection.execute(tables.redemption.insert(), [
            {"id": made, "desk_id": 1, "venue_id": 1, "request_sha256": bytes(32), "outcome": "accepted", "hours": len(mine),
             "practice": False, "offline": False, "answer": {}, "scanned_at": NOW, "at": NOW} for made, mine in some
        ])  # fmt: skip
        notes = [{"series_id": 1, "number": number, "round": 0, "redemption_id": made, "issued_to_id": 1, "title_id": 1}
                 for made, mine in some for number in mine]  # fmt: skip
        connection.execute(tables.redeemed_note.insert(), notes)
        leaves = [{"leaf_index": start + place, "kind": "redemption", "ref": str(made), "leaf_hash": bytes(32)}
                  for place, (made, _mine) in enumerate(some)]  # fmt: skip
        connection.execute(tables.log_leaf.insert(), leaves)
        back = chance.sample(some, len(some) // 50)
        connection.execute(tables.reversal.insert(), [
            {"redemption_id": made, "reason": "oh", "actor": "bench", "at": NOW} for made, _mine in back
        ])  # fmt: skip
        connection.execute(tables.reversed_note.insert(), [
            {"series_id": 1, "number": number, "round": 0, "redemption_id": made} for made, mine in back for number in mine
        ])  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500_000)
