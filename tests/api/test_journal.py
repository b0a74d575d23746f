"""The journal of a desk that was offline, and reversals by staff, over HTTP."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.factory import LARGEST_BODY_BYTES
from app.services import accounts, desks
from app.web.site import DESK_COOKIE
from tests import staff
from tests.api.conftest import Desk
from tests.world import HALL, LEISURE, World


def redeem(world: World, *numbers: int, **more: Any) -> dict[str, Any]:
    """An entry of a visit that a desk accepted an hour ago."""
    seen = (world.now - timedelta(hours=1)).isoformat()
    notes = [world.token(number) for number in numbers]
    return {
        "type": "redeem",
        "id": str(uuid4()),
        "notes": notes,
        "offer": None,
        "scanned_at": seen,
        "offline": True,
        **more,
    }


def send(desk: Desk, *entries: object) -> list[Any]:
    """The answers to a journal."""
    answer = desk.call("POST", "/redemptions/batch", json={"entries": list(entries)})
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    told: list[Any] = answer.json["answers"]
    return told


def test_a_journal_is_answered_entry_by_entry(desk: Desk, sqlite_world: World) -> None:
    world = sqlite_world
    first = redeem(world, 11, practice=False)
    back = {"type": "reverse", "id": first["id"], "reason": "wrong note", "at": first["scanned_at"]}
    told = send(desk, first, back, redeem(world, 86), redeem(world, 12))
    note = {"serial": world.serial(11), "verdict": "accepted", "message": "Accepted.", "first_redeemed_at": None,
            "first_venue": None}  # fmt: skip
    assert told[0] == {
        "type": "redeem", "id": first["id"], "outcome": "accepted", "reason": None, "hours": 1, "notes": [note], "late": True,
    }  # fmt: skip
    assert told[1] == {"type": "reverse", "id": first["id"], "outcome": "reversed", "reason": None, "late": True}
    assert [told[2]["reason"], told[3]["outcome"]] == ["note_refused", "accepted"]
    assert send(desk, first, back) == told[:2]


WRONG: list[tuple[object, int]] = [
    (None, 422),
    ("redeem", 422),
    ([], 422),
    ({}, 422),
    ({"type": "spend"}, 422),
    ({"type": 1, "id": 2}, 422),
    ({"type": "redeem"}, 422),
    ({"type": "redeem", "id": "1", "notes": ["x"]}, 422),
    ({"type": "redeem", "id": str(uuid4())}, 422),
    ({"type": "redeem", "id": str(uuid4()), "notes": ["x"] * 51}, 422),
    ({"type": "redeem", "id": str(uuid4()), "notes": ["x", "x"]}, 422),
    ({"type": "redeem", "id": str(uuid4()), "notes": ["x"], "offer": 999}, 422),
    ({"type": "redeem", "id": str(uuid4()), "notes": ["x"], "offline": "yes"}, 422),
    ({"type": "redeem", "id": str(uuid4()), "notes": ["x"], "scanned_at": "then"}, 422),
    ({"type": "redeem", "id": str(uuid4()), "notes": ["x"], "scanned_at": "2020-01-01T00:00:00Z"}, 422),
    ({"type": "reverse", "id": str(uuid4()), "reason": "wrong note"}, 404),
    ({"type": "reverse", "id": str(uuid4())}, 422),
    ({"type": "reverse", "id": str(uuid4()), "reason": "x" * 201}, 422),
]


@pytest.mark.parametrize(("entry", "status"), WRONG)
def test_a_wrong_entry_stops_none_of_the_others(desk: Desk, sqlite_world: World, entry: object, status: int) -> None:
    told = send(desk, entry, redeem(sqlite_world, 11))
    assert told[0].keys() == {"type", "id", "problem"}
    assert told[0]["problem"].keys() == {"status", "title", "detail"}
    assert told[0]["problem"]["status"] == status
    if isinstance(entry, dict) and isinstance(entry.get("type"), str):
        assert (told[0]["type"], told[0]["id"]) == (entry["type"], entry.get("id"))
    assert told[1]["outcome"] == "accepted"


@pytest.mark.parametrize("body", [{}, [], {"entries": "x"}, {"entries": {}}, {"entries": [None] * 501}])
def test_what_is_no_journal_is_refused(desk: Desk, body: object) -> None:
    answer = desk.call("POST", "/redemptions/batch", json=body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


def test_a_long_journal_may_be_larger_than_a_visit(desk: Desk) -> None:
    entries = [{"type": "redeem", "id": str(uuid4()), "notes": ["x" * 1900]}] * 200
    assert LARGEST_BODY_BYTES < 200 * 1900
    assert len(send(desk, *entries)) == 200


def test_a_long_journal_of_a_browser_desk_is_taken_too(app: Flask, sqlite_world: World) -> None:
    client = app.test_client()
    client.set_cookie(DESK_COOKIE, sqlite_world.keys["Front desk"])
    token = client.get("/account/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
    entries = [{"type": "redeem", "id": str(uuid4()), "notes": ["x" * 1900]}] * 200
    path, body = "/api/v1/redemptions/batch", {"entries": entries}
    assert client.post(path, json=body).status_code == 400
    assert client.post(path, json=body, headers={"X-CSRFToken": token}).status_code == 200
    too_large = {"entries": [{**entries[0], "notes": ["x" * 1900] * 50}] * 500}
    assert client.post(path, json=too_large, headers={"X-CSRFToken": token}).status_code == 413


def test_a_service_that_cannot_answer_stops_a_journal_as_a_whole(
    desk: Desk, sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.core.errors import Unavailable
    from app.store.database import Store

    def gone(*_: object) -> None:
        raise Unavailable("The database cannot answer now.")

    desk.call("GET", "/desk")
    with monkeypatch.context() as patched:
        patched.setattr(Store, "write", gone)
        answer = desk.call("POST", "/redemptions/batch", json={"entries": [redeem(sqlite_world, 11)]})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


# --- desks that may only check


def test_a_checking_desk_checks_and_spends_nothing(app: Flask, sqlite_world: World) -> None:
    world = sqlite_world
    made = desks.add_desk(world.store, venue=LEISURE, name="Door", now=world.now, check_only=True)
    key = desks.enrol(world.store, code=made.code or "", name=None, now=world.now).key
    door, visit = Desk(app.test_client(), key), str(uuid4())
    assert door.call("POST", "/checks", json={"notes": [world.token(11)]}).status_code == 200
    assert door.call("GET", "/desk/snapshot").status_code == 200
    told = door.call("GET", "/desk").json
    assert told is not None
    assert told["scope"] == "check"
    for answer in (
        door.redeem(world.token(11)),
        door.redeem(world.token(11), practice=True),
        door.call("POST", f"/redemptions/{visit}/reversal", json={"reason": "x"}),
        door.call("POST", "/redemptions/batch", json={"entries": [redeem(world, 11)]}),
    ):
        assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert world.state(11) == "issued"
    client = app.test_client()
    client.set_cookie(DESK_COOKIE, key)
    assert 'class="spend"' not in client.get("/desk").text


# --- reversal by staff


SignIn = Callable[..., FlaskClient]


@pytest.fixture
def signed_in(app: Flask, sqlite_world: World) -> SignIn:
    """A browser in which somebody with that role is signed in."""

    def sign_in(role: str, **scope: str) -> FlaskClient:
        made, _ = accounts.add_account(
            sqlite_world.store, email=f"{role}@example.org", role=role, now=sqlite_world.now, **scope
        )
        client = app.test_client()
        staff.sign_in(client, sqlite_world.store, made, now=sqlite_world.now)
        return client

    return sign_in


def reverse(client: FlaskClient, made: str, reason: object = "the class fell out", **headers: str) -> Any:
    """Ask as a page of our own does."""
    sent = headers or {"X-CSRFToken": client.get("/office").text.split('name="csrf_token" value="')[1].split('"')[0]}
    return client.post(f"/api/v1/redemptions/{made}/reversal", json={"reason": reason}, headers=sent)


def test_staff_give_a_visit_back_after_the_quarter_of_an_hour(sqlite_world: World, signed_in: SignIn) -> None:
    world = sqlite_world
    made = world.redeem(11)["id"]
    world.later(days=3)
    assert world.reverse(made)["reason"] == "too_late"
    office = signed_in("programme", programme="CWL")
    assert reverse(office, made, "").status_code == 422
    answer = reverse(office, made)
    assert (answer.status_code, answer.json) == (200, {"id": made, "outcome": "reversed", "reason": None})
    assert reverse(office, made).json == answer.json, "again gives the same"
    assert world.state(11) == "issued"
    assert world.reverse(made)["outcome"] == "reversed", "to the desk as well"


def test_what_cannot_be_given_back_is_refused_to_staff_too(sqlite_world: World, signed_in: SignIn) -> None:
    world, office = sqlite_world, signed_in("national")
    retired, refused, practised = world.redeem(11)["id"], world.redeem(86)["id"], world.redeem(12, practice=True)["id"]
    world.retire("CWL26 11")
    assert reverse(office, retired).json == {"id": retired, "outcome": "refused", "reason": "retired"}
    assert [reverse(office, made).json["reason"] for made in (refused, practised)] == ["not_accepted"] * 2
    assert reverse(office, str(uuid4())).status_code == 404
    assert reverse(office, "nonsense").status_code == 422


def test_staff_of_another_programme_and_other_roles_give_nothing_back(sqlite_world: World, signed_in: SignIn) -> None:
    made = sqlite_world.redeem(11)["id"]
    for role, scope in (
        ("programme", {"programme": "LAN"}),
        ("auditor", {"programme": "CWL"}),
        ("press", {"programme": "CWL"}),
        ("venue", {"venue": HALL}),
    ):
        client = signed_in(role, **scope)
        answer = reverse(client, made, **{"Sec-Fetch-Site": "same-origin"})
        assert (answer.status_code, answer.mimetype) == (403, "application/problem+json"), role
    assert sqlite_world.state(11) == "redeemed"


@pytest.mark.parametrize("headers", [{"X": "x"}, {"Sec-Fetch-Site": "cross-site"}, {"X-CSRFToken": "x"}])
def test_another_site_gives_nothing_back(sqlite_world: World, signed_in: SignIn, headers: dict[str, str]) -> None:
    made = sqlite_world.redeem(11)["id"]
    office = signed_in("national")
    assert reverse(office, made, **headers).status_code == 400
    assert sqlite_world.state(11) == "redeemed"
    assert reverse(office, made, **{"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_a_browser_that_is_a_desk_asks_as_the_desk(sqlite_world: World, signed_in: SignIn) -> None:
    made = sqlite_world.redeem(11)["id"]
    office = signed_in("national")
    office.set_cookie(DESK_COOKIE, sqlite_world.keys["Pool"])
    assert reverse(office, made).status_code == 403, "another desk made it"
    office.set_cookie(DESK_COOKIE, "one that was revoked")
    assert reverse(office, made).status_code == 200
