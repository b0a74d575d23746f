import json
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from notegen.cli import main
from notegen.design import default_folder
from tests.notegen import workshop


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def answer(*words: object, code: int = 0) -> dict[str, Any]:
    done = run(*words, "--json")
    assert done.exit_code == code, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    "command",
    [
        "",
        "compose",
        "calibrate",
        "proof",
        "labels",
        "delivery-note",
        "ticket",
        "visual-proof",
        "preview",
        "specimen",
        "check",
    ],
)
def test_every_command_has_help(command: str) -> None:
    done = run(*command.split(), "--help")
    assert (done.exit_code, done.stdout.startswith("Usage:")) == (0, True)


def test_it_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "notegen", "--help"], capture_output=True, text=True, check=True)
    assert "compose" in done.stdout


def test_compose_and_proof_give_what_the_contract_says(tmp_path: Path, job: Path) -> None:
    out = tmp_path / "out"
    made = answer("compose", job, "--out", out, "--sheet", "A4", "--flip", "short", "--workers", 1, "--separators")
    assert set(made) >= {"notes", "sheets", "files", "manifest", "seconds", "peak_memory_mb"}
    assert (made["notes"], made["sheets"]) == (30, 10)
    assert all(Path(file).is_file() for file in [*made["files"], made["manifest"]])
    proved = answer("proof", out)
    assert set(proved) >= {"notes", "read", "failed", "seconds"}
    assert (proved["notes"], proved["read"], proved["failed"]) == (30, 30, [])


def test_the_choices_of_a_sheet_reach_the_layout(tmp_path: Path, job: Path) -> None:
    out = tmp_path / "out"
    sheet = ("--sheet", "330x488", "--back-offset", "-1.5,0.4", "--reverse", "--allowance", "5%")
    answer("compose", job, "--out", out, *sheet)
    layout = (out / "layout.toml").read_text()
    for line in (
        'sheet = "330x488"',
        "back_offset_mm = [-1.5, 0.4]",
        'printed_first = "last sheet"',
        "allowance_sheets = 1",
    ):
        assert f"{line}\n" in layout
    assert answer("proof", out)["failed"] == []


def test_a_calibration_sheet_is_written(tmp_path: Path) -> None:
    made = answer("calibrate", "--sheet", "A3", "--office", "--back-offset", "1,-1", "--out", tmp_path / "sheet.pdf")
    assert made == {"file": str(tmp_path / "sheet.pdf"), "sheet_mm": [297.0, 420.0]}
    assert run("calibrate", "--out", tmp_path / "again.pdf").stdout == f"{tmp_path / 'again.pdf'}\n"


def test_a_person_is_answered_in_words(tmp_path: Path, job: Path) -> None:
    composed = run("compose", job, "--out", tmp_path / "out")
    assert composed.stdout.startswith("30 notes on 3 sheets")
    assert run("proof", tmp_path / "out", "--sample", 4).stdout.startswith("4 of 4 notes are good (30 in the job")
    assert run("labels", job, "--out", tmp_path / "labels.pdf").stdout.startswith("6 labels on 1 sheet:")


def test_the_papers_of_a_job_are_written_and_counted(tmp_path: Path, job: Path, composed: Path) -> None:
    hole, label = "CWL26 1-5", "HTTPS://NOTES.EXAMPLE.ORG/B/CWL260000006ACWL260000010I"
    made = answer("labels", job, "--out", tmp_path / "l.pdf", "--without", hole, "--without", label)
    assert (made["bundles"], made["labels"], made["notes"], made["sheets"]) == (4, 4, 20, 1)
    assert answer("labels", job, "--out", tmp_path / "b.pdf", "--box", 4)["boxes"] == 2
    assert run("labels", job, "--out", tmp_path / "b.pdf", "--box").stdout.startswith("1 label on 1 sheet:")
    note = answer("delivery-note", job, "--out", tmp_path / "d.pdf", "--without", hole, "--to", "Truro", "--bundles", 2)
    assert {key: note[key] for key in ("boxes", "bundles", "notes", "void")} == {
        "boxes": 1, "bundles": 1, "notes": 5, "void": 0
    }  # fmt: skip
    ticket = answer("ticket", composed, "--out", tmp_path / "t.pdf")
    assert {key: ticket[key] for key in ("notes", "sheets", "runs", "allowance_sheets")} == {
        "notes": 30, "sheets": 3, "runs": 1, "allowance_sheets": 10
    }  # fmt: skip
    assert answer("visual-proof", job, "--out", tmp_path / "v.pdf") == {"file": str(tmp_path / "v.pdf")}
    for name in "lbdtv":
        assert (tmp_path / f"{name}.pdf").read_bytes().startswith(b"%PDF")


def test_a_proof_that_fails_exits_with_1(tmp_path: Path, composed: Path) -> None:
    folder = Path(shutil.copytree(composed, tmp_path / "out"))
    lines = (folder / "manifest.csv").read_text().splitlines()
    (folder / "manifest.csv").write_text("\n".join(lines[:-1]) + "\n")
    done = run("proof", folder)
    assert done.exit_code == 1
    assert "It is not in the manifest." in done.stdout
    assert answer("proof", folder, code=1)["failed"][0]["serial"] == "CWL260000030A"


