"""Making: what was asked for in the browser is made by the press, once, or given up with its sentence."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection

from app.core import job as jobs
from app.core.checkpoint import CheckpointKey
from app.core.errors import BadInput, NotYet, Unavailable
from app.services import accounts, asking, closing, drafts, enquiry, making, ordering
from app.services import press as presses
from app.services.making import Press, Stopped
from app.services.ordering import OrderRequest
from app.services.sessions import Present
from app.store import making as rows
from tests import staff
from tests.services.test_press import files
from tests.world import DESIGNS, HOST, World, close_books


@pytest.fixture
def press(world: World) -> Press:
    """A press over the world, with a folder of its own."""
    return Press(world.store, HOST, DESIGNS, world.folder / "instance" / "jobs", 1, lambda: world.now, Event())


@pytest.fixture
def national(world: World) -> Present:
    """Somebody of the national office, signed in with both factors."""
    account, _ = accounts.add_account(world.store, email="national@example.org", role="national", now=world.now)
    return staff.present(world.store, account, now=world.now)


@pytest.fixture
def asked(world: World, national: Present) -> Callable[..., UUID]:
    """Asks for an order in the browser; gives the id of the request."""

    def ask(quantity: int = 10, series: str = "CWL26", design: str = "cornwall", replaces: str | None = None) -> UUID:
        wanted = OrderRequest(series, quantity, design, 10, replaces)
        request = asking.ask_to_order(
            world.store, by=national, wanted=wanted, note=None, request_id=uuid4(), now=world.now
        )  # fmt: skip
        return request.id

    return ask


def made_by(press: Press) -> list[str]:
    """Make everything that waits; the ids of the orders."""
    making.open_jobs(press)
    found = []
    while outcome := making.make_next(press):
        found.append(outcome.made.order.id if outcome.made else str(outcome.problem))
    return found


def test_what_was_asked_for_is_made_once_and_the_oldest_first(
    world: World, press: Press, asked: Callable[..., UUID]
) -> None:
    first = asked(10)
    world.later(minutes=1)
    asked(5, series="LAN26", design="lancashire")
    assert made_by(press) == ["CWL26-003", "LAN26-002"]
    assert made_by(press) == []
    assert enquiry.orders(world.store)[0].actor == "national@example.org"
    assert ordering.waiting_for_press(world.store) == []
    told = world.store.read(lambda connection: rows.of(connection, first))
    assert told is not None
    assert told.problem is None
    assert world.findings() == []


def test_job_files_are_for_their_owner_alone(press: Press, asked: Callable[..., UUID]) -> None:
    press.jobs.mkdir(parents=True, mode=0o755)
    asked()
    made_by(press)
    assert press.jobs.stat().st_mode & 0o777 == 0o700
    assert (press.jobs / "CWL26-003.job.zip").stat().st_mode & 0o777 == 0o600
    with (press.jobs / "CWL26-003.job.zip").open("rb") as file, jobs.JobFile(file) as job:
        assert len(list(job.tokens())) == 10


def test_what_waits_for_a_second_person_is_not_made(press: Press, asked: Callable[..., UUID]) -> None:
    asked(9000)
    assert made_by(press) == []
    assert files(press.jobs) == []


@pytest.mark.parametrize(
    ("more", "reason", "says"),
    [
        ({"design": "devon"}, "design", "devon"),
        ({"series": "CWL90", "replaces": "CWL26-009"}, "not found", "There is no order CWL26-009 to replace"),
        ({"series": "CWL26", "replaces": "CWL26-001"}, "refused", "is ordered in a replacement series"),
    ],
)
def test_what_cannot_be_made_is_given_up_with_its_sentence(
    world: World, press: Press, asked: Callable[..., UUID], more: dict[str, str], reason: str, says: str
) -> None:
    bad = asked(**more)
    world.later(minutes=1)
    asked(3)
    told = made_by(press)
    assert says in told[0]
    assert told[1:] == ["CWL26-003"], "the next one is made all the same"
    row = world.store.read(lambda connection: rows.of(connection, bad))
    assert row is not None
    assert (row.reason, row.problem) == (reason, told[0])
    assert made_by(press) == [], "it is not tried for ever"
    assert ordering.waiting_for_press(world.store) == []


def test_a_surprise_gives_one_order_up_and_not_the_press(
    world: World, press: Press, asked: Callable[..., UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    asked()
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "write", fail)
        assert made_by(press) == ["The press failed at this order, and its log says how."]
    asked()
    assert made_by(press) == ["CWL26-003"]
    assert files(press.jobs) == [".turn", "CWL26-003.job.zip"]


def test_an_order_waits_for_room_on_the_disk(
    press: Press, asked: Callable[..., UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    asked()
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "write", full)
        with pytest.raises(BadInput, match="No space left"):
            made_by(press)
    assert made_by(press) == ["CWL26-003"]


def test_a_database_that_is_away_gives_nothing_up(
    world: World, press: Press, asked: Callable[..., UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked()
    with monkeypatch.context() as away:
        away.setattr(presses, "_commit", _away)
        with pytest.raises(Unavailable):
            made_by(press)
    assert made_by(press) == ["CWL26-003"]


def _away(*_: object) -> bool:
    raise Unavailable("The database cannot answer now.")


def test_told_to_stop_it_leaves_nothing_of_an_order(world: World, press: Press, asked: Callable[..., UUID]) -> None:
    before = world.picture()
    asked()
    making.open_jobs(press)
    press.stopped.set()
    with pytest.raises(Stopped):
        making.make_next(press)
    assert files(press.jobs) == [".turn"]
    assert world.picture() == before
    assert made_by(replace(press, stopped=Event())) == ["CWL26-003"]


def test_it_tells_how_many_are_signed(
    world: World, press: Press, asked: Callable[..., UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "TELLS_SECONDS", 0.0)
    told: list[int] = []
    is_signed = rows.is_signed

    def watched(connection: Connection, request_id: UUID, signed: int, at: datetime) -> None:
        told.append(signed)
        is_signed(connection, request_id, signed, at)

    monkeypatch.setattr(rows, "is_signed", watched)
    asked(5000)
    assert made_by(press) == ["CWL26-003"]
    assert told == [0, 4096, 5000]


def test_a_file_whose_order_is_in_the_books_gets_its_name(
    world: World, press: Press, asked: Callable[..., UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The books are written, and then the power fails: the next look names the file, and makes nothing again."""

    def fail(draft: Path, final: Path) -> None:
        raise OSError(5, "Input/output error")

    asked()
    with monkeypatch.context() as broken:
        broken.setattr(drafts, "_rename", fail)
        made_by(press)
    assert "CWL26-003.job.zip" not in files(press.jobs)
    assert made_by(press) == []
    assert files(press.jobs) == [".turn", "CWL26-003.job.zip"]
    assert len(enquiry.orders(world.store)) == 6


