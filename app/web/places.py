"""Organisations and venues as those who look them up see them: what one has, what was brought to the other."""

from flask import Blueprint, render_template

from app.core.errors import NotFound
from app.core.roles import Deed
from app.services import extracts, places_seen, rights
from app.web.site import books, staff

places = Blueprint("places", __name__)

VISITS_SHOWN = 50


@places.get("/office/organisation/<int:place_id>")
def organisation(place_id: int) -> str:
    """What an organisation was sent or given, stretch by stretch, and where it is on the line."""
    programme = rights.programme_of(staff(Deed.LOOK_UP), Deed.LOOK_UP)
    found = places_seen.organisation(books(), place_id, programme_id=programme)
    if found is None:
        raise NotFound("There is nothing at this address.")
    return render_template("office/organisation.html", found=found, counts=places_seen.counts(found))


@places.get("/office/venue/<int:place_id>")
def venue(place_id: int) -> str:
    """The newest visits of a venue, and its desks."""
    programme = rights.programme_of(staff(Deed.SEE_VISITS), Deed.LOOK_UP)
    found = places_seen.venue(books(), place_id, programme_id=programme)
    if found is None:
        raise NotFound("There is nothing at this address.")
    visits = extracts.visits_of_venue(books(), place_id, most=VISITS_SHOWN)
    return render_template(
        "office/venue_seen.html", venue=found, visits=visits, desks=extracts.desks_of_venue(books(), place_id)
    )
