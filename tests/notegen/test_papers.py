"""The delivery note, the job ticket and the visual proof."""

import hashlib
import shutil
import tomllib
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from app.core import reference, token
from app.core.errors import BadInput, BadSpan
from app.core.reference import Label
from app.core.span import Span
from notegen import specimen
from notegen.compose import compose
from notegen.jobfile import opened
from notegen.paper import pressfiles, qr
from notegen.paper.delivery_note import delivery_note
from notegen.paper.ticket import ticket
from notegen.paper.visual_proof import visual_proof
from tests.notegen import paper_reading, workshop


# --- the delivery note
def test_a_delivery_note_adds_up_and_names_what_is_not_there(tmp_path: Path, job: Path) -> None:
    without = [Span("CWL26", 3, 3), Span("CWL26", 9, 12), Span("CWL26", 16, 20)]
    made = delivery_note(job, tmp_path / "note.pdf", without=without, in_a_box=2, receiver="Cornwall <office>")
    assert (made.boxes, made.bundles, made.notes, made.void) == (3, 5, 20, 10)
    text = " ".join(paper_reading.words(tmp_path / "note.pdf"))
    for words in (
        "Delivery note", "Order CWL26-001", "Programme CWL", "Cornwall <office>", "Ordered 30 notes", "Void, not here 10 notes",
        "Good, delivered 20 notes", "5 bundles (1-6) in 3 boxes", "Box 1 of 3", "Box 2 of 3", "Box 3 of 3",
        "Bundle 2 CWL26 0000006 A CWL26 0000010 I 3 0000009-0000010", "10 notes of CWL26: 0000003, 0000009-0000012, 0000016-0000020.",
        "without a wrapper: bundle 4.", "Packed and counted by", "Received and counted by", "page 1 of",
    ):  # fmt: skip
        assert words in text, words
    assert "Bundle 4 " not in text
    assert list(paper_reading.faults(tmp_path / "note.pdf")) == []


def test_a_delivery_is_received_by_scanning_its_note(tmp_path: Path, job: Path) -> None:
    link = "https://office.example.org/receipts/q9-_x"
    made = delivery_note(job, tmp_path / "note.pdf", bundles=(2, 5), link=link)
    assert (made.bundles, made.notes, made.void) == (4, 20, 0)
    whole, confirming = sorted(paper_reading.codes(tmp_path / "note.pdf"))
    assert reference.parse(whole) == Label(Span("CWL26", 6, 25))
    assert confirming == link


@pytest.mark.parametrize("bundles", [(0, 1), (3, 2), (1, 7), (7, 7)])
def test_bundles_that_the_job_has_not_are_refused(tmp_path: Path, job: Path, bundles: tuple[int, int]) -> None:
    with pytest.raises(BadInput, match="has bundles 1-6"):
        delivery_note(job, tmp_path / "note.pdf", bundles=bundles)
    assert list(tmp_path.iterdir()) == []


def test_a_delivery_of_nothing_and_words_that_cannot_be_set_are_refused(tmp_path: Path, job: Path) -> None:
    with pytest.raises(BadInput, match="nothing is delivered"):
        delivery_note(job, tmp_path / "note.pdf", bundles=(2, 2), without=[Span("CWL26", 6, 10)])
    with pytest.raises(BadSpan):
        delivery_note(job, tmp_path / "note.pdf", without=[Span("CWL27", 6, 10)])
    with pytest.raises(BadInput, match="typeface lacks"):
        delivery_note(job, tmp_path / "note.pdf", receiver="東京")
    with pytest.raises(BadInput, match="too long"):
        delivery_note(job, tmp_path / "note.pdf", link="https://example.org/" + "x" * qr.LONGEST)
    assert list(tmp_path.iterdir()) == []


# --- the job ticket
@pytest.fixture(scope="module")
def three_runs(tmp_path_factory: pytest.TempPathFactory, designs: Path) -> Path:
    """A hundred notes in bundles of four, four sheets to a run, with slips."""
    folder = tmp_path_factory.mktemp("runs")
    job = workshop.write_job(folder / "job.zip", designs, quantity=100, bundle_size=4)
    compose(job, folder / "out", run_sheets=4, separators=True, workers=1)
    return folder / "out"


