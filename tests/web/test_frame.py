"""The office's frame: every page with every role, and nothing that is another's."""

import re
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.roles import Deed
from app.services import accounts, asking
from tests import staff
from tests.web.conftest import SignIn, World, csrf_of, now

ROLES = ("national", "programme", "auditor", "press", "keeper", "venue")
PAGES = {
    # page: who may open it
    "/office": ROLES,
    "/account": ROLES,
    "/office/orders": ("national", "programme", "auditor"),
    "/office/orders/new": ("national",),
    "/office/jobs": ("national", "programme", "auditor", "press"),
    "/office/jobs/CWL26-001": ("national", "programme", "press"),
    "/office/print-shops": ("national",),
    "/office/hand-out": ("national", "programme", "keeper"),
    "/office/hand-out/recorded": ("national", "programme", "keeper"),
    "/office/impact": ("national", "programme", "auditor"),
    "/office/funders": ("national", "programme"),
    "/office/hold": ("national", "programme", "keeper"),
    "/office/together": ("national", "programme"),
    "/office/release": ("national", "programme"),
    "/office/void": ("national", "programme"),
    "/office/reinstate": ("national",),
    "/office/replace": ("national", "programme"),
    "/office/venue/1/counted": ("national", "programme"),
    "/office/desks": ("national", "programme", "auditor", "venue"),
    "/office/directory": ("national", "programme", "auditor", "venue"),
    "/office/directory/new": ("national", "programme"),
    "/office/directory/contact": ("national", "programme"),
    "/office/deliveries": ("national", "programme", "auditor"),
    "/office/deliveries/new": ("national", "programme"),
    "/office/receive": ("national", "programme"),
    "/office/return": ("national", "programme"),
    "/office/requests": ("national", "programme", "auditor"),
    "/office/accounts": ("national", "programme", "auditor"),
    "/office/accounts/invite": ("national", "programme"),
    "/office/cases": ("national", "programme", "auditor"),
    "/office/statements": ("national", "programme", "auditor", "keeper"),
    "/office/shelf-counts": ("national", "programme", "auditor", "keeper"),
    "/office/look": ("national", "programme", "auditor"),
}
"""The auditor of this world is Lancashire's, everybody else is Cornwall's."""


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_its_pages_and_no_others_and_is_led_to_none_that_is_refused(
    signed_in: SignIn, role: str
) -> None:
    client = signed_in(role)
    for path, may in PAGES.items():
        refusal = 404 if role == "auditor" and "CWL" in path else 403
        assert client.get(path, follow_redirects=True).status_code == (200 if role in may else refusal), path
    frame = client.get("/office").text.split('class="ways"')[1].split("</nav>")[0]
    led_to = re.findall(r'href="([^"]+)"', frame)
    assert set(led_to) <= set(PAGES)
    assert all(role in PAGES[path] for path in led_to)
    assert frame.count("aria-current") == 1


def test_nobody_opens_any_of_them_without_signing_in(client: FlaskClient) -> None:
    for path in [*PAGES, f"/office/requests/{uuid4()}", "/office/accounts/1", "/account/second-factor"]:
        assert client.get(path).headers["Location"].startswith("/account/sign-in"), path
    assert client.get("/account/code").headers["Location"] == "/account/sign-in"


def _send(client: FlaskClient, path: str, **data: str) -> tuple[int, str, str]:
    answer = client.post(path, data={"csrf_token": csrf_of(client, "/account"), **data})
    return answer.status_code, answer.text, answer.headers.get("Location", "")


