"""Taking a job: its file is given to the print shop once, and once more each time that the national office allows it.

Whoever has the file can make notes, so that it is known who took it and when. It lies in the folder of the press, and can be
given where this process reads that; elsewhere somebody hands it over.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from app.core.errors import BadJob, Conflict, NotAllowed, NotYet, Refused
from app.core.job import JobFile
from app.core.roles import Deed
from app.services import closing, print_jobs, rights
from app.services.drafts import SUFFIX
from app.services.print_jobs import PrintJob, Stage
from app.store import jobs
from app.store.access import Account
from app.store.database import Store
from app.store.jobs import Event
from app.store.orders import Order

REPEAT_FOR = timedelta(minutes=2)
"""A browser that sends the same click twice gets the file all the same; it is the same taking."""

IS_CLOSED = "This job is closed, and its file is not given out any more."
TAKEN_ALREADY = "This job file was taken already: the national office can allow it once more."
ONCE_MORE = "This job file may be taken once more: press the button again."


@dataclass(frozen=True, slots=True)
class Taken:
    """Where the file is that may be given out now."""

    path: Path


def path_of(folder: Path, order: str) -> Path:
    """Where the press keeps the file of an order."""
    return folder / f"{order}{SUFFIX}"


def is_here(folder: Path, order: Order) -> bool:
    """Whether the file of an order lies where this process reads it."""
    try:
        return path_of(folder, order.id).is_file()
    except OSError:
        return False


def take(
    store: Store, *, by: Account, order: str, folder: Path, request_id: UUID, now: datetime
) -> Taken:  # fmt: skip
    """Let the print shop have the file of its job; it is a fact from then on.

    Raises NotFound, NotAllowed, Refused when it was taken, the job is closed or the file is not here, Conflict, and NotYet
    while books that were restored are not reopened: it may have been taken after their backup.
    """
    if closing.closed_reason(store) is not None:
        raise NotYet("The books were restored and are not reopened, so that nobody knows whether this file was taken.")
    job = _mine(store.read(lambda connection: print_jobs.seen(connection, by, order)), by, Deed.TAKE_JOB)
    path = path_of(folder, job.order.id)

    def work(connection: Connection) -> Taken:
        found = print_jobs.seen(connection, by, order)
        before = jobs.event_by_request(connection, request_id)
        if before is not None:
            _check_repeat(before, by, found, now)
        else:
            _check_open(found)
            turn = len(found.takings)
            jobs.add_event(connection, _event(request_id, found, "taken", turn, by, now))
        return Taken(path)

    _check_whole(path, job.order)
    return store.write(work)


def allow_again(store: Store, *, by: Account, order: str, request_id: UUID, now: datetime) -> PrintJob:
    """Let the print shop take the file once more; again by the same request changes nothing.

    Raises NotFound, NotAllowed, Refused where it may be taken as it is or the job is closed, Conflict.
    """

    def work(connection: Connection) -> PrintJob:
        found = _mine(print_jobs.seen(connection, by, order), by, Deed.ALLOW_JOB_AGAIN)
        before = jobs.event_by_request(connection, request_id)
        if before is not None:
            _check_same(before, by, found, "again")
            return found
        if found.stage is Stage.CLOSED:
            raise Refused(IS_CLOSED)
        if found.may_be_taken:
            raise Refused("The print shop can take this file as it is.")
        turn = found.allowed
        jobs.add_event(connection, _event(request_id, found, "again", turn, by, now))
        return print_jobs.seen(connection, by, order)

    return store.write(work)


def _mine(job: PrintJob, by: Account, deed: Deed) -> PrintJob:
    if not print_jobs.may(by, deed, job):
        raise NotAllowed(rights.NOT_YOURS)
    return job


def _check_open(job: PrintJob) -> None:
    if job.stage is Stage.CLOSED:
        raise Refused(IS_CLOSED)
    if not job.may_be_taken:
        raise Refused(TAKEN_ALREADY)


def _check_repeat(before: Event, by: Account, job: PrintJob, now: datetime) -> None:
    _check_same(before, by, job, "taken")
    if job.stage is Stage.CLOSED:
        raise Refused(IS_CLOSED)
    if job.may_be_taken:
        raise Conflict(ONCE_MORE)
    if now - before.at > REPEAT_FOR or before.request_id != job.takings[-1].request_id:
        raise Refused(TAKEN_ALREADY)


def _check_same(before: Event, by: Account, job: PrintJob, kind: str) -> None:
    if (before.order, before.kind, before.actor) != (job.order.id, kind, by.email):
        raise Conflict("This was sent before, and asked for something else: look at the form and send it again.")


def _check_whole(path: Path, order: Order) -> None:
    """See that the file is the one of this order and undamaged, before it counts as taken."""
    try:
        with path.open("rb") as file, JobFile(file) as opened:
            is_ours = opened.job.public_key == order.public_key
    except (OSError, BadJob) as error:
        raise Refused("The job file is not where this page can read it: nothing was taken.") from error
    if not is_ours:
        raise Refused("The job file is not where this page can read it: nothing was taken.")


def _event(request_id: UUID, job: PrintJob, kind: str, turn: int, by: Account, now: datetime) -> Event:
    return Event(request_id, job.order.id, kind, turn, None, None, (), None, by.email, now)
