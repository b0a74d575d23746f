"""A desk behind its window: it asks the service, judges by itself where no answer comes, and writes down first whatever it does.

Whoever shows what it answers shows what is on the disk.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from app.core import apart
from app.core.errors import HournoteError, NotAllowed, Unavailable
from app.core.verifying import Keyring
from scanner import about as abouts
from scanner import verdicts
from scanner.about import About
from scanner.answers import Answer
from scanner.backoff import Backoff
from scanner.client import COUNTER_SECONDS, Client
from scanner.events import Event, Kind, Tell
from scanner.home import Home
from scanner.memory import outcomes, owed
from scanner.memory.books import Books, Page
from scanner.memory.clock import Clock
from scanner.memory.condition import Condition
from scanner.memory.courier import Courier
from scanner.memory.entries import Deed, State
from scanner.memory.hearing import Hearing
from scanner.memory.journal import Begun, Journal
from scanner.memory.judging import Judge, at_of, moment_of
from scanner.memory.known import Learning
from scanner.memory.outcomes import GIVE_BACK_MS, Checked, GivenBack, Recent
from scanner.memory.owed import Settled
from scanner.memory.presence import Presence
from scanner.memory.till import Till, Visit

OPENING_SECONDS = 1.5
"""How long a desk that is known here waits for the service before it opens without it."""


class Desk:
    """The desk of a home. `tell` hears of what comes of visits later, and of the network; `changed` that something is new."""

    def __init__(
        self, home: Home, tell: Tell = lambda event: None, *, changed: Callable[[], None] = lambda: None,
        clock: Clock | None = None, backoff: Backoff | None = None, counter_seconds: float = COUNTER_SECONDS,
    ) -> None:  # fmt: skip
        home.make()
        self.home, self._enrolment = home, home.enrolment()
        self._tell, self.changed = tell, changed
        self.clock = clock or Clock()
        self._heard = Hearing(self.clock, self._turned)
        self._presence = Presence(home.folder)
        self._books = Books(home.journal)
        self._journal = Journal(self._books)
        self._client = Client(self._enrolment, most_seconds=counter_seconds, ear=self._heard)
        self._counter_seconds = counter_seconds
        self._learning = Learning(home, self._books, self._client, self.clock)
        self._courier = Courier(
            self._journal, self._client, self.clock, self._presence, home.folder / "courier.lock",
            venue=self._venue, told=self._told,
        )  # fmt: skip
        self.about = self._kept_about()
        self.judge = Judge(self._journal, self._learning, self.clock, lambda: self.about)
        self._till = Till(
            self._journal, self._client, self.judge, self.clock, self._presence,
            about=lambda: self.about, tell_first=lambda: self._courier.within(counter_seconds), backoff=backoff,
        )  # fmt: skip
        self.sent = 0

    def open(self) -> None:
        """Learn what the desk is; without the network it goes on with what it knew."""
        with suppress(HournoteError), self._noting():
            self._learn(OPENING_SECONDS if self.about.venue_id is not None else None)

    def learn(self) -> None:
        """Fetch what a desk must know, and send nothing. Raises HournoteError."""
        with self._noting():
            self._learn()
            self._learning.refresh()

    def close(self) -> None:
        """End, whatever is owed: the journal keeps it."""
        self._courier.stop()
        self._client.close()
        self._presence.end()
        self._books.close()

    # --- at the counter

    def check(self, notes: Sequence[str]) -> Checked:
        """Judge notes without spending. Raises HournoteError."""
        with self._noting():
            try:
                self._settle(notes)
                return Checked(self._client.check(notes), confirmed=True)
            except Unavailable:
                return Checked(self.judge.notes(notes), confirmed=False)

    def begin(self, visit: Visit) -> Begun:
        """Write a visit down, which `end` asks about. Raises HournoteError."""
        if self.about.check_only:
            raise NotAllowed("This desk only checks notes.", status=403, word="check_only")
        with self._noting():
            self._books.demand_room()
            return self._till.begin(visit)

    def end(self, visit: Visit, begun: Begun) -> Answer:
        """What becomes of a visit. Raises HournoteError: then nothing is accepted, and nothing is left spent."""
        with self._noting():
            answer = self._till.end(visit, begun)
            self.sent += answer.confirmed
            self._heard.is_closed = self._heard.is_closed and not answer.confirmed
            return answer

    def redeem(self, visit: Visit) -> Answer:
        """Spend the notes of a visit, all or none. Raises HournoteError as `end` does."""
        if visit.practice:
            with self._noting():
                return self._till.practise(visit)
        return self.end(visit, self.begin(visit))

    def give_back(self, visit_id: str, reason: str) -> GivenBack:
        """Give the notes of a visit back that this desk made within 15 minutes. Raises HournoteError."""
        with self._noting():
            entry = self._journal.give_back(visit_id, reason=reason, at_ms=self.clock.now_ms(), most_ms=GIVE_BACK_MS)
            if isinstance(entry, str):
                return GivenBack(visit_id, is_back=False, reason=entry)
            self._tell_reversal(visit_id)
            now = self._journal.shown(visit_id)
            is_back = now is not None and now.state is not State.REFUSED
            return GivenBack(visit_id, is_back=is_back, reason=now.reason if now is not None and not is_back else None)

    def recent(self) -> list[Recent]:
        """What may still be given back, the newest first. Raises Unavailable."""
        now_ms = self.clock.now_ms()
        return [outcomes.recent(each, now_ms) for each in self._journal.accepted_since(now_ms - GIVE_BACK_MS)]

    def dismiss(self, visit_id: str) -> None:
        """A notice was read. Raises Unavailable."""
        with self._noting():
            owed.dismiss(self._journal, visit_id)

    # --- beside it

    def sync(self) -> bool:
        """Send what is owed and learn what is new; whether nothing is owed any more. Raises HournoteError, BadSettings. The time
        is written down first: so a disk that takes nothing is noticed between two visits."""
        with self._noting():
            with suppress(Unavailable):  # what is owed can be told without a disk
                self._keep_time()
            self._learn()
            self._courier.carry()
            if self._learning.refresh():
                self._courier.carry()
            if self._heard.is_closed:
                self._heard.is_closed = not self._client.is_open()
            self._tidy()
            return sum(self.owed()) == 0

    def owed(self) -> tuple[int, int]:
        """How many entries are owed: here, and for other venues."""
        return owed.count(self._journal, self.about.venue_id, self._presence.alive())

    def condition(self) -> Condition:
        """How the desk stands."""
        try:
            known_at_ms = self._learning.current().known_at_ms
            claims = self._journal.claims_since(known_at_ms or 0)
            here, elsewhere = self.owed()
            notices = tuple(owed.notices(self._journal))
        except Unavailable:
            return Condition(online=self._heard.online, trouble="disk")
        policy, known_at, now = self.about.policy, at_of(known_at_ms), moment_of(self.clock.now_ms())
        left = apart.notes_left(policy, known_at=known_at, now=now, waiting_notes=claims.waiting_notes)
        leave = apart.leave(policy, known_at=known_at, now=now, waiting_notes=claims.waiting_notes)
        trouble = self._heard.trouble if self._books.can_write() else "disk"
        return Condition(
            self._heard.online, known_at, claims.waiting_visits, claims.waiting_notes, here, elsewhere, left, leave,
            trouble, notices,
        )  # fmt: skip

    def keyring(self) -> Keyring:
        """The keys of the notes that it knows."""
        return self._learning.keyring()

    @property
    def online(self) -> bool:
        """Whether the service answered the last time it was asked."""
        return self._heard.online

    @property
    def is_enrolled(self) -> bool:
        """Whether the service knows this desk, as far as it was asked."""
        return self._heard.is_enrolled

    # --- what is heard

    def _turned(self, online: bool) -> None:
        more: dict[str, object] = {} if online else {"message": self._heard.why_silent, "waiting": sum(self.owed())}
        self._tell(Event(Kind.ONLINE if online else Kind.OFFLINE, more=more))
        self.changed()

    def _told(self, settled: Sequence[Settled]) -> None:
        self.sent += len(settled)
        for each in settled:
            if each.entry.deed is Deed.REDEEM and each.entry.state in (State.ACCEPTED, State.REFUSED):
                for event in verdicts.settled(each.entry, each.answer):
                    self._tell(event)
        self.changed()

    # --- within

    def _settle(self, notes: Sequence[str]) -> None:
        """Without a disk nothing is owed by it."""
        try:
            self._till.settle(notes)
        except Unavailable as error:
            if error.evidence.get("word") != "disk":
                raise

    def _tell_reversal(self, visit_id: str) -> None:
        try:
            self._courier.within(self._counter_seconds)
        except Unavailable:
            return
        except HournoteError:
            self._journal.keep_spent(visit_id)
            raise

    def _venue(self) -> int | None:
        if self.about.venue_id is None:
            self._learn()
        return self.about.venue_id

    def _learn(self, most_seconds: float | None = None) -> None:
        raw = self._client.desk(most_seconds) if most_seconds else self._client.desk()
        self._heard.is_enrolled = True
        about = abouts.parse(raw)
        if about != self.about:
            self.about = about
            with self._books.change() as page:
                page.keep("about", {"of": self._mark, "said": raw})
            self.changed()

    def _kept_about(self) -> About:
        blank = About(self._enrolment.desk, self._enrolment.venue)
        try:
            with self._books.read() as page:
                kept: dict[str, Any] = page.kept("about") or {}
                self._go_on(page)
            return abouts.parse(kept["said"]) if kept.get("of") == self._mark else blank
        except HournoteError:
            return blank

    def _go_on(self, page: Page) -> None:
        """From the largest moment that was ever written here. What stood in the journal when the clock was kept counts as it
        was kept then: the service may have set a clock right that was ahead."""
        kept = page.kept("clock") or {}
        known_at_ms = (page.kept("known") or {}).get("known_at_ms") if not kept else None
        written_ms = page.latest_ms(kept.get("place") or 0)
        self.clock.go_on({**kept, "latest": max(kept.get("latest") or 0, written_ms, known_at_ms or 0)})

    @property
    def _mark(self) -> str:
        """Of the enrolment: what was said of another desk is not said of this one."""
        return hashlib.sha256(self._enrolment.key.encode()).hexdigest()[:16]

    def _keep_time(self) -> None:
        with self._books.change() as page:
            page.keep("clock", {**self.clock.kept, "place": page.last_place()})

    def _tidy(self) -> None:
        """Keep the time, and let go of what is older than it is kept for: by a clock that the service agrees with."""
        self._keep_time()
        self._books.fold()  # tokens of visits that came to nothing must not stay in the log either
        if self.clock.is_right:
            owed.prune(self._journal, self.clock.now_ms() - owed.KEPT_MS)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            with self._heard.noting():
                yield
        finally:
            self.changed()
