"""Guessing is stopped, by however many processes the service is served, and on either database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.config import Settings
from app.core.errors import Unavailable
from app.core.serial import Serial
from app.factory import create_app
from app.services import books, guessing, throttling
from app.store import throttle as throttles
from app.store.database import Store
from app.store.tables import throttle
from app.web import limits, site, telling
from tests.api.conftest import Desk
from tests.world import World

SECRET = b"s" * 32
MINUTE = timedelta(minutes=1)


@pytest.fixture
def served(world: World) -> World:
    """The world on each engine."""
    return world


@pytest.fixture
def other(settings: Settings) -> Iterator[Flask]:
    """A second process of the service, as far as the books can tell."""
    made = create_app(settings)
    yield made
    made.extensions["hournote_books"].close()


@pytest.fixture
def elsewhere(other: Flask, served: World) -> Desk:
    """The front desk, asking the second process."""
    return Desk(other.test_client(), served.keys["Front desk"])


def unknown(number: int) -> str:
    """A serial that was never ordered."""
    return str(Serial("CWL26", 5000 + number))


def rows(world: World) -> list[sa.Row[Any]]:
    """What the books keep of all this."""
    return list(world.store.read(lambda connection: connection.execute(sa.select(throttle)).all()))


# --- counting


def test_a_window_begins_with_its_first_count_and_then_anew(served: World) -> None:
    now = served.now
    given: dict[str, Any] = {"secret": SECRET, "key": "somebody", "window": MINUTE}
    first = throttling.count(served.store, now=now, **given)
    second = throttling.count(served.store, now=now + MINUTE / 2, amount=3, **given)
    assert (first.hits, second.hits, second.until - first.until) == (1, 4, timedelta(0))
    third = throttling.count(served.store, now=now + MINUTE, **given)
    assert (third.hits, third.until - first.until) == (1, MINUTE)
    throttling.give_back(served.store, secret=SECRET, key="somebody", amount=5)
    assert [row.hits for row in rows(served)] == [0]


def test_windows_that_are_over_are_swept_and_no_others(served: World) -> None:
    for number in range(5):
        window = MINUTE * (1 + number)
        throttling.count(served.store, secret=SECRET, key=str(number), now=served.now, window=window)
    assert throttling.sweep(served.store, now=served.now + 3 * MINUTE) == 3
    assert len(rows(served)) == 2


def test_sweeping_happens_by_itself(served: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "SWEEP_ONE_IN", 1)
    throttling.count(served.store, secret=SECRET, key="old", now=served.now - 2 * MINUTE, window=MINUTE)
    throttling.count(served.store, secret=SECRET, key="new", now=served.now, window=MINUTE)
    assert [row.key_sha256 for row in rows(served)] == [throttling.key_hmac(SECRET, "new")]


def test_no_two_at_once_are_counted_as_one(served: World) -> None:
    url = served.store.engine.url.render_as_string(hide_password=False)
    stores = [served.store, books.open_books(url)]

    def count(number: int) -> int:
        return throttling.count(stores[number % 2], secret=SECRET, key="somebody", now=served.now, window=MINUTE).hits

    with ThreadPoolExecutor(8) as pool:
        hits = list(pool.map(count, range(60)))
    stores[1].close()
    assert sorted(hits) == list(range(1, 61))


def test_the_books_do_not_say_whom_a_count_is_for(client: FlaskClient, served: World) -> None:
    client.post("/api/v1/desks/enrolments", json={"code": "x"}, environ_overrides={"REMOTE_ADDR": "192.0.2.77"})
    (row,) = rows(served)
    assert len(row.key_sha256) == 32
    assert throttling.key_hmac(SECRET, "a") != throttling.key_hmac(b"t" * 32, "a")


# --- keys


def test_an_address_without_a_good_key_is_told_so_not_for_ever(
    app: Flask, desk: Desk, served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_STRANGERS", 4)
    stranger, nobody = Desk(app.test_client(), "no key of ours"), app.test_client()
    asked = [
        stranger.call("GET", "/desk"), stranger.redeem(served.token(11)), nobody.get("/api/v1/desk"),
        nobody.get(f"/api/v1/notes/{served.serial(11)}"), stranger.redeem(served.token(11)),
        stranger.call("POST", "/checks", json={"notes": ["x"]}),
    ]  # fmt: skip
    assert [answer.status_code for answer in asked] == [401] * 4 + [429] * 2
    assert asked[-1].mimetype == "application/problem+json"
    assert 0 < int(asked[-1].headers["Retry-After"]) <= 60
    assert desk.redeem(served.token(11)).status_code == 201, "an enrolled desk at the same address"
    elsewhere = {"REMOTE_ADDR": "192.0.2.9"}
    assert nobody.get("/api/v1/desk", environ_overrides=elsewhere).status_code == 401


def test_strangers_wait_where_they_cannot_be_counted(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise Unavailable("The database cannot be reached.")

    monkeypatch.setattr(throttles, "count", away)
    assert client.get("/api/v1/desk").status_code == 503


# --- two processes


def test_codes_are_guessed_as_often_as_allowed_by_both_processes_together(client: FlaskClient, other: Flask) -> None:
    clients = [client, other.test_client()]
    statuses = [clients[n % 2].post("/api/v1/desks/enrolments", json={"code": str(n)}).status_code for n in range(24)]
    assert statuses == [403] * 20 + [429] * 4
    elsewhere = {"REMOTE_ADDR": "192.0.2.9"}
    assert client.post("/api/v1/desks/enrolments", json={"code": "x"}, environ_overrides=elsewhere).status_code == 403


def test_passwords_are_guessed_as_often_as_allowed_by_both_processes_together(
    client: FlaskClient, other: Flask
) -> None:
    statuses = []
    for number in range(12):
        asked = [client, other.test_client()][number % 2]
        page = asked.get("/account/sign-in").text
        data = {"email": "office@example.org", "password": f"guess {number}",
                "csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0]}  # fmt: skip
        place = {"REMOTE_ADDR": f"192.0.2.{number}"}
        statuses.append(asked.post("/account/sign-in", data=data, environ_overrides=place).status_code)
    assert statuses == [403] * 10 + [429] * 2


def test_a_desk_that_guesses_is_stopped_in_both_processes(
    desk: Desk, elsewhere: Desk, library: Desk, served: World
) -> None:
    for number in range(guessing.MOST_BAD_NOTES // 20):
        answer = [desk, elsewhere][number % 2].call(
            "POST", "/checks", json={"notes": [unknown(20 * number + each) for each in range(20)]}
        )
        assert answer.status_code == 200
    made = uuid4()
    refused = desk.redeem(unknown(9999 - 5000), id=made)
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert 0 < int(refused.headers["Retry-After"]) <= guessing.WINDOW.total_seconds() + 1
    for method, path, body in (
        ("PUT", f"/redemptions/{uuid4()}", {"notes": [served.token(11)]}), ("POST", "/checks", {"notes": ["x"]}),
        ("GET", f"/redemptions/{made}", None),
    ):  # fmt: skip
        assert desk.call(method, path, json=body).status_code == 429, "this process knows"
    assert served.state(11) == "issued"
    assert elsewhere.redeem(served.token(12)).status_code == 201, "a good note asks the count nothing"
    assert elsewhere.redeem(served.forged(13)).status_code == 429, "the other learns it with the first bad note"
    assert elsewhere.redeem(served.token(14)).status_code == 429
    assert elsewhere.call("GET", f"/redemptions/{made}").status_code == 429
    assert library.redeem(unknown(1)).status_code == 201, "another desk is none of this"


@pytest.mark.parametrize("bad", ["garbage", "forged", "unknown"])
def test_a_bad_note_counts_whatever_is_bad_with_it(
    bad: str, desk: Desk, served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "MOST_BAD_NOTES", 2)
    note = {"garbage": "garbage", "forged": served.forged(11), "unknown": unknown(1)}[bad]
    assert [desk.redeem(note).status_code for _ in range(4)] == [201, 201, 429, 429]


def test_the_same_call_again_and_a_question_about_it_are_told_as_often(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "MOST_BAD_NOTES", 3)
    made = uuid4()
    assert [desk.redeem("garbage", id=made).status_code for _ in range(2)] == [201, 200]
    asked = [desk.call("GET", f"/redemptions/{made}").status_code for _ in range(3)]
    assert asked == [200, 429, 429]


def test_the_window_ends(desk: Desk, served: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guessing, "MOST_BAD_NOTES", 1)
    assert [desk.redeem("garbage").status_code for _ in range(3)] == [201, 429, 429]
    monkeypatch.setattr(site, "now", lambda: served.now + 2 * guessing.WINDOW)
    monkeypatch.setattr("app.web.telling.now", site.now)
    assert desk.redeem("garbage").status_code == 201
    assert desk.redeem(served.token(11)).status_code == 201


def test_a_good_note_costs_no_count(desk: Desk, served: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def counted(*_: object, **__: object) -> None:
        raise AssertionError("the count was asked")

    monkeypatch.setattr(throttles, "count", counted)
    assert desk.redeem(served.token(11)).status_code == 201
    assert desk.redeem(served.token(11)).status_code == 201, "nor does one that is spent already"
    assert desk.call("POST", "/checks", json={"notes": [served.token(12)]}).status_code == 200


def test_a_journal_gets_through_and_the_next_call_does_not(
    app: Flask, desk: Desk, served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "MOST_BAD_NOTES", 1)
    with app.test_request_context():
        for _ in range(3):
            telling.entry(served.desk(), served.redeem("garbage"), is_new=True)
    assert desk.call("POST", "/checks", json={"notes": [served.token(11)]}).status_code == 429


# --- what is said


def test_a_desk_that_guesses_may_not_go_on_by_its_journal(desk: Desk) -> None:
    entries = [{"type": "redeem", "id": str(uuid4()), "notes": [unknown(number)]} for number in range(70)]
    first = desk.call("POST", "/redemptions/batch", json={"entries": entries})
    assert first.status_code == 200, "a journal gets through"
    assert [each["outcome"] for each in first.json["answers"]] == ["refused"] * 70  # type: ignore[index]
    assert desk.call("POST", "/redemptions/batch", json={"entries": entries[:1]}).status_code == 429


def test_when_to_come_again_is_true(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, served: World) -> None:
    began = served.now
    answers = []
    for second in range(21):
        monkeypatch.setattr(site, "now", lambda second=second: began + timedelta(seconds=second))
        answers.append(client.post("/api/v1/desks/enrolments", json={"code": "x"}))
    assert [answer.status_code for answer in answers] == [403] * 20 + [429]
    wait = int(answers[-1].headers["Retry-After"])
    assert 60 - 20 <= wait <= 60 - 20 + 1
    monkeypatch.setattr(site, "now", lambda: began + timedelta(seconds=20 + wait))
    assert client.post("/api/v1/desks/enrolments", json={"code": "x"}).status_code == 403


def test_a_flood_does_not_become_one_of_writes(
    client: FlaskClient, served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [client.post("/api/v1/desks/enrolments", json={"code": "x"}) for _ in range(40)]
    assert [answer.status_code for answer in answers] == [403] * 20 + [429] * 20
    assert [row.hits for row in rows(served)] == [21]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 61
    later = served.now + timedelta(hours=1)
    monkeypatch.setattr(site, "now", lambda: later)
    assert client.post("/api/v1/desks/enrolments", json={"code": "x"}).status_code == 403


def test_without_the_database_nobody_may_guess(
    desk: Desk, client: FlaskClient, served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get("/account/sign-in").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]

    def gone(*_: object, **__: object) -> None:
        raise Unavailable("The database cannot answer now.")

    monkeypatch.setattr(throttles, "count", gone)
    assert desk.call("POST", "/checks", json={"notes": ["garbage"]}).status_code == 503
    answer = client.post("/api/v1/desks/enrolments", json={"code": served.codes["Pool"]})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    data = {"email": "office@example.org", "password": "a guess", "csrf_token": token}
    assert client.post("/account/sign-in", data=data).status_code == 503
    assert client.get(served.token(11).removeprefix("HTTPS://NOTES.EXAMPLE.ORG")).status_code == 503
    monkeypatch.undo()
    monkeypatch.setattr(Store, "write", gone)
    assert client.post("/api/v1/desks/enrolments", json={"code": "x"}).status_code == 503
