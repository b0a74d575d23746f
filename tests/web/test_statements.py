"""Statements in the browser: whose they are, how they close, and the same as a file."""

import csv
from io import StringIO

import pytest

from tests.web.conftest import SignIn


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def test_a_keeper_reads_the_statement_of_its_own_organisation_and_no_other(signed_in: SignIn) -> None:
    client = signed_in("keeper")
    answer = client.get("/office/statements", follow_redirects=True)
    assert "Statement: YMCA Cornwall" in answer.text
    assert "2 of the notes held were spent already" in answer.text
    for other in ("organisation/2", "organisation/2.csv", "programme/1", "organisation/99"):
        assert client.get(f"/office/statements/{other}").status_code == 404, other


def test_the_file_says_what_the_page_says_and_closes(signed_in: SignIn) -> None:
    answer = signed_in("keeper").get("/office/statements/organisation/1.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    (line,) = rows(answer.text)
    assert (line["Received"], line["Void"], line["Held"], line["Of these on hold"]) == ("41", "1", "40", "1")


def test_a_programme_reads_its_stock_and_each_of_its_organisations(signed_in: SignIn) -> None:
    client = signed_in("programme")
    page = client.get("/office/statements", follow_redirects=True).text
    assert "Statement: Cornwall" in page
    assert "YMCA Cornwall" in page
    assert "Chorley" not in page
    assert client.get("/office/statements/programme/2").status_code == 404
    (line,) = rows(client.get("/office/statements/programme/1.csv").text)
    assert (line["Organisation"], line["Held"]) == ("YMCA Cornwall", "40")
    (before,) = rows(client.get("/office/statements/programme/1.csv?month=200101").text)
    assert before["Held"] == "0", "a month before there was anything"


def test_the_national_office_chooses_a_programme(signed_in: SignIn) -> None:
    page = signed_in("national").get("/office/statements").text
    assert "Cornwall" in page
    assert "Lancashire" in page


def test_a_venue_reads_its_own_statement_and_no_other(signed_in: SignIn) -> None:
    client = signed_in("venue")
    assert "/office/statements/venue/1" in client.get("/office").text
    page = client.get("/office/statements/venue/1").text
    assert "Statement: Carn Brea Leisure Centre" in page
    lines = rows(client.get("/office/statements/venue/1.csv").text)
    assert [(line["Offer"], line["Visits"], line["Notes, an hour each"]) for line in lines] == [
        ("", "1", "1"),
        ("Swim", "1", "1"),
    ]
    assert client.get("/office/statements/venue/2").status_code == 404


@pytest.mark.parametrize("month", ["garbage", "202613", "999999", "", "١٢٣٤٥٦"])
def test_what_is_no_month_is_taken_for_this_one(signed_in: SignIn, month: str) -> None:
    answer = signed_in("venue").get("/office/statements/venue/1", query_string={"month": month})
    assert answer.status_code == 200


def test_a_month_in_which_nothing_came_says_so(signed_in: SignIn) -> None:
    assert "No visit in this month." in signed_in("venue").get("/office/statements/venue/1?month=200101").text


def test_statements_are_in_welsh(signed_in: SignIn) -> None:
    assert "Dygwyd ymlaen" in signed_in("keeper").get("/office/statements/organisation/1?lang=cy").text
