"""The desks of venues, kept by staff: added, enrolled by a link or its QR, revoked."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import BadInput, Refused
from app.core.roles import Deed
from app.services import enrolling as services
from app.services.desks import Desk
from app.services.directory import Venue
from app.web import qr
from app.web.forms import field
from app.web.site import books, now, settings, staff

enrolling = Blueprint("enrolling", __name__)

Answer = Response | str | tuple[str, int]


@enrolling.get("/office/desks")
def every() -> Answer:
    """The venues in one's reach and their desks; who has one venue is there at once."""
    found = services.venues(books(), by=staff(Deed.SEE_DESKS), now=now())
    if len(found) == 1:
        return redirect(url_for("enrolling.venue", venue_id=found[0].venue.id))
    return render_template("office/desks.html", venues=found)


@enrolling.get("/office/venues/<int:venue_id>/desks")
def venue(venue_id: int) -> str:
    """The desks of one venue."""
    return _page(venue_id)


@enrolling.post("/office/venues/<int:venue_id>/desks")
def add(venue_id: int) -> Answer:
    """Add a desk; its link is shown now, and never again."""
    by, check_only = staff(Deed.KEEP_DESKS), request.form.get("scope") == "check"
    try:
        made = services.add(
            books(), by=by, venue_id=venue_id, name=field("name"), check_only=check_only, now=now()
        )  # fmt: skip
    except (BadInput, Refused) as error:
        sentence = _(error.sentence) if isinstance(error, Refused) else _("A desk has a name of 1 to 80 letters.")
        return _page(venue_id, sentence), error.http_status
    return _link_page(made.desk, made.venue, made.code or "")


@enrolling.post("/office/desks/<int:desk_id>/link")
def link(desk_id: int) -> Answer:
    """A new link for a desk: for another device, or because the one before is too old."""
    by = staff(Deed.KEEP_DESKS)
    try:
        return _link_page(*services.new_link(books(), by=by, desk_id=desk_id, now=now()))
    except Refused as error:
        flash(_(error.sentence))
        return redirect(url_for("enrolling.every"), 303)


@enrolling.post("/office/desks/<int:desk_id>/revoke")
def revoke(desk_id: int) -> Response:
    """Refuse a desk from now on."""
    desk, place = services.revoke(books(), by=staff(Deed.KEEP_DESKS), desk_id=desk_id, now=now())
    flash(_("%(desk)s is revoked: it is refused from now on.", desk=desk.name))
    return redirect(url_for("enrolling.venue", venue_id=place.id), 303)


def _page(venue_id: int, problem: str | None = None) -> str:
    found = services.venue(books(), by=staff(Deed.SEE_DESKS), venue_id=venue_id, now=now())
    return render_template("office/venue_desks.html", found=found, problem=problem, name=field("name"))


def _link_page(desk: Desk, place: Venue, code: str) -> str:
    address = f"{settings().public_url}{url_for('desk.enrolment')}#{code}"
    return render_template(
        "office/enrolment.html",
        desk=desk,
        place=place,
        link=address,
        drawn=qr.draw(address),
        until=now() + services.LINK_LIFE,
    )
