"""A group without any device, in the browser: its log sheet, and its counted stack."""

from datetime import timedelta
from uuid import uuid4

from flask.testing import FlaskClient

from app.core.wall_clock import LONDON
from tests.web.conftest import SignIn, World, now
from tests.web.test_spent_paper import send

PAGE = "/office/venue/1/counted"
SHEET = "/office/venue/1/log-sheet"


def stack(client: FlaskClient, *notes: str, **more: str) -> tuple[int, str, str]:
    met = (now().astimezone(LONDON) - timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    return send(client, PAGE, **{"counted": "\r\n".join(notes), "met": met, "request_id": str(uuid4()), **more})


def test_the_log_sheet_is_for_the_venue_and_its_office_in_both_languages(signed_in: SignIn) -> None:
    for role, status in (
        ("venue", 200), ("programme", 200), ("national", 200), ("auditor", 404), ("keeper", 403), ("press", 403),
    ):  # fmt: skip
        assert signed_in(role).get(SHEET).status_code == status, role
    client = signed_in("venue")
    assert SHEET in client.get("/office").text
    page = client.get(SHEET).text
    assert page.count('<td class="figure">') == 50
    for said in ("Date and time", "Activity", "Notes together", "Signature of whoever counted", "Carn Brea"):
        assert said in page
    client.set_cookie("hournote_language", "cy")
    assert "Log sheet" not in client.get(SHEET).text
    assert signed_in("venue").get("/office/venue/2/log-sheet").status_code == 404


def test_a_stack_is_redeemed_once_and_told_apart(signed_in: SignIn, world: World) -> None:
    client = signed_in("programme")
    assert PAGE in client.get("/office/venue/1").text
    deed, offer = str(uuid4()), str(world.offers["Climbing wall, with a guide"])
    sent = {"offer": offer, "request_id": deed}
    status, _page, to = stack(client, world.token(20), world.serial(21), **sent)
    assert status == 303
    assert stack(client, world.serial(20), world.serial(21), **sent)[2] == to, "sent twice, done once"
    done = client.get(to).text
    assert "2 notes are redeemed and marked as counted." in done
    assert world.token(20)[-40:] not in done
    assert "counted by programme@example.org" in client.get(f"/office/look?q={world.serial(21)}").text
    assert "counted by staff" in client.get("/office/venue/1").text
    assert "Counted" in client.get("/office/statements/venue/1").text
    lines = client.get("/office/statements/venue/1.csv").text.splitlines()
    assert "Typed,Counted,Given back" in lines[0]
    assert any(line.endswith(",1,2,0,0,2,0") for line in lines), lines


def test_the_odd_ones_are_named_and_the_rest_can_be_sent_again(signed_in: SignIn, world: World) -> None:
    client, deed = signed_in("programme"), str(uuid4())
    status, page, _to = stack(client, world.token(22), world.token(10), "garbage", world.serial(45), request_id=deed)
    assert status == 409
    field = page.split("</textarea>")[0].split("<textarea")[1].split(">")[1]
    assert field.split() == ["CWL26", *field.split()[1:]]
    assert len(field.split("\n")) == 1, "those that are good stay in the field, as serials"
    odd = page.split('aria-labelledby="odd"')[1].split("</ul>")[0]
    assert odd.count("<li>") == 3
    assert "garbage" in odd
    assert world.token(10)[-40:] not in page
    fresh = page.split('name="request_id" value="')[1].split('"')[0]
    assert fresh != deed
    assert stack(client, field, request_id=fresh)[0] == 303


def test_what_is_no_stack_is_said(signed_in: SignIn, world: World) -> None:
    client = signed_in("programme")
    for notes, more, said in (
        ([], {}, "Scan or type the notes"), ([world.serial(23)], {"met": "yesterday"}, "Write the day and the time"),
        ([world.serial(23), world.token(23)], {}, "in this stack twice"), ([world.serial(23)] * 51, {}, "more than 50"),
        ([world.serial(23)], {"offer": "x"}, "Choose an offer"), ([world.serial(23)], {"met": "2099-01-01 10:00"}, "still to come"),
    ):  # fmt: skip
        status, page, _to = stack(client, *notes, **more)
        assert (status, said in page) == (422, True), said
    offer = str(world.offers["Climbing wall, with a guide"])
    assert "do not come to the price" in stack(client, world.serial(23), offer=offer)[1]
    assert stack(client, world.serial(23), offer=str(world.offers["Matinee seat"]))[0] == 422
    assert signed_in("programme").get("/office/venue/2/counted").status_code == 404
    assert client.get(f"{PAGE}/{uuid4()}").status_code == 404
