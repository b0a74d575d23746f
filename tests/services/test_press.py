"""The press: an order is whole, in the books and on the disk, or it never was."""

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from uuid import uuid4

import pikepdf
import pytest
import sqlalchemy as sa

from app.core import job as jobs
from app.core.errors import BadDesign, BadInput, BadSerial, HournoteError, NotFound, Refused, Unavailable
from app.core.job import JobFile
from app.core.reference import OrderId
from app.core.span import Span
from app.core.verifying import Keyring, Signature
from app.services import directory, drafts, enquiry, press
from app.store import custody, orders
from app.store.tables import allocation, holding, series
from tests.world import DESIGNS, HOST, World


def files(folder: Path) -> list[str]:
    """What lies in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


SPOILT = {
    "a font that is nowhere": (b"BT /Nowhere 9 Tf (hour) Tj ET", "font"),
    "an operator that is none": (b"0 0 0 1 kk", "operator"),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_a_design_that_would_not_print_is_not_ordered(world: World, tmp_path: Path, fault: str) -> None:
    drawn, says = SPOILT[fault]
    designs = Path(shutil.copytree(DESIGNS, tmp_path / "designs"))
    with pikepdf.open(designs / "cornwall" / "art.pdf", allow_overwriting_input=True) as pdf:
        pdf.pages[0].contents_add(drawn)
        pdf.save()
    before = world.store.read(custody.all_allocations)
    with pytest.raises(BadDesign, match=says):
        world.order(designs=designs)
    assert world.store.read(custody.all_allocations) == before


def test_an_order_is_signed_with_a_key_of_its_own(world: World) -> None:
    one, two = world.order(quantity=3), world.order(quantity=2)
    assert (one.order.id, str(one.order.span)) == ("CWL26-003", "CWL26 111-113")
    assert (two.order.id, str(two.order.span)) == ("CWL26-004", "CWL26 114-115")
    assert one.order.public_key != two.order.public_key
    keyring = Keyring(world.store.read(orders.keyring))
    for made in (one, two):
        with made.job.open("rb") as file, JobFile(file) as job:
            assert job.job.host == HOST
            assert [keyring.examine(token) for token in job.tokens()] == [Signature.GOOD] * len(made.order.span)
    assert world.findings() == []


def test_a_job_file_is_for_its_owner_alone(world: World) -> None:
    out = world.folder / "new" / "jobs"
    made = world.order(out=out)
    assert made.job.stat().st_mode & 0o777 == 0o600
    assert out.stat().st_mode & 0o777 == 0o700
    assert files(out) == ["CWL26-003.job.zip"]


def test_a_large_order_is_signed_by_several_processes_to_the_same_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "SIGN_IN_PARALLEL", 1)
    told: list[int] = []
    made = world.order(quantity=9000, workers=2, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 9000
    keyring = Keyring(world.store.read(orders.keyring))
    with made.job.open("rb") as file, JobFile(file) as job:
        spans = [Span("CWL26", first, first) for first in (111, 4206, 4207, 8302, 8303, 9110)]
        assert [keyring.examine(token) for span in spans for token in job.tokens(span)] == [Signature.GOOD] * 6


def test_the_last_day_of_a_series_goes_into_its_job(world: World) -> None:
    directory.set_series(world.store, series="CWL27", expires_on=date(2028, 12, 31))
    made = world.order("CWL27", 2)
    with made.job.open("rb") as file, JobFile(file) as job:
        assert job.job.expires_on == date(2028, 12, 31)


# --- what is refused


@pytest.mark.parametrize(
    ("series", "more", "error"),
    [
        ("CWL26", {"quantity": 0}, BadInput),
        ("CWL26", {"quantity": -5}, BadInput),
        ("CWL26", {"bundle_size": 0}, BadInput),
        ("CWL26", {"bundle_size": 1001}, BadInput),
        ("CWL26", {"quantity": 9_999_999}, Refused),
        ("CWL26", {"quantity": 10**30}, Refused),
        ("CWL2", {}, BadSerial),
        ("CWL26X", {}, BadSerial),
        ("XYZ26", {}, NotFound),
        ("CWL26", {"design": "devon"}, BadDesign),
        ("CWL26", {"design": "national"}, BadDesign),
        ("CWL26", {"design": "../designs/cornwall"}, BadDesign),
        ("CWL26", {"design": "/etc"}, BadDesign),
        ("CWL26", {"design": ""}, BadDesign),
        ("CWL90", {"replaces": "CWL26-009"}, NotFound),
        ("CWL90", {"replaces": "LAN26-001"}, Refused),
        ("CWL26", {"replaces": "CWL26-001"}, Refused),
        ("CWL90", {"replaces": "an order"}, BadInput),
    ],
)
def test_an_order_that_cannot_be_made_leaves_nothing(
    world: World, series: str, more: dict[str, object], error: type[HournoteError]
) -> None:
    before = world.picture()
    with pytest.raises(error) as raised:
        world.order(series, **{"quantity": 1, "out": world.folder / "out", **more})  # type: ignore[arg-type]
    assert "\n" not in raised.value.sentence
    assert world.picture() == before
    assert files(world.folder / "out") == []


def test_a_host_that_does_not_fit_the_symbol_is_refused_at_the_order(world: World) -> None:
    with pytest.raises(BadInput, match="has 31 characters; the printed symbol has room for 30"):
        press.order_notes(
            world.store, request=press.OrderRequest("CWL26", 1, "cornwall"), host="A" * 31, designs=DESIGNS,
            out=world.folder, actor="x", now=world.now, request_id=uuid4(),
        )  # fmt: skip


def test_what_replaces_an_order_is_of_a_replacement_series(world: World) -> None:
    made = world.order("CWL90", 3, replaces=" cwl26-001 ")
    assert (made.order.id, made.order.replaces) == ("CWL90-001", "CWL26-001")
    assert world.store.read(lambda c: orders.by_id(c, OrderId("CWL90", 1))) == made.order


def test_a_series_ends_with_its_last_number(world: World) -> None:
    """The books are told of ten million notes that nobody had to sign."""
    with world.store.engine.begin() as connection:
        code = sa.select(series.c.id).where(series.c.code == "CWL26").scalar_subquery()
        connection.execute(
            holding.update().where(holding.c.series_id == code, holding.c.first == 101).values(last=9_999_990)
        )
        connection.execute(allocation.update().where(allocation.c.series_id == code).values(last=9_999_990))
    with pytest.raises(Refused, match="The series CWL26 has 9 numbers left, and 10 were ordered"):
        world.order(quantity=10)
    assert world.order(quantity=9).order.span == Span("CWL26", 9_999_991, 9_999_999)
    with pytest.raises(Refused, match="has 0 numbers left"):
        world.order(quantity=1)


def test_a_job_file_that_is_there_is_never_overwritten(world: World) -> None:
    out = world.folder / "out"
    out.mkdir()
    (out / "CWL26-003.job.zip").write_text("somebody else's")
    before = world.picture()
    with pytest.raises(Refused, match="move it away, or name another folder"):
        world.order(out=out)
    assert (out / "CWL26-003.job.zip").read_text() == "somebody else's"
    assert files(out) == ["CWL26-003.job.zip"]
    assert world.picture() == before


@pytest.mark.parametrize("out", ["a file", "a file/below"])
def test_a_folder_that_cannot_be_is_refused(world: World, out: str) -> None:
    (world.folder / "a file").write_text("")
    before = world.picture()
    with pytest.raises(BadInput, match="cannot be made"):
        world.order(out=world.folder / out)
    assert world.picture() == before


def test_a_request_is_carried_out_once(world: World) -> None:
    request = uuid4()
    world.order(request_id=request)
    with pytest.raises(Refused, match="carried out already"):
        world.order(request_id=request, out=world.folder / "again")
    assert files(world.folder / "again") == []
    assert world.counts("CWL26 101-120") == {"ordered": 20}


# --- interruptions


class _Power(Exception):
    """The power fails."""


def test_an_interrupted_signing_leaves_nothing(world: World) -> None:
    before = world.picture()

    def fail(signed: int) -> None:
        raise _Power

    with pytest.raises(_Power):
        world.order(quantity=50, progress=fail, out=world.folder / "out")
    assert files(world.folder / "out") == []
    assert world.picture() == before
    assert world.order(quantity=5, out=world.folder / "out").order.id == "CWL26-003"


def test_a_full_disk_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = world.picture()
    monkeypatch.setattr(jobs, "write", full)
    with pytest.raises(BadInput, match="No space left on device"):
        world.order(out=world.folder / "out")
    assert files(world.folder / "out") == []
    assert world.picture() == before


def test_a_file_whose_order_is_in_the_books_is_never_deleted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The books are written, and then the file cannot be named: the next order in that folder names it."""

    def fail(draft: Path, final: Path) -> None:
        raise OSError(5, "Input/output error")

    out = world.folder / "out"
    with monkeypatch.context() as broken:
        broken.setattr(drafts, "_rename", fail)
        with pytest.raises(OSError, match="Input/output error"):
            world.order(out=out)
    assert len(files(out)) == 1
    assert enquiry.orders(world.store)[0].id == "CWL26-003"
    world.order(out=out)
    assert files(out) == ["CWL26-003.job.zip", "CWL26-004.job.zip"]


