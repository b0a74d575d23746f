"""Signing in and out, and one-time links."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.factory import create_app
from app.services import accounts
from tests.web.conftest import PASSWORD, SignIn, World, csrf_of, now

WRONG = "That address and password do not go together."


def _try(client: FlaskClient, email: str, password: str, **more: str) -> tuple[int, str, str]:
    fields = {"email": email, "password": password, "csrf_token": csrf_of(client), **more}
    answer = client.post("/account/sign-in", data=fields)
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def _same(page: str) -> str:
    """A page without its CSRF tokens, which carry the time."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def test_staff_sign_in_and_come_to_the_office(signed_in: SignIn) -> None:
    assert "national@example.org" in signed_in("national").get("/office").text


def test_an_unknown_address_and_a_wrong_password_get_the_same_sentence(client: FlaskClient) -> None:
    unknown = _try(client, "nobody@example.org", "wrong password")
    wrong = _try(client, "programme@example.org", "wrong password")
    assert unknown[0] == wrong[0] == 403
    assert WRONG in unknown[2]
    assert _same(unknown[2].replace("nobody@", "programme@")) == _same(wrong[2])


def test_a_form_without_its_csrf_token_is_refused(client: FlaskClient) -> None:
    for path in ("/account/sign-in", "/account/sign-out", "/account/password", "/desk/redeem", "/desk/check",
                 "/desk/give-back", "/desk/enrol", "/office/look"):  # fmt: skip
        answer = client.post(path, data={"email": "programme@example.org", "password": PASSWORD})
        assert answer.status_code == 400, path
        assert "too old or came from elsewhere" in answer.text


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "/%0d%0aevil\r\n", "/\tevil", "evil", ""],
)  # fmt: skip
def test_after_signing_in_nobody_is_sent_elsewhere(client: FlaskClient, elsewhere: str) -> None:
    status, location, _text = _try(client, "programme@example.org", PASSWORD, next=elsewhere)
    assert (status, location) == (303, "/office")


def test_whoever_was_sent_to_sign_in_comes_back(client: FlaskClient) -> None:
    sent = client.get("/office/look?q=CWL26-001")
    assert sent.status_code == 302
    assert sent.headers["Location"].startswith("/account/sign-in?next=")
    assert 'name="next" value="/office/look?q=CWL26-001"' in client.get(sent.headers["Location"]).text
    _status, location, _text = _try(client, "programme@example.org", PASSWORD, next="/office/look?q=CWL26-001")
    assert location == "/office/look?q=CWL26-001"


