"""Asking: a deed in the browser is asked for, and done at once or when a second person confirms it.

Whoever asks and whoever confirms are two accounts, each signed in with a second factor. The request, its answer and the deed
are facts of one transaction, under the id of the request: a repeat gets the first answer, and of two who confirm at once one is
told that it is done.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.core.errors import Conflict, NotAllowed, NotFound, Refused
from app.core.roles import Deed
from app.services import accounts, deeds, replacing, rights, wording
from app.services.deeds import Doing, Plan
from app.services.ordering import OrderRequest
from app.services.sessions import Present
from app.store import access, requests
from app.store.access import Account, Event
from app.store.database import Store
from app.store.requests import Request

__all__ = ["Request"]

COUNTED_OVER = timedelta(hours=24)
OPEN_FOR = timedelta(days=3)
"""Over a weekend, and no longer: what nobody confirmed by then is asked for again by somebody who looked again."""

SETTLED_AFTER = timedelta(hours=24)
"""Whoever makes accounts could be both people: an account takes part so long after somebody else let it be entered, and the
others have seen it by then."""

LONGEST_NOTE = 200
"""Letters: the books add who confirmed."""

NEEDS_FACTOR = "This takes two people, each with a second factor: set yours up first, on your account's page."
NO_REQUEST = "There is no such request."


def ask_to_move(
    store: Store, *, by: Present, deed: Deed, named: str, reason: str, note: str | None, request_id: UUID, now: datetime
) -> Request:
    """Hold, release, void or reinstate the notes that `named` names, at once or when another confirms.

    Raises BadInput, NotAllowed, NotOrdered, IllegalMovement, Conflict.
    """
    wanted = deeds.read(named)
    return _ask(
        store,
        by,
        request_id,
        now,
        deed,
        {"asked": str(wanted)},
        lambda connection: deeds.plan_move(connection, by.account, deed, wanted),
        reason,
        note,
    )


def ask_to_replace(
    store: Store, *, by: Present, torn: str, other: str, note: str | None, request_id: UUID, now: datetime
) -> Request:
    """Make a torn note void and issue another in its place, at once or when another confirms: it counts as a void.

    Raises BadInput, NotAllowed, NotOrdered, Refused, Conflict.
    """
    old, new = replacing.one_note(torn), replacing.one_note(other)
    return _ask(
        store, by, request_id, now, Deed.REPLACE, {"asked": str(old), "other": str(new)},
        lambda connection: deeds.plan_replace(connection, by.account, old, new, now), replacing.REASON, note,
    )  # fmt: skip


def ask_to_order(
    store: Store, *, by: Present, wanted: OrderRequest, note: str | None, request_id: UUID, now: datetime
) -> Request:
    """Have notes made by the press, at once or when another confirms. Raises NotAllowed, NotFound, Conflict."""
    return _ask(
        store,
        by,
        request_id,
        now,
        Deed.ORDER,
        deeds.told_of(wanted),
        lambda connection: deeds.plan_order(connection, by.account, wanted),
        None,
        note,
    )


def takes_two(store: Store, *, account: Account, wanted: OrderRequest, now: datetime) -> bool:
    """Whether such an order would wait for a second person now. Raises NotAllowed, NotFound."""

    def work(connection: Connection) -> bool:
        return _needs_second(connection, account, deeds.plan_order(connection, account, wanted), now)

    return store.read(work)


def ask_to_reset(
    store: Store, *, by: Present, account_id: int, reason: str, request_id: UUID, now: datetime
) -> Request:  # fmt: skip
    """Take somebody's second factor away when another confirms. Raises NotAllowed, NotFound, Refused, Conflict."""
    return _ask(
        store,
        by,
        request_id,
        now,
        Deed.RESET_SECOND_FACTOR,
        {"account": account_id},
        lambda connection: deeds.plan_reset(connection, by.account, account_id),
        reason,
        None,
    )


def ask_to_invite(store: Store, *, by: Present, email: str, request_id: UUID, now: datetime) -> Request:
    """Let somebody into the national office when another of it confirms. Raises NotAllowed, BadInput, Refused, Conflict."""
    asked = {"email": accounts.check_email(email)}
    return _ask(
        store, by, request_id, now, Deed.INVITE, asked,
        lambda connection: deeds.plan_invitation(connection, by.account, email), None, None,
    )  # fmt: skip


