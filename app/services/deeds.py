"""Deeds that staff ask for in the browser: what each means when it is asked for, and how it is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.core import ledger, reference
from app.core import serial as serials
from app.core import span as spans
from app.core.errors import IllegalMovement, NotAllowed, NotFound, NotOrdered, Refused
from app.core.lifecycle import Kind
from app.core.plain import plain
from app.core.reference import Reference, Several
from app.core.roles import Deed, Role, Scope
from app.core.serial import Serial
from app.core.span import Span
from app.services import accounts, custody, directory, naming, replacing, rights, second_factor
from app.services.naming import Named
from app.services.ordering import OrderRequest
from app.store import access, parties
from app.store.access import Account
from app.store.database import lock_series

MOVES = {Deed.HOLD: Kind.HOLD, Deed.RELEASE: Kind.RELEASE, Deed.VOID: Kind.VOID, Deed.REINSTATE: Kind.REINSTATE}
VOIDS = (Deed.VOID, Deed.REPLACE)
"""What makes notes void, and counts together against what one person may do alone."""

NOT_YOURS = "These notes are not yours to move: ask whoever has them, or the office of their programme."


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody wants: which programme and how many notes it concerns, and everything needed to do it later, as JSON."""

    deed: Deed
    arguments: Mapping[str, Any] = field(default_factory=dict)
    programme_id: int | None = None
    notes: int = 0


@dataclass(frozen=True, slots=True)
class Doing:
    """A deed about to be done: why, by whom, and under which id."""

    request_id: UUID
    reason: str | None
    note: str | None
    actor: str
    now: datetime


def plan_move(connection: Connection, account: Account, deed: Deed, wanted: Reference | Several) -> Plan:
    """To hold, release, void or reinstate notes: the very notes that are meant now, whatever a label means later.

    Raises NotAllowed for notes out of the account's reach whether they exist or not, NotOrdered, IllegalMovement.
    """
    scope = rights.require(account, deed)
    check_reach(connection, account, deed, wanted)
    try:
        series = naming.series_of(connection, wanted)
        lock_series(connection, [series.id], shared=False)
        meant = naming.resolve(connection, wanted)
    except (NotOrdered, IllegalMovement, NotFound) as error:
        if (
            scope is Scope.ORGANISATION
        ):  # which of others' notes there are, and how they stand, is not a keeper's to learn
            raise NotAllowed(NOT_YOURS) from error
        raise
    if scope is Scope.ORGANISATION:
        _check_holder(connection, account, meant)
    told = {
        "asked": str(wanted),
        "notes": [str(span) for span in meant.spans],
        "passed_over": [str(span) for span in meant.passed_over],
    }
    return Plan(deed, told, series.programme_id, sum(map(len, meant.spans)))


def plan_replace(connection: Connection, account: Account, torn: Serial, other: Serial, now: datetime) -> Plan:
    """To put a note in the place of a torn one. Raises NotAllowed, NotOrdered, Refused."""
    check_reach(connection, account, Deed.REPLACE, Span(torn.series, torn.number, torn.number))
    swap = replacing.check(connection, torn, other, now)
    told = {"asked": str(torn), "other": str(other), "notes": [str(Span(torn.series, torn.number, torn.number))]}
    return Plan(Deed.REPLACE, told, swap.programme_id, 1)


def plan_order(connection: Connection, account: Account, wanted: OrderRequest) -> Plan:
    """To have notes printed. Raises NotAllowed, NotFound."""
    rights.require(account, Deed.ORDER)
    programme = directory.find_programme(connection, serials.programme_of(serials.parse_series(wanted.series)))
    return Plan(Deed.ORDER, told_of(wanted), programme.id, wanted.quantity)


def told_of(wanted: OrderRequest) -> dict[str, Any]:
    """An order as JSON."""
    return {name: getattr(wanted, name) for name in OrderRequest.__slots__}


