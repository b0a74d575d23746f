"""The demo world: made once, whole or not at all, and never over somebody's books."""

from pathlib import Path

import pytest

from app.services import books, demo, desks, printing
from tests.commands.conftest import Office
from tests.world import World


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the paper: composing it has its own tests, and takes its time."""
    monkeypatch.setattr(printing, "press_files", lambda job, out: [])
    monkeypatch.setattr(printing, "picture", lambda name, folder: b"PNG")


@pytest.mark.usefixtures("plain")
def test_a_demo_again_starts_what_is_there(office: Office) -> None:
    first = office.run("demo")
    assert "Sign in at https://notes.example.org/account/sign-in" in first
    store = books.open_books(f"sqlite:///{office.folder / 'hournote.db'}")
    key = first.split("key ")[1].split()[0]
    world = World(store, office.folder, keys={"Front desk": key})
    spare = next(line for line in _to_try(office) if line.startswith("HTTPS"))
    try:
        assert world.redeem(spare)["outcome"] == "accepted"
        assert office.run("demo") == first
        assert world.redeem(spare)["notes"][0]["verdict"] == "already_redeemed", "nothing was lost"
        assert world.findings() == []
    finally:
        store.close()
    assert office.json("audit") == {"findings": []}
    for path in ("demo", "demo/access.json", "demo/notes-to-try.txt", "secret_key"):
        assert (office.folder / path).stat().st_mode & 0o077 == 0, path


@pytest.mark.usefixtures("plain")
def test_an_interrupted_demo_leaves_no_books_and_is_made_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(demo._World, "specimens", interrupted)
        office.run("demo", code=130)
    assert not (office.folder / "hournote.db").exists()
    assert not (office.folder / "demo").exists()
    assert "Sign in at" in office.run("demo")
    assert sorted(path.name for path in office.folder.iterdir()) == [
        "checkpoint_key",
        "demo",
        "hournote.db",
        "secret_key",
    ]


@pytest.mark.usefixtures("plain")
def test_a_demo_whose_books_are_gone_keeps_its_files_aside(office: Office) -> None:
    office.run("demo")
    (office.folder / "hournote.db").unlink()
    office.run("demo")
    aside = [path for path in office.folder.iterdir() if path.name.startswith("demo-before-")]
    assert len(aside) == 1
    assert (aside[0] / "access.json").exists()


def test_a_demo_is_never_added_to_somebodys_books(office: Office, settled: World) -> None:
    before = settled.picture()
    assert "they are no demo: nothing was added" in office.run("demo")
    assert settled.picture() == before
    assert not (office.folder / "demo").exists()


def test_books_that_appear_meanwhile_stay(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def somebody(self: object) -> None:
        (office.folder / "hournote.db").write_text("somebody's")

    for step in ("cornwall", "lancashire", "specimens"):
        monkeypatch.setattr(demo._World, step, lambda self: None)
    monkeypatch.setattr(demo._World, "paper", somebody)
    assert "they stay as they are" in office.refuses("demo")
    assert (office.folder / "hournote.db").read_text() == "somebody's"


@pytest.mark.usefixtures("plain")
def test_the_codes_of_a_demo_work(office: Office) -> None:
    told = office.run("demo")
    code = told.split("/desk/enrol#")[1].split()[0]
    store = books.open_books(f"sqlite:///{office.folder / 'hournote.db'}")
    try:
        import datetime

        assert (
            desks.enrol(store, code=code, name=None, now=datetime.datetime.now(datetime.UTC)).desk.name == "Second desk"
        )
    finally:
        store.close()


def _to_try(office: Office) -> list[str]:
    return Path(office.folder / "demo" / "notes-to-try.txt").read_text().splitlines()
