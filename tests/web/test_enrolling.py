"""Staff add desks, enrol them by a link or its QR, and revoke them, each in its own reach."""

import io
import re
from datetime import timedelta

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from app.core.errors import NotAllowed
from app.services import accounts, desks, enrolling
from app.services.books import Store
from tests.web.conftest import SignIn, World, csrf_of, needs_chromium, now

HERE, ELSEWHERE = "Carn Brea Leisure Centre", "Chorley Little Theatre"


def _store(app: Flask) -> Store:
    store: Store = app.extensions["hournote_books"]
    return store


def _venue(app: Flask, name: str) -> int:
    national = accounts.sign_in(_store(app), email="national@example.org", password="three plain words")
    assert national is not None
    found = enrolling.venues(_store(app), by=national, now=now())
    return next(each.venue.id for each in found if each.venue.name == name)


def _add(client: FlaskClient, venue: int, name: str, **fields: str) -> tuple[int, str]:
    address = f"/office/venues/{venue}/desks"
    answer = client.post(address, data={"name": name, "csrf_token": csrf_of(client, address), **fields})
    return answer.status_code, answer.text


def _code(page: str) -> str:
    found = re.search(r"/desk/enrol#([\w-]+)", page)
    assert found, page
    return found[1]


def _desk(app: Flask, name: str) -> desks.Desk:
    return next(desk for desk, _venue in desks.desks(_store(app)) if desk.name == name)


@pytest.mark.parametrize("role", ["national", "programme", "venue"])
def test_a_desk_is_added_and_enrolled_by_its_link(app: Flask, signed_in: SignIn, role: str) -> None:
    status, page = _add(signed_in(role), _venue(app, HERE), "Left till")
    assert status == 200
    enrolled = desks.enrol(_store(app), code=_code(page), name=None, now=now())
    assert (enrolled.desk.name, enrolled.venue.name, enrolled.desk.scope) == ("Left till", HERE, "redeem")
    with pytest.raises(NotAllowed, match="used already"):
        desks.enrol(_store(app), code=_code(page), name=None, now=now())


def test_a_link_is_good_for_an_hour(app: Flask, signed_in: SignIn) -> None:
    _status, page = _add(signed_in("programme"), _venue(app, HERE), "Left till")
    with pytest.raises(NotAllowed, match="too old"):
        desks.enrol(_store(app), code=_code(page), name=None, now=now() + timedelta(hours=1))


