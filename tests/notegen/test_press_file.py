"""The press file before a print shop's eyes: other tools open and separate it, and compose refuses to leave a bad one."""

import re
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import Name, Pdf
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.core.errors import BadDesign, BadInput, Unavailable
from notegen import design, preflight, pull, specimen
from notegen.compose import compose
from notegen.design import sides
from notegen.ink import marking, profile
from notegen.ink.edition import Edition
from notegen.preflight import written
from notegen.preflight.rules import RULES
from notegen.preflight.written import Passed
from tests.notegen import workshop

DPI = 150


def tool(name: str, *words: object) -> str:
    """What a tool says, on both streams; skipped where it is not there."""
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not there: .ci/libraries test installs it")
    done = subprocess.run([name, *map(str, words)], capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def good(composed: Path) -> Path:
    (file,) = (composed / "press").iterdir()
    return file


def test_qpdf_finds_nothing_to_say(good: Path) -> None:
    said = tool("qpdf", "--check", good)
    assert "No syntax or stream encoding errors found" in said
    assert "WARNING" not in said


def test_poppler_names_pdf_x_4(good: Path) -> None:
    said = tool("pdfinfo", good)
    assert re.search(r"PDF subtype:\s+PDF/X-4", said)
    assert re.search(r"PDF version:\s+1\.6", said)


@pytest.fixture(scope="module")
def plates(
    good: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    """The four plates of the first front as ghostscript separates it, 0 being full ink."""
    folder = tmp_path_factory.mktemp("plates")
    said = tool(
        "gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=tiffsep", f"-r{DPI}", "-dLastPage=1", f"-sOutputFile={folder}/p.tif", good
    )  # fmt: skip
    assert said == ""
    return {name: np.asarray(Image.open(folder / f"p({name}).tif").convert("L")) for name in ("Cyan", "Magenta", "Yellow", "Black")}  # fmt: skip


def test_the_qr_is_on_the_black_plate_alone(
    good: Path, plates: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]
) -> None:
    found = workshop.qrs_in(plates["Black"])
    assert found
    for one in found:
        corners = (one.position.top_left, one.position.bottom_right)
        box = np.s_[corners[0].y : corners[1].y, corners[0].x : corners[1].x]
        assert plates["Black"][box].min() == 0
        assert all(plates[name][box].min() == 255 for name in ("Cyan", "Magenta", "Yellow"))


def test_black_type_leaves_the_tint_below_it_whole(
    plates: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.uint8]]],
) -> None:
    """The art is a tint of cyan and magenta with the panel left out, and type stands on it."""
    inked, tinted = plates["Black"] == 0, (plates["Cyan"] < 255) & (plates["Yellow"] == 255)
    assert (inked & tinted).sum() > 100
    assert np.unique(plates["Cyan"][inked & tinted]).tolist() == [204]


def test_other_tools_pass_the_slip_that_ours_finds(good: Path, tmp_path: Path) -> None:
    with pikepdf.open(good) as pdf:
        content = pdf.pages[0].Contents
        content.write(content.read_bytes().replace(b"cm\nBI", b"cmm\nBI", 1))
        pdf.save(tmp_path / "slip.pdf")
    assert "No syntax or stream encoding errors found" in tool("qpdf", "--check", tmp_path / "slip.pdf")
    (fault,) = preflight.of_press_file(tmp_path / "slip.pdf", "slip.pdf")
    assert (fault.rule, fault.where) == ("operator", "slip.pdf, page 1")
    assert "cmm" in fault.message


def test_the_file_that_everybody_writes_first_has_many_faults(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "naive.pdf"))
    for number in range(4):
        canvas.drawImage(ImageReader(Image.new("RGB", (100, 80), "green")), 0, 0, 300, 200)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.drawString(10, 10, f"CWL26 {number:07}")
        canvas.showPage()
    canvas.save()
    found = preflight.of_press_file(tmp_path / "naive.pdf", "naive.pdf")
    assert {"xmp", "intent", "trim-box", "font", "rgb", "black", "resolution"} <= {fault.rule for fault in found}
    assert len(found) > 15


