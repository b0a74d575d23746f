"""The services against a model of a note at a time: whatever happens, each note is in one state, and the books are true."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.core.errors import Refused
from app.core.lifecycle import STEPS, Kind, State
from app.services import books, custody, desks, directory, retiring, reversing
from tests import world as worlds
from tests.world import ACTOR, World

NOTES = 24
ORGANISATIONS = ("YMCA Cornwall", "Bodmin Way Time Bank")
MOVES = [Kind.RECEIVE, Kind.DISPATCH, Kind.ISSUE, Kind.RETURN, Kind.HOLD, Kind.RELEASE, Kind.VOID, Kind.REINSTATE]
spans = st.tuples(st.integers(1, NOTES), st.integers(1, NOTES)).map(lambda ends: range(min(ends), max(ends) + 1))
Stands = tuple[State, str | None, "Stands | None"]
"""A note in the model: its state, the organisation that has it, and how it stood before a hold or void."""


class NotesAndBooks(RuleBasedStateMachine):
    """Rules do the same to the books and to a dictionary of notes, and expect the same refusals."""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        folder = Path(self.open.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder / 'books.db'}"
        books.migrate_books(url)
        self.world: World = self.open.enter_context(worlds.opened(url, folder))
        self.notes: dict[int, Stands] = {}
        self.spent: dict[int, UUID] = {}
        self.retired: set[int] = set()
        self.visits: dict[UUID, list[int]] = {}

    def teardown(self) -> None:
        """Close the books."""
        self.open.close()

    @initialize(spoiled=st.sets(st.integers(1, NOTES), max_size=3))
    def order(self, spoiled: set[int]) -> None:
        """An order, printed and balanced."""
        world = self.world
        directory.add_programme(world.store, code="CWL", name="Cornwall")
        for name in ORGANISATIONS:
            directory.add_organisation(world.store, programme="CWL", name=name)
        directory.add_venue(world.store, programme="CWL", name="Pool")
        world.keys["Front desk"] = desks.add_desk(world.store, venue="Pool", name="Front desk", now=world.now).key
        made = world.order("CWL26", NOTES)
        world.balance(made.order.id, spoiled=[f"CWL26 {number}" for number in sorted(spoiled)])
        for number in range(1, NOTES + 1):
            ordered: Stands = (State.ORDERED, None, None)
            self.notes[number] = (State.VOID, None, ordered) if number in spoiled else (State.PRINTED, None, None)

    @rule(kind=st.sampled_from(MOVES), over=spans, to=st.sampled_from(ORGANISATIONS))
    def move(self, kind: Kind, over: Sequence[int], to: str) -> None:
        """A movement of any stretch: done in the books just when it is lawful for every note of it."""
        self._move(kind, over, to)

    @rule(over=spans, to=st.sampled_from(ORGANISATIONS))
    def stock_and_issue(self, over: Sequence[int], to: str) -> None:
        """Towards spending, so that lives get long."""
        self._move(Kind.RECEIVE, over, to)
        self._move(Kind.ISSUE, over, to)

    @rule(numbers=st.lists(st.integers(1, NOTES), min_size=1, max_size=4, unique=True))
    def redeem(self, numbers: list[int]) -> None:
        """A visit."""
        good = all(self.notes[n][0] is State.ISSUED and n not in self.spent for n in numbers)
        answer = self.world.redeem(*numbers)
        assert (answer["outcome"] == "accepted") is good
        if good:
            made = UUID(answer["id"])
            self.visits[made] = numbers
            self.spent.update(dict.fromkeys(numbers, made))

    @precondition(lambda self: self.visits)
    @rule(data=st.data(), wait=st.sampled_from([0, 14, 16]))
    def reverse(self, data: st.DataObject, wait: int) -> None:
        """A visit given back, in time or too late."""
        made = data.draw(st.sampled_from(sorted(self.visits)))
        numbers = self.visits[made]
        lives = all(self.spent.get(n) == made for n in numbers)
        answer = reversing.reverse_redemption(
            self.world.store, redemption_id=made, desk=self.world.desk(), reason="by mistake",
            now=self.world.now + timedelta(minutes=wait),
        )  # fmt: skip
        if not lives:
            assert answer["outcome"] == "reversed", "it was given back before"
            return
        expected = "too_late" if wait > 15 else "retired" if self.retired.intersection(numbers) else None
        assert answer["reason"] == expected
        if expected is None:
            for number in numbers:
                del self.spent[number]

    @rule(over=spans)
    def retire(self, over: Sequence[int]) -> None:
        """Counted paper, destroyed."""
        lawful = all(n in self.spent and n not in self.retired for n in over)
        try:
            retiring.retire_notes(
                self.world.store, named=_named(over), actor=ACTOR, now=self.world.now, request_id=uuid4()
            )
        except Refused:
            assert not lawful
        else:
            assert lawful
            self.retired.update(over)

    @invariant()
    def each_note_is_in_one_state(self) -> None:
        """The counts of the books are the counts of the model, and an audit has no finding."""
        if self.notes:
            assert self.world.counts(f"CWL26 1-{NOTES}") == Counter(map(self._state, self.notes))
            assert self.world.findings() == []

    def _move(self, kind: Kind, over: Sequence[int], to: str) -> None:
        step = STEPS[kind]
        lawful = all(self._may(kind, n, to) for n in over)
        try:
            custody.move_span(
                self.world.store, kind=kind, named=_named(over), actor=ACTOR, now=self.world.now, request_id=uuid4(),
                organisation=to if step.to_organisation else None, reason="lost" if step.reasoned else None,
            )  # fmt: skip
        except Refused:
            assert not lawful
        else:
            assert lawful
            self.notes.update({n: _moved(kind, self.notes[n], to) for n in over})

    def _may(self, kind: Kind, number: int, to: str) -> bool:
        state, holder, _was = self.notes[number]
        if kind is Kind.RETURN and number in self.spent:
            return False
        if kind is Kind.ISSUE and holder not in (None, to):
            return False
        return state in STEPS[kind].before

    def _state(self, number: int) -> str:
        if number in self.retired:
            return "retired"
        return "redeemed" if number in self.spent else str(self.notes[number][0])


def _moved(kind: Kind, before: Stands, to: str) -> Stands:
    step = STEPS[kind]
    if step.after is None:
        return before[2] or before
    if step.after in (State.HELD, State.VOID):
        return (step.after, before[1], before)
    return (step.after, to if step.to_organisation else None, None)


def _named(over: Sequence[int]) -> str:
    return f"CWL26 {over[0]}-{over[-1]}"


NotesAndBooks.TestCase.settings = settings(
    max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestNotesAndBooks = NotesAndBooks.TestCase
