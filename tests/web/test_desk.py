"""The desk page, without a script."""

import logging
import re
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.verdict import MESSAGES, Verdict
from app.services import desks, guessing
from app.web import words
from tests.web.conftest import World, csrf_of, now


def _field(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def _redeem(client: FlaskClient, *notes: str, path: str = "/desk/redeem", **more: str) -> str:
    page = client.get("/desk").text
    fields = {"csrf_token": _field(page, "csrf_token"), "redemption": _field(page, "redemption")}
    many = {"note": notes[0]} if len(notes) == 1 else {"notes": "\r\n".join(notes)}
    return client.post(path, data={**fields, **many, **more}).text


def _word(page: str) -> str:
    return page.split('class="answer-word">')[1].split("<")[0]


def test_a_browser_that_is_no_desk_is_told_how_to_become_one(client: FlaskClient) -> None:
    assert "This browser is not a desk yet" in client.get("/desk").text
    answer = client.post("/desk/redeem", data={"note": "x", "csrf_token": csrf_of(client)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")


def test_a_desk_is_enrolled_once_and_its_key_is_kept_from_scripts(client: FlaskClient, world: World) -> None:
    fields = {"code": world.code, "name": "Left till", "csrf_token": csrf_of(client, "/desk/enrol")}
    answer = client.post("/desk/enrol", data=fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("hournote_desk="))
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie, "plain HTTP on this machine"
    page = client.get("/desk").text
    assert "Left till" in page
    assert cookie.split("=")[1].split(";")[0] not in page
    again = client.post("/desk/enrol", data=fields)
    assert again.status_code == 403
    assert "used already or is too old" in again.text
    assert 'href="/desk"' in again.text


def test_the_desk_cookie_is_secure_away_from_this_machine(app: Flask, world: World) -> None:
    client, away = app.test_client(), "https://notes.example.org"
    page = client.get("/desk/enrol", base_url=away).text
    fields = {"code": world.code, "name": "", "csrf_token": _field(page, "csrf_token")}
    answer = client.post("/desk/enrol", data=fields, base_url=away, headers={"Referer": away})
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("hournote_desk="))
    assert "Secure" in cookie


def test_a_note_is_spent_once(desk_client: FlaskClient, world: World) -> None:
    first = _redeem(desk_client, world.token(20), offer=str(world.offers["Swim"]))
    assert _word(first) == "Accepted"
    assert "1 hour – Swim" in first
    second = _redeem(desk_client, world.token(20))
    assert _word(second) == "Already spent"
    assert re.search(r"First spent: <time [^>]*>[^<]+</time> \(here\)", second)


def test_where_another_venue_took_it_is_not_told(app: Flask, world: World) -> None:
    store = app.extensions["hournote_books"]
    other = desks.add_desk(store, venue="Chorley Little Theatre", name="Box office", now=now())
    client = app.test_client()
    client.set_cookie("hournote_desk", other.key, domain="localhost")
    page = _redeem(client, world.token(10))
    assert "(at another venue)" in page
    assert "Carn Brea" not in page


@pytest.mark.parametrize(
    ("number", "verdict"),
    [(10, "already_redeemed"), (45, "held"), (46, "void"), (7, "not_issued"), (2, "void"), (55, "not_issued")],
)
def test_a_refused_note_has_its_word_shape_and_sentence(
    desk_client: FlaskClient, world: World, number: int, verdict: str
) -> None:
    page = _redeem(desk_client, world.token(number))
    word = words.VERDICTS[verdict]
    assert _word(page) == str(word.text)
    assert f'class="answer {word.family}"' in page
    assert MESSAGES[Verdict(verdict)] in page


def test_rubbish_is_not_repeated(desk_client: FlaskClient) -> None:
    page = _redeem(desk_client, "<script>alert(1)</script>")
    assert _word(page) == "Cannot be read"
    assert "alert(1)" not in page


def test_the_form_sent_twice_gets_the_same_answer(desk_client: FlaskClient, world: World) -> None:
    page = desk_client.get("/desk").text
    fields = {name: _field(page, name) for name in ("csrf_token", "redemption")}
    words_ = [_word(desk_client.post("/desk/redeem", data={**fields, "note": world.token(21)}).text) for _ in range(3)]
    assert words_ == ["Accepted"] * 3


def test_a_page_used_already_does_not_spend_another_note(desk_client: FlaskClient, world: World) -> None:
    page = desk_client.get("/desk").text
    fields = {name: _field(page, name) for name in ("csrf_token", "redemption")}
    desk_client.post("/desk/redeem", data={**fields, "note": world.token(22)})
    answer = desk_client.post("/desk/redeem", data={**fields, "note": world.token(23)})
    assert answer.status_code == 409
    assert _word(answer.text) == "Scan again"
    assert _word(_redeem(desk_client, world.token(23))) == "Accepted"


def test_checking_does_not_spend(desk_client: FlaskClient, world: World) -> None:
    page = _redeem(desk_client, world.token(24), path="/desk/check")
    assert _word(page) == "Good, not spent yet"
    assert "asked" in page.split('id="answer"')[0].rsplit("class=", 1)[1]
    assert _word(_redeem(desk_client, world.token(24))) == "Accepted"
    assert _word(_redeem(desk_client, world.token(24), path="/desk/check")) == "Already spent"


def test_several_notes_are_spent_together_or_not_at_all(desk_client: FlaskClient, world: World) -> None:
    wall = str(world.offers["Climbing wall, with a guide"])
    page = _redeem(desk_client, world.token(25), offer=wall)
    assert _word(page) == "Wrong number of notes"
    assert "costs 2 hours" in page
    page = _redeem(desk_client, world.token(25), world.token(10), offer=wall)
    assert _word(page) == "Already spent"
    assert "Nothing was spent." in page
    page = _redeem(desk_client, world.token(25), world.token(26), offer=wall)
    assert _word(page) == "Accepted"
    assert "2 hours – Climbing wall" in page


def test_a_note_twice_in_one_visit_is_asked_for_again(desk_client: FlaskClient, world: World) -> None:
    page = _redeem(desk_client, world.token(25), world.token(25))
    assert _word(page) == "Scan again"
    assert "each note once" in page


def test_nothing_scanned_is_said(desk_client: FlaskClient) -> None:
    assert _word(_redeem(desk_client, " ")) == "No note yet"


def test_a_wrong_redemption_id_is_no_crash(desk_client: FlaskClient, world: World) -> None:
    assert _word(_redeem(desk_client, world.token(25), redemption="zzz")) == "Scan again"


def test_the_last_visits_of_this_browser_can_be_given_back(desk_client: FlaskClient, world: World) -> None:
    page = _redeem(desk_client, world.token(27))
    assert 'action="/desk/give-back"' in page
    visit = page.split('action="/desk/give-back"')[1]
    fields = {name: _field(visit, name) for name in ("csrf_token", "redemption")}
    without = desk_client.post("/desk/give-back", data=fields)
    assert without.status_code == 422
    assert _word(without.text) == "Not given back"
    answer = desk_client.post("/desk/give-back", data={**fields, "reason": "wrong note"}).text
    assert _word(answer) == "Given back"
    assert 'action="/desk/give-back"' not in answer
    assert _word(_redeem(desk_client, world.token(27))) == "Accepted"


def test_a_visit_of_nobody_cannot_be_given_back(desk_client: FlaskClient) -> None:
    fields = {"csrf_token": csrf_of(desk_client, "/desk"), "redemption": str(uuid4()), "reason": "wrong note"}
    answer = desk_client.post("/desk/give-back", data=fields)
    assert answer.status_code == 404
    assert _word(answer.text) == "Not given back"


def test_the_chosen_offer_stays_chosen(desk_client: FlaskClient, world: World) -> None:
    swim = str(world.offers["Swim"])
    page = _redeem(desk_client, world.token(28), offer=swim)
    assert f'value="{swim}" checked' in page


def test_another_venues_offer_is_not_taken(desk_client: FlaskClient, world: World) -> None:
    page = _redeem(desk_client, world.token(28), offer=str(world.offers["Matinee seat"]))
    assert "Matinee" not in page


def test_no_token_is_in_a_page_a_cookie_or_a_log(
    desk_client: FlaskClient, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        token = world.token(29)
        pages = [
            _redeem(desk_client, token, path="/desk/check"), _redeem(desk_client, token), _redeem(desk_client, token),
            _redeem(desk_client, token, world.token(30)), desk_client.get(token.split("EXAMPLE.ORG")[1]).text,
        ]  # fmt: skip
    cookies = str(desk_client._cookies)
    for place in (*pages, cookies, caplog.text):
        assert token[-40:] not in place


def test_the_answer_is_in_welsh(desk_client: FlaskClient, world: World) -> None:
    desk_client.get("/?lang=cy")
    page = _redeem(desk_client, world.token(31), offer=str(world.offers["Swim"]))
    assert _word(page) == "Derbyniwyd"
    assert "1 awr – Swim" in page


def test_an_answer_has_no_page_of_its_own(desk_client: FlaskClient) -> None:
    for path in ("/desk/redeem", "/desk/check", "/desk/give-back"):
        assert desk_client.get(path).headers["Location"] == "/desk"


def test_every_verdict_has_a_word_and_no_two_families_share_a_shape() -> None:
    assert set(words.VERDICTS) == set(Verdict)
    shapes = {(word.shape, word.family) for word in words.VERDICTS.values()}
    assert len({shape for shape, _family in shapes}) == len(shapes)


def test_a_form_sent_again_after_giving_back_does_not_say_accepted(desk_client: FlaskClient, world: World) -> None:
    """A reload of the answer's page, which a browser may offer on the way back."""
    page = desk_client.get("/desk").text
    fields = {name: _field(page, name) for name in ("csrf_token", "redemption")}
    spent = {**fields, "note": world.token(34)}
    assert _word(desk_client.post("/desk/redeem", data=spent).text) == "Accepted"
    back = desk_client.post("/desk/give-back", data={**fields, "reason": "wrong note"})
    assert _word(back.text) == "Given back"
    assert _word(desk_client.post("/desk/redeem", data=spent).text) == "Given back"


def test_a_desk_that_guesses_waits_on_its_own_page(
    desk_client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "MOST_BAD_NOTES", 2)
    pages = [_redeem(desk_client, f"CWL26 {5000 + number}") for number in range(4)]
    assert [_word(page) for page in pages] == ["Cannot be read"] * 2 + ["A little slower"] * 2
    page = desk_client.get("/desk").text
    fields = {name: _field(page, name) for name in ("csrf_token", "redemption")}
    answer = desk_client.post("/desk/check", data={**fields, "note": world.token(12)})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 601
