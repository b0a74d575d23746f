"""The whole service against a model of a note at a time, on both engines: written from the life table of the design and
from the precedence of the contract, not from the code. Whatever happens, each note is in one state, and the books are true."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from app.core.checkpoint import CheckpointKey
from app.core.errors import BadInput, Conflict, NotAllowed, NotFound, Refused
from app.core.lifecycle import Kind
from app.core.serial import Serial
from app.services import books, custody, desks, directory, enquiry, handing_out, log, log_audit, redeeming
from tests import world as worlds
from tests.conftest import ENGINES
from tests.postgres import Cluster
from tests.world import ACTOR, BODMIN, CHORLEY, HALL, LEISURE, LIBRARY, YMCA, World

KEY = CheckpointKey(bytes(range(32)))
LONDON = ZoneInfo("Europe/London")
MOST_NOTES = 14
MOST_DAYS = 12
"""Custody that is overdue would be a finding."""

WHERE_IT_WAS = "where it was"
LIVE = {"ordered", "printed", "stocked", "dispatched", "issued", "held"}
LAW: dict[str, tuple[set[str], str]] = {
    "receive": ({"printed"}, "stocked"),
    "dispatch": ({"stocked"}, "dispatched"),
    "issue": ({"stocked", "dispatched"}, "issued"),
    "return": ({"dispatched", "issued"}, "stocked"),
    "hold": ({"printed", "stocked", "dispatched", "issued"}, "held"),
    "release": ({"held"}, WHERE_IT_WAS),
    "void": (LIVE, "void"),
    "reinstate": ({"void"}, WHERE_IT_WAS),
}
"""The life table of design.md: from which states, and to which."""

TO_SOMEBODY = ("dispatch", "issue")
WITH_A_REASON = ("hold", "release", "void", "reinstate")
HOMES = {"CWL26": ("CWL", (YMCA, BODMIN)), "LAN26": ("LAN", (CHORLEY,))}
DESKS = {
    "Front desk": (LEISURE, "CWL"),
    "Pool": (LEISURE, "CWL"),
    "Library": (LIBRARY, "CWL"),
    "Box office": (HALL, "LAN"),
}
TYPED_AT = LIBRARY
OFFERS = {"Swim": (LEISURE, 1, False), "Gym and swim": (LEISURE, 2, False), "Neighbours' lunch": (LEISURE, 1, True),
          "Matinee": (HALL, 1, False)}  # fmt: skip


@dataclass(frozen=True)
class Stands:
    """How a note stands: its state, who has it, why, and how it stood before a hold or a void."""

    state: str
    holder: str | None = None
    reason: str | None = None
    was: "Stands | None" = None


@dataclass
class Note:
    """A note of the model, and the visit that it is spent in."""

    series: str
    number: int
    stands: Stands
    spent: "Visit | None" = None
    retired: bool = False
    handed_out: bool = False

    @property
    def is_now(self) -> str:
        """Retired, else redeemed, else the state of its span."""
        if self.retired:
            return "retired"
        return "redeemed" if self.spent else self.stands.state


@dataclass
class Visit:
    """A visit of the model: what was sent, and the first answer."""

    id: UUID
    desk: str
    offer: str | None
    shown: tuple[str, ...]
    practice: bool
    at: datetime
    spent: list[Note] = field(default_factory=list)
    answer: dict[str, Any] = field(default_factory=dict)
    reversed: bool = False


@dataclass
class Deed:
    """A movement that was made or refused, to be asked for again under its request id."""

    request_id: UUID
    kind: str
    named: str
    series: str
    numbers: tuple[int, ...]
    words: dict[str, str]
    moved: custody.Moved | None = None


Shown = tuple[str, str, int]
"""How a note is shown (`token`, `forged`, `typed`, `nonsense`, `link`), and which."""

shown = st.tuples(
    st.sampled_from(["token"] * 7 + ["forged", "typed", "typed", "nonsense", "link"]),
    st.sampled_from(["CWL26"] * 8 + ["LAN26", "LAN26", "SPC26"]),
    st.integers(1, MOST_NOTES + 1),
)
visits = st.lists(shown, min_size=1, max_size=4, unique_by=lambda note: note[1:])
series_codes = st.sampled_from(["CWL26"] * 4 + ["LAN26"])
starts, lengths = st.integers(1, MOST_NOTES), st.integers(1, 6)


class NotesAndBooks(RuleBasedStateMachine):
    """Each rule does the same to the books and to the model, and expects the same answer or the same refusal."""

    def __init__(self, opened: Callable[[], Any]) -> None:
        super().__init__()
        self.open = ExitStack()
        self.world: World = self.open.enter_context(opened())
        self.notes: dict[tuple[str, int], Note] = {}
        self.orders: dict[str, list[Note]] = {}
        self.expiry: dict[str, date | None] = {}
        self.visits: list[Visit] = []
        self.deeds: list[Deed] = []
        self.retirements: list[tuple[UUID, str]] = []
        self.began, self.steps = self.world.now, 0
        self.kept: str | None = None
        self._make_specimens()

    def teardown(self) -> None:
        """At the end the log verifies, against the first checkpoint that somebody kept too."""
        try:
            self._verify_log()
        finally:
            self.open.close()

    # --- custody

    @precondition(lambda self: len(self.notes) < MOST_NOTES)
    @rule(series=series_codes, quantity=st.integers(2, 6))
    def order(self, series: str, quantity: int) -> None:
        """Notes are ordered, and signed at the same time."""
        ordered = self._count(series)
        made = self.world.order(series, quantity, bundle_size=3)
        assert (made.order.span.first, made.order.span.last) == (ordered + 1, ordered + quantity)
        mine = [Note(series, number, Stands("ordered")) for number in range(ordered + 1, ordered + quantity + 1)]
        self.orders[made.order.id] = mine
        self.notes.update({(note.series, note.number): note for note in mine})

    @precondition(lambda self: self.orders)
    @rule(
        data=st.data(), lost=st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=2, unique_by=lambda x: x[0])
    )
    def balance(self, data: st.DataObject, lost: list[tuple[int, bool]]) -> None:
        """Ordered is good and spoiled and missing."""
        order = data.draw(st.sampled_from(sorted(self.orders)))
        mine = self.orders[order]
        bad = {place: word for place, word in lost if place < len(mine)}
        named = {mine[place].number: ("spoiled" if word else "missing") for place, word in bad.items()}
        rest = [note for note in mine if note.stands.state == "ordered" and note.number not in named]
        lawful = all(note.stands.state in ("ordered", "printed") for note in mine if note.number in named)
        words = {
            word: [f"{mine[0].series} {n}" for n, why in named.items() if why == word]
            for word in ("spoiled", "missing")
        }
        if not lawful or not (named or rest):
            with pytest.raises(Refused):
                self.world.balance(order, words["spoiled"], words["missing"])
            return
        balance = self.world.balance(order, words["spoiled"], words["missing"])
        for note in mine:
            if note.number in named:
                note.stands = Stands("void", None, named[note.number], note.stands)
        for note in rest:
            note.stands = Stands("printed")
        void = Counter(note.stands.reason for note in mine if note.stands.state == "void")
        assert (balance.spoiled, balance.missing) == (void["spoiled"], void["missing"])
        assert balance.good + balance.spoiled + balance.missing == len(mine)

    @rule(kind=st.sampled_from(sorted(LAW)), series=series_codes, start=starts, length=lengths, other=st.integers(0, 5))
    def move(self, kind: str, series: str, start: int, length: int, other: int) -> None:
        """A movement of any stretch, of one that was never ordered too."""
        self._move(kind, series, range(start, start + length), self._words(kind, series, other))

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), kind=st.sampled_from(sorted(LAW)), other=st.integers(0, 5))
    def move_an_order(self, data: st.DataObject, kind: str, other: int) -> None:
        """By its order's id, those of its notes that are not void."""
        order = data.draw(st.sampled_from(sorted(self.orders)))
        live = [note.number for note in self.orders[order] if note.stands.state != "void"]
        series = order[:5]
        self._move(kind, series, live, self._words(kind, series, other), named=order)

    @rule(series=series_codes, other=st.integers(0, 1))
    def towards_spending(self, series: str, other: int) -> None:
        """What was printed is received, and what is in stock issued, so that lives get long."""
        for kind, state in (("receive", "printed"), ("issue", "stocked")):
            numbers = [note.number for note in self._of(series) if note.stands.state == state]
            for first, last in _runs(numbers):
                self._move(kind, series, range(first, last + 1), self._words(kind, series, other))

    @precondition(lambda self: self.deeds)
    @rule(data=st.data())
    def move_again(self, data: st.DataObject) -> None:
        """The same request: what was done is answered as it was, what was refused is judged anew; it stands for one deed."""
        deed = data.draw(st.sampled_from(self.deeds))
        if deed.moved is None:
            self._move(deed.kind, deed.series, deed.numbers, deed.words, named=deed.named, request_id=deed.request_id)
            return
        again = self._ask(deed)
        assert (again.id, again.state, again.notes) == (deed.moved.id, deed.moved.state, deed.moved.notes)
        assert again.already_redeemed == self._spent_in(deed.series, deed.numbers)
        with pytest.raises(Refused):
            self._ask(Deed(deed.request_id, "hold" if deed.kind != "hold" else "void", deed.named, deed.series, deed.numbers, {"reason": "lost"}))  # fmt: skip

    @rule(series=series_codes, start=starts, length=lengths, people=st.integers(1, 9))
    def hand_out(self, series: str, start: int, length: int, people: int) -> None:
        """An organisation that has the notes gave them out; no state changes."""
        mine = [self.notes.get((series, number)) for number in range(start, start + length)]
        holders = {note.stands.holder if note and note.stands.state == "issued" else None for note in mine}
        lawful = len(holders) == 1 and None not in holders and not any(note and note.handed_out for note in mine)
        give = partial(
            handing_out.hand_out, self.world.store, named=f"{series} {start}-{start + length - 1}", activity="Bingo",
            hours=length, people=people, actor=ACTOR, now=self.world.now, request_id=uuid4(),
        )  # fmt: skip
        if not lawful:
            with pytest.raises(Refused):
                give()
            return
        first = give()
        assert (first.organisation, first.already_redeemed) == (
            holders.pop(),
            self._spent_in(series, range(start, start + length)),
        )
        assert give() == first
        for note in mine:
            if note is not None:
                note.handed_out = True

    # --- notes, one by one

    @rule(desk=st.sampled_from(sorted(DESKS)), notes=visits, offer=st.sampled_from([None, None, None, *sorted(OFFERS)]),
          practice=st.sampled_from([False] * 6 + [True]))  # fmt: skip
    def redeem(self, desk: str, notes: list[Shown], offer: str | None, practice: bool) -> None:
        """A visit: the first verdict that applies to each note, and all or none."""
        visit = Visit(uuid4(), desk, offer, tuple(map(self._text, notes)), practice, self.world.now)
        if offer is not None and OFFERS[offer][0] != DESKS[desk][0]:
            with pytest.raises(BadInput):
                self._send(visit)
            return
        verdicts = [self._verdict(desk, note, offer) for note in notes]
        reason = _reason(verdicts, offer)
        visit.answer, is_new = self._send(visit)
        self.visits.append(visit)
        assert is_new
        assert (visit.answer["outcome"], visit.answer["reason"]) == ("refused" if reason else "accepted", reason)
        assert visit.answer["hours"] == (0 if reason else len(notes))
        told = verdicts if reason else ["accepted"] * len(notes)
        assert [note["verdict"] for note in visit.answer["notes"]] == told
        for note, answer in zip(notes, visit.answer["notes"], strict=True):
            self._check_story(desk, note, answer)
        if reason is None and not practice:
            visit.spent = [self.notes[note[1:]] for note in notes]
            for each in visit.spent:
                each.spent = visit

    @rule(desk=st.sampled_from(sorted(DESKS)), notes=visits)
    def check(self, desk: str, notes: list[Shown]) -> None:
        """The same question without spending."""
        answer = redeeming.check_notes(
            self.world.store, desk=self.world.desk(desk), notes=[*map(self._text, notes)], now=self.world.now
        )
        assert [note["verdict"] for note in answer["notes"]] == [self._verdict(desk, note, None) for note in notes]

    @precondition(lambda self: self.visits)
    @rule(data=st.data(), practice=st.booleans())
    def redeem_again(self, data: st.DataObject, practice: bool) -> None:
        """The same id: the stored answer, refusals too, in whatever order the notes come; for another visit, a conflict."""
        visit = data.draw(st.sampled_from(self.visits))
        again = Visit(visit.id, visit.desk, visit.offer, tuple(reversed(visit.shown)), practice, self.world.now)
        assert self._send(again) == (visit.answer, False)
        elsewhere = "Pool" if visit.desk == "Front desk" else "Front desk"
        for other in (Visit(visit.id, elsewhere, None, visit.shown, False, visit.at),
                      Visit(visit.id, visit.desk, visit.offer, (*visit.shown, "one more"), False, visit.at)):  # fmt: skip
            with pytest.raises(Conflict):
                self._send(other)

    @precondition(lambda self: self.visits)
    @rule(data=st.data(), desk=st.sampled_from([None, None, None, *sorted(DESKS)]))
    def reverse(self, data: st.DataObject, desk: str | None) -> None:
        """A visit given back: by its desk and within 15 minutes, unless its paper is gone."""
        visit = data.draw(st.sampled_from(self.visits))
        by = desk or visit.desk
        if by != visit.desk:
            same_venue = DESKS[by][0] == DESKS[visit.desk][0]
            with pytest.raises(NotAllowed if same_venue else NotFound):
                self.world.reverse(str(visit.id), by)
            return
        answer = self.world.reverse(str(visit.id), by)
        too_late = self.world.now - visit.at > timedelta(minutes=15)
        lawful = visit.spent and not too_late and not any(note.retired for note in visit.spent)
        done = visit.reversed or bool(lawful)
        assert (answer["outcome"], answer["reason"] is None) == ("reversed" if done else "refused", done)
        if done and not visit.reversed:
            visit.reversed = True
            for note in visit.spent:
                note.spent = None

    @rule(series=series_codes, start=starts, length=lengths)
    def retire(self, series: str, start: int, length: int) -> None:
        """Counted paper is destroyed: every note of it spent, and none before."""
        mine = [self.notes.get((series, number)) for number in range(start, start + length)]
        named, request = f"{series} {start}-{start + length - 1}", uuid4()
        if not all(note and note.spent and not note.retired for note in mine):
            with pytest.raises(Refused):
                self.world.retire(named, request)
            return
        first = self.world.retire(named, request)
        assert first.notes == length
        assert self.world.retire(named, request) == first
        for note in mine:
            if note is not None:
                note.retired = True

    @precondition(lambda self: any(note.spent and not note.retired for note in self.notes.values()))
    @rule(data=st.data())
    def retire_a_spent_note(self, data: st.DataObject) -> None:
        """One that is spent, so that there are some."""
        spent = [key for key, note in self.notes.items() if note.spent and not note.retired]
        series, number = data.draw(st.sampled_from(sorted(spent)))
        self.world.retire(f"{series} {number}")
        self.notes[(series, number)].retired = True

    # --- time

    @rule(minutes=st.sampled_from([-5, 1, 14, 16, 24 * 60]))
    def wait(self, minutes: int) -> None:
        """The clock steps on; another server's may be a little behind."""
        if self.world.now - self.began < timedelta(days=MOST_DAYS):
            self.world.later(minutes=minutes)

    @rule(series=series_codes, days=st.sampled_from([-1, 0, 1, None, None]))
    def set_last_day(self, series: str, days: int | None) -> None:
        """A series is given its last day, which ends where its venues are."""
        today = self.world.now.astimezone(LONDON).date()
        self.expiry[series] = None if days is None else today + timedelta(days=days)
        directory.set_series(self.world.store, series=series, expires_on=self.expiry[series])

    # --- what is always so

    @invariant()
    def each_note_is_in_one_state(self) -> None:
        """Counts and stretches of each series are those of the model, and what `show` says of one note."""
        self.steps += 1
        for series in HOMES:
            mine = self._of(series)
            if not mine:
                continue
            found = enquiry.range_of(self.world.store, named=f"{series} 1-{len(mine)}")
            assert found.counts == Counter(note.is_now for note in mine)
            assert sum(found.counts.values()) == len(mine)
            stretches = {n: each for each in found.holdings for n in range(each.span.first, each.span.last + 1)}
            for note in mine:
                each = stretches[note.number]
                assert (each.state, each.reason) == (note.stands.state, note.stands.reason)
                assert note.stands.holder in (None, each.holder)
            self._check_life(mine[self.steps % len(mine)])

    @invariant()
    def the_books_are_true(self) -> None:
        """An audit has no finding; now and then the log is brought up to date and verified."""
        assert self.world.findings() == []
        if self.steps % 8 == 0:
            self._verify_log()

    # --- the model

    def _make_specimens(self) -> None:
        """Three specimens, in stock, which are no part of the model but by their verdict."""
        self.world.tokens.setdefault("SPC26", [])

    def _count(self, series: str) -> int:
        return len(self._of(series))

    def _of(self, series: str) -> list[Note]:
        return [note for note in self.notes.values() if note.series == series]

    def _spent_in(self, series: str, numbers: Sequence[int]) -> int:
        return sum(self.notes[(series, number)].spent is not None for number in numbers)

    def _words(self, kind: str, series: str, other: int) -> dict[str, str]:
        """An organisation or a reason, as the table asks; now and then the organisation of another programme."""
        if kind in TO_SOMEBODY:
            homes = (*HOMES[series][1] * 2, CHORLEY, YMCA)
            return {"organisation": homes[other % len(homes)]}
        return {"reason": ("lost", "stolen")[other % 2]} if kind in WITH_A_REASON else {}

    def _lawful(self, kind: str, note: Note | None, words: dict[str, str]) -> bool:
        if note is None or note.stands.state not in LAW[kind][0]:
            return False
        if kind == "return" and note.spent:
            return False
        to = words.get("organisation")
        if to is not None and to not in HOMES[note.series][1]:
            return False
        return kind != "issue" or note.stands.holder in (None, to)

    def _move(
        self, kind: str, series: str, numbers: Sequence[int], words: dict[str, str], *, named: str | None = None,
        request_id: UUID | None = None,
    ) -> None:  # fmt: skip
        name = named or f"{series} {numbers[0]}-{numbers[-1]}"
        if request_id is not None and "-0" in name:  # an order means other notes when others of it are void
            numbers = [note.number for note in self.orders[name] if note.stands.state != "void"]
        deed = Deed(request_id or uuid4(), kind, name, series, tuple(numbers), words)
        mine = [self.notes.get((series, number)) for number in numbers]
        given = kind == "return" and any(note and note.handed_out for note in mine)
        if given or not mine or not all(self._lawful(kind, note, words) for note in mine):
            with pytest.raises(Refused):
                self._ask(deed)
            if request_id is None:
                self.deeds.append(deed)
            return
        moved = deed.moved = self._ask(deed)
        for note in mine:
            if note is not None:
                note.stands = _after(kind, note.stands, words)
        states = {self.notes[(series, number)].stands.state for number in numbers}
        assert moved.state == (states.pop() if len(states) == 1 else "mixed")
        assert (moved.notes, moved.already_redeemed) == (len(numbers), self._spent_in(series, numbers))
        self.deeds = [each for each in self.deeds if each.request_id != deed.request_id] + [deed]

    def _ask(self, deed: Deed) -> custody.Moved:
        return self.world.move(Kind(deed.kind), deed.named, request_id=deed.request_id, **deed.words)

    def _text(self, note: Shown) -> str:
        """What a desk sends for it."""
        how, series, number = note
        tokens = self.world.tokens[series]
        if how == "nonsense":
            return f"nonsense {series} {number}"
        if how == "typed":
            return Serial(series, number).printed.lower()
        if number > len(tokens):
            return f"HTTPS://NOTES.EXAMPLE.ORG/N/{Serial(series, number)}{'A' * 103}"
        if how == "forged":
            return tokens[number - 1][:-103] + "A" * 103
        return tokens[number - 1] if how == "token" else tokens[number - 1].lower().replace("https", "http")

    def _verdict(self, desk: str, shown: Shown, offer: str | None) -> str:
        """The first that applies, in the order of the contract."""
        how, series, number = shown
        ordered = len(self.world.tokens[series])
        note = self.notes.get((series, number), Note(series, number, Stands("stocked")))
        last_day = self.expiry.get(series)
        venue, home = DESKS[desk]
        applies = {
            "malformed": how == "nonsense",
            "unknown": number > ordered,
            "forged": how == "forged",
            "specimen": series == "SPC26",
            "already_redeemed": note.spent is not None,
            "void": note.stands.state == "void",
            "held": note.stands.state == "held",
            "expired": last_day is not None and self.world.now.astimezone(LONDON).date() > last_day,
            "not_issued": note.stands.state != "issued",
            "not_accepted_here": offer is not None and OFFERS[offer][2] and HOMES.get(series, ("SPC",))[0] != home,
            "keyed_not_allowed": how == "typed" and venue != TYPED_AT,
        }
        return next((verdict for verdict, so in applies.items() if so), "good")

    def _check_story(self, desk: str, shown: Shown, answer: dict[str, Any]) -> None:
        """Where a note was spent first is told to that venue alone."""
        note = self.notes.get(shown[1:])
        if answer["verdict"] != "already_redeemed" or note is None or note.spent is None:
            assert (answer["first_redeemed_at"], answer["first_venue"]) == (None, None)
            return
        here = DESKS[note.spent.desk][0] == DESKS[desk][0]
        assert datetime.fromisoformat(answer["first_redeemed_at"]) == note.spent.at
        assert answer["first_venue"] == (DESKS[desk][0] if here else None)

    def _send(self, visit: Visit) -> tuple[dict[str, Any], bool]:
        return redeeming.redeem_notes(
            self.world.store, redemption_id=visit.id, desk=self.world.desk(visit.desk), notes=visit.shown, now=self.world.now,
            offer_id=self.world.offers[visit.offer] if visit.offer else None, practice=visit.practice,
        )  # fmt: skip

    def _check_life(self, note: Note) -> None:
        """What `show` says of one note, and the lives that it had."""
        life = enquiry.life_of(self.world.store, serial=str(Serial(note.series, note.number)))
        assert life.state == note.is_now
        lives = [(UUID(each["redemption"]), each["reversed_at"] is not None) for each in life.redemptions]
        mine = [(visit.id, visit.reversed) for visit in self.visits if note in visit.spent]
        assert sorted(lives) == sorted(mine)

    def _verify_log(self) -> None:
        log.sequence(self.world.store, key=KEY, clock=lambda: self.world.now)
        found = log_audit.verify(self.world.store, key=KEY.public, now=self.world.now, kept=self.kept)
        assert (found.findings, found.waiting) == ([], 0)
        self.kept = self.kept or found.checkpoint


