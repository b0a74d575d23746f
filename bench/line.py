"""The serial line: pages of a series of 10,000 movements, on SQLite and on a PostgreSQL of our own.

    python bench/line.py

Two series, each with 10,000 movements: *a programme*, 500,000 notes in bundles of 50 of which 110,000 are spent, and *the longest
line*, ten million notes in packs of 500 of which 1,000,000 are spent. Bundles are dispatched and issued to 50 organisations, the
odd one is held or void; every other issued note is spent and every twentieth of these retired. Orders are made by the services,
the rest is entered past them. *Service* is what the page asks of the books, *page* the whole answer to a browser that is signed in:
the median of 15, and the least. *Processor* is what the page takes of it, here and in the database's server, which is what it costs
whatever else keeps a machine busy; the limit of 100 ms is for that of the pages of the programme.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import Connection, func, select

from app.config import Settings
from app.core import ledger
from app.core.job import Job
from app.core.ledger import Movement
from app.core.lifecycle import Kind
from app.core.reference import OrderId
from app.core.serial import LAST_NUMBER
from app.core.signing import OrderKey
from app.core.span import Span
from app.factory import create_app
from app.services import accounts, balancing, books, custody, desks, directory, number_line, press
from app.services.books import Store
from app.services.press import OrderRequest
from app.services.printing import NoteSize
from app.store import custody as store_custody
from app.store import rows, tables
from tests import postgres, staff

SERIES, ORDERS, MOVEMENTS, LIMIT_MS, REPEATS = "CWL26", 20, 10_000, 100, 15
ORGANISATIONS = tuple(f"Organisation {nth}" for nth in range(50))
ACTOR, NOW, NOTE = "cli:bench", datetime(2026, 11, 26, 12, tzinfo=UTC), NoteSize(135, 66, 3)


@dataclass(frozen=True)
class Size:
    """A series: its notes, those of a bundle, and those that are spent."""

    name: str
    last: int
    pack: int
    spent: int

    def windows(self) -> dict[str, tuple[int, int]]:
        """Windows of it, from all of it to one note."""
        issued, from_ = 4_500 * self.pack, 1_000 * self.pack + 1
        return {
            "whole series": (1, self.last), "the issued part": (1, issued), "a tenth of it": (from_, from_ + issued // 10 - 1),
            "100 bundles": (from_, from_ + 100 * self.pack - 1), "one bundle": (from_, from_ + self.pack - 1), "one note": (from_ + 1, from_ + 1),
        }  # fmt: skip


SIZES = (Size("a programme", 500_000, 50, 110_000), Size("the longest line", 9_999_999, 500, 1_000_000))


def main() -> None:
    """Print a line for each window of each series on each engine; exit code 1 when a page of the programme is over the limit."""
    costs = {size.name: 0.0 for size in SIZES}
    print(f"{'':12}{'':46}{'pieces':>8}{'service ms':>14}{'page ms':>14}{'processor ms':>14}{'kB':>6}")
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="hournote-line-") as folder:
            for place in places(Path(folder)):
                costs[size.name] = max(costs[size.name], measure(place, Path(folder), size))
    for name, cost in costs.items():
        print(f"the dearest page of {name}: {cost:.0f} ms of the processor")
    print(f"the machine's load was {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores")
    sys.exit(costs[SIZES[0].name] > LIMIT_MS)


@dataclass(frozen=True)
class Place:
    """Where books can be kept on this machine; `server` is the process of the database, where it has one."""

    engine: str
    url: str
    server: int | None = None

    def processor_ms(self) -> float:
        """What this process and the database's have taken of the processor so far."""
        mine = time.process_time() * 1000
        if self.server is None:
            return mine
        lines = [Path(f"/proc/{each}/stat").read_text() for each in postgres._children(self.server)]
        ticks = sum(sum(map(int, line.rpartition(")")[2].split()[11:13])) for line in lines)
        return mine + ticks * 1000 / os.sysconf("SC_CLK_TCK")


