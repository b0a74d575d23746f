"""The directory as staff keep it: venues, their offers, and whom to ask in a programme."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core.errors import BadInput, Conflict, HournoteError, Refused
from app.core.opening_hours import DAYS
from app.core.roles import Deed
from app.services import directory, offering, rights, venues
from app.services.directory import Offer
from app.web.forms import field, fresh_id, request_id
from app.web.site import books, now, staff
from app.web.terms import day_name

listings = Blueprint("listings", __name__)
Answer = Response | str | tuple[str, int]

A_PAGE = 50
KEPT = ("name_cy", "town", "address", "postcode", "at", "telephone", "email", "web", "text", "text_cy")
OFFERED = ("name", "name_cy", "text", "text_cy", "hours", "most", "from", "until")
PROBLEMS: dict[str, LazyString] = {
    "name": _l("Write a name, on one line, in 120 letters at most."),
    "name_cy": _l("Write the Welsh name on one line, in 120 letters at most."),
    "kind": _l("Choose whether the venue is community or corporate."),
    "organisation": _l("A venue is kept by an organisation of its own programme: choose one of them, or none."),
    "town": _l("Write the town on one line, in 60 letters at most."),
    "address": _l("Write the address on one line, in 200 letters at most."),
    "postcode": _l("Write the postcode like TR1 2SJ."),
    "coordinates": _l("Write the place on the map as latitude and longitude, like 50.2632,-5.0510."),
    "off_the_map": _l(
        "This place is not in the country of the map. Did you swap them? Latitude comes first, like 50.2632,-5.0510."
    ),
    "telephone": _l("Write the telephone number like 01872 262466."),
    "email": _l("Write the email address like office@cornwall.example."),
    "web": _l("Write the web address like www.hallforcornwall.co.uk."),
    "text": _l("The text is too long, or has letters that cannot be printed."),
    "text_cy": _l("The Welsh text is too long, or has letters that cannot be printed."),
    "hours": _l("Write the price as a whole number of hours from 1 to 50."),
    "most_notes": _l("The most notes of a visit are a whole number from the price to 50."),
    "opening": _l("Write both times like 09:00 and 17:30, or neither."),
}
"""What to tell a person of a field that cannot be kept as it is."""


@listings.get("/office/directory")
def every() -> Answer:
    """The venues in one's reach; who has one venue is there at once."""
    by, sought = staff(Deed.SEE_DIRECTORY), request.args.get("q", "").replace("\0", "").strip()[:80]
    found = venues.listed(books(), by=by, text=sought)
    if by.venue_id is not None and len(found) == 1:
        return redirect(url_for("listings.venue", venue_id=found[0][0].id))
    text, pages = request.args.get("page", ""), max(1, -(-len(found) // A_PAGE))
    page = min(max(1, int(text)), pages) if text.isdecimal() and len(text) < 5 else 1
    return render_template(
        "office/directory.html", found=found[(page - 1) * A_PAGE : page * A_PAGE], many=len(found), page=page, pages=pages,
        sought=sought, may_keep=rights.may(by, Deed.KEEP_DIRECTORY),
    )  # fmt: skip


@listings.get("/office/directory/new")
def new() -> str:
    """What is to be known of a venue that joins."""
    return _new_page()


@listings.post("/office/directory/new")
def add() -> Answer:
    """Add it; once, however often it is sent."""
    by = staff(Deed.KEEP_DIRECTORY)
    try:
        made = venues.add(
            books(), by=by, programme=field("programme"), name=field("name"), kind=field("kind"), said=_said(KEPT),
            request_id=request_id(), now=now(), kept_by=field("organisation"),
        )  # fmt: skip
    except HournoteError as error:
        return _new_page(error), error.http_status
    flash(_("%(venue)s is in the directory.", venue=made.name))
    return redirect(url_for("listings.venue", venue_id=made.id), 303)


@listings.get("/office/directory/<int:venue_id>")
def venue(venue_id: int) -> str:
    """A venue: what is said of it, its offers, and who changed what."""
    return _venue_page(venue_id)


@listings.post("/office/directory/<int:venue_id>")
def change(venue_id: int) -> Answer:
    """Say something else of it."""
    by = staff(Deed.DESCRIBE_VENUE)
    keeps = rights.may(by, Deed.KEEP_DIRECTORY)
    named: dict[str, Any] = {"name": field("name"), "kind": field("kind")} if keeps else {}
    if keeps and "organisation" in request.form:
        named["kept_by"] = field("organisation")
    said = _said(KEPT if keeps else [name for name in KEPT if name in venues.OWN])
    try:
        venues.change(books(), by=by, venue_id=venue_id, said=said, now=now(), **named)
    except (BadInput, Refused) as error:
        return _venue_page(venue_id, error), error.http_status
    flash(_("What you wrote is in the directory now."))
    return redirect(url_for("listings.venue", venue_id=venue_id), 303)


@listings.get("/office/directory/<int:venue_id>/offers/new")
def new_offer(venue_id: int) -> str:
    """What one can do there, for how many hours, and when."""
    staff(Deed.KEEP_DIRECTORY)
    return _offer_page(venue_id)


@listings.post("/office/directory/<int:venue_id>/offers/new")
def add_offer(venue_id: int) -> Answer:
    """Add the offer; once, however often it is sent."""
    by = staff(Deed.KEEP_DIRECTORY)
    try:
        made = offering.add(
            books(), by=by, venue_id=venue_id, wanted=_wanted(), request_id=request_id(), now=now()
        )  # fmt: skip
    except (BadInput, Refused) as error:
        return _offer_page(venue_id, error=error), error.http_status
    flash(_("%(offer)s is offered now.", offer=made.name))
    return redirect(url_for("listings.venue", venue_id=venue_id), 303)


@listings.get("/office/directory/offers/<int:offer_id>")
def offer(offer_id: int) -> str:
    """An offer, to be changed."""
    return _changed_offer_page(offer_id)


@listings.post("/office/directory/offers/<int:offer_id>")
def change_offer(offer_id: int) -> Answer:
    """Keep it as it is wanted now: desks go by it from the next visit on."""
    by = staff(Deed.KEEP_DIRECTORY)
    try:
        kept = offering.change(
            books(), by=by, offer_id=offer_id, wanted=_wanted(), now=now(), built_from=field("built_from") or None
        )  # fmt: skip
    except (BadInput, Refused) as error:
        return _changed_offer_page(offer_id, error), error.http_status
    flash(_("What you wrote is in the directory now."))
    return redirect(url_for("listings.venue", venue_id=kept.venue_id), 303)


@listings.post("/office/directory/offers/<int:offer_id>/<any(close, reopen):what>")
def set_closed(offer_id: int, what: str) -> Response:
    """Offer it no more, or again."""
    deed = offering.close if what == "close" else offering.reopen
    place = deed(books(), by=staff(Deed.KEEP_DIRECTORY), offer_id=offer_id, now=now())
    flash(_("It is offered no more.") if what == "close" else _("It is offered again."))
    return redirect(url_for("listings.venue", venue_id=place.id), 303)


@listings.get("/office/directory/contact")
def contact() -> str:
    """Whom an organisation or a venue asks that would join."""
    return _contact_page()


@listings.post("/office/directory/contact")
def change_contact() -> Answer:
    """Say so."""
    by = staff(Deed.KEEP_DIRECTORY)
    said = _said(("name", "name_cy", "telephone", "email", "web", "text", "text_cy"))
    try:
        owner = venues.change_contact(books(), by=by, programme=field("programme"), said=said, now=now())
    except BadInput as error:
        return _contact_page(error), error.http_status
    flash(_("What you wrote is in the directory now."))
    return redirect(url_for("listings.contact", programme=owner.code), 303)


def _said(names: Any) -> dict[str, str]:
    return {name: field(name, 1200) for name in names}


def _wanted() -> Offer:
    local_only = request.form.get("local_only") == "yes"
    return offering.read(_said(OFFERED), request.form.getlist("day")[:7], local_only=local_only)


def _problem(error: HournoteError | None) -> str | None:
    if error is None:
        return None
    field_or_problem = error.evidence.get("problem", error.evidence.get("field"))
    return str(PROBLEMS.get(str(field_or_problem), _(error.sentence)))


def _frame(error: HournoteError | None) -> Mapping[str, Any]:
    """What every form is shown with: what was wrong, at which field, and the id of the deed."""
    wrong = str(error.evidence.get("field", "")) if error else ""
    return {
        "problem": _problem(error),
        "wrong": wrong,
        "request_id": fresh_id(error if isinstance(error, Conflict) else None),
    }


def _new_page(error: HournoteError | None = None) -> str:
    by = staff(Deed.KEEP_DIRECTORY)
    found, keepers = venues.programmes(books(), by=by), venues.organisations(books(), by=by)
    given = {name: field(name, 1200) for name in (*KEPT, "name", "kind", "programme", "organisation")}
    return render_template(
        "office/venue_new.html", programmes=found, organisations=keepers, given=given, keeps=True, **_frame(error)
    )


def _venue_page(venue_id: int, error: HournoteError | None = None) -> str:
    by = staff(Deed.SEE_DIRECTORY)
    kept = venues.one(books(), by=by, venue_id=venue_id)
    keepers = venues.organisations(books(), by=by) if kept.may_keep else []
    given = {name: getattr(kept.place, name) or "" for name in KEPT if name != "at"}
    given |= {"name": kept.venue.name, "kind": kept.venue.kind, "at": str(kept.place.coordinates or "")}
    given["organisation"] = str(kept.venue.organisation_id or "")
    if error is not None:
        given |= {name: field(name, 1200) for name in given if name in request.form}
    owner = next(each for each in directory.programmes(books()) if each.id == kept.venue.programme_id)
    return render_template(
        "office/venue_kept.html",
        kept=kept,
        given=given,
        keeps=kept.may_keep,
        programme=owner,
        organisations=[each for each in keepers if each.programme_id == owner.id],
        **_frame(error),
    )


def _offer_page(venue_id: int, *, error: HournoteError | None = None, known: Offer | None = None) -> str:
    kept = venues.one(books(), by=staff(Deed.KEEP_DIRECTORY), venue_id=venue_id)
    given = _of_form() if error is not None else _of_offer(known)
    owner = next(each for each in directory.programmes(books()) if each.id == kept.venue.programme_id)
    days = [(str(number), day_name(number)) for number in range(1, len(DAYS) + 1)]
    return render_template(
        "office/offer.html",
        kept=kept,
        offer=known,
        built_from=_built_from(known, error),
        given=given,
        days=days,
        programme=owner,
        **_frame(error),
    )


def _changed_offer_page(offer_id: int, error: HournoteError | None = None) -> str:
    known, place = offering.one(books(), by=staff(Deed.KEEP_DIRECTORY), offer_id=offer_id)
    return _offer_page(place.id, error=error, known=known)


def _built_from(known: Offer | None, error: HournoteError | None) -> str:
    """What the form was built from; whoever was told that it is something else by now builds on that."""
    if known is None:
        return ""
    is_told = error is None or isinstance(error, Conflict)
    return offering.digest(known) if is_told else field("built_from")


def _of_form() -> dict[str, Any]:
    local = request.form.get("local_only") == "yes"
    return {**_said(OFFERED), "days": request.form.getlist("day"), "local_only": local}


def _of_offer(known: Offer | None) -> dict[str, Any]:
    """The fields of the form, as an offer has them; those of a new one."""
    if known is None:
        return {**dict.fromkeys(OFFERED, ""), "days": [], "local_only": False}
    begins, ends = known.opening.times
    return {
        "name": known.name, "name_cy": known.name_cy or "", "text": known.text or "", "text_cy": known.text_cy or "",
        "hours": known.price_hours, "most": known.most_notes or "", "from": begins or "", "until": ends or "",
        "days": list(known.opening.days or ""), "local_only": known.local_only,
    }  # fmt: skip


def _contact_page(error: HournoteError | None = None) -> str:
    by = staff(Deed.KEEP_DIRECTORY)
    mine = venues.programmes(books(), by=by)
    asked = (field("programme") or request.args.get("programme", "")).strip().upper()[:3]
    code = asked or (mine[0].code if mine else "")
    owner, known, events = venues.contact(books(), by=by, programme=code)
    given = {
        name: getattr(known, name) or "" for name in ("name", "name_cy", "telephone", "email", "web", "text", "text_cy")
    }
    if error is not None:
        given = {name: field(name, 1200) for name in given}
    return render_template(
        "office/contact.html", programmes=mine, owner=owner, events=events, given=given, **_frame(error)
    )
