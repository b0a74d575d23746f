"""The answers of `/api/v1`, as types: the OpenAPI document is made from these, and the tests hold every answer to it."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from app.core.verdict import Verdict
from app.core.visit import Outcome, Reason

Serial = Annotated[str, Meta(pattern="^[A-Z]{3}[0-9]{9}[0-9A-Z]$")]
Moment = Annotated[datetime, Meta(tz=True)]
Id = Annotated[str, Meta(extra_json_schema={"format": "uuid"})]


class NoteAnswer(Struct):
    """The verdict on one note; `first_venue` is null unless it was spent at this venue."""

    serial: Serial | None
    verdict: Verdict
    message: str
    first_redeemed_at: Moment | None
    first_venue: str | None


class VisitAnswer(Struct):
    """What a visit came to. A refused note is an answer, not an error."""

    id: Id
    outcome: Outcome
    reason: Reason | None
    hours: int
    notes: list[NoteAnswer]


class VisitStanding(VisitAnswer):
    """What a visit came to, and since when its notes are given back, if they are."""

    reversed_at: Moment | None


class GivingBackAnswer(Struct):
    """Whether the notes of a redemption were given back, and why not."""

    id: Id
    outcome: Literal["reversed", "refused"]
    reason: str | None


class QuestionAnswer(Struct):
    """The verdict on each note, `good` for one that could be spent."""

    notes: list[NoteAnswer]


class EntryProblem(Struct):
    """What is wrong with an entry, as its own call would have been told."""

    status: int
    title: str
    detail: str


class EntryAnswer(Struct):
    """The answer to one entry of a journal: of a visit or a reversal (`late`: it came well after it was scanned, or after the
    notes were given back), else its problem; `type` and `id` as far as the entry has them."""

    type: str | None
    id: str | None
    outcome: Literal["accepted", "refused", "reversed"] | UnsetType = UNSET
    reason: str | UnsetType | None = UNSET
    hours: int | UnsetType = UNSET
    notes: list[NoteAnswer] | UnsetType = UNSET
    late: bool | UnsetType = UNSET
    problem: EntryProblem | UnsetType = UNSET


class JournalAnswer(Struct):
    """An answer for each entry, in their order."""

    answers: list[EntryAnswer]


class SpanAnswer(Struct):
    """The first and the last serial of a span."""

    first: Serial
    last: Serial


class KeyAnswer(Struct):
    """The public key (base64) of the order whose notes these are, and their last day."""

    first: Serial
    last: Serial
    public_key: str
    expires_on: date | None


class Snapshot(Struct):
    """What a desk must know without the network. `blocked`: held or void, and `held` again which of them are held;
    `redeemed`: for each series base64 of a bitmap from its first number."""

    cursor: str
    keyring: list[KeyAnswer]
    issued: list[SpanAnswer]
    blocked: list[SpanAnswer]
    held: list[SpanAnswer]
    redeemed: dict[str, str]


class SnapshotChanges(Struct):
    """What changed since a cursor; the spans and keys are given whole where they are given."""

    cursor: str
    redeemed: list[Serial]
    given_back: list[Serial]
    keyring: list[KeyAnswer] | UnsetType = UNSET
    issued: list[SpanAnswer] | UnsetType = UNSET
    blocked: list[SpanAnswer] | UnsetType = UNSET
    held: list[SpanAnswer] | UnsetType = UNSET


class VenueAnswer(Struct):
    """The venue of a desk; `programme` is the code of its programme, three letters."""

    id: int
    name: str
    kind: Literal["community", "corporate"]
    programme: str


class OfferAnswer(Struct, kw_only=True):
    """An activity at the venue, with its price, and its days, times (on the clock of the venue) and limits, null where
    there are none."""

    id: int
    name: str
    hours: int
    days: list[str] | None
    begins: str | None = field(name="from")
    until: str | None
    most_notes: int | None
    local_only: bool


class Policy(Struct):
    """What the desk may do: notes and hours without the network, typed serials; how long an answer stands on its screen."""

    offline_notes: int
    offline_hours: int
    keyed: bool
    clear_seconds: int


class DeskAnswer(Struct):
    """The desk that asks, its venue, what is offered there, and what the desk may do."""

    desk: str
    scope: Literal["redeem", "check"]
    venue: VenueAnswer
    offers: list[OfferAnswer]
    policy: Policy


class EnrollingAnswer(Struct):
    """The desk, its venue, and its key, which is told once."""

    desk: str
    venue: str
    key: str


class MovementOfNote(Struct):
    """A movement of a span that the note lies in."""

    movement: int
    kind: str
    first: Serial
    last: Serial
    organisation: str | None
    reason: str | None
    note: str | None
    actor: str
    at: Moment


class RedemptionOfNote(Struct):
    """A visit that spent the note."""

    redemption: Id
    venue: str | None
    at: Moment
    reversed_at: Moment | None


class ScanOfNote(Struct):
    """The note as a desk saw it."""

    at: Moment
    verdict: Verdict
    desk: str
    venue: str
    keyed: bool
    practice: bool
    redemption: Id | None


class NoteLife(Struct):
    """The life of a note, each list the oldest first."""

    serial: Serial
    state: str
    holder: str | None
    reason: str | None
    movements: list[MovementOfNote]
    redemptions: list[RedemptionOfNote]
    scans: list[ScanOfNote]


class Health(Struct):
    """That the service is alive, or ready; then, whether redemption is open, or closed after a restore."""

    status: Literal["alive", "ready"]
    redemption: Literal["open", "closed"] | UnsetType = UNSET


class Problem(Struct):
    """What is wrong with a request, or here (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    reason: Literal["closed"] | UnsetType = UNSET
