"""The whole work of each of the people, in a real browser, in the demo world, on both engines.

What one does is there for the next: a job goes from the print shop over the programme office to an organisation, and a note of it
is spent at a desk that was enrolled a minute before.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

import pypdfium2
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect

from app.config import Settings
from app.core import job as jobs
from app.factory import create_app
from app.services import demo, making, printing
from app.services.making import Press
from tests.conftest import ENGINES
from tests.staff import sealing_key
from tests.web.conftest import ROOT, needs_chromium, now, serving
from tests.web.desk.at_the_desk import accept, answer, scan

pytestmark = [
    needs_chromium,
    # A browser that leaves a page in the middle of a file lets werkzeug's test server forget to close it.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
PHONE, SCREEN = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=800)


@dataclass
class Town:
    """The demo world, served; whoever comes has a browser of their own."""

    address: str
    access: demo.Access
    folder: Path
    app: Flask
    browser: Browser

    def person(self, size: ViewportSize = SCREEN, language: str = "en-GB") -> Page:
        """Somebody who is signed in nowhere."""
        context = self.browser.new_context(
            locale=language, timezone_id="Europe/London", viewport=size, service_workers="block"
        )
        context.set_default_timeout(60_000)
        return context.new_page()

    def enter(self, email: str, size: ViewportSize = SCREEN) -> Page:
        """Somebody of the demo, signed in; with a recovery code of theirs where a second factor is asked for, since a code
        of the app is good once and other tests sign in within the same half minute."""
        page = self.person(size)
        page.goto(f"{self.address}/account/sign-in")
        page.get_by_label("Email address").fill(email)
        page.get_by_label("Password").fill(self.access.password)
        page.get_by_role("button", name="Sign in").click()
        if email in self.access.second_factors:
            page.get_by_label("Code").fill(self._recovery_code(email))
            page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/office")
        return page

    def note(self, what: str) -> list[str]:
        """The tokens of notes to try, by what the demo says of them."""
        told = (self.folder / "demo" / "notes-to-try.txt").read_text("utf-8")
        return [line for line in told.split(f"# {what}\n")[1].split("\n\n")[0].splitlines() if line]

    def _recovery_code(self, email: str) -> str:
        path = self.folder / "demo" / "recovery-codes.txt"
        head, codes = path.read_text("utf-8").split(f"# {email}\n")
        code, rest = codes.split("\n", 1)
        path.write_text(f"{head}# {email}\n{rest}", "utf-8")
        return code


@pytest.fixture(scope="module", params=ENGINES)
def town(request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder, cluster = tmp_path_factory.mktemp("demo"), None
    url = f"sqlite:///{folder / 'hournote.db'}"
    if request.param == "postgresql":
        cluster = request.getfixturevalue("cluster")
        url = cluster.create("demo")
    settings = Settings(
        checkpoint_key=bytes(32), instance=folder, database_url=url, note_host="NOTES.EXAMPLE.ORG", designs=ROOT / "designs",
        secret_key="x" * 40, workers=1, public_url="http://127.0.0.1:8000",
    )  # fmt: skip
    app = create_app(_made(settings))
    app.testing = False
    _press_once(app, settings)
    access = demo.access(folder / "demo", url)
    assert access
    with serving(app) as address:
        app.extensions["hournote_settings"] = replace(settings, public_url=address)
        yield Town(address, access, folder, app, browser)
    app.extensions["hournote_books"].close()
    if cluster:
        cluster.drop("demo")


def _made(settings: Settings) -> Settings:
    """The demo world as `hournote demo` makes it, but for the paper, which has tests of its own and takes its time."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(printing, "press_files", lambda job, out: [])
        patched.setattr(printing, "picture", lambda name, folder: b"PNG")
        demo.make(
            settings.database_url, settings.instance / "demo", host=settings.note_host, designs=settings.designs,
            key=sealing_key(settings.secret_key), now=now(),
        )  # fmt: skip
    return settings


def _press_once(app: Flask, settings: Settings) -> None:
    """The press that runs beside the service makes what waits."""
    store = app.extensions["hournote_books"]
    press = Press(store, settings.note_host, settings.designs, settings.instance / "jobs", 1, now, Event())
    making.open_jobs(press)
    while making.make_next(press):
        pass


