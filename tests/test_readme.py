"""The documents keep up with the program: every command, state and verdict stands in them, and the examples run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from app.cli import hournote
from app.config import Settings
from app.core.audit import CHECKS
from app.core.lifecycle import VOID_REASONS, NoteState, State
from app.core.verdict import Verdict
from app.core.visit import Reason
from notegen.cli import main as notegen
from notegen.preflight.rules import RULES, WARNINGS
from scanner.cli import main as scanner

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGES.md", *sorted((ROOT / "docs").rglob("*.md"))]
REFERENCE = (ROOT / "docs" / "reference.md").read_text("utf-8")


def commands(group: click.Command, words: str = "") -> list[str]:
    if not isinstance(group, click.Group):
        return [words]
    return [word for name, each in group.commands.items() for word in commands(each, f"{words} {name}".strip())]


@pytest.mark.parametrize("command", [*commands(hournote), *commands(notegen), *commands(scanner)])
def test_every_command_stands_in_the_reference(command: str) -> None:
    assert f"`{command}`" in REFERENCE


@pytest.mark.parametrize("word", [*State, *NoteState, *Verdict, *Reason, *sorted(VOID_REASONS)])
def test_every_state_verdict_and_reason_stands_in_the_reference(word: str) -> None:
    assert f"`{word}`" in REFERENCE


def test_every_setting_stands_in_the_documents() -> None:
    used = set(re.findall(r'"(HOURNOTE_[A-Z_]+)"', (ROOT / "app" / "config.py").read_text("utf-8")))
    running = (ROOT / "docs" / "running.md").read_text("utf-8")
    assert used == {name for name in used if f"`{name}`" in running}
    assert len(used) == len(Settings.__dataclass_fields__)


def test_every_check_of_the_audit_stands_in_the_auditors_page() -> None:
    named = set(
        re.findall(r'(?:Finding|_finding)\(\s*"(\w+)"', (ROOT / "app" / "core" / "audit.py").read_text("utf-8"))
    )
    page = (ROOT / "docs" / "auditor.md").read_text("utf-8")
    assert CHECKS
    assert named == {name for name in named if f"`{name}`" in page}


@pytest.mark.parametrize("word", RULES)
def test_every_rule_of_the_preflight_stands_in_the_reference(word: str) -> None:
    rule = RULES[word]
    warning = " *" if word in WARNINGS else ""
    assert f"| `{word}`{warning} | {rule.asks} | {rule.source} |" in REFERENCE


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_readme_s_examples_run(tmp_path: Path) -> None:
    (example,) = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOURNOTE_")}
    scripts = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", example], cwd=tmp_path, env={**kept, "PATH": scripts},
        capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The books are in order" in done.stdout
