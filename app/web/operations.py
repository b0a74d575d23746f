"""Every call of programs: what it takes, what it answers, what can be wrong, and who may ask. The OpenAPI document is
made from this table and the application's own addresses; an address that is not in it fails a test."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from msgspec import Struct

from app.web import bodies, shapes

JSON, TEXT = "application/json", "text/plain"


class Who(Enum):
    """Who may ask."""

    ANYBODY = "anybody"
    DESK = "desk"
    DESK_OR_STAFF = "desk or staff"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Operation:
    """A call. `answers`: the types of each good status, none for text; `errors`: beside those of every call."""

    who: Who
    answers: Mapping[int, tuple[Any, ...]]
    errors: tuple[int, ...] = ()
    body: type[Struct] | None = None
    query: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    media_type: str = JSON


OF_EVERY_CALL = (406, 414, 431, 500, 503)
OF_A_BODY = (400, 411, 413, 415, 422)
OF_A_DESK = (401, 429)
OF_A_COOKIE = (400, 401, 429)
"""A browser desk is known by its cookie, and a deed of it needs the token of its page: 400 without."""

_DESK_DEED = tuple(sorted({*OF_A_BODY, *OF_A_COOKIE}))

OPERATIONS: dict[str, Operation] = {
    "api.redeem": Operation(
        Who.DESK, {200: (shapes.VisitAnswer,), 201: (shapes.VisitAnswer,)}, (*_DESK_DEED, 403, 409), bodies.Visit
    ),
    "api.redemption": Operation(Who.DESK, {200: (shapes.VisitStanding,)}, (*OF_A_DESK, 404, 422)),
    "api.reverse": Operation(
        Who.DESK_OR_STAFF, {200: (shapes.GivingBackAnswer,)}, (*_DESK_DEED, 403, 404), bodies.GivingBack
    ),
    "api.batch": Operation(Who.DESK, {200: (shapes.JournalAnswer,)}, (*_DESK_DEED, 403), bodies.Journal),
    "api.check": Operation(Who.DESK, {200: (shapes.QuestionAnswer,)}, _DESK_DEED, bodies.Question),
    "api.desk": Operation(Who.DESK, {200: (shapes.DeskAnswer,)}, OF_A_DESK),
    "api.snapshot": Operation(
        Who.DESK,
        {200: (shapes.Snapshot, shapes.SnapshotChanges)},
        (*OF_A_DESK, 410),
        query={"since": {"type": "string"}},
    ),
    "api.note": Operation(Who.STAFF, {200: (shapes.NoteLife,)}, (401, 403, 404, 422, 429)),
    "api.enrol": Operation(Who.ANYBODY, {201: (shapes.EnrollingAnswer,)}, (*OF_A_BODY, 403, 429), bodies.Enrolling),
    "api.openapi": Operation(Who.ANYBODY, {200: (dict[str, Any],)}),
    "health.healthz": Operation(Who.ANYBODY, {200: (shapes.Health,)}),
    "health.readyz": Operation(Who.ANYBODY, {200: (shapes.Health,)}),
    "metrics.show": Operation(Who.ANYBODY, {200: ()}, media_type=TEXT),
}

PATH_PARAMETERS: dict[str, dict[str, Any]] = {
    "redemption_id": {"type": "string", "format": "uuid"},
    "serial": {"type": "string", "examples": ["CWL260012345F"]},
}