def _leave(*pages: Page) -> None:
    for page in pages:
        page.context.close()


JOB = "CWL27-001"


def test_a_job_goes_from_the_print_shop_to_an_organisation_that_gives_its_hours(town: Town, tmp_path: Path) -> None:
    """300 notes: two spoiled, the first bundle sent and confirmed on a phone, a dozen handed out and counted in the report."""
    shop = town.enter("print@truro.example")
    shop.get_by_role("link", name=JOB).click()
    with shop.expect_download() as coming:
        shop.get_by_role("button", name="Take the job file").click()
    taken = tmp_path / coming.value.suggested_filename
    coming.value.save_as(taken)
    with taken.open("rb") as file, jobs.JobFile(file) as job:
        assert len(list(job.texts())) == 300
    shop.reload()
    expect(shop.get_by_text("It was taken, which it is once.")).to_be_visible()
    shop.get_by_label("Spoiled", exact=True).check()
    shop.get_by_label("Which serials").fill("211-212")
    shop.get_by_role("button", name="Report these notes").click()
    shop.get_by_label("How many you counted").fill("297")
    shop.get_by_role("button", name="Report good notes").click()
    expect(shop.get_by_text("1 note is still open, so that the job cannot be closed yet.")).to_be_visible()
    shop.get_by_label("How many you counted").fill("1")
    shop.get_by_role("button", name="Report good notes").click()
    shop.get_by_role("button", name="Close the job").click()
    expect(shop.locator(".outcome")).to_have_text("Closed")

    office = town.enter("office@cornwall.example")
    office.get_by_role("link", name="Deliveries").click()
    office.get_by_role("link", name=re.compile("Receive")).first.click()
    office.get_by_role("link", name=JOB).click()
    for label in ("CWL27 1-100", "CWL27 101-300"):
        office.get_by_label("Label", exact=True).fill(label)
        office.keyboard.press("Enter")
        expect(office.get_by_text(f"Scanned: {label}")).to_be_visible()
    expect(office.get_by_text("Everything that was expected is here.")).to_be_visible()
    office.get_by_role("button", name="Receive what is here").click()
    office.get_by_role("link", name="Deliveries").click()
    office.get_by_role("link", name="Send to an organisation").click()
    office.get_by_label("Organisation").select_option(label="Penzance Street Food Project (CWL)")
    office.get_by_label("Bundles from stock").select_option(JOB)
    office.get_by_label("How many bundles").fill("1")
    office.get_by_role("button", name="Make the delivery").click()
    office.locator(".pin").wait_for()
    found = re.search(r"/delivery#([A-Z2-7]{24})", office.content())
    assert found

    phone = town.person(PHONE)
    phone.goto(f"{town.address}/delivery#{found[1]}")
    phone.get_by_label("PIN").fill(office.locator(".pin").inner_text())
    phone.get_by_role("button", name="Go on").click()
    phone.get_by_role("radio", name="Here").first.check()
    phone.get_by_role("button", name="Confirm").click()
    expect(phone.get_by_text("notes are yours to hand out.")).to_be_visible()

    office.get_by_role("link", name="Hand out", exact=True).click()
    office.get_by_label("Organisation").select_option(label="Penzance Street Food Project (CWL)")
    office.get_by_role("button", name="Go on").click()
    office.get_by_label("How many notes, or which").fill("CWL27 1-12")
    office.get_by_label("What for").fill("Cooking for forty")
    office.get_by_label("How many people").fill("9")
    office.get_by_role("button", name="Record it").click()
    expect(office.get_by_text("12 notes for Cooking for forty.")).to_be_visible()
    office.get_by_role("link", name="Impact", exact=True).click()
    with office.expect_download() as coming:
        office.get_by_role("link", name="The report as PDF").click()
    words = " ".join(
        page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(Path(coming.value.path()).read_bytes())
    )
    assert "Cooking for forty" in words
    _leave(shop, office, phone)


