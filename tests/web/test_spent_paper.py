"""A venue's spent paper in the browser."""

from uuid import uuid4

from flask.testing import FlaskClient

from tests.web.conftest import SignIn, World, csrf_of

PAGE = "/office/venue/1/spent-paper"


def send(client: FlaskClient, path: str, **data: str) -> tuple[int, str, str]:
    answer = client.post(path, data={"csrf_token": csrf_of(client, "/account"), **data})
    return answer.status_code, answer.text, answer.headers.get("Location", "")


def test_a_stack_is_sorted_and_retired_in_one_go(signed_in: SignIn, world: World) -> None:
    client = signed_in("programme")
    assert PAGE in client.get("/office/venue/1").text
    status, page, _to = send(client, PAGE, counted=f"{world.token(10)}\nCWL26 11-12\ngarbage")
    assert status == 200
    assert world.token(10) not in page, "a token is cut to its serial"
    for said in ("Spent here", "Not spent", "No note of ours", "Retire 2 notes"):
        assert said in page
    deed = page.split('name="request_id" value="')[1].split('"')[0]
    counted = page.split('name="counted" value="')[1].split('"')[0]
    status, _page, to = send(client, f"{PAGE}/retire", counted=counted, request_id=deed, note="shredded")
    assert status == 303
    assert "2 notes are retired." in client.get(to).text
    assert signed_in("national").get(to.replace("/venue/1/", "/venue/2/")).status_code == 404, "of another venue"
    assert send(client, f"{PAGE}/retire", counted=counted, request_id=deed, note="shredded")[2] == to, (
        "sent twice, done once"
    )
    assert "Retired already" in send(client, PAGE, counted="CWL26 10")[1]


def test_ten_thousand_codes_are_read_and_a_longer_list_is_refused_whole(signed_in: SignIn, world: World) -> None:
    client = signed_in("programme")
    status, page, _to = send(client, PAGE, counted="\r\n".join([world.token(10)] * 10_000))
    assert status == 200
    assert "10000 things were read." in page.replace(",", "")
    assert send(client, PAGE, counted="\n".join(["x"] * 10_001))[0] == 422
    status, page, _to = send(client, PAGE, counted="x" * 2_000_001)
    assert status == 422
    assert "This list is too long to be sent at once" in page


def test_what_cannot_be_retired_is_said(signed_in: SignIn) -> None:
    client = signed_in("programme")
    assert "Scan or type the notes" in send(client, PAGE, counted=" ")[1]
    status, page, _to = send(client, f"{PAGE}/retire", counted="CWL26 10-12", request_id=str(uuid4()))
    assert status == 409
    assert "Some of these notes were not spent at this venue" in page
    assert send(client, f"{PAGE}/retire", counted="CWL26 10", request_id="x")[0] == 422


def test_spent_paper_is_for_the_office_of_the_venue(signed_in: SignIn) -> None:
    for role, status in (("auditor", 403), ("keeper", 403), ("venue", 403), ("press", 403), ("national", 200)):
        assert signed_in(role).get(PAGE).status_code == status, role
    assert signed_in("programme").get("/office/venue/2/spent-paper").status_code == 404
    assert signed_in("programme").get(f"{PAGE}/{uuid4()}").status_code == 404
