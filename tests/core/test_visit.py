"""A visit: all of its notes are spent, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.verdict import Verdict
from app.core.visit import MOST_NOTES, Decision, Offer, Outcome, Reason, decide

ACCEPTED = Decision(Outcome.ACCEPTED)
SWIM = Offer(price_hours=1)
PANTOMIME = Offer(price_hours=2)


def good(notes: int) -> list[Verdict]:
    """So many good notes."""
    return [Verdict.GOOD] * notes


def refused(reason: str) -> Decision:
    """A refusal for that reason."""
    return Decision(Outcome.REFUSED, Reason(reason))


VISITS = [
    # notes, offer, decision
    ("one note without an offer", good(1), None, ACCEPTED),
    ("fifty notes without an offer", good(50), None, ACCEPTED),
    ("one note for a swim", good(1), SWIM, ACCEPTED),
    ("three people swim", good(3), SWIM, ACCEPTED),
    ("two notes for a pantomime", good(2), PANTOMIME, ACCEPTED),
    ("three people see a pantomime", good(6), PANTOMIME, ACCEPTED),
    ("one note for a pantomime", good(1), PANTOMIME, refused("wrong_hours")),
    ("three notes for a pantomime", good(3), PANTOMIME, refused("wrong_hours")),
    ("a closed offer", good(1), Offer(1, is_open=False), refused("offer_closed")),
    ("as many notes as the offer takes", good(4), Offer(1, most_notes=4), ACCEPTED),
    ("more notes than the offer takes", good(5), Offer(1, most_notes=4), refused("offer_limit")),
    ("no note at all for an offer that takes none", good(1), Offer(1, most_notes=0), refused("offer_limit")),
    ("closed comes before the limit", good(5), Offer(2, is_open=False, most_notes=4), refused("offer_closed")),
    ("the limit comes before the hours", good(5), Offer(2, most_notes=4), refused("offer_limit")),
    ("one note spent already", [Verdict.ALREADY_REDEEMED], None, refused("note_refused")),
    ("one bad note among good ones", [*good(2), Verdict.VOID], SWIM, refused("note_refused")),
    ("a bad note comes before all", [*good(5), Verdict.HELD], Offer(4, is_open=False, most_notes=1), refused("note_refused")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("verdicts", "offer", "decision"), [case[1:] for case in VISITS], ids=[case[0] for case in VISITS]
)
def test_a_visit_is_decided_as_a_whole(verdicts: list[Verdict], offer: Offer | None, decision: Decision) -> None:
    assert decide(verdicts, offer) == decision


offers = st.builds(Offer, st.integers(1, 8), st.booleans(), st.none() | st.integers(1, 60))


@given(st.lists(st.sampled_from(Verdict), min_size=1, max_size=MOST_NOTES), st.none() | offers)
def test_a_visit_with_a_note_that_is_not_good_is_refused(verdicts: list[Verdict], offer: Offer | None) -> None:
    decision = decide(verdicts, offer)
    assert (decision.reason is Reason.NOTE_REFUSED) == (set(verdicts) != {Verdict.GOOD})
    assert (decision.outcome is Outcome.REFUSED) == (decision.reason is not None)


@given(st.integers(1, MOST_NOTES), offers)
def test_good_notes_are_accepted_for_whole_places_at_an_open_offer(notes: int, offer: Offer) -> None:
    within = offer.most_notes is None or notes <= offer.most_notes
    lawful = offer.is_open and within and notes % offer.price_hours == 0
    assert (decide(good(notes), offer).outcome is Outcome.ACCEPTED) == lawful


def test_the_words_are_those_of_the_contract() -> None:
    assert {str(outcome) for outcome in Outcome} == {"accepted", "refused"}
    assert {str(reason) for reason in Reason} == {"note_refused", "wrong_hours", "offer_closed", "offer_limit"}
    assert MOST_NOTES == 50