def plan_reset(connection: Connection, account: Account, account_id: int) -> Plan:
    """To take somebody's second factor away. Raises NotAllowed, NotFound, Refused for one's own and where there is none."""
    rights.require(account, Deed.RESET_SECOND_FACTOR)
    other = access.account_by_id(connection, account_id)
    if other is None:
        raise NotFound("There is no such account.")
    if other.id == account.id:
        raise Refused("Your own second factor you take away yourself, with a code of it.")
    return Plan(Deed.RESET_SECOND_FACTOR, {"account": other.id, "email": other.email})


def plan_invitation(connection: Connection, account: Account, email: str) -> Plan:
    """To let somebody into the national office. Raises NotAllowed, BadInput, Refused where there is such an account."""
    rights.require(account, Deed.INVITE)
    if not rights.may_keep(account, role=Role.NATIONAL, programme_id=None):
        raise NotAllowed(rights.NOT_YOURS)
    return Plan(Deed.INVITE, {"email": accounts.check_email(email), "role": Role.NATIONAL.value})


def carry_out(connection: Connection, plan: Plan, doing: Doing) -> dict[str, Any] | None:
    """Do it; gives its answer as JSON. An order is made by the press, which finds it by itself. Raises as its verb does."""
    if plan.deed in MOVES:
        return _move(connection, plan, doing)
    if plan.deed is Deed.REPLACE:
        named = [serials.parse(plan.arguments[each]) for each in ("asked", "other")]
        swap = replacing.check(connection, named[0], named[1], doing.now)
        return replacing.carry_out(
            connection, swap, note=doing.note, actor=doing.actor, now=doing.now, request_id=doing.request_id
        )
    if plan.deed is Deed.RESET_SECOND_FACTOR:
        other = access.account_by_id(connection, plan.arguments["account"])
        return {"was_set": other is not None and second_factor.reset(connection, other, doing.actor, doing.now)}
    if plan.deed is Deed.INVITE:
        email = plan.arguments["email"]
        return {"account": accounts.enter_national(connection, email=email, actor=doing.actor, now=doing.now).id}
    return None


def check_reach(connection: Connection, account: Account, deed: Deed, wanted: Reference | Several) -> None:
    """Refuse notes of other programmes by their series alone, so that the refusal does not tell whether there are any."""
    if rights.require(account, deed) is Scope.NETWORK:
        return
    code = serials.programme_of(reference.series_of(wanted))
    mine = {each.id: each.code for each in parties.programmes(connection)}.get(account.programme_id or 0)
    if code != mine:
        raise NotAllowed(NOT_YOURS)


def limit_of(connection: Connection, plan: Plan) -> int | None:
    """Notes that one person may do this with alone in 24 hours; 0: none, None: any number."""
    if plan.deed in (Deed.REINSTATE, Deed.RESET_SECOND_FACTOR, Deed.INVITE):
        return 0
    if plan.deed not in (*VOIDS, Deed.ORDER) or plan.programme_id is None:
        return None
    limits = parties.limits(connection, plan.programme_id)
    return limits.void_alone if plan.deed in VOIDS else limits.order_alone


def _check_holder(connection: Connection, account: Account, meant: Named) -> None:
    """A keeper moves what its own organisation has, all of it."""
    for span in meant.spans:
        held = naming.held(connection, meant.series, span)
        if ledger.gaps(held, span) or any(piece.standing.holder != account.organisation_id for piece in held):
            raise NotAllowed(NOT_YOURS)


def _move(connection: Connection, plan: Plan, doing: Doing) -> dict[str, Any]:
    named = [spans.parse(text) for text in plan.arguments["notes"]]
    over = [spans.parse(text) for text in plan.arguments["passed_over"]]
    series = directory.find_series(connection, named[0].series)
    moved = custody.move_stretches(
        connection, MOVES[plan.deed], Named(series, tuple(named), tuple(over)), reason=doing.reason, note=doing.note,
        actor=doing.actor, now=doing.now, request_id=doing.request_id,
    )  # fmt: skip
    return {**plain(moved), "span": str(moved.span), "passed_over": plan.arguments["passed_over"]}


def read(text: str) -> Reference | Several:
    """What a person typed or scanned to name notes, several spans of one series too. Raises BadSpan."""
    return reference.parse_together(text)
