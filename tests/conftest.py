"""The engines that the books are kept on, and the small world of `world.py` on each of them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from app.services import books
from app.services.books import Store
from tests import once, postgres
from tests import world as worlds
from tests.postgres import Cluster
from tests.world import World

once.be_thrifty()
settings.register_profile("hournote", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hournote")

ENGINES = ("sqlite", "postgresql")
_numbers = count(1)


@pytest.fixture(scope="session", autouse=True)
def made_once() -> Iterator[None]:
    """What is made once for every test."""
    with once.kept():
        yield


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL that lives as long as the session."""
    programs = postgres.programs()
    if programs is None:
        pytest.skip(postgres.NOT_INSTALLED)
    with postgres.cluster(programs) as running:
        yield running


@dataclass(frozen=True)
class Settled:
    """The world as it was made once, on one engine: where its books are, and what is known of it beside them."""

    engine: str
    url: str
    known: dict[str, Any]


@pytest.fixture(scope="session")
def settled_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Settled:
    """The world in an SQLite file, to be copied."""
    folder = tmp_path_factory.mktemp("settled")
    return _settle("sqlite", f"sqlite:///{folder / 'hournote.db'}", folder)


@pytest.fixture(scope="session")
def settled_on_postgresql(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Settled:
    """The world in a database of PostgreSQL, to be copied."""
    return _settle("postgresql", cluster.create("settled"), tmp_path_factory.mktemp("settled"))


@pytest.fixture(params=ENGINES)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The world on each engine, in books of its own that a test may change."""
    settled: Settled = request.getfixturevalue(f"settled_on_{request.param}")
    yield from _copied(settled, request, tmp_path)


@pytest.fixture(scope="session")
def migrated_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of books with nothing in them in an SQLite file, to be copied."""
    return _migrated(f"sqlite:///{tmp_path_factory.mktemp('migrated') / 'hournote.db'}")


@pytest.fixture(scope="session")
def migrated_on_postgresql(cluster: Cluster) -> str:
    """The address of books with nothing in them in a database of PostgreSQL, to be copied."""
    return _migrated(cluster.create("migrated"))


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Books with nothing in them, on each engine."""
    with _copy(request.getfixturevalue(f"migrated_on_{request.param}"), request, tmp_path / "empty.db") as url:
        opened = books.open_books(url)
        yield opened
        opened.close()


@pytest.fixture
def sqlite_world(settled_on_sqlite: Settled, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The world in an SQLite file of its own, `hournote.db` in the folder of the test."""
    yield from _copied(settled_on_sqlite, request, tmp_path)


@pytest.fixture
def postgresql_world(settled_on_postgresql: Settled, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The world in a database of PostgreSQL of its own."""
    yield from _copied(settled_on_postgresql, request, tmp_path)


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with nothing in it, on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    running: Cluster = request.getfixturevalue("cluster")
    name = f"empty{next(_numbers)}"
    yield running.create(name)
    running.drop(name)


def _settle(engine: str, url: str, folder: Path) -> Settled:
    books.migrate_books(url)
    with worlds.opened(url, folder) as made:
        worlds.settle(made)
        return Settled(
            engine, url, {"tokens": made.tokens, "keys": made.keys, "codes": made.codes, "offers": made.offers}
        )


def _migrated(url: str) -> str:
    books.migrate_books(url)
    return url


def _copied(settled: Settled, request: pytest.FixtureRequest, folder: Path) -> Iterator[World]:
    with (
        _copy(settled.url, request, folder / "hournote.db") as url,
        worlds.opened(url, folder, **deepcopy(settled.known)) as copied,
    ):
        yield copied


@contextmanager
def _copy(url: str, request: pytest.FixtureRequest, file: Path) -> Iterator[str]:
    """A copy of the books at `url`, to which nobody is connected: in `file`, or in a database that is dropped at the end."""
    if url.startswith("sqlite"):
        yield f"sqlite:///{shutil.copyfile(url.removeprefix('sqlite:///'), file)}"
        return
    running: Cluster = request.getfixturevalue("cluster")
    name = f"copy{next(_numbers)}"
    yield running.create(name, template=make_url(url).database or "")
    running.drop(name)
