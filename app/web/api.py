"""The JSON interface, `/api/v1`, for desks, scanners and staff."""

from base64 import b64encode
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from app.core.errors import NotFound
from app.core.plain import plain
from app.services import desks, enquiry, redeeming, reversing, snapshots
from app.web.body import Body, uuid_of
from app.web.limits import limiter
from app.web.site import books, csrf, for_desk_keys, for_desks, now, staff

api = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(api)  # a browser desk's cookie is checked in `for_desks`


@api.put("/redemptions/<redemption_id>")
@for_desk_keys
def redeem(redemption_id: str) -> tuple[Response, int]:
    """Spend the notes of one visit, all or none."""
    body = Body()
    answer, is_new = redeeming.redeem_with_key(
        books(), redemption_id=uuid_of(redemption_id), key=g.desk_key, notes=body.notes(), offer_id=body.number("offer"),
        scanned_at=body.moment("scanned_at"), offline=body.flag("offline"), practice=body.flag("practice"), now=now(),
    )  # fmt: skip
    return jsonify(answer), 201 if is_new else 200


@api.get("/redemptions/<redemption_id>")
@for_desks
def redemption(redemption_id: str) -> Response:
    """What became of a redemption of this venue."""
    return jsonify(reversing.redemption_answer(books(), redemption_id=uuid_of(redemption_id), desk=g.desk))


@api.post("/redemptions/<redemption_id>/reversal")
@for_desks
def reverse(redemption_id: str) -> Response:
    """Give the notes of a redemption back."""
    body = Body()
    reason, _at = body.text("reason") or "", body.moment("at")  # the clock here counts, not the desk's
    return jsonify(
        reversing.reverse_redemption(
            books(), redemption_id=uuid_of(redemption_id), desk=g.desk, reason=reason, now=now()
        )
    )


@api.post("/checks")
@for_desks
def check() -> Response:
    """The same question without spending."""
    return jsonify(redeeming.check_notes(books(), desk=g.desk, notes=Body().notes(), now=now()))


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
@limiter.limit("20 per minute")
def enrol() -> tuple[Response, int]:
    """Use an enrolment code up; the key is told once."""
    body = Body()
    made = desks.enrol(books(), code=body.text("code") or "", name=body.text("name", required=False), now=now())
    return jsonify(desk=made.desk.name, venue=made.venue.name, key=made.key), 201
