"""The interface against its own description: schemathesis asks what the OpenAPI document allows, and what it does not."""

import logging
import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis.engine import from_schema
from schemathesis.engine.events import EngineEvent, NonFatalError, ScenarioFinished
from werkzeug.serving import make_server

from app.services import accounts, guessing, sessions
from app.services.throttling import Throttle
from tests.world import World

EXAMPLES = int(os.environ.get("HOURNOTE_SCHEMA_EXAMPLES", "4"))
"""Examples for each call, beside those that cover its description. CI looks at few and always the same ones, a night can
look at thousands."""

CHECKS: dict[str, Any] = {
    # An offer of no venue, a reason that cannot be printed and a cursor of nobody fit their types, and are told so: 410, 422.
    "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "410", "422"]},
}
"""What differs from schemathesis' own: nothing is left out."""

Asked = dict[str, set[int]]


@pytest.fixture
def address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server of the application; nobody is stopped for asking often."""
    monkeypatch.setattr(Throttle, "hit", lambda *_args, **_kwargs: None)
    monkeypatch.setattr(guessing, "MOST_BAD_NOTES", 10**9)
    monkeypatch.setattr(logging.getLogger("werkzeug"), "disabled", True)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def examined(address: str, headers: dict[str, str]) -> tuple[list[str], Asked]:
    """What schemathesis finds wrong, asking with these headers, and the statuses of each call."""
    config = schemathesis.Config.from_dict(
        {
            "headers": headers,
            "continue-on-failure": True,
            "cache": {"enabled": False},
            "suppress-health-check": ["all"],
            "generation": {
                "max-examples": EXAMPLES, "deterministic": EXAMPLES < 100, "no-shrink": True, "database": "none",
            },
            "phases": {"stateful": {"enabled": False}},
            "checks": CHECKS,
        }
    )  # fmt: skip
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json", config=config)
    wrong: list[str] = []
    asked: Asked = {}
    for event in from_schema(schema).execute():
        wrong += list(_wrong(event))
        if isinstance(event, ScenarioFinished):
            answers = [each.response for each in event.recorder.interactions.values() if each.response]
            asked.setdefault(str(event.label), set()).update(answer.status_code for answer in answers)
    return wrong, asked


def _wrong(event: EngineEvent) -> Iterator[str]:
    if isinstance(event, NonFatalError):
        yield f"{event.label}: {event.info}"
    if not isinstance(event, ScenarioFinished):
        return
    for case_id, checks in event.recorder.checks.items():
        case = event.recorder.cases[case_id].value
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                asked = f"{case.method} {case.formatted_path} {str(case.query)[:80]} {str(case.body)[:200]}"
                yield f"{check.name}: {asked}: {failure.title} {failure.message}"[:900]


def test_the_interface_is_as_it_says(address: str, served: World) -> None:
    wrong, asked = examined(address, {"Authorization": f"Bearer {served.keys['Front desk']}"})
    assert not wrong, "\n\n".join(wrong)
    assert {200, 201, 422, 415, 405} <= asked["PUT /api/v1/redemptions/{redemption_id}"]
    assert {200, 422} <= asked["POST /api/v1/checks"]


def test_the_interface_is_as_it_says_to_staff(address: str, app: Flask, served: World) -> None:
    made, _ = accounts.add_account(served.store, email="office@example.org", role="national", now=served.now)
    secret = sessions.begin(served.store, made, now=served.now, second_factor=True)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie = signer.dumps({"_user_id": secret, "_fresh": True})
    wrong, asked = examined(address, {"Cookie": f"hournote_session={cookie}", "Sec-Fetch-Site": "same-origin"})
    assert not wrong, "\n\n".join(wrong)
    assert {404, 422} <= asked["GET /api/v1/notes/{serial}"]
    assert asked["PUT /api/v1/redemptions/{redemption_id}"] <= {200, 401, 405}, "staff are no desk"