@pytest.mark.parametrize("role", ROLES)
def test_what_is_sent_is_refused_to_whoever_may_not(signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    for path, data in (
        ("/office/hold", {"q": "LAN26 1", "reason": "lost"}), ("/office/void", {"q": "LAN26 1", "reason": "lost"}),
        ("/office/release", {"q": "LAN26 1", "reason": "found"}), ("/office/reinstate", {"q": "LAN26 1", "reason": "found"}),
        ("/office/accounts/invite", {"email": "new@example.org", "role": "national"}),
        ("/office/accounts/1/link", {}), ("/office/accounts/1/close", {}), ("/office/accounts/1/reopen", {}),
        ("/office/accounts/2/reset-second-factor", {"reason": "lost phone"}),
    ):  # fmt: skip
        status, page, _location = _send(client, path, request_id=str(uuid4()), **data)
        if role == "national":
            assert status in (200, 303, 409), path
        else:
            assert status in (403, 404), (path, status)
            assert "LAN26 1-60" not in page
            assert "national@example.org" not in page


def test_a_span_is_held_in_one_action_that_says_how_many_were_spent(signed_in: SignIn, world: World) -> None:
    client = signed_in("programme")
    form = client.get("/office/hold?q=CWL26 10-20").text
    assert 'value="CWL26 10-20"' in form
    data = {"q": "CWL26 10-20", "reason": "stolen", "note": "From the boot.", "request_id": str(uuid4())}
    status, _page, location = _send(client, "/office/hold", **data)
    assert status == 303
    page = client.get(location).text
    assert "11 notes are on hold now." in page
    assert "2 of them were spent already, and stay spent." in page
    assert "From the boot." in page
    assert _send(client, "/office/hold", **data)[2] == location, "sent twice, done once"


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        ({"q": "CWL26 10", "reason": "because"}, 422, "Choose a reason."),
        ({"q": "garbage", "reason": "lost"}, 422, "problem"),
        ({"q": "CWL26 99", "reason": "lost"}, 404, "No such note was ever ordered."),
        ({"q": "CWL26 1", "reason": "lost"}, 409, "CWL26 1 are not where this step begins"),
        ({"q": "LAN26 1", "reason": "lost"}, 403, "These notes are not yours to move"),
        ({"q": "CWL26 10", "reason": "lost", "request_id": "x"}, 422, "too old or came from elsewhere"),
    ],
)
def test_what_cannot_be_stopped_is_said_and_the_form_keeps_what_was_typed(
    signed_in: SignIn, data: dict[str, str], status: int, sentence: str
) -> None:
    got, page, _location = _send(signed_in("programme"), "/office/hold", **{"request_id": str(uuid4()), **data})
    assert got == status
    assert sentence in page
    assert f'value="{data["q"]}"' in page


def test_a_form_that_is_changed_and_sent_again_is_told_so_and_may_then_be_sent(signed_in: SignIn) -> None:
    client, request_id = signed_in("programme"), str(uuid4())
    data = {"q": "CWL26 11-20", "reason": "lost", "request_id": request_id}
    assert _send(client, "/office/hold", **data)[0] == 303
    status, page, _location = _send(client, "/office/hold", **{**data, "q": "CWL26 11-30"})
    assert (status, "asked for something else" in page) == (409, True)
    fresh = page.split('name="request_id" value="')[1].split('"')[0]
    assert fresh != request_id
    assert _send(client, "/office/hold", **{**data, "q": "CWL26 21-30", "request_id": fresh})[0] == 303


@pytest.mark.parametrize("data", [{"q": "garbage"}, {"note": "n" * 300}, {"note": "confirmed by me"}])
def test_what_is_told_of_a_form_is_told_in_welsh(signed_in: SignIn, data: dict[str, str]) -> None:
    client = signed_in("programme")
    client.set_cookie("hournote_language", "cy")
    sent = {"q": "CWL26 11", "reason": "lost", "request_id": str(uuid4()), **data}
    status, page, _location = _send(client, "/office/hold", **sent)
    assert status == 422
    told = page.split('id="problem"')[1].split("</")[0]
    assert not re.search(r" (is|the|that|on|what|it) ", told), told


def test_a_token_is_stopped_by_its_serial(signed_in: SignIn, world: World) -> None:
    client = signed_in("programme")
    data = {"q": world.token(20), "reason": "damaged", "request_id": str(uuid4())}
    _status, _page, location = _send(client, "/office/hold", **data)
    page = client.get(location).text
    assert "CWL26 20" in page
    assert world.token(20)[-40:] not in page


