"""An office in the crowd, in a process of its own: it moves spans that are just being spent, and races the others to issue."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any, Protocol
from uuid import uuid4

from app.core.checkpoint import CheckpointKey
from app.core.errors import HournoteError, Refused, Unavailable
from app.core.lifecycle import Kind
from app.services import books, custody, log
from app.services.books import Store
from tests.hammer.desks import GIVE_UP_S, WINDOW, Cursor
from tests.hammer.place import BUNDLE, CHECKPOINT_SEED, ORGANISATIONS, SERIES, Place
from tests.hammer.record import Deed

AHEAD = 3 * BUNDLE
"""How far before the window notes are issued."""

SEQUENCE_EVERY_S = 1.0
_DEEDS = {"hold": 40, "void": 25, "void and reinstate": 25, "return": 10}


class Flag(Protocol):
    """Set once, seen by all processes."""

    def is_set(self) -> bool:
        """Whether it is."""


@dataclass
class Office:
    """One office; what it holds, voids for a time or takes back, it undoes itself later."""

    place: Place
    nth: int
    seed: int
    cursor: Cursor
    evening: Flag
    store: Store
    deeds: list[Deed] = field(default_factory=list)
    open: list[Deed] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    next_bundle: int = 1

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311  not for secrets

    def day(self) -> None:
        """Issue what the window comes to, move stretches of it, and give facts their places in the log."""
        sequenced_at = 0.0
        while not self.evening.is_set():
            self._issue_ahead()
            self._move()
            self._undo()
            if time.monotonic() - sequenced_at > SEQUENCE_EVERY_S:
                sequenced_at = time.monotonic()
                self._sequence()
            time.sleep(self.dice.uniform(0.01, 0.12))
        while self.open:
            self._undo(all_of_them=True)

    def _issue_ahead(self) -> None:
        """The next bundles, in the moment in which the other offices do it as well."""
        while self.next_bundle <= min(self.cursor.value + WINDOW + AHEAD, self.place.last):
            last = min(self.next_bundle + BUNDLE - 1, self.place.last)
            self._do(Kind.ISSUE, self.next_bundle, last, organisation=ORGANISATIONS[self.nth])
            self.next_bundle = last + 1

    def _move(self) -> None:
        """Stop or take back a stretch of the window, spent and unspent notes alike."""
        what = self.dice.choices(list(_DEEDS), list(_DEEDS.values()))[0]
        first = self.cursor.value + self.dice.randint(0, WINDOW)
        last = min(first + self.dice.randint(0, 12), self.place.last)
        kind = {"hold": Kind.HOLD, "return": Kind.RETURN}.get(what, Kind.VOID)
        reason = None if kind is Kind.RETURN else "lost"
        deed = self._do(kind, first, last, reason=reason)
        if deed.outcome == "done" and what != "void":
            self.open.append(deed)

    def _undo(self, *, all_of_them: bool = False) -> None:
        """Release, reinstate or issue again, a while after; another office may have it stopped meanwhile, and then it stays so."""
        while self.open and (all_of_them or len(self.open) > 3):
            deed = self.open.pop(0)
            kind = {"hold": Kind.RELEASE, "void": Kind.REINSTATE}.get(deed.kind, Kind.ISSUE)
            deed.until = time.monotonic()
            again = {"organisation": ORGANISATIONS[self.nth]} if kind is Kind.ISSUE else {"reason": "found"}
            if self._do(kind, deed.first, deed.last, **again).outcome == "refused":
                deed.until = None

    def _do(self, kind: Kind, first: int, last: int, **words: Any) -> Deed:
        """One movement, under one request id until there is an answer; sometimes once more after it."""
        deed = Deed(kind, first, last, self.nth, uuid4(), time.monotonic())
        self.deeds.append(deed)

        def move() -> custody.Moved:
            deed.tries += 1
            return custody.move_span(
                self.store, kind=kind, named=f"{SERIES} {first}-{last}", actor=f"cli:office{self.nth}",
                now=datetime.now(UTC), request_id=deed.request_id, **words,
            )  # fmt: skip

        moved = self._persist(move)
        deed.ended_at = time.monotonic()
        if moved is not None:
            deed.outcome, deed.already_redeemed = "done", moved.already_redeemed
            if self.dice.random() < 0.1:
                again = self._persist(move)
                if again is None or again.id != moved.id:
                    self.surprises.append(f"The request {deed.request_id} again came to {again}, first to {moved}.")
        elif not self.surprises:
            deed.outcome = "refused"
        return deed

    def _persist(self, move: Callable[[], custody.Moved]) -> custody.Moved | None:
        """The answer, None for a refusal; while the database is away, the same request is made again."""
        until = time.monotonic() + GIVE_UP_S
        while time.monotonic() < until:
            try:
                return move()
            except Refused:
                return None
            except Unavailable:
                time.sleep(self.dice.uniform(0.05, 0.3))
        self.surprises.append(f"An office has had no answer for {GIVE_UP_S:.0f} s.")
        return None

    def _sequence(self) -> None:
        """What the service does twice a minute, from several processes at once."""
        try:
            log.sequence(self.store, key=CheckpointKey(CHECKPOINT_SEED), clock=lambda: datetime.now(UTC))
        except Unavailable:
            pass
        except HournoteError as error:
            self.surprises.append(f"The log was not sequenced: {error.sentence}")


def work(place: Place, nth: int, seed: int, cursor: Cursor, evening: Flag, told: Connection) -> None:
    """The day of an office, in its process; what it knows of its deeds is `told` at the end."""
    store = books.open_books(place.url)
    office = Office(place, nth, seed, cursor, evening, store)
    try:
        office.day()
    except Exception as error:  # whatever it was, it should not have been
        office.surprises.append(f"An office fell over: {error!r}.")
    finally:
        store.close()
        told.send((office.deeds, office.surprises))
        told.close()
