"""The life of a note: the table of the design, line by line, and every pair of a movement and a state."""

import pytest

from app.core import lifecycle
from app.core.lifecycle import STEPS, Kind, NoteState, State

LAW: dict[str, tuple[str, str]] = {
    # movement: (from, to), copied from the design
    "order": ("(not yet)", "ordered"),
    "print": ("ordered", "printed"),
    "spoil": ("ordered, printed", "void"),
    "miss": ("ordered, printed", "void"),
    "receive": ("printed", "stocked"),
    "dispatch": ("stocked", "dispatched"),
    "issue": ("stocked, dispatched", "issued"),
    "return": ("dispatched, issued", "stocked"),
    "hold": ("printed, stocked, dispatched, issued", "held"),
    "release": ("held", "where it was"),
    "void": ("ordered, printed, stocked, dispatched, issued, held", "void"),  # any but void
    "reinstate": ("void", "where it was"),
}
STATES = ["(not yet)", "ordered", "printed", "stocked", "dispatched", "issued", "held", "void"]
REASONED = {"spoil", "miss", "hold", "release", "void", "reinstate"}
REASONS = {
    "spoil": {"spoiled"},
    "miss": {"missing"},
    "void": {"lost", "stolen", "expired", "recalled", "damaged", "destroyed"},
}
TO_ORGANISATION = {"dispatch", "issue"}
UNREDEEMED = {"return"}
PAIRS = [(movement, state) for movement in LAW for state in STATES]


def lawful(movement: str, state: str) -> bool:
    """What the design's table says."""
    return state in LAW[movement][0].split(", ")


def state_named(name: str) -> State | None:
    """The state; None for a span that is not yet ordered."""
    return None if name == "(not yet)" else State(name)


def test_the_table_has_every_movement_and_every_state() -> None:
    assert [str(kind) for kind in Kind] == list(LAW)
    assert [str(state) for state in State] == STATES[1:]
    assert set(STEPS) == set(Kind)


@pytest.mark.parametrize(("movement", "state"), PAIRS, ids=[f"{movement} of {state}" for movement, state in PAIRS])
def test_a_span_may_take_the_steps_of_the_table_and_no_other(movement: str, state: str) -> None:
    assert lifecycle.may(Kind(movement), state_named(state)) is lawful(movement, state)


@pytest.mark.parametrize("movement", LAW)
def test_each_line_says_where_it_leads_and_what_it_needs(movement: str) -> None:
    step, after = STEPS[Kind(movement)], LAW[movement][1]
    assert step.after == (None if after == "where it was" else State(after))
    assert step.reasoned is (movement in REASONED)
    assert step.reasons == REASONS.get(movement, set())
    assert step.to_organisation is (movement in TO_ORGANISATION)
    assert step.unredeemed is (movement in UNREDEEMED)


def test_every_state_can_be_reached() -> None:
    reached: set[State | None] = {None}
    for _ in State:
        reached |= {STEPS[kind].after for state in tuple(reached) for kind in Kind if lifecycle.may(kind, state)}
    assert reached >= set(State)


def test_a_note_is_redeemed_or_retired_beyond_its_span() -> None:
    assert set(NoteState) == {"redeemed", "retired"}
    assert set(NoteState).isdisjoint(State)