def confirm(store: Store, *, by: Present, request_id: UUID, now: datetime) -> Request:
    """Do what another asked for. Again by the same person gives the same.

    Raises NotFound, NotAllowed for one's own and without a second factor, Refused when it was answered or is too old, and what
    the deed raises: then it goes on waiting.
    """

    def work(connection: Connection) -> Request:
        requests.take_turn(connection)
        found = _seen(connection, by.account, request_id)
        if found.kind == "confirmed" and found.answered_by_id == by.account.id:
            return found
        _check_waiting(found, now)
        _check_second(connection, by, found)
        _check_settled(connection, [by.account.id, found.account_id], now)
        doing = Doing(found.id, found.reason, wording.confirmed(found.note, by.account.email), found.asked_by, now)
        result = deeds.carry_out(connection, _plan_of(found), doing)
        requests.add_answer(connection, found.id, kind="confirmed", account_id=by.account.id, result=result, at=now)
        return _existing(connection, request_id)

    return store.write(work)


def decline(store: Store, *, by: Present, request_id: UUID, now: datetime) -> Request:
    """Let a request not be done: by whoever may confirm it, or by whoever asked. Raises NotFound, NotAllowed, Refused."""

    def work(connection: Connection) -> Request:
        requests.take_turn(connection)
        found = _seen(connection, by.account, request_id)
        if found.kind in ("declined", "withdrawn") and found.answered_by_id == by.account.id:
            return found
        _check_waiting(found, now)
        is_mine = found.account_id == by.account.id
        if not is_mine and not _reaches(by.account, found):
            raise NotAllowed(rights.NOT_YOURS)
        kind = "withdrawn" if is_mine else "declined"
        requests.add_answer(connection, found.id, kind=kind, account_id=by.account.id, result=None, at=now)
        return _existing(connection, request_id)

    return store.write(work)


def request_of(store: Store, *, account: Account, request_id: UUID) -> Request:
    """A request that the account may see: its own, and those in its reach. Raises NotFound for any other."""
    return store.read(lambda connection: _seen(connection, account, request_id))


def waiting(store: Store, *, account: Account, now: datetime) -> list[Request]:
    """What waits for a second person in the account's reach, the oldest first. Raises NotAllowed."""
    programme = rights.programme_of(account, Deed.SEE_REQUESTS)
    return store.read(lambda connection: requests.waiting(connection, now, programme))


def answered(store: Store, *, account: Account, now: datetime, most: int) -> list[Request]:
    """What was done, declined or not confirmed in time, the newest first. Raises NotAllowed."""
    programme = rights.programme_of(account, Deed.SEE_REQUESTS)
    return store.read(lambda connection: requests.newest(connection, now, programme, most))


def made(store: Store, account_id: int) -> Event | None:
    """By whom and when an account was made; None for one from before that was kept."""
    events = store.read(lambda connection: access.events(connection, account_id))
    return next((each for each in events if each.kind in ("invited", "added")), None)


def may_confirm(present: Present, request: Request, now: datetime) -> bool:
    """Whether this person may confirm it, were they to have a second factor."""
    is_open = request.kind is None and request.until is not None and request.until > now
    return is_open and request.account_id != present.account.id and _reaches(present.account, request)


def _ask(
    store: Store, by: Present, request_id: UUID, now: datetime, deed: Deed, asked: Mapping[str, Any],
    planned: Callable[[Connection], Plan], reason: str | None, note: str | None,
) -> Request:  # fmt: skip
    why = wording.one_line(reason, "reason", wording.LONGEST_REASON) if reason is not None else None
    remark = wording.note(note, LONGEST_NOTE)

    def work(connection: Connection) -> Request:
        requests.take_turn(connection)
        before = requests.by_id(connection, request_id)
        if before is not None:
            _check_same(before, by.account, deed, asked, why, remark)
            return before
        plan = planned(connection)
        doing = Doing(request_id, why, remark, by.account.email, now)
        if _needs_second(connection, by.account, plan, now):
            _wait(connection, by, plan, doing)
        else:
            _enter(connection, by.account, plan, doing, until=None)
            result = deeds.carry_out(connection, plan, doing)
            requests.add_answer(
                connection, request_id, kind="alone", account_id=by.account.id, result=result, at=now
            )  # fmt: skip
        return _existing(connection, request_id)

    return store.write(work)


