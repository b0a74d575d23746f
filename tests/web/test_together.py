"""A note made together: drafts of a programme, pictures that come from anywhere, and a design that an order can name."""

import re
import tomllib
import zlib
from io import BytesIO
from pathlib import Path
from struct import pack
from threading import Event
from uuid import uuid4
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from playwright.sync_api import Page, expect
from werkzeug.test import TestResponse

from app.services import making, pictures, printing, saved_designs
from app.services import together as drafts
from app.services.making import Press
from notegen import check
from notegen.preflight.fault import Fault
from tests.notegen.test_together import scene
from tests.web.conftest import PASSWORD, SignIn, World, csrf_of, needs_chromium, now


def start(client: FlaskClient, title: str = "Porthleven", programme: str = "CWL") -> str:
    """Begin a draft; the path of its page."""
    data = {
        "title": title,
        "programme": programme,
        "request_id": str(uuid4()),
        "csrf_token": csrf_of(client, "/account"),
    }
    answer = client.post("/office/together", data=data)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def post(client: FlaskClient, path: str, **data: str) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_of(client, "/account"), **data})


def bring(client: FlaskClient, draft: str, picture: bytes, name: str = "me.jpg") -> TestResponse:
    """Send a picture as a browser does; made by hand, because the test client leaves large files open."""
    edge = uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{csrf_of(client, "/account")}\r\n'
    part = f'--{edge}\r\nContent-Disposition: form-data; name="picture"; filename="{name}"\r\n\r\n'
    body = head.encode() + part.encode() + picture + f"\r\n--{edge}--\r\n".encode()
    return client.post(f"{draft}/pictures", data=body, content_type=f"multipart/form-data; boundary={edge}")


def choices(client: FlaskClient, variant: str, **more: str) -> dict[str, str]:
    """What the form of a variant sends as it stands."""
    page = client.get(variant).text.split('id="choices"')[1]
    fields = dict(
        re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', re.sub(r'<input type="radio"[^>]*>', "", page))
    )
    picked = re.findall(r'<input type="radio" name="(\w+)" value="([^"]*)" checked', page)
    return {**fields, **dict(picked), **more}


def test_a_draft_has_variants_side_by_side_and_starting_twice_starts_one(signed_in: SignIn) -> None:
    client = signed_in("programme")
    data = {
        "title": "Porthleven",
        "programme": "CWL",
        "request_id": str(uuid4()),
        "csrf_token": csrf_of(client, "/account"),
    }
    first, again = (client.post("/office/together", data=data).headers["Location"] for _ in range(2))
    assert first == again
    assert client.get("/office/together").text.count("Porthleven") == 1
    page = client.get(first).text
    assert all(f"Variant {letter}" in page for letter in "ABC")
    shown = client.get(f"{first}/0/front.jpg")
    with Image.open(BytesIO(shown.data)) as seen:
        assert abs(seen.width / seen.height - 135 / 66) < 0.01
    assert client.get(f"{first}/0/front.jpg", headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304
    other = client.get(f"{first}/0/front.jpg?palette=plum")
    assert other.headers["ETag"] != shown.headers["ETag"]
    assert client.get("/office/together/back.jpg").status_code == 200


def test_drafts_are_their_programme_s(signed_in: SignIn) -> None:
    mine = start(signed_in("programme"))
    office = signed_in("national")
    theirs = start(office, "Chorley", "LAN")
    client = signed_in("programme")
    assert client.get(theirs).status_code == 404
    assert client.get(f"{theirs}/0/front.jpg").status_code == 404
    assert post(client, f"{theirs}/remove").status_code == 404
    assert "Chorley" not in client.get("/office/together").text
    assert post(client, "/office/together", title="X", programme="LAN", request_id=str(uuid4())).status_code == 404
    assert office.get(mine).status_code == 200
    for role in ("auditor", "press", "keeper", "venue"):
        assert signed_in(role).get(mine).status_code == 403


def test_a_picture_loses_where_it_was_taken_and_stands_upright(signed_in: SignIn, world: World) -> None:
    client = signed_in("programme")
    draft = start(client)
    with Image.open(BytesIO(scene(900, 600))) as seen:
        exif = seen.getexif()
        exif[0x0112] = 6
        exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 5.0, 0.0)})
        file = BytesIO()
        seen.save(file, "JPEG", exif=exif)
    for _ in range(2):
        assert bring(client, draft, file.getvalue()).status_code == 303
    (kept,) = (world.settings.instance / drafts.FOLDER).rglob("picture-*.jpg")
    with Image.open(kept) as seen:
        assert seen.size == (600, 900)
        assert not dict(seen.getexif())
    assert b"Exif" not in kept.read_bytes()
    assert client.get(f"{draft}/{kept.name}").data == kept.read_bytes()
    assert kept.name in choices(client, f"{draft}/0").values(), "the first picture is shown at once"


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it has 40,000 x 40,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    head = pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


