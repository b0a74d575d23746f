"""The OpenAPI document: it has every address of programs, and the answers are as it says."""

from typing import Any

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.plain import plain
from app.services import enquiry
from app.web import shapes
from app.web.openapi import described, document
from app.web.operations import OF_EVERY_CALL, OPERATIONS
from tests.api.conftest import Desk
from tests.world import World


def test_every_address_of_programs_is_described(app: Flask, client: FlaskClient) -> None:
    told = client.get("/api/v1/openapi.json").json
    assert told is not None
    routes = {
        (rule.rule.replace("<visit:", "{").replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/") or rule.endpoint.partition(".")[0] in ("health", "metrics")
    }
    assert {(path, method) for path, calls in told["paths"].items() for method in calls} == routes
    assert set(OPERATIONS) <= {rule.endpoint for rule in app.url_map.iter_rules()}


def test_every_call_says_what_it_is_and_what_may_go_wrong(app: Flask) -> None:
    for rule, method, operation in described(app):
        call = document(app)["paths"][rule.rule.replace("<visit:", "{").replace("<", "{").replace(">", "}")][
            method.lower()
        ]
        assert call["summary"].endswith(".")
        assert {*map(str, OF_EVERY_CALL), *map(str, operation.errors)} <= set(call["responses"])
        assert [name["name"] for name in call.get("parameters", []) if name["in"] == "path"] == sorted(rule.arguments)
    ids = [call["operationId"] for calls in document(app)["paths"].values() for call in calls.values()]
    assert len(set(ids)) == len(ids)


def test_every_part_that_is_named_is_there(app: Flask) -> None:
    told = document(app)
    named = {each.rpartition("/")[2] for each in _references(told)}
    assert named <= set(told["components"]["schemas"])
    assert {"Visit", "VisitAnswer", "Journal", "JournalAnswer", "SnapshotChanges", "Problem"} <= named | {
        "Journal", "JournalAnswer",
    }  # fmt: skip
    schemes = {
        name
        for calls in told["paths"].values()
        for call in calls.values()
        for each in call["security"]
        for name in each
    }
    assert schemes == set(told["components"]["securitySchemes"])


@pytest.mark.parametrize(
    ("method", "path", "body", "kind"),
    [
        ("GET", "/desk", None, shapes.DeskAnswer),
        ("GET", "/desk/snapshot", None, shapes.Snapshot),
        ("POST", "/checks", {"notes": ["x"]}, shapes.QuestionAnswer),
        ("PUT", "/redemptions/12345678-1234-5678-1234-567812345678", {"notes": ["x"]}, shapes.VisitAnswer),
        ("GET", "/nothing", None, shapes.Problem),
    ],
)
def test_an_answer_is_of_its_type(desk: Desk, method: str, path: str, body: object, kind: type[Any]) -> None:
    msgspec.json.decode(desk.call(method, path, json=body).data, type=kind)


def test_answers_about_a_spent_note_are_of_their_types(desk: Desk, sqlite_world: World) -> None:
    made = desk.redeem(sqlite_world.token(11)).json
    assert made is not None
    path = f"/redemptions/{made['id']}"
    desk.redeem(sqlite_world.token(11))
    given = desk.call("POST", f"{path}/reversal", json={"reason": "wrong note"})
    msgspec.json.decode(given.data, type=shapes.GivingBackAnswer)
    msgspec.json.decode(desk.call("GET", path).data, type=shapes.VisitStanding)
    life = enquiry.life_of(sqlite_world.store, serial=sqlite_world.serial(11))
    msgspec.convert(plain(life), type=shapes.NoteLife)


def _references(part: object) -> list[str]:
    if isinstance(part, dict):
        return ([part["$ref"]] if "$ref" in part else []) + [
            each for value in part.values() for each in _references(value)
        ]
    return [each for value in part for each in _references(value)] if isinstance(part, list) else []
