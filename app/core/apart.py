"""Apart: what a desk may say of notes, and accept, while the network is gone.

One rule for the browser and the native scanner. A desk that is apart knows the keys and the books as of its last snapshot, and
what it spent itself since. **Every refusal that it knows stands**, by the same precedence as at the service; what it cannot
know is taken for the best, so that it never hides a refusal that it can know; and only a note that nothing speaks against is
left to its allowance. So:

- A serial for which no key speaks was never ordered, or was ordered since: `cannot_tell_offline`, never `unknown`. Under a
  key that it knows, a wrong signature is `forged`.
- A note that is known and not issued is `not_issued`, although it may have been issued since: the contract refuses what is
  not issued, and keeps `cannot_tell_offline` for what is newer than the snapshot. The same holds for a note that may have
  been released, or given back, since.
- A serial typed by hand proves nothing, and is never accepted apart.
- The specimen programme never counts, whichever of its notes were ordered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.core import verdict, visit
from app.core.desk_clock import SKEW
from app.core.lifecycle import State
from app.core.verdict import Facts, Verdict
from app.core.verifying import Signature
from app.core.visit import Decision, Offer, Outcome


class Leave(StrEnum):
    """Whether a desk may accept by itself, or the first reason why not."""

    NOT_ALLOWED = "not_allowed"
    NO_SNAPSHOT = "no_snapshot"
    TOO_OLD = "too_old"
    USED_UP = "used_up"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the venue leaves to its desks: how many notes that are not confirmed yet, on knowledge of how many hours ago."""

    offline_notes: int
    offline_hours: int


def leave(policy: Policy, *, known_at: datetime | None, now: datetime, waiting_notes: int) -> Leave:
    """Whether a desk may accept one more note, with `waiting_notes` accepted and not confirmed yet.

    `known_at`: as of when it knows the books, by its own clock, None without a snapshot. Knowledge from later than now says
    that the clock was turned back; how old it is cannot be told, so that it counts as too old.
    """
    if policy.offline_notes <= 0 or policy.offline_hours <= 0:
        return Leave.NOT_ALLOWED
    if known_at is None:
        return Leave.NO_SNAPSHOT
    if not -SKEW <= now - known_at <= timedelta(hours=policy.offline_hours):
        return Leave.TOO_OLD
    return Leave.READY if waiting_notes < policy.offline_notes else Leave.USED_UP


def notes_left(policy: Policy, *, known_at: datetime | None, now: datetime, waiting_notes: int) -> int:
    """How many notes a desk may still accept by itself: none unless it is ready."""
    is_ready = leave(policy, known_at=known_at, now=now, waiting_notes=waiting_notes) is Leave.READY
    return policy.offline_notes - waiting_notes if is_ready else 0


def judge(note: Facts, *, may_accept: bool) -> Verdict:
    """What may be said of one note: a refusal of the contract, `accepted_offline` or `cannot_tell_offline`.

    `note` as the desk knows it: `state` None and `signature` UNKNOWN_KEY where no key of its snapshot speaks for the
    serial; `redeemed` by the snapshot or by itself since. `may_accept`: its allowance lasts for this note.
    """
    said = verdict.judge(_at_best(note))
    if said is not Verdict.GOOD:
        return said
    is_known = note.state is not None and note.signature is not Signature.UNKNOWN_KEY
    return Verdict.ACCEPTED_OFFLINE if may_accept and is_known else Verdict.CANNOT_TELL_OFFLINE


def judge_all(notes: Sequence[Facts], *, notes_left: int) -> list[Verdict]:
    """What may be said of each note of a visit; the allowance goes to the first of those that nothing speaks against."""
    said: list[Verdict] = []
    for note in notes:
        said.append(judge(note, may_accept=said.count(Verdict.ACCEPTED_OFFLINE) < notes_left))
    return said


def decide(said: Sequence[Verdict], offer: Offer | None) -> tuple[Decision, list[Verdict]]:
    """All or none, as at the service: what becomes of the visit, and what is said of each note of it.

    In a visit that is refused, a note that nothing speaks against is `good`: it was not spent.
    """
    unspent = not_spent(said)
    decision = visit.decide(unspent, offer)
    return decision, list(said) if decision.outcome is Outcome.ACCEPTED else unspent


def not_spent(said: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts where nothing is spent: of a desk that only asks, or a visit that is refused."""
    return [Verdict.GOOD if each is Verdict.ACCEPTED_OFFLINE else each for each in said]


def _at_best(note: Facts) -> Facts:
    """The note as the best that it can be, by what is known; a typed serial is never more than that."""
    return replace(
        note,
        state=State.ISSUED if note.state is None else note.state,
        signature=Signature.GOOD if note.signature is Signature.UNKNOWN_KEY else note.signature,
        keyed_allowed=False,
    )
