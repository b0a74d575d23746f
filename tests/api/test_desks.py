"""What a desk is told of itself and of the notes, and how it is let in."""

from base64 import b64decode
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.lifecycle import Kind
from app.core.serial import parse_canonical
from app.services import accounts, desks
from app.web.site import DESK_COOKIE
from tests import staff
from tests.api.conftest import Desk
from tests.world import BODMIN, CHORLEY, LEISURE, YMCA, World

CALLS = [
    ("PUT", "/redemptions/12345678-1234-5678-1234-567812345678", {"notes": ["x"]}),
    ("GET", "/redemptions/12345678-1234-5678-1234-567812345678", None),
    ("POST", "/redemptions/12345678-1234-5678-1234-567812345678/reversal", {"reason": "x"}),
    ("POST", "/redemptions/batch", {"entries": [{"type": "redeem"}]}),
    ("POST", "/checks", {"notes": ["x"]}),
    ("GET", "/desk", None),
    ("GET", "/desk/snapshot", None),
    ("GET", "/notes/CWL260000011A", None),
]


@pytest.mark.parametrize(
    "authorization", [None, "Bearer", "Bearer ", "Bearer nonsense", "Basic eDp5", "Bearer \u00ff", "x" * 3000]
)
@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_nobody_without_a_key_is_answered(
    client: FlaskClient, authorization: str | None, method: str, path: str, body: object
) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = client.open(f"/api/v1{path}", method=method, json=body, headers=headers)
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_desk_is_not_answered(desk: Desk, sqlite_world: World) -> None:
    assert desk.call("GET", "/desk").status_code == 200
    desks.revoke_desk(sqlite_world.store, desk="Front desk", now=sqlite_world.now)
    assert desk.call("GET", "/desk").status_code == 401
    assert desk.redeem(sqlite_world.token(11)).status_code == 401
    assert sqlite_world.state(11) == "issued"


def test_a_browser_desk_needs_a_token_against_other_sites(app: Flask, sqlite_world: World) -> None:
    client = app.test_client()
    client.set_cookie(DESK_COOKIE, sqlite_world.keys["Front desk"])
    assert client.get("/api/v1/desk").status_code == 200
    refused = client.post("/api/v1/checks", json={"notes": ["x"]})
    assert (refused.status_code, refused.mimetype) == (400, "application/problem+json")
    page = client.get("/account/sign-in").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post("/api/v1/checks", json={"notes": ["x"]}, headers={"X-CSRFToken": token}).status_code == 200
    for told, status in (
        ({"Sec-Fetch-Site": "same-origin"}, 200), ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, 400), ({"Origin": "http://localhost"}, 200),
        ({"Origin": "https://localhost"}, 200), ({"Origin": "http://localhost.example"}, 400), ({"Origin": "null"}, 400),
    ):  # fmt: skip
        answer = client.post("/api/v1/checks", json={"notes": ["x"]}, headers=told)
        assert answer.status_code == status, told
    client.set_cookie(DESK_COOKIE, "another")
    answer = client.post("/api/v1/checks", json={"notes": ["x"]}, headers={"X-CSRFToken": token})
    assert answer.status_code == 401


def test_a_desk_is_told_its_venue_offers_and_policy(desk: Desk, sqlite_world: World) -> None:
    told = desk.call("GET", "/desk").json
    assert told is not None
    assert told["desk"] == "Front desk"
    assert (told["venue"]["name"], told["venue"]["kind"], told["venue"]["programme"]) == (LEISURE, "corporate", "CWL")
    assert {(each["name"], each["hours"]) for each in told["offers"]} == {
        ("Swim", 1), ("Gym and swim", 2), ("Neighbours' lunch", 1),
    }  # fmt: skip
    assert told["policy"] == {"offline_notes": 20, "offline_hours": 24, "keyed": False, "clear_seconds": 8}


def test_a_desk_enrols_once(client: FlaskClient, sqlite_world: World) -> None:
    body = {"code": sqlite_world.codes["Pool"], "name": "Pool side"}
    answer = client.post("/api/v1/desks/enrolments", json=body)
    assert answer.status_code == 201
    assert answer.json is not None
    assert (answer.json["desk"], answer.json["venue"]) == ("Pool side", LEISURE)
    assert Desk(client, answer.json["key"]).call("GET", "/desk").status_code == 200
    assert Desk(client, sqlite_world.keys["Pool"]).call("GET", "/desk").status_code == 401
    again = client.post("/api/v1/desks/enrolments", json=body)
    assert (again.status_code, again.mimetype) == (403, "application/problem+json")


@pytest.mark.parametrize("body", [{}, {"code": None}, {"code": 1}, {"code": "\ud800"}, {"code": "x" * 3000}, []])
def test_an_enrolment_that_is_none_is_refused(client: FlaskClient, body: object) -> None:
    assert client.post("/api/v1/desks/enrolments", json=body).status_code == 422


def test_codes_are_not_guessed(client: FlaskClient) -> None:
    answers = [client.post("/api/v1/desks/enrolments", json={"code": str(n)}).status_code for n in range(25)]
    assert set(answers[:20]) == {403}
    assert answers[-1] == 429
    last = client.post("/api/v1/desks/enrolments", json={"code": "x"})
    assert last.mimetype == "application/problem+json"
    assert int(last.headers["Retry-After"]) > 0


