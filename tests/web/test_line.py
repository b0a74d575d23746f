"""The serial line: what the page says, who may see it, and the picture that one zooms with links, keys, wheel and fingers."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from app.services import books, retiring
from app.services.books import Store
from tests.web.conftest import PASSWORD, SECONDS, SignIn, World, csrf_of, needs_chromium, now


@pytest.fixture
def store(world: World) -> Iterator[Store]:
    """The books of the world."""
    opened = books.open_books(world.settings.database_url)
    yield opened
    opened.close()


def _line(client: FlaskClient, asked: str = "") -> str:
    answer = client.get(f"/office/series/CWL26{asked}")
    assert answer.status_code == 200, answer.text
    return answer.text


def _table(page: str) -> list[list[str]]:
    """The rows of the table beside the picture, without their marks."""
    body = page.split('id="pieces"')[1].split("<tbody>")[1].split("</tbody>")[0]
    cells = [re.findall(r"<t[hd].*?</t[hd]>", row, re.S) for row in body.split("</tr>")[:-1]]
    return [[re.sub(r"\s+", " ", re.sub(r"<.*?>", "", cell)).strip() for cell in row] for row in cells]


def test_the_table_names_every_stretch_with_its_state_and_holder(signed_in: SignIn) -> None:
    rows = _table(_line(signed_in("programme"), "?from=1&to=300"))
    assert rows == [
        ["CWL26 1-5", "5", "void (spoiled)", "–", "0", "0"],
        ["CWL26 6-9", "4", "printed", "the print shop", "0", "0"],
        ["CWL26 10-44", "35", "issued", "YMCA Cornwall", "2", "0"],
        ["CWL26 45", "1", "on hold (stolen)", "YMCA Cornwall", "0", "0"],
        ["CWL26 46", "1", "void (lost)", "YMCA Cornwall", "0", "0"],
        ["CWL26 47-50", "4", "issued", "YMCA Cornwall", "0", "0"],
        ["CWL26 51-60", "10", "in stock", "Cornwall programme office", "0", "0"],
        ["CWL26 61-300", "240", "never ordered", "–", "0", "0"],
    ]


def test_the_picture_says_the_same_as_the_table(signed_in: SignIn) -> None:
    page = _line(signed_in("programme"), "?from=1&to=300")
    bars = re.findall(r'<a href="([^"]+)" tabindex="-1" class="stretch"><title>([^<]+)</title>', page)
    links = re.findall(r'<th scope="row" class="serial"><a href="([^"]+)">([^<]+)</a>', page)
    assert [(address, text.split(" · ")[0]) for address, text in bars] == links
    assert "CWL26 10-44 · issued 33, redeemed 2 · YMCA Cornwall" in page
    assert re.search(r'class="lane open hold".*?on hold|class="sign hold"', page, re.S)
    assert 'class="sign delivery"' in page
    assert ">CWL26-001</text>" in page


def test_a_stretch_shows_who_moved_it_when_and_why(signed_in: SignIn) -> None:
    page = _line(signed_in("programme"), "?from=1&to=60&stretch=45-45")
    told = page.split('id="stretch"')[1].split('id="pieces"')[0]
    steps = [
        told.index(f"<strong>{word}") for word in ("Put on hold", "Issued", "Received into stock", "Printed", "Ordered")
    ]
    assert steps == sorted(steps)
    assert "stolen" in told
    assert "cli:test" in told
    assert "Its whole life" in told


def test_one_note_shows_its_movements_by_itself(signed_in: SignIn) -> None:
    page = _line(signed_in("programme"), "?from=46&to=46")
    assert "Made void" in page
    assert _table(page) == [["CWL26 46", "1", "void (lost)", "YMCA Cornwall", "0", "0"]]
    never = _line(signed_in("programme"), "?from=700&to=700")
    assert "it was never ordered" in never


def test_close_up_spent_and_retired_notes_are_told_apart(signed_in: SignIn, store: Store) -> None:
    retiring.retire_notes(store, named="CWL26 11", actor="cli:test", now=now(), request_id=uuid4())
    rows = _table(_line(signed_in("programme"), "?from=9&to=13"))
    assert [(row[0], row[2]) for row in rows] == [
        ("CWL26 9", "printed"), ("CWL26 10", "redeemed"), ("CWL26 11", "retired"), ("CWL26 12-13", "issued"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("?from=50&to=20", "CWL26 20-50"), ("?from=0&to=99999999999", "CWL26 1-9999999"), ("?from=x&to=5", "CWL26 1-60"),
        ("?from=1 000&to=2,000", "CWL26 1000-2000"), ("?from=-5&to=9", "CWL26 1-60"), ("?from=1&to=" + "9" * 400, "CWL26 1-60"),
        ("?from=²&to=5", "CWL26 1-60"), ("?stretch=60-1", "CWL26 1-60"), ("?stretch=%00", "CWL26 1-60"),
    ],
)  # fmt: skip
def test_a_view_that_makes_no_sense_is_mended(signed_in: SignIn, asked: str, shown: str) -> None:
    assert f'<strong class="serial">{shown}</strong>' in _line(signed_in("programme"), asked)


@pytest.mark.parametrize(("series", "status"), [("LAN26", 403), ("LAN99", 403), ("CWL99", 404), ("hello", 422)])
def test_a_programme_sees_its_own_series_alone(signed_in: SignIn, series: str, status: int) -> None:
    assert signed_in("programme").get(f"/office/series/{series}").status_code == status


@pytest.mark.parametrize("role", ["press", "keeper", "venue"])
def test_the_line_is_for_offices_and_auditors(signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    for path in ("/office/series/CWL26", "/office/organisation/1", "/office/venue/1"):
        assert client.get(path).status_code == 403


def test_the_line_is_for_staff(client: FlaskClient) -> None:
    assert client.get("/office/series/CWL26").headers["Location"].startswith("/account/sign-in")


def test_the_overview_leads_to_each_line(signed_in: SignIn) -> None:
    page = signed_in("national").get("/office").text
    assert 'href="/office/series/CWL26"' in page
    assert 'href="/office/series/LAN26"' in page


# --- looking up by name


def _look(client: FlaskClient, text: str) -> str:
    """Where the box leads."""
    csrf = csrf_of(client, "/office")
    asked = client.post("/office/look", data={"q": text, "csrf_token": csrf})
    found = client.get(asked.headers["Location"], follow_redirects=True)
    assert found.status_code == 200, found.text
    return found.request.path + "\n" + found.text


@pytest.mark.parametrize(
    ("text", "path", "heading"),
    [("cwl26", "/office/series/CWL26", "The line of CWL26"), ("ymca", "/office/organisation/1", "YMCA Cornwall"),
     ("leisure", "/office/venue/1", "Carn Brea Leisure Centre")],
)  # fmt: skip
def test_a_name_leads_to_what_has_it(signed_in: SignIn, text: str, path: str, heading: str) -> None:
    found = _look(signed_in("programme"), text)
    assert found.startswith(path + "\n")
    assert heading in found


def test_several_that_are_called_so_are_listed(signed_in: SignIn) -> None:
    found = _look(signed_in("national"), "cornwall")
    assert "Which one?" in found
    names = re.findall(r'<th scope="row"><a href="([^"]+)">(?:<strong>)?([^<]+)', found)
    assert names == [("/office/series/CWL26", "CWL26"), ("/office/organisation/1", "YMCA Cornwall")]


def test_an_organisation_and_a_venue_of_another_programme_are_not_there(signed_in: SignIn) -> None:
    client = signed_in("auditor")
    for path in ("/office/organisation/1", "/office/venue/1", "/office/venue/999"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "YMCA" not in answer.text
    assert "no serial" in client.get("/office/look?q=ymca").text


def test_a_note_leads_to_its_place_its_bundle_and_its_order(signed_in: SignIn, world: World, store: Store) -> None:
    retiring.retire_notes(store, named="CWL26 10", actor="cli:test", now=now(), request_id=uuid4())
    page = signed_in("national").get("/office/look", query_string={"q": world.serial(10)}).text
    assert "/office/series/CWL26?from=1&amp;to=20&amp;stretch=10-10" in page
    assert "Its bundle, CWL26 1-50" in page
    assert "Its order, CWL26-001" in page
    assert "Its paper was counted and destroyed" in page
    assert "Front desk · Swim · a visit of 1 note" in page


# --- in a browser

in_a_browser = [
    needs_chromium,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def _open(page: Page, served: str, path: str) -> None:
    page.goto(f"{served}/account/sign-in?lang=en")
    page.locator("#email").fill("programme@example.org")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/office")
    page.goto(served + path)


def _shows(page: Page, span: str) -> None:
    expect(page.locator(".line-where strong")).to_have_text(span, timeout=20 * SECONDS)


class TestInABrowser:
    pytestmark = in_a_browser

    def test_the_keyboard_zooms_to_one_note_and_back(self, page: Page, served: str) -> None:
        _open(page, served, "/office/series/CWL26?from=5&to=95")
        picture = page.get_by_role("group", name="Picture of the line")
        picture.focus()
        for span in (
            "CWL26 27-72",
            "CWL26 38-60",
            "CWL26 43-54",
            "CWL26 46-51",
            "CWL26 47-49",
            "CWL26 47-48",
            "CWL26 47",
        ):
            page.keyboard.press("+")
            _shows(page, span)
        page.keyboard.press("ArrowLeft")
        _shows(page, "CWL26 46")
        expect(page.get_by_text("Made void")).to_be_visible()
        expect(picture).to_be_focused()
        assert "from=46&to=46" in page.url
        page.keyboard.press("-")
        page.keyboard.press("End")
        _shows(page, "CWL26 1-9999999")
        page.keyboard.press("Home")
        _shows(page, "CWL26 1-60")
        expect(picture).to_be_focused()

    def test_a_stretch_is_clicked_and_tells_its_movements(self, page: Page, served: str) -> None:
        _open(page, served, "/office/series/CWL26")
        page.locator(".stretch", has_text="CWL26 51-60").click()
        expect(page.get_by_role("heading", name="CWL26 51-60")).to_be_visible()
        expect(page.get_by_text("Received into stock")).to_be_visible()
        page.get_by_role("link", name="Zoom to it").click()
        _shows(page, "CWL26 51-60")
        page.get_by_role("link", name="Wider").click()
        _shows(page, "CWL26 46-65")
        expect(page.get_by_role("link", name="Wider")).to_be_focused()

    def test_wheel_and_drag_ask_for_another_window(self, page: Page, served: str) -> None:
        _open(page, served, "/office/series/CWL26?from=1&to=1000")
        box = page.locator(".line-svg").bounding_box()
        assert box is not None
        y, left = box["y"] + 130, box["x"]
        page.mouse.move(left + 1, y)
        page.mouse.wheel(0, -200)
        expect(page.locator("#line")).not_to_have_attribute("data-last", "1000", timeout=20 * SECONDS)
        expect(page.locator("#line")).to_have_attribute("data-first", "1")
        page.mouse.move(left + 600, y)
        page.mouse.down()
        page.mouse.move(left + 300, y, steps=4)
        page.mouse.up()
        expect(page.locator("#line")).not_to_have_attribute("data-first", "1", timeout=20 * SECONDS)
        expect(page.locator("#stretch section")).to_have_count(0)

    def test_the_line_works_without_scripts(self, browser: Browser, served: str) -> None:
        context = browser.new_context(java_script_enabled=False, locale="en-GB")
        page = context.new_page()
        _open(page, served, "/office/series/CWL26?from=37&to=52")
        page.get_by_role("link", name="Closer").click()
        _shows(page, "CWL26 41-48")
        page.get_by_role("link", name="Right").click()
        _shows(page, "CWL26 45-52")
        page.get_by_role("rowheader", name="CWL26 46", exact=True).get_by_role("link").click()
        expect(page.get_by_role("heading", name="CWL26 46")).to_be_visible()
        page.get_by_label("From number").fill("10")
        page.get_by_label("To number").fill("11")
        page.get_by_role("button", name="Show").click()
        _shows(page, "CWL26 10-11")
        context.close()
