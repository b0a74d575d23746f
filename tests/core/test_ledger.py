"""The ledger of spans against a naive one that keeps every note by itself."""

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.core import ledger
from app.core.errors import HournoteError, IllegalMovement, NotOrdered
from app.core.ledger import Holding, Ledger, Movement, Standing
from app.core.lifecycle import Kind, State
from app.core.serial import Serial
from app.core.span import Span
from tests.core import strategies as our
from tests.core.test_lifecycle import LAW, PAIRS, REASONED, REASONS, STATES, TO_ORGANISATION, lawful

YMCA, MIND = 7, 8
"""Two organisations."""

SPAN = Span("CWL26", 1, 100)
FIRST, MIDDLE, LAST = Span("CWL26", 1, 40), Span("CWL26", 41, 60), Span("CWL26", 61, 100)


def moved(kind: str, span: Span = SPAN, *, to: int | None = None, reason: str | None = None) -> Movement:
    """A movement that names what its line of the table needs."""
    if to is None and kind in TO_ORGANISATION:
        to = YMCA
    if reason is None and kind in REASONED:
        reason = min(REASONS.get(kind, {"doubtful"}))
    return Movement(Kind(kind), span, to, reason)


PATHS: dict[str, list[str]] = {
    "(not yet)": [],
    "ordered": ["order"],
    "printed": ["order", "print"],
    "stocked": ["order", "print", "receive"],
    "dispatched": ["order", "print", "receive", "dispatch"],
    "issued": ["order", "print", "receive", "dispatch", "issue"],
    "held": ["order", "print", "receive", "dispatch", "issue", "hold"],
    "void": ["order", "print", "receive", "dispatch", "issue", "void"],
}
"""One way to each state."""


def brought_to(state: str, span: Span = SPAN) -> Ledger:
    """The books with one span in that state."""
    books = Ledger()
    for kind in PATHS[state]:
        books.move(moved(kind, span))
    return books


# --- each line of the table


@pytest.mark.parametrize(("movement", "state"), PAIRS, ids=[f"{movement} of {state}" for movement, state in PAIRS])
def test_the_ledger_walks_every_pair_of_the_table(movement: str, state: str) -> None:
    books = brought_to(state)
    before = books.holdings()
    if lawful(movement, state):
        books.move(moved(movement))
        expected = LAW[movement][1]
        (after,) = books.holdings()
        assert after.span == SPAN
        assert after.state == ("issued" if expected == "where it was" else expected)
    else:
        with pytest.raises(NotOrdered if state == "(not yet)" else IllegalMovement) as refused:
            books.move(moved(movement))
        assert books.holdings() == before
        assert refused.value.sentence.endswith(".")
        assert refused.value.evidence["span"] == SPAN


@pytest.mark.parametrize("movement", sorted(TO_ORGANISATION))
def test_notes_leave_for_an_organisation_that_is_named(movement: str) -> None:
    books = brought_to("stocked")
    with pytest.raises(IllegalMovement, match="organisation"):
        books.move(Movement(Kind(movement), SPAN))
    books.move(Movement(Kind(movement), SPAN, YMCA))
    assert books.holdings()[0].standing.holder == YMCA


@pytest.mark.parametrize("movement", sorted(REASONED))
def test_a_step_that_needs_a_reason_is_refused_without(movement: str) -> None:
    books = brought_to(next(state for state in STATES if lawful(movement, state)))
    before = books.holdings()
    for reason in (None, ""):
        with pytest.raises(IllegalMovement, match="reason"):
            books.move(Movement(Kind(movement), SPAN, reason=reason))
    assert books.holdings() == before


@pytest.mark.parametrize("movement", sorted(REASONS))
def test_only_the_words_of_the_table_are_reasons(movement: str) -> None:
    state = next(state for state in STATES if lawful(movement, state))
    for reason in sorted(REASONS[movement]):
        books = brought_to(state)
        books.move(Movement(Kind(movement), SPAN, reason=reason))
        assert books.holdings()[0].standing.reason == reason
    with pytest.raises(IllegalMovement, match=sorted(REASONS[movement])[0]):
        brought_to(state).move(Movement(Kind(movement), SPAN, reason="bored"))


