"""The JSON interface, `/api/v1`, for desks, scanners and staff."""

from base64 import b64encode
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request

from app.core.errors import NotFound
from app.core.plain import plain
from app.services import desks, enquiry, redeeming, reversing, snapshots
from app.web import telling
from app.web.bodies import Enrolling, GivingBack, Question, Visit
from app.web.body import read, utc, uuid_of
from app.web.limits import enrolling
from app.web.openapi import document
from app.web.site import books, csrf, for_desks, now, staff

api = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(api)  # a browser desk's cookie is checked in `for_desks`


@api.put("/redemptions/<redemption_id>")
@for_desks
def redeem(redemption_id: str) -> tuple[Response, int]:
    """Spend the notes of one visit, all or none."""
    telling.check(g.desk)
    body = read(Visit)
    answer, is_new = redeeming.redeem_notes(
        books(), redemption_id=uuid_of(redemption_id), desk=g.desk, notes=body.notes, offer_id=body.offer,
        scanned_at=utc(body.scanned_at, "scanned_at"), offline=body.offline, practice=body.practice, now=now(),
    )  # fmt: skip
    telling.visit(g.desk, answer, is_new=is_new)
    return jsonify(answer), 201 if is_new else 200


@api.get("/redemptions/<redemption_id>")
@for_desks
def redemption(redemption_id: str) -> Response:
    """What became of a redemption of this venue."""
    telling.check(g.desk)
    answer = reversing.redemption_answer(books(), redemption_id=uuid_of(redemption_id), desk=g.desk)
    telling.visit(g.desk, answer, is_new=False)
    return jsonify(answer)


@api.post("/redemptions/<redemption_id>/reversal")
@for_desks
def reverse(redemption_id: str) -> Response:
    """Give the notes of a redemption back."""
    reason = read(GivingBack).reason  # the clock here counts, not the desk's `at`
    return jsonify(
        reversing.reverse_redemption(
            books(), redemption_id=uuid_of(redemption_id), desk=g.desk, reason=reason, now=now()
        )
    )


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
    account = staff("national", "programme", "auditor")
    life = enquiry.life_of(books(), serial=serial, programme_id=account.programme_id)
    return jsonify(plain(life))


@api.get("/desk")
@for_desks
def desk() -> Response:
    """This desk, its venue, what is offered there, and what the desk may do."""
    venue = g.desk.venue
    return jsonify(
        desk=g.desk.desk.name,
        venue={"id": venue.id, "name": venue.name, "kind": venue.kind},
        offers=[{"id": offer.id, "name": offer.name, "hours": offer.price_hours} for offer in g.desk.offers],
        policy={
            "offline_notes": venue.offline_notes,
            "offline_hours": venue.offline_hours,
            "keyed": venue.keyed_per_day > 0,
            "clear_seconds": venue.clear_seconds,
        },
    )


@api.get("/desk/snapshot")
@for_desks
def snapshot() -> Any:
    """What a desk must know to judge notes by itself; always the whole, so that 410 answers who asks for changes."""
    if "since" in request.args:
        raise NotFound("Changes alone are not to be had here: take the whole again, without `since`.", status=410)
    taken = snapshots.snapshot(books(), now=now())
    return jsonify(
        cursor=taken.cursor,
        keyring=[
            {
                **plain(key.span),
                "public_key": b64encode(key.public_key).decode(),
                "expires_on": key.expires_on.isoformat() if key.expires_on else None,
            }
            for key in taken.keyring
        ],
        issued=plain(taken.issued),
        blocked=plain(taken.blocked),
        redeemed={series: b64encode(bits).decode() for series, bits in taken.redeemed.items()},
    )


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
