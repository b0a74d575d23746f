"""Counting a shelf in the browser: scanned onto a sheet that forgets nothing, finished, and gone on with from there."""

import re
from uuid import uuid4

from flask.testing import FlaskClient

from app.core import reference
from app.core.span import Span
from tests.web.conftest import SignIn, World, csrf_of

PAGE = "/office/shelf-counts"


def send(client: FlaskClient, path: str, **data: str) -> tuple[int, str, str]:
    answer = client.post(path, data={"csrf_token": csrf_of(client, "/account"), **data})
    return answer.status_code, answer.text, answer.headers.get("Location", "")


def begin(client: FlaskClient, shelf: str = "stock-1") -> str:
    return send(client, PAGE, shelf=shelf, request_id=str(uuid4()))[2]


def field(page: str, name: str) -> str:
    return re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)[1]  # type: ignore[index]


def sums(page: str) -> str:
    return page.split("Expected: ")[1].split("</p>")[0]


def test_a_stock_is_counted_and_what_is_not_there_is_held_without_typing_it_again(
    signed_in: SignIn, world: World
) -> None:
    client = signed_in("programme")
    assert f"{PAGE}?shelf=stock-1" in client.get("/office/statements/programme/1").text
    assert 'value="stock-1" selected' in client.get(f"{PAGE}?shelf=stock-1").text
    sheet = begin(client)
    assert "Scan with the camera" in client.get(sheet).text
    status, page, _to = send(client, sheet, counted=reference.label("NOTES.EXAMPLE.ORG", Span("CWL26", 51, 54)))
    assert (status, "Scanned: CWL26 51-54" in page) == (200, True)
    assert sums(page) == "4 + 6 = 10. Seen: 4 + 0 = 4."
    page = send(client, sheet, counted=world.token(10))[1]
    assert "CWL26 10 is not expected here: spent · YMCA Cornwall. Put them with the spent paper" in page
    assert world.token(10)[-40:] not in page
    page = send(client, sheet, **{"counted": "CWL26 54-55\nsmudged\nLAN26 1", "as": "list"})[1]
    assert "CWL26 54 was counted already." in page
    assert ">smudged</textarea>" in page, "what cannot be read is not lost"
    page = send(client, f"{sheet}/take-out", counted="LAN26 1")[1]
    assert sums(page) == "5 + 5 = 10. Seen: 5 + 1 = 6."
    other = signed_in("programme")
    assert sheet in other.get(PAGE).text, "another browser goes on with it"
    assert "is being counted already" not in client.get(sheet).text
    assert begin(other) == sheet
    assert "is being counted already" in other.get(sheet).text
    given = {"edition": field(page, "edition"), "note": "grey cabinet"}
    status, _page, to = send(client, f"{sheet}/finish", **given)
    assert (status, to) == (303, sheet)
    assert send(client, f"{sheet}/finish", **given)[2] == sheet, "sent twice, done once"
    page = client.get(sheet).text
    assert "grey cabinet" in page
    assert "CWL26-001, bundle 2" in page
    hold = re.search(r'href="([^"]*/office/hold[^"]*)">Put 5 notes of CWL26 on hold', page)
    assert hold
    form = client.get(hold[1].replace("&amp;", "&")).text
    assert field(form, "q") == "CWL26 56-60"
    status, _page, to = send(
        client, "/office/hold", q="CWL26 56-60", reason="lost", request_id=field(form, "request_id")
    )
    assert "5 notes are on hold now." in client.get(to).text
    after = client.get(sheet).text
    assert sums(after) == sums(page), "the count stays as it was"
    assert "Make 5 notes of CWL26 void" in after
    assert "Put 5 notes" not in after
    listed = client.get(PAGE).text
    assert [each in listed for each in (sheet, "Stock of Cornwall", "Being counted")] == [True, True, False]
    lines = client.get(f"{sheet}.csv").text.splitlines()
    assert lines[1].startswith("Seen as expected,,,CWL26")
    assert len(lines) == 4


