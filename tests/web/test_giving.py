"""The page on which an organisation records a hand-out."""

from datetime import date
from uuid import uuid4

import pytest

from app.core.wall_clock import day_of
from tests.web.conftest import SignIn, csrf_of, now


def day(on: date) -> str:
    """A day as the pages write it."""
    return f"{on.day} {on:%B} {on.year}"


def send(client, **data: str):  # type: ignore[no-untyped-def]
    page = client.get("/office/hand-out?organisation=1")
    assert page.status_code == 200
    fields = {"request_id": str(uuid4()), "organisation": "1", "activity": "Beach clean", "people": "15", "hours": ""}
    return client.post("/office/hand-out", data={**fields, "csrf_token": csrf_of(client, "/account"), **data})


def test_a_keeper_records_a_hand_out_and_sees_it_in_the_picture(signed_in: SignIn) -> None:
    client, request_id = signed_in("keeper"), str(uuid4())
    answer = send(client, notes="12", request_id=request_id)
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    assert "12 notes for Beach clean." in page
    assert "CWL26 10-21" in page
    assert send(client, notes="12", request_id=request_id).headers["Location"] == answer.headers["Location"]
    form = client.get("/office/hand-out").text
    assert '<option value="Beach clean">' in form
    assert '<td class="figure">15</td>' in form
    assert "CWL26 22-44" in form


def test_a_hand_out_of_another_day_is_told_with_its_day(signed_in: SignIn) -> None:
    client, today = signed_in("keeper"), day_of(now())
    form = client.get("/office/hand-out").text
    assert f'type="date" value="{today}" max="{today}"' in form
    page = client.get(send(client, notes="12", given_on=f"{today}").headers["Location"]).text
    assert f"<dt>Day</dt><dd>{day(today)}</dd>" in page
    assert f"Beach clean · {day(today)} ·" in client.get("/office/hand-out/recorded").text
    early = send(client, notes="CWL26 22", given_on="2026-01-01")
    assert early.status_code == 422
    assert f"These notes were issued on {day(today)}: choose that day or a later one." in early.text
    assert 'type="date" value="2026-01-01"' in early.text


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        ({"notes": "12", "given_on": "2099-01-01"}, 422, "That day is still to come"),
        ({"notes": "12", "given_on": "yesterday"}, 422, "Write the day like 2026-11-26."),
        ({"notes": "900"}, 409, "no stretch of that many notes"),
        ({"notes": "12", "people": "Mary"}, 422, "Hours and people are whole numbers"),
        ({"notes": "12", "hours": "13"}, 422, "One note is one hour"),
        ({"notes": "CWL26 51"}, 409, "not all issued to this organisation"),
        ({"notes": "LAN26 1"}, 409, "not all issued to this organisation"),
        ({"notes": "nothing"}, 422, "no note, span, order or label"),
        ({"notes": "12", "organisation": "2"}, 404, "no such organisation among yours"),
        ({"notes": "12", "request_id": "x"}, 422, "too old or came from elsewhere"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_kept(
    signed_in: SignIn, data: dict[str, str], status: int, sentence: str
) -> None:
    answer = send(signed_in("keeper"), **data)
    assert answer.status_code == status
    assert sentence in answer.text
    assert 'value="Beach clean"' in answer.text


def test_staff_choose_the_organisation_and_only_among_theirs(signed_in: SignIn) -> None:
    client = signed_in("programme")
    page = client.get("/office/hand-out").text
    assert "YMCA Cornwall" in page
    assert "Chorley" not in page.split("<main")[1]
    assert "YMCA Cornwall" in client.get("/office/hand-out?organisation=1").text
    assert "Chorley" not in client.get("/office/hand-out?organisation=2").text.split("<main")[1]
    other = signed_in("auditor").get("/office/hand-out")
    assert other.status_code == 403


def take_back(client, number: int, reason: str, organisation: str = "1"):  # type: ignore[no-untyped-def]
    data = {"reason": reason, "organisation": organisation, "csrf_token": csrf_of(client, "/account")}
    return client.post(f"/office/hand-out/{number}/take-back", data=data)


def test_a_keeper_takes_a_wrong_hand_out_back_and_sees_who_did(signed_in: SignIn) -> None:
    client = signed_in("keeper")
    made = client.get(send(client, notes="12").headers["Location"]).text
    assert "<dt>Hand-out</dt><dd>1</dd>" in made
    assert "/office/hand-out/recorded?organisation=1" in made
    page = client.get("/office/hand-out/recorded").text
    assert "CWL26 10-21" in page
    assert "<s>" not in page
    assert take_back(client, 1, " ").status_code == 422
    for _time in range(2):
        assert take_back(client, 1, "of another day").status_code == 303
    page = client.get("/office/hand-out/recorded").text
    assert '<s><strong class="serial">CWL26 10-21</strong>' in page
    assert "Taken back: of another day" in page
    assert "keeper@example.org" in page
    again = take_back(client, 1, "another reason")
    assert again.status_code == 409
    assert "taken back already, for another reason" in again.text
    assert send(client, notes="12").status_code == 303, "the notes can be handed out again"


def test_a_hand_out_is_taken_back_by_those_who_may_record_it_alone(signed_in: SignIn) -> None:
    for first in range(12, 15):
        send(signed_in("programme"), notes=f"CWL26 {first}")
    staff, auditor = signed_in("programme"), signed_in("auditor")
    assert take_back(auditor, 1, "wrong").status_code == 403
    assert staff.get("/office/hand-out/recorded?organisation=2").status_code == 404
    assert take_back(staff, 9, "wrong").status_code == 404
    older = staff.get("/office/hand-out/recorded?organisation=1&before=3").text
    assert "CWL26 13" in older
    assert "CWL26 14" not in older
    for odd in ("x", "-1", "0", "9" * 30):
        assert staff.get(f"/office/hand-out/recorded?organisation=1&before={odd}").status_code == 200
    assert take_back(staff, 2, "wrong").status_code == 303