def test_one_asks_and_another_confirms(app: Flask, signed_in: SignIn, world: World) -> None:
    ann = signed_in("national")
    data = {"q": "CWL26 46", "reason": "found", "request_id": str(uuid4())}
    _status, _page, location = _send(ann, "/office/reinstate", **data)
    page = ann.get(location).text
    assert "Waits for a second person" in page
    assert "Withdraw" in page
    assert _send(ann, f"{location}/confirm")[0] == 403
    bob = app.test_client()
    store = app.extensions["hournote_books"]
    other, _ = accounts.add_account(store, email="bob@example.org", role="national", now=now())
    staff.sign_in(bob, store, other, now=now())
    assert "1 waits for you" in bob.get("/office").text
    assert _send(bob, f"{location}/confirm")[2] == location
    assert "Done, confirmed" in bob.get(location).text
    assert bob.get(location).text.count("account made by cli") == 2
    assert "1 note is issued now." in bob.get(location).text
    assert _send(ann, f"{location}/decline")[0] == 409
    listed = ann.get("/office/requests").text
    assert "Nothing waits for a second person." in listed
    assert "Done, confirmed" in listed


def test_a_request_out_of_reach_is_not_there(app: Flask, signed_in: SignIn) -> None:
    store = app.extensions["hournote_books"]
    ann, _ = accounts.add_account(store, email="ann@example.org", role="national", now=now())
    made = asking.ask_to_move(
        store, by=staff.present(store, ann, now=now()), deed=Deed.VOID, named="LAN26 1-5", reason="lost", note=None,
        request_id=uuid4(), now=now(),
    )  # fmt: skip
    for role in ("programme", "press", "keeper", "venue"):
        client = signed_in(role)
        for path in (f"/office/requests/{made.id}", f"/office/requests/{uuid4()}"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert "LAN26 1-5" not in answer.text
        assert _send(client, f"/office/requests/{made.id}/decline")[0] == 404
    assert "LAN26 1-5" in signed_in("auditor").get(f"/office/requests/{made.id}").text


def test_an_invitation_is_shown_once_and_sets_a_password(app: Flask, signed_in: SignIn, client: FlaskClient) -> None:
    office = signed_in("programme")
    data = {"email": "new@example.org", "role": "keeper", "organisation": "1"}
    status, page, _location = _send(office, "/office/accounts/invite", **data)
    assert status == 200
    secret = page.split("/account/password#")[1].split("<")[0]
    assert secret not in office.get("/office/accounts").text
    sent = {"secret": secret, "password": "a long password", "again": "a long password"}
    done = client.post("/account/password", data={**sent, "csrf_token": csrf_of(client, "/account/password")})
    assert done.status_code == 303
    status, page, _location = _send(office, "/office/accounts/invite", **data)
    assert (status, "There is an account with this address already." in page) == (409, True)


def test_a_person_of_the_national_office_is_asked_for_in_the_browser(signed_in: SignIn) -> None:
    office = signed_in("national")
    data = {"email": "third@example.org", "role": "national", "request_id": str(uuid4())}
    status, _page, location = _send(office, "/office/accounts/invite", **data)
    assert status == 303
    asked = office.get(location).text
    assert "Let into the national office · third@example.org" in asked
    assert "Waits for a second person" in asked
    assert "third@example.org" not in office.get("/office/accounts").text
    status, page, _location = _send(
        office, "/office/accounts/invite", **{**data, "request_id": str(uuid4()), "email": "x"}
    )
    assert (status, "Look at the address" in page) == (422, True)


def test_an_account_is_closed_and_reopened_in_the_browser(app: Flask, signed_in: SignIn) -> None:
    office, keeper = signed_in("programme"), signed_in("keeper")
    listed = office.get("/office/accounts").text
    path = listed.split(">keeper@example.org")[0].split('href="')[-1].split('"')[0]
    assert _send(office, f"{path}/close")[0] == 303
    assert keeper.get("/office").status_code == 302, "out at once"
    assert "The account is closed." in office.get(path).text
    assert _send(office, f"{path}/link")[0] == 409
    assert _send(office, f"{path}/reopen")[0] == 303
    link = _send(office, f"{path}/link")[1]
    assert "/account/password#" in link
    assert "national@example.org" not in listed