def test_the_ticket_says_what_layout_and_manifest_say(tmp_path: Path, three_runs: Path) -> None:
    made = ticket(three_runs, tmp_path / "ticket.pdf", stock="Ivory laid, 110 g/m²")
    layout = tomllib.loads((three_runs / "layout.toml").read_text())
    files = pressfiles.read(three_runs)
    assert (made.notes, made.sheets, made.runs, made.cuts) == (100, layout["sheets"], len(files), 14)
    assert (made.allowance_sheets, made.slips) == (10, sum(file.slips for file in files))
    text = " ".join(paper_reading.words(tmp_path / "ticket.pdf"))
    for words in (
        "Job ticket", "Order CWL26-001", "Programme CWL, design plain", "CWL26 0000001 K", "25 bundles of 4", "Ivory laid, 110 g/m²",
        "SRA3, 450 x 320 mm; 12 notes, 3 x 4", f"{made.sheets} in {made.runs} runs, and {made.slips} slips between bundles",
        f"10, for setting up and spoilage; {made.sheets + made.slips + 10} in all", "turned about the long edge",
        "cyan, magenta, yellow, black", "black (K) alone", "433.5 mm from left", "hournote printed CWL26-001",
        "Spoiled: the numbers", "Files deleted by", "shredded",
    ):  # fmt: skip
        assert words in text, words
    assert list(paper_reading.faults(tmp_path / "ticket.pdf")) == []
    assert [reference.parse(code) for code in paper_reading.codes(tmp_path / "ticket.pdf")] == [
        Label(Span("CWL26", 1, 100))
    ]


def test_the_ticket_lists_each_file_with_its_digest_and_each_pile(tmp_path: Path, three_runs: Path) -> None:
    ticket(three_runs, tmp_path / "ticket.pdf")
    text = " ".join(paper_reading.words(tmp_path / "ticket.pdf"))
    for file in sorted((three_runs / "press").iterdir()):
        assert f"press/{file.name}" in text
        assert hashlib.sha256(file.read_bytes()).hexdigest() in text.replace(" ", "")
    first = pressfiles.read(three_runs)[0]
    assert first.span == Span("CWL26", 1, 48)
    piles = [f"{1 + 4 * pile:07d}-{4 + 4 * pile:07d}" for pile in range(12)]
    assert all(pile in text for pile in piles)


def test_an_allowance_in_the_layout_is_the_one_that_counts(tmp_path: Path, composed: Path) -> None:
    folder = Path(shutil.copytree(composed, tmp_path / "out"))
    layout = folder / "layout.toml"
    layout.write_text(layout.read_text().replace("allowance_sheets = 10\n", "allowance_sheets = 17\n"))
    assert ticket(folder, tmp_path / "ticket.pdf").allowance_sheets == 17
    assert "17, for setting up" in paper_reading.words(tmp_path / "ticket.pdf")[0]


def test_a_ticket_for_single_notes_leaves_imposing_to_the_shop(tmp_path: Path, job: Path) -> None:
    compose(job, tmp_path / "out", pages=True, workers=1)
    made = ticket(tmp_path / "out", tmp_path / "ticket.pdf")
    assert made.cuts == 0
    text = " ".join(paper_reading.words(tmp_path / "ticket.pdf"))
    assert "Notes to print 30 in 1 run" in text
    assert "single notes" in text
    assert "433.5 mm" not in text


def test_spot_inks_are_named_as_the_file_names_them() -> None:
    with pikepdf.Pdf.new() as pdf:
        tint = pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 0, 0, 0], N=1)
        page = pdf.add_blank_page()
        spaces = {
            f"/{at}": pikepdf.Array([pikepdf.Name.Separation, pikepdf.Name(name), pikepdf.Name.DeviceCMYK, tint])
            for at, name in {"A": "/All", "B": "/PANTONE 877 C", "C": "/Black"}.items()
        }
        page.obj.Resources = pikepdf.Dictionary(ColorSpace=pikepdf.Dictionary(spaces))
        assert list(pressfiles.spots(pdf)) == ["PANTONE 877 C"]


