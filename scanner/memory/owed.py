"""What the journal owes the service: what has to be told, in its order, and what the answers come to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.core.desk_clock import KEPT
from scanner.memory.books import Page
from scanner.memory.entries import Deed, Entry, State
from scanner.memory.journal import Journal, withdrawn

Line = Mapping[str, Any]
"""An entry of `POST /redemptions/batch`, or its answer."""

KEPT_MS = int(KEPT.total_seconds() * 1000)
NOT_TAKEN = "not_taken"
"""What a person is told of a visit that the service could not take at all: more than 60 days old, of an offer that is gone."""

LEFT_SPENT = "left_spent"
"""And of one that was not accepted here, and is spent all the same."""

_MAY_GO_WELL = (401, 429)
"""A desk that is enrolled again, or asks later, is heard."""

_RETURNED = ("not_accepted",)
_STAYS_SPENT = ("too_late", "retired")


@dataclass(frozen=True, slots=True)
class Owed:
    """An entry, and the lines that tell it."""

    entry: Entry
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Settled:
    """An entry as it stands after its answer, and that answer."""

    entry: Entry
    answer: Line


def take_next(journal: Journal, venue: int | None, most: int, alive: Collection[str]) -> list[Owed]:
    """What to send next, in order, for a venue. A withdrawal is marked as sent before it is: from then on nobody may ask under
    its id again. Attended visits whose end nobody was told are withdrawn; others are asked about until there is an answer."""
    with journal.books.change() as page:
        left = [_left(journal, page, each, alive) for each in page.open()]
        mine = [each for each in left if each is not None and is_of(each, venue)][:most]
        return [Owed(_sent(page, each), lines_of(each)) for each in mine]


def count(journal: Journal, venue: int | None, alive: Collection[str]) -> tuple[int, int]:
    """How many entries are owed: of this venue, and of others."""
    with journal.books.read() as page:
        owed = [each for each in page.open() if not each.is_asking or journal.is_orphan(each, alive)]
    here = sum(is_of(each, venue) for each in owed)
    return here, len(owed) - here


def is_of(entry: Entry, venue: int | None) -> bool:
    """Whether it is told for this venue: a journal is sent where it was written alone."""
    return venue is None or entry.venue in (venue, None)


def lines_of(entry: Entry) -> list[Line]:
    """How the service is told of an entry.

    Under its id nothing can be spent any more once the service knows a withdrawn visit as practice, whenever the first call
    may arrive; where that was first, it is given back.
    """
    if entry.deed is Deed.REVERSE:
        return [{"type": "reverse", "id": entry.id, "reason": entry.why, "at": entry.told_at}]
    visit = {
        "type": "redeem", "id": entry.id, "notes": list(entry.notes), "offer": entry.offer, "scanned_at": entry.scanned_at,
        "offline": entry.is_apart, "practice": entry.state is State.WITHDRAWN,
    }  # fmt: skip
    back = {"type": "reverse", "id": entry.id, "reason": "no answer came", "at": entry.scanned_at}
    return [visit, back] if entry.state is State.WITHDRAWN else [visit]


def settle(journal: Journal, told: Sequence[tuple[Entry, Line]], now_ms: int) -> list[Settled]:
    """Keep the answers (the last line's) to what was sent; those of them that are final. The others are owed still."""
    settled = []
    with journal.books.change() as page:
        for entry, said in told:
            mine = page.deed(entry.id, entry.deed)
            if mine is None or (mine.state, mine.owner) != (entry.state, entry.owner) or not _is_final(mine, said):
                continue
            now = _settled(page, mine, said, now_ms)
            settled.append(Settled(page.put(now), said))
    return settled


def tell_again(page: Page, from_ms: int) -> None:
    """The books were restored: tell them again what they said yes to, under the same ids."""
    for each in page.where("at_ms >= ?", from_ms):
        if each.state is State.REVERSED or (each.state is State.ACCEPTED and not each.is_returned):
            page.put(replace(each, is_open=True))


def note_returned(page: Page, serials: Sequence[str], as_of_ms: int) -> None:
    """These notes were given back, by whomever: restored books need not hear of their visits again."""
    for each in page.where("deed = 'redeem' AND state = 'accepted' AND answered_ms < ?", as_of_ms) if serials else ():
        if each.meets(serials):
            page.put(replace(each, is_returned=True))


def prune(journal: Journal, before_ms: int) -> None:
    """Remove what was settled before then."""
    with journal.books.change() as page:
        for each in page.where("at_ms < ? AND NOT is_open AND NOT has_notice", before_ms):
            page.remove(each)


def notices(journal: Journal) -> list[Entry]:
    """What a person must be told of, the oldest first."""
    with journal.books.read() as page:
        return page.where("has_notice")


def dismiss(journal: Journal, visit_id: str) -> None:
    """The notices of a visit were read."""
    with journal.books.change() as page:
        for each in page.where("id = ?", visit_id):
            page.put(replace(each, has_notice=False))


def _left(journal: Journal, page: Page, entry: Entry, alive: Collection[str]) -> Entry | None:
    if not entry.is_asking:
        return entry
    if not journal.is_orphan(entry, alive):
        return None
    return page.put(withdrawn(entry)) if entry.attended else entry


def _sent(page: Page, entry: Entry) -> Entry:
    return page.put(replace(entry, is_sent=True)) if entry.state is State.WITHDRAWN else entry


def _is_final(entry: Entry, said: Line) -> bool:
    """Whether nothing else may come of it the next time. What has another shape than was agreed is no answer."""
    problem = said.get("problem")
    if isinstance(problem, Mapping):
        status = problem.get("status")
        return isinstance(status, int) and 400 <= status < 500 and status not in _MAY_GO_WELL
    tells_back = entry.deed is Deed.REVERSE or entry.state is State.WITHDRAWN
    is_said = said.get("outcome") in (State.REVERSED if tells_back else State.ACCEPTED, State.REFUSED)
    has_shape = isinstance(said.get("hours", 0), int) and isinstance(said.get("reason"), str | None)
    return is_said and has_shape and isinstance(said.get("notes", []), list)


def _settled(page: Page, mine: Entry, said: Line, now_ms: int) -> Entry:
    if mine.deed is Deed.REVERSE:
        return _reversed(page, mine, said, now_ms)
    return _undone(mine, said) if mine.state is State.WITHDRAWN else _confirmed(mine, said, now_ms)


def _confirmed(mine: Entry, said: Line, now_ms: int) -> Entry:
    notes = tuple(said["notes"]) if isinstance(said.get("notes"), list) else mine.answer
    if said.get("outcome") == State.ACCEPTED:
        return mine.changed(
            state=State.ACCEPTED, reason=None, hours=said.get("hours", len(mine.serials)), answer=notes, answered_ms=now_ms
        ).bare()  # fmt: skip
    reason = said.get("reason") or NOT_TAKEN
    refused = mine.changed(state=State.REFUSED, reason=reason, answer=notes, answered_ms=now_ms).bare()
    # Nobody was told the end of one that is still being asked about. Of any other somebody was told "accepted".
    return replace(refused, has_notice=mine.state is not State.ASKING and not mine.is_returned)


def _undone(mine: Entry, said: Line) -> Entry:
    left = mine.changed(state=State.VOID).bare()
    is_spent = said.get("reason") in _STAYS_SPENT or _status(said) == 403
    return replace(left, reason=LEFT_SPENT, has_notice=True) if is_spent else left


def _reversed(page: Page, mine: Entry, said: Line, now_ms: int) -> Entry:
    visit = page.deed(mine.id, Deed.REDEEM)
    outcome, reason = said.get("outcome", State.REFUSED), said.get("reason", NOT_TAKEN)
    is_back = outcome == State.REVERSED or reason in _RETURNED or _status(said) == 404
    is_refused = visit is not None and visit.state is State.REFUSED
    state = State.REVERSED if is_back and not is_refused else State(outcome)
    if visit is not None:
        page.put(replace(visit, is_returned=is_back))
    told = mine.changed(state=state, reason=reason, answered_ms=now_ms)
    return replace(told, has_notice=mine.is_shown and not is_back)


def _status(said: Line) -> object:
    problem = said.get("problem")
    return problem.get("status") if isinstance(problem, Mapping) else None
