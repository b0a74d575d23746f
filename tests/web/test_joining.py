"""How to join, what is kept of whom, and training with specimens."""

import io
import re

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.core.verdict import Verdict
from app.services import accounts, delivering, desks, enrolling, listing, sessions
from app.web import joining, words
from app.web.languages import COOKIE_SECONDS
from app.web.site import DESK_COOKIE_SECONDS
from tests.web.conftest import World, now


def test_who_would_join_finds_whom_to_ask(app: Flask, client: FlaskClient) -> None:
    said = {
        "name": "The office",
        "name_cy": "Y swyddfa",
        "telephone": "+44 (0)1872 262466",
        "email": "office@cornwall.example",
    }
    listing.set_contact(app.extensions["hournote_books"], programme="CWL", actor="cli:test", now=now(), **said)
    page = client.get("/join").text
    assert 'id="CWL"' in page
    assert 'href="tel:+441872262466"' in page
    assert "mailto:office@cornwall.example" in page
    assert "This programme has not said yet how to reach it." in page, "Lancashire has not"
    assert "Y swyddfa" in client.get("/join?lang=cy").text


def test_every_answer_of_a_desk_can_be_tried(client: FlaskClient) -> None:
    assert set(joining.SHOWS) == set(Verdict)
    for verdict in Verdict:
        page = client.get(f"/training?show={verdict}").text
        answer = page.split('<section class="answer')[1].split("</section>")[0]
        assert str(words.VERDICTS[verdict].family) in answer
        assert re.search(r'answer-word">[^<]{3,}', answer)
        assert re.search(r'answer-sentence">[^<]{3,}', answer)
    assert "Accepted" in client.get("/training?show=nonsense").text


def test_a_specimen_can_be_seen_and_printed(client: FlaskClient) -> None:
    assert "specimen-cornwall.pdf" in client.get("/training").text
    answer = client.get("/training/specimen-cornwall.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    with pypdfium2.PdfDocument(answer.data) as printed:
        assert len(printed) == 2
    seen = client.get("/training/specimen-cornwall.png")
    with Image.open(io.BytesIO(seen.data)) as picture:
        assert picture.width > 400
    assert (
        client.get("/training/specimen-cornwall.png", headers={"If-None-Match": seen.headers["ETag"]}).status_code
        == 304
    )
    for path in ("/training/specimen-national.pdf", "/training/specimen-..%2Fx.pdf", "/training/specimen-none.png"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/join", "/privacy", "/training"])
def test_each_is_led_to_from_the_foot_of_every_page(client: FlaskClient, world: World, path: str) -> None:
    for page in ("/", "/where", "/account/sign-in", "/nowhere"):
        assert f'href="{path}"' in client.get(page).text.split('<footer class="foot">')[1]
    welsh = client.get(f"{path}?lang=cy").text
    assert '<html lang="cy">' in welsh


def test_the_privacy_notice_says_how_long(client: FlaskClient) -> None:
    """What it says is what the code does: the numbers come from there."""
    page = client.get("/privacy").text
    assert (sessions.IDLE.seconds // 3600, sessions.LONGEST.seconds // 3600) == (2, 12)
    assert "two hours without use, or twelve hours at most" in page
    assert (accounts.LINK_LIFE.days, desks.CODE_LIFE.days, delivering.LINK_LIFE.days) == (3, 7, 30)
    assert enrolling.LINK_LIFE < desks.CODE_LIFE
    assert "three days at most, for a desk seven, for a delivery thirty" in page
    assert f"opens the delivery for {delivering.LINK_LIFE.days} days at most" in page
    for said in ("Deliveries of notes", "Pictures for a new note", "Remarks of staff"):
        assert f"<h3>{said}</h3>" in page, "all that is kept"
    assert COOKIE_SECONDS == DESK_COOKIE_SECONDS == 400 * 24 * 3600
    assert page.count("400 days") == 2
