"""What desks and offices keep of their own deeds, so that the books can be held against it. Times are of one monotonic
clock, which all processes of a machine share, in seconds."""

from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Literal
from uuid import UUID

Json = dict[str, Any]
_OF_THE_CONTRACT = ("id", "outcome", "reason", "hours", "notes")


def told(answer: Json) -> Json:
    """What the contract says of a visit; there may be more beside it, such as when it was given back."""
    return {key: answer.get(key) for key in _OF_THE_CONTRACT}


@dataclass
class Visit:
    """A visit as its desk knows it: `numbers` of our notes in it, when it was first sent, and the first answer."""

    id: UUID
    desk: int
    notes: tuple[str, ...]
    numbers: frozenset[int]
    practice: bool = False
    sent_at: float = 0.0
    answered_at: float | None = None
    answer: Json | None = None
    tries: int = 0
    in_doubt: bool = False

    @property
    def is_accepted(self) -> bool:
        """Whether its desk was told so, and it was no practice: these notes are spent."""
        return self.answer is not None and self.answer["outcome"] == "accepted" and not self.practice


@dataclass
class Reversal:
    """A visit given back, as its desk knows it."""

    visit: Visit
    sent_at: float
    answered_at: float | None = None
    answer: Json | None = None

    @property
    def is_done(self) -> bool:
        """Whether its desk was told so."""
        return self.answer is not None and self.answer["outcome"] == "reversed"


@dataclass
class Deed:
    """A movement as its office knows it. `until` is when its own undoing began, None where it was never undone."""

    kind: str
    first: int
    last: int
    office: int
    request_id: UUID
    began_at: float
    ended_at: float | None = None
    outcome: Literal["done", "refused", "unknown"] = "unknown"
    already_redeemed: int = 0
    tries: int = 0
    until: float | None = None

    @property
    def numbers(self) -> range:
        """The notes of its span."""
        return range(self.first, self.last + 1)


@dataclass
class Record:
    """Everything that anybody was told, and what nobody should have been."""

    visits: list[Visit] = field(default_factory=list)
    reversals: list[Reversal] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    latencies_s: list[float] = field(default_factory=list)
    checks: int = 0
    repeats: int = 0
    conflicts: int = 0
    journals: int = 0
    busy: int = 0
    lock: Lock = field(default_factory=Lock)

    def heard(self, visit: Visit, answer: Json, at: float) -> None:
        """A desk was told what became of its visit; every later answer must be the first."""
        with self.lock:
            if visit.answer is None:
                visit.answer, visit.answered_at = told(answer), at
            elif visit.answer != told(answer):
                self.surprises.append(f"The visit {visit.id} was answered in two ways: {visit.answer} and {answer}.")

    def surprise(self, sentence: str) -> None:
        """Note what should not have been."""
        with self.lock:
            self.surprises.append(sentence)