def test_a_return_is_refused_when_one_of_the_notes_is_redeemed() -> None:
    issued = brought_to("issued").holdings()
    with pytest.raises(IllegalMovement, match="1 of the notes"):
        ledger.move(issued, moved("return"), redeemed=1)
    assert ledger.move(issued, moved("return")) == [Holding(SPAN, Standing(State.STOCKED))]


@pytest.mark.parametrize("movement", ["hold", "void"])
def test_redeemed_notes_hinder_no_other_step(movement: str) -> None:
    after = ledger.move(brought_to("issued").holdings(), moved(movement), redeemed=100)
    assert after == ledger.move(brought_to("issued").holdings(), moved(movement))


def test_notes_on_their_way_to_one_organisation_are_not_issued_to_another() -> None:
    books = brought_to("dispatched")
    with pytest.raises(IllegalMovement, match="another organisation"):
        books.move(moved("issue", FIRST, to=MIND))
    books.move(moved("return"))
    books.move(moved("issue", FIRST, to=MIND))
    assert books.at(FIRST.first_serial) == Standing(State.ISSUED, MIND)
    assert books.at(LAST.first_serial) == Standing(State.STOCKED)


# --- hold, release, void and reinstate remember


WAYS_BACK = [
    ("hold", "release", ["printed", "stocked", "dispatched", "issued"]),
    ("void", "reinstate", ["ordered", "printed", "stocked", "dispatched", "issued", "held"]),
    ("spoil", "reinstate", ["ordered", "printed"]),
    ("miss", "reinstate", ["ordered", "printed"]),
]


@pytest.mark.parametrize(
    ("there", "back", "state"), [(there, back, state) for there, back, states in WAYS_BACK for state in states]
)
def test_notes_go_back_to_where_they_were(there: str, back: str, state: str) -> None:
    books = brought_to(state)
    before = books.holdings()
    books.move(moved(there))
    books.move(moved(back))
    assert books.holdings() == before


def test_a_held_span_that_is_voided_and_reinstated_is_held_still() -> None:
    books = brought_to("issued")
    issued = books.holdings()
    books.move(moved("hold"))
    held = books.holdings()
    books.move(moved("void", reason="stolen"))
    voided = books.at(SPAN.first_serial)
    assert voided == Standing(State.VOID, YMCA, "stolen", was=held[0].standing)
    books.move(moved("reinstate"))
    assert books.holdings() == held
    books.move(moved("release"))
    assert books.holdings() == issued


def test_one_release_sends_each_part_back_to_its_own_place() -> None:
    books = brought_to("stocked")
    books.move(moved("dispatch", FIRST, to=YMCA))
    books.move(moved("issue", LAST, to=MIND))
    before = books.holdings()
    books.move(moved("hold"))
    assert [holding.span for holding in books.holdings()] == [FIRST, MIDDLE, LAST]
    assert {holding.state for holding in books.holdings()} == {State.HELD}
    books.move(moved("release"))
    assert books.holdings() == before


def test_a_void_note_still_says_who_had_it_and_why() -> None:
    books = brought_to("issued")
    books.move(moved("void", MIDDLE, reason="stolen"))
    standing = books.at(MIDDLE.first_serial)
    assert standing is not None
    assert (standing.state, standing.holder, standing.reason) == (State.VOID, YMCA, "stolen")
    assert ledger.described(standing) == "void (stolen)"
    assert ledger.described(Standing(State.ISSUED, YMCA)) == "issued"


# --- pieces


def test_neighbours_that_stand_alike_are_one_holding() -> None:
    books = Ledger()
    for span in (FIRST, LAST, MIDDLE):
        books.move(moved("order", span))
    assert books.holdings() == [Holding(SPAN, Standing(State.ORDERED))]


def test_a_movement_of_the_middle_leaves_three_pieces() -> None:
    books = brought_to("stocked")
    books.move(moved("issue", MIDDLE))
    assert [(holding.span, holding.state) for holding in books.holdings()] == [
        (FIRST, State.STOCKED),
        (MIDDLE, State.ISSUED),
        (LAST, State.STOCKED),
    ]
    books.move(moved("return", MIDDLE))
    assert books.holdings() == brought_to("stocked").holdings()


def test_a_movement_that_is_unlawful_for_one_note_is_refused_for_all() -> None:
    books = brought_to("stocked")
    books.move(moved("issue", Span("CWL26", 50, 50)))
    before = books.holdings()
    with pytest.raises(IllegalMovement) as refused:
        books.move(moved("dispatch"))
    assert refused.value.evidence == {"span": Span("CWL26", 50, 50)}
    assert books.holdings() == before


