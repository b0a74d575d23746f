"""The press at the command line, as a process: it makes what was asked for, goes on looking, and ends when it is told to."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from uuid import uuid4

import pytest

from app.services import accounts, asking, enquiry
from app.services.ordering import OrderRequest
from tests import staff
from tests.commands.conftest import Office
from tests.failover import wait_until
from tests.world import DESIGNS, World


@pytest.fixture
def ask(sqlite_world: World) -> Callable[..., None]:
    """Asks for an order in the browser."""
    account, _ = accounts.add_account(
        sqlite_world.store, email="national@example.org", role="national", now=sqlite_world.now
    )
    here = staff.present(sqlite_world.store, account, now=sqlite_world.now)

    def order(quantity: int = 10, design: str = "cornwall") -> None:
        wanted = OrderRequest("CWL26", quantity, design)
        asking.ask_to_order(
            sqlite_world.store, by=here, wanted=wanted, note=None, request_id=uuid4(), now=sqlite_world.later(seconds=1)
        )  # fmt: skip

    return order


@contextmanager
def pressing(world: World, *words: str, log: str = "plain") -> Iterator["subprocess.Popen[str]"]:
    """`hournote press` as a process, over a small world."""
    url = world.store.engine.url.render_as_string(hide_password=False)
    settings = {"DATABASE_URL": url, "INSTANCE": str(world.folder), "DESIGNS": str(DESIGNS), "LOG": log}
    environment = {**os.environ, **{f"HOURNOTE_{name}": value for name, value in settings.items()}}
    command = [sys.executable, "-m", "hournote", "press", *words]
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **output) as press:  # type: ignore[call-overload]
        try:
            yield press
        finally:
            press.kill()


def test_it_makes_what_was_asked_for_and_ends(office: Office, settled: World, ask: Callable[..., None]) -> None:
    ask()
    ask(design="devon")
    told = office.run("press", code=1)
    assert told.startswith("CWL26-003: 10 notes, CWL26 0000111 ")
    assert office.run("press") == "No order waits.\n"
    assert (office.folder / "jobs" / "CWL26-003.job.zip").stat().st_mode & 0o777 == 0o600
    assert [each.id for each in enquiry.orders(settled.store)][:1] == ["CWL26-003"]


def test_without_books_it_says_so(office: Office) -> None:
    assert "There is no database" in office.refuses("press")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_goes_on_looking_until_it_is_told_to_stop(
    sqlite_world: World, ask: Callable[..., None], number: signal.Signals
) -> None:
    jobs = sqlite_world.folder / "jobs"
    with pressing(sqlite_world, "--watch") as press:
        for order in ("CWL26-003", "CWL26-004"):
            ask()
            wait_until((jobs / f"{order}.job.zip").exists, f"{order} is made")
        press.send_signal(number)
        said, warned = press.communicate(timeout=60)
        assert press.returncode == 0
    assert [line.partition(":")[0] for line in said.splitlines()[1:]] == ["CWL26-003", "CWL26-004"]
    assert "Traceback" not in warned


def test_told_to_stop_in_the_middle_of_an_order_it_leaves_nothing(
    sqlite_world: World, ask: Callable[..., None]
) -> None:
    """It waits to tell how far it is, and is told to stop meanwhile."""
    ask(4000)
    jobs = sqlite_world.folder / "jobs"
    with ExitStack() as held:
        held.enter_context(sqlite_world.store._turn)
        with pressing(sqlite_world, "--watch") as press:
            wait_until((jobs / ".turn").exists, "the press is at the order")
            press.send_signal(signal.SIGTERM)
            held.close()
            said, _warned = press.communicate(timeout=60)
    assert "CWL26-003" not in said
    assert [path.name for path in jobs.iterdir()] == [".turn"]
    assert sqlite_world.counts("CWL26 101-120") == {"ordered": 10, "not_ordered": 10}
