"""The JSON interface, `/api/v1`, for desks, scanners and staff."""

from base64 import b64encode
from typing import Any

from flask import Blueprint, Response, g, jsonify, request
from flask_login import current_user

from app.core.errors import BadInput, HournoteError
from app.core.plain import plain
from app.services import desks, directory, enquiry, journal, redeeming, reversing, snapshots
from app.services.accounts import Account
from app.services.snapshots import Standing
from app.web.body import Body, Fields, uuid_of
from app.web.errors import problem_of
from app.web.limits import limiter
from app.web.site import books, csrf, desk_from_cookie, for_desk_keys, for_desks, now, staff

api = Blueprint("api", __name__, url_prefix="/api/v1")
LONGEST_ID = 36
LARGEST_JOURNAL_BYTES = 4 * 1024 * 1024
"""500 visits of 50 notes each."""

csrf.exempt(api)  # a browser desk's cookie is checked in `for_desks`


@api.put("/redemptions/<redemption_id>")
@for_desk_keys
def redeem(redemption_id: str) -> tuple[Response, int]:
    """Spend the notes of one visit, all or none."""
    body = Body()
    answer, is_new = redeeming.redeem_with_key(
        books(), redemption_id=uuid_of(redemption_id), key=g.desk_key, notes=body.notes(), offer_id=body.number("offer"),
        scanned_at=body.moment("scanned_at"), offline=body.flag("offline"), practice=body.flag("practice"), now=now(),
        accepted_before=body.flag("offline"),
    )  # fmt: skip
    return jsonify(answer), 201 if is_new else 200


@api.get("/redemptions/<redemption_id>")
@for_desks
def redemption(redemption_id: str) -> Response:
    """What became of a redemption of this venue."""
    return jsonify(reversing.redemption_answer(books(), redemption_id=uuid_of(redemption_id), desk=g.desk))


@api.post("/redemptions/<redemption_id>/reversal")
def reverse(redemption_id: str) -> Response:
    """Give the notes of a redemption back: by its desk within 15 minutes, by programme staff with a session later."""
    account = _staff_without_desk_key()
    if account is None:
        return _reverse_at_desk(redemption_id)
    body = Body()
    answer = reversing.reverse_by_staff(
        books(), redemption_id=uuid_of(redemption_id), reason=body.text("reason") or "",
        actor=account.email, programme_id=account.programme_id, now=now(),
    )  # fmt: skip
    return jsonify(answer)


@for_desks
def _reverse_at_desk(redemption_id: str) -> Response:
    body = Body()
    reason, _at = body.text("reason") or "", body.moment("at")  # the clock here counts, not the desk's
    answer = reversing.reverse_redemption(
        books(), redemption_id=uuid_of(redemption_id), desk=g.desk, reason=reason, now=now()
    )
    return jsonify(answer)


def _staff_without_desk_key() -> Account | None:
    """Who is signed in where no desk asks, once it is sure that no other site sent it. Raises NotAllowed."""
    if "Authorization" in request.headers or not current_user.is_authenticated or desk_from_cookie() is not None:
        return None
    if request.headers.get("Sec-Fetch-Site") != "same-origin":  # which no page of another site can say
        csrf.protect()
    return staff("national", "programme")


@api.post("/redemptions/batch")
@for_desks
def batch() -> Response:
    """What a desk did while it was offline, in its order; an answer for each entry."""
    request.max_content_length = LARGEST_JOURNAL_BYTES
    sent = Body().entries(journal.MOST_ENTRIES)
    answers = journal.enter(books(), desk=g.desk, entries=map(_entry, sent), now=now())
    return jsonify(answers=[_told(*both) for both in zip(sent, answers, strict=True)])


def _entry(sent: object) -> journal.Entry:
    """An entry of a journal, checked field by field."""
    try:
        return _checked(Fields(sent))
    except BadInput as error:
        return journal.Wrong(error)


def _checked(fields: Fields) -> journal.Entry:
    kind = fields.text("type")
    if kind == "reverse":
        return journal.Reverse(fields.uuid("id"), fields.text("reason") or "", fields.moment("at"))
    if kind != "redeem":
        raise BadInput("`type` must be redeem or reverse.")
    return journal.Redeem(
        fields.uuid("id"), fields.notes(), fields.number("offer"), fields.moment("scanned_at"), fields.flag("offline"),
        fields.flag("practice"),
    )  # fmt: skip


def _short(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= LONGEST_ID else None


def _told(sent: object, answer: journal.Answer) -> dict[str, Any]:
    """The answer of an entry, with its type and id; of a wrong one, as far as it has them."""
    named = {name: _short(sent.get(name)) if isinstance(sent, dict) else None for name in ("type", "id")}
    if isinstance(answer, HournoteError):
        return {**named, "problem": problem_of(answer)}
    return {**named, **answer}


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
        scope=g.desk.desk.scope,
        venue={"id": venue.id, "name": venue.name, "kind": venue.kind},
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
    return {"keyring": keyring, "issued": plain(standing.issued), "blocked": plain(standing.blocked)}


@api.post("/desks/enrolments")
@limiter.limit("20 per minute")
def enrol() -> tuple[Response, int]:
    """Use an enrolment code up; the key is told once."""
    body = Body()
    made = desks.enrol(books(), code=body.text("code") or "", name=body.text("name", required=False), now=now())
    return jsonify(desk=made.desk.name, venue=made.venue.name, key=made.key), 201
