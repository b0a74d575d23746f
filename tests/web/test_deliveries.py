"""Deliveries in the browser: received label by label, sent with a link and a PIN, confirmed on a phone, taken back."""

import io
import re
from uuid import uuid4

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from werkzeug.test import TestResponse

from app.core.lifecycle import Kind
from app.core.span import Span
from app.services import custody, directory, enquiry, handing_out
from app.services.books import Store
from tests.web.conftest import SignIn, World, csrf_of, needs_chromium, now

OURS = "YMCA Cornwall"


def _store(app: Flask) -> Store:
    store: Store = app.extensions["hournote_books"]
    return store


def _organisation(app: Flask, name: str = OURS) -> str:
    return next(str(each.id) for each in directory.organisations(_store(app)) if each.name == name)


def _states(app: Flask, named: str) -> dict[str, int]:
    return {state: notes for state, notes in enquiry.range_of(_store(app), named=named).counts.items() if notes}


def _send(client: FlaskClient, app: Flask, labels: str = "CWL26 51-60", **more: str) -> tuple[int, str, str]:
    data = {"organisation": _organisation(app), "labels": labels, "how": "sent", "request_id": str(uuid4()), **more}
    data["csrf_token"] = csrf_of(client, "/office/deliveries/new")
    answer = client.post("/office/deliveries/new", data=data)
    return answer.status_code, answer.text, answer.headers.get("Location", "")


def _secrets(page: str) -> tuple[str, str, str]:
    """The secret of the link, the PIN and the delivery's id, as the page shows them."""
    link, pin = re.search(r"/delivery#([A-Z2-7]{24})", page), re.search(r"<strong>(\d{3}) (\d{3})</strong>", page)
    found = re.search(r"/office/deliveries/([0-9a-f-]{36})/note", page)
    assert link
    assert pin
    assert found
    return link[1], pin[1] + pin[2], found[1]


def _enter(phone: FlaskClient, secret: str, pin: str) -> tuple[int, str]:
    data = {"secret": secret, "pin": pin, "csrf_token": csrf_of(phone, "/delivery")}
    answer = phone.post("/delivery", data=data, follow_redirects=True)
    return answer.status_code, answer.text


def test_a_delivery_is_sent_confirmed_on_a_phone_and_seen_by_staff(app: Flask, signed_in: SignIn) -> None:
    staff = signed_in("programme")
    status, page, _location = _send(staff, app, "CWL26 51-55\nCWL26 56-60")
    assert status == 200
    secret, pin, delivery = _secrets(page)
    assert "On its way since" in staff.get(f"/office/deliveries/{delivery}").text
    phone = app.test_client()
    status, page = _enter(phone, secret, pin)
    assert status == 200
    assert "Look at each bundle" in page
    assert "Stopped by the office" not in page
    assert pin not in page
    data = {"found-0": "here", "counted-0": "10", "csrf_token": csrf_of(phone, "/delivery/bundles")}
    for _time in range(2):
        told = phone.post("/delivery/bundles", data=data, follow_redirects=True).text
        assert "10 notes are yours to hand out." in told
        assert re.search(r"<p>Confirmed: .*20\d\d.* · link and PIN</p>", told), "how it was confirmed, and when"
    assert _states(app, "CWL26 51-60") == {"issued": 10}
    assert "10 notes are issued." in staff.get(f"/office/deliveries/{delivery}").text
    assert _enter(phone, secret, pin)[0] == 200, "the link tells it again"


def test_what_was_stopped_on_the_way_is_named_where_it_is_counted(app: Flask, signed_in: SignIn, world: World) -> None:
    secret, pin, _delivery = _secrets(_send(signed_in("programme"), app)[1])
    custody.move_span(
        _store(app), kind=Kind.HOLD, named="CWL26 53-54", actor="cli:me", now=now(), request_id=uuid4(), reason="stolen"
    )
    page = _enter(app.test_client(), secret, pin)[1]
    assert 'not to be handed out:</strong> <span class="serial">CWL26 53-54</span>' in page


