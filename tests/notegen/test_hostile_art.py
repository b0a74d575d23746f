"""Art and designs from anywhere: always one sentence, never a traceback, and nothing is fetched, run or grown."""

import base64
import json
import random
import shutil
import socket
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Dictionary, Name
from PIL import Image

from app.core.errors import BadDesign
from notegen import check, design
from notegen.artwork import brought, drawing
from notegen.artwork.drawing import BadDrawing
from notegen.artwork.pixels import BadPicture
from tests.notegen.test_brought import bring, svg, written


@contextmanager
def listening() -> Iterator[tuple[int, list[bytes]]]:
    """A port of this machine, and whatever anybody says to it."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                heard.append(b"called")
                caller.close()

        threading.Thread(target=answer, daemon=True).start()
        yield server.getsockname()[1], heard
        server.shutdown(socket.SHUT_RDWR)


def doctype(inside: str, body: str = "") -> str:
    return f'<?xml version="1.0"?><!DOCTYPE svg {inside}>' + svg(body)


CALLS = {
    "an image elsewhere": svg('<image href="{url}" width="9" height="9"/>'),
    "an image by xlink": svg('<image xlink:href="{url}" width="9" height="9"/>'),
    "an image in a file": svg('<image href="{file}" width="9" height="9"/>'),
    "an image beside it": svg('<image href="other.png" width="9" height="9"/>'),
    "a use of another file": svg('<use href="{url}#a"/>'),
    "a fill from elsewhere": svg('<rect width="9" height="9" fill="url({url}#g)"/>'),
    "a fill in a style": svg('<rect width="9" height="9" style="fill:url(\'{url}#g\')"/>'),
    "a style sheet": svg("<style>@import '{url}';</style>"),
    "a font": svg("<style>@font-face {{ font-family: x; src: url( {url} ) }}</style>"),
    "an entity of a file": doctype('[<!ENTITY e SYSTEM "{file}">]', "<desc>&e;</desc>"),
    "an entity of a site": doctype('[<!ENTITY e SYSTEM "{url}">]', "<desc>&e;</desc>"),
    "an entity of parameters": doctype('[<!ENTITY % e SYSTEM "{url}"> %e;]'),
    "a laugh": doctype('[<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]', "<desc>&b;</desc>"),
    "a script": svg("<script>fetch('{url}')</script>"),
    "a click": svg('<rect width="9" height="9" onclick="fetch(\'{url}\')"/>'),
    "a page": svg('<foreignObject width="9" height="9"><p/></foreignObject>'),
    "text": svg('<text x="3" y="9">CORNWALL</text>'),
    "a shadow": svg('<filter id="f"><feGaussianBlur stdDeviation="2"/></filter>'),
    "an animation": svg('<rect width="9" height="9"><animate attributeName="x" to="9"/></rect>'),
    "an SVG in it": svg('<image href="data:image/svg+xml;base64,PHN2Zy8+" width="9" height="9"/>'),
    "a picture in it that is none": svg('<image href="data:image/png;base64,AAAA" width="9" height="9"/>'),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_drawing_that_refers_elsewhere_is_refused_and_nothing_is_fetched(
    call: str, designs: Path, tmp_path: Path
) -> None:
    canary = tmp_path / "canary.txt"
    canary.write_text("the canary sings")
    with listening() as (port, heard):
        text = CALLS[call].replace("{url}", f"http://127.0.0.1:{port}/x.svg").replace("{file}", canary.as_uri())
        front = bring(tmp_path, "art.svg", written(text.replace("{{", "{").replace("}}", "}")), designs)
        with pytest.raises(BadDesign) as refused:
            brought.page(design.load(front))
    assert heard == []
    assert "sings" not in str(refused.value)
    assert_one_sentence(str(refused.value))


OLD = 'PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://127.0.0.1:{port}/svg11.dtd"'


def test_the_doctype_of_an_older_program_is_passed_over(designs: Path, tmp_path: Path) -> None:
    with listening() as (port, heard):
        text = doctype(OLD.replace("{port}", str(port)), '<rect width="141" height="72" fill="#eee"/>')
        front = bring(tmp_path, "art.svg", written(text), designs)
        brought.page(design.load(front)).close()
    assert heard == []


GROWN = {
    "deep": svg("<g>" * 50_000 + "</g>" * 50_000),
    "wide": svg("<g/>" * 250_000),
    "copied": svg(
        '<g id="a0"><path d="M0 0h1"/></g>'
        + "".join(f'<g id="a{at}">' + f'<use href="#a{at - 1}"/>' * 10 + "</g>" for at in range(1, 20))
    ),
    "masked": svg(
        "".join(f'<mask id="m{at}">' + f'<path d="M0 0h1" mask="url(#m{at + 1})"/>' * 8 + "</mask>" for at in range(9))
    ),
    "clipped": svg(
        "".join(f'<clipPath id="c{at}" clip-path="url(#c{at + 1})"><path/></clipPath>' for at in range(90))
        + "<rect style=\"clip-path: url( '#c0' )\"/>" * 1500
    ),
    "marked": svg('<marker id="m">' + "<path/>" * 400 + "</marker>" + '<path marker-mid="url(#m)"/>' * 600),
    "in itself": svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'),
}


@pytest.mark.parametrize("way", GROWN)
def test_a_drawing_that_grows_is_refused_before_it_is_drawn(way: str) -> None:
    with pytest.raises(BadDrawing, match=r"simplify it|save it as plain SVG"):
        drawing.read(GROWN[way].encode())


def test_a_drawing_that_grows_while_it_is_drawn_dies_alone(designs: Path, tmp_path: Path) -> None:
    """Masks in masks by way of classes, which nobody counts before they are resolved: 8 to the power of 9."""
    classes = "".join(f".m{at} {{ mask: url(#m{at}) }}" for at in range(9))
    masks = [
        f'<mask id="m{at}">' + f'<rect width="100" height="50" fill="#fff" class="m{at + 1}"/>' * 8 + "</mask>"
        for at in range(9)
    ]
    body = f'<style>{classes}</style><defs>{"".join(masks)}</defs><rect class="m0" width="90" height="60"/>'
    front = bring(tmp_path, "art.svg", written(svg(body)), designs)
    with pytest.raises(BadDesign, match="is too complicated to draw: simplify it"):
        brought.page(design.load(front))


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is of this size, in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "size", [(14_100, 7_200), (141_000, 72_000), (2**31 - 1, 2**31 - 1)], ids=["big", "huge", "absurd"]
)
def test_a_huge_png_is_refused_before_a_pixel_is_read(size: tuple[int, int], designs: Path, tmp_path: Path) -> None:
    front = bring(tmp_path, "art.png", lambda path: (path.write_bytes(png_of(*size)), None)[1], designs)
    with pytest.raises(BadDesign, match="million"):
        brought.page(design.load(front))


def test_a_huge_picture_in_a_drawing_is_refused() -> None:

    data = base64.b64encode(png_of(20_000, 20_000)).decode()
    with pytest.raises(BadPicture, match="million pixels"):
        drawing.read(svg(f'<image href="data:image/png;base64,{data}" width="9" height="9"/>').encode())


def test_a_locked_pdf_is_refused(designs: Path, tmp_path: Path) -> None:
    def lock(path: Path) -> None:
        with pikepdf.open(designs / "plain" / "art.pdf") as pdf:
            pdf.save(path, encryption=pikepdf.Encryption(owner="a", user="b"))

    front = bring(tmp_path, "art.pdf", lock, designs)
    with pytest.raises(BadDesign, match="is locked: save it without a password"):
        brought.page(design.load(front))


def test_forms_within_forms_are_refused_before_they_are_drawn(designs: Path, tmp_path: Path) -> None:
    """Twenty-six forms, each of which places the next one twice, are 67 million."""

    def nest(path: Path) -> None:
        with pikepdf.open(designs / "plain" / "art.pdf") as pdf:
            placed = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": [0, 0, 1, 1]}
            form = pdf.make_stream(b"0 0 0 0 k 0 0 1 1 re f", **placed, Resources=Dictionary())
            for _ in range(26):
                inner = Dictionary(XObject=Dictionary(X=form))
                form = pdf.make_stream(b"/X Do /X Do", **placed, Resources=inner)
            pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X=form))
            pdf.pages[0].contents_add(b"/X Do")
            pdf.save(path)

    found = check.faults(bring(tmp_path, "art.pdf", nest, designs))
    assert [fault.rule for fault in found if "is not looked through" in fault.message] == ["content"]


MANY = {
    "q without end": b"q " * 500_000,
    "rectangles": b"0 0 1 rg 0 0 1 1 re f " * 400_000,
    "spaces": b" " * (40 << 20),
}


@pytest.mark.parametrize("way", MANY)
def test_a_page_of_more_than_anybody_draws_is_refused_before_it_is_recoloured(
    way: str, designs: Path, tmp_path: Path
) -> None:
    front = bring(tmp_path, "art.pdf", lambda path: page_of(path, MANY[way]), designs)
    (fault,) = [each for each in check.faults(front) if each.rule != "back"]
    assert fault.rule == "art"
    assert "more than are looked through: simplify it" in fault.message


def page_of(path: Path, content: bytes) -> None:
    with pikepdf.Pdf.new() as pdf:
        pdf.add_blank_page(page_size=(399.685, 204.094)).Contents = pdf.make_stream(content)
        pdf.save(path)


def test_a_damaged_tiff_is_one_sentence_and_nothing_beside_it(
    designs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def damage(path: Path) -> None:
        Image.effect_noise((282, 144), 60).save(path, compression="tiff_lzw")
        data = bytearray(path.read_bytes())
        data[4000:9000] = bytes(5000)
        path.write_bytes(data)

    (fault,) = [
        each for each in check.faults(bring(tmp_path, "art.tif", damage, designs)) if each.rule not in ("back",)
    ]
    assert fault.message == "It is damaged, or no TIFF, PNG or JPEG: save it again."
    assert capfd.readouterr().err == ""


def assert_one_sentence(text: str) -> None:
    assert text.endswith(".")
    assert "\n" not in text
    assert "Traceback" not in text


def sound_art() -> dict[str, bytes]:
    """A small file of each kind."""
    picture = Image.new("RGB", (282, 144), (200, 220, 230))
    found: dict[str, bytes] = {}
    for suffix, kind in ((".png", "PNG"), (".tif", "TIFF"), (".jpg", "JPEG")):
        file = BytesIO()
        picture.save(file, kind)
        found[suffix] = file.getvalue()
    found[".svg"] = svg('<g><rect width="141" height="72" fill="#abc"/></g>').encode()
    with pikepdf.Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(399.685, 204.094))
        page.contents_add(b"0.5 0.2 0.1 rg 0 0 400 205 re f")
        file = BytesIO()
        pdf.save(file)
    found[".pdf"] = file.getvalue()
    return found


ART = sound_art()


@pytest.mark.parametrize("suffix", sorted(set(design.ART) - {".jpeg", ".tiff"}))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_garbage_of_every_kind_is_one_sentence(
    suffix: str, designs: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Truncated, with bytes changed, of another kind than its name says, or nothing of all that."""
    whole = data.draw(st.sampled_from(list(ART.values())))
    ways = data.draw(st.sampled_from(["cut", "changed", "other", "noise"]))
    if ways == "cut":
        whole = whole[: data.draw(st.integers(0, len(whole)))]
    elif ways == "changed":
        chance = random.Random(data.draw(st.integers(0, 1 << 30)))  # noqa: S311
        wounded = bytearray(whole)
        for _ in range(8):
            wounded[chance.randrange(len(wounded))] = chance.randrange(256)
        whole = bytes(wounded)
    elif ways == "noise":
        whole = data.draw(st.binary(max_size=200))
    front = bring(
        tmp_path_factory.mktemp("art"), f"art{suffix}", lambda path: (path.write_bytes(whole), None)[1], designs
    )
    try:
        brought.page(design.load(front)).close()
    except BadDesign as refused:
        assert_one_sentence(str(refused))
    for fault in check.faults(front):
        assert_one_sentence(fault.message)
    shutil.rmtree(front.parent)


