"""Wrong input: exit code 2, one plain sentence on standard error, nothing half-done."""

import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from app import certificate, config
from app.cli import hournote
from app.core.errors import BadSettings
from tests.commands.conftest import Office
from tests.world import YMCA, World

ORDER = ("order", "CWL26", "--design", "cornwall", "--out", "jobs")
BAD = [
    ("show", "nonsense"),
    ("show", ""),
    ("show", "CWL260000011X"),
    ("show", "CWL2605000002"),
    ("range", "nonsense"),
    ("range", "CWL26 9-8"),
    ("range", "CWL26 0-5"),
    ("range", "CWL26 1-99999999"),
    ("range", "CWL27 1"),
    ("range", "CWL26-099"),
    ("range", "HTTPS://X.ORG/B/CWL260000011ACWL260000012A"),
    ("receive", "XYZ26 1"),
    ("issue", "CWL26 1-4", "--to", YMCA),
    ("issue", "CWL26 71"),
    ("issue", "CWL26 71", "--to", "Nobody"),
    ("issue", "LAN26 1", "--to", YMCA),
    ("hold", "CWL26 71"),
    ("hold", "CWL26 71", "--reason", ""),
    ("hold", "CWL26 71", "--reason", "x" * 100),
    ("hold", "CWL26 71", "--reason", "a\udcffb"),
    ("hold", "CWL26 71", "--reason", "lost", "--note", "a\udcffb"),
    ("void", "CWL26 71", "--reason", "bored"),
    ("reinstate", "CWL26 86", "--reason", "found"),
    ("reinstate", "CWL26 86", "--reason", "found", "--confirmed-by", "somebody"),
    ("retire", "CWL26 71"),
    ("hand-out", "CWL26 11", "--activity", "", "--hours", "1", "--people", "1"),
    ("hand-out", "CWL26 11", "--activity", "x", "--hours", "1", "--people", "1", "--on", "yesterday"),
    ("hand-out", "CWL26 11", "--activity", "x", "--hours", "1", "--people", "1", "--on", "2099-01-01"),
    ("hand-out", "CWL26 11", "--activity", "x", "--hours", "none", "--people", "1"),
    ("hand-out", "CWL26 11", "--activity", "x", "--hours", "1", "--people", "-1"),
    ("printed", "CWL26-099"),
    ("printed", "an order"),
    ("printed", "CWL26-002", "--spoiled", "CWL26 1"),
    (*ORDER, "--quantity", "0"),
    (*ORDER, "--quantity", "many"),
    (*ORDER, "--quantity", "9" * 30),
    (*ORDER, "--quantity", "1", "--bundle", "0"),
    (*ORDER, "--quantity", "1", "--replaces", "CWL26-001"),
    (*ORDER, "--quantity", "1", "--replaces", "nonsense"),
    ("order", "CWL26", "--quantity", "1", "--design", "devon", "--out", "jobs"),
    ("order", "CWL26", "--quantity", "1", "--design", "a\udcff", "--out", "jobs"),
    ("order", "XYZ26", "--quantity", "1", "--design", "cornwall", "--out", "jobs"),
    ("order", "CWL26", "--quantity", "1", "--design", "cornwall", "--out", "hournote.db/below"),
    ("order", "CWL26", "--quantity", "1", "--design", "cornwall", "--out", "/proc/nowhere"),
    ("programme", "add", "CORNWALL", "Cornwall"),
    ("programme", "add", "CWL", "Again"),
    ("programme", "add", "DEV", ""),
    ("programme", "add", "DEV", "a\udcff"),
    ("organisation", "add", "XYZ", "Somebody"),
    ("organisation", "add", "CWL", YMCA),
    ("organisation", "add", "CWL", "Site", "--site-of", "Nobody"),
    ("venue", "add", "CWL", "Hall", "--kind", "palace"),
    ("venue", "policy", "Nowhere"),
    ("venue", "policy", "1", "--keyed-per-day", "-1"),
    ("offer", "add", "Nowhere", "Swim", "--hours", "1"),
    ("offer", "add", "1", "Dive", "--hours", "0"),
    ("series", "set", "CWL26", "--expires", "soon"),
    ("series", "set", "CWL26", "--expires", "2026-02-30"),
    ("series", "set", "C26", "--expires", "never"),
    ("user", "add", "nobody", "--role", "national"),
    ("user", "add", "a\udcff@b.example", "--role", "national"),
    ("user", "add", "a@b.example", "--role", "king"),
    ("user", "add", "a@b.example", "--role", "programme"),
    ("user", "add", "a@b.example", "--role", "programme", "--programme", "XYZ"),
    ("desk", "add", "Nowhere", "Desk"),
    ("desk", "add", "1", ""),
    ("desk", "revoke", "Nobody's"),
    ("serve", "--port", "0"),
    ("serve", "--port", "99999"),
    ("serve", "--workers", "0"),
    ("nonsense",),
    ("show",),
    ("show", "a", "b"),
    ("audit", "--nonsense"),
]  # fmt: skip


