"""Each request has an id and a line in the log, and no secret ever stands in that log."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import logs
from app.config import from_environment
from app.core.errors import BadSettings
from app.services import accounts, redeeming
from app.web.site import DESK_COOKIE
from tests import staff
from tests.api.conftest import Desk
from tests.world import World


class Lines:
    """What was written to the log."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def log() -> Iterator[Lines]:
    """The log as JSON, from now on."""
    yield from _written("json")


@pytest.fixture
def plain_log() -> Iterator[Lines]:
    """The log as people read it."""
    yield from _written("plain")


def _written(kind: str) -> Iterator[Lines]:
    root, requests = logging.getLogger(), logging.getLogger(logs.REQUESTS)
    before, level = list(root.handlers), requests.level
    lines = Lines()
    logs.set_up(kind, lines.stream)
    yield lines
    root.handlers = before
    requests.setLevel(level)


# --- ids


@pytest.mark.parametrize(
    "given", ["a", "ABC-123", "x" * 64, "12345678-1234-5678-1234-567812345678", "01ARZ3NDEKTSV4RRFFQ69G5FAV"]
)
def test_an_id_that_a_program_gave_comes_back(client: FlaskClient, given: str) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", " ", "x" * 65, "a b", "a;b", "a/b", "a_b", "é", '"', "{}"])
def test_an_id_that_is_none_is_made_anew(client: FlaskClient, given: str) -> None:
    made = client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert made != given
    assert len(made) == 36


@pytest.mark.parametrize("path", ["/", "/healthz", "/nothing", "/api/v1/nothing", "/api/v1/desk", "/static/nothing"])
def test_every_answer_has_an_id_of_its_own(client: FlaskClient, path: str) -> None:
    assert len({client.get(path).headers["X-Request-ID"] for _ in range(3)}) == 3


# --- lines


def test_a_request_is_one_line(desk: Desk, log: Lines, served: World) -> None:
    answer = desk.redeem(served.token(11))
    (line,) = log.all
    assert list(line) == ["time", "level", "message", "request_id", "method", "route", "status", "milliseconds", "desk"]
    assert (line["level"], line["message"], line["method"], line["status"]) == ("info", "request", "PUT", 201)
    assert line["route"] == "/api/v1/redemptions/<visit:redemption_id>"
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert line["milliseconds"] > 0
    assert line["desk"] == served.desk().desk.id
    assert line["time"].endswith("+00:00")


def test_who_is_signed_in_is_told_by_number(app: Flask, log: Lines, served: World) -> None:
    made, _ = accounts.add_account(served.store, email="office@example.org", role="national", now=served.now)
    client = app.test_client()
    staff.sign_in(client, served.store, made, now=served.now)
    client.get("/office")
    (line,) = log.all
    assert (line["account"], line["route"]) == (made.id, "/office")
    assert "office@example.org" not in log.text


