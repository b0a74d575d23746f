"""A torn note replaced in the browser."""

import re
from uuid import uuid4

from tests.web.conftest import SignIn, World
from tests.web.test_spent_paper import send

PAGE = "/office/replace"


def test_a_torn_note_is_replaced_from_its_life_page(signed_in: SignIn, world: World) -> None:
    client = signed_in("programme")
    life = client.get(f"/office/look?q={world.serial(20)}").text
    assert f"{PAGE}?q=" in life
    assert f"{PAGE}?q=" not in client.get(f"/office/look?q={world.serial(55)}").text, "not issued"
    data = {"q": world.token(20), "other": world.token(55), "request_id": str(uuid4())}
    status, _page, to = send(client, PAGE, **data)
    assert status == 303
    assert send(client, PAGE, **data)[2] == to, "sent twice, done once"
    done = client.get(to).text
    assert "Replace a torn note" in done
    assert "It came from stock and is issued now." in done
    assert world.token(20)[-40:] not in done
    done = client.get(send(client, PAGE, q="CWL26 21", other="CWL26 22", request_id=str(uuid4()))[2]).text
    assert "it was not moved" in done


def test_what_cannot_be_replaced_is_said_in_both_languages_and_the_form_keeps_it(
    signed_in: SignIn, world: World
) -> None:
    client = signed_in("programme")
    for other, status, said in (
        ("CWL26 45", 409, "neither in stock nor"), ("CWL26 10", 409, "spent already"), ("x", 422, "Name one note"),
        ("CWL26 20", 409, "its own place"),
    ):  # fmt: skip
        got, page, _to = send(client, PAGE, q="CWL26 20", other=other, request_id=str(uuid4()))
        assert (got, said in page, f'value="{other}"' in page) == (status, True, True), page
    client.set_cookie("hournote_language", "cy")
    page = send(client, PAGE, q="CWL26 20", other="CWL26 45", request_id=str(uuid4()))[1]
    assert not re.search(r" (is|the|that|on|what|it) ", page.split('id="problem"')[1].split("</")[0])
    answer = client.get(f"{PAGE}?q={world.token(20)}")
    assert answer.status_code == 303
    assert world.token(20)[-40:] not in answer.headers["Location"]
