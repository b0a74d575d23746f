"""Spending over HTTP, to the letter of the contract."""

from uuid import uuid4

import pytest

from app.core.lifecycle import Kind
from app.core.serial import Serial
from app.services import directory
from app.store.tables import offer as offers
from tests.api.conftest import Desk
from tests.world import LEISURE, World


def test_a_visit_is_answered_as_the_contract_says(desk: Desk, sqlite_world: World) -> None:
    made = str(uuid4())
    answer = desk.redeem(sqlite_world.token(11), id=made, offer=None, scanned_at="2026-03-01T10:00:00Z", offline=False)
    assert answer.status_code == 201
    note = {"serial": sqlite_world.serial(11), "verdict": "accepted", "message": "Accepted.",
            "first_redeemed_at": None, "first_venue": None}  # fmt: skip
    assert answer.json == {"id": made, "outcome": "accepted", "reason": None, "hours": 1, "notes": [note]}
    again = desk.redeem(sqlite_world.token(11), id=made.upper())
    assert (again.status_code, again.json) == (200, answer.json)


def test_every_verdict_of_the_contract_is_told(desk: Desk, library: Desk, sqlite_world: World) -> None:
    world = sqlite_world
    library.redeem(world.token(12))
    told = {
        "malformed": "garbage",
        "unknown": str(Serial("CWL26", 5000)),
        "forged": world.forged(11),
        "specimen": world.token(1, "SPC26"),
        "already_redeemed": world.token(12),
        "void": world.token(86),
        "held": world.token(81),
        "expired": world.token(1, "CWL25"),
        "not_issued": world.token(71),
        "keyed_not_allowed": world.serial(11),
    }
    for verdict, note in told.items():
        answer = desk.redeem(note)
        assert answer.status_code == 201
        assert answer.json is not None
        assert (answer.json["outcome"], answer.json["reason"], answer.json["hours"]) == ("refused", "note_refused", 0)
        assert answer.json["notes"][0]["verdict"] == verdict
        checked = desk.call("POST", "/checks", json={"notes": [note]})
        assert checked.json is not None
        assert checked.json["notes"][0]["verdict"] == verdict
    local = desk.redeem(world.token(1, "LAN26"), offer=world.offers["Neighbours' lunch"])
    assert local.json is not None
    assert local.json["notes"][0]["verdict"] == "not_accepted_here"
    good = desk.call("POST", "/checks", json={"notes": [world.token(11)]})
    assert good.json is not None
    assert good.json["notes"][0]["verdict"] == "good"
    accepted = desk.redeem(world.token(11))
    assert accepted.json is not None
    assert accepted.json["notes"][0]["verdict"] == "accepted"


