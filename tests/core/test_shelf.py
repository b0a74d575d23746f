"""A shelf count: three parts of what was expected and what was seen, against a model of a note at a time."""

from dataclasses import replace
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from app.core import shelf as shelves
from app.core import span as spans
from app.core.ledger import Holding, Standing
from app.core.lifecycle import State
from app.core.serial import Serial
from app.core.shelf import Known, Odd, Shelf, Why
from app.core.span import Span
from tests.core import strategies as our

PROGRAMMES = ("CWL", "LAN")
YMCA, BODMIN = 1, 2
STANDINGS = [
    None, Standing(State.ORDERED), Standing(State.PRINTED), Standing(State.STOCKED), Standing(State.DISPATCHED, YMCA),
    Standing(State.ISSUED, YMCA), Standing(State.ISSUED, BODMIN), Standing(State.HELD, YMCA, "lost", Standing(State.ISSUED, YMCA)),
    Standing(State.VOID, None, "stolen", Standing(State.STOCKED)),
]  # fmt: skip
some_spans = st.lists(our.spans(within=40, of=st.sampled_from(["CWL25", "CWL26", "LAN26", "ZZZ26"])), max_size=6)
lengths = st.lists(st.tuples(st.integers(1, 12), st.sampled_from(STANDINGS)), max_size=8)
whose = st.sampled_from([Shelf("CWL"), Shelf("CWL", YMCA)])


def notes(pieces: list[Span] | tuple[Span, ...]) -> set[Serial]:
    """The notes of spans, one by one."""
    return set(chain.from_iterable(piece.serials() for piece in pieces))


def laid_out(series: str, runs: list[tuple[int, Standing | None]]) -> list[Holding]:
    """Runs of notes one after another; those that stand nowhere were never ordered."""
    found, first = [], 1
    for length, standing in runs:
        if standing is not None:
            found.append(Holding(Span(series, first, first + length - 1), standing))
        first += length
    return found


def why(note: Serial, shelf: Shelf, known: Known) -> tuple[Why, int | None] | None:
    """The model: what is told of one note that was seen; None where it was expected."""
    if note.series[:3] != shelf.programme:
        return (Why.OTHER_PROGRAMME if note.series[:3] in PROGRAMMES else Why.NOT_ORDERED), None
    standing = next((piece.standing for piece in known.holdings if note in piece.span), None)
    if standing is None:
        return Why.NOT_ORDERED, None
    is_here = standing == (Standing(State.STOCKED) if shelf.organisation is None else Standing(State.ISSUED, YMCA))
    if note in notes(tuple(known.retired)):
        return Why.RETIRED, standing.holder
    if note in notes(tuple(known.redeemed)):
        return Why.REDEEMED, standing.holder
    if is_here:
        return (Why.HANDED_OUT, standing.holder) if note in notes(tuple(known.handed_out)) else None
    return Why(standing.state.value), standing.holder


@given(whose, lengths, lengths, some_spans, some_spans, some_spans, some_spans)
def test_every_note_is_in_one_of_the_three_parts_and_told_why(
    shelf: Shelf, one: list[tuple[int, Standing | None]], two: list[tuple[int, Standing | None]], redeemed: list[Span],
    retired: list[Span], given_out: list[Span], seen: list[Span],
) -> None:  # fmt: skip
    known = Known([*laid_out("CWL26", two), *laid_out("CWL25", one)], redeemed, retired, given_out)
    wanted = shelves.expected(shelf, known)
    everything = {Serial(series, number) for series in ("CWL25", "CWL26") for number in range(1, 100)}
    assert notes(wanted) == {note for note in everything if why(note, shelf, known) is None}
    odd = shelves.sort(shelf, spans.without(seen, wanted), known, PROGRAMMES)
    count = shelves.compare(wanted, seen, odd)
    parts = [notes(count.found), notes(count.missing), *(notes(each.spans) for each in count.odd)]
    assert sum(map(len, parts)) == len(set().union(*parts)), "no note is in two"
    assert set().union(*parts) == notes(wanted) | notes(seen)
    assert parts[0] | parts[1] == notes(wanted)
    assert sum(map(len, count.found)) + count.notes_odd == len(notes(seen))
    for each in count.odd:
        assert {why(note, shelf, known) for note in notes(each.spans)} == {(each.why, each.holder)}


@given(some_spans, some_spans)
def test_what_spans_have_in_common_and_what_not_is_that_of_sets(ones: list[Span], others: list[Span]) -> None:
    shared, rest = spans.common(ones, others), spans.without(ones, others)
    assert notes(shared) == notes(ones) & notes(others)
    assert notes(rest) == notes(ones) - notes(others)
    assert shared == spans.merge(shared)
    assert rest == spans.merge(rest)
    numbers = sorted(note.number for note in notes([each for each in ones if each.series == "CWL26"]))
    assert spans.runs("CWL26", numbers) == spans.merge(each for each in ones if each.series == "CWL26")


def test_a_keeper_is_not_told_how_the_notes_of_others_stand() -> None:
    mine = Odd(Why.REDEEMED, YMCA, (Span("CWL26", 1, 2),))
    theirs = [replace(mine, holder=BODMIN, spans=(Span("CWL26", 5, 6),)), Odd(Why.VOID, None, (Span("CWL26", 7, 7),))]
    assert shelves.told_to_keeper([mine, *theirs], YMCA) == [mine, Odd(Why.ELSEWHERE, None, (Span("CWL26", 5, 7),))]
