"""The scanner's folder, and the keyrings in it."""

import base64
import errno
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.core import job
from app.core.errors import BadInput, BadSettings, NotAllowed
from app.core.reference import parse_order
from app.core.verifying import Signature
from scanner import keyrings
from scanner.home import Enrolment, Home
from scanner.notes import judge
from scanner.reading import Reading
from scanner.sync import become
from tests.scanner.cards import Order
from tests.scanner.service import CODE, KEY, Service
from tests.scanner.test_notes import PLACE

ENROLMENT = Enrolment("http://127.0.0.1:8000", "Front desk", "Leisure Centre", KEY)


def test_the_enrolment_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    home, old = Home(tmp_path / "home"), os.umask(0)
    try:
        home.keep_enrolment(ENROLMENT)
    finally:
        os.umask(old)
    assert home.enrolment() == ENROLMENT
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in home.folder.iterdir()] == [0o600]


def test_no_log_ever_holds_the_key() -> None:
    assert KEY not in repr(ENROLMENT)


def test_the_folder_is_named_by_the_environment_or_the_platform(tmp_path: Path) -> None:
    assert Home.from_environment({"HOURNOTE_SCANNER_HOME": str(tmp_path)}).folder == tmp_path
    assert "hournote" in str(Home.from_environment({}).folder)


def test_a_scanner_that_was_never_enrolled_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match="scanner enrol"):
        Home(tmp_path).enrolment()
    assert Home(tmp_path).keyring().keys == []


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"server": 1}', '{"wrong": 1}', "\x00"])
def test_a_damaged_enrolment_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "desk.json").write_text(content)
    with pytest.raises(BadSettings, match="enrol this scanner again"):
        Home(tmp_path).enrolment()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSettings, match="HOURNOTE_SCANNER_HOME"):
        Home(tmp_path / "file" / "home").keep_enrolment(ENROLMENT)


def test_the_keyring_of_a_snapshot_judges_notes(tmp_path: Path, order: Order) -> None:
    home = Home(tmp_path)
    home.keep_snapshot(Service(order).snapshot())
    assert judge(Reading(order.token(1), PLACE), home.keyring()).signature is Signature.GOOD


def test_a_bare_list_is_a_keyring_too(tmp_path: Path, order: Order) -> None:
    (tmp_path / "keys.json").write_text(json.dumps(Service(order).snapshot()["keyring"]))
    assert keyrings.load(tmp_path / "keys.json").keys == order.keyring.keys


def test_the_job_of_an_order_is_a_keyring_of_one(tmp_path: Path, order: Order) -> None:
    made_at = datetime(2026, 1, 2, tzinfo=UTC)
    made = job.Job(parse_order("CWL26-001"), order.span, "cornwall", "N.ORG", order.key.public_key, 50, made_at)
    (tmp_path / "job.toml").write_text(job.to_toml(made, {}))
    assert keyrings.load(tmp_path / "job.toml").keys == order.keyring.keys


def _with(name: str, value: object) -> dict[str, Any]:
    entry = Service(Order()).snapshot()["keyring"][0]
    return {"keyring": [{**entry, name: value}]}


DAMAGED: dict[str, object] = {
    "no keyring": {},
    "no list": {"keyring": "x"},
    "no entry": {"keyring": [1]},
    "no last": _with("last", None),
    "a wrong serial": _with("first", "CWL260000001X"),
    "two series": _with("last", "LAN260000009K"),
    "no base64": _with("public_key", "!"),
    "a short key": _with("public_key", base64.b64encode(b"short").decode()),
    "no date": _with("expires_on", "soon"),
    "a number": 7,
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_keyring_is_refused_and_never_kept(tmp_path: Path, name: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(DAMAGED[name]))
    with pytest.raises(BadInput, match=r"keys\.json is not a keyring"):
        keyrings.load(path)
    found = DAMAGED[name]
    if isinstance(found, dict):
        with pytest.raises(BadInput):
            Home(tmp_path).keep_snapshot(found)
    assert not (tmp_path / "snapshot.json").exists()


def test_a_keyring_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        keyrings.load(tmp_path / "nothing.json")


def test_a_link_is_not_used_up_where_the_key_cannot_be_kept(tmp_path: Path, service: Service) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSettings, match="HOURNOTE_SCANNER_HOME"):
        become(Home(tmp_path / "file" / "home"), f"{service.url}/desk/enrol#{CODE}", "Front desk")
    assert service.enrolled == 0
    become(Home(tmp_path / "home"), f"{service.url}/desk/enrol#{CODE}", "Front desk")
    assert service.enrolled == 1
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["desk.json"]


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BadSettings, match="No space left"):
        Home(tmp_path).keep_enrolment(ENROLMENT)
    assert list(tmp_path.iterdir()) == []
