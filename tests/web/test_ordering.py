"""Orders in the browser: chosen, checked, asked for, made by the real press beside the real service."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, ViewportSize, expect

from app.services import making, pictures
from app.services.making import Press
from app.store import making as rows
from tests.failover import wait_until
from tests.test_serving import free_port
from tests.web.conftest import PASSWORD, SignIn, World, csrf_of, needs_chromium, now

CHOSEN = {"programme": "CWL", "number": "26", "design": "cornwall", "quantity": "120", "bundle": "50", "replaces": ""}


def ask(client: FlaskClient, **more: str) -> str:
    """Ask for an order; the page that follows it."""
    data = {**CHOSEN, **more, "csrf_token": csrf_of(client, "/office"), "request_id": str(uuid4()), **more}
    answer = client.post("/office/orders", data=data)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def press_once(app: Flask, world: World) -> None:
    """Let a press make what waits."""
    store = app.extensions["hournote_books"]
    press = Press(store, "NOTES.EXAMPLE.ORG", world.settings.designs, world.settings.instance / "jobs", 1, now, Event())
    making.open_jobs(press)
    while making.make_next(press):
        pass


# --- without a browser


def test_the_check_names_the_serials_that_the_order_will_get(signed_in: SignIn, app: Flask, world: World) -> None:
    client = signed_in("national")
    page = client.get("/office/orders/check", query_string=CHOSEN).text
    assert "CWL26-002" in page
    assert "CWL26 0000061 " in page
    assert "CWL26 0000180 " in page
    assert "<dt>Bundles</dt><dd>3</dd>" in page
    assert "The last bundle has 20 notes." in page
    ask(client)
    assert "CWL26-003" in client.get("/office/orders/check", query_string=CHOSEN).text, "one waits before it"
    press_once(app, world)
    page = client.get("/office/orders/check", query_string=CHOSEN).text
    assert "CWL26-003" in page
    assert "CWL26 0000181 " in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"quantity": "0"}, "Say how many notes"),
        ({"quantity": "many"}, "Say how many notes"),
        ({"quantity": "²"}, "Say how many notes"),
        ({"bundle": "1001"}, "A bundle has 1 to 1000 notes."),
        ({"design": "national"}, "Choose a design."),
        ({"design": "../cornwall"}, "Choose a design."),
        ({"number": "2"}, "two digits"),
        ({"programme": "XYZ"}, "is not known"),
        ({"programme": ""}, ""),
        ({"quantity": "9999999"}, "too few numbers left"),
        ({"replaces": "CWL26-001"}, "is not 90 to 99"),
        ({"number": "90", "replaces": "CWL26-009"}, "is not known"),
        ({"number": "90", "replaces": "an order"}, ""),
    ],
)
def test_what_cannot_be_ordered_is_said_before_it_is_asked_for(
    signed_in: SignIn, wrong: dict[str, str], says: str
) -> None:
    client = signed_in("national")
    for answer in (
        client.get("/office/orders/check", query_string={**CHOSEN, **wrong}),
        client.post(
            "/office/orders",
            data={**CHOSEN, **wrong, "csrf_token": csrf_of(client, "/office"), "request_id": str(uuid4())},
        ),
    ):
        assert answer.status_code in (404, 409, 422), answer.status_code
        assert says in answer.text.split('id="problem"')[1].split("</p>")[0]
        assert 'value="120"' in answer.text or "quantity" in wrong, "what was filled in is still there"


@pytest.mark.parametrize("role", ["programme", "auditor", "press", "keeper", "venue"])
def test_only_the_national_office_orders(signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    for path in ("/office/orders/new", "/office/orders/check"):
        assert client.get(path, query_string=CHOSEN).status_code == 403
    data = {**CHOSEN, "csrf_token": csrf_of(client, "/office"), "request_id": str(uuid4())}
    assert client.post("/office/orders", data=data).status_code == 403


def test_an_order_is_followed_by_those_in_whose_reach_it_is(signed_in: SignIn) -> None:
    path = ask(signed_in("national"))
    assert signed_in("programme").get(path).status_code == 200
    assert "CWL26" in signed_in("programme").get("/office/orders").text
    assert signed_in("auditor").get(path).status_code == 404, "Lancashire's"
    assert "CWL26" not in signed_in("auditor").get("/office/orders").text.split("<h1>")[1]
    for role in ("keeper", "venue"):
        assert signed_in(role).get(path).status_code == 404
        assert signed_in(role).get("/office/orders").status_code == 403


def test_sent_twice_it_is_asked_for_once(signed_in: SignIn, app: Flask, world: World) -> None:
    client, request = signed_in("national"), str(uuid4())
    assert ask(client, request_id=request) == ask(client, request_id=request)
    press_once(app, world)
    assert [path.name for path in (world.settings.instance / "jobs").glob("*.zip")] == ["CWL26-002.job.zip"]


def test_the_page_comes_again_while_it_is_made_and_stands_still_when_asked(
    signed_in: SignIn, app: Flask, world: World
) -> None:
    client = signed_in("national")
    path = ask(client)
    answer = client.get(path)
    assert answer.headers["Refresh"] == "2"
    assert "<progress" in answer.text
    assert "Refresh" not in client.get(f"{path}?still=1").headers
    store = app.extensions["hournote_books"]
    request = UUID(path.rpartition("/")[2])
    store.write(lambda connection: rows.is_signed(connection, request, 77, now()))
    assert "77 of 120" in client.get(path).text
    press_once(app, world)
    answer = client.get(path)
    assert "Refresh" not in answer.headers
    assert "CWL26 0000061 " in answer.text
    assert ">Made<" in answer.text


def test_an_order_that_the_press_gave_up_says_why(signed_in: SignIn, app: Flask, world: World) -> None:
    client = signed_in("national")
    path = ask(client)
    store = app.extensions["hournote_books"]
    press = Press(
        store, "NOTES.EXAMPLE.ORG", world.settings.instance, world.settings.instance / "jobs", 1, now, Event()
    )
    making.open_jobs(press)
    making.make_next(press)
    page = client.get(path).text
    assert "Could not be made" in page
    assert "The design is gone" in page
    assert '<q lang="en">' in page


def test_a_large_order_waits_for_a_second_person(signed_in: SignIn) -> None:
    client = signed_in("national")
    page = client.get("/office/orders/check", query_string={**CHOSEN, "quantity": "5,001"}).text
    assert "another person of the national office confirms" in page
    page = client.get(ask(client, quantity="5001")).text
    assert "Waits for a second person" in page
    assert "<progress" not in page


def test_the_picture_of_a_design_is_drawn_once_and_asked_for_again(
    signed_in: SignIn, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("national")
    pictures._DRAWN.clear()
    first = client.get("/office/designs/cornwall.png")
    assert (first.status_code, first.mimetype) == (200, "image/png")
    assert first.data.startswith(b"\x89PNG")
    assert "no-cache" in first.headers["Cache-Control"]
    monkeypatch.setattr("app.services.printing.picture", None)
    assert client.get("/office/designs/cornwall.png").data == first.data
    again = client.get("/office/designs/cornwall.png", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    pictures._DRAWN.clear()
    assert client.get("/office/designs/cornwall.png").data == first.data, "it is kept in a folder too"
    assert len(list((world.settings.instance / "pictures").iterdir())) == 1
    for name in ("national", "devon", "..%2Fcornwall"):
        assert client.get(f"/office/designs/{name}.png").status_code == 404


def test_pictures_are_for_those_who_see_orders(signed_in: SignIn, client: FlaskClient) -> None:
    assert client.get("/office/designs/cornwall.png").status_code == 302
    assert signed_in("keeper").get("/office/designs/cornwall.png").status_code == 403


# --- in a browser, with the service and the press as they are run


@dataclass(frozen=True)
class Service:
    """`hournote serve --all` over the world."""

    address: str
    world: World


@pytest.fixture
def service(world: World, tmp_path: Path) -> Iterator[Service]:
    port, settings = free_port(), world.settings
    given = {
        "DATABASE_URL": settings.database_url, "INSTANCE": str(settings.instance), "DESIGNS": str(settings.designs),
        "SECRET_KEY": settings.secret_key, "PUBLIC_URL": f"http://127.0.0.1:{port}", "LOG": "plain", "WORKERS": "1",
    }  # fmt: skip
    environment = {**os.environ, **{f"HOURNOTE_{name}": value for name, value in given.items()}}
    command = [sys.executable, "-m", "hournote", "serve", "--all", "--port", str(port)]
    log = (tmp_path / "log").open("wb")
    with log, subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True) as running:
        try:
            found = Service(f"http://127.0.0.1:{port}", world)
            wait_until(lambda: _is_ready(found.address), "the service is ready")
            yield found
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(60)


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz").status_code == 200
    except httpx.HTTPError:
        return False


def enter(page: Page, service: Service) -> None:
    """The national office signs in."""
    page.goto(f"{service.address}/account/sign-in")
    page.locator("#email").fill("national@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#code").fill(service.world.factor_code("national"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/office")


@needs_chromium
def test_notes_are_ordered_and_made_with_the_keyboard_alone_and_without_scripts(
    browser: Browser, service: Service
) -> None:
    context = browser.new_context(
        java_script_enabled=False, locale="en-GB", viewport=ViewportSize(width=320, height=640)
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    enter(page, service)
    page.goto(f"{service.address}/office/orders/new")
    page.get_by_label("Programme").focus()
    page.keyboard.type("CWL")
    page.keyboard.press("Tab")
    page.keyboard.type("26")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    while not page.get_by_label("cornwall", exact=False).first.is_checked():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("150")
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/orders/check?**")
    expect(page.get_by_text("CWL26-002")).to_be_visible()
    page.get_by_label("Note", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("CWL26-002", timeout=60_000)
    expect(page.locator(".outcome")).to_have_text("Made")
    job = service.world.settings.instance / "jobs" / "CWL26-002.job.zip"
    assert job.stat().st_mode & 0o777 == 0o600
    context.close()
