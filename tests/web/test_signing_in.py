"""The second step, sessions that are listed and ended, and strangers who lock nobody out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.factory import create_app
from app.services import accounts, second_factor
from tests.web.conftest import PASSWORD, World, csrf_of

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"


@dataclass
class Clock:
    """The time of the application, set by the test."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


@pytest.fixture
def app(world: World, clock: Clock) -> Iterator[Flask]:
    """The application by the clock of the test."""
    app = create_app(world.settings, clock=clock)
    yield app
    app.extensions["hournote_books"].close()


def send(client: FlaskClient, path: str, page: str | None = None, **data: str) -> tuple[int, str, str]:
    answer = client.post(path, data={"csrf_token": csrf_of(client, page or path), **data})
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def enter(app: Flask, role: str, browser: str = FIREFOX, **more: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = browser
    fields = {"email": f"{role}@example.org", "password": PASSWORD, **more}
    assert send(client, "/account/sign-in", **fields)[0] == 303
    return client


def shown(world: World, clock: Clock) -> str:
    return second_factor.code_at(world.factors["national"], clock.at)


def test_the_code_comes_after_the_password_and_leads_where_one_wanted(app: Flask, world: World, clock: Clock) -> None:
    client = enter(app, "national", next="/office/look?q=CWL26-001")
    assert client.get("/office").status_code == 302, "half way is not signed in"
    assert client.get("/account").status_code == 302
    assert "Six digits" in client.get("/account/code?next=/office/look?q=CWL26-001").text
    assert send(client, "/account/code", code="000000")[0] == 403
    fields = {"code": shown(world, clock), "next": "/office/look?q=CWL26-001"}
    assert send(client, "/account/code", **fields)[:2] == (303, "/office/look?q=CWL26-001")
    assert client.get("/office").status_code == 200


def test_a_code_lets_in_once(app: Flask, world: World, clock: Clock) -> None:
    code = shown(world, clock)
    first, second = enter(app, "national"), enter(app, "national")
    assert send(first, "/account/code", code=code)[0] == 303
    assert send(second, "/account/code", code=code)[0] == 403
    clock.later(seconds=30)
    assert send(second, "/account/code", code=shown(world, clock))[0] == 303


def test_half_way_lasts_ten_minutes_and_ends_with_another_password(app: Flask, world: World, clock: Clock) -> None:
    slow, overtaken = enter(app, "national"), enter(app, "national")
    clock.later(minutes=9)
    store = app.extensions["hournote_books"]
    _account, secret = accounts.new_link(store, email="national@example.org", actor="cli:me", now=clock.at)
    accounts.set_password(store, secret=secret, password="another long password", now=clock.at)
    assert overtaken.get("/account/code").headers["Location"] == "/account/sign-in"
    clock.later(minutes=2)
    assert slow.get("/account/code").headers["Location"] == "/account/sign-in"


def test_codes_are_not_guessed(app: Flask, world: World, clock: Clock) -> None:
    client = enter(app, "national")
    statuses = [send(client, "/account/code", code=f"{guess:06}")[0] for guess in range(7)]
    assert statuses == [403] * 5 + [429] * 2
    other = enter(app, "national")
    assert send(other, "/account/code", code=shown(world, clock))[0] == 429, "another browser goes on counting"
    clock.later(minutes=10, seconds=1)
    again = enter(app, "national")
    assert send(again, "/account/code", code=shown(world, clock))[0] == 303


def test_the_national_office_does_nothing_before_its_second_factor(app: Flask, clock: Clock) -> None:
    store = app.extensions["hournote_books"]
    accounts.add_account(store, email="new@example.org", role="national", now=clock.at, password=PASSWORD)
    client = enter(app, "new")
    for path in ("/office", "/office/accounts", "/account", "/office/look?q=CWL26-001"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/account/second-factor"), path
    assert client.get("/api/v1/notes/CWL260000010F").status_code == 403
    page = client.get("/account/second-factor").text
    assert 'class="ways"' not in page
    secret = page.split('<code class="secret">')[1].split("<")[0].replace(" ", "")
    assert send(client, "/account/second-factor", code="000000", password=PASSWORD)[0] == 403
    fits = {"code": second_factor.code_at(secret, clock.at), "password": PASSWORD}
    status, _location, page = send(client, "/account/second-factor", **fits)
    assert (status, page.count("<code>")) == (200, 10)
    assert client.get("/office").status_code == 200
    assert client.get("/account/second-factor").headers["Location"] == "/account"
    recovery = page.split("<code>")[1].split("<")[0]
    other = enter(app, "new")
    assert send(other, "/account/code", code=recovery)[:2] == (303, "/office")
    assert "9 recovery codes are left" in other.get("/account").text


def test_whoever_finds_a_browser_open_sets_no_second_factor_up(app: Flask, clock: Clock) -> None:
    client = enter(app, "keeper")
    secret = client.get("/account/second-factor").text.split('<code class="secret">')[1].split("<")[0].replace(" ", "")
    code = second_factor.code_at(secret, clock.at)
    for password in ("", "a guess of theirs"):
        status, _location, page = send(client, "/account/second-factor", code=code, password=password)
        assert (status, "That is not your password" in page) == (403, True)
    assert "With it, somebody who learns your password still cannot sign in" in client.get("/account").text
    assert send(client, "/account/second-factor", code=code, password=PASSWORD)[0] == 200


def test_a_second_factor_that_is_taken_away_is_told_where_one_is_led(app: Flask, world: World, clock: Clock) -> None:
    national, keeper = enter(app, "national"), enter(app, "keeper")
    send(national, "/account/code", code=shown(world, clock))
    secret = keeper.get("/account/second-factor").text.split('<code class="secret">')[1].split("<")[0].replace(" ", "")
    code = second_factor.code_at(secret, clock.at)
    send(keeper, "/account/second-factor", code=code, password=PASSWORD)
    clock.later(seconds=30)
    for client, made, to, told in (
        (national, world.factors["national"], "/account/second-factor", "Set up another here."),
        (keeper, secret, "/account", "Your second factor is off."),
    ):
        sent = {"code": second_factor.code_at(made, clock.at)}
        assert send(client, "/account/second-factor/take-away", "/account", **sent)[:2] == (303, to)
        assert told in client.get(to).text


def test_whoever_signs_in_again_leaves_no_session_behind(app: Flask, world: World, clock: Clock) -> None:
    client, thief = enter(app, "keeper"), app.test_client()
    for role in ("keeper", "venue"):
        cookie = client.get_cookie("hournote_session")
        assert cookie is not None
        thief.set_cookie("hournote_session", cookie.value)
        assert thief.get("/account").status_code == 200
        assert send(client, "/account/sign-in", email=f"{role}@example.org", password=PASSWORD)[0] == 303
        assert thief.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


def test_a_session_that_is_over_in_mid_form_leads_to_a_page_that_there_is(app: Flask, clock: Clock) -> None:
    client = enter(app, "keeper")
    token = csrf_of(client, "/account")
    store = app.extensions["hournote_books"]
    accounts.close_account(store, email="keeper@example.org", actor="cli:me", now=clock.at)
    answer = client.post("/account/sessions/end", data={"csrf_token": token})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/sign-in")


def test_a_cookie_from_before_uses_up_nobody_s_tries_at_the_code(app: Flask, world: World, clock: Clock) -> None:
    stale = enter(app, "national")
    token = csrf_of(stale, "/account/code")
    clock.later(minutes=10, seconds=1)
    for _guess in range(6):
        stale.post("/account/code", data={"code": "000000", "csrf_token": token})
    mine = enter(app, "national")
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    sent = {"code": shown(world, clock), "csrf_token": csrf_of(mine, "/account/code")}
    assert mine.post("/account/code", data=sent, environ_overrides=elsewhere).status_code == 303


def test_strangers_do_not_keep_somebody_from_signing_in_the_first_time(app: Flask, clock: Clock) -> None:
    store = app.extensions["hournote_books"]
    _made, secret = accounts.add_account(
        store, email="new@example.org", role="press", programme="CWL", now=clock.at, password=None
    )
    client, stranger = app.test_client(), app.test_client()
    set_to = {"secret": secret or "", "password": PASSWORD, "again": PASSWORD}
    assert send(client, "/account/password", **set_to)[0] == 303
    token = csrf_of(stranger)
    for guess in range(12):
        fields = {"email": "new@example.org", "csrf_token": token, "password": f"guess {guess}"}
        stranger.post("/account/sign-in", data=fields, environ_overrides={"REMOTE_ADDR": f"192.0.2.{guess}"})
    assert send(client, "/account/sign-in", email="new@example.org", password=PASSWORD)[0] == 303


def test_a_factor_that_was_sealed_under_another_key_leaves_the_recovery_codes(world: World, clock: Clock) -> None:
    app = create_app(replace(world.settings, secret_key="another secret of the service, as long"), clock=clock)
    client = enter(app, "national")
    status, _location, page = send(client, "/account/code", code=shown(world, clock))
    assert (status, "use a recovery code" in page) == (409, True)
    app.extensions["hournote_books"].close()


def test_a_qr_is_drawn_by_the_page_alone(app: Flask) -> None:
    client = enter(app, "keeper")
    answer = client.get("/account/second-factor")
    assert 'class="qr-ink"' in answer.text
    assert "style=" not in answer.text
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


def test_sessions_are_listed_in_plain_words_and_ended_one_by_one(app: Flask) -> None:
    here, phone = enter(app, "keeper"), enter(app, "keeper", PHONE)
    page = here.get("/account").text
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert "Mozilla" not in page
    other = page.split("Safari on iPhone")[1].split("/account/sessions/")[1].split("/")[0]
    assert send(here, f"/account/sessions/{other}/end", "/account")[0] == 303
    assert phone.get("/account").status_code == 302
    assert here.get("/account").status_code == 200
    stranger = enter(app, "venue")
    mine = here.get("/account").text.split("/account/sessions/")[1].split("/")[0]
    send(stranger, f"/account/sessions/{mine}/end", "/account")
    assert here.get("/account").status_code == 200, "nobody ends another's"


def test_every_other_session_ends_at_once_and_with_another_password(app: Flask) -> None:
    here, first, second = enter(app, "keeper"), enter(app, "keeper"), enter(app, "keeper")
    assert send(here, "/account/sessions/end", "/account")[0] == 303
    assert [each.get("/account").status_code for each in (here, first, second)] == [200, 302, 302]
    third = enter(app, "keeper")
    wrong = {"password": "not my password", "new": "a new long password", "again": "a new long password"}
    assert send(here, "/account/change-password", "/account", **wrong)[0] == 403
    assert send(here, "/account/change-password", "/account", **{**wrong, "again": "another"})[0] == 422
    assert send(here, "/account/change-password", "/account", **{**wrong, "new": "short", "again": "short"})[0] == 422
    assert third.get("/account").status_code == 200
    assert send(here, "/account/change-password", "/account", **{**wrong, "password": PASSWORD})[0] == 303
    assert [each.get("/account").status_code for each in (here, third)] == [200, 302]


def test_signing_out_ends_the_session_for_a_copy_of_its_cookie_too(app: Flask) -> None:
    here, thief = enter(app, "keeper"), app.test_client()
    cookie = here.get_cookie("hournote_session")
    assert cookie is not None
    thief.set_cookie("hournote_session", cookie.value)
    assert thief.get("/account").status_code == 200
    send(here, "/account/sign-out", "/account")
    assert thief.get("/account").status_code == 302


def test_a_session_ends_by_itself(app: Flask, clock: Clock) -> None:
    client = enter(app, "keeper")
    clock.later(hours=1, minutes=59)
    assert client.get("/account").status_code == 200
    clock.later(hours=2, minutes=1)
    assert client.get("/account").status_code == 302


def test_a_stranger_who_guesses_locks_nobody_out_of_their_own_browser(app: Flask, clock: Clock) -> None:
    mine = enter(app, "keeper")
    send(mine, "/account/sign-out", "/account")
    token = csrf_of(stranger := app.test_client())
    fields = {"email": "keeper@example.org", "csrf_token": token}
    statuses = [
        stranger.post("/account/sign-in", data={**fields, "password": f"guess {guess}"},
                      environ_overrides={"REMOTE_ADDR": f"192.0.2.{guess}"}).status_code
        for guess in range(12)
    ]  # fmt: skip
    assert statuses == [403] * 10 + [429] * 2
    other = app.test_client()
    assert send(other, "/account/sign-in", email="keeper@example.org", password=PASSWORD)[0] == 429, "any other browser"
    assert send(mine, "/account/sign-in", email="keeper@example.org", password=PASSWORD)[0] == 303
    clock.later(minutes=10, seconds=1)
    assert send(other, "/account/sign-in", email="keeper@example.org", password=PASSWORD)[0] == 303


def test_a_browser_that_signed_in_before_does_not_guess_for_ever(app: Flask) -> None:
    mine = enter(app, "keeper")
    send(mine, "/account/sign-out", "/account")
    statuses = []
    for guess in range(12):
        data = {"email": "keeper@example.org", "password": f"guess {guess}", "csrf_token": csrf_of(mine)}
        answer = mine.post("/account/sign-in", data=data, environ_overrides={"REMOTE_ADDR": f"192.0.2.{guess}"})
        statuses.append(answer.status_code)
    assert statuses == [403] * 10 + [429] * 2


@pytest.mark.parametrize("value", ["", "x", "W10.abc", "\x00"])
def test_a_device_cookie_that_is_not_ours_is_a_strangers(app: Flask, value: str) -> None:
    client = app.test_client()
    client.set_cookie("hournote_device", value)
    assert send(client, "/account/sign-in", email="keeper@example.org", password="a guess")[0] == 403