def places(folder: Path) -> Iterator[Place]:
    """Where books can be kept on this machine."""
    yield Place("sqlite", f"sqlite:///{folder / 'books.db'}")
    programs = postgres.programs()
    if programs is not None:
        with postgres.cluster(programs) as running:
            server = int((running.folder / "data" / "postmaster.pid").read_text().split()[0])
            yield Place("postgresql", running.create("books"), server)


def measure(place: Place, folder: Path, size: Size) -> float:
    """The milliseconds of the processor that the dearest page takes."""
    store = filled(place.url, size)
    app = create_app(
        Settings(checkpoint_key=bytes(32), instance=folder, database_url=place.url, note_host="NOTES.EXAMPLE.ORG", workers=1,
                 designs=Path(__file__).parents[1] / "designs", secret_key="x" * 40, public_url="http://127.0.0.1:8000")
    )  # fmt: skip
    account, _link = accounts.add_account(
        store,
        email="office@example.org",
        role="programme",
        programme="CWL",
        now=NOW,
        password="three plain words",  # noqa: S106
    )
    browser = app.test_client()
    staff.sign_in(browser, store, account, now=datetime.now(UTC))
    costs = []
    for name, (first, last) in size.windows().items():
        span, address = (
            Span(SERIES, first, last),
            f"/office/series/{SERIES}?from={first}&to={last}&stretch={first}-{last}",
        )
        answer, pieces = browser.get(address), len(ask(store, span).drawn)
        assert answer.status_code == 200, answer.text
        service = timed(place, lambda span=span: ask(store, span))  # type: ignore[misc]
        page = timed(place, lambda address=address: browser.get(address))  # type: ignore[misc]
        costs.append(page.processor)
        told = "".join(f"{f'{each.median:.0f} ({each.least:.0f})':>14}" for each in (service, page))
        what = f"{size.name}, {name}"
        print(
            f"{place.engine:12}{what:46}{pieces:8}{told}{page.processor:14.0f}{len(answer.data) / 1000:6.0f}",
            flush=True,
        )
    app.extensions["hournote_books"].close()
    store.close()
    return max(costs)


def ask(store: Store, span: Span) -> number_line.NumberLine:
    """What the page asks of the books."""
    return number_line.line_of(store, code=SERIES, window=lambda _ordered: span)


@dataclass(frozen=True)
class Times:
    """Milliseconds of some repeats: the median, the least, and of the processor each."""

    median: float
    least: float
    processor: float


def timed(place: Place, work: Callable[[], object]) -> Times:
    """How long it takes."""
    times, before = [], place.processor_ms()
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return Times(statistics.median(times), min(times), (place.processor_ms() - before) / REPEATS)


# --- books


def filled(url: str, size: Size) -> Store:
    """Books with the series."""
    books.migrate_books(url)
    store = books.open_books(url)
    directory.add_programme(store, code="CWL", name="Cornwall")
    for name in ORGANISATIONS:
        directory.add_organisation(store, programme="CWL", name=name)
    directory.add_venue(store, programme="CWL", name="Pool")
    desks.add_desk(store, venue="Pool", name="Front desk", now=NOW)
    each = size.last // ORDERS
    for nth in range(1, ORDERS + 1):
        order(store, Span(SERIES, (nth - 1) * each + 1, size.last if nth == ORDERS else nth * each), nth)
    deeds = list(islice((deed for place in count() for deed in pack(place, size.pack)), MOVEMENTS - 3 * ORDERS))
    store.write(lambda connection: enter(connection, deeds))
    store.write(lambda connection: spend(connection, size.spent))
    store.engine.dispose()  # so that no open snapshot keeps VACUUM from its work
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if store.engine.dialect.name == "sqlite" else "VACUUM (ANALYZE)")
    counted = store.read(lambda connection: connection.scalar(select(func.count()).select_from(tables.movement)))
    assert counted is not None
    assert counted >= MOVEMENTS, counted
    return store


