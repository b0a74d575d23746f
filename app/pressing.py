"""The press at work: it makes the orders that were asked for in the browser, until it is told to stop.

A process of its own, because it alone can sign: no request of the network ever reaches it.
"""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from app import logs
from app.config import Settings, from_environment
from app.core.errors import HournoteError
from app.services import clearing, making
from app.services.books import open_books
from app.services.making import Outcome, Press, Stopped

LOOKS_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 30.0
PARENT_SECONDS = 1.0
_LOGGER = logging.getLogger(__name__)


def run(parent: int) -> None:
    """Press until told to stop, or until `parent`, the process that started this one, is gone: what `serve --all` starts."""
    settings = from_environment()
    logs.set_up(settings.log)
    with stopped_by_signal() as stopped, at_work(settings, stopped) as press:
        threading.Thread(target=_end_with, args=(parent, stopped), name="parent", daemon=True).start()
        watch(press, lambda outcome: None)


@contextmanager
def stopped_by_signal() -> Iterator[threading.Event]:
    """What SIGINT and SIGTERM set meanwhile."""
    stopped = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        for number in before:
            signal.signal(number, lambda _number, _frame: stopped.set())
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def at_work(settings: Settings, stopped: threading.Event) -> Iterator[Press]:
    """A press over the books that the settings name, its job files in the instance folder.

    Raises BadSettings, and BadInput where the folder cannot be made; waits for a database that is away.
    """
    store = open_books(settings.database_url)
    try:
        yield Press(
            store, settings.note_host, settings.design_folders, settings.instance / clearing.JOBS, settings.workers,
            lambda: datetime.now(UTC), stopped,
        )  # fmt: skip
    finally:
        store.close()


def make_waiting(press: Press) -> Iterator[Outcome]:
    """Make what waits now, one after another. Raises what `making.make_next` does."""
    making.open_jobs(press)
    while outcome := making.make_next(press):
        yield outcome


def watch(press: Press, tell: Callable[[Outcome], None]) -> None:
    """Make what waits, and go on looking, until the press is told to stop; `tell` hears of each order.

    While the database is away, or the disk full, it says so once and looks ever more seldom.
    """
    wait = LOOKS_SECONDS
    while not press.stopped.is_set():
        try:
            for outcome in make_waiting(press):
                _log(outcome)
                tell(outcome)
            wait = _came_back(wait)
        except Stopped:
            return
        except HournoteError as error:
            wait = _waits(wait, error.sentence)
        except Exception:  # the next look may do better
            _LOGGER.exception("The press waits.")
            wait = LONGEST_WAIT_SECONDS
        press.stopped.wait(wait)


def _waits(wait: float, why: str) -> float:
    if wait == LOOKS_SECONDS:
        _LOGGER.error("The press waits: %s", why)
    return min(wait * 2, LONGEST_WAIT_SECONDS)


def _came_back(wait: float) -> float:
    if wait != LOOKS_SECONDS:
        _LOGGER.warning("The press goes on.")
    return LOOKS_SECONDS


def _log(outcome: Outcome) -> None:
    if outcome.problem is not None:
        _LOGGER.warning("The order %s was given up: %s", outcome.asked.request_id, outcome.problem)


def _end_with(parent: int, stopped: threading.Event) -> None:
    while os.getppid() == parent:
        if stopped.wait(PARENT_SECONDS):
            return
    stopped.set()


if __name__ == "__main__":
    run(int(sys.argv[1]))
