"""A desk in the crowd: it journals each visit before it sends it, and sends it until it has an answer."""

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from app.core.serial import Serial
from tests.hammer.place import Place
from tests.hammer.record import Record, Reversal, Visit, told
from tests.hammer.wire import Answer, Lost, Wire

WINDOW = 120
"""Notes that are shown at the same time: few enough for visits to overlap."""

ADVANCE = 2
"""How far the window moves on with each visit: less than a visit brings."""

GIVE_UP_S = 30.0
_FOREIGN = {"forged": 4, "unknown": 3, "nonsense": 1, "": 92}
_SENDING = {"plain": 76, "cut": 8, "hasty": 8, "twins": 8}


class Cursor(Protocol):
    """Where the window begins, shared by all processes."""

    value: int

    def get_lock(self) -> Any:
        """To be held while it is moved."""


@dataclass
class Desk:
    """One client: `day` works until `evening` is set."""

    place: Place
    port: int
    nth: int
    cursor: Cursor
    evening: threading.Event
    record: Record
    seed: int
    journals: bool = False
    mine: list[Visit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = self.nth % len(self.place.keys)
        self.dice = random.Random(self.seed)  # noqa: S311  not for secrets
        self.wire = Wire(self.port, self.place.keys[self.key])

    def day(self) -> None:
        """One deed after another."""
        deeds: dict[Callable[[], None], int] = {
            self.visit: 66, self.check: 8, self.give_back: 12, self.ask_again: 8, self.misuse_an_id: 2
        }  # fmt: skip
        if self.journals:
            deeds[self.send_journal] = 4
        try:
            while not self.evening.is_set():
                self.dice.choices(list(deeds), list(deeds.values()))[0]()
        except Exception as error:  # whatever it was, it should not have been
            self.record.surprise(f"A desk fell over: {error!r}.")
        finally:
            self.wire.cut()

    # --- deeds

    def visit(self) -> None:
        """Spend one to five notes, in one of the ways in which a network brings them."""
        visit = self._new_visit()
        visit.sent_at, path, body = time.monotonic(), f"/redemptions/{visit.id}", _body(visit)
        how = self.dice.choices(list(_SENDING), list(_SENDING.values()))[0]
        try:
            if how == "cut":
                visit.tries, visit.in_doubt = 1, True
                self.wire.send("PUT", path, body)
                self.wire.cut()
            elif how == "hasty":
                visit.tries = 1
                self._told(visit, self.wire.ask("PUT", path, body, patience_s=0.02))
            elif how == "twins":
                self._twins(visit, path, body)
        except Lost:
            visit.in_doubt = True
        self._until_answered(visit, path, body)
        self.mine.append(visit)

    def check(self) -> None:
        """Ask without spending."""
        notes = [self.place.tokens[number - 1] for number in self._numbers()]
        answer = self._persist("POST", "/checks", {"notes": notes})
        if answer is not None and answer.status != 200:
            self.record.surprise(f"A check was answered {answer.status}: {answer.body}.")
        self._count("checks")

    def give_back(self) -> None:
        """Reverse one of the last visits, perhaps one that was reversed or refused."""
        if not self.mine:
            return
        visit = self.dice.choice(self.mine[-12:])
        back = Reversal(visit, time.monotonic())
        with self.record.lock:
            self.record.reversals.append(back)
        body = {"reason": "scanned by mistake", "at": _now()}
        if self.dice.random() < 0.1:
            with suppress(Lost):
                self.wire.send("POST", f"/redemptions/{visit.id}/reversal", body)
                self.wire.cut()
        answer = self._persist("POST", f"/redemptions/{visit.id}/reversal", body)
        if answer is None:
            return
        if answer.status != 200:
            self.record.surprise(f"A reversal was answered {answer.status}: {answer.body}.")
            return
        back.answered_at, back.answer = time.monotonic(), answer.body

    def ask_again(self) -> None:
        """Send an answered visit again, or ask what became of it."""
        if not self.mine:
            return
        visit = self.dice.choice(self.mine[-200:])
        method, body = self.dice.choice([("PUT", _body(visit)), ("GET", None)])
        answer = self._persist(method, f"/redemptions/{visit.id}", body)
        if answer is not None:
            same_again(self.record, visit, answer)
        self._count("repeats")

    def misuse_an_id(self) -> None:
        """Another visit under an id that stands for one already."""
        if not self.mine:
            return
        visit, other = self.dice.choice(self.mine[-200:]), self._numbers()
        if visit.answer is None or visit.numbers == frozenset(other):
            return
        notes = [self.place.tokens[number - 1] for number in other]
        answer = self._persist("PUT", f"/redemptions/{visit.id}", {"notes": notes})
        if answer is not None and answer.status != 409:
            self.record.surprise(f"The id {visit.id} was used for two visits: {answer.status} {answer.body}.")
        self._count("conflicts")

    def send_journal(self) -> None:
        """Two to four visits of an offline desk, in their order."""
        visits = [self._new_visit(practice=False) for _each in range(self.dice.randint(2, 4))]
        for visit in visits:
            visit.sent_at = time.monotonic()
        entries = [{"type": "redeem", "id": str(visit.id), **_body(visit), "offline": True} for visit in visits]
        if self.dice.random() < 0.2:
            with suppress(Lost):
                self.wire.send("POST", "/redemptions/batch", {"entries": entries})
                self.wire.cut()
        answer = self._persist("POST", "/redemptions/batch", {"entries": entries})
        if answer is not None and answer.status != 200:
            self.record.surprise(f"A journal was answered {answer.status}: {answer.body}.")
        elif answer is not None:
            for visit, entry in zip(visits, answer.body["answers"], strict=True):
                self.record.heard(visit, entry, time.monotonic())
        for visit in visits:
            self._until_answered(visit, f"/redemptions/{visit.id}", _body(visit) | {"offline": True})
        self.mine += visits
        self._count("journals")

    # --- parts of them

    def _new_visit(self, *, practice: bool | None = None) -> Visit:
        numbers = self._numbers()
        notes = [self.place.tokens[number - 1] for number in numbers]
        foreign = self.dice.choices(list(_FOREIGN), list(_FOREIGN.values()))[0]
        if foreign:
            notes.insert(self.dice.randrange(len(notes) + 1), self._foreign(foreign, numbers))
        plays = self.dice.random() < 0.03 if practice is None else practice
        made = UUID(int=self.dice.getrandbits(128), version=4)
        visit = Visit(made, self.key, tuple(notes), frozenset(numbers), plays)
        with self.record.lock:
            self.record.visits.append(visit)
        with self.cursor.get_lock():
            self.cursor.value = min(self.cursor.value + ADVANCE, self.place.last - WINDOW)
        return visit

    def _foreign(self, kind: str, numbers: list[int]) -> str:
        """A note that is none of ours: another's signature, a serial that was never ordered, or no note at all."""
        mine = self.place.tokens[min(set(range(1, 8)) - set(numbers)) - 1]
        if kind == "forged":
            return mine[:-103] + self.place.tokens[self.place.last // 2][-103:]
        never_ordered = str(Serial("CWL27", self.dice.randint(1, 9_999_999)))
        return mine[:-116] + never_ordered + mine[-103:] if kind == "unknown" else f"nonsense {self.dice.random()}"

    def _numbers(self) -> list[int]:
        """One to five notes of the window, in no order."""
        start = self.cursor.value
        return self.dice.sample(range(start, start + WINDOW), self.dice.choice([1, 1, 1, 2, 2, 3, 4, 5]))

    def _twins(self, visit: Visit, path: str, body: Any) -> None:
        """The same call on two connections, neither waiting for the other."""
        other = Wire(self.port, self.place.keys[self.key])
        visit.tries += 1
        self.wire.send("PUT", path, body)
        try:
            other.send("PUT", path, body)
            self._told(visit, other.answer())
        finally:
            other.cut()
        self._told(visit, self.wire.answer())

    def _until_answered(self, visit: Visit, path: str, body: Any) -> None:
        started = time.monotonic()
        answer = self._persist("PUT", path, body, visit)
        if answer is not None:
            self._told(visit, answer)
            with self.record.lock:
                self.record.latencies_s.append(time.monotonic() - started)

    def _told(self, visit: Visit, answer: Answer) -> None:
        if answer.status in (200, 201):
            self.record.heard(visit, answer.body, time.monotonic())
        elif not answer.is_for_later:
            self.record.surprise(f"The visit {visit.id} was answered {answer.status}: {answer.body}.")

    def _persist(self, method: str, path: str, body: Any, visit: Visit | None = None) -> Answer | None:
        """Send until there is an answer; None when there is none for a minute and a half, which is a surprise."""
        until, last = time.monotonic() + GIVE_UP_S, "nothing"
        while time.monotonic() < until:
            try:
                if visit is not None:
                    visit.tries += 1
                answer = self.wire.ask(method, path, body)
            except Lost as error:
                last = str(error)
                if visit is not None:
                    visit.in_doubt = True
                time.sleep(self.dice.uniform(0.02, 0.2))
                continue
            if not answer.is_for_later:
                return answer
            last = str(answer.body)
            self._count("busy")
            time.sleep(self.dice.uniform(0.02, 0.2))
        self.record.surprise(f"{method} {path} has had no answer for {GIVE_UP_S:.0f} s: {last}.")
        return None

    def _count(self, what: str) -> None:
        with self.record.lock:
            setattr(self.record, what, getattr(self.record, what) + 1)


def same_again(record: Record, visit: Visit, answer: Answer) -> None:
    """What a desk is told of a visit later is what it was told first."""
    if visit.answer is None:
        return
    if answer.status != 200 or told(answer.body) != visit.answer:
        record.surprise(
            f"The visit {visit.id} is told otherwise later: {answer.status} {answer.body}, first {visit.answer}."
        )


def _body(visit: Visit) -> dict[str, Any]:
    return {"notes": list(visit.notes), "practice": visit.practice, "scanned_at": _now()}


def _now() -> str:
    return datetime.now(UTC).isoformat()