def small() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 300)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (b"", "no picture that can be read"),
        (b"GIF89a" + bytes(50), "no picture that can be read"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "no picture that can be read"),
        (scene(800, 600)[:3000], "no picture that can be read"),
        (bomb(), "too large"),
        (small(), "too small"),
        (bytes(12 * 1024 * 1024 + 1), "too large"),
    ],
    ids=["nothing", "GIF", "SVG", "cut off", "bomb", "small", "heavy"],
)
def test_what_is_no_picture_is_refused_in_words_and_leaves_nothing(
    signed_in: SignIn, world: World, sent: bytes, says: str
) -> None:
    client = signed_in("programme")
    draft = start(client)
    answer = bring(client, draft, sent, "../../evil.php")
    assert answer.status_code == 422
    assert says in answer.text
    assert [each.name for each in Path(world.settings.instance / drafts.FOLDER).rglob("*.*")] == ["draft.json"]


def test_a_body_beyond_all_bounds_is_not_read(signed_in: SignIn) -> None:
    mine = signed_in("programme")
    draft = start(mine)
    assert bring(mine, draft, bytes(14 << 20)).status_code == 303
    assert "The picture is too large" in mine.get(draft).text
    assert bring(mine, draft, b"").status_code == 422, "and afterwards it is as it was"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": "../cornwall"}, "The name of a design"), ({"name": ""}, "The name of a design"),
        ({"palette": "mud"}, "Choose from what is offered"), ({"zoom": "many"}, "Choose from what is offered"),
        ({"title_en": "日本"}, "in the letters of English and Welsh"), ({"place_en": "x" * 50}, "40 letters"),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_chosen_is_said_and_kept_in_the_form(
    signed_in: SignIn, wrong: dict[str, str], says: str
) -> None:
    client = signed_in("programme")
    variant = f"{start(client)}/0"
    answer = post(client, variant, **choices(client, variant, **wrong, made_by="Harbour choir"))
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="Harbour choir"' in answer.text
    assert says in client.get(f"{variant}/remarks", query_string=wrong).text
    assert client.get(f"{variant}/front.jpg", query_string=wrong).status_code == 422
    assert "Harbour choir" not in client.get(variant).text


def test_a_picture_is_one_of_the_draft_s_and_no_other_file(signed_in: SignIn, world: World) -> None:
    client = signed_in("programme")
    draft = start(client)
    plain = client.get(f"{draft}/0/front.jpg")
    asked = client.get(f"{draft}/0/front.jpg?picture=../../../secret_key")
    assert asked.headers["ETag"] == plain.headers["ETag"]
    assert client.get(f"{draft}/draft.json").status_code == 404


def test_variants_are_copied_and_taken_away(signed_in: SignIn) -> None:
    client = signed_in("programme")
    draft = start(client)
    once = str(uuid4())
    for _ in range(2):
        assert post(client, f"{draft}/0/copy", request_id=once).headers["Location"] == f"{draft}/3"
    assert 'value="porthleven-d"' in client.get(f"{draft}/3").text
    for _ in range(2):
        post(client, f"{draft}/0/copy", request_id=str(uuid4()))
    assert post(client, f"{draft}/0/copy", request_id=str(uuid4())).status_code == 409
    ids = re.findall(r'name="variant" value="([^"]+)"', client.get(draft).text)
    codes = [post(client, f"{draft}/drop", variant=each).status_code for each in ids]
    assert codes == [303] * 5 + [409]
    assert client.get(f"{draft}/4").status_code == 404
    assert post(client, f"{draft}/remove").status_code == 303
    assert client.get(draft).status_code == 404


def test_a_vote_sheet_and_a_zip_are_there_to_take_away(signed_in: SignIn) -> None:
    client = signed_in("programme")
    draft = start(client)
    ids = re.findall(r'name="variant" value="([^"]+)"', client.get(draft).text)
    post(client, f"{draft}/drop", variant=ids[0])
    assert client.get(f"{draft}/votes.pdf").data.startswith(b"%PDF")
    packed = client.get(f"{draft}/0/design.zip")
    with ZipFile(BytesIO(packed.data)) as found:
        folder = "porthleven-b"
        assert {f"{folder}/{name}" for name in ("art.pdf", "design.toml", "README.txt")} == set(found.namelist())
        assert tomllib.loads(found.read(f"{folder}/design.toml").decode())["name"] == folder


