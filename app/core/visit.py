"""A visit: one to fifty notes spent at a venue together, all or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.verdict import Verdict

MOST_NOTES = 50


class Outcome(StrEnum):
    """What became of the visit."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a visit was refused, in order of precedence."""

    NOTE_REFUSED = "note_refused"
    OFFER_CLOSED = "offer_closed"
    OFFER_LIMIT = "offer_limit"
    WRONG_HOURS = "wrong_hours"


@dataclass(frozen=True, slots=True)
class Offer:
    """An activity at a venue: its price in hours, whether it is open now, and how many notes one visit may bring."""

    price_hours: int
    is_open: bool = True
    most_notes: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of a visit, and the reason when it was refused."""

    outcome: Outcome
    reason: Reason | None = None


def decide(verdicts: Sequence[Verdict], offer: Offer | None) -> Decision:
    """All or none: every note must be good and, where an offer is named, their hours a multiple of its price.

    A group pays the price for each person, so three people pay three notes for a one-hour swim.
    """
    reason = _refusal(verdicts, offer)
    return Decision(Outcome.REFUSED if reason else Outcome.ACCEPTED, reason)


def _refusal(verdicts: Sequence[Verdict], offer: Offer | None) -> Reason | None:
    if any(verdict is not Verdict.GOOD for verdict in verdicts):
        return Reason.NOTE_REFUSED
    if offer is None:
        return None
    if not offer.is_open:
        return Reason.OFFER_CLOSED
    if offer.most_notes is not None and len(verdicts) > offer.most_notes:
        return Reason.OFFER_LIMIT
    return Reason.WRONG_HOURS if len(verdicts) % offer.price_hours else None
