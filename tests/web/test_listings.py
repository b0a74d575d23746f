"""Staff keep the directory: venues, offers with Welsh and English, whom to ask, and a trace of it."""

from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.services import directory
from app.services.books import Store
from tests.web.conftest import SignIn, csrf_of

HERE, ELSEWHERE = "Carn Brea Leisure Centre", "Chorley Little Theatre"
VENUE = {"programme": "CWL", "name": "Truro Lido", "kind": "community", "town": "Truro", "at": "50.2632,-5.0510"}
OFFER = {
    "name": "Sauna",
    "name_cy": "Sawna",
    "hours": "2",
    "from": "09:00",
    "until": "17:30",
    "most": "4",
    "text": "Hot.",
}


@pytest.fixture
def store(app: Flask) -> Store:
    books: Store = app.extensions["hournote_books"]
    return books


def _id(store: Store, name: str) -> int:
    return next(venue.id for venue, _offers in directory.venues_with_offers(store) if venue.name == name)


def _send(client: FlaskClient, path: str, **data: object) -> tuple[int, str, str]:
    sent = {"csrf_token": csrf_of(client, "/account"), "request_id": str(uuid4()), **data}
    answer = client.post(path, data=sent)
    return answer.status_code, answer.text, answer.headers.get("Location", "")


def test_an_organisation_of_the_programme_keeps_a_venue(signed_in: SignIn, store: Store) -> None:
    office = signed_in("national")
    ours = next(each for each in directory.organisations(store) if each.programme == "CWL")
    theirs = next(each for each in directory.organisations(store) if each.programme == "LAN")

    def keeper(name: str) -> int | None:
        return next(
            venue.organisation_id for venue, _offers in directory.venues_with_offers(store) if venue.name == name
        )

    status, page, _address = _send(office, "/office/directory/new", **VENUE, organisation=theirs.id)
    assert (status, "an organisation of its own programme" in page) == (422, True)
    status, _page, path = _send(office, "/office/directory/new", **VENUE, organisation=ours.id)
    assert (status, keeper("Truro Lido")) == (303, ours.id)
    assert f'<option value="{ours.id}" selected>' in office.get(path).text
    assert _send(office, path, **VENUE)[0] == 303
    assert keeper("Truro Lido") == ours.id, "a form that does not ask says nothing of it"
    for _twice in range(2):
        assert _send(office, path, **VENUE, organisation="")[0] == 303
    assert keeper("Truro Lido") is None
    assert office.get(path).text.count(f"Kept by: <del>{ours.name}</del> → nothing") == 1
    before = keeper(HERE)
    assert _send(signed_in("venue"), f"/office/directory/{_id(store, HERE)}", organisation="")[0] == 303
    assert keeper(HERE) == before is not None, "a venue does not say whose it is"


def test_nobody_overwrites_what_a_colleague_wrote_meanwhile(signed_in: SignIn, store: Store) -> None:
    office, swim = signed_in("programme"), _offer(store, "Swim")
    path, mine = f"/office/directory/offers/{swim.id}", {"name": "Swim", "hours": "2", "text": "Two pools."}

    def built_from(page: str) -> str:
        return page.split('name="built_from" value="')[1].split('"')[0]

    opened = built_from(office.get(path).text)
    assert "what it accepted is refused later where it does not fit" in office.get(path).text
    assert _send(office, path, **{**mine, "text": "Cold."}, built_from=opened)[0] == 303
    status, page, _address = _send(office, path, **mine, built_from=opened)
    assert (status, "Somebody changed this offer" in page, "Two pools." in page) == (409, True, True)
    assert _offer(store, "Swim").text == "Cold."
    again = built_from(page)
    for _twice in range(2):
        assert _send(office, path, **mine, built_from=again)[0] == 303
    assert _offer(store, "Swim").text == "Two pools."


def _offer(store: Store, name: str) -> directory.Offer:
    return next(offer for offer, _venue in directory.offers(store) if offer.name == name)


