"""The impact report as a page, as files, and in both languages."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from uuid import uuid4

import openpyxl
import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.checkpoint import CheckpointKey
from app.services import handing_out, log
from app.web import charts, impact_charts, report_pdf, sheets
from app.web.impact_tables import Table
from tests.web.conftest import SignIn, World, now

VIEWS = ("", "/months", "/organisations", "/venues", "/activities", "/waits", "/flows")


@pytest.fixture
def reader(signed_in: SignIn, app: Flask, world: World) -> FlaskClient:
    """Cornwall's programme office, after a hand-out of a name that a spreadsheet would run."""
    store = app.extensions["hournote_books"]
    handing_out.hand_out(
        store, named="CWL26 12-31", activity="=1+2 Beach clean", hours=20, people=12, actor="cli:test",
        now=now() - timedelta(seconds=1), request_id=uuid4(),
    )  # fmt: skip
    log.sequence(store, key=CheckpointKey(world.settings.checkpoint_key), clock=now)
    return signed_in("programme")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_part_is_a_page_in_both_languages(reader: FlaskClient, view: str, language: str) -> None:
    answer = reader.get(f"/office/impact{view}?lang={language}")
    assert answer.status_code == 200
    assert ("Numbers from 1 to 4 are not shown" in answer.text) == (language == "en")
    assert ("could be computed in this report" in answer.text) == (language == "en")
    assert ("publish one" in answer.text) == (language == "en")
    assert "<svg" in answer.text or view == "/flows"


def test_the_page_the_csv_the_workbook_and_the_pdf_hold_the_same_sums(reader: FlaskClient) -> None:
    page = reader.get("/office/impact/activities").text
    assert '<th scope="row">=1+2 Beach clean</th><td class="figure">20</td><td class="figure">12</td>' in page
    text = reader.get("/office/impact/activities.csv").data.decode("utf-8-sig")
    assert list(csv.reader(StringIO(text)))[1:] == [["'=1+2 Beach clean", "20", "12"], ["All", "20", "12"]]
    book = openpyxl.load_workbook(BytesIO(reader.get("/office/impact.xlsx").data))
    sheet = book["What hours were given for"]
    cell = sheet["A2"]
    assert (cell.value, cell.data_type, sheet["B2"].value) == ("=1+2 Beach clean", "s", 20)
    document = pypdfium2.PdfDocument(reader.get("/office/impact.pdf").data)
    words = " ".join(page.get_textpage().get_text_bounded() for page in document)
    assert "Beach clean" in words
    assert "Cornwall" in words
    assert "not shown" in words, "two notes were spent"
    assert 'class="lead">' in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=never", "A month is written like 2026-11."),
        ("from=2026-05&amp;to=2026-04", ""), ("from=2001-01", "36 months at most"),
        ("programme=2", "in your reach alone"), ("organisation=2", "in your reach alone"), ("funder=9", "in your reach alone"),
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_is_said_so(reader: FlaskClient, query: str, sentence: str) -> None:
    answer = reader.get(f"/office/impact?{query}")
    assert answer.status_code == (422 if sentence else answer.status_code)
    assert sentence in answer.text
    if sentence:
        assert reader.get(f"/office/impact.xlsx?{query}").status_code == 422


def test_files_of_one_organisation_do_not_say_where_its_people_spend(reader: FlaskClient) -> None:
    page = reader.get("/office/impact/venues?organisation=1").text
    assert "files leave out its venues, offers and flows" in page
    assert "venues.csv" not in page
    for name in ("venues", "offers", "flows"):
        assert reader.get(f"/office/impact/{name}.csv").status_code == 200
        assert reader.get(f"/office/impact/{name}.csv?organisation=1").status_code == 404
    book = openpyxl.load_workbook(BytesIO(reader.get("/office/impact.xlsx?organisation=1").data))
    assert "By venue" not in book.sheetnames
    assert "By organisation" in book.sheetnames
    document = pypdfium2.PdfDocument(reader.get("/office/impact.pdf?organisation=1").data)
    words = " ".join(page.get_textpage().get_text_bounded() for page in document)
    assert "What hours were given for" in words
    assert "by venue" not in words.lower()
    assert "spent on" not in words


def test_a_table_that_there_is_not_is_not_found(reader: FlaskClient) -> None:
    assert reader.get("/office/impact/garbage.csv").status_code == 404


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_no_text_of_ours_is_a_formula(text: str) -> None:
    made = Table("t", "T", ("What", "Hours"), ((text, 1), (None, -3)))
    assert sheets.csv(made).decode("utf-8-sig").splitlines()[1].lstrip('"').startswith("'")
    cell = openpyxl.load_workbook(BytesIO(sheets.workbook([made])))["T"]["A2"]
    assert cell.data_type != "f"


@pytest.mark.parametrize(
    ("language", "summed", "said", "last"),
    [("en", True, "and 5 more rows: they are in the spreadsheet", 58), ("cy", False, "a 5 rhes arall", 59)],
)
def test_a_long_table_says_what_it_leaves_out(app: Flask, language: str, summed: bool, said: str, last: int) -> None:
    made = Table("t", "T", ("What", "Hours"), tuple((f"Row {each}.", each) for each in range(65)), summed)
    with app.test_request_context(f"/?lang={language}"):
        document = pypdfium2.PdfDocument(report_pdf.report(["Impact"], [], [([], [made])]))
    words = " ".join(page.get_textpage().get_text_bounded() for page in document)
    assert said in words
    shown = [each for each in range(65) if f"Row {each}." in words]
    assert shown == [*range(last + 1), *([64] if summed else [])]


def test_the_tallest_chart_has_room_on_a_page_of_the_report() -> None:
    chart = charts.bars([(f"Organisation {each}", each) for each in range(impact_charts.MOST_BARS)])
    assert report_pdf.report(["Impact"], [], [([("Tall", chart)], [])]).startswith(b"%PDF")
