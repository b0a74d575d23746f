"""The bodies that `/api/v1` takes, as types: they are read, and the OpenAPI document is made, from these alone."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Raw, Struct

from app.core.visit import MOST_NOTES
from app.services.desks import LONGEST_NAME
from app.services.journal import MOST_ENTRIES
from app.services.reversing import LONGEST_REASON

LONGEST_NOTE_TEXT = 2000
LONGEST_CODE = 500
_LARGEST_ID = 2**31 - 1
_UUID = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"

NoteText = Annotated[str, Meta(max_length=LONGEST_NOTE_TEXT)]
"""Judged, never kept."""

Notes = Annotated[
    list[NoteText],
    Meta(min_length=1, max_length=MOST_NOTES, extra_json_schema={"uniqueItems": True}),
]
Moment = Annotated[datetime, Meta(tz=True)]
OfferId = Annotated[int, Meta(gt=0, le=_LARGEST_ID)]
RedemptionId = Annotated[str, Meta(pattern=_UUID, extra_json_schema={"format": "uuid"})]
Line = Annotated[str, Meta(min_length=1, max_length=LONGEST_REASON)]
"""That it can be printed and stands on one line is for the services to say."""

Code = Annotated[str, Meta(max_length=LONGEST_CODE)]
Name = Annotated[str, Meta(max_length=LONGEST_NAME)]


_ENTRIES = {
    "anyOf": [{"$ref": "#/components/schemas/RedeemEntry"}, {"$ref": "#/components/schemas/ReverseEntry"}, {}],
    "description": "What a desk accepted or gave back; anything else is answered with its problem.",
}


class Visit(Struct, kw_only=True):
    """The notes of one visit, to be spent all or none."""

    notes: Notes
    offer: OfferId | None = None
    scanned_at: Moment | None = None
    offline: bool = False
    practice: bool = False


class GivingBack(Struct, kw_only=True):
    """Why the notes of a redemption are given back, and when they were on the desk's clock."""

    reason: Line
    at: Moment | None = None


class Question(Struct, kw_only=True):
    """Notes to be judged without spending."""

    notes: Notes


class Enrolling(Struct, kw_only=True):
    """The code of an enrolment link, and another name for the desk."""

    code: Code
    name: Name | None = None


class RedeemEntry(Visit, kw_only=True, tag_field="type", tag="redeem"):
    """A visit in the journal of a desk that was offline."""

    id: RedemptionId


class ReverseEntry(GivingBack, kw_only=True, tag_field="type", tag="reverse"):
    """A reversal in the journal of a desk that was offline."""

    id: RedemptionId


Entry = RedeemEntry | ReverseEntry


class Journal(Struct, kw_only=True):
    """What a desk did while it was offline, in its order.

    Each entry is read by itself: one that is wrong gets its problem as its answer, and does not stop those after it.
    """

    entries: Annotated[list[Raw], Meta(max_length=MOST_ENTRIES, extra_json_schema={"items": _ENTRIES})]


MUST_BE: dict[str, str] = {
    "notes": f"a list of 1 to {MOST_NOTES} tokens or serials, each of at most {LONGEST_NOTE_TEXT} characters",
    "offer": "a whole number above zero, or null",
    "scanned_at": "a time with its zone, like 2026-03-01T10:00:00Z, or null",
    "offline": "true or false",
    "practice": "true or false",
    "reason": f"text of 1 to {LONGEST_REASON} letters on one line",
    "at": "a time with its zone, like 2026-03-01T10:00:00Z, or null",
    "code": f"the code of an enrolment link, of at most {LONGEST_CODE} characters",
    "name": f"text of at most {LONGEST_NAME} letters, or null",
    "entries": f"a list of at most {MOST_ENTRIES} entries, each with its type",
    "type": "redeem or reverse",
    "id": "a UUID, written with its hyphens",
}
"""What each field must be, as people are told it."""

LARGER_BODIES_BYTES: dict[type[Any], int] = {Journal: 4 * 1024 * 1024}
"""The bodies that may be larger than the application's limit."""