def test_a_saved_design_is_one_that_an_order_can_name(signed_in: SignIn, world: World, app: Flask) -> None:
    client = signed_in("programme")
    draft = start(client)
    bring(client, draft, scene())
    for name, status in (("cornwall", 409), ("national", 409), ("porthleven", 303)):
        assert post(client, f"{draft}/0", **choices(client, f"{draft}/0", name=name)).status_code == 303
        assert post(client, f"{draft}/0/save").status_code == status, name
    assert "This design is saved as it is." in client.get(f"{draft}/0").text
    assert post(client, f"{draft}/0/save").status_code == 303, "again, and it is there once"
    saved = world.settings.saved_designs
    assert sorted(each.name for each in saved.iterdir()) == ["porthleven"]
    post(client, f"{draft}/1", **choices(client, f"{draft}/1", name="porthleven"))
    assert post(client, f"{draft}/1/save").status_code == 409, "another variant does not take its place"

    office = signed_in("national")
    assert 'value="porthleven"' in office.get("/office/orders/new").text
    assert office.get("/office/designs/porthleven.png").status_code == 200
    wanted = {
        "programme": "CWL",
        "number": "26",
        "design": "porthleven",
        "quantity": "20",
        "bundle": "10",
        "replaces": "",
    }
    assert post(office, "/office/orders", request_id=str(uuid4()), **wanted).status_code == 303
    press = Press(
        app.extensions["hournote_books"],
        "NOTES.EXAMPLE.ORG",
        world.settings.design_folders,
        world.settings.instance / "jobs",
        1,
        now,
        Event(),
    )
    making.open_jobs(press)
    outcome = making.make_next(press)
    assert outcome is not None
    assert outcome.made is not None, outcome.problem


def test_what_would_not_print_is_not_saved(signed_in: SignIn, world: World) -> None:
    client = signed_in("programme")
    draft = start(client)
    bring(client, draft, scene(210, 210))
    post(client, f"{draft}/0", **choices(client, f"{draft}/0", zoom="400"))
    page = client.get(f"{draft}/0").text
    assert re.search(r"only \d+ dots an inch", page)
    answer = post(client, f"{draft}/0/save")
    assert answer.status_code == 422
    assert "Mend first what is named as wrong." in answer.text
    assert not world.settings.saved_designs.exists()


