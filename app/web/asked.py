"""What was asked for: what waits for a second person, and what became of everything else."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core import span as spans_of
from app.core.errors import HournoteError, NotFound
from app.core.roles import Deed
from app.services import asking, cases, rights
from app.services.asking import Request
from app.services.deeds import VOIDS
from app.web.site import books, now, present, staff
from app.web.stopping import problem

asked = Blueprint("asked", __name__)

SHOWN = 30
DONE = ("alone", "confirmed")


@asked.get("/office/requests")
def every() -> str:
    """What waits, and what was answered."""
    account = staff(Deed.SEE_REQUESTS)
    return render_template(
        "office/requests.html",
        waiting=asking.waiting(books(), account=account, now=now()),
        answered=asking.answered(books(), account=account, now=now(), most=SHOWN),
        now=now(),
    )


@asked.get("/office/requests/<uuid:request_id>")
def one(request_id: UUID) -> str:
    """One request: what, why, who, and what became of it."""
    return _page(request_id)


@asked.post("/office/requests/<uuid:request_id>/confirm")
def confirm(request_id: UUID) -> Response | tuple[str, int]:
    """Do it, as the second person."""
    return _answer(request_id, asking.confirm)


@asked.post("/office/requests/<uuid:request_id>/decline")
def decline(request_id: UUID) -> Response | tuple[str, int]:
    """Let it not be done."""
    return _answer(request_id, asking.decline)


def _answer(request_id: UUID, deed: Callable[..., Request]) -> Response | tuple[str, int]:
    here = present()
    try:
        made = deed(books(), by=here, request_id=request_id, now=now())
    except NotFound:
        raise
    except HournoteError as error:
        return _page(request_id, problem(error)), error.http_status
    if made.kind in ("declined", "withdrawn"):
        flash(_("It will not be done."))
    return redirect(url_for("asked.one", request_id=request_id), 303)


def _page(request_id: UUID, told: str | None = None) -> str:
    here = present()
    found = asking.request_of(books(), account=here.account, request_id=request_id)
    given: dict[str, Any] = dict(found.result or {})
    sees = found.until is not None and rights.may(here.account, Deed.SEE_ACCOUNTS)
    spans = [spans_of.parse(each) for each in found.arguments.get("notes", [])] if found.kind in DONE else []
    stops = found.deed in (Deed.HOLD, *VOIDS) and rights.may(here.account, Deed.LOOK_UP)
    tried = cases.attempts_since(books(), spans=spans, since=found.answered_at or now(), most=SHOWN) if stops else []
    people = [each for each in (found.account_id, found.answered_by_id) if each is not None] if sees else []
    return render_template(
        "office/request.html", origins={each: asking.made(books(), each) for each in people}, asked=found, result=given, problem=told, now=now(),
        may_confirm=asking.may_confirm(here, found, now()), has_factor=here.session.second_factor,
        attempts=tried, is_mine=found.account_id == here.account.id, may_look=rights.may(here.account, Deed.LOOK_UP),
    )  # fmt: skip
