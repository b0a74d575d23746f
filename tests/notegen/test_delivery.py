import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.errors import BadInput
from notegen import delivery


def write_half(path: Path) -> None:
    with delivery.whole_file(path) as file:
        file.write(b"half")
        raise KeyboardInterrupt


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    with delivery.whole_file(tmp_path / "notes.pdf") as file:
        file.write(b"whole")
        assert not (tmp_path / "notes.pdf").exists()
    assert (tmp_path / "notes.pdf").read_bytes() == b"whole"
    assert (tmp_path / "notes.pdf").stat().st_mode & 0o777 == 0o600
    assert len(list(tmp_path.iterdir())) == 1


def test_folders_that_a_file_needs_are_made_and_go_again_when_it_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_half(tmp_path / "a" / "b" / "notes.pdf")
    assert list(tmp_path.iterdir()) == []
    with delivery.whole_file(tmp_path / "a" / "b" / "notes.pdf") as file:
        file.write(b"whole")
    assert (tmp_path / "a" / "b" / "notes.pdf").read_bytes() == b"whole"
    with pytest.raises(KeyboardInterrupt):
        write_half(tmp_path / "a" / "c" / "notes.pdf")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_a_file_that_fails_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "notes.pdf").write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        write_half(tmp_path / "notes.pdf")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="cannot be written"), delivery.whole_file(tmp_path / "folder") as file:
        file.write(b"x")
    with pytest.raises(BadInput, match="Not a directory"), delivery.whole_file(tmp_path / "file" / "x" / "x.pdf"):
        pass
    assert list((tmp_path / "folder").iterdir()) == []


def test_a_workshop_stands_on_the_same_disk_and_is_cleared(tmp_path: Path) -> None:
    with delivery.workshop(tmp_path / "out") as folder:
        assert folder.parent == tmp_path
        (folder / "x").write_text("x")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_folder_to_write_to(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(BadInput, match="is a file"), delivery.workshop(tmp_path / "out"):
        pass


def test_what_a_killed_process_left_is_swept_away(tmp_path: Path) -> None:
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    left = tmp_path / f".notegen-{platform.node()}-{int(gone.stdout)}-abc"
    alive = tmp_path / f".notegen-{platform.node()}-{os.getpid()}-abc"
    elsewhere = tmp_path / ".notegen-another.machine-1-abc"
    for folder in (left, alive, elsewhere):
        folder.mkdir()
    with delivery.workshop(tmp_path / "out"):
        pass
    assert sorted(tmp_path.iterdir()) == sorted([alive, elsewhere])
