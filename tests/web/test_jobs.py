"""Print jobs in the browser: taken once, counted by serials and sheets, closed when they balance, ordered again."""

import re
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from werkzeug.test import TestResponse

from app.services import accounts, shops
from tests import staff
from tests.web.conftest import PASSWORD, SignIn, World, csrf_of, needs_chromium, now, serving
from tests.web.test_ordering import CHOSEN, ask, press_once

TRURO = "Truro Print Works"
JOB = "/office/jobs/CWL26-002"


@pytest.fixture
def truro(app: Flask) -> FlaskClient:
    """Somebody of a print shop, signed in."""
    store = app.extensions["hournote_books"]
    shops.add_shop(store, name=TRURO)
    made, _ = accounts.add_account(
        store, email="print@truro.example", role="press", shop=TRURO, now=now(), password=PASSWORD
    )
    client = app.test_client()
    staff.sign_in(client, store, made, now=now())
    return client


@pytest.fixture
def job(app: Flask, world: World, truro: FlaskClient) -> str:
    """The path of a job of 120 notes that names the print shop."""
    store, client = app.extensions["hournote_books"], app.test_client()
    made, _ = accounts.add_account(store, email="orders@example.org", role="national", now=now())
    staff.sign_in(client, store, made, now=now())
    ask(client, shop="1", blank_sheets="12")
    press_once(app, world)
    return JOB


def send(client: FlaskClient, path: str, **data: str) -> TestResponse:
    """Send a form of a page of staff."""
    given = {"csrf_token": csrf_of(client, "/account"), "request_id": str(uuid4()), **data}
    return client.post(path, data=given, buffered=True)


def told(answer: TestResponse) -> str:
    """The problem that a page names."""
    return answer.text.split('id="problem">')[1].split("</p>")[0]


def test_a_print_shop_finds_its_job_with_all_that_it_needs(truro: FlaskClient, job: str) -> None:
    landing = truro.get("/office").text
    assert re.findall(r'href="/office/jobs/([^"]+)"', landing) == ["CWL26-002"]
    page = truro.get(job).text
    for part in (
        "CWL26 0000061 ", "CWL26 0000180 ", "10 of SRA3, with up to 12 notes", "<dt>Blank sheets</dt><dd>12</dd>", "3 of 50",
        "notegen compose CWL26-002.job.zip --out CWL26-002 --sheet sra3 --flip long --allowance 12", TRURO,
        "/office/designs/cornwall.png", "Take the job file", "120 notes are still open",
    ):  # fmt: skip
        assert part in page, part
    assert "Close the job" not in page
    assert truro.get("/office/jobs/CWL26-001").status_code == 404
    assert truro.get("/office/designs/cornwall.png").status_code == 200


def test_the_file_is_given_once(truro: FlaskClient, signed_in: SignIn, world: World, job: str) -> None:
    national = signed_in("national")
    assert "It waits for the print shop" in national.get(job).text
    assert send(national, f"{job}/file").status_code == 403
    assert truro.post(f"{job}/file", data={"request_id": str(uuid4())}).status_code == 400, "no CSRF token"
    assert truro.get(f"{job}/file").status_code == 405
    answer = send(truro, f"{job}/file")
    assert answer.data == (world.settings.instance / "jobs" / "CWL26-002.job.zip").read_bytes()
    assert answer.headers["Content-Disposition"] == "attachment; filename=CWL26-002.job.zip"
    assert answer.headers["Cache-Control"] == "no-store"
    again = send(truro, f"{job}/file")
    assert (again.status_code, "taken already" in told(again)) == (409, True)
    page = truro.get(job).text
    assert "print@truro.example" in page
    assert "Take the job file" not in page
    assert send(truro, f"{job}/again").status_code == 403
    assert send(national, f"{job}/again").status_code == 303
    assert "Allowed to be taken once more" in national.get(job).text
    assert send(truro, f"{job}/file").status_code == 200


