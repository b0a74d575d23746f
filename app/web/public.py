"""What anybody may see: the front page, whether a note is good, and where notes can be spent."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core import serial as serials
from app.services import directory
from app.services.directory import Offer, Venue
from app.services.public import note_is_good
from app.web.limits import MINUTE, throttled
from app.web.site import books, now

public = Blueprint("public", __name__)

Listed = tuple[Venue, list[Offer]]


@public.get("/")
def front() -> str:
    """What this is, and the ways in."""
    return render_template("front.html")


@public.get("/N/<text>")
@public.get("/n/<text>")
@throttled("note", 30, MINUTE)
def note(text: str) -> str:
    """The page behind a note's QR: good or not good, and nothing else."""
    good = note_is_good(books(), text=f"HTTPS://X/N/{text}", now=now())
    return render_template("note.html", good=good)


@public.get("/B/<text>")
@public.get("/b/<text>")
def label(text: str) -> Response:
    """The page behind a bundle's label, which names serials alone: for staff."""
    return redirect(url_for("office.look", q=f"HTTPS://X/B/{text}"))


@public.get("/check")
def check() -> str:
    """How to see whether a note is good."""
    return render_template("check.html")


@public.get("/where")
def where() -> str:
    """Every venue with its offers, by programme; `programme` and `q` narrow it."""
    programme, sought = request.args.get("programme", ""), request.args.get("q", "").strip()[:80]
    known = [each for each in directory.programmes(books()) if not serials.is_specimen(each.code)]
    listed = _sought(directory.venues_with_offers(books()), sought)
    groups = [
        (each, [(venue, offers) for venue, offers in listed if venue.programme_id == each.id])
        for each in known
        if programme in ("", each.code)
    ]
    return render_template(
        "where.html", programmes=known, groups=[group for group in groups if group[1]], chosen=programme, sought=sought
    )


def _sought(listed: list[Listed], text: str) -> list[Listed]:
    """Those whose name, or the name of an offer, has the text in it; a venue found by its offer shows that offer."""
    wanted = text.casefold()
    found = []
    for venue, offers in listed:
        fitting = [offer for offer in offers if wanted in offer.name.casefold()]
        if wanted in venue.name.casefold():
            found.append((venue, offers))
        elif fitting:
            found.append((venue, fitting))
    return found