def test_the_shops_own_profile_is_embedded_and_named(job: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.icc"
    own.write_bytes(profile.shipped().data)
    compose(job, tmp_path / "out", profile=own)
    (file,) = (tmp_path / "out" / "press").iterdir()
    with pikepdf.open(file) as pdf:
        intent = pdf.Root.OutputIntents[0]
        assert "FOGRA39" in str(intent.OutputConditionIdentifier)
        assert "/RegistryName" not in intent
        assert intent.DestOutputProfile.read_bytes() == own.read_bytes()
    assert preflight.of_press_file(file, file.name) == []


WRONG: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "of a screen": (lambda data: data[:12] + b"mntr" + data[16:], "is not of a printer"),
    "of RGB": (lambda data: data[:16] + b"RGB " + data[20:], "is not of CMYK"),
    "of version 5": (lambda data: data[:8] + b"\x05" + data[9:], "is of version 5"),
    "cut short": (lambda data: data[:-9], "is not whole"),
    "none": (lambda data: b"hello", "is no ICC profile"),
    "empty": (lambda data: b"", "is no ICC profile"),
    "with its tags destroyed": (lambda data: data[:128] + b"\xff" * (len(data) - 128), "is damaged"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_profile_that_no_press_has_is_refused_in_a_sentence(job: Path, tmp_path: Path, kind: str) -> None:
    change, says = WRONG[kind]
    (tmp_path / "own.icc").write_bytes(change(profile.shipped().data))
    with pytest.raises(BadInput, match=says):
        compose(job, tmp_path / "out", profile=tmp_path / "own.icc")
    assert not (tmp_path / "out").exists()


def test_a_design_that_would_not_print_right_is_refused_with_rule_and_place(tmp_path: Path) -> None:
    designs = workshop.write_designs(tmp_path / "designs")
    with pikepdf.open(designs / "plain" / "art.pdf", allow_overwriting_input=True) as pdf:
        pdf.pages[0].contents_add(b"1 1 1 1 k 0 0 9 9 re f")
        pdf.save(designs / "plain" / "art.pdf")
    job = workshop.write_job(tmp_path / "job.zip", designs)
    with pytest.raises(BadDesign, match=r"CWL26-001, page 1.*: There is 400 % of ink.* \(ink\)"):
        compose(job, tmp_path / "out")
    assert not (tmp_path / "out").exists()


SLIPS: dict[str, tuple[bytes, str]] = {
    "an operator that is none": (b"EI QQ ", "(operator)"),
    "a colour": (b"EI 0 1 0 0 k\nBT (x) Tj ET\n", "(black)"),
    "a q too many": (b"EI q\n", "(balance)"),
}


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("resume", [False, True])
def test_a_file_that_comes_out_wrong_is_refused_and_not_left(
    job: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slip: str, resume: bool
) -> None:
    end, rule = SLIPS[slip]
    sound, make = marking.image, pull.make

    def pulled(edition: Edition) -> bytes:
        """The pull is good; what goes wrong comes later."""
        with monkeypatch.context() as before:
            before.setattr(marking, "image", sound)
            return make(edition)

    monkeypatch.setattr(marking, "image", lambda symbol: sound(symbol).replace(b"EI ", end))
    monkeypatch.setattr(pull, "make", pulled)
    with pytest.raises(Unavailable, match=re.escape(rule)):
        compose(job, tmp_path / "out", workers=1, resume=resume)
    assert not (tmp_path / "out" / "manifest.csv").exists()
    assert not list(tmp_path.glob("**/*.pdf"))


def known_of(good: Path) -> Passed:
    return written.passed(good.read_bytes())


def test_what_was_written_is_as_compose_writes_it(good: Path) -> None:
    assert written.faults(good, known_of(good)) == []


@pytest.mark.parametrize("share", [0.2, 0.6, 0.9, 0.97, 0.995, 0.9999])
def test_a_bit_that_the_disk_turned_is_found(good: Path, tmp_path: Path, share: float) -> None:
    data = bytearray(good.read_bytes())
    data[int(share * len(data))] ^= 4
    (tmp_path / good.name).write_bytes(data)
    assert written.faults(tmp_path / good.name, known_of(good))


def test_a_file_that_breaks_off_is_found(good: Path, tmp_path: Path) -> None:
    (tmp_path / good.name).write_bytes(good.read_bytes()[:-100])
    assert written.faults(tmp_path / good.name, known_of(good))


def test_a_specimen_is_a_press_file_too() -> None:
    both = sides.beside(design.find("cornwall", design.default_folder()))
    assert both is not None
    assert preflight.of_press_file(specimen.specimen(both), "specimen.pdf") == []


@pytest.mark.parametrize("name", design.names(design.default_folder()))
def test_the_art_that_comes_with_hournote_has_no_fault(name: str) -> None:
    art = design.find(name, design.default_folder()).art
    assert preflight.of_art(art, "art.pdf") == []


def test_single_notes_are_press_files_too(job: Path, tmp_path: Path) -> None:
    compose(job, tmp_path / "out", pages=True, separators=True)
    (file,) = (tmp_path / "out" / "press").iterdir()
    assert preflight.of_press_file(file, str(file)) == []


def test_a_page_that_the_manifest_does_not_have_is_a_fault(composed: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(composed, tmp_path / "out"))
    (file,) = (out / "press").iterdir()
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        pdf.pages.extend(pdf.pages[:2])
        pdf.save(file)
    (fault,) = preflight.of_press_file(file, str(file))
    assert fault.rule == "pages"
    assert "manifest.csv" in fault.message


def test_transparency_is_a_warning_and_no_refusal(tmp_path: Path) -> None:
    designs = workshop.write_designs(tmp_path / "designs")
    with pikepdf.open(designs / "plain" / "art.pdf", allow_overwriting_input=True) as pdf:
        pdf.pages[0].resources["/ExtGState"] = pikepdf.Dictionary(G=pikepdf.Dictionary(Type=Name.ExtGState, ca=0.5))
        pdf.pages[0].contents_add(b"/G gs 0 0 9 9 re f")
        pdf.save(designs / "plain" / "art.pdf")
    compose(workshop.write_job(tmp_path / "job.zip", designs), tmp_path / "out")
    (file,) = (tmp_path / "out" / "press").iterdir()
    (found,) = preflight.of_press_file(file, file.name)
    assert (found.rule, found.warning) == ("transparency", True)


def test_every_rule_says_what_it_asks_and_where_that_is_written() -> None:
    assert all(rule.asks.endswith(".") and rule.source for rule in RULES.values())


def empty_pdf() -> bytes:
    file = BytesIO()
    with Pdf.new() as pdf:
        pdf.save(file)
    return file.getvalue()


def test_a_pdf_without_pages_is_a_fault() -> None:
    (fault,) = preflight.of_press_file(empty_pdf(), "empty.pdf")
    assert (fault.rule, fault.message) == ("pdf", "It cannot be read as a PDF (no pages found).")
