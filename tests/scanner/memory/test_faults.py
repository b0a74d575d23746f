"""Whatever goes wrong on the line, on the disk or with the clock: no hour is lost and none is counted twice."""

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from app.core.errors import HournoteError, Unavailable
from app.services import directory
from scanner.memory import books
from scanner.memory.books import Books
from scanner.memory.clock import Clock
from scanner.memory.desk import Desk
from scanner.memory.rounds import Rounds, finish
from tests.scanner.conftest import environment
from tests.scanner.memory.conftest import PATIENT, QUICK, Counter
from tests.scanner.memory.faulty import Trick, broken, garbage, half, late, lost, portal, silent, unplugged
from tests.web.desk.desks import books_of

FAULTS: dict[str, Trick] = {
    "a server that fails": broken,
    "garbage": garbage,
    "the page of a network": portal,
    "half an answer": half,
    "an answer that is lost": lost,
    "an answer that comes too late": late,
    "silence": silent,
    "a dead line": unplugged,
}


def seconds(name: str) -> float:
    """Where nothing will come, nobody waits for it."""
    return QUICK if FAULTS[name] in (late, silent) else PATIENT


@pytest.mark.parametrize("name", FAULTS)
def test_a_visit_that_was_accepted_apart_is_spent_once(counter: Counter, name: str) -> None:
    desk = counter.open(counter_seconds=seconds(name))
    counter.line.always = FAULTS[name]
    answer = desk.redeem(counter.visit(12, 13))
    assert (answer.outcome, answer.confirmed) == ("accepted", False)
    assert not finish(desk, lambda: False)
    counter.line.always = None
    counter.line.let_go.set()
    assert desk.sync()
    assert [counter.state(number) for number in (12, 13)] == ["redeemed", "redeemed"]
    assert desk.condition().notices == ()


@pytest.mark.parametrize("name", FAULTS)
def test_a_visit_that_was_not_accepted_is_not_left_spent(counter: Counter, name: str) -> None:
    desk = counter.open(counter_seconds=seconds(name))
    directory.set_policy(books_of(counter.service.app), venue="Carn Brea Leisure Centre", offline_notes=0)
    desk.sync()
    counter.line.always = FAULTS[name]
    with pytest.raises(HournoteError):
        desk.redeem(counter.visit(12))
    counter.line.always = None
    counter.line.let_go.set()
    assert desk.sync()
    assert (counter.state(12), desk.condition().owed) == ("issued", 0)


def test_a_batch_that_is_answered_badly_is_sent_again(counter: Counter, desk: Desk) -> None:
    counter.line.always = unplugged
    desk.redeem(counter.visit(12))
    counter.line.always = None
    counter.line.tricks = [half, broken, garbage]
    for _fault in range(3):
        with pytest.raises(Unavailable):
            desk.sync()
    assert desk.sync()
    assert counter.state(12) == "redeemed"


def test_a_surprise_in_the_rounds_is_handed_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def surprise() -> None:
        raise KeyError("surprise")

    monkeypatch.setattr(desk, "sync", surprise)
    rounds = Rounds(desk)
    rounds.start()
    rounds._thread.join(60)
    with pytest.raises(KeyError):
        rounds.check()


def test_who_reads_what_is_known_does_not_wait_for_the_service(counter: Counter, desk: Desk) -> None:
    desk.condition()
    counter.line.always = silent

    def refresh() -> None:
        with pytest.raises(Unavailable):
            desk._learning.refresh()

    thread = threading.Thread(target=refresh)
    thread.start()
    while not any("snapshot" in call for call in counter.line.calls[-1:]):
        assert thread.is_alive()
    assert (len(desk.keyring().keys) > 0, desk.condition().known_at is not None) == (True, True)
    assert thread.is_alive()
    counter.line.let_go.set()
    thread.join()


@pytest.mark.parametrize("name", ["keyring", "given_back", "redeemed"])
def test_a_snapshot_of_another_shape_changes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = desk.keyring()
    told = {**desk._client.snapshot(), "redeemed": [], "given_back": [], name: 5}
    monkeypatch.setattr(desk._client, "snapshot", lambda since=None: told)
    with pytest.raises(Unavailable, match="cannot be understood"):
        desk._learning.refresh()
    assert desk.keyring() is before


