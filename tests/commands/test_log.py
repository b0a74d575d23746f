"""The log at the command line: checkpoints kept outside, and the pack for a stranger."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app.core import merkle
from app.core.checkpoint import CheckpointKey
from app.store import tables
from tests.commands.conftest import Office
from tests.world import World


@pytest.fixture
def kept(office: Office, settled: World) -> Path:
    """A checkpoint, kept outside."""
    file = office.folder / "kept.txt"
    file.write_text(office.run("checkpoint"), "utf-8")
    settled.redeem(11)
    return file


def test_an_empty_log_has_no_checkpoint(office: Office) -> None:
    office.run("init")
    assert office.run("checkpoint") == "The log is empty as yet.\n"
    assert office.refuses("audit-pack", office.folder / "pack.zip").endswith("there is nothing to pack.")
    assert not (office.folder / "pack.zip").exists()


def test_the_log_is_in_order_and_continues_the_checkpoint_that_was_kept(office: Office, kept: Path) -> None:
    later = office.json("verify-log", "--against", kept)
    assert (later["findings"], later["waiting"]) == ([], 0), "what waits for its place gets it first"
    assert office.json("verify-log", "--against", kept)["findings"] == []


def test_books_that_somebody_edited_fall_short(office: Office, settled: World, kept: Path) -> None:
    with settled.store.engine.begin() as connection:
        settled.unguard(connection, "movement")
        connection.execute(tables.movement.update().where(tables.movement.c.kind == "void").values(reason="lost"))
    assert "was changed after it was logged" in " ".join(office.run("verify-log", code=1).split())
    found = office.json("verify-log", "--against", kept, code=1)["findings"]
    assert {each["check"] for each in found} == {"fact_changed"}


@pytest.mark.parametrize("bad", [b"", b"no checkpoint\n", b"\xff", b"x" * 10_000])
def test_what_is_no_checkpoint_is_refused(office: Office, settled: World, bad: bytes) -> None:
    (office.folder / "bad.txt").write_bytes(bad)
    assert "checkpoint" in office.refuses("verify-log", "--against", office.folder / "bad.txt")
    assert "cannot be read" in office.refuses("verify-log", "--against", office.folder / "not-there.txt")


def test_an_order_is_proved(office: Office, kept: Path) -> None:
    proved = json.loads(office.run("prove", "CWL26-001"))
    assert '"id":"CWL26-001"' in proved["proofs"][0]["fact"]
    assert "The log has no fact CWL26-999" in office.refuses("prove", "CWL26-999")


def test_one_checkpoint_is_proved_to_continue_another(office: Office, kept: Path) -> None:
    """With what an outsider has: two checkpoints, a proof, and the lines in the guide for auditors."""
    newest, script, proof = (office.folder / name for name in ("newest.txt", "compare.py", "proof.json"))
    newest.write_text(office.run("checkpoint"), "utf-8")
    guide = (Path(__file__).parents[2] / "docs" / "auditor.md").read_text("utf-8")
    script.write_text(guide.split("```python\n")[1].split("```")[0], "utf-8")
    old, new = (int(path.read_text("utf-8").splitlines()[1]) for path in (kept, newest))
    assert new == old + 1

    def compare(first: Path, second: Path) -> int:
        words = [sys.executable, "-I", *map(str, (script, first, second, proof))]
        return subprocess.run(words, check=False, timeout=60, stderr=subprocess.DEVNULL).returncode

    proof.write_text(office.run("prove", "--from", old), "utf-8")
    assert compare(kept, newest) == 0
    assert compare(kept, kept) == compare(newest, kept) == 1
    other = office.folder / "other.txt"
    other.write_text(CheckpointKey(bytes(32)).sign(old, bytes(32)), "utf-8")
    assert compare(other, newest) == 1, "a checkpoint of another log"
    told = office.json("prove", "--from", old, "--to", old)
    assert (told["path"], told["old"], told["new"]) == ([], old, old)
    for size in range(1, new + 1):
        told = office.json("prove", "--from", size, "--to", new)
        roots = (bytes.fromhex(told["old_root"]), bytes.fromhex(told["new_root"]))
        assert merkle.is_consistent(size, new, *roots, [bytes.fromhex(each) for each in told["path"]])
    for words in (["--from", new + 1], ["--from", 2, "--to", 1], ["--from", 1, "--to", new + 1], ["--from", 0], ["--to", 1],
                  [], ["CWL26-001", "--from", 1]):  # fmt: skip
        office.refuses("prove", *words)


def test_a_log_that_was_edited_proves_nothing(office: Office, settled: World, kept: Path) -> None:
    with settled.store.engine.begin() as connection:
        settled.unguard(connection, "log_leaf")
        connection.execute(
            tables.log_leaf.update().where(tables.log_leaf.c.leaf_index == 3).values(leaf_hash=bytes(32))
        )
    assert "not as its newest checkpoint says" in office.refuses("prove", "--from", 2)


def test_the_pack_is_whole_or_not_there(office: Office, kept: Path) -> None:
    pack = office.folder / "pack.zip"
    assert office.json("audit-pack", pack)["facts"] > 0
    with zipfile.ZipFile(pack) as opened:
        opened.extractall(office.folder / "pack")
    script = [sys.executable, "-I", str(office.folder / "pack" / "verify.py"), str(kept)]
    assert subprocess.run(script, check=False, timeout=60, stdout=subprocess.DEVNULL).returncode == 0
    assert "cannot be written" in office.refuses("audit-pack", office.folder / "nowhere" / "pack.zip")


@pytest.mark.parametrize("key", ["short", "g" * 64, "a" * 63])
def test_a_key_of_another_form_is_refused(office: Office, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOURNOTE_CHECKPOINT_KEY", key)
    assert office.refuses("checkpoint").startswith("hournote: HOURNOTE_CHECKPOINT_KEY is not 64 hexadecimal digits")


def test_another_instance_does_not_sign_the_log(office: Office, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOURNOTE_CHECKPOINT_KEY", "ab" * 32)
    for command in (["checkpoint"], ["verify-log"], ["prove", "CWL26-001"], ["audit-pack", office.folder / "pack.zip"]):
        assert "set HOURNOTE_CHECKPOINT_KEY to the log's own" in office.refuses(*command)
    monkeypatch.delenv("HOURNOTE_CHECKPOINT_KEY")
    assert office.json("verify-log", "--against", kept)["findings"] == []


def test_checkpoints_are_signed_with_the_key_that_is_given(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.run("init")
    first = office.json("checkpoint")["key"]
    monkeypatch.setenv("HOURNOTE_CHECKPOINT_KEY", "ab" * 32)
    assert office.json("checkpoint")["key"] != first
