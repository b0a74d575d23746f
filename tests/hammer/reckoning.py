"""The reckoning: what desks and offices were told, held against the books. Read from the tables, not through the services
that wrote them; each check names itself in the faults that it finds."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Row

from app.core.checkpoint import CheckpointKey
from app.services import auditing, log, log_audit
from app.services.books import Store
from app.store import tables
from tests.hammer.desks import same_again
from tests.hammer.place import CHECKPOINT_SEED, ORGANISATIONS, SERIES, Place
from tests.hammer.record import Deed, Record, Visit, told
from tests.hammer.wire import Lost, Wire

KEY = CheckpointKey(CHECKPOINT_SEED)
Life = tuple[int, UUID]
"""A life of a note that was spent: its round, and the redemption that ended it."""


@dataclass(frozen=True)
class Fault:
    """What should not be: the check that saw it, and a sentence."""

    check: str
    message: str


class Reckoning:
    """The record of everybody, and the rows of the books."""

    def __init__(self, place: Place, store: Store, record: Record) -> None:
        self.place, self.store, self.record = place, store, record

    def faults(self) -> list[Fault]:
        """Every fault of every check."""
        return [Fault(name, message) for name, check in CHECKS.items() for message in check(self)]

    @cached_property
    def visits(self) -> dict[UUID, Row[Any]]:
        """The redemptions of the books."""
        return {row.id: row for row in self._rows(tables.redemption)}

    @cached_property
    def lives(self) -> dict[int, list[Life]]:
        """By number, the lives of each note that was ever spent."""
        found: dict[int, list[Life]] = defaultdict(list)
        for row in self._rows(tables.redeemed_note):
            found[row.number].append((row.round, row.redemption_id))
        return {number: sorted(lives) for number, lives in found.items()}

    @cached_property
    def back(self) -> set[tuple[int, int]]:
        """Number and round of every life that was given back."""
        return {(row.number, row.round) for row in self._rows(tables.reversed_note)}

    @cached_property
    def reversed(self) -> set[UUID]:
        """The redemptions that were given back."""
        return {row.redemption_id for row in self._rows(tables.reversal)}

    @cached_property
    def known(self) -> dict[UUID, Visit]:
        """The visits of the desks."""
        return {visit.id: visit for visit in self.record.visits}

    @cached_property
    def live(self) -> Counter[int]:
        """How often each note is spent now."""
        return Counter(
            number for number, lives in self.lives.items() for life, _by in lives if (number, life) not in self.back
        )

    def done(self, *kinds: str) -> list[Deed]:
        """The movements of these kinds that an office was told are done."""
        return [deed for deed in self.record.deeds if deed.kind in kinds and deed.outcome == "done"]

    def _rows(self, table: sa.Table) -> list[Row[Any]]:
        return self.store.read(lambda connection: list(connection.execute(sa.select(table))))


def nobody_was_surprised(it: Reckoning) -> Iterator[str]:
    """No desk or office was told two things, or something that is no answer."""
    yield from it.record.surprises


def everybody_was_answered(it: Reckoning) -> Iterator[str]:
    """Nobody is left in doubt."""
    for visit in it.record.visits:
        if visit.answer is None:
            yield f"The visit {visit.id} never had an answer."
    for deed in it.record.deeds:
        if deed.outcome == "unknown":
            yield f"The {deed.kind} of {SERIES} {deed.first}-{deed.last} never had an answer."


def what_was_answered_is_kept(it: Reckoning) -> Iterator[str]:
    """Every acknowledged visit is in the books with that very answer, and no other visit is."""
    for visit in it.record.visits:
        row = it.visits.get(visit.id)
        if row is None and visit.answer is not None:
            yield f"The visit {visit.id} was answered and is not in the books."
        elif row is not None and visit.answer not in (None, told(row.answer)):
            yield f"The visit {visit.id} was answered {visit.answer}, and the books have {row.answer}."
    for stranger in it.visits.keys() - it.known.keys():
        yield f"The books have a visit {stranger} that no desk made."


def accepted_notes_are_spent(it: Reckoning) -> Iterator[str]:
    """An accepted visit has spent each of its notes, a refused one and practice none; and nothing else was spent."""
    spent: dict[UUID, list[int]] = defaultdict(list)
    for number, lives in it.lives.items():
        for _life, by in lives:
            spent[by].append(number)
    for visit in it.record.visits:
        expected = sorted(visit.numbers) if visit.is_accepted else []
        if visit.answer is not None and sorted(spent.get(visit.id, [])) != expected:
            yield f"The visit {visit.id} spent {sorted(spent.get(visit.id, []))} in the books, and its desk was told {expected}."


def no_note_is_spent_twice(it: Reckoning) -> Iterator[str]:
    """By the books: at most one live row of a note, and its rounds follow one another."""
    for number, times in it.live.items():
        if times > 1:
            yield f"The note {SERIES} {number} is spent {times} times at once in the books."
    for number, lives in it.lives.items():
        if [life for life, _by in lives] != list(range(len(lives))):
            yield f"The rounds of the note {SERIES} {number} are {[life for life, _by in lives]}."


def no_note_was_paid_twice(it: Reckoning) -> Iterator[str]:
    """By what desks were told alone, whatever the books say."""
    asked_back = {back.visit.id for back in it.record.reversals if back.answer is None or back.is_done}
    paid = [visit for visit in it.record.visits if visit.is_accepted and visit.id not in asked_back]
    for number, times in Counter(number for visit in paid for number in visit.numbers).items():
        if times > 1:
            yield f"The note {SERIES} {number} was accepted {times} times without being given back."


def nobody_is_told_of_himself(it: Reckoning) -> Iterator[str]:
    """A desk that hears `already_redeemed` hears of another visit's spending, not of its own."""
    numbers = {token[-116:-103]: number for number, token in enumerate(it.place.tokens, 1)}
    for visit in it.record.visits:
        for note in (visit.answer or {"notes": []})["notes"]:
            if note["verdict"] == "already_redeemed":
                others = [by for _life, by in it.lives.get(numbers[note["serial"]], []) if by != visit.id]
                if not others:
                    yield f"The visit {visit.id} was told that {note['serial']} was spent already, and nobody else spent it."


