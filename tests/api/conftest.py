"""The application over the small world, and desks that ask it with their keys."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.config import Settings
from app.factory import create_app
from tests.world import DESIGNS, HOST, World


@pytest.fixture
def served(sqlite_world: World) -> World:
    """The world whose books are served; a module may serve others."""
    return sqlite_world


@pytest.fixture
def settings(served: World) -> Settings:
    """What the application runs with."""
    url = served.store.engine.url.render_as_string(hide_password=False)
    return Settings(
        checkpoint_key=bytes(32),
        instance=served.folder, database_url=url, note_host=HOST, designs=DESIGNS, secret_key="k" * 40, workers=1,
        public_url="http://127.0.0.1:8000",
    )  # fmt: skip


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application, with surprises answered as they are in service."""
    made = create_app(settings)
    yield made
    made.extensions["hournote_books"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody without a key."""
    return app.test_client()


@dataclass(frozen=True)
class Desk:
    """A desk that shows its key with every call."""

    client: FlaskClient
    key: str

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        """An answer of `/api/v1`."""
        headers = {"Authorization": f"Bearer {self.key}", **more.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    def redeem(self, *notes: object, id: object = None, **more: object) -> TestResponse:
        """Send a visit."""
        return self.call("PUT", f"/redemptions/{id or uuid4()}", json={"notes": list(notes), **more})


@pytest.fixture
def desk(app: Flask, served: World) -> Desk:
    """The front desk of the leisure centre."""
    return Desk(app.test_client(), served.keys["Front desk"])


@pytest.fixture
def library(app: Flask, served: World) -> Desk:
    """A desk of another venue."""
    return Desk(app.test_client(), served.keys["Library"])
