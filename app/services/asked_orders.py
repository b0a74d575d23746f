"""Asked orders: how each order stands that was asked for in the browser, from the asking to its place in the books."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.core.errors import NotFound
from app.core.roles import Deed
from app.core.span import Span
from app.services import asking, rights
from app.services.asking import Request
from app.store import custody, making, requests
from app.store.access import Account
from app.store.database import Store


class Step(StrEnum):
    """How far an order is."""

    WAITS = "waits"
    NOT_DONE = "not done"
    QUEUED = "queued"
    SIGNING = "signing"
    GIVEN_UP = "given up"
    MADE = "made"


@dataclass(frozen=True, slots=True)
class Standing:
    """An order that was asked for: `signed` notes of it while it is made, `order` and `span` once it is, `reason` and `problem`
    where the press gave it up."""

    request: Request
    step: Step
    signed: int = 0
    order: str | None = None
    span: Span | None = None
    reason: str | None = None
    problem: str | None = None

    @property
    def wanted(self) -> Mapping[str, Any]:
        """What was asked for."""
        return self.request.arguments

    @property
    def is_coming(self) -> bool:
        """Whether it will be otherwise in a moment."""
        return self.step in (Step.QUEUED, Step.SIGNING)


def standing(store: Store, *, account: Account, request_id: UUID, now: datetime) -> Standing:
    """How one stands that the account may see. Raises NotFound."""
    found = asking.request_of(store, account=account, request_id=request_id)
    if found.deed != Deed.ORDER:
        raise NotFound(asking.NO_REQUEST)
    return store.read(lambda connection: _standing(connection, found, now))


def newest(store: Store, *, account: Account, now: datetime, most: int) -> list[Standing]:
    """How those stand that were asked for in the account's reach, the newest first. Raises NotAllowed."""
    programme = rights.programme_of(account, Deed.SEE_REQUESTS)

    def work(connection: Connection) -> list[Standing]:
        found = (requests.by_id(connection, each) for each in making.newest(connection, programme, most))
        return [_standing(connection, each, now) for each in found if each is not None]

    return store.read(work)


def _standing(connection: Connection, found: Request, now: datetime) -> Standing:
    if found.kind is None:
        is_open = found.until is not None and found.until > now
        return Standing(found, Step.WAITS if is_open else Step.NOT_DONE)
    if found.kind not in ("alone", "confirmed"):
        return Standing(found, Step.NOT_DONE)
    made = custody.movement_by_request(connection, found.id)
    if made is not None:
        return Standing(found, Step.MADE, len(made.movement.span), made.note, made.movement.span)
    told = making.of(connection, found.id)
    if told is None:
        return Standing(found, Step.QUEUED)
    if told.problem is not None:
        return Standing(found, Step.GIVEN_UP, reason=told.reason, problem=told.problem)
    return Standing(found, Step.SIGNING, told.signed)