def test_a_new_link_ends_the_one_before_and_the_device_that_uses_it_replaces_the_desks(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    client, venue = signed_in("venue"), _venue(app, HERE)
    front = _desk(app, "Front desk")
    links = []
    for _time in range(2):
        data = {"csrf_token": csrf_of(client, f"/office/venues/{venue}/desks")}
        links.append(_code(client.post(f"/office/desks/{front.id}/link", data=data).text))
    with pytest.raises(NotAllowed):
        desks.enrol(_store(app), code=links[0], name=None, now=now())
    key = desks.enrol(_store(app), code=links[1], name=None, now=now()).key
    assert desks.desk_of_key(_store(app), key, now=now()).desk.id == front.id
    with pytest.raises(NotAllowed):
        desks.desk_of_key(_store(app), world.key, now=now())


def test_a_revoked_desk_is_refused_at_once_and_its_link_with_it(app: Flask, signed_in: SignIn, world: World) -> None:
    client, venue = signed_in("programme"), _venue(app, HERE)
    pool = _desk(app, "Pool")
    for desk in (_desk(app, "Front desk"), pool):
        data = {"csrf_token": csrf_of(client, f"/office/venues/{venue}/desks")}
        told = client.post(f"/office/desks/{desk.id}/revoke", data=data, follow_redirects=True)
        assert f"{desk.name} is revoked" in told.text
    with pytest.raises(NotAllowed):
        desks.desk_of_key(_store(app), world.key, now=now())
    with pytest.raises(NotAllowed):
        desks.enrol(_store(app), code=world.code, name=None, now=now())
    again = client.post(
        f"/office/desks/{pool.id}/link", data={"csrf_token": csrf_of(client, f"/office/venues/{venue}/desks")}
    )
    assert again.status_code == 303


def test_who_did_what_to_a_desk_is_kept(app: Flask, signed_in: SignIn) -> None:
    client, venue = signed_in("venue"), _venue(app, HERE)
    _status, page = _add(client, venue, "Left till")
    desks.enrol(_store(app), code=_code(page), name=None, now=now())
    told = client.get(f"/office/venues/{venue}/desks").text
    assert told.index("Enrolled by its link") < told.index("Added · venue@example.org")


def test_a_desk_may_be_for_checking_alone(app: Flask, signed_in: SignIn) -> None:
    _status, page = _add(signed_in("programme"), _venue(app, HERE), "Door", scope="check")
    assert desks.enrol(_store(app), code=_code(page), name=None, now=now()).desk.scope == "check"


@pytest.mark.parametrize(("name", "status"), [("front DESK", 409), ("", 422), ("x" * 81, 422)])
def test_a_name_that_will_not_do_is_named_and_no_desk_is_added(
    app: Flask, signed_in: SignIn, name: str, status: int
) -> None:
    before = len(desks.desks(_store(app)))
    told, page = _add(signed_in("programme"), _venue(app, HERE), name)
    assert told == status
    assert 'role="alert"' in page
    assert len(desks.desks(_store(app))) == before


@pytest.mark.parametrize("role", ["programme", "venue"])
def test_the_desks_of_others_are_not_there(app: Flask, signed_in: SignIn, role: str) -> None:
    client, venue = signed_in(role), _venue(app, ELSEWHERE)
    assert client.get(f"/office/venues/{venue}/desks").status_code == 404
    other = desks.add_desk(_store(app), venue=ELSEWHERE, name="Box office", now=now())
    data = {"csrf_token": csrf_of(client, f"/office/venues/{_venue(app, HERE)}/desks"), "name": "Mine"}
    for address in (
        f"venues/{venue}/desks",
        f"desks/{other.desk.id}/link",
        f"desks/{other.desk.id}/revoke",
        "desks/9999/link",
    ):
        assert client.post(f"/office/{address}", data=data).status_code == 404
    assert desks.desk_of_key(_store(app), other.key, now=now()).desk.name == "Box office"


def test_an_auditor_sees_desks_and_changes_none(app: Flask, signed_in: SignIn) -> None:
    client, venue = signed_in("auditor"), _venue(app, ELSEWHERE)
    page = client.get("/office/desks", follow_redirects=True).text
    assert ELSEWHERE in page
    assert "Add a desk" not in page
    data = (
        {"csrf_token": csrf_of(client, "/office"), "name": "Mine"} if "csrf_token" in client.get("/office").text else {}
    )
    assert client.post(f"/office/venues/{venue}/desks", data=data).status_code in (400, 403)


@pytest.mark.parametrize("role", ["press", "keeper"])
def test_desks_are_not_for_everybody(signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    assert client.get("/office/desks").status_code == 403
    assert "/office/desks" not in client.get("/office").text


@needs_chromium
def test_a_phone_that_is_pointed_at_the_code_becomes_the_desk(
    app: Flask, browser: Browser, page: Page, served: str
) -> None:
    manager = accounts.sign_in(_store(app), email="venue@example.org", password="three plain words")
    assert manager is not None
    page.goto(f"{served}/account/sign-in")
    page.get_by_label("Email address").fill("venue@example.org")
    page.get_by_label("Password").fill("three plain words")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Add, enrol or revoke a desk").click()
    page.get_by_label("Name of the desk").fill("Left till")
    page.get_by_role("button", name="Add").click()
    picture = Image.open(io.BytesIO(page.locator("svg.enrolment").screenshot()))
    (code,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert code.text == page.get_by_label("Link", exact=True).input_value()
    phone = browser.new_context(service_workers="block")
    opened = phone.new_page()
    opened.goto(f"{served}/desk/enrol#{code.text.split('#')[1]}")
    opened.get_by_role("button", name="Enrol").click()
    expect(opened.locator("body.started")).to_be_attached()
    expect(opened.locator("#where-am-i")).to_have_text(f"{HERE} · Left till")
    phone.close()
