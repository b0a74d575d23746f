"""The entries of the journal: their shape, and what they come to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from app.core import token as tokens
from app.core.token import Token


class Deed(StrEnum):
    """What an entry is of: notes spent, or given back."""

    REDEEM = "redeem"
    REVERSE = "reverse"


class State(StrEnum):
    """How an entry stands. Of a visit:

    - `asking`: it is being asked about, by `owner`
    - `waiting`: this desk accepted it by itself
    - `accepted`, `refused`: the service said so
    - `withdrawn`: nothing was shown as accepted, and the service may have spent the notes: it must not be left so
    - `void`: it came to nothing, for certain

    Of notes given back: `waiting` to be told, `reversed` or `refused` by the service.
    """

    ASKING = "asking"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    VOID = "void"
    REVERSED = "reversed"


OPEN = frozenset({State.ASKING, State.WAITING, State.WITHDRAWN})
_SPENDS = frozenset({State.ASKING, State.WAITING, State.ACCEPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A visit, or the giving back of one; times in milliseconds are of the desk's clock, texts RFC 3339.

    `venue`: where it was written, None before that was known. `owner`: the process and the call that ask. `attended`: a person
    waits for its end; one that nobody waits for is asked about until there is an answer. `is_open`: it has to be told.
    `is_sent`: a withdrawal that was sent: nobody may ask under its id again. `is_apart`: accepted by this desk alone.
    `is_returned`: given back, or known to be. `is_shown`: the person was told "given back" before the service was heard.
    `notes`: tokens, serials once there is an answer. `told_at`: of a reversal; `why`: its reason.
    """

    place: int = 0
    deed: Deed = Deed.REDEEM
    id: str
    venue: int | None
    owner: str = ""
    attended: bool = True
    at_ms: int
    scanned_at: str
    told_at: str = ""
    state: State
    is_open: bool = True
    is_sent: bool = False
    is_apart: bool = False
    is_returned: bool = False
    is_shown: bool = False
    has_notice: bool = False
    notes: tuple[str, ...] = field(default=(), repr=False)
    serials: tuple[str, ...] = ()
    offer: int | None = None
    hours: int = 0
    reason: str | None = None
    why: str = ""
    answer: tuple[Mapping[str, Any], ...] = ()
    answered_ms: int | None = None

    def changed(self, **changes: Any) -> "Entry":
        """As it is now: open as long as its state is."""
        now = replace(self, **changes)
        return replace(now, is_open=now.state in OPEN)

    def bare(self) -> "Entry":
        """Without its tokens: each could be worth an hour to whoever reads it here."""
        return replace(self, notes=self.serials)

    def meets(self, serials: Iterable[str]) -> bool:
        """Whether it is about one of these notes."""
        return not set(self.serials).isdisjoint(serials)

    @property
    def is_asking(self) -> bool:
        """Whether somebody asks about it, or did when he was stopped."""
        return self.deed is Deed.REDEEM and self.state is State.ASKING


@dataclass(slots=True)
class Claims:
    """What the journal says of notes beyond a snapshot: spent here or about to be, and given back here. `in_line`: of those spent,
    the ones that the service has not confirmed, with when they were scanned (RFC 3339)."""

    spent: set[str] = field(default_factory=set)
    in_line: dict[str, str] = field(default_factory=dict)
    returned: set[str] = field(default_factory=set)
    waiting_visits: int = 0
    waiting_notes: int = 0


def claims(entries: Iterable[Entry], but: str | None = None) -> Claims:
    """What `entries` (in order: those open, and those answered since the snapshot) come to; the visit `but` does not count."""
    found = Claims()
    for entry in entries:
        if entry.id != but:
            (_spend if entry.deed is Deed.REDEEM else _give_back)(found, entry)
    return found


def _spend(found: Claims, entry: Entry) -> None:
    if entry.state not in _SPENDS:
        return
    found.spent |= set(entry.serials)
    found.returned -= set(entry.serials)
    for serial in entry.serials:
        if entry.state is State.ACCEPTED:
            found.in_line.pop(serial, None)
        else:
            found.in_line[serial] = entry.scanned_at
    if entry.state is State.WAITING and not entry.is_returned:
        found.waiting_visits += 1
        found.waiting_notes += len(entry.serials)


def _give_back(found: Claims, entry: Entry) -> None:
    if entry.state is not State.REFUSED:
        found.spent -= set(entry.serials)
        found.returned |= set(entry.serials)


def serials_of(texts: Sequence[str]) -> tuple[str, ...]:
    """The canonical serials of those texts that can be read as a note's token or serial."""
    read = map(tokens.read, texts)
    return tuple(str(note.serial if isinstance(note, Token) else note) for note in read if note is not None)
