"""Counting a job: the print shop reports good, spoiled and missing notes until they are as many as were ordered, and closes it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from app.core import count
from app.core import span as spans
from app.core.count import Counted, Report
from app.core.errors import BadInput, Conflict, NotAllowed, NotFound, Refused
from app.core.lifecycle import Kind, State
from app.core.roles import Deed
from app.core.span import Span
from app.services import balancing, print_jobs, printing, rights, wording
from app.services.balancing import Balance
from app.services.print_jobs import PrintJob, Settings, Stage
from app.store import custody, jobs, parties
from app.store.access import Account
from app.store.database import Store, lock_series
from app.store.jobs import Event

LONGEST_NAMED = 400
FLIPS = ("long", "short")
ASKED_ELSE = "This was sent before, and asked for something else: look at the form and send it again."
IS_CLOSED = "This job is closed: nothing of it is reported any more."
_RANGE = re.compile(r"(\d{1,7})(?:\s*[-–]\s*(\d{1,7}))?")
_MOVES = {Counted.SPOILED: Kind.SPOIL, Counted.MISSING: Kind.MISS}


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody reports: so many `good` notes; or spoiled or missing ones, by their serials, by sheets, or both."""

    kind: Counted
    good: int | None = None
    serials: str = ""
    sheets: str = ""

    @property
    def named(self) -> str | None:
        """The same as the books keep it."""
        parts = [self.serials.strip(), f"sheet {self.sheets.strip()}" if self.sheets.strip() else ""]
        return wording.perhaps(", ".join(filter(None, parts)), "list of notes", LONGEST_NAMED)


def report(
    store: Store, *, by: Account, order: str, said: Said, designs: Path, request_id: UUID, now: datetime
) -> PrintJob:  # fmt: skip
    """Report notes of a job; once, however often it is sent.

    Raises NotFound, NotAllowed, BadInput, Refused when notes were reported before or the job is closed, Conflict.
    """

    def work(connection: Connection) -> PrintJob:
        job = _open(connection, by, order)
        before = jobs.event_by_request(connection, request_id)
        told = _report(job, said, designs)
        new = Event(
            request_id, job.order.id, said.kind, None, told.notes, said.named, told.spans, None, by.email, now
        )  # fmt: skip
        if before is not None:
            _check_same(before, new)
            return job
        _check_stage(job)
        count.check(job.order.span, print_jobs.reports(job.events), told)
        jobs.add_event(connection, new)
        return print_jobs.seen(connection, by, order)

    return store.write(work)


def withdraw(
    store: Store, *, by: Account, order: str, withdrawn: UUID, request_id: UUID, now: datetime
) -> PrintJob:  # fmt: skip
    """Take a report back that was wrong, by another fact; again changes nothing. Raises NotFound, NotAllowed, Refused, Conflict."""

    def work(connection: Connection) -> PrintJob:
        job = _open(connection, by, order)
        if any(each.withdraws == withdrawn for each in job.events):
            return job
        if jobs.event_by_request(connection, request_id) is not None:
            raise Conflict(ASKED_ELSE)
        _check_stage(job)
        if all(each.request_id != withdrawn for each in job.reports):
            raise NotFound("There is no such report.")
        event = Event(request_id, job.order.id, "withdrawn", None, None, None, (), withdrawn, by.email, now)
        jobs.add_event(connection, event)
        return print_jobs.seen(connection, by, order)

    return store.write(work)


def close(store: Store, *, by: Account, order: str, request_id: UUID, now: datetime) -> Balance:
    """Close a job whose count balances: good notes are printed from then on, the others void. In one transaction, once.

    Raises NotFound, NotAllowed, Refused when it does not balance or was closed by another request.
    """

    def work(connection: Connection) -> Balance:
        job = _open(connection, by, order)
        is_repeat = custody.movement_by_request(connection, request_id) is not None
        if not is_repeat:
            _check_stage(job)
            _check_balances(job)
        bad = _bad(job) if is_repeat else _still_ordered(connection, job, _bad(job))
        return balancing.balance(connection, job.order, bad, actor=by.email, now=now, request_id=request_id)

    return store.write(work)