def _reason(verdicts: Sequence[str], offer: str | None) -> str | None:
    """Why a visit is refused as a whole."""
    if set(verdicts) != {"good"}:
        return "note_refused"
    return "wrong_hours" if offer and len(verdicts) % OFFERS[offer][1] else None


def _after(kind: str, before: Stands, words: dict[str, str]) -> Stands:
    """How a note stands after a lawful movement."""
    state = LAW[kind][1]
    if state == WHERE_IT_WAS:
        return before.was or before
    if kind in ("hold", "void"):
        return Stands(state, before.holder, words["reason"], before)
    return Stands(state, words.get("organisation"))


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of numbers without a gap."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        runs = [*runs[:-1], (runs[-1][0], number)] if runs and runs[-1][1] == number - 1 else [*runs, (number, number)]
    return runs


# --- the engines


def settle(world: World) -> None:
    """People, venues and offers, and no notes yet but three specimens."""
    for code, name in (("CWL", "Cornwall"), ("LAN", "Lancashire"), ("SPC", "Specimens")):
        directory.add_programme(world.store, code=code, name=name)
    for code, homes in HOMES.values():
        for name in homes:
            directory.add_organisation(world.store, programme=code, name=name)
    for code, name in (("CWL", LEISURE), ("CWL", LIBRARY), ("LAN", HALL)):
        directory.add_venue(world.store, programme=code, name=name, kind="community")
    directory.set_policy(world.store, venue=TYPED_AT, keyed_per_day=1000)
    for name, (venue, hours, local_only) in OFFERS.items():
        made = directory.add_offer(world.store, venue=venue, name=name, hours=hours, local_only=local_only)
        world.offers[name] = made.id
    for name, (venue, _programme) in DESKS.items():
        world.keys[name] = desks.add_desk(world.store, venue=venue, name=name, now=world.now).key
    world.order("SPC26", 3)
    world.tokens |= {"CWL26": [], "LAN26": []}


