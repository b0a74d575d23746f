"""What anybody may see: the front page, whether a note is good, and where notes can be spent."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.services.public import note_is_good
from app.web import terms
from app.web import where as pages_of_where
from app.web.limits import MINUTE, throttled
from app.web.site import books, now

public = Blueprint("public", __name__)
public.record(lambda state: state.app.jinja_env.globals.update(terms.AT_HAND))
public.add_app_template_filter(terms.telephone)


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
    """The directory: venues and offers by words, place, kind, programme and price, with a map."""
    return pages_of_where.listing()


@public.get("/where/<int:venue_id>")
def venue(venue_id: int) -> str:
    """A venue with its offers, and how to reach it."""
    return pages_of_where.venue(venue_id)