def test_the_forms_of_an_open_page_are_not_taken_for_one_another(truro: FlaskClient, job: str) -> None:
    """A download leaves the page as it is, with the id that it was shown with."""
    page = str(uuid4())
    assert send(truro, f"{job}/file", request_id=page).status_code == 200
    for form in ({"kind": "good", "good": "100"}, {"kind": "spoiled", "serials": "61"}):
        for _time in range(2):
            assert send(truro, f"{job}/reports", request_id=page, **form).status_code == 303
    for path in re.findall(rf'action="({job}/reports/[^"]+/withdraw)"', truro.get(job).text):
        assert send(truro, path, request_id=page).status_code == 303
    assert "120 notes are still open" in truro.get(job).text


def test_a_file_that_is_elsewhere_is_said_to_be_there(truro: FlaskClient, world: World, job: str) -> None:
    (world.settings.instance / "jobs").rename(world.settings.instance / "another-machine")
    page = truro.get(job).text
    assert "jobs/CWL26-002.job.zip" in page
    assert "Take the job file" not in page
    assert send(truro, f"{job}/file").status_code == 409


@pytest.mark.parametrize("lies", ["here", "elsewhere"])
def test_a_file_is_said_to_be_deleted_where_it_was(truro: FlaskClient, world: World, job: str, lies: str) -> None:
    if lies == "elsewhere":
        (world.settings.instance / "jobs").rename(world.settings.instance / "another-machine")
    send(truro, f"{job}/reports", kind="good", good="120")
    assert send(truro, f"{job}/close").status_code == 303
    page = truro.get(job).text
    assert ("The job file is deleted." in page) == (lies == "here")
    assert ("Where the job file still lies, the press deletes it" in page) == (lies == "elsewhere")


def test_press_settings_are_kept_and_told_as_commands(truro: FlaskClient, job: str) -> None:
    data = {
        "sheet": "330X488", "flip": "short", "separators": "yes", "reverse": "yes", "back_offset": "1.20,-0.4", "run_sheets": "250",
    }  # fmt: skip
    assert send(truro, f"{job}/settings", **data).status_code == 303
    page = truro.get(job).text
    command = page.split("<code>")[1].split("\n")[0]
    assert command == (
        "notegen compose CWL26-002.job.zip --out CWL26-002 --sheet 330x488 --flip short --reverse --separators"
        " --back-offset 1.2,-0.4 --allowance 12 --run-sheets 250"
    )
    for wrong in (
        {"sheet": "a5x"},
        {"sheet": "100x100"},
        {"back_offset": "far"},
        {"run_sheets": "0"},
        {"run_sheets": "²"},
        {"flip": "up"},
    ):
        answer = send(truro, f"{job}/settings", **{**data, **wrong})
        assert (answer.status_code, "One of these does not fit" in told(answer)) == (422, True), wrong


NONSENSE: list[tuple[dict[str, str], str]] = [
    ({}, "Choose what you report."),
    ({"kind": "stolen", "good": "1"}, "Choose what you report."),
    ({"kind": "good"}, "how many good notes"),
    ({"kind": "good", "good": "²"}, "how many good notes"),
    ({"kind": "good", "good": "121"}, "1 to 120 notes"),
    ({"kind": "spoiled"}, "Say which notes"),
    ({"kind": "spoiled", "serials": "1-5"}, "are not of this order, which is CWL26 61-180"),
    ({"kind": "missing", "serials": "a few"}, "Name serials of this order"),
    ({"kind": "missing", "serials": "99999999"}, "Name serials of this order"),
    ({"kind": "missing", "sheets": "11"}, "the sheets 1 to 10."),
    ({"kind": "missing", "sheets": "eleven"}, "Write the numbers of sheets"),
    ({"kind": "missing", "serials": "61," * 150}, "in 400 letters at most"),
    ({"kind": "missing", "serials": "61", "request_id": "x"}, "too old or came from elsewhere"),
]