def test_a_visit_of_good_notes_says_why_it_is_refused(desk: Desk, sqlite_world: World) -> None:
    world = sqlite_world
    with world.store.engine.begin() as connection:
        connection.execute(offers.update().where(offers.c.name == "Swim").values(most_notes=1))
        connection.execute(offers.update().where(offers.c.name == "Neighbours' lunch").values(closed_at=world.now))
    for offer, numbers, reason in (
        ("Gym and swim", [11], "wrong_hours"), ("Swim", [11, 12], "offer_limit"), ("Neighbours' lunch", [11], "offer_closed"),
    ):  # fmt: skip
        answer = desk.redeem(*map(world.token, numbers), offer=world.offers[offer])
        assert answer.json is not None
        assert (answer.json["outcome"], answer.json["reason"]) == ("refused", reason)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"notes": []}, 422),
        ({"notes": ["x"] * 51}, 422),
        ({}, 422),
        ({"notes": "a token"}, 422),
        ({"notes": [1]}, 422),
        ({"notes": [None]}, 422),
        ({"notes": [["x"]]}, 422),
        ({"notes": ["x" * 2001]}, 422),
        ({"notes": ["x", "x"]}, 422),
        ({"notes": ["x"], "offer": "Swim"}, 422),
        ({"notes": ["x"], "offer": True}, 422),
        ({"notes": ["x"], "offer": 1.5}, 422),
        ({"notes": ["x"], "offer": 0}, 422),
        ({"notes": ["x"], "offer": 2**40}, 422),
        ({"notes": ["x"], "offer": 999}, 422),
        ({"notes": ["x"], "offline": "no"}, 422),
        ({"notes": ["x"], "practice": 1}, 422),
        ({"notes": ["x"], "scanned_at": "yesterday"}, 422),
        ({"notes": ["x"], "scanned_at": "2026-03-01T10:00:00"}, 422),
        ({"notes": ["x"], "scanned_at": 1}, 422),
        ({"notes": ["x"], "scanned_at": "0001-01-01T00:00:00+23:00"}, 422),
        ({"notes": ["x"], "scanned_at": "\ud800"}, 422),
        ([], 422),
        ("notes", 422),
    ],
)
def test_a_request_that_is_itself_wrong_is_told_so(desk: Desk, body: object, status: int) -> None:
    answer = desk.call("PUT", f"/redemptions/{uuid4()}", json=body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json is not None
    assert answer.json["detail"].endswith(".")


@pytest.mark.parametrize("made", ["1", "not-a-uuid", "{12345678-1234-5678-1234-567812345678}", "a" * 32, "0" * 4000])
def test_the_id_of_a_visit_is_a_uuid(desk: Desk, made: str) -> None:
    for method, path in (("PUT", ""), ("GET", ""), ("POST", "/reversal")):
        answer = desk.call(
            method, f"/redemptions/{made}{path}", json=None if method == "GET" else {"notes": ["x"], "reason": "x"}
        )
        assert answer.status_code in (404, 422)
        assert answer.mimetype == "application/problem+json"


def test_the_same_id_for_another_visit_is_a_conflict(desk: Desk, library: Desk, sqlite_world: World) -> None:
    world, made = sqlite_world, str(uuid4())
    first = desk.redeem(world.token(11), world.token(12), id=made, offer=world.offers["Swim"])
    assert (
        desk.redeem(world.token(12), world.token(11), id=made, offer=world.offers["Swim"], practice=True).json
        == first.json
    )
    for answer in (
        desk.redeem(world.token(11), id=made, offer=world.offers["Swim"]),
        desk.redeem(world.token(11), world.token(12), id=made),
        library.redeem(world.token(11), world.token(12), id=made),
    ):
        assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")


def test_where_a_note_was_spent_is_told_to_that_venue_alone(desk: Desk, library: Desk, sqlite_world: World) -> None:
    desk.redeem(sqlite_world.token(11))
    here, there = desk.redeem(sqlite_world.token(11)), library.redeem(sqlite_world.token(11))
    assert here.json is not None
    assert here.json["notes"][0]["first_venue"] == LEISURE
    assert LEISURE not in there.text


def test_a_visit_is_given_back(desk: Desk, library: Desk, sqlite_world: World) -> None:
    made = str(uuid4())
    desk.redeem(sqlite_world.token(11), id=made)
    path, body = f"/redemptions/{made}/reversal", {"reason": "scanned by mistake", "at": "2026-03-01T10:00:00Z"}
    assert library.call("POST", path, json=body).status_code == 404
    other = Desk(desk.client, sqlite_world.keys["Pool"]).call("POST", path, json=body)
    assert other.status_code == 403
    for wrong in (
        {},
        {"reason": ""},
        {"reason": 1},
        {"reason": "x" * 201},
        {"reason": "\ud800"},
        {"reason": "x", "at": "now"},
    ):
        assert desk.call("POST", path, json=wrong).status_code == 422
    answer = desk.call("POST", path, json=body)
    assert (answer.status_code, answer.json) == (200, {"id": made, "outcome": "reversed", "reason": None})
    assert desk.call("POST", path, json=body).json == answer.json
    told = desk.call("GET", f"/redemptions/{made}").json
    assert told is not None
    assert told["outcome"] == "accepted"
    assert told["reversed_at"] is not None
    assert desk.redeem(sqlite_world.token(11)).status_code == 201


def test_a_visit_that_never_was_is_not_found(desk: Desk) -> None:
    assert desk.call("GET", f"/redemptions/{uuid4()}").status_code == 404
    assert desk.call("POST", f"/redemptions/{uuid4()}/reversal", json={"reason": "x"}).status_code == 404


def test_typed_serials_are_told_to_a_desk_that_may_take_them(desk: Desk, sqlite_world: World) -> None:
    directory.set_policy(sqlite_world.store, venue=LEISURE, keyed_per_day=1)
    told = desk.call("GET", "/desk").json
    assert told is not None
    assert told["policy"]["keyed"] is True
    first, second = desk.redeem(sqlite_world.serial(11)), desk.redeem(sqlite_world.serial(12))
    assert first.json is not None
    assert second.json is not None
    assert first.json["outcome"] == "accepted"
    assert second.json["notes"][0]["verdict"] == "keyed_not_allowed"


def test_a_service_without_its_books_says_when_to_come_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.core.errors import Unavailable
    from app.store.database import Store

    def gone(*_: object) -> None:
        raise Unavailable("The database cannot answer now.")

    monkeypatch.setattr(Store, "read", gone)
    answer = desk.call("GET", "/desk")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    ready = desk.client.get("/readyz")
    assert (ready.status_code, ready.mimetype) == (503, "application/problem+json")
    assert desk.client.get("/healthz").status_code == 200


def test_a_held_order_is_refused_at_once(desk: Desk, sqlite_world: World) -> None:
    sqlite_world.move(Kind.HOLD, "CWL26 11-50", reason="stolen")
    answer = desk.redeem(sqlite_world.token(11))
    assert answer.json is not None
    assert answer.json["notes"][0]["verdict"] == "held"
