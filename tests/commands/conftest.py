"""The commands of `hournote`, called in this process over books of their own."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import hournote
from tests.world import DESIGNS, World


@dataclass(frozen=True)
class Office:
    """A person at the command line."""

    folder: Path

    def run(self, *words: object, code: int = 0, input: str | bytes | None = None) -> str:
        """Standard output when it is done, the sentence on standard error when it is refused."""
        done = CliRunner().invoke(hournote, [str(word) for word in words], input=input, prog_name="hournote")
        assert done.exit_code == code, (words, done.exit_code, done.output, done.exception)
        assert done.exception is None or isinstance(done.exception, SystemExit)
        assert "Traceback" not in done.output
        if code == 2:
            assert done.stdout == "", "what is refused says nothing on standard output"
        return done.stdout if code != 2 else done.stderr

    def json(self, *words: object, code: int = 0) -> Any:
        """The machine's answer."""
        return json.loads(self.run(*words, "--json", code=code))

    def refuses(self, *words: object, input: str | bytes | None = None) -> str:
        """The one plain sentence with which words are refused."""
        told = self.run(*words, code=2, input=input).rstrip("\n")
        assert len(told.splitlines()) == 1, told
        return told


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office with an instance folder of its own, and no books yet."""
    for name in ("NOTE_HOST", "SECRET_KEY", "WORKERS", "DATABASE_URL"):
        monkeypatch.delenv(f"HOURNOTE_{name}", raising=False)
    monkeypatch.setenv("HOURNOTE_INSTANCE", str(tmp_path))
    monkeypatch.setenv("HOURNOTE_PUBLIC_URL", "https://notes.example.org")
    monkeypatch.setenv("HOURNOTE_DESIGNS", str(DESIGNS))
    return Office(tmp_path)


@pytest.fixture
def settled(office: Office, sqlite_world: World) -> World:
    """The small world under that office: its books are the office's."""
    assert sqlite_world.folder == office.folder
    return sqlite_world
