"""The journal: each visit and each giving back, written down before it is sent or shown; what the counter does with it.

Every change looks first whether the entry is still whose it was: another process may have taken the visit over meanwhile.
Then nothing is changed and the caller hears None.
"""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from app.core.errors import Refused
from scanner.answers import Answer
from scanner.memory.books import Books, Page
from scanner.memory.entries import Claims, Deed, Entry, State, claims

_ACCEPTED = (State.WAITING, State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A visit that is about to be asked about; `owner`: who asks, the process and the call."""

    owner: str
    venue: int | None
    at_ms: int
    scanned_at: str
    notes: tuple[str, ...] = field(repr=False)
    serials: tuple[str, ...]
    offer: int | None
    attended: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """`before`: it may have been sent before. `owes`: something else about these notes has to be told first."""

    entry: Entry
    before: bool
    owes: bool


class Journal:
    """The journal in the books of a desk. Every verb raises Unavailable (`word` disk) where it cannot be kept."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self._over: set[str] = set()

    def begin(self, visit: NewVisit, alive: Collection[str]) -> Begun:
        """Write a visit down. One with the same notes for the same offer that nobody was told the end of is asked about again
        under its own id: had the service spent the notes, it says so once more, and not "already spent". Raises Refused (`word`
        in_line) where one of the notes is in a visit that is being asked about right now."""
        with self.books.change() as page:
            others = page.open()
            if any(each.is_asking and each.meets(visit.serials) and not self.is_orphan(each, alive) for each in others):
                raise Refused(
                    "One of these notes is in a visit that is being asked about: it is not taken again.", word="in_line"
                )
            earlier = next((each for each in others if self._is_same(each, visit, alive)), None)
            others = [each for each in others if each is not earlier and each.meets(visit.serials)]
            owes = any(not each.is_asking or self.is_orphan(each, alive) for each in others)
            for each in others:
                if self.is_orphan(each, alive):
                    page.put(withdrawn(each))
            if earlier is not None:
                page.remove(earlier)
            entry = page.add(_fresh(visit, earlier.id if earlier is not None else str(uuid.uuid4())))
            return Begun(entry, earlier is not None, owes)

    def end(self, entry: Entry) -> None:
        """The call for a visit is over. Its end stands here, unless the disk was full: then it is nobody's any more."""
        self._over.add(entry.owner)

    def owes(self, serials: Sequence[str], alive: Collection[str]) -> bool:
        """Take back visits with these notes whose end nobody was told, before the notes are asked about; whether anything about
        them has to be told first."""
        with self.books.change() as page:
            met = [each for each in page.open() if each.meets(serials)]
            orphans = [each for each in met if self.is_orphan(each, alive)]
            for each in orphans:
                if each.attended:
                    page.put(withdrawn(each))
            return any(not each.is_asking for each in met) or bool(orphans)

    def answer(self, entry: Entry, answer: Answer, now_ms: int) -> Entry | None:
        """The service has answered a visit; serials take the place of tokens."""
        return self._change(entry, lambda mine: _answered(mine, answer, now_ms))

    def accept(self, entry: Entry, answer: Answer, *, known_at_ms: int, offline_notes: int) -> Entry | None:
        """Accept a visit by this desk alone. None too where it may not be: a note or the allowance is spent meanwhile."""
        with self.books.change() as page:
            mine = self._current(page, entry)
            if mine is None:
                return None
            found = _claimed(page, known_at_ms, entry.id)
            is_spent = not found.spent.isdisjoint(mine.serials)
            if is_spent or found.waiting_notes + len(mine.serials) > offline_notes:
                return None
            accepted = mine.changed(state=State.WAITING, is_apart=True, hours=answer.hours, answer=answer.kept_notes())
            return page.put(accepted)

    def leave(self, entry: Entry, *, perhaps: bool, reason: str | None = None) -> Entry | None:
        """The visit was not shown as accepted: it must not be left spent, if `perhaps` the service has it, else it is void."""
        return self._change(
            entry,
            lambda mine: withdrawn(mine) if perhaps else mine.changed(state=State.VOID, reason=reason).bare(),
        )

    def give_back(self, visit_id: str, *, reason: str, at_ms: int, most_ms: int) -> Entry | str:
        """Write down that the notes of a visit are given back: the entry (the one before, if they were already), or why not."""
        with self.books.change() as page:
            visit = page.deed(visit_id, Deed.REDEEM)
            if visit is None or visit.state not in _ACCEPTED:
                return "not_accepted"
            before = page.deed(visit_id, Deed.REVERSE)
            if before is not None and before.state is not State.REFUSED:
                return before
            if at_ms - visit.at_ms > most_ms:
                return "too_late"
            if before is not None:
                page.remove(before)
            page.put(replace(visit, is_returned=True))
            return page.add(_reversal(visit, reason, at_ms))

    def shown(self, visit_id: str) -> Entry | None:
        """The person is told "given back", though the service was not heard: what it says later is news then."""
        with self.books.change() as page:
            entry = page.deed(visit_id, Deed.REVERSE)
            is_owed = entry is not None and entry.state is State.WAITING
            return page.put(replace(entry, is_shown=True)) if entry is not None and is_owed else entry

    def keep_spent(self, visit_id: str) -> None:
        """The person was told "not given back", as the service refuses this desk: so it is not told of later."""
        with self.books.change() as page:
            entry, visit = page.deed(visit_id, Deed.REVERSE), page.deed(visit_id, Deed.REDEEM)
            if entry is not None and entry.state is State.WAITING:
                page.remove(entry)
                if visit is not None:
                    page.put(replace(visit, is_returned=False))

    def claims_since(self, known_at_ms: int, but: str | None = None) -> Claims:
        """What this desk has done with notes that a snapshot of then does not know of."""
        with self.books.read() as page:
            return _claimed(page, known_at_ms, but)

    def accepted_since(self, from_ms: int) -> list[Entry]:
        """Visits that were accepted since then and not given back, the newest first."""
        with self.books.read() as page:
            return page.where(
                "at_ms >= ? AND deed = 'redeem' AND state IN ('waiting', 'accepted') AND NOT is_returned", from_ms
            )[::-1]

    def is_orphan(self, entry: Entry, alive: Collection[str]) -> bool:
        """Whether the process, or the call, that asked is gone without an end."""
        return entry.is_asking and (entry.owner in self._over or entry.owner.partition(":")[0] not in alive)

    def _is_same(self, each: Entry, visit: NewVisit, alive: Collection[str]) -> bool:
        """Whether it is this very visit, and nobody was told its end."""
        if (
            each.deed is not Deed.REDEEM
            or each.offer != visit.offer
            or each.is_sent
            or each.venue not in (visit.venue, None)
        ):
            return False
        is_open = each.state is State.WITHDRAWN or self.is_orphan(each, alive)
        return is_open and len(visit.notes) == len(visit.serials) and sorted(each.serials) == sorted(visit.serials)

    def _change(self, entry: Entry, how: Callable[[Entry], Entry]) -> Entry | None:
        with self.books.change() as page:
            mine = self._current(page, entry)
            return page.put(how(mine)) if mine is not None else None

    def _current(self, page: Page, entry: Entry) -> Entry | None:
        """The entry, if its owner still asks."""
        now = page.deed(entry.id, Deed.REDEEM)
        return now if now is not None and now.is_asking and now.owner == entry.owner else None


def withdrawn(entry: Entry) -> Entry:
    """A visit that is taken back."""
    return entry.changed(state=State.WITHDRAWN)


def _answered(mine: Entry, answer: Answer, now_ms: int) -> Entry:
    said: Mapping[str, Any] = {"hours": answer.hours, "reason": answer.reason, "answer": answer.kept_notes()}
    return mine.changed(state=State(answer.outcome), answered_ms=now_ms, **said).bare()


def _claimed(page: Page, known_at_ms: int, but: str | None) -> Claims:
    return claims(page.where("is_open OR answered_ms >= ?", known_at_ms), but)


def _fresh(visit: NewVisit, visit_id: str) -> Entry:
    return Entry(
        id=visit_id, venue=visit.venue, owner=visit.owner, attended=visit.attended, at_ms=visit.at_ms,
        scanned_at=visit.scanned_at, state=State.ASKING, notes=visit.notes, serials=visit.serials, offer=visit.offer,
    )  # fmt: skip


def _reversal(visit: Entry, reason: str, at_ms: int) -> Entry:
    """Its time is on the same clock as the visit's, whatever the desk's shows by now."""
    told_at = datetime.fromisoformat(visit.scanned_at) + timedelta(milliseconds=at_ms - visit.at_ms)
    return Entry(
        deed=Deed.REVERSE, id=visit.id, venue=visit.venue, at_ms=at_ms, scanned_at=visit.scanned_at,
        told_at=rfc3339(told_at), state=State.WAITING, serials=visit.serials, why=reason, offer=visit.offer,
    )  # fmt: skip


def rfc3339(at: datetime) -> str:
    """A moment (UTC) as it is told to the service."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