def test_a_venue_is_added_once_and_found(signed_in: SignIn, store: Store, client: FlaskClient) -> None:
    office, data = signed_in("programme"), {**VENUE, "request_id": str(uuid4())}
    status, _page, address = _send(office, "/office/directory/new", **data)
    assert status == 303
    assert _send(office, "/office/directory/new", **data)[2] == address, "sent twice, added once"
    assert "Truro Lido" in client.get("/where?town=Truro").text
    page = office.get(address).text
    assert "programme@example.org" in page
    assert "Truro Lido is in the directory." in page
    status, page, _address = _send(office, "/office/directory/new", **{**data, "name": "Another"})
    assert (status, "This page was sent before" in page) == (409, True)
    fresh = page.split('name="request_id" value="')[1].split('"')[0]
    assert _send(office, "/office/directory/new", **{**data, "name": "Another", "request_id": fresh})[0] == 303
    assert _send(office, "/office/directory/new", **VENUE)[0] == 409, "the name is taken"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "Write a name"), ({"kind": "castle"}, "Choose whether"), ({"at": "here"}, "latitude and longitude"),
        ({"at": "-5.0510,50.2632"}, "Did you swap them?"), ({"at": "0,0"}, "Did you swap them?"),
        ({"postcode": "X"}, "like TR1 2SJ"), ({"web": "javascript:alert(1)"}, "Write the web address"),
        ({"email": "me"}, "Write the email address"), ({"text": "a" * 1100}, "The text is too long"),
        ({"request_id": "x"}, "too old or came from elsewhere"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_the_form_keeps_what_was_typed(
    signed_in: SignIn, wrong: dict[str, str], sentence: str
) -> None:
    office = signed_in("programme")
    status, page, _address = _send(office, "/office/directory/new", **{**VENUE, "name": "Lido <b>", **wrong})
    assert status == 422
    assert sentence in page
    assert "<b>" not in page
    if "name" not in wrong:
        assert "Lido &lt;b&gt;" in page


def test_an_offer_has_both_languages_and_its_terms(signed_in: SignIn, store: Store, client: FlaskClient) -> None:
    office, here = signed_in("programme"), _id(store, HERE)
    status, _page, _address = _send(
        office, f"/office/directory/{here}/offers/new", **OFFER, day=["1", "2", "3", "4", "5"]
    )
    assert status == 303
    page = client.get(f"/where/{here}").text
    assert "Sauna" in page
    assert "Monday to Friday, 09:00 to 17:30 · at most 4 notes a visit" in page
    welsh = client.get(f"/where/{here}?lang=cy").text
    assert "Sawna" in welsh
    assert "Llun i Gwener" in welsh or "Dydd Llun i Dydd Gwener" in welsh
    made = _offer(store, "Sauna")
    changed = {**OFFER, "hours": "1", "local_only": "yes", "most": ""}
    assert _send(office, f"/office/directory/offers/{made.id}", **changed, day=["6"])[0] == 303
    after = _offer(store, "Sauna")
    assert (after.price_hours, after.local_only, after.most_notes, str(after.opening)) == (
        1,
        True,
        None,
        "sat 09:00-17:30",
    )
    for what, is_closed in (("close", True), ("close", True), ("reopen", False), ("reopen", False)):
        assert _send(office, f"/office/directory/offers/{made.id}/{what}")[0] == 303
        assert (_offer(store, "Sauna").closed_at is not None) is is_closed
    trace = office.get(f"/office/directory/{here}").text.split("Who changed what")[1]
    for said in ("Sauna · added", "Sauna · changed", "<del>2</del> → 1", "Sauna · closed", "Sauna · reopened"):
        assert trace.count(said) == 1, said


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"hours": "0"}, "from 1 to 50"), ({"hours": "x"}, "from 1 to 50"), ({"hours": "²"}, "from 1 to 50"),
        ({"most": "1"}, "from the price to 50"), ({"until": ""}, "both times"), ({"from": "9"}, "both times"),
        ({"name": ""}, "Write a name"), ({"name": "swim"}, "another of that name"),
    ],
)  # fmt: skip
def test_an_offer_that_nobody_could_take_is_refused(
    signed_in: SignIn, store: Store, wrong: dict[str, str], sentence: str
) -> None:
    office = signed_in("programme")
    path = f"/office/directory/{_id(store, HERE)}/offers/new"
    status, page, _address = _send(office, path, **{**OFFER, **wrong}, day=["1"])
    assert status in (409, 422)
    assert sentence in page
    assert 'value="1" checked' in page
    assert len(directory.offers(store)) == 3