def test_without_zbar_a_line_says_so(tmp_path: Path, composed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyzbar", None)
    done = run("proof", shutil.copytree(composed, tmp_path / "out"), "--sample", 2)
    assert done.exit_code == 0
    assert done.stderr.count("\n") == 1
    assert "libzbar0" in done.stderr


def test_preview_specimen_and_check_take_a_folder_or_a_name(tmp_path: Path, designs: Path) -> None:
    assert run("preview", designs / "plain", "--out", tmp_path / "note.png").exit_code == 0
    assert (tmp_path / "note.png").read_bytes().startswith(b"\x89PNG")
    assert answer("preview", "plain", "--designs", designs, "--out", tmp_path / "b.png")["file"].endswith("b.png")
    assert run("specimen", "plain", "--designs", designs, "--out", tmp_path / "note.pdf").exit_code == 0
    assert (tmp_path / "note.pdf").read_bytes().startswith(b"%PDF")
    assert answer("check", "cornwall") == {"faults": [], "warnings": []}
    assert run("check", default_folder() / "cornwall").stdout == "No faults.\n"


def test_a_faulty_design_exits_with_1(tmp_path: Path, designs: Path) -> None:
    folder = Path(shutil.copytree(designs / "plain", tmp_path / "plain"))
    (folder / "design.toml").write_text("format = 2\n")
    (fault,) = answer("check", folder, code=1)["faults"]
    assert answer("check", "plain", "--designs", tmp_path, code=1)["faults"][0]["message"] == fault["message"]
    assert set(fault) >= {"rule", "message", "where"}


def test_each_wrong_input_is_one_sentence_exit_2_and_leaves_nothing(tmp_path: Path, job: Path, designs: Path) -> None:
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(job.read_bytes()[:-300])
    backless = workshop.write_job(tmp_path / "backless.zip", designs, back=False)
    out = tmp_path / "out"
    for words in (
        ("compose", damaged, "--out", out),
        ("compose", backless, "--out", out),
        ("compose", tmp_path / "none.zip", "--out", out),
        ("compose", tmp_path, "--out", out),
        ("compose", job),
        ("compose", damaged, "--out", tmp_path / "missing" / "out"),
        ("compose", job, "--out", damaged / "out"),
        ("compose", job, "--out", damaged),
        ("compose", job, "--out", out, "--sheet", "a9"),
        ("compose", job, "--out", out, "--sheet", "90x300"),
        ("compose", job, "--out", out, "--sheet", "100x120"),
        ("compose", job, "--out", out, "--back-offset", "11,0"),
        ("compose", job, "--out", out, "--back-offset", "left"),
        ("compose", job, "--out", out, "--allowance", "some"),
        ("compose", job, "--out", out, "--pages", "--office"),
        ("calibrate", "--out", out, "--sheet", "a9"),
        ("calibrate", "--out", out, "--note", "135"),
        ("calibrate", "--out", out, "--note", "3000x10"),
        ("labels", job, "--out", damaged / "labels.pdf"),
        ("compose", job, "--out", out, "--flip", "sideways"),
        ("compose", job, "--out", out, "--workers", "0"),
        ("proof", out),
        ("proof", tmp_path, "--sample", "some"),
        ("labels", damaged, "--out", tmp_path / "labels.pdf"),
        ("labels", job, "--out", tmp_path / "labels.pdf", "--without", "CWL26 31"),
        ("labels", job, "--out", tmp_path / "labels.pdf", "--without", "CWL26-001"),
        ("labels", job, "--out", tmp_path / "labels.pdf", "--without", "nonsense"),
        ("labels", job, "--out", tmp_path / "labels.pdf", "--without", "CWL26 1-30"),
        ("labels", job, "--out", tmp_path / "labels.pdf", "--box", 0),
        ("delivery-note", job, "--out", tmp_path / "note.pdf", "--bundles", "one"),
        ("delivery-note", job, "--out", tmp_path / "note.pdf", "--bundles", "1-99"),
        ("delivery-note", tmp_path, "--out", tmp_path / "note.pdf"),
        ("ticket", tmp_path, "--out", tmp_path / "ticket.pdf"),
        ("ticket", job, "--out", tmp_path / "ticket.pdf"),
        ("visual-proof", backless, "--out", tmp_path / "proof.pdf"),
        ("visual-proof", tmp_path, "--out", tmp_path / "proof.pdf"),
        ("preview", "nowhere", "--out", tmp_path / "note.png"),
        ("preview", tmp_path, "--out", tmp_path / "note.png"),
        ("specimen", "nowhere", "--out", tmp_path / "note.pdf"),
        ("check", tmp_path),
        ("check", "plain", "--designs", tmp_path / "missing"),
        ("engrave",),
    ):
        done = run(*words)
        assert done.exit_code == 2, (words, done.output)
        assert done.stderr.startswith("notegen: "), (words, done.stderr)
        assert done.stderr.count("\n") == 1, (words, done.stderr)
        assert done.stdout == ""
        assert {path.name for path in tmp_path.iterdir()} == {"damaged.zip", "backless.zip"}, words


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_press_of_several_processes_stops_when_it_is_told_to(
    tmp_path: Path, designs: Path, number: signal.Signals
) -> None:
    job = workshop.write_job(tmp_path / "job.zip", designs, quantity=60_000)
    command = [sys.executable, "-m", "notegen", "compose", str(job), "--out", str(tmp_path / "out"), "--workers", "2"]
    heeds = partial(
        signal.signal, signal.SIGINT, signal.default_int_handler
    )  # a shell's background jobs are deaf to it
    with subprocess.Popen(
        [*command, "--run-sheets", "50"], stderr=subprocess.PIPE, text=True, preexec_fn=heeds
    ) as process:
        while process.poll() is None and not list(tmp_path.glob(".notegen-*/press/*.pdf")):
            time.sleep(0.02)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said.strip()) == (130, "notegen: Stopped; nothing half-written was left.")
    assert [path.name for path in tmp_path.iterdir()] == ["job.zip"]