def test_nobody_waits_for_a_slow_service_to_end_the_program(
    counter: Counter, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is still in the journal, and is sent the next time."""
    monkeypatch.setattr("scanner.memory.courier.STOPPING_SECONDS", 0.01)
    counter.line.always = unplugged
    desk.redeem(counter.visit(12))
    counter.line.always = None
    counter.line.tricks = [silent]
    with pytest.raises(Unavailable, match="could not be told in time"):
        desk._courier.within(0.2)
    counter.close()
    counter.line.let_go.set()
    assert counter.open().sync()
    assert counter.state(12) == "redeemed"


# --- the disk


def full(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose disk has no room for another page."""
    with sqlite3.connect(counter.home.journal) as there:
        pages = there.execute("PRAGMA page_count").fetchone()[0]
    there.close()
    monkeypatch.setattr(books, "PRAGMAS", (*books.PRAGMAS, f"max_page_count = {pages}"))
    return counter.open()


def test_on_a_full_disk_nothing_is_accepted_and_nothing_left_spent(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, accepted = full(counter, monkeypatch), 0
    with pytest.raises(Unavailable, match="make room on the disk"):  # noqa: PT012 -- nobody knows which visit is the last
        for number in range(12, 42):
            accepted += desk.redeem(counter.visit(number)).outcome == "accepted"
    assert desk.condition().trouble == "disk"
    counter.close()
    monkeypatch.undo()
    desk = counter.open()
    assert desk.sync()
    assert [counter.state(number) for number in range(12, 42)] == ["redeemed"] * accepted + ["issued"] * (30 - accepted)


def test_on_a_full_disk_nothing_is_accepted_apart(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = full(counter, monkeypatch)
    counter.line.always = unplugged
    said: list[str] = []
    with pytest.raises(Unavailable, match="make room on the disk"):  # noqa: PT012 -- nobody knows which visit is the last
        for number in range(12, 32):
            said += [desk.redeem(counter.visit(number)).outcome]
    counter.line.always = None
    counter.close()
    monkeypatch.undo()
    assert counter.open().sync()
    assert [counter.state(number) for number in range(12, 32)].count("redeemed") == said.count("accepted")


def test_a_disk_that_fills_between_two_visits_is_said_before_the_next(
    counter: Counter, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk.redeem(counter.visit(12)).confirmed
    monkeypatch.setattr(books, "LEAST_FREE_BYTES", 1 << 62)
    assert desk.condition().trouble == "disk"
    counter.line.calls.clear()
    with pytest.raises(Unavailable, match="nearly full: make room on it"):
        desk.redeem(counter.visit(13))
    assert (counter.line.calls, counter.state(13)) == ([], "issued")
    monkeypatch.undo()
    assert (desk.condition().trouble, desk.redeem(counter.visit(13)).confirmed) == (None, True)


def test_a_disk_that_takes_nothing_is_noticed_by_the_rounds_and_believed_until_it_does(
    counter: Counter, desk: Desk
) -> None:
    desk._books._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(Unavailable, match="let this user write there"):
        desk.sync()
    assert not desk.check([counter.office.token(12)]).notes[0].message.startswith("The journal")
    assert desk.condition().trouble == "disk"
    desk._books._connection.execute("PRAGMA query_only = OFF")
    assert desk.sync()
    assert desk.condition().trouble is None


@pytest.mark.parametrize("content", [b"hello, this is no journal" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_journal_is_named_with_the_way_out(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "journal.sqlite3").write_bytes(content)
    with pytest.raises(Unavailable, match="move it away"):
        Books(tmp_path / "journal.sqlite3")


# --- a killed program

KILLED = """
import sys
from pathlib import Path
from scanner.home import Home
from scanner.memory.desk import Desk
from scanner.memory.till import Visit
desk = Desk(Home(Path(sys.argv[1])))
desk.open()
begun = desk.begin(Visit((sys.argv[2],), None))
print("written", flush=True)
print(desk.end(Visit((sys.argv[2],), None), begun).outcome, flush=True)
"""


@pytest.mark.parametrize("trick", [late, silent])
def test_a_program_that_is_killed_before_the_answer_leaves_nothing_spent(
    counter: Counter, tmp_path: Path, trick: Trick
) -> None:
    """Nobody was told "accepted": the next start takes the visit back, whether the service had it or not."""
    counter.line.tricks = [trick]
    words = [sys.executable, "-c", KILLED, str(counter.home.folder), counter.office.token(12)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment(tmp_path)) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "written\n"
        while not any(call.startswith("PUT") for call in counter.line.calls):
            assert program.poll() is None
        program.send_signal(signal.SIGKILL)
    counter.line.let_go.set()
    desk = counter.open()
    assert desk.sync()
    assert (counter.state(12), desk.condition().owed) == ("issued", 0)


def test_a_visit_that_a_running_program_asks_about_is_left_to_it(counter: Counter, desk: Desk) -> None:
    begun = desk.begin(counter.visit(12))
    other = counter.open()
    assert other.sync()
    assert desk.end(counter.visit(12), begun).outcome == "accepted"
    assert counter.state(12) == "redeemed"


# --- the clock

HOUR_MS = 3_600_000


class Hands:
    """The hands of a clock, and what has truly passed."""

    def __init__(self, start_ms: int) -> None:
        self.shown, self.passed = start_ms, 0

    def clock(self) -> Clock:
        return Clock(lambda: self.shown, lambda: self.passed)


def test_time_does_not_go_back_with_the_hands() -> None:
    hands = Hands(1_000_000_000)
    clock = hands.clock()
    before = clock.now_ms()
    hands.shown -= HOUR_MS
    hands.passed += 1000
    assert clock.now_ms() == before + 1000
    kept = clock.kept
    again = Hands(hands.shown).clock()
    again.go_on(kept)
    assert again.now_ms() >= before + 1000


def test_a_clock_that_was_turned_back_makes_no_old_knowledge_young(counter: Counter) -> None:
    """25 hours without the network, with the hands turned back by a day: the venue allows 24."""
    hands = Hands(int(time.time() * 1000))
    desk = counter.open(clock=hands.clock())
    assert desk.sync()
    counter.line.always = unplugged
    hands.passed += 25 * HOUR_MS
    assert desk.condition().leave == "too_old"
    with pytest.raises(HournoteError):
        desk.redeem(counter.visit(12))


def test_a_clock_that_jumped_ahead_is_named_and_the_service_s_time_is_told(counter: Counter) -> None:
    hands = Hands(int(time.time() * 1000) + 5 * HOUR_MS)
    desk = counter.open(clock=hands.clock())
    assert desk.sync()
    assert desk.condition().trouble == "clock"
    answer = desk.redeem(counter.visit(12))
    (visit,) = desk.recent()
    assert (answer.outcome, abs(visit.at.timestamp() - time.time()) < 60) == ("accepted", True)
    hands.shown -= 5 * HOUR_MS
    desk.sync()
    assert desk.condition().trouble is None


def test_a_restart_with_the_clock_turned_back_goes_on_from_what_was_written(counter: Counter) -> None:
    """Nothing was in sync since: the journal alone knows how late it was."""
    start = int(time.time() * 1000)
    hands = Hands(start)
    desk = counter.open(clock=hands.clock())
    counter.line.always = unplugged
    hands.shown, hands.passed = start + 23 * HOUR_MS, 23 * HOUR_MS
    desk.redeem(counter.visit(12))
    counter.close()
    desk = counter.open(clock=Hands(start).clock())
    desk.redeem(counter.visit(13))
    with desk._books.read() as page:
        first, second = page.open()
    assert second.at_ms >= first.at_ms == start + 23 * HOUR_MS
    counter.close()
    hands = Hands(start)
    desk = counter.open(clock=hands.clock())
    hands.passed += 2 * HOUR_MS
    assert desk.condition().leave == "too_old"


def test_after_a_restart_a_clock_that_was_set_right_is_not_ahead_again(counter: Counter) -> None:
    start = int(time.time() * 1000)
    hands = Hands(start + 5 * HOUR_MS)
    desk = counter.open(clock=hands.clock())
    desk.redeem(counter.visit(12))
    hands.shown = start
    assert desk.sync()
    counter.close()
    counter.line.always = unplugged
    assert counter.open(clock=Hands(start).clock()).clock.now_ms() < start + HOUR_MS