def test_a_folder_that_is_not_whole_gets_no_ticket(tmp_path: Path, composed: Path) -> None:
    folder = Path(shutil.copytree(composed, tmp_path / "out"))
    out = tmp_path / "ticket.pdf"
    with pytest.raises(BadInput, match="name the folder that compose wrote"):
        ticket(tmp_path, out)
    manifest = (folder / "manifest.csv").read_text().splitlines()
    (folder / "manifest.csv").write_text("\n".join(manifest[:-1]) + "\n")
    with pytest.raises(BadInput, match="not that of its layout"):
        ticket(folder, out)
    (folder / "manifest.csv").write_text(manifest[0] + "\n")
    with pytest.raises(BadInput, match="names no note"):
        ticket(folder, out)
    (folder / "manifest.csv").write_text("\n".join(manifest) + "\n")
    shutil.rmtree(folder / "press")
    with pytest.raises(BadInput, match=r"run001\.pdf cannot be read"):
        ticket(folder, out)
    assert not out.exists()


# --- the visual proof
def test_a_visual_proof_shows_the_facts_and_no_live_note(tmp_path: Path, job: Path) -> None:
    visual_proof(job, tmp_path / "proof.pdf")
    (text,) = paper_reading.words(tmp_path / "proof.pdf")
    for words in (
        "Visual proof", "Order CWL26-001", "Plain; back: Reverse", "135 x 66 mm", "3 mm, cut off here", "notes.example.org",
        "30 September 2029", "Front, at true size", "Back, at true size", "100 mm", "400 %", "I approve", "Signature",
        "cyan, magenta, yellow, black", "Atkinson Hyperlegible Next",
    ):  # fmt: skip
        assert words in text, words
    assert set(paper_reading.codes(tmp_path / "proof.pdf", scale=4)) == {specimen.text()}
    with opened(job) as file:
        live = set(file.texts())
    assert token.parse(specimen.text()).serial.series == "SPC00"
    assert specimen.text() not in live
    assert list(paper_reading.faults(tmp_path / "proof.pdf")) == []


def test_a_note_on_the_proof_is_as_large_as_in_the_hand(tmp_path: Path, job: Path) -> None:
    visual_proof(job, tmp_path / "proof.pdf")
    dpi = 254
    document = pypdfium2.PdfDocument(tmp_path / "proof.pdf")
    picture = document[0].render(scale=dpi / 72).to_pil().convert("RGB")
    document.close()
    (code,) = workshop.qrs_in(picture)
    across = code.position.top_right.x - code.position.top_left.x
    assert across / dpi * 25.4 == pytest.approx(29.0, abs=0.4)
    column = round(17 / 25.4 * dpi)
    tinted = [
        picture.getpixel((column, y)) != (255, 255, 255) for y in range(round(30 / 25.4 * dpi), picture.height // 2)
    ]
    assert tinted[: round(70 / 25.4 * dpi)].count(True) / dpi * 25.4 == pytest.approx(66, abs=0.8)


def job_of_size(folder: Path, patch: pytest.MonkeyPatch, width: int, height: int) -> Path:
    """A job whose notes have a trim of `width` x `height` mm."""
    trim = f"trim_mm = [{width}, {height}]"
    patch.setattr(workshop, "TRIM_MM", (float(width), float(height)))
    for name in ("FRONT", "BACK"):
        patch.setattr(workshop, name, getattr(workshop, name).replace("trim_mm = [135, 66]", trim))
    return workshop.write_job(folder / "job.zip", workshop.write_designs(folder / "designs"))


def test_a_wide_note_has_its_facts_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    visual_proof(job_of_size(tmp_path, monkeypatch, 160, 74), tmp_path / "proof.pdf")
    (text,) = paper_reading.words(tmp_path / "proof.pdf")
    assert "Trim: 160 x 74 mm" in text
    assert "400 %" not in text


def test_a_note_that_does_not_fit_twice_on_a_page_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match="178 x 85 mm is too large"):
        visual_proof(job_of_size(tmp_path, monkeypatch, 178, 85), tmp_path / "proof.pdf")
    assert not (tmp_path / "proof.pdf").exists()


def test_the_papers_are_the_same_again_and_for_their_owner_alone(tmp_path: Path, job: Path, composed: Path) -> None:
    for folder in (tmp_path / "one", tmp_path / "two"):
        delivery_note(job, folder / "note.pdf")
        ticket(composed, folder / "ticket.pdf")
        visual_proof(job, folder / "proof.pdf")
    for first in (tmp_path / "one").iterdir():
        assert first.read_bytes() == (tmp_path / "two" / first.name).read_bytes(), first.name
        assert first.stat().st_mode & 0o077 == 0