def test_a_fault_of_the_check_is_told_in_words_for_a_group_and_in_welsh(
    signed_in: SignIn, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("programme")
    draft = start(client)
    client.set_cookie("hournote_language", "cy")
    for rule, told in (("contrast", "Ni ellir darllen yn ddigon da"), ("qr-panel", "Ni fyddai’n argraffu’n iawn")):
        found = Fault(rule, "It is said to a designer.", "art.pdf")
        monkeypatch.setattr(check, "faults", lambda _made, found=found: [found])
        answer = post(client, f"{draft}/0/save")
        assert answer.status_code == 422
        assert f"Ni fyddai’r wasg yn ei gymryd eto: {told}" in answer.text
        assert "designer" not in answer.text
    assert not list(world.settings.saved_designs.glob("[a-z]*"))


def test_a_picture_is_deleted_and_variants_that_showed_it_show_none(signed_in: SignIn, world: World) -> None:
    client = signed_in("programme")
    draft = start(client)
    bring(client, draft, scene())
    (kept,) = (world.settings.instance / drafts.FOLDER).rglob("picture-*.jpg")
    for _ in range(2):
        assert post(client, f"{draft}/pictures/delete", file=kept.name).status_code == 303
    assert post(client, f"{draft}/pictures/delete", file="draft.json").status_code == 303
    assert client.get(draft).status_code == 200, "nothing but pictures is deleted"
    assert not kept.exists()
    assert client.get(f"{draft}/{kept.name}").status_code == 404
    assert kept.name not in choices(client, f"{draft}/0").values()


def test_the_disk_that_a_programme_may_fill_has_an_end(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in("programme")
    draft = start(client)
    assert bring(client, draft, scene(400, 300)).status_code == 303
    monkeypatch.setattr(drafts, "MOST_BYTES", 1000)
    answer = bring(client, draft, scene(500, 300))
    assert answer.status_code == 409
    assert "hold 500 MB" in answer.text
    monkeypatch.setattr(saved_designs, "MOST_SAVED", 0)
    answer = post(client, f"{draft}/0/save")
    assert answer.status_code == 409
    assert "a hundred saved designs" in answer.text


def test_a_saved_design_is_corrected_or_withdrawn_until_an_order_names_it(signed_in: SignIn, world: World) -> None:
    client, office = signed_in("programme"), signed_in("national")
    draft = start(client)
    variant, saved = f"{draft}/0", world.settings.saved_designs
    assert post(client, f"{variant}/save").status_code == 303
    assert office.get("/office/designs/porthleven-a.png").status_code == 200
    post(client, variant, **choices(client, variant, made_by="Harbour choir"))
    assert post(client, f"{variant}/save").status_code == 303, "corrected"
    assert "Harbour choir" in (saved / "porthleven-a" / "design.toml").read_text()
    assert [each.name for each in saved.iterdir()] == ["porthleven-a"]
    assert post(client, "/office/together/withdraw", name="cornwall").status_code == 404
    assert "Withdraw it" in client.get("/office/together").text

    order = {
        "programme": "CWL",
        "number": "26",
        "design": "porthleven-a",
        "quantity": "20",
        "bundle": "10",
        "replaces": "",
    }
    asked = post(office, "/office/orders", request_id=str(uuid4()), **order)
    assert asked.status_code == 303, asked.text
    post(client, variant, **choices(client, variant, made_by="Harbour band"))
    for path, data in ((f"{variant}/save", {}), ("/office/together/withdraw", {"name": "porthleven-a"})):
        answer = post(client, path, **data)
        assert answer.status_code == 409
        assert "An order names this design" in answer.text
    assert "Harbour choir" in (saved / "porthleven-a" / "design.toml").read_text()
    assert "An order names it." in client.get("/office/together").text


def test_a_design_that_is_withdrawn_leaves_no_picture(
    signed_in: SignIn, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_DRAWN", {})
    client = signed_in("programme")
    draft = start(client)
    assert post(client, f"{draft}/0/save").status_code == 303
    assert signed_in("national").get("/office/designs/porthleven-a.png").status_code == 200
    drawn = set((world.settings.instance / "pictures").iterdir())
    assert post(client, "/office/together/withdraw", name="porthleven-a").status_code == 303
    assert not list(world.settings.saved_designs.iterdir())
    assert len(drawn - set((world.settings.instance / "pictures").iterdir())) == 1
    assert post(client, "/office/together/withdraw", name="porthleven-a").status_code == 404


def test_what_takes_memory_is_done_in_turn_and_drawn_once(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in("programme")
    draft = start(client)
    asked: list[str] = []
    monkeypatch.setattr(pictures, "_DRAWN", {})

    def watched(name: str, answer: object) -> None:
        def instead(*_args: object, **_more: object) -> object:
            assert pictures._DRAWING.locked(), name
            asked.append(name)
            return answer

        monkeypatch.setattr(printing, name, instead)

    watched("received", (scene(300, 300), 300, 300))
    watched("chosen_front", b"")
    watched("vote_sheet", b"%PDF")
    watched("chosen_zip", b"PK")
    watched("save_chosen", None)
    bring(client, draft, b"a picture")
    for path in ("votes.pdf", "0/design.zip", "votes.pdf", "0/design.zip"):
        assert client.get(f"{draft}/{path}").status_code == 200
    post(client, f"{draft}/0/save")
    assert asked == ["received", *["chosen_front"] * 3, "vote_sheet", "chosen_zip", "save_chosen"]


@needs_chromium
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # werkzeug's server leaves files open
def test_a_group_brings_a_picture_sees_it_and_saves_its_note(served: str, page: Page, tmp_path: Path) -> None:
    page.set_default_timeout(120_000)
    page.goto(f"{served}/account/sign-in")
    page.get_by_label("Email address").fill("programme@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Make a note together").click()
    page.get_by_label("What the note is called").fill("Penzance")
    page.get_by_role("button", name="Start").click()
    photograph = tmp_path / "phone.jpg"
    photograph.write_bytes(scene())
    page.get_by_label("Bring a picture").set_input_files(photograph)
    page.get_by_role("button", name="Bring it").click()
    expect(page.get_by_text("The picture is here.")).to_be_visible()
    page.get_by_role("link", name="Change A", exact=True).click()
    before = page.locator("#front").get_attribute("src")
    page.get_by_text("Plum and rose").click()
    page.get_by_label("Who made it").fill("Penzance youth club")
    expect(page.locator("#front")).to_have_attribute(
        "src", re.compile("palette=plum.*made_by=Penzance"), timeout=120_000
    )
    assert page.locator("#front").get_attribute("src") != before
    across = page.locator("#across").input_value()
    box = page.locator("#front").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 90, box["y"] + 90)
    page.mouse.down()
    page.mouse.move(box["x"] + 130, box["y"] + 90, steps=4)
    page.mouse.up()
    assert page.locator("#across").input_value() != across
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Save it as a design").click(timeout=120_000, no_wait_after=True)
    expect(page.get_by_text("The design penzance-a is saved")).to_be_visible(timeout=120_000)
