"""What a body may be, and what is told of one that is wrong: one plain sentence that names the field."""

import json
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import RequestEntityTooLarge

from app.core.errors import BadInput
from app.web import bodies
from app.web.bodies import GivingBack, Journal, RedeemEntry, ReverseEntry, Visit
from app.web.body import decoded, read
from tests.api.conftest import Desk
from tests.world import World

ID = "12345678-1234-5678-1234-567812345678"


def refused(kind: type[object], raw: bytes | str) -> BadInput:
    """What is told of a body."""
    with pytest.raises(BadInput) as told:
        decoded(kind, raw.encode() if isinstance(raw, str) else raw)  # type: ignore[type-var]
    return told.value


@pytest.mark.parametrize(
    ("raw", "begins"),
    [
        ("{}", "`notes` is missing: it must be a list of 1 to 50 tokens or serials"),
        ('{"notes": []}', "`notes` must be a list of 1 to 50"),
        ('{"notes": [1]}', "`notes[0]` must be a list of 1 to 50"),
        ('{"notes": ["x"], "offer": true}', "`offer` must be a whole number above zero, or null."),
        ('{"notes": ["x"], "offer": 9999999999999999999999}', "`offer` must be a whole number above zero, or null."),
        ('{"notes": ["x"], "offer": 1.0}', "`offer` must be a whole number"),
        ('{"notes": ["x"], "scanned_at": "2026-03-01"}', "`scanned_at` must be a time with its zone"),
        ('{"notes": ["x"], "offline": "yes"}', "`offline` must be true or false."),
        ('{"notes": ["x"], "notes": ["y"]}', "`notes` stands twice in one object: give it once."),
        ('{"notes": ["x"], "no\\u0074es": ["y"]}', "`notes` stands twice in one object: give it once."),
        ('{"notes": ["x\\ud800"]}', "`notes` has half of a character in it"),
        ('{"z": {"a": 1, "a": 2}, "notes": ["\\u0041"]}', "A name stands twice in one object"),
        ("[]", "The body must be a JSON object."),
        ('"notes"', "The body must be a JSON object."),
        ("null", "The body must be a JSON object."),
    ],
)
def test_what_is_wrong_is_told_by_its_name(raw: str, begins: str) -> None:
    told = refused(Visit, raw)
    assert told.sentence.startswith(begins)
    assert told.sentence.endswith(".")
    assert "status" not in told.evidence, "422"


@pytest.mark.parametrize(
    "raw",
    [
        b"", b" ", b"{", b'{"notes": ["x"]', b'{"notes": ["x"],}', b'{"notes": ["x"]} {}', b"\xff", b'{"notes": ["\xff"]}',
        b'{"notes": ["x"], "offer": NaN}', b'{"notes": ["x"], "offer": Infinity}', b"\xef\xbb\xbf{}", b"{'notes': ['x']}",
        b'{"notes": ["x"], "z": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", '{"notes": ["x"]}'.encode("utf-16"),
    ],
)  # fmt: skip
def test_what_is_no_json_is_told_so(raw: bytes) -> None:
    told = refused(Visit, raw)
    assert (told.sentence, told.evidence["status"]) == ("The body is not JSON.", 400)


def test_what_nobody_asked_for_is_passed_over() -> None:
    body = decoded(Visit, b'{"notes": ["notes", "offer"], "more": [1, {"offer": null}], "huge": ' + b"9" * 5000 + b"}")
    assert (body.notes, body.offer, body.offline) == (["notes", "offer"], None, False)


@given(st.binary(max_size=60) | st.text().map(str.encode) | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(
    lambda value: json.dumps({"notes": value}).encode()
))  # fmt: skip
def test_no_bytes_are_anything_but_a_body_or_an_answer(raw: bytes) -> None:
    try:
        body = decoded(Visit, raw)
    except BadInput:
        return
    assert 1 <= len(body.notes) <= 50


