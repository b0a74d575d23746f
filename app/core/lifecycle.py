"""The life of a span, as one table: which movement takes it from which states to which.

A note of its own is then *redeemed* or *retired*; those are facts about the note and win over the state of its span.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a span is in its life."""

    ORDERED = "ordered"
    PRINTED = "printed"
    STOCKED = "stocked"
    DISPATCHED = "dispatched"
    ISSUED = "issued"
    HELD = "held"
    VOID = "void"


class NoteState(StrEnum):
    """What a single note is beyond the state of its span."""

    REDEEMED = "redeemed"
    RETIRED = "retired"


class Kind(StrEnum):
    """The movements."""

    ORDER = "order"
    PRINT = "print"
    SPOIL = "spoil"
    MISS = "miss"
    RECEIVE = "receive"
    DISPATCH = "dispatch"
    ISSUE = "issue"
    RETURN = "return"
    HOLD = "hold"
    RELEASE = "release"
    VOID = "void"
    REINSTATE = "reinstate"


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the table.

    `before` empty: the span must be new. `after` None: back to where it was. `to_organisation`: it names who holds the
    notes then. `reasons`: the words that may be given; empty with `reasoned`: any word. `unredeemed`: refused if any
    note of the span is redeemed.
    """

    before: frozenset[State]
    after: State | None
    to_organisation: bool = False
    reasoned: bool = False
    reasons: frozenset[str] = frozenset()
    unredeemed: bool = False


S = State
_LIVE = frozenset(S) - {S.VOID}
VOID_REASONS = frozenset({"lost", "stolen", "expired", "recalled", "damaged", "destroyed"})

STEPS: dict[Kind, Step] = {
    Kind.ORDER: Step(frozenset(), S.ORDERED),
    Kind.PRINT: Step(frozenset({S.ORDERED}), S.PRINTED),
    Kind.SPOIL: Step(frozenset({S.ORDERED, S.PRINTED}), S.VOID, reasoned=True, reasons=frozenset({"spoiled"})),
    Kind.MISS: Step(frozenset({S.ORDERED, S.PRINTED}), S.VOID, reasoned=True, reasons=frozenset({"missing"})),
    Kind.RECEIVE: Step(frozenset({S.PRINTED}), S.STOCKED),
    Kind.DISPATCH: Step(frozenset({S.STOCKED}), S.DISPATCHED, to_organisation=True),
    Kind.ISSUE: Step(frozenset({S.STOCKED, S.DISPATCHED}), S.ISSUED, to_organisation=True),
    Kind.RETURN: Step(frozenset({S.DISPATCHED, S.ISSUED}), S.STOCKED, unredeemed=True),
    Kind.HOLD: Step(frozenset({S.PRINTED, S.STOCKED, S.DISPATCHED, S.ISSUED}), S.HELD, reasoned=True),
    Kind.RELEASE: Step(frozenset({S.HELD}), None, reasoned=True),
    Kind.VOID: Step(_LIVE, S.VOID, reasoned=True, reasons=VOID_REASONS),
    Kind.REINSTATE: Step(frozenset({S.VOID}), None, reasoned=True),
}


def may(kind: Kind, state: State | None) -> bool:
    """Whether the movement is lawful for a span in `state`; None is a span not yet ordered."""
    before = STEPS[kind].before
    return state in before if state is not None else not before
