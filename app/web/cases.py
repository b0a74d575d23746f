"""Cases: refused attempts for staff to look at, notes that two venues took while apart, and what somebody came to about them."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import BadInput, HournoteError, NotFound
from app.core.roles import Deed
from app.services import cases as lookouts
from app.services import resolving, rights
from app.services.resolving import Conflict
from app.web.forms import field
from app.web.site import books, now, staff
from app.web.stopping import problem

cases = Blueprint("cases", __name__)

SHOWN = 100
SETTLED_SHOWN = 30

Answer = Response | str | tuple[str, int]


@cases.get("/office/cases")
def every() -> str:
    """What waits for somebody to look at it, and what people came to."""
    account = staff(Deed.LOOK_UP)
    return render_template(
        "office/cases.html",
        conflicts=resolving.offline_conflicts(books(), programme_id=rights.programme_of(account, Deed.LOOK_UP)),
        waiting=lookouts.waiting(books(), account=account, most=SHOWN),
        settled=lookouts.settled(books(), account=account, most=SETTLED_SHOWN),
        shown=SHOWN,
    )


@cases.get("/office/cases/<int:scan_id>")
def one(scan_id: int) -> str:
    """Everything that is known of a case."""
    return _page(scan_id)


@cases.post("/office/cases/<int:scan_id>")
def settle(scan_id: int) -> Answer:
    """Come to something about it; what comes after is a new case."""
    account = staff(Deed.SETTLE)
    try:
        reason = _reason(lookouts.REASONS)
        lookouts.settle(books(), account=account, scan_id=scan_id, reason=reason, note=field("note"), now=now())
    except NotFound:
        raise
    except HournoteError as error:
        return _page(scan_id, problem(error)), error.http_status
    flash(_("The case is settled. Another attempt with this note would be a new one."))
    return redirect(url_for("cases.every"), 303)


@cases.get("/office/conflicts/<uuid:redemption_id>")
def conflict(redemption_id: UUID) -> str:
    """A visit that a desk accepted while it was offline, with notes that were spent elsewhere before."""
    return _conflict_page(redemption_id)


@cases.post("/office/conflicts/<uuid:redemption_id>")
def resolve(redemption_id: UUID) -> Answer:
    """Come to something about it; the audit finds it no more, and no note lives again."""
    account = staff(Deed.SETTLE)
    try:
        resolving.resolve_conflict(
            books(), redemption_id=redemption_id, reason=_reason(resolving.REASONS), note=field("note"),
            actor=account.email, now=now(), programme_id=rights.programme_of(account, Deed.SETTLE),
        )  # fmt: skip
    except NotFound:
        raise
    except HournoteError as error:
        return _conflict_page(redemption_id, problem(error)), error.http_status
    flash(_("The conflict is resolved."))
    return redirect(url_for("cases.every"), 303)


def _reason(known: tuple[str, ...]) -> str:
    if field("reason") not in known:
        raise BadInput(str(_("Choose a reason.")))
    return field("reason")


def _page(scan_id: int, told: str | None = None) -> str:
    account = staff(Deed.LOOK_UP)
    return render_template(
        "office/case.html", case=lookouts.case_of(books(), account=account, scan_id=scan_id), problem=told,
        may_settle=rights.may(account, Deed.SETTLE), reasons=lookouts.REASONS, reason=field("reason"), note=field("note"),
    )  # fmt: skip


def _conflict_page(redemption_id: UUID, told: str | None = None) -> str:
    account = staff(Deed.LOOK_UP)
    return render_template(
        "office/conflict.html", conflict=_conflict(redemption_id, rights.programme_of(account, Deed.LOOK_UP)), problem=told,
        may_settle=rights.may(account, Deed.SETTLE), reasons=resolving.REASONS, reason=field("reason"), note=field("note"),
    )  # fmt: skip


def _conflict(redemption_id: UUID, programme: int | None) -> Conflict:
    found = resolving.offline_conflicts(books(), resolved_too=True, programme_id=programme)
    for each in found:
        if each.redemption_id == redemption_id:
            return each
    raise NotFound("There is nothing at this address.")