# --- the snapshot


def test_a_snapshot_is_all_that_a_desk_needs_without_the_network(desk: Desk, sqlite_world: World) -> None:
    world = sqlite_world
    for numbers in ([11], [19, 20], [50]):
        world.redeem(*numbers)
    world.reverse(world.redeem(30)["id"])
    world.redeem(world.token(1, "LAN26"), desk="Box office")
    answer = desk.call("GET", "/desk/snapshot")
    told = answer.json
    assert told is not None
    bits = {series: _numbers(b64decode(bitmap)) for series, bitmap in told["redeemed"].items()}
    assert bits == {"CWL26": {11, 19, 20, 50}, "LAN26": {1}}
    assert _spans(told["issued"]) == {"CWL25 1-5", "CWL26 11-60", "LAN26 1-20"}
    assert _spans(told["blocked"]) == {"CWL26 5-7", "CWL26 81-90"}
    assert _spans(told["held"]) == {"CWL26 81-85"}
    assert _spans(told["keyring"]) == {"CWL26 1-100", "CWL26 101-110", "LAN26 1-20", "SPC26 1-3", "CWL25 1-5"}
    assert {len(b64decode(key["public_key"])) for key in told["keyring"]} == {32}
    expiries = {key["first"][:5]: key["expires_on"] for key in told["keyring"]}
    assert expiries["CWL26"] is None
    assert expiries["CWL25"] is not None
    assert told["cursor"]
    assert not any(name in answer.text for name in (YMCA, BODMIN, CHORLEY))


def test_changes_alone_are_told_since_a_cursor(desk: Desk, sqlite_world: World) -> None:
    world = sqlite_world
    made = world.redeem(11)["id"]
    whole = desk.call("GET", "/desk/snapshot").json
    assert whole is not None
    world.redeem(12)
    world.reverse(made)
    told = desk.call("GET", "/desk/snapshot", query_string={"since": whole["cursor"]}).json
    assert told is not None
    assert (told["redeemed"], told["given_back"]) == ([world.serial(12)], [world.serial(11)])
    world.move(Kind.VOID, "CWL26 50", reason="stolen")
    world.move(Kind.HOLD, "CWL26 51", reason="stolen")
    told = desk.call("GET", "/desk/snapshot", query_string={"since": told["cursor"]}).json
    assert told is not None
    assert told.keys() == {"cursor", "redeemed", "given_back", "keyring", "issued", "blocked", "held"}
    assert _spans(told["blocked"]) == {"CWL26 5-7", "CWL26 50-51", "CWL26 81-90"}
    assert _spans(told["held"]) == {"CWL26 51-51", "CWL26 81-85"}


@pytest.mark.parametrize(
    "since", ["", "0", "x" * 3000, "2026-11-26T05:49:21+00:00", "0.999999.00000000", "\x00", "\ud800", "0.%00.1"]
)
def test_a_cursor_that_is_none_is_answered_with_take_the_whole_again(desk: Desk, since: str) -> None:
    path = "/desk/snapshot?" + urlencode({"since": since}, errors="surrogatepass")
    answer = desk.call("GET", path)
    assert (answer.status_code, answer.mimetype) == (410, "application/problem+json")


# --- staff


def test_the_life_of_a_note_is_for_staff_of_its_programme(app: Flask, sqlite_world: World) -> None:
    world = sqlite_world
    world.redeem(11)
    world.move(Kind.VOID, "CWL26 11-20", reason="stolen")
    path = f"/api/v1/notes/{world.serial(11)}"
    expected = {"national": 200, "programme": 200, "auditor": 403, "press": 403, "keeper": 403, "venue": 403}
    scopes = {"programme": {"programme": "CWL"}, "auditor": {"programme": "LAN"}, "press": {"programme": "CWL"},
              "keeper": {"organisation": YMCA}, "venue": {"venue": LEISURE}}  # fmt: skip
    for role, status in expected.items():
        made, _ = accounts.add_account(
            world.store,
            email=f"{role}@example.org",
            role=role,
            now=world.now,
            **scopes.get(role, {}),
        )
        client = app.test_client()
        staff.sign_in(client, world.store, made, now=world.now)
        answer = client.get(path)
        assert answer.status_code == status, role
        if status == 200:
            assert answer.json is not None
            assert (answer.json["serial"], answer.json["state"], answer.json["holder"]) == (
                world.serial(11),
                "redeemed",
                YMCA,
            )
            assert [each["kind"] for each in answer.json["movements"]] == ["order", "print", "receive", "issue", "void"]
            assert answer.json["redemptions"][0]["venue"] == LEISURE
            assert client.get("/api/v1/notes/nonsense").status_code == 422
            assert client.get("/api/v1/notes/CWL2799999997").status_code in (404, 422)


def _numbers(bitmap: bytes) -> set[int]:
    return {8 * place + bit + 1 for place, byte in enumerate(bitmap) for bit in range(8) if byte >> bit & 1}


def _spans(told: list[dict[str, str]]) -> set[str]:
    ends = [(parse_canonical(each["first"]), parse_canonical(each["last"])) for each in told]
    return {f"{first.series} {first.number}-{last.number}" for first, last in ends}
