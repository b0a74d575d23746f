"""A desk that is apart from the network: what it may say of notes, and how many it may accept."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import apart, verdict
from app.core.apart import Leave, Policy
from app.core.lifecycle import State
from app.core.verdict import Facts, Verdict
from app.core.verifying import Signature
from app.core.visit import Offer, Outcome, Reason

GOOD = Facts(state=State.ISSUED, signature=Signature.GOOD)
NEWER = Facts(state=None, signature=Signature.UNKNOWN_KEY)
TYPED = Facts(state=State.ISSUED, signature=None, keyed_allowed=True)
POLICY = Policy(offline_notes=20, offline_hours=24)
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)

facts = st.builds(
    Facts, readable=st.booleans(), state=st.none() | st.sampled_from(State), signature=st.none() | st.sampled_from(Signature),
    specimen=st.booleans(), redeemed=st.booleans(), expired=st.booleans(), accepted_here=st.booleans(), keyed_allowed=st.booleans(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (GOOD, "accepted_offline"),
        (Facts(readable=False), "malformed"),
        (NEWER, "cannot_tell_offline"),
        (Facts(state=None, signature=None), "keyed_not_allowed"),
        (Facts(state=None, signature=Signature.UNKNOWN_KEY, specimen=True), "specimen"),
        (Facts(state=None, signature=Signature.UNKNOWN_KEY, redeemed=True), "already_redeemed"),
        (Facts(state=State.ISSUED, signature=Signature.BAD), "forged"),
        (Facts(state=State.ISSUED, signature=Signature.GOOD, redeemed=True), "already_redeemed"),
        (Facts(state=State.VOID, signature=Signature.GOOD), "void"),
        (Facts(state=State.HELD, signature=Signature.GOOD), "held"),
        (Facts(state=State.ISSUED, signature=Signature.GOOD, expired=True), "expired"),
        (Facts(state=State.STOCKED, signature=Signature.GOOD), "not_issued"),
        (Facts(state=State.ISSUED, signature=Signature.GOOD, accepted_here=False), "not_accepted_here"),
        (TYPED, "keyed_not_allowed"),
    ],
)
def test_each_note_has_its_verdict(note: Facts, said: str) -> None:
    assert apart.judge(note, may_accept=True) == said


@given(facts, st.booleans())
def test_what_a_desk_knows_it_says_as_the_service_would(note: Facts, may_accept: bool) -> None:
    said = apart.judge(note, may_accept=may_accept)
    known = note.state is not None and note.signature is not Signature.UNKNOWN_KEY
    if known and not (note.signature is None and note.keyed_allowed):
        at_service = verdict.judge(note)
        assert said == (
            at_service
            if at_service is not Verdict.GOOD
            else "accepted_offline"
            if may_accept
            else "cannot_tell_offline"
        )


@given(facts)
def test_only_a_signed_and_issued_note_is_ever_accepted(note: Facts) -> None:
    if apart.judge(note, may_accept=True) is Verdict.ACCEPTED_OFFLINE:
        assert verdict.judge(note) is Verdict.GOOD
        assert note.signature is Signature.GOOD
    assert apart.judge(note, may_accept=False) is not Verdict.ACCEPTED_OFFLINE


def test_no_note_is_called_unknown_good_or_accepted() -> None:
    said = {
        apart.judge(Facts(state=state, signature=sig), may_accept=True) for state in [None, *State] for sig in Signature
    }
    assert not said & {Verdict.UNKNOWN, Verdict.GOOD, Verdict.ACCEPTED}


def test_the_allowance_goes_to_the_first_notes_that_nothing_speaks_against() -> None:
    spent = Facts(state=State.ISSUED, signature=Signature.GOOD, redeemed=True)
    said = apart.judge_all([spent, GOOD, NEWER, GOOD, GOOD], notes_left=2)
    accepted, cannot_tell = "accepted_offline", "cannot_tell_offline"
    assert said == ["already_redeemed", accepted, cannot_tell, accepted, cannot_tell]


def test_a_visit_is_all_or_none() -> None:
    accepted, refused = Verdict.ACCEPTED_OFFLINE, Verdict.HELD
    decision, said = apart.decide([accepted, accepted], Offer(2))
    assert (decision.outcome, decision.reason, said) == (Outcome.ACCEPTED, None, [accepted, accepted])
    decision, said = apart.decide([accepted, refused], Offer(2))
    assert (decision.outcome, decision.reason, said) == (
        Outcome.REFUSED, Reason.NOTE_REFUSED, [Verdict.GOOD, refused],
    )  # fmt: skip
    decision, said = apart.decide([accepted], Offer(2))
    assert (decision.reason, said) == (Reason.WRONG_HOURS, [Verdict.GOOD])
    decision, said = apart.decide([Verdict.CANNOT_TELL_OFFLINE], None)
    assert (decision.reason, said) == (Reason.NOTE_REFUSED, [Verdict.CANNOT_TELL_OFFLINE])


@pytest.mark.parametrize(
    ("policy", "hours_old", "waiting", "said"),
    [
        (POLICY, 0, 0, Leave.READY),
        (POLICY, 24, 19, Leave.READY),
        (POLICY, 24.01, 0, Leave.TOO_OLD),
        (POLICY, None, 0, Leave.NO_SNAPSHOT),
        (POLICY, 1, 20, Leave.USED_UP),
        (POLICY, 1, 21, Leave.USED_UP),
        (POLICY, -0.03, 0, Leave.READY),
        (POLICY, -0.04, 0, Leave.TOO_OLD),
        (Policy(0, 24), None, 0, Leave.NOT_ALLOWED),
        (Policy(20, 0), 0, 0, Leave.NOT_ALLOWED),
    ],
)
def test_a_desk_accepts_as_the_venue_allows(policy: Policy, hours_old: float | None, waiting: int, said: Leave) -> None:
    known_at = None if hours_old is None else NOW - timedelta(hours=hours_old)
    assert apart.leave(policy, known_at=known_at, now=NOW, waiting_notes=waiting) is said
    left = apart.notes_left(policy, known_at=known_at, now=NOW, waiting_notes=waiting)
    assert left == (policy.offline_notes - waiting if said is Leave.READY else 0)