def order(store: Store, span: Span, nth: int) -> None:
    """Ordered, printed and received."""
    job = Job(
        order=OrderId(span.series, nth), span=span, design="cornwall", host="NOTES.EXAMPLE.ORG", bundle_size=50,
        public_key=OrderKey().public_key, created_at=NOW, expires_on=None,
    )  # fmt: skip
    assert press._commit(store, OrderRequest(span.series, len(span), "cornwall"), job, NOTE, uuid4(), ACTOR)
    balancing.balance_order(
        store, order=str(job.order), spoiled=[], missing=[], actor=ACTOR, now=NOW, request_id=uuid4()
    )
    move(store, Kind.RECEIVE, str(job.order))


def pack(place: int, notes: int) -> Iterator[Movement]:
    """A pack on its way, mostly issued, sometimes stopped."""
    span, to = Span(SERIES, place * notes + 1, (place + 1) * notes), place // 3 % len(ORGANISATIONS) + 1
    yield Movement(Kind.DISPATCH, span, to)
    if place % 40:
        yield Movement(Kind.ISSUE, span, to)
    if place % 15 == 14:
        yield Movement(Kind.HOLD, span, None, "lost")
    if place % 25 == 24:
        yield Movement(Kind.VOID, span, None, "stolen")


def enter(connection: Connection, deeds: Sequence[Movement]) -> None:
    """Movements and the holdings that they come to, as the service would have entered them one by one."""
    series, whole = directory.find_series(connection, SERIES), Span(SERIES, 1, LAST_NUMBER)
    before = [entry.movement for entry in store_custody.all_movements(connection)]
    rows.insert(connection, tables.movement, [
        {"request_id": uuid4(), "kind": deed.kind.value, "series_id": series.id, "first": deed.span.first, "last": deed.span.last,
         "span_class": (deed.span.last - deed.span.first).bit_length(), "organisation_id": deed.organisation, "reason": deed.reason,
         "note": None, "actor": ACTOR, "at": NOW} for deed in deeds
    ])  # fmt: skip
    held, now_held = store_custody.holdings_touching(connection, series.id, whole), ledger.replay([*before, *deeds])
    newest = connection.scalar(select(func.max(tables.movement.c.id)))
    store_custody.replace_holdings(connection, series.id, held, now_held, newest or 0)


def move(store: Store, kind: Kind, named: str, **words: str) -> None:
    """One movement."""
    custody.move_span(store, kind=kind, named=named, actor=ACTOR, now=NOW, request_id=uuid4(), **words)


def spend(connection: Connection, notes: int) -> None:
    """Every other note from the first on, in one visit: only the notes are counted here."""
    visit = uuid4()
    connection.execute(tables.redemption.insert().values(
        id=visit, desk_id=1, venue_id=1, request_sha256=bytes(32), outcome="accepted", hours=notes, practice=False, offline=False,
        answer={}, scanned_at=NOW, at=NOW,
    ))  # fmt: skip
    connection.execute(
        tables.retirement.insert().values(
            id=1, request_id=uuid4(), series_id=1, first=1, last=2 * notes, actor=ACTOR, at=NOW
        )
    )
    ref = visit.hex if connection.dialect.name == "sqlite" else str(visit)
    numbers = f"generate_series(1, {notes}) AS n(i)"
    if connection.dialect.name == "sqlite":
        numbers = f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {notes}) SELECT i FROM n)"  # noqa: S608
    connection.exec_driver_sql(
        "INSERT INTO redeemed_note (series_id, number, round, redemption_id, issued_to_id, title_id)"  # noqa: S608
        f" SELECT 1, 2 * i, 0, '{ref}', 1, 1 FROM {numbers}"
    )
    connection.exec_driver_sql(
        f"INSERT INTO retired_note (series_id, number, retirement_id) SELECT 1, 40 * i, 1 FROM {numbers} WHERE i <= {notes // 20}"  # noqa: S608
    )


if __name__ == "__main__":
    main()
