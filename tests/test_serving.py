"""The service as it is started: on a host by name, over TLS, with a journal larger than a visit, and stopped gracefully."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx
import pytest

from app.web.requests import LONGEST_HEADERS
from tests.world import World


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(world: World, *words: str, scheme: str = "http") -> Iterator[tuple[httpx.Client, "subprocess.Popen[bytes]"]]:
    """`hournote serve` over these books, and a client of it."""
    port = free_port()
    url = world.store.engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "HOURNOTE_DATABASE_URL": url, "HOURNOTE_INSTANCE": str(world.folder / "instance")}
    command = [sys.executable, "-m", "hournote", "serve", "--port", str(port), *words]
    log = (world.folder / "log").open("wb")
    with log, subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True) as service:
        try:
            trusting = ssl._create_unverified_context()  # noqa: S323 - a certificate that it has just signed itself
            with httpx.Client(base_url=f"{scheme}://localhost:{port}", verify=trusting, timeout=20) as client:
                wait_for(client)
                yield client, service
        finally:
            os.killpg(service.pid, signal.SIGKILL)


def wait_for(client: httpx.Client) -> None:
    for _ in range(200):
        try:
            client.get("/readyz").raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    pytest.fail("the service did not start")


def test_a_host_may_be_given_by_name(sqlite_world: World) -> None:
    key = sqlite_world.keys["Front desk"]
    with served(sqlite_world, "--host", "localhost") as (client, _service):
        client.headers["Authorization"] = f"Bearer {key}"
        answer = client.put(f"/api/v1/redemptions/{uuid4()}", json={"notes": [sqlite_world.token(11)]})
        assert (answer.status_code, answer.json()["outcome"]) == (201, "accepted")
        entries = [{"type": "redeem", "id": str(uuid4()), "notes": ["x" * 1900]}] * 300
        assert client.post("/api/v1/redemptions/batch", json={"entries": entries}).status_code == 200
        assert client.get("/healthz", headers={"X-Long": "x" * (LONGEST_HEADERS + 1)}).status_code == 431


def test_a_host_that_is_none_is_told_in_a_sentence(sqlite_world: World) -> None:
    url = sqlite_world.store.engine.url.render_as_string(hide_password=False)
    environment = {
        **os.environ,
        "HOURNOTE_DATABASE_URL": url,
        "HOURNOTE_INSTANCE": str(sqlite_world.folder / "instance"),
    }
    command = [sys.executable, "-m", "hournote", "serve", "--host", "no such host", "--port", str(free_port())]
    told = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.splitlines()[-1].startswith("hournote: Port ")
    assert "Traceback" not in told.stderr


def test_it_serves_over_tls(sqlite_world: World) -> None:
    with served(sqlite_world, "--host", "127.0.0.1", "--https", scheme="https") as (client, _service):
        assert client.get("/healthz").json() == {"status": "alive"}


def test_who_is_being_answered_is_answered_before_it_stops(sqlite_world: World) -> None:
    """A redemption waits for its turn to write while the service is told to stop."""
    world, answers = sqlite_world, list[httpx.Response]()
    with served(world, "--host", "127.0.0.1") as (client, service):
        visit = f"/api/v1/redemptions/{uuid4()}"
        headers = {"Authorization": f"Bearer {world.keys['Front desk']}"}

        def redeem() -> None:
            answers.append(client.put(visit, json={"notes": [world.token(11)]}, headers=headers))

        with world.store._turn:
            asking = threading.Thread(target=redeem)
            asking.start()
            time.sleep(1)
            service.send_signal(signal.SIGTERM)
            time.sleep(1)
        asking.join(20)
        assert [answer.status_code for answer in answers] == [201]
        assert service.wait(30) == 0
    assert world.state(11) == "redeemed"