def test_several_stretches_are_named_together_on_the_form_and_told_shortly(signed_in: SignIn) -> None:
    client = signed_in("programme")
    sheet = begin(client)
    page = send(client, sheet, counted="CWL26 52, CWL26 54, CWL26 56, CWL26 58")[1]
    send(client, f"{sheet}/finish", edition=field(page, "edition"))
    path = f"/office/void?count={sheet.rpartition('/')[2]}&series=CWL26"
    named = client.get(path).text.split("<textarea")[1].split(">")[1].split("<")[0]
    assert named == "CWL26 51, CWL26 53, CWL26 55, CWL26 57, CWL26 59-60"
    status, _page, to = send(client, "/office/void", q=named, reason="lost", request_id=str(uuid4()))
    page = client.get(to).text
    assert (status, "6 notes are void now." in page) == (303, True)
    assert "CWL26 51, CWL26 53, CWL26 55 …" in page
    assert "None of these stands here any more" in client.get(sheet).text
    status, page, _to = send(client, "/office/hold", q="CWL26 1, LAN26 1", reason="lost", request_id=str(uuid4()))
    assert (status, ">CWL26 1, LAN26 1</textarea>" in page) == (422, True)


def test_notes_that_are_scanned_together_are_stopped_and_their_tokens_go_no_further(
    signed_in: SignIn, world: World
) -> None:
    client, tokens = signed_in("programme"), ",".join(map(world.token, (20, 22)))
    answer = client.get("/office/hold", query_string={"q": f"{tokens},"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/office/hold?q=CWL260000020E,+CWL260000022A")
    assert client.get(answer.headers["Location"]).status_code == 200
    given = {"reason": "lost", "request_id": str(uuid4())}
    status, page, _to = send(client, "/office/hold", q=f"{tokens}; smudge", **given)
    assert (status, "/N/" in page.upper()) == (422, False)
    assert send(client, "/office/hold", q="CWL26 51,".ljust(60) * 170, **given)[0] == 422, (
        "none of it is cut off and left out"
    )
    assert send(client, "/office/hold", q=f"{tokens},", **given)[0] == 303
    assert send(client, "/office/hold", q="CWL26 24,", **given | {"request_id": str(uuid4())})[0] == 303


def test_a_keeper_counts_its_drawer_and_records_what_was_given(signed_in: SignIn) -> None:
    client = signed_in("keeper")
    assert PAGE in client.get("/office").text
    sheet = begin(client, "organisation-1")
    page = send(client, sheet, counted="CWL26 12-40, CWL26 55")[1]
    assert "CWL26 55 is not expected here: not with you. Give them to your programme office." in page
    send(client, f"{sheet}/finish", edition=field(page, "edition"))
    page = client.get(sheet).text
    assert "/office/look" not in page
    give = re.search(r'href="(/office/hand-out[^"]*41[^"]*)"', page)
    assert give
    assert field(client.get(give[1].replace("&amp;", "&")).text, "notes") == "CWL26 41-44"
    for other in ("stock-1", "organisation-2", "nonsense"):
        assert send(client, PAGE, shelf=other, request_id=str(uuid4()))[0] == 404
        assert client.get(f"{PAGE}?shelf={other}").status_code == 404


def test_what_cannot_be_counted_is_said_and_nothing_is_lost(signed_in: SignIn) -> None:
    client, other = signed_in("programme"), signed_in("national")
    sheet = begin(client)
    assert "garbage is no note and no label of ours" in send(client, sheet, counted="garbage")[1]
    status, page, _to = send(client, sheet, **{"counted": "x\n" * 10_001, "as": "list"})
    assert (status, "more than 10,000 labels" in page, page.count("x\n") > 10_000) == (422, True, True)
    assert send(client, sheet, counted="x" * 2_000_001)[0] == 422
    edition = field(send(client, sheet, counted="CWL26 51")[1], "edition")
    send(other, sheet, counted="CWL26 52")
    status, page, _to = send(client, f"{sheet}/finish", edition=edition, note="by me")
    assert (status, "Somebody counted on meanwhile" in page, 'value="by me"' in page) == (409, True, True)
    assert send(client, f"{sheet}/finish", edition="x")[0] == 422
    send(other, f"{sheet}/finish", edition=field(page, "edition"))
    status, _page, to = send(client, sheet, counted="CWL26 53")
    assert (status, to) == (303, sheet)
    assert "was finished meanwhile" in client.get(sheet).text
    again = begin(client)
    assert send(client, f"{again}/give-up", edition="0")[0] == 303
    assert client.get(again).status_code == 404
    assert signed_in("auditor").get(sheet).status_code == 404, "Lancashire's"
