"""Whatever is sent, the answer is one of ours: never a 500, never a token in a log, always the headers."""

import base64
import io
import json
import logging
from urllib.parse import quote
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from app.core import token as tokens
from app.core.serial import Serial
from app.factory import LARGEST_BODY_BYTES
from app.services import guessing, redeeming
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
def served(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world on each engine: they differ in what they can keep. No desk is stopped for its many bad notes."""
    monkeypatch.setattr(guessing, "MOST_BAD_NOTES", 10**9)
    return world


def is_ours(answer: TestResponse) -> None:
    """Told in a form that programs read, with a status of the contract."""
    assert answer.status_code in (
        200,
        201,
        400,
        401,
        403,
        404,
        405,
        406,
        409,
        410,
        411,
        413,
        414,
        415,
        422,
        429,
        431,
    ), answer.text
    assert answer.mimetype == ("application/json" if answer.status_code < 400 else "application/problem+json")
    assert "Traceback" not in answer.text


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
        (b'{"offer": ' + b"9" * 5000 + b"}", "application/json", 422),
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


@pytest.mark.parametrize(
    "method", ["GET", "PUT", "POST", "DELETE", "PATCH", "TRACE", "CONNECT", "QUERY", "x", "PUT" * 30]
)
def test_no_method_is_a_surprise(desk: Desk, method: str) -> None:
    for path in (f"/redemptions/{uuid4()}", f"/redemptions/{uuid4()}/reversal", "/checks", "/desk", "/desk/snapshot",
                 "/desks/enrolments", "/notes/x", "/openapi.json", "/nothing"):  # fmt: skip
        answer = desk.call(method, path)
        is_ours(answer)
        assert (answer.status_code == 405) is ("Allow" in answer.headers)
        assert method not in answer.headers.get("Allow", "").split(", ") or answer.status_code != 405


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200), ("*/*", 200), ("application/*", 200), ("application/problem+json", 200), ("", 200),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 200), ("application/json;q=0.5, text/html", 200),
        ("text/html", 406), ("text/html, image/png", 406), ("application/json;q=0", 406), (";;;,", 406), ("\u00ff", 406),
    ],
)  # fmt: skip
def test_a_program_that_takes_no_json_is_told_so_in_json(desk: Desk, accept: str, status: int) -> None:
    answer = desk.call("GET", "/desk", headers={"Accept": accept})
    assert answer.status_code == status
    is_ours(answer)


def test_what_is_too_large_beside_the_body_is_told_so(desk: Desk) -> None:
    for path, headers, status in (
        ("/desk", {"X-Other": "x" * 20_000}, 431), ("/desk", {f"X-{n}": "x" * 1000 for n in range(20)}, 431),
        ("/" + "x" * 5000, {}, 414), ("/desk/snapshot?since=" + "x" * 5000, {}, 414),
    ):  # fmt: skip
        answer = desk.call("GET", path, headers=headers)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert desk.client.get("/" + "x" * 5000).status_code == 414, "a page as well"


@FUZZ
@given(
    name=st.sampled_from(
        ["Authorization", "Accept", "Content-Type", "Content-Length", "Cookie", "X-CSRFToken", "X-Forwarded-For", "X-Request-ID",
         "Accept-Language", "Host", "Referer", "If-None-Match", "Range", "Transfer-Encoding", "Accept-Encoding"]
    ),
    value=st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=80),
)  # fmt: skip
def test_no_header_is_a_surprise(desk: Desk, client: FlaskClient, name: str, value: str) -> None:
    body = json.dumps({"notes": ["x"]}).encode()
    for method, path in (("POST", "/checks"), ("GET", "/desk")):
        answer = desk.call(method, path, data=body, content_type="application/json", headers={name: value})
        is_ours(answer)
    if name != "Host":
        assert client.get("/", headers={name: value}).status_code < 500
        assert client.get("/where", headers={name: value}).status_code < 500


@FUZZ
@given(
    made=st.text(st.characters(codec="utf-8", exclude_characters="/?#"), min_size=1, max_size=60)
    | st.uuids().map(lambda u: u.hex)
)
def test_no_id_is_a_surprise(desk: Desk, made: str) -> None:
    for method, path in (("PUT", ""), ("GET", ""), ("POST", "/reversal")):
        body = None if method == "GET" else {"notes": ["x"], "reason": "x"}
        answer = desk.call(method, f"/redemptions/{quote(made)}{path}", json=body)
        assert answer.status_code in (404, 405, 422, 308), made
        assert answer.status_code != 308 or made in (".", "..")


LIKE = str.maketrans(
    "ACEHIKMNOPTXHS/", "\u0410\u0421\u0415\u041d\u0406\u039a\u041c\u039d\u041e\u0420\u03a4\u0425\u041d\u0405\u2215"
)
"""Letters of other alphabets that look like ours."""


def foreign(served: World) -> dict[str, str]:
    """Tokens that are none, by what is wrong with them."""
    token, other = served.token(11), served.token(12)
    with_an_i = next(each for each in (served.token(number) for number in range(14, 100)) if "I" in each)
    head, serial, signature = token[: -103 - 13], token[-103 - 13 : -103], token[-103:]
    decoded = base64.b32decode(signature + "=")
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32)).sign(tokens.message(serial))
    whole = (1 << 252) + 27742317777372353535851937790883648493
    again = decoded[:32] + (int.from_bytes(decoded[32:], "little") + whole).to_bytes(33, "little")[:32]
    return {
        "another's signature": head + serial + other[-103:],
        "a stranger's key": tokens.compose("NOTES.EXAMPLE.ORG", serial, stranger),
        "the serial changed under the signature": head + str(Serial("CWL26", 13)) + signature,
        "the serial of another series": head + served.serial(1, "LAN26") + signature,
        "a serial whose check character is wrong": head + serial[:-1] + ("0" if serial[-1] != "0" else "1") + signature,
        "signed by nobody": head + serial + "A" * 103,
        "the same signature, spelt as a larger number": tokens.compose("NOTES.EXAMPLE.ORG", serial, again),
        "three bits more": head + serial + signature[:-1] + chr(ord(signature[-1]) + 1),
        "look-alikes": head + (serial + signature).translate(LIKE),
        "look-alikes in the serial": head + serial.translate(LIKE) + signature,
        "wide letters": "".join(chr(ord(each) + 0xFEE0) for each in token),
        "a dotless i": with_an_i.replace("I", "\u0131"),
        "a long s": token.replace("S", "\u017f"),
        "another alphabet": head + serial + base64.b64encode(decoded).decode(),
        "hex": head + serial + decoded.hex().upper(),
        "cut": token[:-1],
        "cut to half": token[: len(token) // 2],
        "signature alone": signature,
        "longer": token + "A",
        "twice": token + token,
        "with a query": token + "?x=1",
        "with a NUL": token + "\0",
        "a break inside": token[:-50] + "\n" + token[-50:],
        "a space inside": token[:-50] + " " + token[-50:],
        "soft hyphens": "\u00ad".join(token),
        "another path": token.replace("/N/", "/M/"),
        "another scheme": token.replace("HTTPS", "JAVASCRIPT"),
        "somebody's name in it": token.replace("HTTPS://", "HTTPS://USER@"),
    }


def test_no_foreign_token_is_accepted(desk: Desk, client: FlaskClient, served: World) -> None:
    for wrong, note in foreign(served).items():
        answer = desk.redeem(note)
        assert answer.status_code == 201, wrong
        assert answer.json is not None
        assert answer.json["outcome"] == "refused", wrong
        assert answer.json["notes"][0]["verdict"] in ("malformed", "forged", "unknown"), wrong
    assert served.state(11) == served.state(12) == served.state(13) == "issued"


def test_a_token_may_be_written_in_lower_case_and_have_another_host(desk: Desk, served: World) -> None:
    for number, change in ((11, str.lower), (12, lambda text: text.replace("NOTES.EXAMPLE.ORG", "OTHER.EXAMPLE:8000")),
                           (13, lambda text: f"  {text.replace('HTTPS', 'http')} ")):  # fmt: skip
        answer = desk.redeem(change(served.token(number)))
        assert answer.json is not None
        assert answer.json["outcome"] == "accepted"


def test_a_body_in_pieces_is_read_and_one_without_its_length_is_refused(desk: Desk, served: World) -> None:
    body = json.dumps({"notes": [served.token(11)]}).encode()
    for ended, status in ((True, 200), (False, 411)):
        pieces = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": "", "wsgi.input": io.BytesIO(body)}
        if ended:
            pieces["wsgi.input_terminated"] = True
        answer = desk.call("POST", "/checks", content_type="application/json", environ_overrides=pieces)
        assert answer.status_code == status
    large = {**pieces, "wsgi.input_terminated": True, "wsgi.input": io.BytesIO(b" " * (LARGEST_BODY_BYTES + 1))}
    assert desk.call("POST", "/checks", content_type="application/json", environ_overrides=large).status_code == 413


def test_a_length_that_is_not_the_body_s_is_no_surprise(desk: Desk) -> None:
    for length in ("-1", "x", "9" * 30, "1e3", "0", "5"):
        answer = desk.call(
            "POST", "/checks", content_type="application/json",
            environ_overrides={"CONTENT_LENGTH": length, "wsgi.input": io.BytesIO(b'{"notes": ["x"]}')},
        )  # fmt: skip
        is_ours(answer)
        assert answer.status_code in (400, 413)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/api/v1/desk", "/api/v1/nothing", "/nothing", "/"])
def test_every_answer_has_the_headers(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "Cache-Control" in answer.headers
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


def test_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}
    assert client.get("/readyz").json == {"status": "ready", "redemption": "open"}


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


@pytest.mark.parametrize(
    "entry",
    [
        b"1e400",
        b"1" * 400,
        b'"\xff"',
        b'{"type":"redeem","id":"\xff"}',
        b'{"type":"redeem","id":1e999}',
        b"[[[1e999]]]",
    ],
)
def test_an_entry_that_nobody_can_read_does_not_hide_the_answers_beside_it(
    desk: Desk, served: World, entry: bytes
) -> None:
    """An answer that is not told is a visit that the desk takes for refused."""
    good = {"type": "redeem", "id": str(uuid4()), "notes": [served.token(14)], "scanned_at": served.now.isoformat()}
    odd = json.dumps({**good, "id": str(uuid4()), "notes": [served.token(15)]}).encode()[:-1] + b', "x": 1e999}'
    body = b'{"entries": [' + b", ".join([json.dumps(good).encode(), entry, odd]) + b"]}"
    answer = desk.call("POST", "/redemptions/batch", data=body, content_type="application/json")
    is_ours(answer)
    if answer.status_code == 200:
        assert answer.json is not None
        first, second, _third = answer.json["answers"]
        assert (first["outcome"], second["problem"]["status"]) == ("accepted", 422)
    else:
        assert (served.state(14), served.state(15)) == ("issued", "issued"), "all of it or nothing"


def test_a_clock_of_the_year_one_poisons_no_journal(desk: Desk, served: World) -> None:
    made = str(uuid4())
    body = {"notes": [served.token(14)], "scanned_at": "0001-01-01T00:00:30Z"}
    assert desk.call("PUT", f"/redemptions/{made}", json=body).status_code == 201
    entries = [{"type": "reverse", "id": made, "reason": "wrong note", "at": served.now.isoformat()}]
    answer = desk.call("POST", "/redemptions/batch", json={"entries": entries})
    assert answer.json is not None
    assert answer.json["answers"][0]["outcome"] == "reversed"
