"""One strike of the hammer: a crowd for some seconds, the service and the database killed in the middle, then the books."""

import multiprocessing
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from app.services import books
from tests.hammer import offices
from tests.hammer.desks import Cursor, Desk
from tests.hammer.place import ORGANISATIONS, Place, Service
from tests.hammer.reckoning import Fault, Reckoning, ask_everything_again
from tests.hammer.record import Record
from tests.hammer.wire import Lost, Wire
from tests.postgres import Cluster

CLIENTS = 32
Tell = Callable[[str, float], None]
"""Is told what is being done, and the part of the strike that is over (0 to 1)."""


@dataclass(frozen=True)
class Plan:
    """How long and how hard: a kill about every `kill_every_s`, of the service and of the database in turn."""

    seconds: float
    seed: int
    kill_every_s: float = 5.0
    clients: int = CLIENTS
    ask_again: int = 3000


@dataclass
class Struck:
    """What was done, and the faults that were found."""

    record: Record
    seconds: float
    service_kills: int
    database_kills: int
    asked_again: int
    faults: list[Fault] = field(default_factory=list)

    def figures(self) -> dict[str, str]:
        """The figures of the report."""
        record, done = self.record, [deed for deed in self.record.deeds if deed.outcome == "done"]
        accepted = [visit for visit in record.visits if visit.answer and visit.answer["outcome"] == "accepted"]
        kinds = {kind: sum(deed.kind == kind for deed in done) for kind in ("issue", "hold", "void", "return")}
        return {
            "seconds": f"{self.seconds:.0f}",
            "visits answered": f"{sum(visit.answer is not None for visit in record.visits):,}",
            "  accepted": f"{len(accepted):,}",
            "  notes spent in them": f"{sum(len(visit.numbers) for visit in accepted if not visit.practice):,}",
            "  refused": f"{sum(v.answer is not None and v.answer['outcome'] == 'refused' for v in record.visits):,}",
            "  in doubt, answered later": f"{sum(v.in_doubt and v.answer is not None for v in record.visits):,}",
            "tries beyond the first": f"{sum(max(0, visit.tries - 1) for visit in record.visits):,}",
            "reversals": f"{sum(back.is_done for back in record.reversals):,} of {len(record.reversals):,} asked",
            "checks, repeats, misused ids": f"{record.checks:,}, {record.repeats:,}, {record.conflicts:,}",
            "journals of offline desks": f"{record.journals:,}",
            "bundles issued": f"{kinds['issue']:,} of {sum(d.kind == 'issue' for d in record.deeds):,} tries",
            "holds, voids, returns in flight": f"{kinds['hold']:,}, {kinds['void']:,}, {kinds['return']:,}",
            "movements refused": f"{sum(deed.outcome == 'refused' for deed in record.deeds):,}",
            "kills of the service": str(self.service_kills),
            "kills of the database": str(self.database_kills),
            "visits asked for again": f"{self.asked_again:,}",
            "p50, p99, longest answer": self._latencies(),
            "faults": f"{len(self.faults):,}",
        }

    def _latencies(self) -> str:
        times = sorted(self.record.latencies_s)
        if len(times) < 100:
            return "too few"
        p50, p99 = statistics.median(times), times[int(len(times) * 0.99)]
        return f"{p50 * 1000:.0f} ms, {p99 * 1000:.0f} ms, {times[-1] * 1000:,.0f} ms (kills included)"


def strike(place: Place, plan: Plan, cluster: Cluster | None = None, tell: Tell = lambda what, part: None) -> Struck:
    """Strike the books of a place; with `cluster`, their database is killed too. Cleans up whatever happens."""
    dice, record, service = random.Random(plan.seed), Record(), Service(place)  # noqa: S311  not for secrets
    spawning = multiprocessing.get_context("spawn")
    cursor, evening = spawning.Value("i", 1), spawning.Event()
    try:
        service.start()
        started = time.monotonic()
        with (
            _offices(spawning, place, dice, cursor, evening, record),
            _desks(place, service, plan, dice, cursor, record),
        ):
            kills = _kill_again_and_again(service, cluster, plan, dice, record, tell)
            evening.set()
        took = time.monotonic() - started
        tell("asking again", 1.0)
        asked = ask_everything_again(place, service.port, record, most=plan.ask_again)
    finally:
        evening.set()
        service.kill()
    tell("reckoning", 1.0)
    return Struck(record, took, *kills, asked, reckon(place, record))


def reckon(place: Place, record: Record) -> list[Fault]:
    """Every fault in the books of a place, by the record of the crowd."""
    store = books.open_books(place.url)
    try:
        return Reckoning(place, store, record).faults()
    finally:
        store.close()


def _kill_again_and_again(
    service: Service, cluster: Cluster | None, plan: Plan, dice: random.Random, record: Record, tell: Tell
) -> tuple[int, int]:
    """Kill and start again until the time is over; how often the service and the database were killed."""
    until, of_service, of_database = time.monotonic() + plan.seconds, 0, 0
    while (left := until - time.monotonic()) > 0:
        tell("striking", 1 - left / plan.seconds)
        time.sleep(min(left, dice.uniform(0.6, 1.4) * plan.kill_every_s))
        if service.has_ended:
            record.surprise("The service ended by itself.")
            service.start()
        elif time.monotonic() < until and cluster is not None and of_database <= of_service:
            _restart(cluster, dice)
            of_database += 1
        elif time.monotonic() < until:
            _restart(service, dice)
            of_service += 1
    return of_service, of_database


def _restart(what: Service | Cluster, dice: random.Random) -> None:
    """`kill -9`, and start again a moment later."""
    what.kill()
    time.sleep(dice.uniform(0, 0.5))
    what.start()


@contextmanager
def _desks(
    place: Place, service: Service, plan: Plan, dice: random.Random, cursor: Cursor, record: Record
) -> Iterator[None]:
    """The desks at work, each a thread; at the end each finishes the deed that it is at."""
    evening, journals = threading.Event(), _takes_journals(place, service)
    crowd = [
        Desk(place, service.port, nth, cursor, evening, record, dice.getrandbits(32), journals)
        for nth in range(plan.clients)
    ]
    threads = [threading.Thread(target=desk.day, daemon=True) for desk in crowd]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        evening.set()
        for thread in threads:
            thread.join(120)


def _takes_journals(place: Place, service: Service) -> bool:
    wire = Wire(service.port, place.keys[0])
    try:
        return wire.ask("POST", "/redemptions/batch", {"entries": []}).status not in (404, 405)
    except Lost:
        return False
    finally:
        wire.cut()


@contextmanager
def _offices(
    spawning: Any, place: Place, dice: random.Random, cursor: Cursor, evening: Any, record: Record
) -> Iterator[None]:
    """The offices at work, each a process; at the end they undo what they have open, and tell what they did."""
    crowd = []
    for nth in range(len(ORGANISATIONS)):
        mine, theirs = spawning.Pipe(duplex=False)
        words = (place, nth, dice.getrandbits(32), cursor, evening, theirs)
        process = spawning.Process(target=offices.work, args=words, daemon=True)
        process.start()
        theirs.close()
        crowd.append((process, mine))
    try:
        yield
        evening.set()
        for _process, mine in crowd:
            _listen(mine, record)
    finally:
        for process, _mine in crowd:
            process.join(5)
            process.kill()


def _listen(mine: Any, record: Record) -> None:
    """What an office tells at the end of its day."""
    try:
        deeds, surprises = mine.recv() if mine.poll(120) else ([], ["An office did not come back."])
    except EOFError:
        deeds, surprises = [], ["An office fell silent."]
    record.deeds += deeds
    record.surprises += surprises
