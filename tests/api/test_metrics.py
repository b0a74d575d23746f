"""What is counted, and that none of it tells of a person or a place."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from app.config import Settings
from app.core.checkpoint import CheckpointKey
from app.core.errors import Unavailable
from app.services import condition, log
from app.store.database import Store
from app.store.tables import closure, conflict, resolution
from app.web import metrics
from tests.api.conftest import Desk
from tests.world import World

Sample = tuple[str, tuple[tuple[str, str], ...]]

ASK_ONCE = """
import sys
from pathlib import Path
from app.config import Settings
from app.factory import create_app
folder, url, designs = sys.argv[1:]
app = create_app(Settings(checkpoint_key=bytes(32), instance=Path(folder), database_url=url, note_host="N.EXAMPLE.ORG",
    designs=Path(designs), secret_key="k" * 40, workers=1, public_url="http://127.0.0.1:8000"))
print(app.test_client().get("/healthz").status_code)
print(app.test_client().get("/metrics").text)
"""


@pytest.fixture
def served(world: World) -> World:
    """The world on each engine."""
    return world


def samples(text: str) -> dict[Sample, float]:
    """Every number by its name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scraped(client: FlaskClient) -> dict[Sample, float]:
    """What is told now."""
    answer = client.get("/metrics")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    return samples(answer.text)


def test_requests_are_counted_by_the_template_of_their_route(desk: Desk, served: World) -> None:
    for number in (11, 12):
        desk.redeem(served.token(number))
    desk.call("DELETE", "/desk")
    desk.client.get("/nothing/of/that/name")
    desk.client.open("/healthz", method="BREW")
    found = scraped(desk.client)
    route = ("route", "/api/v1/redemptions/<visit:redemption_id>")
    assert found["hournote_requests_total", (("method", "PUT"), route, ("status", "201"))] == 2
    assert found["hournote_request_seconds_count", (("method", "PUT"), route)] == 2
    assert found["hournote_request_seconds_bucket", (("le", "+Inf"), ("method", "PUT"), route)] == 2
    unmatched = ("route", "unmatched")
    assert found["hournote_requests_total", (("method", "GET"), unmatched, ("status", "404"))] == 1
    assert found["hournote_requests_total", (("method", "other"), unmatched, ("status", "405"))] == 1


def test_visits_and_verdicts_are_counted_once(desk: Desk, served: World) -> None:
    made = uuid4()
    for _ in range(3):
        desk.redeem(served.token(11), served.token(12), id=made)
    desk.redeem(served.token(11))
    desk.call("POST", "/checks", json={"notes": [served.token(13), "garbage"]})
    found = scraped(desk.client)
    assert found["hournote_redemptions_total", (("outcome", "accepted"), ("reason", ""))] == 1
    assert found["hournote_redemptions_total", (("outcome", "refused"), ("reason", "note_refused"))] == 1
    assert found["hournote_verdicts_total", (("call", "redemption"), ("verdict", "accepted"))] == 2
    assert found["hournote_verdicts_total", (("call", "redemption"), ("verdict", "already_redeemed"))] == 1
    assert found["hournote_verdicts_total", (("call", "check"), ("verdict", "good"))] == 1
    assert found["hournote_verdicts_total", (("call", "check"), ("verdict", "malformed"))] == 1


def test_no_person_place_or_note_is_told(desk: Desk, library: Desk, served: World) -> None:
    answer = desk.redeem(served.token(11)).json
    library.redeem(served.token(11))
    assert answer is not None
    desk.client.get(served.token(11).removeprefix("HTTPS://NOTES.EXAMPLE.ORG"))
    desk.call("GET", f"/redemptions/{answer['id']}")
    text = desk.client.get("/metrics").text
    for secret in (answer["id"], served.serial(11), served.token(11)[-103:], desk.key, "Carn Brea", "Front desk"):
        assert secret not in text
    labels = {name for _, pairs in samples(text) for name, _value in pairs}
    assert labels == {"method", "route", "status", "outcome", "reason", "call", "verdict", "le"}


def test_the_books_are_told_as_they_stand(client: FlaskClient, served: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "FRESH_SECONDS", 0)
    waiting = scraped(client)
    assert waiting["hournote_books_readable", ()] == 1
    assert waiting["hournote_facts_waiting", ()] > 10
    assert ("hournote_checkpoint_age_seconds", ()) not in waiting
    assert (waiting["hournote_conflicts_open", ()], waiting["hournote_redemption_closed", ()]) == (0, 0)
    signed_at = served.now - timedelta(seconds=100)
    log.sequence(served.store, key=CheckpointKey(bytes(32)), clock=lambda: signed_at)
    placed = scraped(client)
    assert placed["hournote_facts_waiting", ()] == 0
    assert 100 <= placed["hournote_checkpoint_age_seconds", ()] < 1000


def test_conflicts_and_a_closure_are_told(client: FlaskClient, served: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "FRESH_SECONDS", 0)
    visits = [served.redeem(number)["id"] for number in (11, 12)]
    with served.store.engine.begin() as connection:
        for visit in visits:
            connection.execute(conflict.insert().values(redemption_id=UUID(visit), at=served.now))
        connection.execute(
            resolution.insert().values(redemption_id=UUID(visits[0]), reason="paid", actor="cli:test", at=served.now)
        )
        for kind in ("closed", "reopened", "closed"):
            connection.execute(
                closure.insert().values(request_id=uuid4(), kind=kind, reason="x", actor="cli:test", at=served.now)
            )
    found = scraped(client)
    assert (found["hournote_conflicts_open", ()], found["hournote_redemption_closed", ()]) == (1, 1)


def test_without_the_books_the_counts_are_told_all_the_same(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise Unavailable("The database cannot answer now.")

    monkeypatch.setattr(Store, "read", gone)
    client.get("/readyz")
    found = scraped(client)
    assert found["hournote_books_readable", ()] == 0
    assert ("hournote_facts_waiting", ()) not in found
    assert found["hournote_requests_total", (("method", "GET"), ("route", "/readyz"), ("status", "503"))] == 1


def test_who_asks_often_does_not_ask_the_database(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    read = condition.of_books
    monkeypatch.setattr(condition, "of_books", lambda store: asked.append(1) or read(store))  # type: ignore[func-returns-value]
    for _ in range(5):
        scraped(client)
    assert len(asked) == 1


def test_the_processes_of_a_service_count_together(
    settings: Settings, served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(metrics.FOLDER_VARIABLE, "set here so that it is put back")
    folder = metrics.prepare(settings.instance)
    assert os.environ[metrics.FOLDER_VARIABLE] == str(folder)
    told = ""
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", ASK_ONCE, str(settings.instance), settings.database_url, str(settings.designs)],
            capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        status, _, told = done.stdout.partition("\n")
        assert status == "200"
    labels = (("method", "GET"), ("route", "/healthz"), ("status", "200"))
    assert samples(told)["hournote_requests_total", labels] == 3
    assert samples(told)["hournote_books_readable", ()] == 1
    assert list(folder.glob("*.db"))
    metrics.prepare(settings.instance)
    assert not list(folder.glob("*.db")), "a service begins at nothing"
