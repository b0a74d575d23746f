"""What is installed from a wheel is whole: templates, translations, migrations, designs and fonts come along."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = (
    "app",
    "notegen",
    "scanner",
    "designs",
    "wsgi.py",
    "hournote.py",
    "setup.cfg",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's content, as `pip install` lays it out."""
    copy, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        source = ROOT / name
        shutil.copytree(source, copy / name) if source.is_dir() else shutil.copy(source, copy / name)
    options = ["--quiet", "--no-deps", "--no-build-isolation"]
    command = [sys.executable, "-m", "pip", "wheel", *options, "-w", str(out), str(copy)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(out / "site")
    return out / "site"


def test_the_guides_are_in_the_wheel(installed: Path) -> None:
    """They are kept in docs/, to which the package has a link."""
    assert data_files(ROOT / "docs" / "guides") == data_files(installed / "app" / "web" / "guides")


def data_files(folder: Path) -> set[str]:
    kinds = {
        ".md",
        ".html",
        ".css",
        ".js",
        ".svg",
        ".png",
        ".woff2",
        ".mo",
        ".ttf",
        ".toml",
        ".pdf",
        ".mako",
        ".txt",
        ".icc",
    }
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix in kinds}


@pytest.mark.parametrize("package", ["app", "notegen", "scanner", "designs"])
def test_every_file_that_a_package_needs_is_in_the_wheel(installed: Path, package: str) -> None:
    needed = data_files(ROOT / package)
    assert needed - data_files(installed / package) == set()


def test_the_installed_commands_find_their_migrations_and_designs(installed: Path, tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOURNOTE_")}
    environment = {**kept, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}

    def run(*words: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    run("hournote", "init")
    run("hournote", "programme", "add", "CWL", "Cornwall")
    run("hournote", "order", "CWL26", "--quantity", "12", "--design", "cornwall", "--out", "jobs")
    run("notegen", "compose", "jobs/CWL26-001.job.zip", "--out", "press")
    assert list((tmp_path / "press" / "press").glob("*.pdf"))
