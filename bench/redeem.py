"""Redemptions a second through HTTP, beside pgbench doing the same SQL and beside the limits.

    python bench/redeem.py [--engine postgresql|sqlite] [--notes N] [--clients N] [--workers N] [--server granian|gunicorn]

A real service (`hournote serve`) on books of its own, with every commit on the disk before it is acknowledged, and clients
that hold on to their connections and send one note a visit; service, database and clients share the cores of this machine.
Signature, scan record, stored answer and the log's outbox are part of each. The books are audited at the end.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx

from app.core import job as jobs
from app.core.lifecycle import Kind
from app.services import auditing, balancing, books, custody, desks, directory, press
from app.services.books import Store
from app.services.press import OrderRequest
from bench.load import Heard, put, run
from tests import postgres

LIMITS = {"postgresql": (1000, 60.0), "sqlite": (700, 100.0)}
"""Redemptions a second at least, and milliseconds at the 99th percentile at most."""

MOST_TIMES = 4.0
"""How many times as many pgbench may do."""

HOST = "NOTES.EXAMPLE.ORG"
DESIGNS = Path(__file__).parents[1] / "designs"
DESKS = 20


@dataclass(frozen=True)
class Ready:
    """Books with issued notes: the text of each, and the keys of desks."""

    url: str
    tokens: list[str]
    keys: list[str]


def main() -> None:
    """Measure, and print a line for each engine, and one for pgbench."""
    asked = _asked()
    for engine in asked.engine or ("postgresql", "sqlite"):
        with tempfile.TemporaryDirectory() as folder, _books(engine, Path(folder)) as url:
            ready = make_ready(url, Path(folder), asked.notes)
            peer = by_pgbench(url, asked) if engine == "postgresql" else None
            with serving(ready.url, Path(folder), asked) as (address, pid):
                before = _cpu_seconds(engine, pid)
                heard = redeem_all(address, ready, asked.clients)
                spent = {name: each - before[name] for name, each in _cpu_seconds(engine, pid).items()}
            _report(engine, heard, spent, asked)
            if peer is not None:
                ratio = peer / heard.per_second
                print(
                    f"pgbench     {peer:7,.0f} a second, the same SQL without Python: {ratio:.1f} x (at most {MOST_TIMES:.0f} x)"
                )
            _check(ready.url, heard)


def make_ready(url: str, folder: Path, notes: int) -> Ready:
    """New books in which `notes` notes are issued."""
    books.migrate_books(url)
    store, now, actor = books.open_books(url), datetime.now(UTC), "cli:bench"
    try:
        directory.add_programme(store, code="CWL", name="Cornwall")
        directory.add_organisation(store, programme="CWL", name="YMCA Cornwall")
        keys = [_desk(store, number, now) for number in range(DESKS)]
        asked = OrderRequest("CWL26", notes, "cornwall")
        made = press.order_notes(
            store, request=asked, host=HOST, designs=DESIGNS, out=folder, request_id=uuid4(), actor=actor, now=now
        )
        balancing.balance_order(
            store, order=made.order.id, spoiled=[], missing=[], request_id=uuid4(), actor=actor, now=now
        )
        for kind, organisation in ((Kind.RECEIVE, None), (Kind.ISSUE, "YMCA Cornwall")):
            custody.move_span(
                store,
                kind=kind,
                named=made.order.id,
                organisation=organisation,
                request_id=uuid4(),
                actor=actor,
                now=now,
            )
        with made.job.open("rb") as file, jobs.JobFile(file) as job:
            return Ready(url, list(job.texts()), keys)
    finally:
        store.close()


def _desk(store: Store, number: int, now: datetime) -> str:
    directory.add_venue(store, programme="CWL", name=f"Leisure Centre {number}")
    return desks.add_desk(store, venue=f"Leisure Centre {number}", name=f"Desk {number}", now=now).key


def redeem_all(address: tuple[str, int], ready: Ready, clients: int) -> Heard:
    """Spend every note, one a visit, from all desks."""
    at = datetime.now(UTC).isoformat()
    requests = [
        put(
            f"/api/v1/redemptions/{uuid4()}",
            ready.keys[place % DESKS],
            json.dumps(
                {"notes": [token], "offer": None, "scanned_at": at, "offline": False, "practice": False}
            ).encode(),
        )
        for place, token in enumerate(ready.tokens)
    ]
    warm = len(requests) // 20
    run(address, requests[:warm], clients)
    return run(address, requests[warm:], clients)


def by_pgbench(url: str, asked: argparse.Namespace) -> float:
    """Redemptions a second that pgbench comes to, in a copy of the books, with as many clients and all keys kept."""
    programs = postgres.programs()
    if programs is None:
        sys.exit(postgres.NOT_INSTALLED)
    host = url.partition("?host=")[2]
    on_host = ["-h", host, "-U", "postgres"]
    for program, words in (
        ("createdb", ["-T", "books", "peer"]),
        ("psql", ["-q", "-d", "peer", "-c", "CREATE SEQUENCE peer CACHE 50"]),
    ):
        subprocess.run([programs / program, *on_host, *words], check=True)
    script = [
        "-n",
        "-f",
        str(Path(__file__).with_name("peer.sql")),
        "-M",
        "prepared",
        "-c",
        str(asked.clients),
        "-j",
        "2",
    ]
    pgbench = [str(programs / "pgbench"), *on_host, *script, "-t", str(asked.notes // asked.clients // 2), "peer"]
    told = subprocess.run(pgbench, check=True, capture_output=True, text=True).stdout
    subprocess.run([programs / "dropdb", *on_host, "peer"], check=True)
    return float(told.partition("tps = ")[2].split()[0])


@contextmanager
def _books(engine: str, folder: Path) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'hournote.db'}"
        return
    programs = postgres.programs()
    if programs is None:
        sys.exit(postgres.NOT_INSTALLED)
    with postgres.cluster(programs, durable=True) as cluster:
        yield cluster.create("books")


@contextmanager
def serving(url: str, folder: Path, asked: argparse.Namespace) -> Iterator[tuple[tuple[str, int], int]]:
    """A service over these books; gives its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "HOURNOTE_DATABASE_URL": url, "HOURNOTE_INSTANCE": str(folder / "instance")}
    command = [sys.executable, "-m", *_server(asked, port)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=(folder / "log").open("wb")
    ) as service:
        try:
            _wait(f"http://127.0.0.1:{port}/readyz")
            yield ("127.0.0.1", port), service.pid
        finally:
            service.terminate()


