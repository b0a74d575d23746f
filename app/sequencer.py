"""The sequencer: a process beside the serving ones that gives facts their places in the log, twice a minute."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from app import logs
from app.config import Settings, from_environment
from app.core.checkpoint import CheckpointKey
from app.core.errors import HournoteError
from app.services import log
from app.services.books import open_books

INTERVAL_SECONDS = 30.0
"""Few enough checkpoints to keep them all. A fact that an administrator edits before it has its place may go unnoticed."""

_LOGGER = logging.getLogger(__name__)


def run() -> None:
    """Sequence until told to stop, or until the process that started this one is gone. Several may, and take turns."""
    parent, stopped = os.getppid(), threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stopped.set())
    signal.signal(signal.SIGINT, lambda _number, _frame: stopped.set())
    os.nice(5)
    settings = from_environment()
    logs.set_up(settings.log)
    turns(settings, stopped, lambda: os.getppid() == parent)


def turns(settings: Settings, stopped: threading.Event, wanted: Callable[[], bool] = lambda: True) -> None:
    """Take a turn each interval, until `stopped` or `wanted` no more; what one could not do is left to the next."""
    while not stopped.wait(INTERVAL_SECONDS) and wanted():
        try:
            _sequence(settings)
        except HournoteError as error:
            _LOGGER.error("The log waits: %s", error.sentence)
        except Exception:  # the next turn may do better, and `verify-log` tells that facts wait
            _LOGGER.exception("The log waits.")


def _sequence(settings: Settings) -> None:
    store = open_books(settings.database_url)
    try:
        log.sequence(store, key=CheckpointKey(settings.checkpoint_key), clock=lambda: datetime.now(UTC))
    finally:
        store.close()


if __name__ == "__main__":
    run()