SCALARS = st.one_of(
    st.integers(-(10**6), 10**6), st.floats(), st.booleans(), st.text(max_size=12), st.dates(),
    st.lists(st.one_of(st.integers(0, 300), st.text(max_size=3)), max_size=5),
    st.sampled_from(['{', '{serial', '{host.x}', '{0}', '{}', '{date!r:>9}', '{{', 'a\nb', '\x00']),
)  # fmt: skip
KEYS = [
    "trim_mm",
    "bleed_mm",
    "safe_mm",
    "side",
    "name",
    "title",
    "art",
    "format",
    "slots",
    "text",
    "inks",
    "engraving",
]
SLOT_KEYS = ["x_mm", "y_mm", "font", "size_pt", "align", "rotation", "text", "width_mm", "language", "ink"]


def toml(value: object) -> str:
    """A value as TOML has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return str(value)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(key=st.sampled_from(KEYS), slot_key=st.sampled_from(SLOT_KEYS), value=SCALARS, slot_value=SCALARS)
def test_a_design_with_anything_in_any_key_is_said_in_sentences(
    key: str, slot_key: str, value: object, slot_value: object, designs: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    front = tmp_path_factory.mktemp("designs") / "plain"
    shutil.copytree(designs / "plain", front)
    lines = (front / "design.toml").read_text().splitlines()
    first = [line for line in lines if not line.startswith(f"{key} ")]
    at = next((number for number, line in enumerate(first) if line.startswith("[slots.serial]")), 0)
    end = next((number for number in range(at + 1, len(first)) if not first[number]), len(first))
    inner = [line for line in first[at:end] if not line.startswith(f"{slot_key} ")]
    text = "\n".join([f"{key} = {toml(value)}", *first[:at], *inner, f"{slot_key} = {toml(slot_value)}", *first[end:]])
    (front / "design.toml").write_text(text, "utf-8", errors="replace")
    found, faults = design.survey(front)
    assert found is not None or faults
    for fault in faults:
        assert_one_sentence(fault.sentence.replace("\\n", ""))
    shutil.rmtree(front.parent)


def test_a_refusal_of_check_names_all_that_can_be_checked(tmp_path: Path) -> None:
    (tmp_path / "art.txt").write_text("no")
    with pytest.raises(Exception, match="neither a design, nor a job, nor a PDF"):
        check.faults(tmp_path / "art.txt")
