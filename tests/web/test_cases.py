"""Cases in the browser: looked at, settled, and gone; and what two venues took while apart."""

from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient

from app.services import desks, journal
from app.services.journal import Redeem
from tests.web.conftest import SignIn, World, csrf_of, now


def _cases(client: FlaskClient) -> str:
    return client.get("/office/cases").text.split('id="waiting"')[1].split('id="settled"')[0]


def _first(client: FlaskClient) -> str:
    return _cases(client).split('href="')[1].split('"')[0]


def _send(client: FlaskClient, path: str, **data: str) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": csrf_of(client, "/account"), **data})
    return answer.status_code, answer.text


def test_a_case_is_looked_at_and_settled(signed_in: SignIn) -> None:
    office, auditor = signed_in("programme"), signed_in("auditor")
    assert "Already spent" in _cases(office)
    assert "No case to look at." in _cases(auditor), "of another programme"
    path = _first(office)
    page = office.get(path).text
    for told in (
        "Spent before",
        "Carn Brea Leisure Centre",
        "CWL26-001",
        "YMCA Cornwall",
        "Its neighbours",
        "shown twice",
    ):
        assert told in page, told
    assert _send(office, path, note="?")[0] == 422, "without a reason"
    status, page = _send(office, path, reason="shown_twice", note="x" * 300)
    assert (status, "in 200 letters at most" in page) == (422, True)
    assert _send(office, path, reason="shown_twice", note="Twice to the camera.")[0] == 303
    assert "No case to look at." in _cases(office)
    assert "Twice to the camera." in office.get("/office/cases").text
    assert "What did you come to?" not in office.get(path).text
    assert _send(auditor, path, reason="copy")[0] == 403
    assert auditor.get(path).status_code == 404
    assert office.get("/office/cases/999999").status_code == 404


def test_each_attempt_after_a_hold_is_on_its_page(signed_in: SignIn, desk_client: FlaskClient, world: World) -> None:
    office = signed_in("programme")
    data = {
        "q": "CWL26 20-25",
        "reason": "stolen",
        "request_id": str(uuid4()),
        "csrf_token": csrf_of(office, "/account"),
    }
    held = office.post("/office/hold", data=data).headers["Location"]
    assert "Nobody has tried to spend them since." in office.get(held).text
    _redeem(desk_client, world, 22)
    page = office.get(held).text
    assert "Attempts since" in page
    assert "CWL26 0000022" in page
    assert "CWL26 0000022" in _cases(office)


def test_what_two_venues_took_is_resolved_in_the_browser(app: Flask, signed_in: SignIn, world: World) -> None:
    store, visit = app.extensions["hournote_books"], uuid4()
    desk = desks.desk_of_key(store, world.key, now=now())
    entry = Redeem(visit, [world.token(10)], None, now(), True, False)
    journal.enter(store, desk=desk, entries=[entry], now=now())
    office = signed_in("programme")
    page = office.get("/office/cases").text
    assert "Taken by two venues while apart" in page
    path = f"/office/conflicts/{visit}"
    assert path in page
    assert "Nothing that you choose here makes a note good again." in office.get(path).text
    assert _send(office, path, reason="written_off")[0] == 303
    assert path not in office.get("/office/cases").text
    assert "Written off" in office.get(path).text
    assert signed_in("auditor").get(path).status_code == 404
    assert office.get(f"/office/conflicts/{UUID(int=5)}").status_code == 404


def _redeem(client: FlaskClient, world: World, number: int) -> None:
    body = {
        "notes": [world.token(number)],
        "offer": None,
        "scanned_at": now().isoformat(),
        "offline": False,
        "practice": False,
    }
    answer = client.put(f"/api/v1/redemptions/{uuid4()}", json=body, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code in (200, 201), answer.text