def a_stop_is_a_barrier(it: Reckoning) -> Iterator[str]:
    """No visit that began after a void, hold or return was acknowledged, and was answered before its undoing, is accepted."""
    stops: dict[int, list[Deed]] = defaultdict(list)
    for deed in it.done("void", "hold", "return"):
        for number in deed.numbers:
            stops[number].append(deed)
    for visit in it.record.visits:
        if not visit.is_accepted:
            continue
        for deed in (deed for number in visit.numbers for deed in stops.get(number, ())):
            if visit.sent_at > _ended(deed) and (deed.until is None or (visit.answered_at or 0) < deed.until):
                yield f"The visit {visit.id} was accepted after the {deed.kind} of {SERIES} {deed.first}-{deed.last}."


def what_a_void_counted_is_final(it: Reckoning) -> Iterator[str]:
    """A void that stays says how many notes are spent; later, only a reversal makes them fewer."""
    for deed in it.done("void"):
        if deed.until is not None:
            continue
        lives = [(number, life, by) for number in deed.numbers for life, by in it.lives.get(number, [])]
        given_back = [by for number, life, by in lives if (number, life) in it.back]
        surely, perhaps = _given_back_before(it.record, deed, given_back)
        if not len(lives) - perhaps <= deed.already_redeemed <= len(lives) - surely:
            yield (
                f"The void of {SERIES} {deed.first}-{deed.last} counted {deed.already_redeemed} spent notes, and there were "
                f"{len(lives) - perhaps} to {len(lives) - surely}."
            )


def _given_back_before(record: Record, void: Deed, given_back: list[UUID]) -> tuple[int, int]:
    """How many of these lives were given back before a void: surely, and perhaps."""
    times: dict[UUID, list[tuple[float, float]]] = defaultdict(list)
    for back in record.reversals:
        times[back.visit.id].append((back.sent_at, back.answered_at or float("inf")))
    surely = sum(min(ended for _sent, ended in times[by]) < void.began_at for by in given_back if by in times)
    perhaps = sum(min(sent for sent, _ended_ in times[by]) < _ended(void) for by in given_back if by in times)
    return surely, perhaps