def test_restored_books_make_nothing_before_they_are_reopened(
    world: World, press: Press, asked: Callable[..., UUID]
) -> None:
    """An order that the backup does not know of may be at the print shop, with the same serials."""
    asked()
    key = CheckpointKey(bytes(32))
    close_books(world.store, reason="restored", actor="cli:me", now=world.now, request_id=uuid4(), key=key.public)
    with pytest.raises(NotYet, match="not reopened"):
        made_by(press)
    closing.reopen_books(
        world.store, reason="journals are in", actor="cli:me", now=world.now, request_id=uuid4(), key=key.public
    )
    assert made_by(press) == ["CWL26-003"]


@pytest.mark.parametrize("folder", ["the same", "another"])
def test_two_presses_make_each_order_once(world: World, press: Press, asked: Callable[..., UUID], folder: str) -> None:
    """One on this machine takes turns; one on another, with a folder of its own, is told by the books."""
    other = replace(press, jobs=press.jobs if folder == "the same" else world.folder / "elsewhere")
    for _ in range(4):
        asked(3)
    found: list[list[str]] = [[], []]

    def work(place: int, mine: Press) -> None:
        found[place] = made_by(mine)

    threads = [Thread(target=work, args=each) for each in enumerate((press, other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = sorted(each for mine in found for each in mine if each.startswith("CWL26-"))
    assert made == ["CWL26-003", "CWL26-004", "CWL26-005", "CWL26-006"]
    kept = {name for each in {press.jobs, other.jobs} for name in files(each)} - {".turn"}
    assert kept == {f"{each}.job.zip" for each in made}
    assert world.counts("CWL26 111-122") == {"ordered": 12}
    assert world.findings() == []
    shutil.rmtree(press.jobs)
