import csv
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from app.core.errors import BadInput
from notegen.compose import compose
from notegen.proof import Sample, proof
from tests.notegen import workshop
from tests.zbar import needs_zbar

Rows = list[list[str]]


@pytest.fixture
def delivery(tmp_path: Path, composed: Path) -> Path:
    """A copy of the thirty notes, to spoil."""
    return Path(shutil.copytree(composed, tmp_path / "delivery"))


def rewrite(folder: Path, change: Callable[[Rows], None]) -> None:
    with (folder / "manifest.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    change(rows)
    with (folder / "manifest.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)


def whys(folder: Path, sample: Sample = None) -> dict[str, str]:
    return {str(failure["serial"]): str(failure["why"]) for failure in proof(folder, sample=sample).failed}


@needs_zbar
def test_every_note_is_read_back_with_both_eyes(composed: Path, job: Path) -> None:
    proved = proof(composed, job)
    assert (proved.notes, proved.looked_at, proved.read, proved.failed) == (30, 30, 30, [])
    assert proved.eyes == ["zxing-cpp", "zbar"]


@pytest.mark.parametrize(("sample", "read"), [("all", 30), (None, 30), (7, 7), (1, 2), (500, 30)])
def test_a_sample_has_the_first_and_the_last(composed: Path, sample: Sample, read: int) -> None:
    seen: list[int] = []
    assert proof(composed, sample=sample, progress=seen.append).read == read
    assert sum(seen) == read


@pytest.mark.parametrize("choices", [{"pages": True}, {"sheet_name": "a4", "separators": True}, {"flip": "short"}])
def test_a_delivery_of_any_kind_is_read_back(tmp_path: Path, job: Path, choices: dict[str, object]) -> None:
    compose(job, tmp_path / "out", **choices)  # type: ignore[arg-type]
    assert proof(tmp_path / "out").read == 30


def test_two_notes_in_each_others_place_are_found_and_pictured(delivery: Path) -> None:
    def swap(rows: Rows) -> None:
        rows[3][0], rows[20][0] = rows[20][0], rows[3][0]

    rewrite(delivery, swap)
    failed = proof(delivery).failed
    assert {str(failure["serial"]) for failure in failed} == {"CWL260000003G", "CWL260000020E"}
    assert len(failed) == 2
    for failure in failed:
        assert "The QR there is that of CWL26" in str(failure["why"])
        assert (delivery / str(failure["picture"])).read_bytes().startswith(b"\x89PNG")
        assert (delivery / str(failure["picture"])).stat().st_mode & 0o077 == 0


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
    assert whys(delivery) == {"CWL260000012E": "It is not in the manifest."}


def test_a_serial_twice_and_a_place_twice_are_found(delivery: Path) -> None:
    def twice(rows: Rows) -> None:
        rows.append([*rows[5]])
        rows[8][1:] = rows[7][1:]

    rewrite(delivery, twice)
    assert sorted(whys(delivery).values()) == [
        "Another note stands in the same place.",
        "It stands in the manifest twice.",
    ]


def test_a_note_of_no_such_job_is_found(delivery: Path, designs: Path, tmp_path: Path) -> None:
    rewrite(delivery, lambda rows: rows.append(["CWL260000031F", *rows[5][1:]]))
    with pytest.raises(BadInput, match="is not the place of a note"):
        proof(delivery)


@pytest.mark.parametrize(("column", "value"), [(2, "9"), (3, "4"), (7, "99")])
def test_a_place_beyond_the_paper_is_found(delivery: Path, column: int, value: str) -> None:
    def send_away(rows: Rows) -> None:
        rows[4][column] = value

    rewrite(delivery, send_away)
    assert list(whys(delivery).values()) == ["There is no such place on the paper."]


def test_art_over_a_qr_is_seen_on_the_sheets_read_with_their_art(delivery: Path) -> None:
    (file,) = (delivery / "press").iterdir()
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        note = pdf.pages[0].resources.XObject.Note
        note.write(note.read_bytes() + b"0 0 0 1 k 280 60 30 30 re f\n")
        pdf.save(file)
    assert {int(str(failure["page"])) for failure in proof(delivery).failed} == {1, 5}


def test_a_wrong_serial_in_letters_is_found(delivery: Path) -> None:
    (file,) = (delivery / "press").iterdir()
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        content = pdf.pages[0].Contents
        content.write(content.read_bytes().replace(b"(CWL26 0000001 K)", b"(CWL26 0000002 I)", 1))
        pdf.save(file)
    assert "The serial printed on it is" in whys(delivery)["CWL260000001K"]


def test_a_lost_symbol_is_found(delivery: Path) -> None:
    (file,) = (delivery / "press").iterdir()
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        content = pdf.pages[0].Contents
        content.write(content.read_bytes().replace(b"82.2047 0 0 82.2047", b"8.2047 0 0 8.2047", 1))
        pdf.save(file)
    assert whys(delivery) == {"CWL260000001K": "zxing-cpp reads no QR there."}


def test_a_press_file_that_is_gone_fails_all_its_notes(delivery: Path) -> None:
    (file,) = (delivery / "press").iterdir()
    file.unlink()
    assert len(whys(delivery)) == 30


def test_without_zbar_one_eye_reads_on(composed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyzbar", None)
    proved = proof(composed)
    assert (proved.eyes, proved.read) == (["zxing-cpp"], 30)


@pytest.mark.parametrize("missing", ["job.toml", "manifest.csv", "layout.toml"])
def test_a_folder_that_compose_did_not_write_is_refused(delivery: Path, missing: str) -> None:
    (delivery / missing).unlink()
    with pytest.raises(BadInput, match="compose"):
        proof(delivery)


def test_a_delivery_of_another_job_file_is_refused(composed: Path, tmp_path: Path, designs: Path) -> None:
    with pytest.raises(BadInput, match="another job"):
        proof(composed, workshop.write_job(tmp_path / "other.zip", designs))
