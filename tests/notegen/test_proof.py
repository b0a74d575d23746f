import base64
import csv
import hashlib
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from app.core.errors import BadInput
from notegen.compose import compose
from notegen.proof import Sample, proof
from notegen.readback import confidence
from notegen.readback.eye import eyes
from tests.notegen import workshop
from tests.zbar import needs_zbar

Rows = list[list[str]]


@pytest.fixture
def delivery(tmp_path: Path, composed: Path) -> Path:
    """A copy of the thirty notes, to spoil."""
    return Path(shutil.copytree(composed, tmp_path / "delivery"))


def rows_of(folder: Path) -> Rows:
    with (folder / "manifest.csv").open(newline="") as file:
        return list(csv.reader(file))


def rewrite(folder: Path, change: Callable[[Rows], None]) -> None:
    rows = rows_of(folder)
    change(rows)
    with (folder / "manifest.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)


def report(folder: Path) -> str:
    return (folder / "proof" / "report.html").read_text("utf-8")


def whys(folder: Path, sample: Sample = None) -> dict[str, str]:
    return {str(failure["serial"]): str(failure["why"]) for failure in proof(folder, sample=sample).failed}


@needs_zbar
def test_every_note_is_read_back_with_both_eyes(delivery: Path, job: Path) -> None:
    proved = proof(delivery, job)
    assert (proved.notes, proved.looked_at, proved.read, proved.failed) == (30, 30, 30, [])
    assert proved.eyes == ["zxing-cpp", "zbar"]


@pytest.mark.parametrize(("sample", "read"), [("all", 30), (None, 30), (7, 7), (1, 2), (500, 30)])
def test_a_sample_has_the_first_and_the_last(delivery: Path, sample: Sample, read: int) -> None:
    seen: list[int] = []
    assert proof(delivery, sample=sample, progress=seen.append).read == read
    assert sum(seen) == read


@pytest.mark.parametrize("choices", [{"pages": True}, {"sheet_name": "a4", "separators": True}, {"flip": "short"}])
def test_a_delivery_of_any_kind_is_read_back(tmp_path: Path, job: Path, choices: dict[str, object]) -> None:
    compose(job, tmp_path / "out", **choices)  # type: ignore[arg-type]
    assert proof(tmp_path / "out").read == 30


def test_a_file_that_the_manifest_does_not_know_is_found(delivery: Path) -> None:
    (known,) = (delivery / "press").glob("*.pdf")
    shutil.copy(known, delivery / "press" / "CWL26-001-run099.pdf")
    (failure,) = proof(delivery).failed
    assert (failure["file"], failure["serial"]) == ("press/CWL26-001-run099.pdf", "")


def test_two_notes_in_each_others_place_are_found_and_pictured(delivery: Path) -> None:
    def swap(rows: Rows) -> None:
        rows[3][0], rows[20][0] = rows[20][0], rows[3][0]

    rewrite(delivery, swap)
    failed = proof(delivery).failed
    assert {str(failure["serial"]) for failure in failed} == {"CWL260000003G", "CWL260000020E"}
    assert len(failed) == 2
    for failure in failed:
        assert "The QR there is that of CWL26" in str(failure["why"])
        assert f'id="{failure["picture"]}"' in report(delivery)


def test_notes_signed_by_another_key_fail(delivery: Path, tmp_path: Path, designs: Path) -> None:
    other = tmp_path / "other"
    compose(workshop.write_job(tmp_path / "other.zip", designs), other)
    shutil.copy(other / "job.toml", delivery / "job.toml")
    proved = proof(delivery)
    assert (proved.read, len(proved.failed)) == (0, 30)
    assert "not good under the key" in str(proved.failed[0]["why"])


def test_a_note_that_the_manifest_leaves_out_is_missed(delivery: Path) -> None:
    def leave_out(rows: Rows) -> None:
        del rows[12]

    rewrite(delivery, leave_out)
    found = whys(delivery)
    assert found["CWL260000012E"] == "It is not in the manifest."
    assert found[""] == "Something is printed on this sheet where the manifest leaves the paper blank."


def test_a_serial_twice_and_a_place_twice_are_found(delivery: Path) -> None:
    def twice(rows: Rows) -> None:
        rows.append([*rows[5]])
        rows[8][1:] = rows[7][1:]

    rewrite(delivery, twice)
    assert set(whys(delivery).values()) >= {
        "Another note stands in the same place.",
        "It stands in the manifest twice.",
    }


def test_a_note_of_no_such_job_is_found(delivery: Path, designs: Path, tmp_path: Path) -> None:
    rewrite(delivery, lambda rows: rows.append(["CWL260000031F", *rows[5][1:]]))
    with pytest.raises(BadInput, match="is not the place of a note"):
        proof(delivery)


@pytest.mark.parametrize(("column", "value"), [(2, "9"), (3, "4"), (7, "99")])
def test_a_place_beyond_the_paper_is_found(delivery: Path, column: int, value: str) -> None:
    def send_away(rows: Rows) -> None:
        rows[4][column] = value

    rewrite(delivery, send_away)
    found = "Its page is missing: the file has 6." if value == "99" else "There is no such place on the paper."
    assert (rows_of(delivery)[4][0], found) in {(str(one["serial"]), one["why"]) for one in proof(delivery).failed}


def spoil(folder: Path, change: Callable[[pikepdf.Pdf], None]) -> None:
    """Change the one press file of a delivery after it was composed."""
    (file,) = (folder / "press").iterdir()
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        change(pdf)
        pdf.save(file)


def spoil_front(folder: Path, change: Callable[[bytes], bytes]) -> None:
    """Change what is printed on the first sheet's front alone."""

    def write(pdf: pikepdf.Pdf) -> None:
        before = pdf.pages[0].Contents.read_bytes()
        after = change(before)
        assert after != before
        pdf.pages[0].Contents.write(after)

    spoil(folder, write)


def onto_note(pdf: pikepdf.Pdf, content: bytes) -> None:
    note = pdf.pages[0].resources.XObject.Note
    note.write(note.read_bytes() + content)


SYMBOL = re.compile(rb"82\.2047 0 0 82\.2047 ([\d.]+) ([\d.]+) cm\nBI/W 49/H 49(.*?)\nEI Q\n", re.DOTALL)

NOTE = re.compile(rb"q 1 0 0 1 ([\d.]+) ([\d.]+) cm\nBT")
"""Where the first of them has its trim's lower left corner, from which all of it is set."""


def corner(content: bytes) -> tuple[float, float]:
    """The lower left corner of the first symbol, in points on the page."""
    note, symbol = next(NOTE.finditer(content)), next(SYMBOL.finditer(content))
    return float(note[1]) + float(symbol[1]), float(note[2]) + float(symbol[2])


def moved(content: bytes) -> bytes:
    """The first symbol two millimetres to the right."""

    def move(found: re.Match[bytes]) -> bytes:
        return found[0].replace(found[1], b"%.4f" % (float(found[1]) + 2 * workshop.MM), 1)

    return SYMBOL.sub(move, content, count=1)


def test_two_qrs_in_each_others_place_are_found(delivery: Path) -> None:
    def swap(content: bytes) -> bytes:
        one, other = list(SYMBOL.finditer(content))[:2]
        return b"".join(
            [content[: one.start(3)], other[3], content[one.end(3) : other.start(3)], one[3], content[other.end(3) :]]
        )

    spoil_front(delivery, swap)
    found = proof(delivery)
    assert (found.read, len(found.failed)) == (28, 2)
    assert {str(one["why"]) for one in found.failed} == {
        "The QR there is that of CWL260000004E.",
        "The QR there is that of CWL260000001K.",
    }


def test_a_qr_that_has_lost_some_of_its_timing_is_found(delivery: Path) -> None:
    def wipe(content: bytes) -> bytes:
        x, y = corner(content)
        module = 29 * workshop.MM / 49
        return content + b"0 0 0 0 k %.2f %.2f 5 1.7 re f\n" % (x + 18 * module, y + 42 * module)

    spoil_front(delivery, wipe)
    (why,) = whys(delivery).values()
    assert re.fullmatch(r"\d+ modules of the fixed patterns of the QR are covered or lost\.", why)


def test_the_same_qr_twice_is_found(delivery: Path) -> None:
    def copy(content: bytes) -> bytes:
        one, other = list(SYMBOL.finditer(content))[:2]
        return content[: other.start(3)] + one[3] + content[other.end(3) :]

    spoil_front(delivery, copy)
    assert list(whys(delivery).values()) == ["The QR there is that of CWL260000001K."]


def test_a_qr_two_millimetres_from_its_place_is_found(delivery: Path) -> None:
    spoil_front(delivery, moved)
    assert whys(delivery) == {"CWL260000001K": "The QR lies 2.0 mm from its place."}


def test_a_grey_qr_is_found_and_graded(delivery: Path) -> None:
    def grey(found: re.Match[bytes]) -> bytes:
        return found[0].replace(b"cm\nBI", b"cm 0 0 0 0.4 k\nBI")

    spoil_front(delivery, lambda content: SYMBOL.sub(grey, content, count=1))
    (why,) = whys(delivery).values()
    assert re.fullmatch(r"The contrast of the QR is \d+%, grade [BCD]: on film it must be 70%, grade A\.", why)


def test_a_broken_operator_that_drops_a_qr_is_found(delivery: Path) -> None:
    spoil_front(delivery, lambda content: content.replace(b"\nBI/W 49", b"\nBJ/W 49", 1))
    assert "CWL260000001K" in whys(delivery)


def test_a_wrong_address_in_a_qr_is_found(delivery: Path) -> None:
    text = (delivery / "job.toml").read_text().replace(workshop.HOST, "NOTES.EXAMPLE.NET")
    (delivery / "job.toml").write_text(text)
    assert set(whys(delivery).values()) == {"The address in its QR is not that of the job."}


def test_a_wrong_address_in_letters_is_found_on_either_side(delivery: Path) -> None:
    layout = delivery / "layout.toml"
    layout.write_text(layout.read_text().replace("or go to notes.example.org", "or go to notes.example.net"))
    found = proof(delivery)
    assert found.read == 0
    assert "It does not say “or go to notes.example.net”" in str(found.failed[0]["why"])
    layout.write_text(layout.read_text().replace(".net", ".org").replace("ewch i notes", "ewch i nodiadau"))
    (failure,) = proof(delivery).failed
    assert "Its back: It does not say “neu ewch i nodiadau.example.org”" in str(failure["why"])
    assert (failure["page"], failure["notes"]) == (2, 30)


def test_ink_in_the_quiet_zone_of_one_note_is_found(delivery: Path) -> None:
    def mark(content: bytes) -> bytes:
        x, y = corner(content)
        return content + b"%.2f %.2f 1 20 re f\n" % (x - 4, y)

    spoil_front(delivery, mark)
    (why,) = whys(delivery).values()
    assert re.match(r"Ink comes to [12]\.\d modules from the QR", why)


def test_art_under_the_quiet_zone_is_seen_on_the_sheets_read_with_their_art(delivery: Path) -> None:
    tint = b"0.1 0 0 0 k %.2f %.2f 4 40 re f\n" % (95.5 * workshop.MM - 5, (66 - 16 - 29) * workshop.MM)
    spoil(delivery, lambda pdf: onto_note(pdf, tint))
    found = proof(delivery)
    assert (found.read, len(found.failed)) == (0, 30)
    assert "With its art: Ink comes to 0." in str(found.failed[0]["why"])


def test_art_over_a_qr_is_seen_on_the_sheets_read_with_their_art(delivery: Path) -> None:
    spoil(delivery, lambda pdf: onto_note(pdf, b"0 0 0 1 k 280 60 30 30 re f\n"))
    assert {int(str(failure["page"])) for failure in proof(delivery).failed} == {1, 3, 5}


def test_art_over_a_qr_is_found_even_where_error_correction_hides_it(delivery: Path) -> None:
    x, y = (95.5 + 12) * workshop.MM, (66 - 16 - 17) * workshop.MM
    spoil(delivery, lambda pdf: onto_note(pdf, b"0 0 0 1 k %.2f %.2f 9 9 re f\n" % (x, y)))
    found = whys(delivery)
    assert len(found) == 30
    assert all(
        re.fullmatch(r"With its art: \d+ modules of its QR are covered or lost\.", why) for why in found.values()
    )


def test_a_wrong_serial_in_letters_is_found(delivery: Path) -> None:
    spoil_front(delivery, lambda content: content.replace(b"(CWL26 0000001 K)", b"(CWL26 0000002 I)", 1))
    assert "The serial printed on it is" in whys(delivery)["CWL260000001K"]


def test_a_lost_symbol_is_found(delivery: Path) -> None:
    spoil_front(delivery, lambda content: content.replace(b"82.2047 0 0 82.2047", b"8.2047 0 0 8.2047", 1))
    assert whys(delivery) == {"CWL260000001K": "zxing-cpp reads no QR there."}


def test_a_back_that_is_missing_is_found(delivery: Path) -> None:
    def wipe(pdf: pikepdf.Pdf) -> None:
        pdf.pages[3].Contents = pdf.make_stream(b"")

    spoil(delivery, wipe)
    found = proof(delivery)
    assert (found.read, [(one["page"], one["notes"]) for one in found.failed]) == (20, [(4, 10)])
    assert "The back of the note is missing" in str(found.failed[0]["why"])


def test_one_back_unlike_the_others_is_found(delivery: Path) -> None:
    def draw(pdf: pikepdf.Pdf) -> None:
        pdf.pages[3].Contents = pdf.make_stream(pdf.pages[3].Contents.read_bytes() + b"1 0 0 0 k 150 150 90 40 re f\n")

    spoil(delivery, draw)
    assert list(whys(delivery).values()) == ["Its back is not like those of the other sheets."]


def test_a_page_that_is_missing_is_found(delivery: Path) -> None:
    def tear(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[4:]

    spoil(delivery, tear)
    found = proof(delivery)
    assert found.read == 20
    assert {str(one["why"]) for one in found.failed} == {"Its page is missing: the file has 4."}


def test_a_sheet_more_than_the_manifest_knows_is_found(delivery: Path) -> None:
    spoil(delivery, lambda pdf: pdf.pages.append(pdf.pages[0]))
    (failure,) = proof(delivery).failed
    assert (failure["page"], failure["serial"]) == (7, "")
    assert "spare notes are never printed" in str(failure["why"])


def test_a_press_file_cut_short_fails_all_its_notes(delivery: Path) -> None:
    (file,) = (delivery / "press").iterdir()
    file.write_bytes(file.read_bytes()[:-3000])
    found = proof(delivery)
    assert (found.read, len(found.failed)) == (0, 30)
    assert "cannot be read as a PDF" in str(found.failed[0]["why"])


def test_a_manifest_that_someone_has_sorted_is_read_all_the_same(tmp_path: Path, job: Path) -> None:
    compose(job, tmp_path / "out", run_sheets=1)

    def sort(rows: Rows) -> None:
        rows[1:] = sorted(rows[1:], key=lambda row: (row[2], row[3]))

    rewrite(tmp_path / "out", sort)
    assert proof(tmp_path / "out", workers=1).failed == []


def test_files_shared_over_processes_are_read_alike(tmp_path: Path, job: Path) -> None:
    compose(job, tmp_path / "out", run_sheets=1)
    seen: list[int] = []
    alone = proof(tmp_path / "out", workers=1)
    shared = proof(tmp_path / "out", workers=2, progress=seen.append)
    assert replace(alone, seconds=0) == replace(shared, seconds=0)
    assert sum(seen) == 30


@needs_zbar
def test_a_proof_measures_what_it_reads(delivery: Path) -> None:
    proved = proof(delivery)
    for table in (proved.measures, proved.measures_with_art):
        assert table["module_mm"].least == pytest.approx(29 / 49, rel=0.01)
        assert table["clear_modules"].least >= 4
        assert table["contrast"].least > 0.9
        assert table["off_mm"].greatest < 0.2
        assert table["contrast"].least_serial in report(delivery)


def test_a_report_says_what_it_is_of_and_is_for_its_owner_alone(delivery: Path) -> None:
    proved = proof(delivery)
    page = report(delivery)
    (file,) = (delivery / "press").iterdir()
    assert "All good. Every one of the 30 notes was read" in page
    assert hashlib.sha256(file.read_bytes()).hexdigest() in page
    assert "CWL26-001" in page
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []
    assert (delivery / "proof").stat().st_mode & 0o077 == 0
    assert Path(proved.report).stat().st_mode & 0o077 == 0


@needs_zbar
@pytest.mark.parametrize("fault", ["none", "moved", "misplaced"])
def test_no_note_can_be_read_from_a_report(delivery: Path, fault: str) -> None:
    if fault == "moved":
        spoil_front(delivery, moved)
    if fault == "misplaced":
        rewrite(delivery, lambda rows: rows[3].__setitem__(0, rows[20][0]))
    proof(delivery)
    pictures = re.findall(r"base64,([\w+/=]+)", report(delivery))
    assert len(pictures) >= (2 if fault == "none" else 3)
    for picture in pictures:
        shown = np.asarray(Image.open(BytesIO(base64.b64decode(picture))).convert("L"))
        assert [sight for eye in eyes() for sight in eye.read(shown)] == []
        assert workshop.qrs_in(shown) == []


@pytest.mark.parametrize(
    ("notes", "sampled", "failed", "least", "most"),
    [
        (50_000, 1000, 0, 140, 150),
        (50_000, 50_000, 0, 0, 0),
        (50_000, 50_000, 7, 7, 7),
        (100, 99, 0, 0, 0),
        (10, 5, 5, 10, 10),
    ],
)
def test_a_sample_says_how_many_may_be_bad(notes: int, sampled: int, failed: int, least: int, most: int) -> None:
    assert least <= confidence.most_bad(notes, sampled, failed) <= most


def test_confidence_is_said_in_a_sentence(delivery: Path) -> None:
    assert re.fullmatch(
        r"1,000 of 50,000 notes, taken at random, were read and all good: with 95% confidence at most 148 \(0\.30%\) "
        r"of the job are bad\.",
        confidence.sentence(50_000, 1000, 0),
    )
    proved = proof(delivery, sample=10)
    assert (proved.confidence, proved.statement) == (0.95, confidence.sentence(30, 10, 0))
    assert proved.statement in report(delivery)


def test_a_stopped_proof_leaves_the_report_of_before(delivery: Path) -> None:
    proof(delivery)
    before = sorted((path, path.read_bytes()) for path in (delivery / "proof").iterdir())

    def stop(notes: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        proof(delivery, progress=stop)
    assert sorted((path, path.read_bytes()) for path in (delivery / "proof").iterdir()) == before


def test_a_press_file_that_is_gone_fails_all_its_notes(delivery: Path) -> None:
    (file,) = (delivery / "press").iterdir()
    file.unlink()
    assert len(whys(delivery)) == 30


def test_without_zbar_one_eye_reads_on(delivery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyzbar", None)
    proved = proof(delivery)
    assert (proved.eyes, proved.read) == (["zxing-cpp"], 30)


@pytest.mark.parametrize("missing", ["job.toml", "manifest.csv", "layout.toml"])
def test_a_folder_that_compose_did_not_write_is_refused(delivery: Path, missing: str) -> None:
    (delivery / missing).unlink()
    with pytest.raises(BadInput, match="compose"):
        proof(delivery)


def test_a_delivery_of_another_job_file_is_refused(delivery: Path, tmp_path: Path, designs: Path) -> None:
    with pytest.raises(BadInput, match="another job"):
        proof(delivery, workshop.write_job(tmp_path / "other.zip", designs))