def test_an_entry_of_a_journal_is_of_its_type() -> None:
    raw = {"entries": [
        {"type": "redeem", "id": ID, "notes": ["x"], "offline": True, "scanned_at": "2026-03-01T10:00:00Z"},
        {"type": "reverse", "id": ID, "reason": "wrong note", "at": "2026-03-01T10:05:00+01:00"},
    ]}  # fmt: skip
    first, second = decoded(Journal, json.dumps(raw).encode()).entries
    assert isinstance(first, RedeemEntry)
    assert isinstance(second, ReverseEntry)
    assert (first.id, first.notes, first.offline, second.reason) == (ID, ["x"], True, "wrong note")


@pytest.mark.parametrize(
    ("entry", "begins"),
    [
        ({"type": "redeem", "id": ID, "notes": []}, "`entries[...].notes` must be"),
        ({"type": "redeem", "id": "1", "notes": ["x"]}, "`entries[...].id` must be a UUID"),
        ({"type": "redeem", "notes": ["x"]}, "`entries[...].id` is missing: it must be a UUID"),
        ({"type": "spend", "id": ID, "notes": ["x"]}, "`entries[...].type` must be redeem or reverse"),
        ({"id": ID, "notes": ["x"]}, "`entries[...].type` is missing: it must be redeem or reverse"),
        (1, "`entries[...]` must be a list of at most 500 entries"),
    ],
)
def test_an_entry_that_is_wrong_is_told_by_its_name(entry: object, begins: str) -> None:
    told = refused(Journal, json.dumps({"entries": [entry]})).sentence
    assert told.replace("[0]", "[...]").startswith(begins)


def test_a_journal_has_at_most_five_hundred_entries() -> None:
    entry = {"type": "reverse", "id": ID, "reason": "x"}
    assert len(decoded(Journal, json.dumps({"entries": [entry] * 500}).encode()).entries) == 500
    assert refused(Journal, json.dumps({"entries": [entry] * 501})).sentence.startswith("`entries` must be a list")


def test_a_journal_may_be_larger_than_a_visit(app: Flask) -> None:
    entry = {"type": "redeem", "id": ID, "notes": [f"{number:01900}" for number in range(50)]}
    journal = json.dumps({"entries": [entry] * 20})
    with app.test_request_context(data=journal, content_type="application/json", method="POST"):
        assert len(read(Journal).entries) == 20
    with (
        app.test_request_context(data=journal, content_type="application/json", method="POST"),
        pytest.raises(RequestEntityTooLarge),
    ):
        read(Visit)
    larger = json.dumps({"entries": [entry] * 60})
    with (
        app.test_request_context(data=larger, content_type="application/json", method="POST"),
        pytest.raises(RequestEntityTooLarge),
    ):
        read(Journal)


def test_a_reason_with_a_nul_is_not_kept(desk: Desk) -> None:
    for reason in ("\x00", "wrong\x00note", "\ud800", "x" * 201, " "):
        answer = desk.call("POST", f"/redemptions/{uuid4()}/reversal", json={"reason": reason})
        assert answer.status_code == 422, reason


@pytest.mark.parametrize("name", ["\x00", "Pool\x00side", "\ud800", "Pool\u202eside", "x" * 81, 1])
def test_a_name_that_cannot_be_kept_does_not_cost_the_code(desk: Desk, sqlite_world: World, name: object) -> None:
    code = sqlite_world.codes["Pool"]
    assert desk.client.post("/api/v1/desks/enrolments", json={"code": code, "name": name}).status_code == 422
    assert desk.client.post("/api/v1/desks/enrolments", json={"code": code, "name": None}).status_code == 201


def test_every_field_says_what_it_must_be() -> None:
    kinds = (Visit, GivingBack, bodies.Question, bodies.Enrolling, RedeemEntry, ReverseEntry, Journal)
    assert {name for kind in kinds for name in kind.__struct_fields__} | {"type"} == set(bodies.MUST_BE)
