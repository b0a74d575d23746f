"""The sequencer: a thread of a serving process that gives facts their places in the log, twice a minute."""

import logging
import threading
from datetime import UTC, datetime

from app.config import Settings
from app.core.checkpoint import CheckpointKey
from app.core.errors import HournoteError
from app.services import log
from app.services.books import open_books

INTERVAL_SECONDS = 30.0
"""Few enough checkpoints to keep them all. A fact that an administrator edits before it has its place may go unnoticed."""

_LOGGER = logging.getLogger(__name__)


def start(settings: Settings) -> None:
    """Sequence until the process ends; several processes may, and take turns."""
    threading.Thread(target=_run, args=(settings,), name="sequencer", daemon=True).start()


def _run(settings: Settings) -> None:
    pause = threading.Event()
    while not pause.wait(INTERVAL_SECONDS):
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
