"""For those who are new: how to join and whom to ask, what is kept of whom, and how to practise."""

from dataclasses import dataclass

from flask import Blueprint, make_response, render_template, request
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core.errors import NotFound
from app.core.verdict import MESSAGES, Verdict
from app.services import listing, pictures
from app.web import desk_words, words
from app.web.limits import MINUTE, throttled
from app.web.site import books, settings
from app.web.words import Word

joining = Blueprint("joining", __name__)

SHOWS: dict[Verdict, LazyString] = {
    Verdict.ACCEPTED: _l("A good note that is spent for an activity."),
    Verdict.GOOD: _l("The same note, when the desk only checks it."),
    Verdict.ALREADY_REDEEMED: _l("A note that was spent before, here or elsewhere; or a copy of it."),
    Verdict.NOT_ISSUED: _l("A note that never reached an organisation: it may have been taken from a box."),
    Verdict.HELD: _l("A note that somebody reported as lost, until the office has looked into it."),
    Verdict.VOID: _l("A note that was stolen or destroyed, and is worth nothing for good."),
    Verdict.EXPIRED: _l("A note whose last day is over."),
    Verdict.NOT_ACCEPTED_HERE: _l("A note of another programme, at an offer that takes local notes only."),
    Verdict.FORGED: _l("A note that somebody else printed."),
    Verdict.UNKNOWN: _l("A note with a number that was never ordered."),
    Verdict.SPECIMEN: _l("The note on this page, printed for practice."),
    Verdict.MALFORMED: _l("A torn or creased code, or the code of something else."),
    Verdict.KEYED_NOT_ALLOWED: _l("A number that was typed where the venue wants the code scanned."),
    Verdict.ACCEPTED_OFFLINE: _l("A good note while the network is away."),
    Verdict.CANNOT_TELL_OFFLINE: _l("A note that the desk cannot judge while the network is away."),
}
"""What a volunteer may have in hand, in the order in which one learns it; every verdict is among them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as a desk shows it: the word, what to do, and what to say; either may be empty."""

    verdict: Verdict
    word: Word
    sentence: str
    say: str


@joining.get("/join")
def page() -> str:
    """How an organisation or a venue joins, and whom it asks."""
    return render_template("join.html", programmes=listing.contacts(books()))


@joining.get("/privacy")
def privacy() -> str:
    """What is kept of whom, and for how long."""
    return render_template("privacy.html")


@joining.get("/training")
def training() -> str:
    """Specimens to print, and what each answer of a desk looks like."""
    asked = request.args.get("show", "")
    chosen = Verdict(asked) if asked in set(Verdict) else Verdict.ACCEPTED
    said = Shown(chosen, words.VERDICTS[chosen], str(_(MESSAGES[chosen])), str(desk_words.SAY.get(chosen, "")))
    return render_template(
        "training.html", said=said, shows=SHOWS, designs=pictures.names(settings().designs), is_asked=bool(asked)
    )


@joining.get("/training/specimen-<name>.png")
@throttled("specimen", 60, MINUTE)
def picture(name: str) -> Response:
    """A specimen of that design as a picture."""
    found = pictures.picture_of(_design(name), settings().designs, settings().instance / "pictures")
    answer = make_response(found.png)
    answer.mimetype = "image/png"
    answer.set_etag(found.digest)
    answer.headers["Cache-Control"] = "no-cache"
    return answer.make_conditional(request)


@joining.get("/training/specimen-<name>.pdf")
@throttled("specimen to print", 20, MINUTE)
def pdf(name: str) -> Response:
    """A specimen of that design to print on both sides."""
    found = pictures.specimen_of(_design(name), settings().designs, settings().instance / "pictures")
    answer = make_response(found.pdf)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="specimen-{name}.pdf"'
    return answer


def _design(name: str) -> str:
    if name not in pictures.names(settings().designs):
        raise NotFound("There is no such design.")
    return name