def test_what_makes_no_sense_is_said_in_either_language_and_stays_in_the_form(truro: FlaskClient, job: str) -> None:
    for said, says in NONSENSE:
        answer = send(truro, f"{job}/reports", **said)
        assert answer.status_code == 422, said
        assert says in told(answer)
        if said.get("sheets"):
            assert f'value="{said["sheets"]}"' in answer.text
    truro.set_cookie("hournote_language", "cy")
    for said, _says in NONSENSE:
        answer = send(truro, f"{job}/reports", **said)
        assert not re.search(r" (is|the|that|on|what|say) ", told(answer)), told(answer)


def test_a_job_is_counted_closed_and_ordered_again(
    truro: FlaskClient, signed_in: SignIn, app: Flask, world: World, job: str
) -> None:
    assert send(truro, f"{job}/reports", kind="spoiled", sheets="2").status_code == 303
    page = truro.get(job).text
    assert "<strong>Spoiled</strong>: 12 · CWL26 62, CWL26 72" in page
    assert "reported as “sheet 2”" in page
    assert told(send(truro, f"{job}/close")).startswith("Notes are still open")
    assert send(truro, f"{job}/reports", kind="good", good="108").status_code == 303
    assert "Close the job" in truro.get(job).text
    (withdraw,) = re.findall(rf'action="({job}/reports/[^"]+/withdraw)"', truro.get(job).text)[1:]
    assert send(truro, withdraw).status_code == 303
    assert "108 notes are still open" in truro.get(job).text
    send(truro, f"{job}/reports", kind="good", good="1,08")
    request = str(uuid4())
    for _ in range(2):
        assert send(truro, f"{job}/close", request_id=request).status_code == 303
    assert not (world.settings.instance / "jobs" / "CWL26-002.job.zip").exists()
    national = signed_in("national")
    assert "Replaced by" not in national.get(job).text
    (link,) = re.findall(r'href="(/office/orders/new\?[^"]+)"', national.get(job).text)
    form = national.get(link.replace("&amp;", "&")).text
    for part in (
        'value="96"',
        'value="12"',
        'value="CWL26-002"',
        '<option value="1" selected>',
        'value="cornwall" required checked',
    ):
        assert part in form, part
    ask(national, number="96", quantity="12", replaces="CWL26-002", shop="1")
    assert "A replacement was asked for." in national.get(job).text
    press_once(app, world)
    assert "/office/jobs/CWL96-001" in truro.get(job).text
    assert "CWL96-001" in truro.get("/office").text
    for client in (signed_in("programme"), national):
        assert "Closed" in client.get("/office/jobs").text
    assert "CWL26-002" not in signed_in("auditor").get("/office/jobs").text


def test_what_is_sent_by_others_is_refused(signed_in: SignIn, truro: FlaskClient, job: str) -> None:
    for role in ("programme", "auditor", "press", "keeper", "venue"):
        client = signed_in(role)
        for path in ("file", "again", "settings", "reports", f"reports/{uuid4()}/withdraw", "close"):
            answer = send(client, f"{job}/{path}", kind="good", good="1", sheet="a4", flip="long", run_sheets="9")
            assert answer.status_code in (403, 404), (role, path, answer.status_code)
    assert "120 notes are still open" in truro.get(job).text


def test_a_print_shop_is_added_and_its_people_are_invited(signed_in: SignIn, truro: FlaskClient) -> None:
    national = signed_in("national")
    assert send(national, "/office/print-shops", name="Preston Litho").status_code == 303
    assert "Preston Litho" in national.get("/office/print-shops").text
    assert "already" in told(send(national, "/office/print-shops", name="preston litho"))
    assert "on one line" in told(send(national, "/office/print-shops", name=" "))
    assert send(signed_in("programme"), "/office/print-shops", name="Mine").status_code == 403
    answer = send(
        national, "/office/accounts/invite", email="a@preston.example", role="press", shop="2", programme="CWL"
    )
    assert answer.status_code == 200
    assert "Preston Litho" in national.get("/office/accounts").text
    assert "Preston Litho" not in signed_in("programme").get("/office/accounts/invite").text
    assert "a@preston.example" not in signed_in("programme").get("/office/accounts").text


