"""Spent paper that a venue handed in: counted, sorted, and retired in one go."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import HournoteError, NotFound
from app.core.roles import Deed
from app.services import counting_paper, places_seen, rights
from app.services.counting_paper import Sorted
from app.services.directory import Venue
from app.web.forms import field, fresh_id, request_id, whole_field
from app.web.site import books, now, staff

spent_paper = Blueprint("spent_paper", __name__)
spent_paper.record(
    lambda state: state.app.jinja_env.globals.update(may_retire=lambda who: rights.may(who, Deed.RETIRE))
)

LONGEST_COUNT = 2_000_000
"""Characters: the codes of 10,000 notes fit."""


@spent_paper.get("/office/venue/<int:place_id>/spent-paper")
def form(place_id: int) -> str:
    """What was counted: scanned or typed into one field."""
    return _page(_venue(place_id))


@spent_paper.post("/office/venue/<int:place_id>/spent-paper")
def sort(place_id: int) -> str | tuple[str, int]:
    """The stack, sorted; it changes nothing, and comes by POST because tokens stand in no address."""
    venue = _venue(place_id)
    try:
        found = counting_paper.sort(books(), venue_id=venue.id, counted=whole_field("counted", LONGEST_COUNT))
    except HournoteError as error:
        return _page(venue, error=error), error.http_status
    return _page(venue, found)


@spent_paper.post("/office/venue/<int:place_id>/spent-paper/retire")
def retire(place_id: int) -> Response | tuple[str, int]:
    """Retire what was spent here; once, however often it is sent."""
    venue, account = _venue(place_id), staff(Deed.RETIRE)
    try:
        deed = request_id()
        counting_paper.retire(
            books(), venue_id=venue.id, counted=whole_field("counted", LONGEST_COUNT), note=field("note"), actor=account.email,
            now=now(), request_id=deed,
        )  # fmt: skip
    except HournoteError as error:
        return _page(venue, error=error), error.http_status
    return redirect(url_for("spent_paper.done", place_id=venue.id, deed=deed), 303)


@spent_paper.get("/office/venue/<int:place_id>/spent-paper/<uuid:deed>")
def done(place_id: int, deed: UUID) -> str:
    """What was retired."""
    venue, found = _venue(place_id), counting_paper.retired(books(), deed, venue_id=place_id)
    if not found:
        raise NotFound("There is nothing at this address.")
    return render_template(
        "office/paper_retired.html", venue=venue, found=found, notes=sum(each.notes for each in found)
    )


def _venue(place_id: int) -> Venue:
    programme = rights.programme_of(staff(Deed.RETIRE), Deed.RETIRE)
    found = places_seen.venue(books(), place_id, programme_id=programme)
    if found is None:
        raise NotFound("There is nothing at this address.")
    return found


def _page(venue: Venue, found: Sorted | None = None, error: HournoteError | None = None) -> str:
    parts = []
    if found is not None:
        parts = [
            (_("Spent here"), found.here), (_("Spent at another venue"), found.elsewhere), (_("Not spent"), found.unspent),
            (_("Retired already"), found.retired), (_("Never ordered"), found.unknown), (_("Counted more than once"), found.twice),
        ]  # fmt: skip
    told = str(_(error.sentence)) if error else None
    return render_template(
        "office/spent_paper.html", venue=venue, found=found, parts=parts, problem=told, request_id=fresh_id(error),
        again=counting_paper.as_text(found.here) if found else "",
    )  # fmt: skip
