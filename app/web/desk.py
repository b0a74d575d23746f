"""The desk page of a browser at a venue: notes are scanned or typed, and answered one visit at a time."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core.errors import BadInput, Conflict, NotAllowed, NotFound, TooOften
from app.services import desks, redeeming, reversing
from app.services.desks import AtVenue
from app.services.directory import Offer
from app.web import answers, telling
from app.web.answers import Answer
from app.web.body import uuid_of
from app.web.limits import enrolling
from app.web.site import books, desk_from_cookie, keep_desk_key, now
from app.web.words import GIVE_BACK_REASONS, NOT_GIVEN_BACK, NOT_TAKEN, TOO_OFTEN

desk = Blueprint("desk", __name__)

MOST_REMEMBERED = 5
_VISITS = "desk_visits"
_NOT_HERE = _l("This desk did not make that visit: the desk that made it or the programme office can give it back.")


@desk.get("/desk")
def page() -> str:
    """The desk page, or how to become a desk."""
    here = desk_from_cookie()
    return _page(here) if here else render_template("not_enrolled.html")


@desk.get("/desk/redeem")
@desk.get("/desk/check")
@desk.get("/desk/give-back")
def again() -> Response:
    """An answer's address is no page of its own."""
    return redirect(url_for("desk.page"))


@desk.post("/desk/redeem")
def redeem() -> Response | tuple[str, int] | str:
    """Spend the notes of one visit; the same form sent twice gets the same answer."""
    here = desk_from_cookie()
    if here is None:
        return redirect(url_for("desk.page"), 303)
    notes, offer = _notes(), _offer(here)
    if not notes:
        return _page(here, _nothing_scanned(), offer), 422
    try:
        visit = uuid_of(request.form.get("redemption", ""))
        telling.check(here)
        said, is_new = redeeming.redeem_notes(
            books(), redemption_id=visit, desk=here, notes=notes, offer_id=offer.id if offer else None, now=now()
        )
        telling.visit(here, said, is_new=is_new)
        if not is_new and _was_given_back(visit, here):
            return _page(here, answers.given_back(), offer)
    except (BadInput, Conflict) as error:
        return _page(here, _not_taken(error), offer), error.http_status
    except TooOften as error:
        return _too_often(here, error)
    if said["outcome"] == "accepted":
        _remember(visit)
    return _page(here, answers.of_visit(said, offer), offer)


@desk.post("/desk/check")
def check() -> Response | tuple[str, int] | str:
    """The same question without spending."""
    here = desk_from_cookie()
    if here is None:
        return redirect(url_for("desk.page"), 303)
    notes, offer = _notes(), _offer(here)
    if not notes:
        return _page(here, _nothing_scanned(), offer), 422
    try:
        telling.check(here)
        said = redeeming.check_notes(books(), desk=here, notes=notes, now=now())
        telling.question(here, said)
    except BadInput as error:
        return _page(here, _not_taken(error), offer), error.http_status
    except TooOften as error:
        return _too_often(here, error)
    return _page(here, answers.of_check(said), offer)


@desk.post("/desk/give-back")
def give_back() -> Response | tuple[str, int] | str:
    """Give the notes of one of this browser's last visits back."""
    here = desk_from_cookie()
    if here is None:
        return redirect(url_for("desk.page"), 303)
    reason = request.form.get("reason", "")
    if reason not in GIVE_BACK_REASONS:
        return _page(here, Answer(NOT_GIVEN_BACK, _("Choose why the notes are given back."))), 422
    try:
        visit = uuid_of(request.form.get("redemption", ""))
        said = reversing.reverse_redemption(books(), redemption_id=visit, desk=here, reason=reason, now=now())
    except (BadInput, NotFound, NotAllowed) as error:
        return _page(here, Answer(NOT_GIVEN_BACK, str(_NOT_HERE))), error.http_status
    return _page(here, answers.of_give_back(said))


@desk.get("/desk/enrol")
def enrolment() -> str:
    """The form behind an enrolment link; its code stays in the fragment until it is sent in the body."""
    return _enrolment_page()


@desk.post("/desk/enrol")
@enrolling
def enrol() -> Response | tuple[str, int]:
    """Make this browser the desk that the code is for."""
    name = request.form.get("name", "").strip()[: desks.LONGEST_NAME]
    try:
        made = desks.enrol(books(), code=request.form.get("code", "").strip(), name=name or None, now=now())
    except NotAllowed as error:
        return _enrolment_page(name, _(error.sentence)), error.http_status
    except BadInput as error:
        return _enrolment_page(name, _("Choose another name for the desk, of 1 to 80 letters.")), error.http_status
    answer = make_response(redirect(url_for("desk.page"), 303))
    keep_desk_key(answer, made.key)
    session.pop(_VISITS, None)
    return answer


def _page(here: AtVenue, answer: Answer | None = None, offer: Offer | None = None) -> str:
    return render_template(
        "desk.html", here=here, answer=answer, offer=offer, redemption=uuid4(), recent=_recent(here),
        reasons=GIVE_BACK_REASONS,
    )  # fmt: skip


def _was_given_back(visit: UUID, here: AtVenue) -> bool:
    """A form sent again tells how things stand: its first answer, "accepted", would let somebody in for nothing."""
    said = reversing.redemption_answer(books(), redemption_id=visit, desk=here)
    return said["reversed_at"] is not None


def _enrolment_page(name: str = "", problem: str | None = None) -> str:
    return render_template("enrol.html", here=desk_from_cookie(), name=name, problem=problem)


def _notes() -> list[str]:
    """What was scanned: the one field, and a note a line where several are given."""
    lines = [request.form.get("note", ""), *request.form.get("notes", "").splitlines()]
    return [line.strip() for line in lines if line.strip()]


def _offer(here: AtVenue) -> Offer | None:
    chosen = request.form.get("offer", "")
    return next((each for each in here.offers if str(each.id) == chosen), None)


def _nothing_scanned() -> Answer:
    return answers.of_problem(_("No note yet"), _("Scan the square code of a note, or type its serial."))


def _not_taken(error: BadInput | Conflict) -> Answer:
    """In words for a desk, where the service's own name what a program sent."""
    if isinstance(error, Conflict):
        return answers.of_problem(_("Scan again"), _("This page was used already. Scan the note once more."))
    word, sentence = NOT_TAKEN
    return Answer(word, str(sentence))


def _too_often(here: AtVenue, error: TooOften) -> Response:
    """A desk that showed too many notes that are none waits, on its own page."""
    answer = make_response(_page(here, Answer(TOO_OFTEN, _(error.sentence))), error.http_status)
    answer.headers["Retry-After"] = str(error.evidence["retry_after_seconds"])
    return answer


def _remember(visit: UUID) -> None:
    """Keep in this browser's session which visits it made, for giving back."""
    kept = [each for each in session.get(_VISITS, []) if each[0] != str(visit)]
    session[_VISITS] = [[str(visit), now().isoformat()], *kept][:MOST_REMEMBERED]


def _recent(here: AtVenue) -> list[dict[str, Any]]:
    """The visits of this session that may still be given back, the newest first."""
    found = []
    for visit, at in session.get(_VISITS, []):
        if now() - datetime.fromisoformat(at) < reversing.WINDOW:
            try:
                said = reversing.redemption_answer(books(), redemption_id=UUID(visit), desk=here)
            except NotFound:
                continue
            found.append({**said, "at": at})
    return [each for each in found if each["reversed_at"] is None]
