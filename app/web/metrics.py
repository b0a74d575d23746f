"""What the service counts, as Prometheus text at `/metrics`: never with a venue, a desk, a serial or a token in it.

Several processes serve, and each answer of `/metrics` is the sum over all: they count in files of one folder, which
`prepare` empties before the first of them starts. Without that folder a process counts for itself.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Flask, Response, current_app

from app.core.errors import BadSettings, HournoteError
from app.services import condition
from app.services.books import Store
from app.services.condition import Condition
from app.web import site

if TYPE_CHECKING:
    from prometheus_client import Metric

metrics = Blueprint("metrics", __name__)

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS_SECONDS = (0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
FRESH_SECONDS = 5.0
"""For so long a process keeps what it read of the books, so that who asks often costs nothing."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


@metrics.get("/metrics")
def show() -> Response:
    """What this service counts (Prometheus)."""
    return Response(
        of(current_app).text(), mimetype="text/plain", content_type="text/plain; version=0.0.4; charset=utf-8"
    )


def prepare(instance: Path) -> Path:
    """Make and empty the folder in which the processes of one service count together, and name it to them.

    To be called once, before they are started and before anything is counted. Raises BadSettings where it cannot be made.
    """
    folder = instance / "metrics"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in folder.glob("*.db"):
            old.unlink(missing_ok=True)
    except OSError as error:
        raise BadSettings(
            f"The folder {folder} cannot be made and emptied ({error.strerror}): let the service write there."
        ) from error
    os.environ[FOLDER_VARIABLE] = str(folder)
    return folder


def of(app: Flask) -> "Metrics":
    """The counts of an application."""
    return cast(Metrics, app.extensions["hournote_metrics"])


class Metrics:
    """The counts of one process, and of its siblings where they share a folder."""

    def __init__(self, store: Store, clock: Callable[[], datetime] = site.now) -> None:
        # Imported here, after `prepare`: at its import it chooses whether to count in files.
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "hournote_requests", "Requests answered.", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "hournote_request_seconds", "How long an answer took.", ["method", "route"], buckets=BUCKETS_SECONDS,
            registry=registry,
        )  # fmt: skip
        self._visits = Counter(
            "hournote_redemptions", "New visits, by what they came to.", ["outcome", "reason"], registry=registry
        )
        self._verdicts = Counter("hournote_verdicts", "Notes judged.", ["call", "verdict"], registry=registry)
        self._known: dict[tuple[str, str, int], tuple[Any, Any]] = {}
        self._books = _Books(store, clock)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request; `route` is its template."""
        key = (method, route, status)
        known = self._known.get(key)
        if known is None:
            method = method if method in _METHODS else "other"
            known = self._requests.labels(method, route, str(status)).inc, self._seconds.labels(method, route).observe
            if method != "other":
                self._known[key] = known
        count, observe = known
        count()
        observe(seconds)

    def visit(self, answer: Mapping[str, Any]) -> None:
        """Count what a new visit came to, and the verdicts on its notes."""
        self._visits.labels(str(answer["outcome"]), str(answer["reason"] or "")).inc()
        self.verdicts("redemption", answer)

    def verdicts(self, call: str, answer: Mapping[str, Any]) -> None:
        """Count the verdicts on the notes of an answer."""
        for note in answer["notes"]:
            self._verdicts.labels(call, str(note["verdict"])).inc()

    def text(self) -> bytes:
        """All counts, and how the books stand."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        counts, folder = self._registry, os.environ.get(FOLDER_VARIABLE)
        if folder:
            counts = CollectorRegistry()
            MultiProcessCollector(counts, path=folder)  # type: ignore[no-untyped-call]
        books = CollectorRegistry()
        books.register(self._books)
        return generate_latest(counts) + generate_latest(books)


class _Books:
    """The gauges that are read from the books when they are asked for."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._read_at, self._kept = -FRESH_SECONDS, cast("Condition | None", None)

    def collect(self) -> Iterable["Metric"]:
        """The gauges; where the books cannot be read, that alone."""
        from prometheus_client.core import GaugeMetricFamily

        for name, says, value in _gauges(self._condition(), self._clock()):
            yield GaugeMetricFamily(f"hournote_{name}", says, value=value)

    def _condition(self) -> Condition | None:
        if monotonic() - self._read_at >= FRESH_SECONDS:
            try:
                self._kept = condition.of_books(self._store)
            except HournoteError:
                self._kept = None
            self._read_at = monotonic()
        return self._kept


def _gauges(found: Condition | None, now: datetime) -> Iterator[tuple[str, str, float]]:
    yield "books_readable", "Whether the books can be read (1) or not (0).", found is not None
    if found is None:
        return
    yield "facts_waiting", "Facts that wait for their place in the log.", found.facts_waiting
    if found.checkpoint_at is not None:
        age = (now - found.checkpoint_at).total_seconds()
        yield "checkpoint_age_seconds", "How old the newest checkpoint is.", max(0.0, age)
    yield "conflicts_open", "Offline conflicts that nobody has resolved.", found.conflicts_open
    yield "redemption_closed", "Whether redemption is closed after a restore (1) or open (0).", found.is_closed
