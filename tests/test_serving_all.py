"""`hournote serve --all`: the service and the press, two processes that end together."""

import os
import signal
from pathlib import Path
from uuid import uuid4

import pytest

from app.services import accounts, asking
from app.services.ordering import OrderRequest
from tests import staff
from tests.failover import wait_until
from tests.test_serving import served
from tests.world import World


def press_of(pid: int) -> int | None:
    """The process of the press that a service started, None before it did."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        if b"app.pressing" in Path(f"/proc/{child}/cmdline").read_bytes():
            return int(child)
    return None


def is_gone(pid: int) -> bool:
    """Whether a process ended, and nothing of it but its exit code is left."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def started(pid: int) -> int:
    wait_until(lambda: press_of(pid) is not None, "the press was started")
    found = press_of(pid)
    assert found is not None
    return found


def test_what_is_asked_for_is_made_and_both_end_together(sqlite_world: World) -> None:
    world = sqlite_world
    account, _ = accounts.add_account(world.store, email="national@example.org", role="national", now=world.now)
    here = staff.present(world.store, account, now=world.now)
    with served(world, "--all") as (_client, service):
        press = started(service.pid)
        wanted = OrderRequest("CWL26", 10, "cornwall")
        asking.ask_to_order(world.store, by=here, wanted=wanted, note=None, request_id=uuid4(), now=world.now)
        job = world.folder / "instance" / "jobs" / "CWL26-003.job.zip"
        wait_until(job.exists, "the order is made")
        service.send_signal(signal.SIGTERM)
        assert service.wait(60) == 0
        assert is_gone(press)
    assert world.counts("CWL26 111-120") == {"ordered": 10}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_service_ends_with_the_press_and_says_so(sqlite_world: World, number: signal.Signals) -> None:
    with served(sqlite_world, "--all") as (_client, service):
        os.kill(started(service.pid), number)
        assert service.wait(60) == 1
    told = (sqlite_world.folder / "log").read_text().splitlines()[-1]
    assert (
        told
        == "hournote: The press ended by itself, and the service was stopped with it: look into the log, and start again."
    )


def test_the_press_ends_with_a_service_that_was_killed(sqlite_world: World) -> None:
    with served(sqlite_world, "--all") as (_client, service):
        press = started(service.pid)
        service.kill()
        service.wait(60)
        wait_until(lambda: is_gone(press), "the press ended")


def test_without_all_there_is_no_press(sqlite_world: World) -> None:
    with served(sqlite_world) as (_client, service):
        assert press_of(service.pid) is None