@pytest.fixture(params=ENGINES)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Any]:
    """Books in which nothing happened yet, on each engine; each time it is called, others."""
    numbers = count(1)
    cluster: Cluster | None = request.getfixturevalue("cluster") if request.param == "postgresql" else None
    url = cluster.create("modelled") if cluster else f"sqlite:///{tmp_path / 'modelled.db'}"
    books.migrate_books(url)
    with worlds.opened(url, tmp_path) as world:
        settle(world)

    @contextmanager
    def another() -> Iterator[World]:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        known: dict[str, Any] = {"keys": world.keys, "offers": world.offers, "now": world.now}
        known["tokens"] = {series: list(tokens) for series, tokens in world.tokens.items()}
        name = f"model{folder.name}"
        if cluster is None:
            shutil.copyfile(url.removeprefix("sqlite:///"), folder / "books.db")
        mine = cluster.create(name, template="modelled") if cluster else f"sqlite:///{folder / 'books.db'}"
        with worlds.opened(mine, folder, **known) as copied:
            yield copied
        if cluster is not None:
            cluster.drop(name)

    return another


def test_the_service_is_a_model_of_a_note_at_a_time(opened: Callable[[], Any]) -> None:
    run_state_machine_as_test(
        partial(NotesAndBooks, opened),  # type: ignore[arg-type]  # whatever makes one
        settings=settings(
            max_examples=8, stateful_step_count=40, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
