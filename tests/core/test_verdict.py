"""The verdict on a note: the first that applies, in the order of the contract."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.lifecycle import State
from app.core.verdict import MESSAGES, PRECEDENCE, Facts, Verdict, judge
from app.core.verifying import Signature

CONTRACT = [
    "malformed",
    "unknown",
    "forged",
    "specimen",
    "already_redeemed",
    "void",
    "held",
    "expired",
    "not_issued",
    "not_accepted_here",
    "keyed_not_allowed",
    "good",
    "accepted",
]
OFFLINE = ["accepted_offline", "cannot_tell_offline"]

GOOD: dict[str, object] = {"state": State.ISSUED, "signature": Signature.GOOD}
CAUSES: dict[str, dict[str, object]] = {
    "malformed": {"readable": False},
    "unknown": {"state": None},
    "forged": {"signature": Signature.BAD},
    "specimen": {"specimen": True},
    "already_redeemed": {"redeemed": True},
    "void": {"state": State.VOID},
    "held": {"state": State.HELD},
    "expired": {"expired": True},
    "not_issued": {"state": State.STOCKED},
    "not_accepted_here": {"accepted_here": False},
    "keyed_not_allowed": {"signature": None, "keyed_allowed": False},
}
"""What makes a good note refused, one cause for each verdict."""


def note(*causes: str) -> Facts:
    """A good note with these causes; where two want the same fact, the first one has it."""
    facts = dict(GOOD)
    for cause in reversed(causes):
        facts |= CAUSES[cause]
    return Facts(**facts)  # type: ignore[arg-type]


def test_the_verdicts_are_those_of_the_contract_in_its_order() -> None:
    assert [str(verdict) for verdict in Verdict] == CONTRACT + OFFLINE
    assert [str(verdict) for verdict, _ in PRECEDENCE] == CONTRACT[:-2] == list(CAUSES)


def test_an_issued_and_signed_note_is_good() -> None:
    assert judge(note()) is Verdict.GOOD


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_alone_has_its_verdict(cause: str) -> None:
    assert judge(note(cause)) == cause


PAIRS = [
    (earlier, later)
    for earlier, later in combinations(CAUSES, 2)
    if not {"state", "signature"} & CAUSES[earlier].keys() & CAUSES[later].keys()
]


@pytest.mark.parametrize(("earlier", "later"), PAIRS, ids=[f"{earlier} and {later}" for earlier, later in PAIRS])
def test_of_two_causes_the_earlier_wins(earlier: str, later: str) -> None:
    assert judge(note(earlier, later)) == earlier


def test_causes_that_exclude_each_other_are_states_or_signatures() -> None:
    """A note is in one state and has one signature, so these pairs cannot meet."""
    never = set(combinations(CAUSES, 2)) - set(PAIRS)
    states = ["unknown", "void", "held", "not_issued"]
    assert never == {*combinations(states, 2), ("forged", "keyed_not_allowed")}


@given(st.sets(st.sampled_from(list(CAUSES))))
def test_of_many_causes_the_first_wins(causes: set[str]) -> None:
    ordered = [cause for cause in CAUSES if cause in causes]
    facts = note(*ordered)
    present = [
        cause for cause in ordered if all(getattr(facts, name) == value for name, value in CAUSES[cause].items())
    ]
    assert judge(facts) == (present[0] if present else "good")


STANDS = {
    None: "unknown",
    State.ORDERED: "not_issued",
    State.PRINTED: "not_issued",
    State.STOCKED: "not_issued",
    State.DISPATCHED: "not_issued",
    State.ISSUED: "good",
    State.HELD: "held",
    State.VOID: "void",
}


def test_only_an_issued_note_is_worth_an_hour() -> None:
    assert set(STANDS) == {None, *State}
    for state, verdict in STANDS.items():
        assert judge(Facts(state=state, signature=Signature.GOOD)) == verdict


@pytest.mark.parametrize("state", State)
def test_a_spent_note_is_spent_whatever_became_of_its_span(state: State) -> None:
    assert judge(Facts(state=state, signature=Signature.GOOD, redeemed=True, expired=True)) is Verdict.ALREADY_REDEEMED


@pytest.mark.parametrize("signature", [Signature.BAD, Signature.UNKNOWN_KEY])
def test_a_signature_that_is_not_good_is_forged(signature: Signature) -> None:
    assert judge(Facts(state=State.ISSUED, signature=signature)) is Verdict.FORGED


def test_a_typed_serial_is_good_only_where_it_is_allowed() -> None:
    assert judge(Facts(state=State.ISSUED, signature=None, keyed_allowed=True)) is Verdict.GOOD
    assert judge(Facts(state=State.ISSUED, signature=None)) is Verdict.KEYED_NOT_ALLOWED


def test_a_scanned_note_needs_no_leave_to_be_typed() -> None:
    assert judge(Facts(state=State.ISSUED, signature=Signature.GOOD, keyed_allowed=False)) is Verdict.GOOD


def test_nothing_known_is_not_good() -> None:
    assert judge(Facts()) is Verdict.UNKNOWN


def test_each_verdict_is_told_in_one_or_two_plain_sentences() -> None:
    assert set(MESSAGES) == set(Verdict)
    assert len(set(MESSAGES.values())) == len(Verdict)
    for message in MESSAGES.values():
        assert message.endswith(".")
        assert message.count(". ") <= 1
        assert len(message) < 120
