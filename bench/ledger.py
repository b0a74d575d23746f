# ruff: noqa: S608  every statement is made of names and numbers that stand here
"""The ledger at scale: a million notes moved, ranges of ten million audited, notes spent beside millions that are spent.

    python bench/ledger.py [--spent N]... [--engine sqlite|postgresql]

`--spent` names sizes (default 10,000 and 1,000,000 spent notes; the largest is 10,000,000, two series of 9,999,999 notes half
spent, which takes ten minutes and 8 GB). PostgreSQL is started here with full durability; SQLite is as in service. Each step is
the service's own function. *In the database* is the time of its statements and its commit, as the program waits for them.
The peer is the ordinary design, a row for each note: a table of a million notes, half of them spent, updated by range. The
first million of ours is issued in packs of 500, the rest in one stretch. Spent notes are loaded behind the guards, in visits of three; a redemption is measured in turn with one in books of 10,000, so that a busy machine
makes both slower.
"""

import argparse
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from hashlib import md5
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import sqlalchemy as sa
from rich.console import Console
from sqlalchemy import Connection, Engine, event

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.core import token as tokens
from app.core.checkpoint import CheckpointKey
from app.core.fact import FactKind
from app.core.job import Job
from app.core.lifecycle import Kind
from app.core.reference import OrderId
from app.core.serial import Serial
from app.core.signing import OrderKey
from app.core.span import Span
from app.services import balancing, books, custody, desks, directory, enquiry, log, press, redeeming
from app.services.books import Store
from app.services.desks import AtVenue
from app.services.press import OrderRequest
from app.services.printing import NoteSize
from app.store import log as outbox
from tests import postgres

MILLION = 1_000_000
SIZES = (10_000, MILLION)
IN_A_VISIT = 3
VENUES = 20
NOTE = NoteSize(135, 66, 3)
REPEATS = 5
VISITS = 400
LEAVES = 30_000
HOST, DESIGN, ACTOR, YMCA = "NOTES.EXAMPLE.ORG", "cornwall", "cli:bench", "YMCA Cornwall"
ORGANISATIONS = tuple(f"Organisation {nth}" for nth in range(50))
PACK, IN_PACKS = 500, MILLION
BIG, BIG_NEXT, MOVED = "CWL26", "CWL27", "CWL28"
SETTINGS = {"shared_buffers": "1GB", "maintenance_work_mem": "512MB"}
LIMITS = {"order": 20, "receive": 20, "issue": 20, "range of 10,000,": 5, "range of 1,000,000,": 60}
"""Milliseconds in the database, on PostgreSQL; those of a range are of a series of ten million half spent."""

ROWS = ("order", "print", "receive", "issue", "hold", "release", "void", "range", "redeem", "bytes", "leaves")
"""How the rows of the table begin, in their order."""

ANSWER = (
    '{"id": "00000000-0000-4000-8000-000000000000", "outcome": "accepted", "reason": null, "hours": 3, "notes": ['
    + ", ".join(
        [
            '{"serial": "CWL260000000X", "verdict": "accepted", "message": "Accepted.", "first_redeemed_at": null, "first_venue": null}'
        ]
        * IN_A_VISIT
    )
    + "]}"
)
console = Console(stderr=True)
Table = dict[str, dict[str, str]]


@dataclass
class Stopwatch:
    """The milliseconds that an engine's statements and commits have taken, as their caller waits for them."""

    engine: Engine
    spent_ms: float = 0.0
    _began: float = 0.0

    def __post_init__(self) -> None:
        event.listen(self.engine, "before_cursor_execute", self._begin)
        event.listen(self.engine, "after_cursor_execute", self._end)
        commit = self.engine.dialect.do_commit

        def timed(connection: Any) -> None:
            self._begin()
            commit(connection)
            self._end()

        self.engine.dialect.do_commit = timed  # type: ignore[method-assign, assignment]

    def _begin(self, *_whatever: Any) -> None:
        self._began = time.perf_counter()

    def _end(self, *_whatever: Any) -> None:
        self.spent_ms += (time.perf_counter() - self._began) * 1000

    def time(self, work: Callable[[], object]) -> tuple[float, float]:
        """Milliseconds in the database, and in all."""
        before, began = self.spent_ms, time.perf_counter()
        work()
        return self.spent_ms - before, (time.perf_counter() - began) * 1000