def keep_settings(store: Store, *, by: Account, order: str, settings: Settings, designs: Path) -> PrintJob:
    """Keep how the print shop composes a job, which tells what a sheet carries. Raises NotFound, NotAllowed, BadInput, Refused."""
    if settings.flip not in FLIPS:
        raise BadInput("Sheets are turned about their long or their short edge.")

    def work(connection: Connection) -> PrintJob:
        job = _open(connection, by, order)
        _check_stage(job)
        size = print_jobs.note_size(job, designs)
        if size is not None:
            printing.laid_out(job.order.span, job.order.bundle_size, size, print_jobs.laying(settings))
        jobs.set_settings(connection, job.order.id, settings)
        return print_jobs.seen(connection, by, order)

    return store.write(work)


def _open(connection: Connection, by: Account, order: str) -> PrintJob:
    """The job, with its series locked so that reports count one another."""
    job = print_jobs.seen(connection, by, order)
    if not print_jobs.may(by, Deed.COUNT_JOB, job):
        raise NotAllowed(rights.NOT_YOURS)
    series = parties.series_by_code(connection, job.order.span.series)
    lock_series(connection, [series.id] if series else [], shared=False)
    return print_jobs.seen(connection, by, order)


def _check_stage(job: PrintJob) -> None:
    if job.stage is Stage.CLOSED:
        raise Refused(IS_CLOSED)


def _check_balances(job: PrintJob) -> None:
    if job.count.open > 0:
        raise Refused("Notes are still open: report them, and the job can be closed.")
    if job.count.open < 0:
        raise Refused("More notes are reported than were ordered: withdraw what is wrong, and count again.")


def _check_same(before: Event, new: Event) -> None:
    asked = [(each.order, each.kind, each.notes, each.named, each.actor) for each in (before, new)]
    if asked[0] != asked[1]:
        raise Conflict(ASKED_ELSE)


def _report(job: PrintJob, said: Said, designs: Path) -> Report:
    if said.kind is Counted.GOOD:
        if said.good is None:
            raise BadInput("Say how many good notes were counted, as a whole number.")
        return Report(said.kind, said.good)
    found = count.notes_of([*_serials(job.order.span, said.serials), *_sheets(job, said.sheets, designs)])
    if not found:
        raise BadInput("Say which notes, by their serials or by the numbers of their sheets.")
    return Report(said.kind, sum(map(len, found)), found)


def _serials(ordered: Span, text: str) -> Iterator[Span]:
    """The notes that are named one by one or as spans, with the series or, being of this order, by number alone."""
    for part in filter(None, (each.strip() for each in re.split(r"[,;\n]", text))):
        bare = _RANGE.fullmatch(part)
        yield Span(ordered.series, int(bare[1]), int(bare[2] or bare[1])) if bare else spans.parse(part)


def _sheets(job: PrintJob, text: str, designs: Path) -> Iterator[Span]:
    """The notes on sheets, by the imposition of the job."""
    for part in filter(None, (each.strip() for each in re.split(r"[,;\n]", text))):
        named, size = _RANGE.fullmatch(part), print_jobs.note_size(job, designs)
        if named is None:
            raise BadInput("Write the numbers of sheets as they stand in the margin, for example 12, 14-16.")
        if size is None:
            raise BadInput(
                "The design of this job is gone, so that nobody knows what its sheets carry: name the serials."
            )
        laid = print_jobs.laying(job.settings)
        first, last = int(named[1]), int(named[2] or named[1])
        yield from printing.on_sheets(job.order.span, job.order.bundle_size, size, laid, first=first, last=last)


def _bad(job: PrintJob) -> list[tuple[Kind, Span]]:
    """What is spoiled and what is missing, in the fewest spans."""
    found = {
        kind: count.notes_of(span for each in job.reports if each.kind == kind for span in each.spans)
        for kind in _MOVES
    }
    return [(_MOVES[kind], span) for kind, named in found.items() for span in named]


def _still_ordered(
    connection: Connection, job: PrintJob, bad: Sequence[tuple[Kind, Span]]
) -> list[tuple[Kind, Span]]:  # fmt: skip
    """The same without notes that somebody made void meanwhile: these stay as they are."""
    waiting = custody.spans_in(connection, State.ORDERED)
    return [(kind, shared) for kind, span in bad for each in waiting if (shared := span.intersection(each))]
