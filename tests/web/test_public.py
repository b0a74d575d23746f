"""The pages that anybody may see."""

import re

import pytest
from flask.testing import FlaskClient

from app.services import directory
from app.web import site
from tests.web.conftest import World, now


def _note(client: FlaskClient, token: str) -> str:
    path = token.split("NOTES.EXAMPLE.ORG")[1]
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text


def test_a_good_note_is_good_and_leads_to_where_it_can_be_spent(client: FlaskClient, world: World) -> None:
    page = _note(client, world.token(20))
    assert "This note is good" in page
    assert 'href="/where"' in page


def test_every_other_note_gets_one_and_the_same_page(client: FlaskClient, world: World) -> None:
    good = world.token(20)
    forged = good[:-20] + ("A" * 20 if not good.endswith("A" * 20) else "B" * 20)
    unknown = good.replace(world.serial(20), "XYZ2600000205")
    never_ordered = forged.replace("CWL26", "CWL27")
    tokens = {
        "forged": forged, "unknown": unknown, "never ordered": never_ordered, "spent": world.token(10),
        "held": world.token(45), "void": world.token(46), "spoiled": world.token(2), "printed": world.token(7),
        "in stock": world.token(55), "malformed": "HTTPS://NOTES.EXAMPLE.ORG/N/ABC",
    }  # fmt: skip
    pages = {name: _note(client, token) for name, token in tokens.items()}
    assert len(set(pages.values())) == 1, {name: len(page) for name, page in pages.items()}
    assert "This note is not good" in pages["forged"]


def test_the_page_of_a_note_names_no_token_no_serial_no_venue_and_no_organisation(
    client: FlaskClient, world: World
) -> None:
    for number in (10, 20):
        page = _note(client, world.token(number))
        for secret in (world.serial(number), world.token(number)[-30:], "Carn Brea", "YMCA", "spent on"):
            assert secret.lower() not in page.lower()


def test_lower_case_reads_as_well(client: FlaskClient, world: World) -> None:
    path = world.token(20).split("NOTES.EXAMPLE.ORG")[1].lower()
    assert "This note is good" in client.get(path).text


def test_the_page_of_a_note_is_not_to_be_guessed_at(client: FlaskClient) -> None:
    answers = [client.get("/N/ABC").status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


def test_the_directory_lists_venues_and_their_offers_by_programme(client: FlaskClient) -> None:
    page = client.get("/where").text
    listed = page.split("2 venues</h2>")[1]
    assert listed.index("Carn Brea Leisure Centre") < listed.index("Cornwall") < listed.index("Chorley Little Theatre")
    assert re.search(r"Climbing wall, with a guide.*?2 hours", page, re.S)
    assert "notes of Lancashire only" in page


def test_the_directory_can_be_narrowed(client: FlaskClient) -> None:
    assert "Chorley" not in client.get("/where?q=swim").text
    assert "Climbing" not in client.get("/where?q=swim").text
    assert "Carn Brea" not in client.get("/where?programme=LAN").text
    assert "No venue fits." in client.get("/where?q=zzz").text


def test_the_specimen_programme_is_not_in_the_directory(client: FlaskClient) -> None:
    with client.application.app_context():
        directory.add_programme(site.books(), code="SPC", name="Specimen programme")
        directory.add_venue(site.books(), programme="SPC", name="Nowhere")
    page = client.get("/where").text
    assert "Specimen" not in page
    assert "Nowhere" not in page


@pytest.mark.parametrize("path", ["/", "/check", "/where", "/desk", "/desk/enrol", "/account/sign-in"])
def test_a_page_runs_no_script_and_wears_no_style_of_its_own(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    for inline in ("<style", " style=", "onclick", "<script>", "javascript:"):
        assert inline not in answer.text
    assert not re.search(r'(src|href)="(https?:)?//', answer.text), "nothing is loaded from another host"


def test_welsh_is_asked_for_once_and_remembered(client: FlaskClient) -> None:
    answer = client.get("/where?q=swim&lang=cy")
    assert '<html lang="cy">' in answer.text
    assert "Ble i wario" in answer.text
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("hournote_language=cy;")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert '<html lang="cy">' in client.get("/").text
    assert 'href="?q=swim&amp;lang=en"' in answer.text


def test_the_language_cookie_is_secure_away_from_this_machine(client: FlaskClient) -> None:
    assert "Secure" in client.get("/?lang=cy", base_url="https://notes.example.org").headers["Set-Cookie"]
    assert "Secure" in client.get("/?lang=cy", base_url="http://notes.example.org").headers["Set-Cookie"]


def test_an_unknown_language_is_not_remembered(client: FlaskClient) -> None:
    answer = client.get("/?lang=fr")
    assert "Set-Cookie" not in answer.headers
    assert '<html lang="en">' in answer.text


def test_a_browser_that_prefers_welsh_gets_it(client: FlaskClient) -> None:
    assert '<html lang="cy">' in client.get("/", headers={"Accept-Language": "cy,en;q=0.5"}).text


def test_the_switch_of_language_on_a_note_page_does_not_repeat_the_token(client: FlaskClient, world: World) -> None:
    assert 'href="?lang=cy"' in _note(client, world.token(20))


def test_nothing_here_is_a_plain_page(client: FlaskClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.text
    assert "Does dim byd" in client.get("/nowhere?lang=cy").text


def test_a_series_past_its_last_day_is_not_good(client: FlaskClient, world: World) -> None:
    with client.application.app_context():
        directory.set_series(site.books(), series="CWL26", expires_on=now().date().replace(year=2020, day=1))
    assert "This note is not good" in _note(client, world.token(20))