@dataclass
class Ledger:
    """Books with a big series that is issued, whose notes can be signed here."""

    store: Store
    watch: Stopwatch
    desk: AtVenue
    key: OrderKey
    title: int
    spent: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(26))  # noqa: S311  not for secrets

    def note(self) -> str:
        """The text of a note that is not spent: every other one is, up to the last that was loaded."""
        number = 2 * self.dice.randrange(1, max(2, min(self.spent, LAST // 2))) - 1
        serial = Serial(BIG, number)
        return tokens.compose(HOST, serial, self.key.sign(serial))

    def redeem(self) -> float:
        """The milliseconds of a visit with one note; a note that came before is refused, which costs the same."""
        note, now = self.note(), datetime.now(UTC)
        began = time.perf_counter()
        redeeming.redeem_notes(self.store, redemption_id=uuid4(), desk=self.desk, notes=[note], now=now)
        return (time.perf_counter() - began) * 1000


LAST = 9_999_999


def main() -> None:
    """Measure each engine, and print one table."""
    asked = _asked()
    table: Table = {}
    for engine in [asked.engine] if asked.engine else ["postgresql", "sqlite"]:
        with tempfile.TemporaryDirectory(prefix="hournote-ledger-") as name, _databases(engine, Path(name)) as address:
            _measure(engine, address, sorted(set(asked.spent or SIZES)), table)
    _print(table)


def _measure(engine: str, address: Callable[[str], str], sizes: Sequence[int], table: Table) -> None:
    notes, peer = _Column(table, engine), _Column(table, f"{engine}, a row a note")
    console.print(f"{engine}: a million notes moved")
    big = _open(address("big"), in_packs=IN_PACKS)
    _custody(big, notes)
    console.print(f"{engine}: the same with a row for each note")
    _peer(sa.create_engine(_driver(address("peer"))), peer)
    console.print(f"{engine}: the log")
    _sequencer(big, notes)
    small = _open(address("small"))
    _load(small, SIZES[0])
    for size in sizes:
        console.print(f"{engine}: {size:,} notes are spent")
        per_note = _load(big, size)
        _redemptions(big, small, size, notes)
        if size >= MILLION:
            notes.put(f"bytes for a spent note, {size:,} spent", f"{per_note:.0f}")
            _audits(big, size, notes)
    for ledger in (big, small):
        ledger.store.close()


@dataclass(frozen=True)
class _Column:
    """A column of the table, filled row by row."""

    table: Table
    name: str

    def put(self, row: str, figure: str) -> None:
        self.table.setdefault(row, {})[self.name] = figure


# --- what is measured


def _custody(ledger: Ledger, column: _Column) -> None:
    """Orders of a million notes from the press to the organisation, and what stops them."""
    times: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for nth in range(1, REPEATS + 1):
        span = Span(MOVED, (nth - 1) * MILLION + 1, nth * MILLION)
        order = f"{MOVED}-{nth:03d}"
        steps: dict[str, Callable[[], object]] = {
            "order": partial(_order, ledger.store, span, nth, OrderKey()),
            "print": partial(_balance, ledger.store, order),
            "receive": partial(_move, ledger.store, Kind.RECEIVE, order),
            "issue": partial(_move, ledger.store, Kind.ISSUE, order, organisation=YMCA),
            "hold": partial(_move, ledger.store, Kind.HOLD, order, reason="lost"),
            "release": partial(_move, ledger.store, Kind.RELEASE, order, reason="found"),
            "void": partial(_move, ledger.store, Kind.VOID, order, reason="recalled"),
        }
        for name, step in steps.items():
            times[name].append(ledger.watch.time(step))
    for name, mine in times.items():
        column.put(f"{name} 1,000,000", _told(mine))


def _audits(ledger: Ledger, size: int, column: _Column) -> None:
    """Who holds what of a stretch in which every other note is spent, where one has it and where it is in packs.

    Each is looked at twice: the first look may have to fetch pages that the database has not had in its hands for long.
    """
    reach = min(2 * size, LAST)
    for notes, times in ((10_000, 21), (MILLION, 7)):
        for where, low, high in (("one stretch", IN_PACKS + 1, reach - notes + 1), ("packs", 1, IN_PACKS - notes + 1)):
            once: list[tuple[float, float]] = []
            again: list[tuple[float, float]] = []
            for _each in range(times):
                first = ledger.dice.randrange(low, high + 1)
                named = f"{BIG} {first}-{first + notes - 1}"
                for found in (once, again):
                    found.append(ledger.watch.time(partial(enquiry.range_of, ledger.store, named=named)))
            cold = statistics.median(inside for inside, _whole in once)
            column.put(f"range of {notes:,}, {where}, {size:,} spent", f"{_told(again)}, first {cold:.1f}")


def _redemptions(big: Ledger, small: Ledger, size: int, column: _Column) -> None:
    """Visits in the books of this size and in those of ten thousand, one after the other."""
    for ledger in (big, small):
        for _each in range(30):
            ledger.redeem()
    mine, theirs = [], []
    for _each in range(VISITS):
        mine.append(big.redeem())
        theirs.append(small.redeem())
    ratio = statistics.median(mine) / statistics.median(theirs)
    p99 = sorted(mine)[int(len(mine) * 0.99)]
    column.put(f"redeem one note, {size:,} spent", f"{statistics.median(mine):.1f}, p99 {p99:.1f}, {ratio:.2f}x")


def _sequencer(ledger: Ledger, column: _Column) -> None:
    """Leaves that get their place, with tiles and checkpoints."""
    key = CheckpointKey(bytes(32))
    log.sequence(ledger.store, key=key, clock=lambda: datetime.now(UTC))
    for start in range(0, LEAVES, 1000):
        lines = [(FactKind.REDEMPTION, uuid4(), f"{start + each}".encode()) for each in range(1000)]
        ledger.store.write(partial(outbox.enter_many, entries=lines))
    before, began = _size(ledger), time.perf_counter()
    placed = log.sequence(ledger.store, key=key, clock=lambda: datetime.now(UTC))
    took = time.perf_counter() - began
    column.put("leaves a second into the log", f"{placed / took:,.0f}")
    if ledger.store.engine.dialect.name == "postgresql":
        column.put("bytes for a leaf of the log", f"{(_size(ledger) - before) / placed:.0f}")


# --- the peer: a row for each note


def _committed(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)
    connection.commit()


def _peer(engine: Engine, column: _Column) -> None:
    """A table of a million notes, with a state, a holder and whether each is spent."""
    watch, is_postgres = Stopwatch(engine), engine.dialect.name == "postgresql"

    def run(statement: str) -> tuple[float, float]:
        with engine.connect() as connection:
            return watch.time(partial(_committed, connection, statement))

    if not is_postgres:
        run("PRAGMA journal_mode = WAL")
    columns = "series_id int, number int, state text, holder_id int, spent bool, PRIMARY KEY (series_id, number)"
    run(f"CREATE TABLE note ({columns})" + ("" if is_postgres else " WITHOUT ROWID"))
    numbers = (
        f"generate_series(1, {MILLION}) AS i"
        if is_postgres
        else f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MILLION}) SELECT i FROM n)"
    )
    column.put("order 1,000,000", _told([run(f"INSERT INTO note SELECT 1, i, 'ordered', NULL, false FROM {numbers}")]))
    mine = f"WHERE series_id = 1 AND number BETWEEN 1 AND {MILLION}"
    for name, change in _UPDATES.items():
        column.put(f"{name} 1,000,000", _told([run(f"UPDATE note SET {change} {mine}")]))
    run(f"UPDATE note SET spent = true {mine} AND number / 2 * 2 = number")
    if is_postgres:
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE) note")
    for notes in (10_000, MILLION):
        counted = f"SELECT state, spent, count(*) FROM note WHERE number BETWEEN 1 AND {notes} AND series_id = 1"
        times = [run(f"{counted} GROUP BY state, spent") for _each in range(5)]
        column.put(f"range of {notes:,}, one stretch, {MILLION:,} spent", _told(times))
    engine.dispose()


