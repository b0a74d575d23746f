"""Making: the press makes the orders that were asked for in the browser, the oldest first, each once.

The id of a request is that of its movement, so the books refuse a second order of it, whoever makes it. Presses of one folder
take turns, so that none signs for nothing. What the press tells while it works is no fact.
"""

import fcntl
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from uuid import UUID

from app.core.errors import BadDesign, BadInput, HournoteError, NotFound, NotYet, Refused, Unavailable
from app.services import clearing, closing, ordering
from app.services import press as presses
from app.services.ordering import Waiting
from app.services.press import Made
from app.services.printing import Folders
from app.store import custody, making
from app.store.database import Store

TELLS_SECONDS = 0.5
TURN_SECONDS = 0.2
_LOGGER = logging.getLogger(__name__)


class Stopped(Exception):
    """The press was told to stop in the middle of an order: nothing of it is left, and it waits again."""


@dataclass(frozen=True, slots=True)
class Press:
    """What a press works with: the books, the host in the tokens, the designs, the folder of its job files, its processes, the
    time, and what tells it to stop."""

    store: Store
    host: str
    designs: Folders
    jobs: Path
    workers: int
    clock: Callable[[], datetime]
    stopped: Event


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an order: `made`, or the `problem` for which it was given up; neither where another press made it."""

    asked: Waiting
    made: Made | None = None
    problem: str | None = None


def open_jobs(press: Press) -> None:
    """Make the folder of the job files, for its owner alone, and settle what an interruption left there. Raises BadInput."""
    try:
        press.jobs.mkdir(mode=0o700, parents=True, exist_ok=True)
        press.jobs.chmod(0o700)
    except OSError as error:
        raise BadInput(
            f"The folder {press.jobs} cannot be made for job files ({error.strerror}): choose another HOURNOTE_INSTANCE."
        ) from error
    presses.settle(press.store, press.jobs)
    clearing.clear(press.store, press.jobs)


def make_next(press: Press) -> Outcome | None:
    """Make the oldest order that waits; None when none does.

    Raises Unavailable and NotYet, and BadInput when the folder cannot be written to, where waiting may help; Stopped.
    """
    if not ordering.waiting_for_press(press.store):
        return None
    if closing.closed_reason(press.store) is not None:
        raise NotYet("The books were restored and are not reopened: what they do not know of may have been printed.")
    with _turn(press):
        waiting = ordering.waiting_for_press(press.store)
        return _make(press, waiting[0]) if waiting else None


def _make(press: Press, asked: Waiting) -> Outcome:
    try:
        return Outcome(asked, made=_order(press, asked))
    except HournoteError as error:
        if _may_pass(error):
            raise
        return _not_made(press, asked, _reason(error), error.sentence)
    except Stopped:
        raise
    except Exception:
        _LOGGER.exception("The press failed at an order.")
        return _not_made(press, asked, "fault", "The press failed at this order, and its log says how.")


def _order(press: Press, asked: Waiting) -> Made:
    return presses.order_notes(
        press.store, request=asked.wanted, host=press.host, designs=press.designs, out=press.jobs, actor=asked.actor,
        now=press.clock(), request_id=asked.request_id, progress=_telling(press, asked.request_id), workers=press.workers,
    )  # fmt: skip


def _telling(press: Press, request_id: UUID) -> Callable[[int], None]:
    """Tells now and then how many are signed, and leaves when the press is told to stop."""
    told = float("-inf")

    def tell(signed: int) -> None:
        nonlocal told
        if press.stopped.is_set():
            raise Stopped
        if time.monotonic() - told >= TELLS_SECONDS:
            with suppress(HournoteError):  # what only a page shows is no reason to fail
                press.store.write(lambda connection: making.is_signed(connection, request_id, signed, press.clock()))
            told = time.monotonic()

    tell(0)
    return tell


def _not_made(press: Press, asked: Waiting, reason: str, problem: str) -> Outcome:
    """Give it up, unless it is in the books all the same: another press was faster, or only its file waits for its name."""
    if _is_made(press.store, asked.request_id):
        _LOGGER.warning("The order %s is in the books. %s", asked.request_id, problem)
        return Outcome(asked)
    return _give_up(press, asked, reason, problem)


def _give_up(press: Press, asked: Waiting, reason: str, problem: str) -> Outcome:
    press.store.write(lambda connection: making.give_up(connection, asked.request_id, reason, problem, press.clock()))
    return Outcome(asked, problem=problem)


def _may_pass(error: HournoteError) -> bool:
    """Whether the trouble is not the order's: the database is away, the disk is full."""
    is_of_the_disk = type(error) is BadInput and isinstance(error.__cause__, OSError)
    return isinstance(error, Unavailable | NotYet) or is_of_the_disk


def _reason(error: HournoteError) -> str:
    """Why, as a word that a page has a sentence for."""
    words = {BadDesign: "design", Refused: "refused", NotFound: "not found"}
    return words.get(type(error), "input")


def _is_made(store: Store, request_id: UUID) -> bool:
    return store.read(lambda connection: custody.movement_by_request(connection, request_id)) is not None


@contextmanager
def _turn(press: Press) -> Iterator[None]:
    """Wait until no other press works in this folder; the kernel ends the turn of one that dies."""
    try:
        file = os.open(press.jobs / ".turn", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise BadInput(f"The folder {press.jobs} cannot be written to ({error.strerror}).") from error
    try:
        while not _is_mine(file):
            if press.stopped.wait(TURN_SECONDS):
                raise Stopped
        yield
    finally:
        os.close(file)


def _is_mine(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