def no_span_is_issued_twice(it: Reckoning) -> Iterator[str]:
    """Of the offices that issue a bundle, one is told that it did; its organisation has the notes."""
    with_whom = dict(_holders(it))
    times: Counter[int] = Counter()
    for deed in it.done("issue"):
        times.update(deed.numbers)
    for deed in it.done("return"):
        times.subtract(deed.numbers)
    for number, issued in times.items():
        if issued not in (0, 1):
            yield f"The note {SERIES} {number} was issued {issued} times without being returned."
    for deed in it.done("issue"):
        later = {n for back in it.done("return") if back.began_at > deed.began_at for n in back.numbers}
        for number in set(deed.numbers) - later:
            if with_whom.get(number, deed.office) != deed.office:
                yield f"The note {SERIES} {number} was issued by office {deed.office} and is with office {with_whom[number]}."


def _holders(it: Reckoning) -> Iterator[tuple[int, int]]:
    """Each number that is issued now, and the office whose organisation has it."""
    names = {row.id: row.name for row in it._rows(tables.organisation)}
    for row in it._rows(tables.holding):
        if row.state == "issued":
            yield from (
                (number, ORGANISATIONS.index(names[row.holder_id])) for number in range(row.first, row.last + 1)
            )


def a_visit_is_given_back_once(it: Reckoning) -> Iterator[str]:
    """Every acknowledged reversal is in the books, and none that was refused each time or that nobody asked for."""
    told: dict[UUID, set[str]] = defaultdict(set)
    for back in it.record.reversals:
        told[back.visit.id].add(back.answer["outcome"] if back.answer else "unknown")
    for visit_id, outcomes in told.items():
        if "reversed" in outcomes and visit_id not in it.reversed:
            yield f"The visit {visit_id} was given back, and the books do not know it."
        if outcomes == {"refused"} and visit_id in it.reversed:
            yield f"The visit {visit_id} was not given back, and the books say that it was."
    for stranger in it.reversed - told.keys():
        yield f"The visit {stranger} is given back in the books, and nobody asked for it."


def the_audit_is_clean(it: Reckoning) -> Iterator[str]:
    """The holdings are what the movements come to, each step lawful; a visit accepted offline may be in conflict."""
    for finding in auditing.audit_books(it.store, now=datetime.now(UTC)):
        if "conflict" not in finding.check:
            yield f"{finding.check}: {finding.message}"


def the_log_verifies(it: Reckoning) -> Iterator[str]:
    """Once every fact has its place, books, log and checkpoints agree."""
    log.sequence(it.store, key=KEY, clock=lambda: datetime.now(UTC))
    found = log_audit.verify(it.store, key=KEY.public, now=datetime.now(UTC))
    yield from (f"{finding.check}: {finding.message}" for finding in found.findings)


CHECKS: dict[str, Callable[[Reckoning], Iterator[str]]] = {
    check.__name__: check
    for check in (
        nobody_was_surprised,
        everybody_was_answered,
        what_was_answered_is_kept,
        accepted_notes_are_spent,
        no_note_is_spent_twice,
        no_note_was_paid_twice,
        nobody_is_told_of_himself,
        a_stop_is_a_barrier,
        what_a_void_counted_is_final,
        no_span_is_issued_twice,
        a_visit_is_given_back_once,
        the_audit_is_clean,
        the_log_verifies,
    )
}


def ask_everything_again(place: Place, port: int, record: Record, *, most: int, threads: int = 8) -> int:
    """Send each answered visit once more and ask what became of it: the newest `most` of them; surprises go into the record."""
    visits = [visit for visit in record.visits if visit.answer is not None][-most:]

    def ask(visit: Visit) -> None:
        wire = Wire(port, place.keys[visit.desk])
        try:
            path, body = f"/redemptions/{visit.id}", {"notes": list(visit.notes), "practice": visit.practice}
            same_again(record, visit, wire.ask("PUT", path, body))
            same_again(record, visit, wire.ask("GET", path))
        except Lost as error:
            record.surprise(f"Asked again, the visit {visit.id} had no answer: {error}.")
        finally:
            wire.cut()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(ask, visits))
    return len(visits)


def _ended(deed: Deed) -> float:
    return deed.ended_at if deed.ended_at is not None else float("inf")