_UPDATES = {
    "print": "state = 'printed'",
    "receive": "state = 'stocked'",
    "issue": "state = 'issued', holder_id = 1",
    "hold": "state = 'held'",
    "release": "state = 'issued'",
    "void": "state = 'void'",
}


# --- the books


def _open(url: str, *, in_packs: int = 0) -> Ledger:
    """Books in which two series of 9,999,999 notes are issued, the first so many in packs, signed by a key that is here."""
    books.migrate_books(url)
    store, now = books.open_books(url), datetime.now(UTC)
    directory.add_programme(store, code="CWL", name="Cornwall")
    for name in (YMCA, *ORGANISATIONS):
        directory.add_organisation(store, programme="CWL", name=name)
    keys = []
    for nth in range(VENUES):
        directory.add_venue(store, programme="CWL", name=f"Venue {nth}", kind="community")
        keys.append(desks.add_desk(store, venue=f"Venue {nth}", name="Front desk", now=now).key)
    key, titles = OrderKey(), []
    for series in (BIG, BIG_NEXT):
        _order(store, Span(series, 1, LAST), 1, key)
        _balance(store, f"{series}-001")
        _move(store, Kind.RECEIVE, f"{series}-001")
        titles.append(_issue(store, series, in_packs=in_packs if series == BIG else 0))
    return Ledger(store, Stopwatch(store.engine), desks.desk_of_key(store, keys[0], now=now), key, titles[0])


