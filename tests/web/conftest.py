"""A small world made through the services, served to a test client or to a real browser."""

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from app.config import Settings
from app.core import job as jobs
from app.core.lifecycle import Kind
from app.factory import create_app
from app.services import accounts, balancing, books, custody, desks, directory, listing, press, redeeming, second_factor
from app.services.press import OrderRequest
from tests import staff

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SECONDS = 1000
expect.set_options(
    timeout=20 * SECONDS
)  # a page answers in a moment; a machine that does other work beside it does not
needs_chromium = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"There is no {CHROMIUM}: install Debian's chromium to run these."
)
PASSWORD = "three plain words"
ROOT = Path(__file__).parents[2]


@dataclass
class World:
    """The books of a small world, and what is known of it outside them."""

    settings: Settings
    tokens: dict[str, list[str]] = field(default_factory=dict)
    code: str = ""
    key: str = ""
    offers: dict[str, int] = field(default_factory=dict)
    factors: dict[str, str] = field(default_factory=dict)

    def factor_code(self, role: str) -> str:
        """What the authenticator app of that role shows now."""
        return second_factor.code_at(self.factors[role], now())

    def token(self, number: int, series: str = "CWL26") -> str:
        """The token of a note by its number."""
        return self.tokens[series][number - 1]

    def serial(self, number: int, series: str = "CWL26") -> str:
        """The serial of a note by its number."""
        return self.token(number, series).split("/N/")[1][:13]


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="session")
def made_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two programmes with notes in many states, a desk, and an account of each role; made once.

    Cornwall's notes: 1-5 spoiled, 6-9 printed, 10-50 issued (10 and 11 spent, 45 held, 46 void), 51-60 in stock.
    """
    folder = tmp_path_factory.mktemp("world")
    url = f"sqlite:///{folder / 'hournote.db'}"
    books.migrate_books(url)
    settings = Settings(
        checkpoint_key=bytes(32),
        instance=folder, database_url=url, note_host="NOTES.EXAMPLE.ORG", designs=ROOT / "designs",
        secret_key="x" * 40, workers=1, public_url="http://127.0.0.1:8000",
    )  # fmt: skip
    world = World(settings)
    store = books.open_books(url)
    try:
        settle(store, world, folder)
    finally:
        store.close()
    return world


def settle(store: books.Store, world: World, folder: Path) -> None:
    """Fill the books of a world; its job files go into the folder."""
    for code, name in (("CWL", "Cornwall"), ("LAN", "Lancashire")):
        directory.add_programme(store, code=code, name=name)
    directory.add_organisation(store, programme="CWL", name="YMCA Cornwall")
    directory.add_organisation(store, programme="LAN", name="Chorley Community Garden")
    directory.add_venue(store, programme="CWL", name="Carn Brea Leisure Centre", organisation="YMCA Cornwall")
    directory.add_venue(store, programme="LAN", name="Chorley Little Theatre", kind="corporate")
    directory.set_policy(store, venue="Carn Brea Leisure Centre", keyed_per_day=20, clear_seconds=30)
    for venue, town, at in (
        ("Carn Brea Leisure Centre", "Redruth", "50.2287,-5.2653"), ("Chorley Little Theatre", "Chorley", "53.6536,-2.6300"),
    ):  # fmt: skip
        listing.set_place(store, venue=venue, town=town, at=at, actor="cli:test", now=now())
    for venue, name, hours, local in (
        ("Carn Brea Leisure Centre", "Swim", 1, False), ("Carn Brea Leisure Centre", "Climbing wall, with a guide", 2, False),
        ("Chorley Little Theatre", "Matinee seat", 2, True),
    ):  # fmt: skip
        world.offers[name] = directory.add_offer(store, venue=venue, name=name, hours=hours, local_only=local).id
    for series in ("CWL26", "LAN26"):
        directory.set_series(store, series=series, expires_on=date(2099, 12, 31))
        made = press.order_notes(
            store, request=OrderRequest(series, 60, "cornwall" if series == "CWL26" else "lancashire"),
            host="NOTES.EXAMPLE.ORG", designs=ROOT / "designs", out=folder, actor="cli:test", now=now(),
            request_id=uuid4(), workers=1,
        )  # fmt: skip
        with made.job.open("rb") as file:
            world.tokens[series] = list(jobs.JobFile(file).texts())
    balancing.balance_order(
        store, order="CWL26-001", spoiled=["CWL26 1-5"], missing=[], actor="cli:test", now=now(), request_id=uuid4()
    )
    for kind, named, organisation, reason in (
        (Kind.RECEIVE, "CWL26 10-60", None, None), (Kind.ISSUE, "CWL26 10-50", "YMCA Cornwall", None),
        (Kind.HOLD, "CWL26 45", None, "stolen"), (Kind.VOID, "CWL26 46", None, "lost"),
    ):  # fmt: skip
        custody.move_span(
            store, kind=kind, named=named, actor="cli:test", now=now(), request_id=uuid4(), organisation=organisation,
            reason=reason,
        )  # fmt: skip
    made_desk = desks.add_desk(store, venue="Carn Brea Leisure Centre", name="Front desk", now=now())
    spare = desks.add_desk(store, venue="Carn Brea Leisure Centre", name="Pool", now=now())
    world.key, world.code = made_desk.key, spare.code or ""
    here = desks.desk_of_key(store, world.key, now=now())
    for number, offer in ((10, world.offers["Swim"]), (11, None)):
        redeeming.redeem_notes(
            store, redemption_id=uuid4(), desk=here, notes=[world.token(number)], offer_id=offer, now=now()
        )
    redeeming.check_notes(store, desk=here, notes=[world.token(10)], now=now())
    for role, scope in (
        ("national", {}), ("programme", {"programme": "CWL"}), ("auditor", {"programme": "LAN"}),
        ("press", {"programme": "CWL"}), ("keeper", {"organisation": "YMCA Cornwall"}),
        ("venue", {"venue": "Carn Brea Leisure Centre"}),
    ):  # fmt: skip
        account, _ = accounts.add_account(
            store, email=f"{role}@example.org", role=role, now=now(), password=PASSWORD, **scope
        )
        if role == "national":
            key = staff.sealing_key(world.settings.secret_key)
            world.factors[role], _codes = staff.set_up(store, account, key=key, now=now())


@pytest.fixture
def world(made_world: World, tmp_path: Path) -> World:
    """A copy of the world that a test may change."""
    shutil.copyfile(made_world.settings.instance / "hournote.db", tmp_path / "hournote.db")
    settings = replace(made_world.settings, instance=tmp_path, database_url=f"sqlite:///{tmp_path / 'hournote.db'}")
    return replace(made_world, settings=settings)


@pytest.fixture
def app(world: World) -> Iterator[Flask]:
    """The application over the world."""
    app = create_app(world.settings)
    app.testing = False
    yield app
    app.extensions["hournote_books"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a past."""
    return app.test_client()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The address of a real server over the world."""
    with serving(app) as address:
        yield address


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """A real server of the application; gives its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="package")
def chromium() -> Iterator[BrowserType]:
    """What starts browsers, of which a process can have one at a time."""
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="package")
def browser(chromium: BrowserType) -> Iterator[Browser]:
    """A browser for all tests of pages; each has a context of its own in it."""
    browser = chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    # A page that a service worker answers would miss what a test does to its network; `test_worker` has its own.
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London", service_workers="block")
    context.set_default_timeout(20 * SECONDS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test when a script fails or the policy stops something."""
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    assert not faults


SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def signed_in(app: Flask, world: World) -> SignIn:
    """A client signed in as a role."""

    def enter(role: str) -> FlaskClient:
        client = app.test_client()
        fields = {"email": f"{role}@example.org", "password": PASSWORD}
        answer = client.post("/account/sign-in", data={**fields, "csrf_token": csrf_of(client)})
        assert answer.status_code == 303, answer.text
        if role in world.factors:
            data = {"code": world.factor_code(role), "csrf_token": csrf_of(client, "/account/code")}
            assert client.post("/account/code", data=data).status_code == 303
        return client

    return enter


@pytest.fixture
def desk_client(app: Flask, world: World) -> FlaskClient:
    """A browser that is enrolled as the front desk."""
    client = app.test_client()
    client.set_cookie("hournote_desk", world.key, domain="localhost")
    return client


def csrf_of(client: FlaskClient, path: str = "/account/sign-in") -> str:
    """The CSRF token of a form on a page."""
    page = client.get(path).text
    return page.split('name="csrf_token" value="')[1].split('"')[0]
