"""The OpenAPI 3.1 document, made from the application's addresses and the types of `operations`, so that it cannot drift."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

import msgspec
from flask import Flask
from werkzeug.routing import Rule

from app.web.bodies import MUST_BE, RedeemEntry, ReverseEntry
from app.web.operations import JSON, OF_EVERY_CALL, OPERATIONS, PATH_PARAMETERS, Operation, Who
from app.web.shapes import Problem
from app.web.site import DESK_COOKIE

Json = dict[str, Any]
_REFS = "#/components/schemas/{name}"
_PROBLEM = "application/problem+json"
_SCHEMES: Json = {
    "desk_key": {"type": "http", "scheme": "bearer", "description": "The key of an enrolled desk."},
    "desk_cookie": {
        "type": "apiKey", "in": "cookie", "name": DESK_COOKIE,
        "description": "A browser desk's key; deeds also need the X-CSRFToken of its page.",
    },
    "staff_session": {"type": "apiKey", "in": "cookie", "name": "hournote_session", "description": "Staff, signed in."},
}  # fmt: skip
_SECURITY: dict[Who, list[Json]] = {
    Who.ANYBODY: [],
    Who.DESK: [{"desk_key": []}, {"desk_cookie": []}],
    Who.DESK_OR_STAFF: [{"desk_key": []}, {"desk_cookie": []}, {"staff_session": []}],
    Who.STAFF: [{"staff_session": []}],
}


def document(app: Flask) -> Json:
    """The whole document of an application, as JSON has it; made once."""
    made: Json = app.extensions.get("hournote_openapi") or _document(app)
    app.extensions["hournote_openapi"] = made
    return made


def _document(app: Flask) -> Json:
    paths: Json = {}
    schemas = _schemas()
    for rule, method, operation in described(app):
        view = app.view_functions[rule.endpoint]
        paths.setdefault(_path(rule), {})[method.lower()] = _operation(rule, operation, view.__doc__ or "", schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hournote",
            "version": version("hournote"),
            "description": "Desks, scanners and staff ask this of the service. Anything may be added beside it.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {"schemas": _components(), "securitySchemes": _SCHEMES},
    }


def described(app: Flask) -> Iterator[tuple[Rule, str, Operation]]:
    """Every address of programs that the application answers at, with each method and its operation."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if rule.endpoint in OPERATIONS:
                yield rule, method, OPERATIONS[rule.endpoint]


def _operation(rule: Rule, operation: Operation, says: str, schemas: dict[Any, Json]) -> Json:
    told: Json = {
        "operationId": rule.endpoint.rpartition(".")[2],
        "summary": " ".join(says.split()),
        "security": _SECURITY[operation.who],
        "responses": _responses(operation, schemas),
    }
    parameters = [_parameter(name, "path", PATH_PARAMETERS[name]) for name in sorted(rule.arguments)]
    parameters += [_parameter(name, "query", dict(schema)) for name, schema in operation.query.items()]
    if parameters:
        told["parameters"] = parameters
    if operation.body is not None:
        told["requestBody"] = {"required": True, "content": {JSON: {"schema": schemas[operation.body]}}}
    return told


def _responses(operation: Operation, schemas: dict[Any, Json]) -> Json:
    good = {
        str(status): _response(status, operation.media_type, _any_of([schemas[kind] for kind in kinds]))
        for status, kinds in operation.answers.items()
    }
    errors = sorted({*operation.errors, *OF_EVERY_CALL})
    return good | {str(status): _response(status, _PROBLEM, schemas[Problem]) for status in errors}


def _any_of(schemas: list[Json]) -> Json:
    return {"anyOf": schemas} if len(schemas) > 1 else (schemas or [{"type": "string"}])[0]


def _response(status: int, media_type: str, schema: Json) -> Json:
    told: Json = {"description": HTTPStatus(status).phrase, "content": {media_type: {"schema": schema}}}
    headers = {"X-Request-ID": {"schema": {"type": "string"}, "required": True}}
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        headers["Retry-After"] = {"schema": {"type": "string", "pattern": "^[0-9]+$"}, "required": True}
    return told | {"headers": headers}


def _parameter(name: str, place: str, schema: Json) -> Json:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


def _kinds() -> list[Any]:
    found: list[Any] = [Problem, RedeemEntry, ReverseEntry]
    for operation in OPERATIONS.values():
        found += [kind for kinds in operation.answers.values() for kind in kinds]
        found += [operation.body] if operation.body else []
    return list(dict.fromkeys(found))


def _schemas() -> dict[Any, Json]:
    """The schema of each type that a call takes or answers; those of its parts stand in the components."""
    kinds = _kinds()
    return dict(zip(kinds, msgspec.json.schema_components(kinds, ref_template=_REFS)[0], strict=True))


def _components() -> Json:
    components = msgspec.json.schema_components(_kinds(), ref_template=_REFS)[1]
    for schema in components.values():
        for name, part in schema.get("properties", {}).items():
            if name in MUST_BE and "$ref" not in part:
                part.setdefault("description", MUST_BE[name][:1].upper() + MUST_BE[name][1:] + ".")
    return dict(sorted(components.items()))
