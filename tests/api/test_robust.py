"""Whatever is sent, the answer is one of ours: never a 500, never a token in a log, always the headers."""

import json
import logging
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from app.factory import LARGEST_BODY_BYTES
from app.services import redeeming
from app.web.security import HEADERS
from tests.api.conftest import Desk
from tests.world import World

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = ("notes", "offer", "scanned_at", "offline", "practice", "reason", "at", "code", "name")
BODIES = st.dictionaries(st.sampled_from(FIELDS), ANYTHING) | ANYTHING
ENTRIES = st.dictionaries(st.sampled_from(("type", "id", *FIELDS)), ANYTHING) | ANYTHING
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def served(world: World) -> World:
    """The world on each engine: they differ in what they can keep."""
    return world


def is_ours(answer: TestResponse) -> None:
    """Told in a form that programs read, with a status of the contract."""
    assert answer.status_code in (200, 201, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429), answer.text
    assert answer.mimetype in ("application/json", "application/problem+json")


@FUZZ
@given(body=BODIES)
def test_no_body_is_a_surprise(desk: Desk, body: object) -> None:
    sent = json.dumps(body).encode()
    for method, path in (
        ("PUT", f"/redemptions/{uuid4()}"), ("POST", "/checks"), ("POST", f"/redemptions/{uuid4()}/reversal"),
        ("POST", "/desks/enrolments"),
    ):  # fmt: skip
        is_ours(desk.call(method, path, data=sent, content_type="application/json"))


@FUZZ
@given(
    entries=st.lists(ENTRIES, max_size=4),
    kinds=st.lists(st.sampled_from(["redeem", "reverse"]), min_size=4, max_size=4),
)
def test_no_journal_is_a_surprise(desk: Desk, entries: list[object], kinds: list[str]) -> None:
    sent = [
        {"type": kind, "id": str(uuid4()), **entry} if isinstance(entry, dict) else entry
        for entry, kind in zip(entries, kinds, strict=False)
    ]
    answer = desk.call("POST", "/redemptions/batch", json={"entries": sent})
    is_ours(answer)
    if answer.status_code == 200:
        assert answer.json is not None
        assert len(answer.json["answers"]) == len(sent)


@FUZZ
@given(since=st.text(st.characters(codec="utf-8"), max_size=60) | st.from_regex(r"0\.[0-9]{1,12}\.[0-9a-f]{8}"))
def test_no_cursor_is_a_surprise(desk: Desk, since: str) -> None:
    is_ours(desk.call("GET", "/desk/snapshot", query_string={"since": since}))


@FUZZ
@given(notes=st.lists(st.text(st.characters(exclude_categories=[]), max_size=300), min_size=1, max_size=5))
def test_no_text_of_a_note_is_a_surprise(desk: Desk, notes: list[str]) -> None:
    is_ours(desk.redeem(*notes))


@FUZZ
@given(data=st.data())
def test_no_damage_to_a_token_is_a_surprise_and_none_is_accepted(
    desk: Desk, served: World, data: st.DataObject
) -> None:
    token = served.token(11)
    start = data.draw(st.integers(len("HTTPS://NOTES.EXAMPLE.ORG/N/"), len(token) - 1))
    damaged = token[:start] + data.draw(st.text(st.characters(codec="utf-8"), max_size=3)) + token[start + 1 :]
    answer = desk.redeem(damaged, practice=True)
    is_ours(answer)
    assert answer.json is not None
    accepted = answer.json["outcome"] == "accepted"
    assert accepted is (damaged.strip().upper() == token if damaged.isascii() else False)


@FUZZ
@given(
    data=st.binary(max_size=80),
    kind=st.sampled_from(["application/json", "text/plain", "", "application/json; charset=x"]),
)
def test_no_bytes_are_a_surprise(desk: Desk, data: bytes, kind: str) -> None:
    is_ours(desk.call("PUT", f"/redemptions/{uuid4()}", data=data, content_type=kind))


@FUZZ
@given(
    path=st.text(st.characters(codec="utf-8", exclude_characters="?#"), max_size=60),
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE"]),
)
def test_no_path_is_a_surprise(client: FlaskClient, path: str, method: str) -> None:
    answer = client.open("/api/v1/" + path.lstrip("/"), method=method)
    assert answer.status_code < 500


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b'{"notes": ["x"]', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "application/json", 400),
        (b'{"offer": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b'{"notes": ["' + b"x" * LARGEST_BODY_BYTES + b'"]}', "application/json", 413),
    ],
    ids=["empty", "cut", "unclosed", "bytes", "deep list", "deep object", "huge number", "text", "no type", "huge"],
)
def test_a_body_that_is_no_json_is_told_so(desk: Desk, data: bytes, kind: str, status: int) -> None:
    answer = desk.call("PUT", f"/redemptions/{uuid4()}", data=data, content_type=kind)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v2/desk", 404),
        ("GET", "/api/", 404),
        ("DELETE", "/api/v1/desk", 405),
        ("GET", "/api/v1/checks", 405),
        ("POST", "/healthz", 405),
        ("POST", "/readyz", 405),
    ],
)
def test_another_address_or_method_is_a_problem_in_json(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json is not None
    assert set(answer.json) == {"type", "title", "status", "detail"}
    assert ("Allow" in answer.headers) is (status == 405)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/api/v1/desk", "/api/v1/nothing", "/nothing", "/"])
def test_every_answer_has_the_headers(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "Cache-Control" in answer.headers
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


def test_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}
    assert client.get("/readyz").json == {"status": "ready"}


def test_no_token_and_no_key_is_logged_or_answered(
    desk: Desk, served: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, key = served.token(11), desk.key
    code = served.codes["Pool"]

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"it broke over {token}")

    with caplog.at_level(logging.DEBUG):
        answers = [desk.redeem(token), desk.redeem(token), desk.redeem(served.forged(12)), desk.call("GET", "/desk"),
                   desk.call("POST", "/desks/enrolments", json={"code": code + "x"})]  # fmt: skip
        monkeypatch.setattr(redeeming, "check_notes", fail)
        broken = desk.call("POST", "/checks", json={"notes": [token]})
        answers += [broken, desk.client.get(token.removeprefix("HTTPS://NOTES.EXAMPLE.ORG"))]
    assert broken.status_code == 500
    assert broken.mimetype == "application/problem+json"
    assert "it broke over" in caplog.text, "staff can see what broke"
    for text in (caplog.text, *(answer.text for answer in answers)):
        assert token[-103:] not in text
        assert key not in text
        assert code not in text
