"""A hand-out from the phone of an organisation to the report of the programme office, in a real browser."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pypdfium2
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import PASSWORD, needs_chromium

pytestmark = needs_chromium


def enter(browser: Browser, address: str, role: str, width: int) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 640}, locale="en-GB", service_workers="block")
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{address}/account/sign-in")
    page.get_by_label("Email address").fill(f"{role}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/office")
    return page


def test_a_hand_out_on_a_phone_is_in_the_report_its_workbook_and_its_pdf(browser: Browser, served: str) -> None:
    phone = enter(browser, served, "keeper", 320)
    phone.get_by_role("link", name="Hand out", exact=True).click()
    phone.get_by_label("How many notes, or which").fill("12")
    phone.get_by_label("What for").fill("Beach clean")
    phone.get_by_label("How many people").fill("15")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    phone.get_by_role("button", name="Record it").click()
    expect(phone.get_by_text("12 notes for Beach clean.")).to_be_visible()
    phone.context.close()

    staff = enter(browser, served, "programme", 1280)
    staff.get_by_role("link", name="Impact", exact=True).click()
    staff.get_by_role("link", name="Activities").click()
    expect(staff.get_by_role("row", name="Beach clean 12 15")).to_be_visible()
    kept = {}
    for name in ("All tables as XLSX", "The report as PDF"):
        with staff.expect_download() as coming:
            staff.get_by_role("link", name=name).click()
        kept[name] = Path(coming.value.path()).read_bytes()
    staff.context.close()
    sheet = openpyxl.load_workbook(BytesIO(kept["All tables as XLSX"]))["What hours were given for"]
    assert [cell.value for cell in sheet[2]] == ["Beach clean", 12, 15]
    document = pypdfium2.PdfDocument(kept["The report as PDF"])
    words = " ".join(page.get_textpage().get_text_bounded() for page in document)
    assert "Beach clean" in words
    assert words.count("12") >= 2