def test_a_movement_beyond_what_was_ordered_is_refused_and_says_where() -> None:
    books = brought_to("ordered")
    with pytest.raises(NotOrdered) as refused:
        books.move(moved("print", Span("CWL26", 90, 120)))
    assert refused.value.evidence == {"span": Span("CWL26", 101, 120)}
    with pytest.raises(NotOrdered):
        books.move(moved("print", Span("LAN26", 1, 1)))
    assert books.holdings() == brought_to("ordered").holdings()


def test_notes_are_ordered_once() -> None:
    books = brought_to("ordered")
    for span in (SPAN, FIRST, Span("CWL26", 100, 101)):
        with pytest.raises(IllegalMovement):
            books.move(moved("order", span))
    books.move(moved("order", Span("CWL26", 101, 101)))


def test_issuing_notes_that_were_not_received_names_the_way_out() -> None:
    with pytest.raises(IllegalMovement, match="receive them first"):
        brought_to("printed").move(moved("issue"))


def test_what_lies_outside_the_span_and_in_other_series_is_untouched() -> None:
    other = Holding(Span("LAN26", 1, 100), Standing(State.STOCKED))
    after = ledger.move([*brought_to("stocked").holdings(), other], moved("issue", MIDDLE))
    assert other in after
    assert len(after) == 4


def test_a_million_notes_are_one_holding() -> None:
    million = Span("CWL26", 1, 1_000_000)
    books = brought_to("issued", million)
    books.move(moved("void", Span("CWL26", 500_001, 500_050)))
    assert len(books.holdings()) == 3
    assert ledger.counts(books.holdings()) == {State.ISSUED: 999_950, State.VOID: 50}


@given(st.lists(our.small_spans, max_size=6), our.small_spans)
def test_gaps_are_the_notes_that_were_never_ordered(ordered: list[Span], span: Span) -> None:
    holdings = [Holding(piece, Standing(State.ORDERED)) for piece in ordered]
    known = {serial for piece in ordered for serial in piece.serials()}
    gaps = [serial for gap in ledger.gaps(holdings, span) for serial in gap.serials()]
    assert gaps == [serial for serial in span.serials() if serial not in known]


# --- against a naive ledger


@dataclass(frozen=True)
class Paper:
    """How one note stands, in the naive ledger."""

    state: str
    holder: int | None = None
    reason: str | None = None
    was: "Paper | None" = None


Naive = dict[tuple[str, int], Paper]


def naive_move(notes: Naive, movement: Movement) -> Naive | type[HournoteError]:
    """The table of the design, note by note: the notes after it, or the refusal of the whole."""
    kind, span = str(movement.kind), movement.span
    named = [(span.series, number) for number in range(span.first, span.last + 1)]
    if kind != "order" and any(note not in notes for note in named):
        return NotOrdered
    states = [notes[note].state if note in notes else "(not yet)" for note in named]
    wrong = not all(lawful(kind, state) for state in states)
    wrong |= kind in TO_ORGANISATION and movement.organisation is None
    wrong |= kind in REASONED and not movement.reason
    wrong |= kind in REASONS and movement.reason not in REASONS[kind]
    wrong |= kind == "issue" and any(notes[n].holder not in (None, movement.organisation) for n in named if n in notes)
    return IllegalMovement if wrong else notes | {note: _naive_step(notes.get(note), movement) for note in named}


def _naive_step(paper: Paper | None, movement: Movement) -> Paper:
    after = LAW[str(movement.kind)][1]
    if after == "where it was":
        assert paper is not None
        assert paper.was is not None
        return paper.was
    if after in ("held", "void"):
        assert paper is not None
        return Paper(after, paper.holder, movement.reason, paper)
    return Paper(after, movement.organisation if str(movement.kind) in TO_ORGANISATION else None)


def written_out(holdings: list[Holding]) -> Naive:
    """Holdings, note by note."""

    def paper(standing: Standing) -> Paper:
        return Paper(
            str(standing.state), standing.holder, standing.reason, paper(standing.was) if standing.was else None
        )

    return {(h.span.series, s.number): paper(h.standing) for h in holdings for s in h.span.serials()}


