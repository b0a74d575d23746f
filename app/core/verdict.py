"""The verdict on a note at a desk: named answers, and the first that applies is given."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.core.lifecycle import State
from app.core.verifying import Signature


class Verdict(StrEnum):
    """Every answer, in order of precedence; the last two are given by a desk that is offline."""

    MALFORMED = "malformed"
    UNKNOWN = "unknown"
    FORGED = "forged"
    SPECIMEN = "specimen"
    ALREADY_REDEEMED = "already_redeemed"
    VOID = "void"
    HELD = "held"
    EXPIRED = "expired"
    NOT_ISSUED = "not_issued"
    NOT_ACCEPTED_HERE = "not_accepted_here"
    KEYED_NOT_ALLOWED = "keyed_not_allowed"
    GOOD = "good"
    ACCEPTED = "accepted"
    ACCEPTED_OFFLINE = "accepted_offline"
    CANNOT_TELL_OFFLINE = "cannot_tell_offline"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one note when it is judged.

    `readable`: it is a token or a serial at all. `state`: of the span it lies in, None when never ordered. `signature`:
    None for a serial typed by hand. `accepted_here`: the venue or offer takes notes of this programme. `keyed_allowed`:
    whether the venue takes typed serials, and the desk's allowance for the day is not used up.
    """

    readable: bool = True
    state: State | None = None
    signature: Signature | None = None
    specimen: bool = False
    redeemed: bool = False
    expired: bool = False
    accepted_here: bool = True
    keyed_allowed: bool = False


PRECEDENCE: tuple[tuple[Verdict, Callable[[Facts], bool]], ...] = (
    (Verdict.MALFORMED, lambda note: not note.readable),
    (Verdict.UNKNOWN, lambda note: note.state is None),
    (Verdict.FORGED, lambda note: note.signature not in (None, Signature.GOOD)),
    (Verdict.SPECIMEN, lambda note: note.specimen),
    (Verdict.ALREADY_REDEEMED, lambda note: note.redeemed),
    (Verdict.VOID, lambda note: note.state is State.VOID),
    (Verdict.HELD, lambda note: note.state is State.HELD),
    (Verdict.EXPIRED, lambda note: note.expired),
    (Verdict.NOT_ISSUED, lambda note: note.state is not State.ISSUED),
    (Verdict.NOT_ACCEPTED_HERE, lambda note: not note.accepted_here),
    (Verdict.KEYED_NOT_ALLOWED, lambda note: note.signature is None and not note.keyed_allowed),
)
"""The rule of each refusal; a note that none of them names is good."""

MESSAGES: dict[Verdict, str] = {
    Verdict.MALFORMED: "This is not the code of a note. Scan the square code again, or look at the serial.",
    Verdict.UNKNOWN: "No such note was ever ordered. Do not accept it; keep it if you can and tell the programme office.",
    Verdict.FORGED: "This note was not made by us. Do not accept it; keep it if you can and tell the programme office.",
    Verdict.SPECIMEN: "This is a specimen for practice. It is not worth an hour.",
    Verdict.ALREADY_REDEEMED: "This note has been spent already. It cannot be accepted again.",
    Verdict.VOID: "This note is no longer valid. Do not accept it; the programme office can say why.",
    Verdict.HELD: "This note is on hold. Do not accept it now; ask the programme office.",
    Verdict.EXPIRED: "This note is past its last day. It cannot be accepted.",
    Verdict.NOT_ISSUED: "This note was not given out yet. Do not accept it; tell the programme office.",
    Verdict.NOT_ACCEPTED_HERE: "This offer does not take notes of this programme. Another offer may.",
    Verdict.KEYED_NOT_ALLOWED: "Typed serials are not accepted here. Scan the square code on the note.",
    Verdict.GOOD: "This note is good. It has not been spent.",
    Verdict.ACCEPTED: "Accepted.",
    Verdict.ACCEPTED_OFFLINE: "Accepted, not yet confirmed.",
    Verdict.CANNOT_TELL_OFFLINE: "This note cannot be checked without the network. Try again when it is back.",
}
"""What a volunteer is told: one or two plain sentences."""


def judge(note: Facts) -> Verdict:
    """The first verdict that applies; GOOD when none refuses."""
    return next((verdict for verdict, applies in PRECEDENCE if applies(note)), Verdict.GOOD)