def _order(store: Store, span: Span, nth: int, key: OrderKey) -> None:
    """What the press does when the job file is on the disk."""
    job = Job(
        order=OrderId(span.series, nth), span=span, design=DESIGN, host=HOST, public_key=key.public_key, bundle_size=50,
        created_at=datetime.now(UTC).replace(microsecond=0), expires_on=None,
    )  # fmt: skip
    if not press._commit(store, OrderRequest(span.series, len(span), DESIGN), job, NOTE, uuid4(), ACTOR):
        raise AssertionError("somebody else orders here")


def _issue(store: Store, series: str, *, in_packs: int) -> int:
    """Packs to one organisation after the other, each hundredth void, and all the rest to one; gives its movement."""
    for place, first in enumerate(range(1, in_packs, PACK)):
        named = f"{series} {first}-{first + PACK - 1}"
        _move(store, Kind.ISSUE, named, organisation=ORGANISATIONS[place % len(ORGANISATIONS)])
        if place % 100 == 99:
            _move(store, Kind.VOID, named, reason="stolen")
    return _move(store, Kind.ISSUE, f"{series} {in_packs + 1}-{LAST}", organisation=YMCA).id


def _balance(store: Store, order: str) -> object:
    return balancing.balance_order(
        store, order=order, spoiled=[], missing=[], actor=ACTOR, now=datetime.now(UTC), request_id=uuid4()
    )


def _move(store: Store, kind: Kind, named: str, **words: str) -> custody.Moved:
    return custody.move_span(
        store, kind=kind, named=named, actor=ACTOR, now=datetime.now(UTC), request_id=uuid4(), **words
    )


# --- spent notes, loaded behind the guards


def _load(ledger: Ledger, size: int) -> float:
    """Spend every other note until `size` are spent; gives the bytes that each took."""
    first, last = ledger.spent + 1, size - size % IN_A_VISIT
    if last < first:
        return 0.0
    before = _size(ledger)
    if ledger.store.engine.dialect.name == "postgresql":
        _load_postgres(ledger, first, last)
    else:
        _load_sqlite(ledger, first, last)
    ledger.spent = last
    return (_size(ledger) - before) / (last - first + 1)


@dataclass(frozen=True)
class _Dialect:
    """How an engine writes what the loading needs; `visit` makes the id of a visit from its number, `blob` 32 bytes of a k."""

    visit: str
    blob: str
    json: str
    false: str
    series: str


_DIALECTS = {
    "postgresql": _Dialect(
        visit="md5(({})::text)::uuid",
        blob="decode(md5({0}::text) || md5({0}::text), 'hex')",
        json=f"CAST('{ANSWER}' AS json)",
        false="false",
        series="generate_series({1}, {2}) AS {0}",
    ),
    "sqlite": _Dialect(
        visit="visit({})",
        blob="randomblob(32)",
        json=f"'{ANSWER}'",
        false="0",
        series="(WITH RECURSIVE n({0}) AS (SELECT {1} UNION ALL SELECT {0} + 1 FROM n WHERE {0} < {2}) SELECT {0} FROM n)",
    ),
}


