"""The desk page as a browser keeps it: whole, of one edition, without the network, and small on the wire."""

import gzip
import hashlib
from base64 import b64encode
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.factory import create_app
from app.web import edition
from tests.web.conftest import ROOT, SECONDS, World, needs_chromium
from tests.web.desk.desks import Service, books_of, enrol

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
KEPT = """async () => {
  await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller) return;
  await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve));
}"""
WAITS = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/desk");
  await registration.update();
  while (registration.waiting === null) await new Promise((resolve) => setTimeout(resolve, 20));
}"""
NAMES = "() => caches.keys().then((all) => all.filter((name) => name.startsWith('hournote-desk-')))"
GONE = """async (name) => {
  for (let look = 0; look < 500 && (await caches.has(name)); look += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  return !(await caches.has(name));
}"""


@pytest.fixture
def installing(browser: Browser, service: Service, world: World) -> Iterator[BrowserContext]:
    """A browser that is the front desk and keeps pages."""
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London")
    context.set_default_timeout(20 * SECONDS)
    enrol(context, service.address, world.key)
    yield context
    context.close()


@pytest.fixture
def installed(installing: BrowserContext, service: Service) -> Page:
    """The desk page, once it is kept."""
    page = installing.new_page()
    page.goto(f"{service.address}/desk")
    page.evaluate(KEPT)
    return page


@needs_chromium
def test_the_page_opens_without_the_service_in_both_languages(installed: Page, service: Service) -> None:
    service.stop()
    installed.reload()
    expect(installed.locator("#desk")).to_be_visible()
    expect(installed.locator("#where-am-i")).to_contain_text("Carn Brea Leisure Centre")
    assert installed.locator("html").get_attribute("lang") == "en"
    installed.goto(f"{service.address}/desk?lang=cy")
    assert installed.locator("html").get_attribute("lang") == "cy"
    expect(installed.locator("#desk")).to_be_visible()
    installed.goto(f"{service.address}/desk")
    assert installed.locator("html").get_attribute("lang") == "cy", "it is remembered"


@needs_chromium
def test_the_second_load_costs_nothing_on_the_network(installed: Page) -> None:
    asked: list[str] = []
    installed.context.on("request", lambda request: asked.append(request.url.split("/", 3)[3]))
    installed.reload()
    expect(installed.locator("#desk")).to_be_visible()
    installed.wait_for_function("() => performance.getEntriesByType('resource').length > 10")
    sizes = installed.evaluate(
        "() => performance.getEntries().filter((e) => 'transferSize' in e && !/\\/api\\//.test(e.name)).map((e) => [e.name, e.transferSize])"
    )
    assert [each for each in sizes if each[1] > 0] == []


@needs_chromium
def test_a_new_edition_takes_over_at_a_start_and_only_when_no_other_page_is_open(
    installed: Page, service: Service, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (old,) = installed.evaluate(NAMES)
    service.stop()
    books_of(service.app).close()
    was = edition.worker
    monkeypatch.setattr(edition, "worker", lambda: was() + "\n// newer")
    service.app = create_app(world.settings)
    service.start()
    other, aside = installed.context.new_page(), installed.context.new_page()
    aside.goto(f"{service.address}/desk/enrol")
    other.goto(f"{service.address}/desk")
    other.evaluate(WAITS)
    other.reload()
    expect(other.locator("#desk")).to_be_visible()
    assert old in aside.evaluate(NAMES), "two pages are open: nothing changes"
    other.close()
    for _start in range(4):  # a busy browser counts the page that was closed for longer than a start waits
        installed.reload()
        expect(installed.locator("body.started")).to_be_attached(timeout=20 * SECONDS)
        if is_gone := aside.evaluate(GONE, old):
            break
    assert is_gone, "the only page that starts hands over to the new edition"
    assert len(aside.evaluate(NAMES)) == 1
    expect(installed.locator("#desk")).to_be_visible()
    books_of(service.app).close()


@needs_chromium
def test_enrolling_goes_to_the_service(installed: Page, service: Service) -> None:
    installed.goto(f"{service.address}/desk/enrol")
    expect(installed.get_by_role("button", name="Enrol")).to_be_visible()
    service.stop()
    with pytest.raises(Exception, match="ERR_"):
        installed.goto(f"{service.address}/desk/enrol")


def test_every_part_of_the_edition_is_what_it_says(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context("/"):
        made = edition.edition()
    for address, digest in made.files.items():
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert b64encode(hashlib.sha256(answer.data).digest()).decode() == digest, address
    scripts = {
        f"/static/{path.relative_to(ROOT / 'app/web/static')}" for path in (ROOT / "app/web/static/desk").rglob("*.js")
    }
    assert scripts - {"/static/desk/worker.js"} <= set(made.files)


def test_the_worker_may_answer_for_the_desk_page_alone(client: FlaskClient) -> None:
    answer = client.get("/desk/worker.js")
    assert answer.headers["Service-Worker-Allowed"] == "/desk"
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.text.startswith("self.edition = {")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_shell_has_nothing_of_a_session_in_it(app: Flask, desk_client: FlaskClient, language: str) -> None:
    page, nobodys = desk_client.get(f"/desk/shell/{language}"), app.test_client().get(f"/desk/shell/{language}")
    assert page.text == nobodys.text
    assert f'<html lang="{language}"' in page.text
    assert "csrf" not in page.text
    assert "Carn Brea" not in page.text
    assert "Set-Cookie" not in page.headers
    assert desk_client.get("/desk/shell/xx").status_code == 404


def test_the_manifest_makes_it_an_application_of_its_own(client: FlaskClient) -> None:
    told = client.get("/desk/manifest.webmanifest?lang=cy").get_json(force=True)
    assert (told["start_url"], told["scope"], told["display"], told["lang"]) == ("/desk", "/desk", "standalone", "cy")
    assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        assert client.get(icon["src"]).mimetype == "image/png"


# --- on the wire


@pytest.mark.parametrize(
    "address", ["/static/desk/memory/desk.js", "/static/style.css", "/desk/worker.js", "/desk/shell/en"]
)
def test_what_is_the_same_for_all_is_sent_small(client: FlaskClient, address: str) -> None:
    plain = client.get(address)
    small = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 2
    assert client.get(address, headers={"Accept-Encoding": "gzip;q=0"}).data == plain.data


def test_a_file_that_did_not_change_is_not_sent_again(client: FlaskClient) -> None:
    address = "/static/desk/memory/desk.js"
    for encoding in ("gzip", "identity"):
        answer = client.get(address, headers={"Accept-Encoding": encoding})
        assert answer.headers["Cache-Control"] == "no-cache", (
            "asked for each time, as a file keeps its address when it changes"
        )
        again = client.get(address, headers={"Accept-Encoding": encoding, "If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert "Accept-Encoding" in again.headers["Vary"]


def test_the_snapshot_is_sent_small_and_pages_with_forms_are_not(desk_client: FlaskClient) -> None:
    accept = {"Accept-Encoding": "gzip"}
    assert (
        desk_client.get("/api/v1/desk/snapshot", headers={**accept, "Sec-Fetch-Site": "same-origin"}).status_code == 200
    )
    for address in ("/desk", "/desk/enrol", "/account/sign-in", "/api/v1/desk"):
        answer = desk_client.get(address, headers={**accept, "Sec-Fetch-Site": "same-origin"})
        assert "Content-Encoding" not in answer.headers, address