def test_what_was_on_hold_is_issued_from_the_page_of_its_delivery(app: Flask, signed_in: SignIn) -> None:
    staff = signed_in("programme")
    secret, pin, delivery = _secrets(_send(staff, app)[1])
    place, phone = f"/office/deliveries/{delivery}", app.test_client()
    _enter(phone, secret, pin)
    data = {"found-0": "missing", "csrf_token": csrf_of(phone, "/delivery/bundles")}
    phone.post("/delivery/bundles", data=data)
    assert "Issue what was released" not in staff.get(place).text
    custody.move_span(
        _store(app),
        kind=Kind.RELEASE,
        named="CWL26 51-60",
        actor="cli:me",
        now=now(),
        request_id=uuid4(),
        reason="found",
    )
    page = staff.get(place).text
    assert "10 notes were released, and are not issued yet." in page
    (shown,) = re.findall(r'name="request_id" value="([^"]+)"', page)
    for _time in range(2):
        told = _post(staff, f"{place}/released", follow=True, request_id=shown).text
        assert "10 notes that were released are issued." in told
    assert "Issue what was released" not in told
    assert _states(app, "CWL26 51-60") == {"issued": 10}
    assert _post(staff, f"{place}/released", request_id=str(uuid4())).status_code == 409


def test_wrong_pins_close_the_link(app: Flask, signed_in: SignIn) -> None:
    staff = signed_in("programme")
    secret, pin, delivery = _secrets(_send(staff, app)[1])
    phone, guess = app.test_client(), f"{(int(pin) + 1) % 1_000_000:06d}"
    said = [_enter(phone, secret, guess) for _time in range(5)]
    assert {status for status, _page in said} == {403}
    assert "This link is closed" in said[-1][1]
    assert "This link is closed" in _enter(phone, secret, pin)[1]
    assert phone.get("/delivery/bundles").status_code == 303
    page = staff.get(f"/office/deliveries/{delivery}").text
    assert "Link closed after too many wrong PINs" in page
    assert "No link of this delivery is good now" in page
    data = {"csrf_token": csrf_of(staff, f"/office/deliveries/{delivery}")}
    secret, pin, _delivery = _secrets(staff.post(f"/office/deliveries/{delivery}/link", data=data).text)
    assert _enter(phone, secret, pin)[0] == 200


def test_whoever_guesses_many_links_waits(app: Flask) -> None:
    phone = app.test_client()
    said = [_enter(phone, "A" * 24, "123456")[0] for _time in range(21)]
    assert said[:20] == [403] * 20
    assert said[20] == 429


def test_the_delivery_note_has_the_link_and_never_the_pin(app: Flask, signed_in: SignIn) -> None:
    staff = signed_in("programme")
    secret, pin, delivery = _secrets(_send(staff, app)[1])
    data = {"secret": secret, "csrf_token": csrf_of(staff, "/office/deliveries/new")}
    drawn = staff.post(f"/office/deliveries/{delivery}/note", data=data).data
    page = pypdfium2.PdfDocument(io.BytesIO(drawn))[0]
    text = page.get_textpage().get_text_range()
    (code,) = zxingcpp.read_barcodes(page.render(scale=3).to_pil().convert("L"))
    assert code.text == f"http://127.0.0.1:8000/delivery#{secret}"
    assert OURS in text
    assert "To confirm that they arrived" in text
    assert "I gadarnhau eu bod wedi cyrraedd" in text, "in both languages, whoever opens the box"
    assert Span("CWL26", 51, 51).first_serial.printed in text
    assert pin not in text
    assert staff.get(f"/office/deliveries/{delivery}/labels.pdf").data.startswith(b"%PDF")


def test_sent_twice_it_is_one_delivery_and_shows_no_pin_again(app: Flask, signed_in: SignIn) -> None:
    staff, request_id = signed_in("programme"), str(uuid4())
    assert _send(staff, app, request_id=request_id)[0] == 200
    status, page, location = _send(staff, app, request_id=request_id)
    assert (status, location) == (303, f"/office/deliveries/{request_id}")
    assert "PIN" not in page


