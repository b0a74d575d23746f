"""What each role sees, and what it does not."""

import pytest
from flask.testing import FlaskClient

from app.web import words
from tests.web.conftest import SignIn, World, csrf_of

ROLES = ("national", "programme", "auditor", "press", "keeper", "venue")


def _ask(client: FlaskClient, text: str) -> str:
    data = {"q": text, "csrf_token": csrf_of(client, "/office")}
    answer = client.post("/office/look", data=data)
    assert answer.status_code == 303
    return answer.headers["Location"]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_lands_on_a_page_of_its_own(signed_in: SignIn, role: str) -> None:
    answer = signed_in(role).get("/office")
    assert answer.status_code == 200
    assert str(words.ROLES[role]) in answer.text


def test_the_office_is_for_staff(client: FlaskClient) -> None:
    assert client.get("/office").headers["Location"] == "/account/sign-in?next=/office"


@pytest.mark.parametrize("role", ["press", "keeper", "venue"])
def test_looking_up_is_for_offices_and_auditors(signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    answer = client.get("/office/look?q=CWL26-001")
    assert answer.status_code == 403
    assert "Your account may not do this" in answer.text
    posted = client.post("/office/look", data={"q": "CWL26-001", "csrf_token": csrf_of(client, "/office")})
    assert posted.status_code == 403


def test_the_overview_counts_every_note_of_every_series(signed_in: SignIn) -> None:
    page = signed_in("national").get("/office").text
    assert "CWL26" in page
    assert "LAN26" in page
    counts = page.split("Notes of CWL26 by state")[1].split("</table>")[0]
    assert '<td class="figure">2</td>' in counts, "two are redeemed"
    assert "CWL26-001" in page
    assert "Already spent" in page


def test_a_programme_sees_its_own_series_orders_and_cases_alone(signed_in: SignIn) -> None:
    cornwall = signed_in("programme").get("/office").text
    assert "LAN26" not in cornwall
    assert "Already spent" in cornwall
    lancashire = signed_in("auditor").get("/office").text
    assert "q=CWL26" not in lancashire
    assert "Already spent" not in lancashire


def test_a_programme_cannot_look_up_anothers_notes(signed_in: SignIn, world: World) -> None:
    client = signed_in("auditor")
    for asked in (world.serial(10), "CWL26 1-60", "CWL26-001"):
        answer = client.get("/office/look", query_string={"q": asked})
        assert answer.status_code == 403
        assert "of another programme" in answer.text
        assert "YMCA" not in answer.text
    assert client.get("/office/look?q=LAN26-001").status_code == 200


def test_a_serial_leads_to_the_life_of_the_note(signed_in: SignIn, world: World) -> None:
    client = signed_in("national")
    page = client.get("/office/look", query_string={"q": world.serial(10)}).text
    assert f'<h1 class="serial">{world.serial(10)[:5]} {world.serial(10)[5:12]} {world.serial(10)[12]}</h1>' in page
    events = [
        page.index(word) for word in ("Scanned", "Redeemed", "Issued", "Received into stock", "Printed", "Ordered")
    ]
    assert events == sorted(events), "newest first"
    assert "YMCA Cornwall" in page


@pytest.mark.parametrize("asked", ["CWL26-001", "CWL26 1-60", "cwl26 1 to 60"])
def test_a_span_or_an_order_leads_to_how_it_stands(signed_in: SignIn, asked: str) -> None:
    page = signed_in("national").get("/office/look", query_string={"q": asked}).text
    assert "CWL26 1-60" in page
    assert "void (spoiled)" in page
    assert "Cornwall programme office" in page
    assert "every note of it was ordered" in page


def test_gaps_are_named(signed_in: SignIn) -> None:
    page = signed_in("national").get("/office/look?q=CWL26 50-70").text
    assert "CWL26 61-70" in page
    assert "never ordered" in page


def test_a_label_leads_to_its_notes(signed_in: SignIn, world: World) -> None:
    client = signed_in("national")
    label = f"/B/{world.serial(10)}{world.serial(50)}"
    found = client.get(label, follow_redirects=True)
    assert found.status_code == 200
    assert "CWL26 10-50" in found.text


def test_a_token_becomes_its_serial_and_stays_in_no_address(signed_in: SignIn, world: World) -> None:
    client = signed_in("national")
    assert _ask(client, world.token(20)) == f"/office/look?q={world.serial(20)}"
    direct = client.get("/office/look", query_string={"q": world.token(20)})
    assert direct.headers["Location"] == f"/office/look?q={world.serial(20)}"
    assert world.token(20)[-40:] not in client.get(f"/office/look?q={world.serial(20)}").text


@pytest.mark.parametrize("asked", ["zzz", "CWL26 9-1", "CWL260000010X", "XYZ26 1-2", "\x00", "ſ" * 600])
def test_what_is_not_found_is_said_plainly(signed_in: SignIn, asked: str) -> None:
    answer = signed_in("national").get("/office/look", query_string={"q": asked})
    assert answer.status_code in (404, 422)
    assert "That is no serial" in answer.text or "No such note was ever ordered" in answer.text


def test_the_print_shop_sees_its_orders(signed_in: SignIn) -> None:
    page = signed_in("press").get("/office").text
    assert "CWL26-001" in page
    assert "LAN26" not in page


def test_a_keeper_sees_what_its_organisation_has(signed_in: SignIn) -> None:
    page = signed_in("keeper").get("/office").text
    assert "CWL26 10-44" in page
    assert "CWL26 51-60" not in page


def test_a_venue_sees_its_visits_and_desks(signed_in: SignIn) -> None:
    page = signed_in("venue").get("/office").text
    assert "CWL26 0000010" in page
    assert "Front desk" in page
    assert "Pool" in page


def test_a_token_in_the_address_of_a_form_becomes_its_serial_before_anybody_signs_in(
    client: FlaskClient, signed_in: SignIn, world: World
) -> None:
    for browser in (client, signed_in("programme")):
        answer = browser.get("/office/hold", query_string={"q": world.token(20)})
        assert answer.headers["Location"] == f"/office/hold?q={world.serial(20)}"


def test_nothing_is_offered_beside_a_note_that_is_spent(signed_in: SignIn, world: World) -> None:
    client = signed_in("national")
    page = client.get("/office/look", query_string={"q": world.serial(10)}).text
    assert "/office/hold?q=" not in page
    assert "/office/void?q=" not in page
    assert "/office/hold?q=" in client.get("/office/look", query_string={"q": world.serial(20)}).text


def test_the_way_to_sign_in_repeats_no_token(client: FlaskClient, world: World) -> None:
    answer = client.get("/office/look", query_string={"q": world.token(20)}, follow_redirects=True)
    assert "Sign in" in answer.text
    assert all(world.token(20)[-60:] not in each.request.url for each in answer.history[1:])
    assert world.token(20)[-60:] not in answer.request.url + answer.text
    assert world.serial(20) in answer.text, "and whoever signs in comes to the note"
