"""Groups without any device: a log sheet to print, and their counted stack redeemed for them by staff."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import BadInput, Conflict, HournoteError, NotFound
from app.core.roles import Deed
from app.core.visit import Outcome
from app.core.wall_clock import LONDON
from app.services import counted_stacks, places_seen, rights
from app.web import words
from app.web.forms import field, fresh_id, request_id
from app.web.site import books, now, staff

counted = Blueprint("counted", __name__)
counted.record(
    lambda state: state.app.jinja_env.globals.update(may_count=lambda who: rights.may(who, Deed.REDEEM_COUNTED))
)

LONGEST_STACK = 20_000
ROWS = 25


@counted.get("/office/venue/<int:place_id>/log-sheet")
def log_sheet(place_id: int) -> str:
    """A sheet of paper for a group that has no device."""
    account = staff(Deed.SEE_VISITS)
    found = places_seen.venue(books(), place_id)
    if found is None or not rights.reaches(
        account, Deed.SEE_VISITS, programme_id=found.programme_id, venue_id=place_id
    ):
        raise NotFound("There is nothing at this address.")
    return render_template("office/log_sheet.html", venue=found, rows=ROWS)


@counted.get("/office/venue/<int:place_id>/counted")
def form(place_id: int) -> str:
    """The stack, its offer, and when the group met."""
    return _form(place_id)


@counted.post("/office/venue/<int:place_id>/counted")
def redeem(place_id: int) -> Response | tuple[str, int]:
    """Redeem it, all or none; once, however often it is sent."""
    account = staff(Deed.REDEEM_COUNTED)
    try:
        answer = counted_stacks.redeem(
            books(), by=account, venue_id=place_id, offer_id=_offer(), counted=field("counted", LONGEST_STACK),
            seen_at=_moment(field("met")), now=now(), redemption_id=request_id(),
        )  # fmt: skip
    except NotFound:
        raise
    except HournoteError as error:
        return _form(place_id, error=error), error.http_status
    if answer["outcome"] == Outcome.REFUSED:
        return _form(place_id, refused=answer), 409
    return redirect(url_for("counted.done", place_id=place_id, deed=answer["id"]), 303)


@counted.get("/office/venue/<int:place_id>/counted/<uuid:deed>")
def done(place_id: int, deed: UUID) -> str:
    """What was redeemed."""
    account = staff(Deed.REDEEM_COUNTED)
    venue, _offers = counted_stacks.venue(books(), by=account, venue_id=place_id)
    stack = counted_stacks.redeemed(books(), by=account, venue_id=place_id, redemption_id=deed)
    return render_template("office/counted_done.html", venue=venue, stack=stack)


def _offer() -> int | None:
    text = field("offer")
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput(str(_("Choose an offer of this venue.")))
    return int(text) if text else None


def _moment(text: str) -> datetime:
    """When the group met, by the clock on the wall. Raises BadInput."""
    try:
        return datetime.strptime(text.strip().replace("T", " "), "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)
    except ValueError as error:
        raise BadInput(str(_("Write the day and the time like 2026-11-26 19:30."))) from error


def _form(place_id: int, error: HournoteError | None = None, refused: dict[str, Any] | None = None) -> str:
    venue, offers = counted_stacks.venue(books(), by=staff(Deed.REDEEM_COUNTED), venue_id=place_id)
    odd: list[dict[str, Any]] = []
    notes = counted_stacks.told_again(field("counted", LONGEST_STACK))
    if refused is not None:
        judged = list(zip(refused["notes"], notes, strict=True))
        odd = [{"note": text, "verdict": each["verdict"]} for each, text in judged if each["verdict"] != "good"]
        notes = [text for each, text in judged if each["verdict"] == "good"]
    told = _problem(error, refused, odd) if error or refused else None
    return render_template(
        "office/counted.html", venue=venue, offers=offers, problem=told, odd=odd, counted="\n".join(notes),
        offer=field("offer"), met=field("met"), request_id=fresh_id(Conflict("") if refused else error),
    )  # fmt: skip


def _problem(error: HournoteError | None, refused: dict[str, Any] | None, odd: list[dict[str, Any]]) -> str:
    if error is not None and "twice" in error.evidence:
        return str(_("%(note)s is in this stack twice: take it out once.", note=error.evidence["twice"]))
    if error is not None:
        return str(_(error.sentence))
    if odd or refused is None:
        return str(_("Nothing was spent. Take these notes out of the stack, and send the rest again."))
    return str(words.REASONS[refused["reason"]][1])