@pytest.mark.parametrize(
    ("labels", "more", "status", "sentence"),
    [
        ("CWL26 10", {}, 409, "CWL26 10 are not in stock"), ("LAN26 1-5", {}, 409, "of its own programme alone"),
        ("", {}, 422, "Say which notes go"), ("garbage", {}, 422, "That is no note, span"),
        ("", {"order": "CWL26-001", "bundles": "7"}, 409, "not so many bundles"),
        ("", {"bundles": "x"}, 422, "whole number of bundles"), ("CWL26 99", {}, 404, "No such note was ever ordered"),
        ("CWL26 51-60", {"organisation": "9999"}, 404, "choose one of the list"),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_said_and_the_form_keeps_it(
    app: Flask, signed_in: SignIn, labels: str, more: dict[str, str], status: int, sentence: str
) -> None:
    got, page, _location = _send(signed_in("programme"), app, labels, **more)
    assert (got, sentence in page) == (status, True), page
    assert labels in page
    assert _states(app, "CWL26 51-60") == {"stocked": 10}


def test_notes_are_handed_over_and_others_deliveries_are_not_there(app: Flask, signed_in: SignIn) -> None:
    staff = signed_in("programme")
    _status, _page, location = _send(staff, app, how="handed")
    assert "Handed over" in staff.get(location).text
    assert _states(app, "CWL26 51-60") == {"issued": 10}
    assert signed_in("auditor").get(location).status_code == 404, "of Lancashire"
    assert signed_in("keeper").get(location).status_code == 403


def test_a_keeper_finds_what_waits_and_confirms_without_a_pin(app: Flask, signed_in: SignIn) -> None:
    _secret, _pin, delivery = _secrets(_send(signed_in("programme"), app)[1])
    keeper = signed_in("keeper")
    assert f"/office/confirm/{delivery}" in keeper.get("/office").text
    data = {"found-0": "opened", "counted-0": "4", "csrf_token": csrf_of(keeper, f"/office/confirm/{delivery}")}
    told = keeper.post(f"/office/confirm/{delivery}", data=data, follow_redirects=True).text
    assert "10 notes did not match and are on hold." in told
    assert _states(app, "CWL26 51-60") == {"held": 10}
    assert "/office/confirm/" not in keeper.get("/office").text
    assert "· with an account</p>" in told


def test_a_delivery_is_called_back(app: Flask, signed_in: SignIn) -> None:
    staff = signed_in("programme")
    secret, pin, delivery = _secrets(_send(staff, app)[1])
    data = {"csrf_token": csrf_of(staff, f"/office/deliveries/{delivery}")}
    told = staff.post(f"/office/deliveries/{delivery}/call-back", data=data, follow_redirects=True)
    assert "its notes are in stock again" in told.text
    assert _enter(app.test_client(), secret, pin)[0] == 403
    assert _states(app, "CWL26 51-60") == {"stocked": 10}
    assert staff.post(f"/office/deliveries/{delivery}/link", data=data).status_code == 409


def test_labels_are_counted_one_after_another_and_what_is_wrong_is_named(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    staff, place = signed_in("programme"), "/office/receive/CWL26-001"
    assert "CWL26-001" in staff.get("/office/receive").text
    assert _post(staff, "/office/receive", q="CWL26 6-7").headers["Location"] == place
    label = f"HTTPS://NOTES.EXAMPLE.ORG/B/{world.serial(6)}{world.serial(7)}"
    page = _post(staff, place, q=label, scanned="").text
    assert "Scanned: CWL26 6-7" in page
    assert "Bundle 1 of CWL26-001 is missing: CWL26 8-9" in page
    assert 'name="scanned" value="CWL26 6-7"' in page
    assert "was counted already" in _post(staff, place, q=label, scanned="CWL26 6-7").text
    surplus = _post(staff, place, q="LAN26 1-5", scanned="CWL26 6-7").text
    assert "This label is not of this delivery: LAN26 1-5 is of LAN26-001." in surplus
    assert "it was received before, or is void" in _post(staff, place, q="CWL26 20", scanned="").text
    assert _post(staff, place, q="garbage", scanned="").status_code == 422
    several = f"{label}\n{world.token(8)}\nCWL26 9\n"
    page = _post(staff, place, q="", labels=several, scanned="CWL26 6-7").text
    assert "Scanned: CWL26 6-9" in page
    assert "CWL26 6-7 was counted already" in page
    assert 'name="scanned" value="CWL26 6-7,CWL26 8,CWL26 9"' in page
    wrong = _post(staff, place, q="", labels=f"{several}garbage", scanned="CWL26 6-7")
    assert wrong.status_code == 422
    assert f"{label}\n{world.serial(8)}\nCWL26 9\ngarbage</textarea>" in wrong.text, "to be mended, without the token"
    done = {"scanned": "CWL26 6-7", "missing": "hold", "request_id": str(uuid4())}
    for _time in range(2):
        told = _post(staff, f"{place}/finish", follow=True, **done).text
        assert "2 notes are in stock now." in told
        assert "2 notes that are missing are on hold." in told
    assert _states(app, "CWL26 6-9") == {"stocked": 2, "held": 2}


def test_notes_are_taken_back_and_spent_ones_are_refused(app: Flask, signed_in: SignIn) -> None:
    staff = signed_in("programme")
    data = {"organisation": _organisation(app), "request_id": str(uuid4())}
    refused = _post(staff, "/office/return", follow=False, labels="CWL26 10-20", **data)
    assert refused.status_code == 409
    assert "2 of these notes are spent (CWL26 10, 11)" in refused.text
    told = _post(staff, "/office/return", follow=True, labels="CWL26 12-20\nCWL26 51-52", **data).text
    assert "9 notes are in stock again." in told
    assert "The notes CWL26 51-52 are not with this organisation" in told
    assert _states(app, "CWL26 10-20") == {"redeemed": 2, "stocked": 9}


def test_a_list_that_is_too_long_is_refused_and_never_cut(app: Flask, signed_in: SignIn) -> None:
    staff, place, said = signed_in("programme"), "/office/receive/CWL26-001", "This list is too long to be sent at once"
    filler = "CWL26 6-7," * 20_001
    done = {"scanned": f"{filler}CWL26 8-9", "missing": "hold", "request_id": str(uuid4())}
    for path in (place, f"{place}/finish"):
        answer = _post(staff, path, follow=False, q="CWL26 8-9", **done)
        assert (answer.status_code, said in answer.text) == (422, True)
        assert "Scanned: CWL26 6-7" in answer.text or "CWL26 6-7,CWL26 6-7" in answer.text, "what was counted stays"
    long = {"labels": "CWL26 51-60\n" + " " * 40_000 + "CWL26 12", "organisation": _organisation(app), "how": "sent"}
    for path in ("/office/deliveries/new", "/office/return"):
        answer = _post(staff, path, follow=False, request_id=str(uuid4()), **long)
        assert (answer.status_code, said in answer.text) == (422, True)
    assert _states(app, "CWL26 6-9") == {"printed": 4}
    assert _states(app, "CWL26 51-60") == {"stocked": 10}


def test_notes_that_were_handed_out_do_not_come_back(app: Flask, signed_in: SignIn) -> None:
    handing_out.hand_out(
        app.extensions["hournote_books"], named="CWL26 12-15", activity="Bingo", hours=4, people=2, actor="cli:test",
        now=now(), request_id=uuid4(),
    )  # fmt: skip
    data = {"organisation": _organisation(app), "request_id": str(uuid4())}
    refused = _post(signed_in("programme"), "/office/return", follow=False, labels="CWL26 14-20", **data)
    assert refused.status_code == 409
    assert "CWL26 12-15 were recorded as handed out: take back hand-out 1 first" in refused.text


def _post(client: FlaskClient, path: str, *, follow: object = False, **data: str) -> TestResponse:
    token = csrf_of(client, "/office/return")
    return client.post(path, data={"csrf_token": token, **data}, follow_redirects=bool(follow))


@needs_chromium
def test_a_phone_confirms_with_one_bundle_missing_and_staff_see_it_held(
    app: Flask, browser: Browser, page: Page, served: str
) -> None:
    page.goto(f"{served}/account/sign-in")
    page.get_by_label("Email address").fill("programme@example.org")
    page.get_by_label("Password").fill("three plain words")
    page.get_by_role("button", name="Sign in").click()
    directory.add_organisation(_store(app), programme="CWL", name="Bodmin Way Time Bank")
    page.get_by_role("link", name="Deliveries").click()
    page.get_by_role("link", name="Send to an organisation").click()
    page.get_by_label("Organisation").select_option(label="Bodmin Way Time Bank (CWL)")
    page.get_by_label("Labels of the bundles").fill("CWL26 51-60")
    page.get_by_role("button", name="Make the delivery").click()
    page.locator(".pin").wait_for()
    secret, pin, _delivery = _secrets(page.content())
    asked: list[str] = []
    phone = browser.new_context(viewport={"width": 320, "height": 640}, service_workers="block").new_page()
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(f"{served}/delivery#{secret}")
    phone.get_by_label("PIN").fill(pin)
    phone.get_by_role("button", name="Go on").click()
    phone.get_by_role("radio", name="Not here").first.check()
    phone.get_by_role("button", name="Confirm").click()
    expect(phone.get_by_text("10 notes did not match and are on hold.")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    assert not [url for url in asked if secret in url.partition("#")[0]]
    phone.context.close()
    page.get_by_role("link", name="To the delivery").click()
    expect(page.get_by_text("10 notes did not match and are on hold.")).to_be_visible()
