"""The audit pack: a stranger verifies it with nothing of ours, and finds what was forged."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import BadInput, Refused
from app.services import audit_pack
from app.store import tables
from tests.services.test_log import KEY, live, sequence, tampered, verify
from tests.world import World


def packed(world: World, folder: Path) -> Path:
    """The audit pack, unpacked."""
    file = io.BytesIO()
    audit_pack.write(world.store, file, key=KEY, now=world.now)
    zipfile.ZipFile(file).extractall(folder)
    return folder


def judged(folder: Path, *kept: Path) -> tuple[int, str]:
    """What the stranger's script says, run by a Python that sees nothing of ours."""
    command = [sys.executable, "-I", str(folder / "verify.py"), *map(str, kept)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=folder)
    return done.returncode, done.stdout + done.stderr


def test_a_stranger_verifies_the_pack(world: World, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(sequence(world), "utf-8")
    live(world)
    sequence(world)
    code, said = judged(packed(world, tmp_path / "pack"), kept)
    assert (code, "all agree" in said) == (0, True), said


def test_a_pack_holds_no_token(world: World, tmp_path: Path) -> None:
    live(world)
    sequence(world)
    folder = packed(world, tmp_path)
    facts = (folder / "facts.jsonl").read_text("ascii")
    assert world.serial(11) in facts
    assert world.token(11)[-103:] not in facts
    assert "/N/" not in facts


def test_a_stranger_finds_a_changed_pack(world: World, tmp_path: Path) -> None:
    live(world)
    sequence(world)
    folder = packed(world, tmp_path)
    facts = folder / "facts.jsonl"
    facts.write_text(facts.read_text("ascii").replace('"hours":5', '"hours":6'), "ascii")
    code, said = judged(folder)
    assert code == 1
    assert "are not those of which a checkpoint was signed" in said


def test_a_stranger_finds_a_note_that_was_spent_twice(world: World, tmp_path: Path) -> None:
    world.redeem(11)
    sequence(world)
    folder = packed(world, tmp_path)
    facts = folder / "facts.jsonl"
    lines = facts.read_text("ascii").splitlines()
    facts.write_text("\n".join([*lines, lines[-1]]) + "\n", "ascii")
    code, said = judged(folder)
    assert code == 1
    assert f"{world.serial(11)} was spent twice" in said


def forged(lines: list[dict[str, Any]], kind: str, **values: Any) -> dict[str, Any]:
    """The last fact of a kind, with other values."""
    return {**[line for line in lines if line["fact"] == kind][-1], **values}


FORGED: dict[str, tuple[Callable[[list[dict[str, Any]]], list[dict[str, Any]]], str]] = {
    "a fact past the last checkpoint": (
        lambda lines: [*lines, forged(lines, "hand_out", id="x", hours=999)], "no good checkpoint of all its",
    ),
    "a fact twice": (lambda lines: [*lines, forged(lines, "hand_out")], "is in the log twice"),
    "hours that no note paid": (
        lambda lines: [*lines, forged(lines, "redemption", id="x", outcome="accepted", hours=40, spent=[])],
        "is of 40 hours and spent 0 notes",
    ),
    "a reversal of other notes": (
        lambda lines: [*lines, forged(lines, "reversal", notes=[])], "gives back other notes than were spent before it",
    ),
    "a reversal before its redemption": (lambda lines: lines[::-1], "gives back other notes than were spent before it"),
    "what is no fact": (lambda lines: [*lines, {"id": "x"}], "is no fact"),
    "nothing": (lambda lines: [], "no good checkpoint of all its 0 facts"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FORGED)
def test_a_stranger_finds_what_was_forged(world: World, tmp_path: Path, fault: str) -> None:
    live(world)
    sequence(world)
    folder = packed(world, tmp_path)
    made, sentence = FORGED[fault]
    file = folder / "facts.jsonl"
    lines = made([json.loads(line) for line in file.read_text("ascii").splitlines()])
    file.write_text("".join(json.dumps(line, sort_keys=True, separators=(",", ":")) + "\n" for line in lines), "ascii")
    code, said = judged(folder)
    assert (code, sentence in said) == (1, True), said


def test_a_stranger_finds_a_pack_without_checkpoints(world: World, tmp_path: Path) -> None:
    sequence(world)
    folder = packed(world, tmp_path)
    (folder / "checkpoints.txt").write_text("", "ascii")
    code, said = judged(folder)
    assert (code, "no good checkpoint" in said) == (1, True), said


MAILED: dict[str, Callable[[str], bytes]] = {
    "with the line ends of Windows": lambda note: note.replace("\n", "\r\n").encode(),
    "with a mark of its encoding": lambda note: note.encode("utf-8-sig"),
    "without its last line end": lambda note: note.rstrip("\n").encode(),
}


@pytest.mark.parametrize("how", MAILED)
def test_a_checkpoint_is_read_as_mail_and_editors_keep_it(sqlite_world: World, tmp_path: Path, how: str) -> None:
    note = MAILED[how](sequence(sqlite_world))
    assert verify(sqlite_world, note.decode("utf-8")) == set()
    (tmp_path / "kept.txt").write_bytes(note)
    code, said = judged(packed(sqlite_world, tmp_path / "pack"), tmp_path / "kept.txt")
    assert code == 0, said


@pytest.mark.parametrize("kept", [b"", b"\xff\xfe", b"x\n" * 4])
def test_a_stranger_is_told_that_what_was_kept_is_no_checkpoint(
    sqlite_world: World, tmp_path: Path, kept: bytes
) -> None:
    sequence(sqlite_world)
    (tmp_path / "kept.txt").write_bytes(kept)
    code, said = judged(packed(sqlite_world, tmp_path / "pack"), tmp_path / "kept.txt")
    assert (code, "This is no checkpoint" in said, "Traceback" in said) == (1, True, False), said


@pytest.mark.parametrize("signature", ["A", "AAAA", "AAAAA"])
def test_a_signature_that_was_cut_is_refused_in_a_sentence(sqlite_world: World, signature: str) -> None:
    note = sequence(sqlite_world)
    with pytest.raises(BadInput, match="checkpoint"):
        verify(sqlite_world, f"{note[: note.rindex(' ')]} {signature}\n")


def test_books_that_lost_a_fact_are_not_packed(world: World) -> None:
    live(world)
    sequence(world)
    tampered(world, "hand_out", tables.hand_out.delete())
    with pytest.raises(Refused, match="is gone from the books"):
        audit_pack.write(world.store, io.BytesIO(), key=KEY, now=world.now)