def test_two_orders_at_once_get_spans_of_their_own(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another order is entered while this one is signed: this one is signed again, for the numbers after it."""
    made: list[press.Made] = []

    def another(signed: int) -> None:
        if not made:
            made.append(world.order(quantity=7, out=world.folder / "other"))

    slow = world.order(quantity=5, progress=another, out=world.folder / "out")
    assert made[0].order.span == Span("CWL26", 111, 117)
    assert (slow.order.id, slow.order.span) == ("CWL26-004", Span("CWL26", 118, 122))
    assert files(world.folder / "out") == ["CWL26-004.job.zip"]


def test_an_order_gives_up_when_others_are_always_faster(world: World) -> None:
    with pytest.raises(Unavailable, match="Others are ordering notes of this series"):
        world.order(progress=lambda signed: world.order(quantity=1, out=world.folder / "other") and None)
    assert files(world.folder / "jobs") == []


def test_an_order_killed_in_the_middle_leaves_nothing_in_the_books(sqlite_world: World) -> None:
    world, out = sqlite_world, sqlite_world.folder / "out"
    before = world.picture()
    command = [
        sys.executable,
        "-m",
        "hournote",
        "order",
        "CWL26",
        "--quantity",
        "2000000",
        "--design",
        "cornwall",
        "--out",
        str(out),
    ]
    environment = {
        **os.environ, "HOURNOTE_INSTANCE": str(world.folder), "HOURNOTE_DESIGNS": str(DESIGNS),
        "HOURNOTE_DATABASE_URL": f"sqlite:///{world.folder / 'hournote.db'}", "HOURNOTE_WORKERS": "2",
    }  # fmt: skip
    press_process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait_until(lambda: any(path.stat().st_size > 1_000_000 for path in out.glob(".*.part")))
        children = _children(press_process.pid)
        assert children
    finally:
        press_process.send_signal(signal.SIGKILL)
        press_process.wait()
    _wait_until(lambda: not any(_runs(child) for child in children))
    assert not list(out.glob("CWL26*"))
    assert world.picture() == before
    assert world.order(quantity=4, out=out).order.id == "CWL26-003"
    assert files(out) == ["CWL26-003.job.zip"], "the next order tidies up"
    assert world.store.read(custody.all_allocations)["CWL26"] == 114


def _children(parent: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _runs(process: int) -> bool:
    """Alive, and no zombie that nobody has asked about yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _wait_until(done: object, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)