def _server(asked: argparse.Namespace, port: int) -> list[str]:
    """Our own service, or the same application under gunicorn's threads (where that is installed), to compare."""
    workers = ["--workers", str(asked.workers)]
    if asked.server == "gunicorn":
        return ["gunicorn", "-b", f"127.0.0.1:{port}", *workers, "-k", "gthread", "--threads", "16", "wsgi:app"]
    return ["hournote", "serve", "--port", str(port), *workers]


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            httpx.get(url, timeout=2).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    sys.exit("The service did not start.")


def _cpu_seconds(engine: str, service: int) -> dict[str, float]:
    """Seconds of the processor that the service and the database have used so far."""
    used = {"service": 0.0, "database": 0.0}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                name, fields = _stat(entry)
            except OSError:
                continue
            if name == "postgres" and engine == "postgresql":
                used["database"] += fields
            elif int(entry.name) == service or _parent(entry) == service:
                used["service"] += fields
    used["clients"] = time.process_time()
    return used


def _stat(process: Path) -> tuple[str, float]:
    text = (process / "stat").read_text()
    fields = text.rpartition(")")[2].split()
    return text.partition("(")[2].rpartition(")")[0], (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _parent(process: Path) -> int:
    return int((process / "stat").read_text().rpartition(")")[2].split()[1])


def _report(engine: str, heard: Heard, spent: dict[str, float], asked: argparse.Namespace) -> None:
    least, most_ms = LIMITS[engine]
    count = len(heard.latencies_ms)
    cpu = ", ".join(f"{name} {1e6 * seconds / count:,.0f}" for name, seconds in spent.items())
    print(
        f"{engine:11} {heard.per_second:7,.0f} a second (at least {least:,}), p50 {heard.quantile_ms(0.5):5.1f}, "
        f"p99 {heard.quantile_ms(0.99):5.1f} (at most {most_ms:.0f}), max {heard.quantile_ms(1):5.1f} ms; "
        f"{asked.server}, {asked.clients} clients, {heard.statuses}; CPU us each: {cpu}"
    )


def _check(url: str, heard: Heard) -> None:
    store = books.open_books(url)
    try:
        findings = auditing.audit_books(store, now=datetime.now(UTC))
    finally:
        store.close()
    if findings or set(heard.statuses) != {201}:
        sys.exit(f"The books or the answers are not in order: {heard.statuses}, {findings[:3]}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", action="append", choices=list(LIMITS))
    parser.add_argument("--notes", type=int, default=20_000)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--server", choices=("granian", "gunicorn"), default="granian")
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