def test_a_venue_says_its_own_texts_and_nothing_else(signed_in: SignIn, store: Store) -> None:
    mine, here = signed_in("venue"), _id(store, HERE)
    path = f"/office/directory/{here}"
    assert mine.get("/office/directory").headers["Location"] == path
    page = mine.get(path).text
    assert 'name="town"' not in page
    assert "Add an offer" not in page
    assert _send(mine, path, text="Two pools.", text_cy="Dau bwll.", town="Elsewhere", name="Mine")[0] == 303
    page = mine.get(path).text
    assert "Dau bwll." in page
    assert "Elsewhere" not in page
    assert f"<h1>{HERE}</h1>" in page
    assert _send(mine, f"{path}/offers/new", **OFFER)[0] == 403
    for address in (f"/office/directory/{_id(store, ELSEWHERE)}", "/office/directory/999"):
        assert mine.get(address).status_code == 404
        assert _send(mine, address, text="Mine.")[0] == 404


@pytest.mark.parametrize("role", ["programme", "auditor", "press", "keeper", "venue"])
def test_nobody_keeps_the_directory_of_others(signed_in: SignIn, store: Store, role: str) -> None:
    client, theirs = signed_in(role), _id(store, ELSEWHERE if role != "auditor" else HERE)
    offer = _offer(store, "Matinee seat" if role != "auditor" else "Swim")
    programme = "LAN" if role != "auditor" else "CWL"
    for path, data in (
        (f"/office/directory/{theirs}", VENUE), (f"/office/directory/{theirs}/offers/new", OFFER),
        (f"/office/directory/offers/{offer.id}", OFFER), (f"/office/directory/offers/{offer.id}/close", {}),
        ("/office/directory/new", {**VENUE, "programme": programme}), ("/office/directory/contact", {"programme": programme}),
    ):  # fmt: skip
        assert _send(client, path, **data)[0] in (403, 404), path
    assert len(directory.offers(store)) == 3
    assert _offer(store, offer.name).closed_at is None


def test_an_auditor_reads_who_changed_what_of_its_programme(signed_in: SignIn, store: Store) -> None:
    theirs = _id(store, ELSEWHERE)
    national = signed_in("national")
    assert (
        _send(national, f"/office/directory/{theirs}", name="Little Theatre", kind="community", town="Chorley")[0]
        == 303
    )
    page = signed_in("auditor").get(f"/office/directory/{theirs}").text
    assert "national@example.org" in page
    assert "<del>corporate venue</del> → community venue" in page
    assert "<form" not in page.split('id="main"')[1]


def test_whom_to_ask_is_kept_by_the_office(signed_in: SignIn) -> None:
    office = signed_in("programme")
    data = {"programme": "CWL", "name": "The office", "telephone": "01872 262466"}
    status, _page, address = _send(office, "/office/directory/contact", **data)
    assert (status, address) == (303, "/office/directory/contact?programme=CWL")
    assert 'value="The office"' in office.get(address).text
    status, page, _address = _send(office, "/office/directory/contact", **{**data, "telephone": "call"})
    assert (status, "like 01872 262466" in page) == (422, True)
    assert office.get("/office/directory/contact?programme=LAN").status_code == 403
    assert office.get("/office/directory/contact?programme=%21").status_code == 422