def test_the_session_cookie_is_for_this_site_alone_and_lasts_twelve_hours(app: Flask) -> None:
    client = app.test_client()
    fields = {"email": "programme@example.org", "password": PASSWORD}
    token = csrf_of(client)
    cookie = client.post("/account/sign-in", data={**fields, "csrf_token": token}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert app.permanent_session_lifetime.total_seconds() == 12 * 3600
    away = app.test_client().get("/account/sign-in", base_url="http://notes.example.org")
    assert "Secure" in away.headers["Set-Cookie"]


def test_guessing_for_one_address_is_stopped_wherever_it_comes_from(client: FlaskClient) -> None:
    token = csrf_of(client)
    statuses = []
    for guess in range(12):
        data = {"email": "programme@example.org", "password": f"guess {guess}", "csrf_token": token}
        answer = client.post("/account/sign-in", data=data, environ_overrides={"REMOTE_ADDR": f"192.0.2.{guess}"})
        statuses.append(answer.status_code)
    assert statuses == [403] * 10 + [429] * 2


def test_guessing_from_one_place_is_stopped_whomever_it_is_for(client: FlaskClient) -> None:
    statuses = [_try(client, f"person{guess}@example.org", "a guess")[0] for guess in range(11)]
    assert statuses == [403] * 10 + [429]


def test_signing_in_well_does_not_count(client: FlaskClient) -> None:
    statuses = []
    for _ in range(12):
        fields = {"email": "programme@example.org", "password": PASSWORD, "csrf_token": csrf_of(client)}
        statuses.append(client.post("/account/sign-in", data=fields).status_code)
    assert statuses == [303] * 12


def test_signing_out_ends_it(signed_in: SignIn) -> None:
    client = signed_in("programme")
    answer = client.post("/account/sign-out", data={"csrf_token": csrf_of(client, "/office")})
    assert answer.status_code == 303
    assert client.get("/office").status_code == 302


def _link(app: Flask) -> str:
    store = app.extensions["hournote_books"]
    _account, secret = accounts.add_account(
        store, email="new@example.org", role="programme", programme="CWL", now=now()
    )
    assert secret
    return secret


def _set(client: FlaskClient, secret: str, password: str, again: str | None = None) -> tuple[int, str]:
    fields = {"secret": secret, "password": password, "again": again if again is not None else password}
    answer = client.post("/account/password", data={**fields, "csrf_token": csrf_of(client, "/account/password")})
    return answer.status_code, answer.text


def test_a_one_time_link_sets_a_password_once(app: Flask, client: FlaskClient) -> None:
    secret = _link(app)
    assert _set(client, secret, "four words go together")[0] == 303
    assert "Your password is set" in client.get("/account/sign-in").text
    assert _try(client, "new@example.org", "four words go together")[0] == 303
    status, page = _set(client, secret, "another password")
    assert status == 403
    assert "used already or is too old" in page


def test_a_password_that_does_not_do_leaves_the_link_good(app: Flask, client: FlaskClient) -> None:
    secret = _link(app)
    assert _set(client, secret, "short")[0] == 422
    assert "12 to 200 characters" in _set(client, secret, "short")[1]
    assert "not the same" in _set(client, secret, "a good password", "a god password")[1]
    assert _set(client, secret, "a good password")[0] == 303


def test_a_mistake_does_not_cost_the_secret_of_the_link(client: FlaskClient) -> None:
    """It is in the address no more, so that the page itself must keep it."""
    assert 'value="the-secret"' in _set(client, "the-secret", "a good password", "a god password")[1]


def test_a_form_token_of_before_signing_in_is_good_no_longer(client: FlaskClient) -> None:
    planted = csrf_of(client)
    assert _try(client, "programme@example.org", PASSWORD)[0] == 303
    assert client.post("/account/sign-out", data={"csrf_token": planted}).status_code == 400


def test_over_plain_http_away_from_this_machine_the_way_out_is_said(app: Flask) -> None:
    """The browser kept no cookie, because it is Secure; "load the page again" would help nobody."""
    client = app.test_client(use_cookies=False)
    data = {"email": "programme@example.org", "password": PASSWORD, "csrf_token": "x"}
    answer = client.post("/account/sign-in", data=data, base_url="http://192.0.2.7:8000")
    assert answer.status_code == 400
    assert "use https" in answer.text
    assert "use https" not in client.post("/account/sign-in", data=data).text


def test_behind_a_proxy_that_names_no_host_cookies_are_secure_too(world: World) -> None:
    app = create_app(replace(world.settings, public_url="https://hours.example.org"))
    cookie = app.test_client().get("/account/sign-in").headers["Set-Cookie"]
    assert "Secure" in cookie
    app.extensions["hournote_books"].close()


def test_a_proxy_on_this_machine_does_not_make_everybody_one_guesser(client: FlaskClient) -> None:
    def guess(number: int, of: str, peer: str) -> int:
        data = {"email": f"{number}{of}{peer}@example.org", "password": "a guess", "csrf_token": csrf_of(client)}
        answer = client.post("/account/sign-in", data=data, headers={"X-Forwarded-For": f"203.0.113.{number}, {of}"},
                             environ_overrides={"REMOTE_ADDR": peer})  # fmt: skip
        return answer.status_code

    assert [guess(number, "192.0.2.1", "127.0.0.1") for number in range(11)] == [403] * 10 + [429]
    assert guess(11, "192.0.2.2", "127.0.0.1") == 403
    assert [guess(number, f"192.0.2.{number}", "198.51.100.9") for number in range(11)] == [403] * 10 + [429]
