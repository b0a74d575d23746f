"""Files that are broken, or made to break whoever reads them: always an answer, soon, and in little memory."""

import resource
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf

from notegen import preflight
from notegen.ink.pdf import PdfWriter
from notegen.preflight import scan

MB = 1 << 20


@pytest.fixture(scope="module")
def good(composed: Path) -> bytes:
    (file,) = (composed / "press").iterdir()
    return file.read_bytes()


def rules(data: bytes) -> set[str]:
    return {fault.rule for fault in preflight.of_press_file(data, "x.pdf")}


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_a_fault(good: bytes, share: float) -> None:
    assert "pdf" in rules(good[: int(share * len(good))])


@given(st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=9)), min_size=1, max_size=20))
def test_bytes_that_were_changed_never_break_the_check(good: bytes, changes: list[tuple[float, bytes]]) -> None:
    data = bytearray(good)
    for share, word in changes:
        at = int(share * (len(data) - 1))
        data[at : at + len(word)] = word
    rules(bytes(data))


@given(st.binary(max_size=200))
def test_noise_is_no_pdf(noise: bytes) -> None:
    assert "pdf" in rules(b"%PDF-1.6\n" + noise)


@given(st.binary(max_size=300))
def test_any_content_is_read_or_refused(noise: bytes) -> None:
    with suppress(scan.Unreadable):
        list(scan.operations(noise))


def with_content(content: bytes, *, packed: int = 0) -> bytes:
    """A file of one page; its content may be packed several times over."""
    for _ in range(packed):
        content = zlib.compress(content, 1)
    file = BytesIO()
    writer = PdfWriter(file)
    head = b"/Filter[%b]" % (b"/FlateDecode " * packed) if packed else b""
    drawn = writer.add(b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(content), head, content))
    page, tree = writer.reserve(2), 0
    tree = page + 1
    writer.put(page, b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 99 99]/Contents %d 0 R/Resources<<>>>>" % (tree, drawn))
    writer.put(tree, b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % page)
    root = writer.add(b"<</Type/Catalog/Pages %d 0 R>>" % tree)
    writer.close(root=root, info=writer.add(b"<<>>"), identity=bytes(16))
    return file.getvalue()


def tree_in_itself() -> bytes:
    with Pdf.new() as pdf:
        pdf.add_blank_page()
        kids = pdf.Root.Pages.Kids
        kids.append(pdf.Root.Pages)
        file = BytesIO()
        pdf.save(file)
    return file.getvalue()


def forms_in_forms(deep: int) -> bytes:
    with Pdf.new() as pdf:
        page = pdf.add_blank_page()
        inner = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]))
        for _ in range(deep):
            inner = pdf.make_stream(
                b"/F Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]), Resources=Dictionary(XObject=Dictionary(F=inner))
            )  # fmt: skip
        page.obj.Resources = Dictionary(XObject=Dictionary(F=inner))
        page.contents_add(b"/F Do")
        file = BytesIO()
        pdf.save(file)
    return file.getvalue()


def branching_forms(levels: int) -> bytes:
    """Each form draws the next one twice, in two colours: twice to the power of levels, for whoever counts places."""
    with Pdf.new() as pdf:
        page = pdf.add_blank_page()
        inner = pdf.make_stream(b"0 0 1 1 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]))
        for level in range(levels):
            content = b"0 0 0 .%d k q 1.%d 0 0 1 0 0 cm /F Do Q q 1 0 0 1.%d 0 0 cm /F Do Q" % ((level,) * 3)
            inner = pdf.make_stream(
                content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]), Resources=Dictionary(XObject=Dictionary(F=inner))
            )  # fmt: skip
        page.obj.Resources = Dictionary(XObject=Dictionary(F=inner))
        page.contents_add(b"/F Do")
        file = BytesIO()
        pdf.save(file)
    return file.getvalue()


def nested_objects(deep: int) -> bytes:
    return with_content(b"").replace(b"<<>>", b"[" * deep + b"]" * deep, 1)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "brackets without end in content": (lambda: with_content(b"[" * MB), "content"),
    "strings in strings": (lambda: with_content(b"(" * MB), "content"),
    "q without end": (lambda: with_content(b"q " * 300_000), "balance"),
    "zeros by the megabyte": (lambda: with_content(bytes(200 * MB), packed=1), "pdf"),
    "zeros packed twice": (lambda: with_content(bytes(200 * MB), packed=2), "pdf"),
    "more operations than anybody draws": (lambda: with_content(b"q Q " * MB, packed=1), "content"),
    "an inline image of any size": (lambda: with_content(b"BI/W 999999999/H 999999999/IM true ID x EI"), "content"),
    "numbers of any size": (lambda: with_content(b"9" * 5000 + b" 0 0 1 0 0 cm 9" + b"9" * 9999 + b" Tr"), "xmp"),
    "a tree of pages in itself": (tree_in_itself, "pdf"),
    "forms in forms": (lambda: forms_in_forms(3000), "content"),
    "forms that branch": (lambda: branching_forms(26), "content"),
    "brackets in brackets": (lambda: nested_objects(100_000), "pdf"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(60)
def test_a_hostile_file_is_answered_soon_and_in_little_memory(name: str) -> None:
    make, rule = HOSTILE[name]
    data = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert rule in rules(data)
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert more < 700 * MB / (1 if sys.platform == "darwin" else 1024)


def test_what_cannot_be_unpacked_is_not_passed_over(good: bytes) -> None:
    with pikepdf.open(BytesIO(good)) as pdf:
        pdf.pages[0].Contents.write(b"no such thing", filter=Name.FlateDecode)
        file = BytesIO()
        pdf.save(file, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    assert rules(file.getvalue()) & {"pdf", "content"}
