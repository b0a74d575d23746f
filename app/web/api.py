"""The JSON interface, `/api/v1`, for desks, scanners and staff."""

from base64 import b64encode
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request
from flask.blueprints import BlueprintSetupState
from flask_login import current_user
from werkzeug.routing import BaseConverter

from app.core.errors import BadInput, HournoteError
from app.core.plain import plain
from app.core.roles import Deed
from app.services import desks, directory, enquiry, journal, redeeming, reversing, rights, snapshots
from app.services.accounts import Account
from app.services.snapshots import Standing
from app.web import telling
from app.web.bodies import (
    LARGER_BODIES_BYTES,
    Enrolling,
    GivingBack,
    Journal,
    Question,
    RedeemEntry,
    ReverseEntry,
    Visit,
)
from app.web.body import entry, named, read, utc, uuid_of
from app.web.errors import problem_of
from app.web.limits import enrolling
from app.web.openapi import document
from app.web.site import books, csrf, desk_from_cookie, for_desk_keys, for_desks, now, require_own_page, staff

api = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(api)  # a browser desk's cookie is checked in `for_desks`


class VisitId(BaseConverter):
    """The id of a redemption in an address; `batch` beside it is none, so that each has its own methods."""

    regex = "(?!batch$)[^/]+"


@api.record
def _know_visits(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["visit"] = VisitId


@api.before_request
def _allow_journals() -> None:
    """A journal may be larger than a visit; said before anything looks into the body."""
    if request.endpoint == "api.batch":
        request.max_content_length = LARGER_BODIES_BYTES[Journal]


@api.put("/redemptions/<visit:redemption_id>")
@for_desk_keys
def redeem(redemption_id: str) -> tuple[Response, int]:
    """Spend the notes of one visit, all or none."""
    body = read(Visit)
    answer, is_new, g.desk = redeeming.redeem_with_key(
        books(), redemption_id=uuid_of(redemption_id), key=g.desk_key, admit=telling.check, notes=body.notes,
        offer_id=body.offer, scanned_at=utc(body.scanned_at, "scanned_at"), offline=body.offline, practice=body.practice,
        now=now(),
    )  # fmt: skip
    telling.visit(g.desk, answer, is_new=is_new)
    return jsonify(answer), 201 if is_new else 200


@api.get("/redemptions/<visit:redemption_id>")
@for_desks
def redemption(redemption_id: str) -> Response:
    """What became of a redemption of this venue."""
    telling.check(g.desk)
    answer = reversing.redemption_answer(books(), redemption_id=uuid_of(redemption_id), desk=g.desk)
    telling.visit(g.desk, answer, is_new=False)
    return jsonify(answer)


@api.post("/redemptions/<visit:redemption_id>/reversal")
def reverse(redemption_id: str) -> Response:
    """Give the notes of a redemption back: by its desk within 15 minutes, by programme staff with a session later."""
    account = _staff_without_desk_key()
    if account is None:
        return _reverse_at_desk(redemption_id)
    answer = reversing.reverse_by_staff(
        books(), redemption_id=uuid_of(redemption_id), reason=read(GivingBack).reason, actor=account.email,
        programme_id=rights.programme_of(account, Deed.GIVE_BACK), now=now(),
    )  # fmt: skip
    return jsonify(answer)


@for_desks
def _reverse_at_desk(redemption_id: str) -> Response:
    reason = read(GivingBack).reason  # the clock here counts, not the desk's `at`
    answer = reversing.reverse_redemption(
        books(), redemption_id=uuid_of(redemption_id), desk=g.desk, reason=reason, now=now()
    )
    return jsonify(answer)


def _staff_without_desk_key() -> Account | None:
    """Who is signed in where no desk asks, once it is sure that no other site sent it. Raises NotAllowed."""
    if "Authorization" in request.headers or not current_user.is_authenticated or desk_from_cookie() is not None:
        return None
    require_own_page()
    return staff(Deed.GIVE_BACK)


@api.post("/redemptions/batch")
@for_desks
def batch() -> Response:
    """What a desk did while it was offline, in its order; an answer for each entry."""
    telling.check(g.desk)
    sent = [bytes(raw) for raw in read(Journal).entries]
    told = partial(telling.entry, g.desk)
    answers = journal.enter(books(), desk=g.desk, entries=map(_checked, sent), now=now(), told=told)
    return jsonify(answers=[_told(*both) for both in zip(sent, answers, strict=True)])


def _checked(raw: bytes) -> journal.Entry:
    """An entry of a journal, checked field by field; what is wrong with one does not stop those after it."""
    try:
        sent = entry(raw)
        return _reversal_in_journal(sent) if isinstance(sent, ReverseEntry) else _visit_in_journal(sent)
    except BadInput as error:
        return journal.Wrong(error)


def _visit_in_journal(sent: RedeemEntry) -> journal.Redeem:
    return journal.Redeem(
        uuid_of(sent.id), sent.notes, sent.offer, utc(sent.scanned_at, "scanned_at"), sent.offline, sent.practice
    )


def _reversal_in_journal(sent: ReverseEntry) -> journal.Reverse:
    return journal.Reverse(uuid_of(sent.id), sent.reason, utc(sent.at, "at"))


def _told(sent: bytes, answer: journal.Answer) -> dict[str, Any]:
    """The answer of an entry, with its type and id; of a wrong one, as far as it has them."""
    if isinstance(answer, HournoteError):
        return {**named(sent), "problem": problem_of(answer)}
    return {**named(sent), **answer}


@api.post("/checks")
@for_desks
def check() -> Response:
    """The same question without spending."""
    telling.check(g.desk)
    answer = redeeming.check_notes(books(), desk=g.desk, notes=read(Question).notes, now=now())
    telling.question(g.desk, answer)
    return jsonify(answer)


@api.get("/notes/<serial>")
def note(serial: str) -> Response:
    """The life of one note, for staff of its programme."""
    programme = rights.programme_of(staff(Deed.LOOK_UP), Deed.LOOK_UP)
    life = enquiry.life_of(books(), serial=serial, programme_id=programme)
    return jsonify(plain(life))


@api.get("/desk")
@for_desks
def desk() -> Response:
    """This desk, its venue, what is offered there, and what the desk may do."""
    venue = g.desk.venue
    return jsonify(
        desk=g.desk.desk.name,
        scope=g.desk.desk.scope,
        venue={"id": venue.id, "name": venue.name, "kind": venue.kind, "programme": venue.programme},
        offers=[directory.terms_of(offer) for offer in g.desk.offers],
        policy={
            "offline_notes": venue.offline_notes,
            "offline_hours": venue.offline_hours,
            "keyed": venue.keyed_per_day > 0,
            "clear_seconds": venue.clear_seconds,
        },
    )


@api.get("/desk/snapshot")
@for_desks
def snapshot() -> Response:
    """What a desk must know to judge notes by itself; with `since`, what changed."""
    if "since" in request.args:
        changed = snapshots.changes_since(books(), since=request.args["since"])
        standing = _standing(changed.standing) if changed.standing else {}
        spent, unspent = plain(changed.redeemed), plain(changed.given_back)
        return jsonify(cursor=str(changed.cursor), redeemed=spent, given_back=unspent, **standing)
    taken = snapshots.snapshot(books())
    redeemed = {series: b64encode(bits).decode() for series, bits in taken.redeemed.items()}
    return jsonify(cursor=str(taken.cursor), redeemed=redeemed, **_standing(taken.standing))


def _standing(standing: Standing) -> dict[str, Any]:
    keyring = [
        {
            **plain(key.span),
            "public_key": b64encode(key.public_key).decode(),
            "expires_on": key.expires_on.isoformat() if key.expires_on else None,
        }
        for key in standing.keyring
    ]
    spans = {name: plain(getattr(standing, name)) for name in ("issued", "blocked", "held")}
    return {"keyring": keyring, **spans}


@api.post("/desks/enrolments")
@enrolling
def enrol() -> tuple[Response, int]:
    """Use an enrolment code up; the key is told once."""
    body = read(Enrolling)
    made = desks.enrol(books(), code=body.code, name=body.name, now=now())
    return jsonify(desk=made.desk.name, venue=made.venue.name, key=made.key), 201


@api.get("/openapi.json")
def openapi() -> Response:
    """This interface, for programs (OpenAPI 3.1)."""
    return jsonify(document(current_app))
