"""The sequencer: a thread of a serving process that gives facts their places in the log, every few seconds."""

import logging
import threading
from datetime import UTC, datetime

from app.config import Settings
from app.core.checkpoint import CheckpointKey
from app.core.errors import HournoteError
from app.services import log
from app.services.books import open_books

INTERVAL_SECONDS = 5.0
"""A fact that is edited within so short a time of its making may go unnoticed."""

_LOGGER = logging.getLogger(__name__)


def start(settings: Settings) -> None:
    """Sequence until the process ends; several processes may, and take turns."""
    threading.Thread(target=_run, args=(settings,), name="sequencer", daemon=True).start()


def _run(settings: Settings) -> None:
    store, key, pause = open_books(settings.database_url), CheckpointKey(settings.checkpoint_key), threading.Event()
    while not pause.wait(INTERVAL_SECONDS):
        try:
            log.sequence(store, key=key, clock=lambda: datetime.now(UTC))
        except HournoteError as error:
            _LOGGER.warning("The log waits: %s", error.sentence)