def test_an_order_names_a_shop_a_sheet_and_blank_ones_that_there_are(signed_in: SignIn, truro: FlaskClient) -> None:
    national = signed_in("national")
    right = {**CHOSEN, "shop": "1", "sheet": "a4", "blank_sheets": "3"}
    page = national.get("/office/orders/check", query_string=right).text
    assert f"<dt>Print shop</dt><dd>{TRURO}</dd>" in page
    assert "<dt>Sheets</dt><dd>30 of A4</dd>" in page
    wrong = [{"shop": "9"}, {"sheet": "a9"}, {"blank_sheets": "some"}, {"blank_sheets": "9999999"}]
    for each in wrong:
        assert national.get("/office/orders/check", query_string={**right, **each}).status_code == 422, each


# --- in a browser


@needs_chromium
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_job_from_taking_its_file_to_ordering_what_was_spoiled(
    app: Flask, world: World, browser: Browser, job: str, tmp_path: Path
) -> None:
    """Without scripts: a print shop takes its file once, reports, cannot close, balances, closes; the office orders again."""
    with serving(app) as address:
        app.extensions["hournote_settings"] = replace(world.settings, public_url=address)
        page = _enter(browser, address, "print@truro.example")
        page.get_by_role("link", name="CWL26-002").click()
        with page.expect_download() as taken:
            page.get_by_role("button", name="Take the job file").click()
        taken.value.save_as(tmp_path / "taken.zip")
        assert (tmp_path / "taken.zip").read_bytes() == (
            world.settings.instance / "jobs" / "CWL26-002.job.zip"
        ).read_bytes()
        page.reload()
        expect(page.get_by_role("button", name="Take the job file")).to_have_count(0)
        _report(page, "Spoiled", "Or which whole sheets", "4")
        expect(page.get_by_role("button", name="Close the job")).to_have_count(0)
        expect(page.locator("main")).to_contain_text("108 notes are still open")
        page.get_by_label("How many you counted").fill("107")
        page.get_by_role("button", name="Report good notes").click()
        expect(page.locator("main")).to_contain_text("1 note is still open")
        _report(page, "Missing", "Which serials", "180")
        page.get_by_role("button", name="Close the job").click()
        expect(page.locator(".outcome")).to_have_text("Closed")
        office = _enter(browser, address, "national@example.org", world.factor_code("national"))
        office.locator(".menu summary").click()  # no script, and a small screen
        office.get_by_role("link", name="Orders").click()
        office.get_by_role("link", name="Print jobs").click()
        office.get_by_role("link", name="CWL26-002").click()
        office.get_by_role("link", name="Order 13 replacements").click()
        office.get_by_role("button", name="Check the order").click()
        expect(office.locator("main")).to_contain_text("CWL96-001")
        office.get_by_role("button", name="Order these notes").click()
        expect(office.get_by_role("heading", level=1)).to_contain_text("CWL96")
        page.context.close()
        office.context.close()


def _enter(browser: Browser, address: str, email: str, code: str | None = None) -> Page:
    context = browser.new_context(locale="en-GB", java_script_enabled=False, viewport={"width": 320, "height": 640})
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{address}/account/sign-in")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    if code:
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/office")
    return page


def _report(page: Page, kind: str, field: str, value: str) -> None:
    page.get_by_label(kind, exact=True).check()
    page.get_by_label(field).fill(value)
    page.get_by_role("button", name="Report these notes").click()
    page.wait_for_url("**/office/jobs/CWL26-002#count")