def check_is_partition_in_fewest_pieces(holdings: list[Holding]) -> None:
    """No overlap, in order, and no two neighbours that could be one."""
    for left, right in pairwise(holdings):
        assert (left.span.series, left.span.last) < (right.span.series, right.span.first)
        touching = left.span.series == right.span.series and left.span.last + 1 == right.span.first
        assert not (touching and left.standing == right.standing)


organisations = st.sampled_from([YMCA, MIND])
any_movement = st.builds(
    Movement,
    st.sampled_from(Kind),
    our.small_spans,
    organisations | st.none(),
    st.sampled_from([None, "", "stolen", "lost", "spoiled", "missing", "doubtful"]),
)


class SpansAgainstNotes(RuleBasedStateMachine):
    """Random lawful and unlawful movements, taken by both ledgers."""

    def __init__(self) -> None:
        super().__init__()
        self.books = Ledger()
        self.notes: Naive = {}
        self.history: list[Movement] = []

    def take(self, movement: Movement) -> None:
        """Both ledgers take the step, or refuse it with the same error and stay as they were."""
        before = self.books.holdings()
        outcome = naive_move(self.notes, movement)
        if isinstance(outcome, dict):
            assert ledger.move(before, movement) == merged_with(self.books, movement)
            self.notes = outcome
            self.history.append(movement)
        else:
            with pytest.raises(outcome):
                ledger.move(before, movement)
            with pytest.raises(outcome):
                self.books.move(movement)
            assert self.books.holdings() == before

    @rule(span=our.small_spans)
    def order(self, span: Span) -> None:
        """Most orders, to have something to move."""
        self.take(Movement(Kind.ORDER, span))

    @rule(movement=any_movement)
    def any_step(self, movement: Movement) -> None:
        """Mostly unlawful."""
        self.take(movement)

    @precondition(lambda self: self.notes)
    @rule(data=st.data(), to=organisations)
    def lawful_step(self, data: st.DataObject, to: int) -> None:
        """A step that some held stretch may take, of a part of it or more."""
        holding = data.draw(st.sampled_from(self.books.holdings()))
        kinds = [kind for kind in LAW if lawful(kind, str(holding.state))]
        first, last = sorted(data.draw(st.integers(holding.span.first, holding.span.last)) for _ in range(2))
        self.take(moved(data.draw(st.sampled_from(kinds)), Span(holding.span.series, first, last), to=to))

    @precondition(lambda self: self.notes)
    @rule(data=st.data(), to=organisations)
    def step_of_the_whole(self, data: st.DataObject, to: int) -> None:
        """A step of a whole holding, so that pieces grow together again."""
        holding = data.draw(st.sampled_from(self.books.holdings()))
        kinds = [kind for kind in LAW if lawful(kind, str(holding.state))]
        self.take(moved(data.draw(st.sampled_from(kinds)), holding.span, to=to))

    @invariant()
    def both_agree(self) -> None:
        """Note by note, as a partition, and told again from the start."""
        holdings = self.books.holdings()
        check_is_partition_in_fewest_pieces(holdings)
        assert written_out(holdings) == self.notes
        assert ledger.replay(self.history) == holdings
        assert ledger.counts(holdings).total() == len(self.notes)

    @invariant()
    def a_note_stands_as_its_holding(self) -> None:
        """`at` finds each note, and none that was never ordered."""
        stands = {s: h.standing for h in self.books.holdings() for s in h.span.serials()}
        for serial in (
            Serial(series, number) for series in ("CWL26", "CWL27", "LAN26") for number in (1, 2, 20, 40, 41)
        ):
            assert self.books.at(serial) == stands.get(serial)


def merged_with(books: Ledger, movement: Movement) -> list[Holding]:
    """The holdings of the books after they took the step."""
    books.move(movement)
    return books.holdings()


TestSpansAgainstNotes = SpansAgainstNotes.TestCase
TestSpansAgainstNotes.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@given(st.lists(any_movement, max_size=12))
def test_a_refused_movement_spoils_a_replay(movements: list[Movement]) -> None:
    """`replay` takes facts; one that is none is a surprise."""
    notes: Naive = {}
    refused: type[HournoteError] | None = None
    for movement in movements:
        outcome = naive_move(notes, movement)
        if not isinstance(outcome, dict):
            refused = outcome
            break
        notes = outcome
    assume(refused is not None)
    with pytest.raises(refused or HournoteError):
        ledger.replay(movements)