def test_a_surprise_is_a_line_with_its_trace_under_the_id_of_its_request(
    desk: Desk, log: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("it broke")

    monkeypatch.setattr(redeeming, "check_notes", fail)
    answer = desk.call("POST", "/checks", json={"notes": ["x"]}, headers={"X-Request-ID": "mine"})
    assert (answer.status_code, answer.headers["X-Request-ID"]) == (500, "mine")
    assert "it broke" not in answer.text
    assert "Traceback" not in answer.text
    error, request = log.all
    assert (error["level"], error["message"], error["request_id"]) == ("error", "POST /api/v1/checks failed", "mine")
    assert "RuntimeError: it broke" in error["exception"]
    assert "in fail" in error["exception"]
    assert (request["status"], request["request_id"]) == (500, "mine")


def test_people_read_the_same_in_words(desk: Desk, plain_log: Lines) -> None:
    desk.call("GET", "/desk", headers={"X-Request-ID": "mine"})
    logging.getLogger("app.anything").warning("The log waits: %s", "for the database")
    request, warning = plain_log.text.splitlines()
    assert "info request request_id=mine method=GET route=/api/v1/desk status=200 milliseconds=" in request
    assert warning.endswith("warning The log waits: for the database logger=app.anything")


def test_nothing_is_written_where_nothing_is_wanted(client: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    for _ in _written("off"):
        client.get("/healthz")
        logging.getLogger("app.anything").error("Something")
    assert capfd.readouterr() == ("", "")


def test_a_line_break_does_not_make_a_second_line(client: FlaskClient, log: Lines) -> None:
    logging.getLogger("app.anything").warning("first\nsecond {}", extra={})
    client.get("/healthz%0a%7b%22level%22:%22forged%22%7d")
    assert len(log.all) == 2


# --- secrets


def test_no_secret_is_logged_wherever_it_is_sent(
    app: Flask, desk: Desk, log: Lines, served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app.test_client()
    token, key, code = served.token(11), desk.key, served.codes["Pool"]
    made, link = accounts.add_account(served.store, email="office@example.org", role="national", now=served.now)
    staff.sign_in(client, served.store, made, now=served.now)
    with client.session_transaction() as session:
        secret = session["_user_id"]
    cookie = client.get_cookie("hournote_session")
    assert link is not None
    assert cookie is not None
    secrets = [
        token,
        token[-103:],
        token[-103:].lower(),
        key,
        code,
        link,
        made.session_key,
        secret,
        cookie.value,
        cookie.value[-27:],
    ]
    path = token.removeprefix("HTTPS://NOTES.EXAMPLE.ORG")

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"it broke over {' and '.join(secrets)} at https://x/desk?code={code}&q=plain-words")

    for secret in (token, token.lower(), key, code, link):
        client.get(path)
        client.get(path.lower())
        client.get(f"/nothing/{secret}")
        client.get("/office/look", query_string={"q": secret})
        client.get("/where", query_string={"q": secret})
        client.get(
            "/healthz",
            headers={"X-Request-ID": secret[:60], "X-Other": secret, "User-Agent": secret, "Referer": secret},
        )
        client.get("/healthz", headers={"Authorization": f"Bearer {secret}", "Cookie": f"{DESK_COOKIE}={secret}"})
        client.open("/healthz", method=secret[:43])
        desk.redeem(secret)
        desk.redeem(secret, offer=secret, scanned_at=secret)
        desk.call("GET", f"/redemptions/{secret}")
        desk.call("PUT", f"/redemptions/{secret}", data=secret)
        desk.call("GET", f"/notes/{secret}")
        client.post("/api/v1/desks/enrolments", json={"code": secret + "x", "name": secret})
        client.post("/account/sign-in", data={"email": secret, "password": secret})
        client.post("/desk/enrol", data={"code": secret})
    monkeypatch.setattr(redeeming, "check_notes", fail)
    assert desk.call("POST", "/checks", json={"notes": [token]}).status_code == 500
    logging.getLogger("anybody").error("by another: %s", " ".join(secrets))
    assert "it broke over" in log.text
    written = log.text.replace(served.serial(11), "")
    for secret in secrets:
        assert secret not in written, secret
        assert secret[:30] not in written, secret
    for words in ("plain-words", "office@example.org", "Bearer", "q=", "code="):
        assert words not in written


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("GET /api/v1/redemptions/<visit:redemption_id> failed", "GET /api/v1/redemptions/<visit:redemption_id> failed"),
        ("the redemption 12345678-1234-5678-1234-567812345678", "the redemption 12345678-1234-5678-1234-567812345678"),
        ("The note CWL26 0012345 F was never ordered.", "The note CWL26 0012345 F was never ordered."),
        ('File "/srv/hournote/app/services/redeeming.py", line 50, in redeem_notes_of_a_visit_that_is_long',
         'File "/srv/hournote/app/services/redeeming.py", line 50, in redeem_notes_of_a_visit_that_is_long'),
        ("at /N/CWL260000011A" + "A" * 103 + ".", "at /N/CWL260000011A…."),
        ("at %2Fn%2Fcwl260000011a" + "a" * 103, "at %2Fn%2Fcwl260000011a…"),
        ("see /desk?since=1 there", "see /desk?… there"),
        ("key Zm9vYmFyLWJhei1xdXV4LTEyMzQ1Njc4OTA-_abc, then", "key …, then"),
    ],
)  # fmt: skip
def test_what_is_hidden_and_what_is_kept(text: str, kept: str) -> None:
    assert logs.hide(text) == kept


# --- the setting


def test_the_log_is_json_where_nobody_looks(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"HOURNOTE_INSTANCE": str(tmp_path)}
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    assert from_environment(given).log == "json"
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert from_environment(given).log == "plain"
    for kind in ("json", "plain", "off"):
        assert from_environment({**given, "HOURNOTE_LOG": kind}).log == kind
    with pytest.raises(BadSettings, match=r"HOURNOTE_LOG is 'loud': write one of json, plain, off."):
        from_environment({**given, "HOURNOTE_LOG": "loud"})