def _check_same(
    before: Request, account: Account, deed: Deed, asked: Mapping[str, Any], why: str | None, remark: str | None
) -> None:  # fmt: skip
    """A repeat asks for the very same; what a browser kept from before and somebody changed does not pass for it."""
    is_mine = before.account_id == account.id and (before.deed, before.reason, before.note) == (deed, why, remark)
    if not is_mine or any(before.arguments.get(name) != value for name, value in asked.items()):
        raise Conflict("This was sent before, and asked for something else: look at the form and send it again.")


def _needs_second(connection: Connection, account: Account, plan: Plan, now: datetime) -> bool:
    """Above what one person may do alone: what they did in 24 hours counts with it, and what anybody did in the programme."""
    limit = deeds.limit_of(connection, plan)
    if limit is None:
        return False
    together = deeds.VOIDS if plan.deed in deeds.VOIDS else (plan.deed,)
    done = requests.done_alone(
        connection, together, now - COUNTED_OVER, account_id=account.id, programme_id=plan.programme_id
    )
    return limit == 0 or max(done) + plan.notes > limit


def _wait(connection: Connection, by: Present, plan: Plan, doing: Doing) -> None:
    """Enter it to wait, once it is seen that it could be done now."""
    if not by.session.second_factor:
        raise NotAllowed(NEEDS_FACTOR)
    trial = connection.begin_nested()
    deeds.carry_out(connection, plan, doing)
    trial.rollback()
    _enter(connection, by.account, plan, doing, until=doing.now + OPEN_FOR)


def _enter(connection: Connection, account: Account, plan: Plan, doing: Doing, *, until: datetime | None) -> None:
    requests.add(
        connection, doing.request_id, deed=plan.deed, arguments=dict(plan.arguments), programme_id=plan.programme_id,
        notes=plan.notes, reason=doing.reason, note=doing.note, account_id=account.id, asked_at=doing.now, until=until,
    )  # fmt: skip


def _check_waiting(found: Request, now: datetime) -> None:
    if found.kind is not None:
        raise Refused("Somebody else answered this request first; nothing was changed.")
    if found.until is None or found.until <= now:
        raise Refused("This request is too old: whoever needs it asks again.")


def _check_second(connection: Connection, by: Present, found: Request) -> None:
    """Two people who both may, and both with a second factor."""
    if found.account_id == by.account.id:
        raise NotAllowed("You asked for this yourself: another person confirms it.")
    if not _reaches(by.account, found) or found.arguments.get("account") == by.account.id:
        raise NotAllowed(rights.NOT_YOURS)
    if not by.session.second_factor:
        raise NotAllowed(NEEDS_FACTOR)
    asker = access.account_by_id(connection, found.account_id)
    if asker is None or asker.closed_at is not None or not _reaches(asker, found):
        raise Refused("Whoever asked may not do so any more: ask for it yourself, and have another confirm it.")
    _check_apart(connection, asker, by.account)


def _check_apart(connection: Connection, one: Account, other: Account) -> None:
    """Whoever set an account up and that account are no two people."""
    if accounts.has_hand_in(connection, one, other) or accounts.has_hand_in(connection, other, one):
        raise NotAllowed("One of you made the account of the other, or its link: a third person confirms this.")


def _check_settled(connection: Connection, account_ids: list[int], now: datetime) -> None:
    for account_id in account_ids:
        for event in access.events(connection, account_id):
            if event.kind in (accounts.BY_LINK, "reopened") and now - event.at < SETTLED_AFTER:
                raise Refused(
                    "An account takes part in what needs two people 24 hours after it was reopened or its password set by a link."
                )


def _reaches(account: Account, found: Request) -> bool:
    return rights.reaches(account, Deed(found.deed), programme_id=found.programme_id)


def _seen(connection: Connection, account: Account, request_id: UUID) -> Request:
    """Its own or in its reach; any other is not there."""
    found = _existing(connection, request_id)
    in_reach = rights.reaches(account, Deed.SEE_REQUESTS, programme_id=found.programme_id)
    if found.account_id != account.id and not in_reach:
        raise NotFound(NO_REQUEST)
    return found


def _plan_of(found: Request) -> Plan:
    return Plan(Deed(found.deed), found.arguments, found.programme_id, found.notes)


def _existing(connection: Connection, request_id: UUID) -> Request:
    found = requests.by_id(connection, request_id)
    if found is None:
        raise NotFound(NO_REQUEST)
    return found