@pytest.mark.parametrize("words", BAD, ids=lambda words: ascii(" ".join(words))[:80])
def test_wrong_input_is_refused_in_a_sentence(
    office: Office, settled: World, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office.folder)
    before = settled.picture()
    sentence = office.refuses(*words)
    assert sentence.startswith("hournote: ")
    assert sentence.endswith((".", ")", "'"))
    assert settled.picture() == before
    assert not list(office.folder.glob("jobs/*"))


@pytest.mark.parametrize("given", ["short\n", "\n", "", "x" * 5000, b"\xff\xfe not text at all\n"])
def test_a_password_that_is_none_is_refused(office: Office, settled: World, given: str | bytes) -> None:
    words = ("user", "add", "a@b.example", "--role", "national", "--password-stdin")
    assert "password" in office.refuses(*words, input=given).lower()


def words_of(command: click.Command, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Each command with a text of bytes that are no UTF-8 in each place for a text."""
    for name, each in command.commands.items() if isinstance(command, click.Group) else ():
        yield from words_of(each, (*before, name))
    places = [param for param in command.params if isinstance(param.type, click.types.StringParamType)]
    for place in places:
        words = [_given(param, "\udcff" if param is place else "x") for param in command.params]
        yield (*before, *(word for each in words for word in each))


def _given(param: click.Parameter, text: str) -> tuple[str, ...]:
    if isinstance(param, click.Argument):
        return (text,)
    if isinstance(param, click.Option) and (param.required or text != "x"):
        kind = param.type
        return (
            param.opts[0],
            kind.choices[0] if isinstance(kind, click.Choice) else "1" if kind is click.INT else text,
        )
    return ()


@pytest.mark.parametrize("words", sorted(words_of(hournote)), ids=lambda words: ascii(" ".join(words)))
def test_bytes_that_are_no_text_are_refused_wherever_text_is_taken(
    office: Office, settled: World, words: tuple[str, ...]
) -> None:
    before = settled.picture()
    assert "cannot be printed" in office.refuses(*words)
    assert settled.picture() == before


# --- who acts


def test_who_acts_is_named_as_the_books_can_keep_it(
    office: Office, postgresql_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOURNOTE_DATABASE_URL", postgresql_world.store.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("LOGNAME", "a\udcff" + "n" * 500)
    office.run("hold", "CWL26 71", "--reason", "lost")
    told = office.json("show", postgresql_world.serial(71))["movements"][-1]["actor"]
    assert (told[:8], len(told)) == ("cli:a?nn", 254)


def test_a_user_without_a_name_acts_by_number(office: Office, settled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> str:
        raise KeyError("getpwuid(): uid not found: 10001")

    monkeypatch.setattr("getpass.getuser", unknown)
    monkeypatch.setattr("os.getuid", lambda: 10001)
    office.run("hold", "CWL26 71", "--reason", "lost")
    assert office.json("show", settled.serial(71))["movements"][-1]["actor"] == "cli:10001"


# --- the database


@pytest.mark.parametrize("command", [("audit",), ("range", "CWL26 1"), ("serve",), ("desk", "list")])
def test_there_are_no_books_yet(office: Office, command: tuple[str, ...]) -> None:
    assert "run `hournote init` (or `make run`) first" in office.refuses(*command)
    assert not (office.folder / "hournote.db").exists()


@pytest.mark.parametrize("command", ["audit", "migrate", "init", "demo", "serve"])
def test_books_of_a_newer_program_are_left_alone(office: Office, settled: World, command: str) -> None:
    with sqlite3.connect(office.folder / "hournote.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
    if command == "demo":
        assert "they are no demo" in office.run("demo")
    else:
        assert "use the newer Hournote that made it" in office.refuses(command)


@pytest.mark.parametrize("command", ["audit", "init", "migrate", "demo", "serve"])
def test_a_file_that_is_no_database_is_told(office: Office, command: str) -> None:
    (office.folder / "hournote.db").write_bytes(b"nothing like it" * 500)
    assert "names what is no database" in office.refuses(command)


@pytest.mark.parametrize("command", ["audit", "init", "migrate", "serve"])
def test_a_database_that_does_not_say_its_revision_is_left_alone(office: Office, settled: World, command: str) -> None:
    with sqlite3.connect(office.folder / "hournote.db") as connection:
        connection.execute("DELETE FROM alembic_version")
    assert "does not say of which revision" in office.refuses(command)


def test_a_port_can_be_asked_for_before_anything_is_made(office: Office) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        taken.listen()
        assert "cannot be used" in office.refuses("serve", "--check-port", "--port", port)
    assert office.run("serve", "--check-port", "--port", port) == ""


def test_a_port_that_is_taken_is_told(office: Office, settled: World) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = office.refuses("serve", "--port", port)
    assert told.startswith(f"hournote: Port {port} of 127.0.0.1 cannot be used (Address already in use)")


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "x" * 70 + ".org", "a..b"])
def test_a_host_that_is_not_here_is_told(office: Office, settled: World, host: str) -> None:
    assert "cannot be used" in office.refuses("serve", "--host", host, "--port", "8099")


# --- the settings


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DATABASE_URL", "nonsense", "is not the URL of a database"),
        ("DATABASE_URL", "mysql://localhost/x", "SQLite and PostgreSQL are supported"),
        ("DATABASE_URL", "sqlite:////nowhere/x.db", "There is no database"),
        ("NOTE_HOST", "a host", "is not a host name"),
        ("NOTE_HOST", "A" * 31, "has room for 30"),
        ("NOTE_HOST", "notes..org", "is not a host name"),
        ("DESIGNS", "/nowhere", "which is no folder"),
        ("SECRET_KEY", "short", "shorter than 32 characters"),
        ("SECRET_KEY", "", "shorter than 32 characters"),
        ("WORKERS", "many", "write a whole number from 1 to 64"),
        ("WORKERS", "0", "write a whole number from 1 to 64"),
        ("WORKERS", "65", "write a whole number from 1 to 64"),
        ("WORKERS", "9" * 5000, "write a whole number from 1 to 64"),
        ("WORKERS", "²", "write a whole number from 1 to 64"),
        ("PUBLIC_URL", "notes.example.org", "write the address of the service"),
        ("PUBLIC_URL", "ftp://notes.example.org", "write the address of the service"),
        ("PUBLIC_URL", "https://", "write the address of the service"),
        ("PUBLIC_URL", "https://[", "write the address of the service"),
        ("PUBLIC_URL", "https://notes.example.org:many", "write the address of the service"),
        ("PUBLIC_URL", "https://notes.example.org/?a", "write the address of the service"),
        ("INSTANCE", "/proc/nowhere", "cannot be kept"),
    ],
)
def test_a_setting_that_cannot_be_served_with_is_named(
    office: Office, settled: World, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(f"HOURNOTE_{name}", value)
    assert told in office.refuses("range", "CWL26 1")


def test_a_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    environment = {"HOURNOTE_INSTANCE": str(tmp_path / "new")}
    made = config.from_environment(environment).secret_key
    assert len(made) >= 32
    assert config.from_environment(environment).secret_key == made
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("kept", [b"", b"short", b"\xff\xfe", b"\n" * 50])
def test_a_secret_that_was_cut_short_is_never_used(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "secret_key").write_bytes(kept)
    with pytest.raises(BadSettings, match="is not whole: delete that file"):
        config.from_environment({"HOURNOTE_INSTANCE": str(tmp_path)})


def test_a_certificate_is_made_anew_when_it_has_run_out(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    made = [path.read_bytes() for path in certificate.self_signed(tmp_path / "tls", now)]
    assert (tmp_path / "tls" / "key.pem").stat().st_mode & 0o777 == 0o600
    assert [path.read_bytes() for path in certificate.self_signed(tmp_path / "tls", now)] == made
    later = [path.read_bytes() for path in certificate.self_signed(tmp_path / "tls", now + certificate.LIFE)]
    assert later[0] != made[0]
    assert later[1] != made[1]


def test_a_reader_that_goes_away_is_no_error(office: Office, settled: World) -> None:
    command = f"{sys.executable} -m hournote range 'CWL26 1-100' --json | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == ""