def test_a_desk_is_enrolled_and_what_it_takes_is_in_the_venue_s_statement(town: Town) -> None:
    manager = town.enter("desk@cornwall.example")
    manager.get_by_role("link", name="Add, enrol or revoke a desk").click()
    desk = town.person(PHONE)
    desk.goto(f"{town.address}/desk/enrol#{town.access.code}")
    desk.get_by_label("Name of this desk").fill("Pool side")
    desk.get_by_role("button", name="Enrol").click()
    expect(desk.locator("body.started")).to_be_attached()
    scan(desk, town.note("good")[0])
    expect(desk.locator("#tally")).to_have_text("1 hour")
    accept(desk)
    answer(desk, "Accepted")
    for what, word in (
        ("spent already", "Already spent"),
        ("stolen, and void", "No longer valid"),
        ("forged", "Not genuine"),
    ):
        desk.keyboard.press("Escape")
        scan(desk, town.note(what)[0])
        answer(desk, word)
    manager.get_by_role("link", name="Overview").click()
    expect(manager.locator("#visits ~ div tbody tr").first).to_contain_text("Pool side")
    _leave(manager, desk)


def test_the_deputy_confirms_what_the_office_asked_for_and_an_auditor_sees_who_did(town: Town) -> None:
    deputy, auditor = town.enter("deputy@hournote.example"), town.enter("auditor@cornwall.example")
    deputy.get_by_role("link", name="To confirm").click()
    deputy.get_by_role("link", name="Reinstate").first.click()
    deputy.get_by_role("button", name="Confirm").click()
    expect(deputy.locator(".outcome")).to_contain_text("Done, confirmed")
    auditor.locator("#q").fill("CWL26 149")
    auditor.keyboard.press("Enter")
    expect(auditor.get_by_role("heading", level=1)).to_contain_text("CWL26 0000149")
    expect(auditor.locator("main")).to_contain_text("Issued")
    expect(auditor.locator("main")).to_contain_text("national@hournote.example")
    assert auditor.get_by_role("link", name="Put on hold").count() == 0
    _leave(deputy, auditor)


def test_an_auditor_adds_up_an_organisation_s_month_and_takes_it_along(town: Town) -> None:
    auditor = town.enter("auditor@cornwall.example")
    auditor.get_by_role("link", name="Statements").click()
    auditor.get_by_role("link", name="YMCA Cornwall").first.click()
    expect(auditor.get_by_role("heading", level=1)).to_contain_text("YMCA Cornwall")
    row = auditor.locator("tbody tr").first
    brought, received, given, back, void, held = (int(cell) for cell in row.locator("td").all_inner_texts()[:6])
    assert brought + received - given - back - void == held
    with auditor.expect_download() as coming:
        auditor.get_by_role("link", name="Download as CSV").click()
    rows = list(csv.reader(Path(coming.value.path()).read_text("utf-8-sig").splitlines()))
    assert str(held) in rows[1]
    _leave(auditor)


def test_the_office_settles_the_case_of_a_stolen_note(town: Town) -> None:
    office = town.enter("office@cornwall.example")
    office.get_by_role("link", name="Cases").click()
    office.get_by_role("link", name=re.compile("CWL26 0000141")).first.click()
    expect(office.get_by_role("heading", level=1)).to_contain_text("CWL26 0000141")
    expect(office.locator(".neighbours")).to_contain_text("CWL26 0000142")
    office.get_by_role("group", name="Why").get_by_role("radio").first.check()
    office.get_by_role("button", name="Settle it").click()
    expect(office.locator("main")).to_contain_text("office@cornwall.example")
    _leave(office)


def test_a_holder_opens_the_link_of_a_note_in_welsh_and_finds_where_to_spend_it(town: Town) -> None:
    holder = town.person(PHONE, "cy-GB")
    holder.goto(town.address + town.note("good")[1].split("EXAMPLE.ORG")[1])
    expect(holder.locator("html")).to_have_attribute("lang", "cy")
    expect(holder.locator(".answer-word")).to_have_text("Mae’r nodyn hwn yn ddilys")
    holder.locator("main a.button").click()
    holder.locator("main form input[type=text], main form input[type=search]").first.fill("nofio")
    holder.keyboard.press("Enter")
    expect(holder.locator("article").first).to_contain_text("Canolfan Hamdden Carn Brea")
    assert holder.evaluate("document.documentElement.scrollWidth") <= 320
    _leave(holder)