def _statements(ledger: Ledger, first: int, last: int) -> list[str]:
    """What spends the `first` to the `last` note: visits, their notes, and what was scanned in them."""
    how, half = _DIALECTS[ledger.store.engine.dialect.name], LAST // 2
    notes = how.series.format("k", first, last)
    visits = how.series.format("v", (first - 1) // IN_A_VISIT, (last - 1) // IN_A_VISIT)
    visit, desk = f"(k - 1) / {IN_A_VISIT}", f"% {VENUES} + 1".replace("%", "%%" if how.false == "false" else "%")
    at = "1700000000000000 + 1000000 * CAST({} AS bigint)"
    code = f"CASE WHEN k <= {half} THEN '{BIG}' ELSE '{BIG_NEXT}' END"
    series, number = (
        f"(SELECT id FROM series WHERE code = {code})",
        f"2 * (CASE WHEN k <= {half} THEN k ELSE k - {half} END)",
    )
    return [
        "INSERT INTO redemption (id, desk_id, venue_id, request_sha256, outcome, hours, practice, offline, answer, scanned_at, at) "
        f"SELECT {how.visit.format('v')}, v {desk}, v {desk}, {how.blob.format('v')}, 'accepted', {IN_A_VISIT}, {how.false}, "
        f"{how.false}, {how.json}, {at.format('v')}, {at.format('v')} FROM {visits}",
        "INSERT INTO redeemed_note (series_id, number, round, redemption_id, issued_to_id, title_id) "
        f"SELECT {series}, {number}, 0, {how.visit.format(visit)}, 1, {ledger.title} FROM {notes}",
        "INSERT INTO scan (desk_id, redemption_id, series_id, number, token_sha256, keyed, practice, verdict, at) "
        f"SELECT {visit} {desk}, {how.visit.format(visit)}, {series}, {number}, {how.blob.format('k')}, {how.false}, {how.false}, "
        f"'accepted', {at.format('k')} FROM {notes}",
    ]


def _load_postgres(ledger: Ledger, first: int, last: int) -> None:
    with ledger.store.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        dropped = _without_indexes(connection)
        for statement in _statements(ledger, first, last):
            connection.exec_driver_sql(statement)
        for definition in dropped:
            connection.exec_driver_sql(definition)
    with ledger.store.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM (ANALYZE)")
        connection.exec_driver_sql("CHECKPOINT")


def _without_indexes(connection: Connection) -> list[str]:
    """Drop the indexes that no key needs, and give what makes them again."""
    query = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('scan', 'redemption', 'redeemed_note') AND indexname LIKE 'ix_%%'"
    found = connection.exec_driver_sql(query).all()
    for row in found:
        connection.exec_driver_sql(f"DROP INDEX {row.indexname}")
    return [row.indexdef for row in found]


def _load_sqlite(ledger: Ledger, first: int, last: int) -> None:
    ledger.store.engine.dispose()
    connection = sqlite3.connect(str(ledger.store.engine.url.database), isolation_level=None)
    connection.create_function("visit", 1, lambda v: md5(str(v).encode(), usedforsecurity=False).hexdigest())
    kept = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND (type = 'trigger' OR (type = 'index' AND "
        "tbl_name IN ('scan', 'redemption', 'redeemed_note')))"
    ).fetchall()
    for pragma in ("journal_mode = MEMORY", "synchronous = OFF", "cache_size = -1000000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    for kind, name, _sql in kept:
        connection.execute(f"DROP {kind} {name}")
    for statement in _statements(ledger, first, last):
        connection.execute(statement)
    for _kind, _name, sql in kept:
        connection.execute(sql)
    connection.execute("COMMIT")
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.close()


def _size(ledger: Ledger) -> int:
    """The bytes of the database."""
    query = "SELECT pg_database_size(current_database())"
    if ledger.store.engine.dialect.name == "sqlite":
        query = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    return cast(int, ledger.store.read(lambda connection: connection.exec_driver_sql(query).scalar()))


# --- where and how it is told


@contextmanager
def _databases(engine: str, folder: Path) -> Iterator[Callable[[str], str]]:
    """Gives the address of a new database of each name."""
    if engine == "sqlite":
        yield lambda name: f"sqlite:///{folder / name}.db"
        return
    programs = postgres.programs()
    if programs is None:
        raise SystemExit(postgres.NOT_INSTALLED)
    with postgres.cluster(programs, durable=True, **SETTINGS) as running:
        yield running.create


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


def _told(times: Sequence[tuple[float, float]]) -> str:
    """The median in the database, and of the whole call."""
    inside, whole = (statistics.median(each) for each in zip(*times, strict=True))
    return f"{inside:,.1f} ({whole:,.1f})"


def _print(table: Table) -> None:
    columns = list(dict.fromkeys(name for row in table.values() for name in row))
    print(
        "Milliseconds in the database (of the whole call), the median; redemptions: the whole call, and against 10,000 spent"
    )
    print("".join(["".ljust(52), "limit".rjust(8), *(name.rjust(29) for name in columns)]))
    for name, row in sorted(table.items(), key=lambda each: ROWS.index(each[0].split()[0])):
        limit = next((f"{most}" for what, most in LIMITS.items() if name.startswith(what)), "")
        if name.startswith("range") and not name.endswith(f"{10 * MILLION:,} spent"):
            limit = ""
        print("".join([name.ljust(52), limit.rjust(8), *(row.get(column, "").rjust(29) for column in columns)]))
    print(f"{os.cpu_count()} cores, shared; load of the machine {os.getloadavg()[0]:.1f}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spent", type=int, action="append", help="how many notes are spent; may be given again")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), help="both, unless it is named")
    return parser.parse_args()


if __name__ == "__main__":
    main()
