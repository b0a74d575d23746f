"""Turns: in the order in which they were asked for, and together where one transaction does for all who wait."""

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from app.core.errors import Conflict
from app.store.database import Store, added
from app.store.tables import programme
from app.store.turns import LARGEST_GROUP, Group, Turn


def start(work: object, *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=arguments)  # type: ignore[arg-type]
    thread.start()
    return thread


def test_a_turn_is_given_in_the_order_in_which_it_was_asked_for() -> None:
    turn, order = Turn(), list[int]()

    def ask(number: int) -> None:
        with turn:
            order.append(number)

    with turn:
        threads = []
        for number in range(20):
            threads.append(start(ask, number))
            while len(turn._waiting) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def test_a_turn_is_free_after_an_error() -> None:
    turn = Turn()
    with pytest.raises(ValueError, match="nothing"), turn:
        raise ValueError("nothing")
    with turn:
        pass


def test_a_turn_whose_file_cannot_be_made_is_one_of_threads_alone(tmp_path: Path) -> None:
    turn = Turn(tmp_path / "nowhere" / "turn")
    for _ in range(2):
        with turn:
            pass


def test_a_turn_is_free_after_its_file_could_not_be_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turn = Turn(tmp_path / "turn")

    def broken(_file: int, _how: int) -> None:
        raise OSError("no locks here")

    with monkeypatch.context() as patched:
        patched.setattr("app.store.turns.fcntl.flock", broken)
        with pytest.raises(OSError, match="no locks here"), turn:
            pass
    with turn:
        pass


def test_a_turn_is_shared_by_processes(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from app.store.turns import Turn\n"
        f"turn = Turn(Path({str(tmp_path / 'turn')!r}))\n"
        f"path = Path({str(tmp_path / 'count')!r})\n"
        "for _ in range(200):\n"
        "    with turn: path.write_text(str(int(path.read_text()) + 1))\n"
    )
    (tmp_path / "count").write_text("0")
    running = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(3)]
    assert [each.wait() for each in running] == [0, 0, 0]
    assert (tmp_path / "count").read_text() == "600"


class Slow:
    """Work that begins when it is told to, and remembers the groups that it was given."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, items: Sequence[int]) -> Sequence[int | Exception]:
        self.groups.append(list(items))
        self.begun.set()
        self.go.wait(10)
        return [Conflict(f"{item}") if item % 7 == 0 else item * 2 for item in items]


def test_those_who_come_meanwhile_are_done_together() -> None:
    work, answers = Slow(), dict[int, object]()
    group = Group(work)

    def ask(item: int) -> None:
        try:
            answers[item] = group.submit(item)
        except Conflict as error:
            answers[item] = error.sentence

    threads = [start(ask, 1)]
    work.begun.wait(10)
    for item in range(2, 2 + LARGEST_GROUP + 10):
        threads.append(start(ask, item))
        while len(group._waiting) < item - 1:
            time.sleep(0.001)
    work.go.set()
    for thread in threads:
        thread.join()
    assert [len(each) for each in work.groups] == [1, LARGEST_GROUP, 10]
    assert [item for each in work.groups for item in each] == sorted(answers), "the first who came is the first done"
    assert answers == {item: f"{item}" if item % 7 == 0 else item * 2 for item in answers}


def test_a_group_that_breaks_down_tells_each_and_lets_the_next_begin() -> None:
    def work(items: Sequence[int]) -> Sequence[int]:
        if 13 in items:
            raise RuntimeError("thirteen")
        return items

    group = Group(work)
    with pytest.raises(RuntimeError, match="thirteen"):
        group.submit(13)
    assert group.submit(14) == 14


# --- on the books


def named(connection: Connection, codes: Sequence[str]) -> Sequence[int | Exception]:
    """Enter programmes; one of them is refused, another takes the whole transaction down."""
    if "BAD" in codes:
        added(connection, programme, code="BAD", name="entered before it broke down")
        raise ValueError("BAD")
    return [Conflict(code) if code == "NOT" else added(connection, programme, code=code, name=code) for code in codes]


def test_one_that_breaks_the_transaction_does_not_take_the_others_with_it(store: Store) -> None:
    first = threading.Event()

    def held(connection: Connection, codes: Sequence[str]) -> Sequence[int | Exception]:
        first.wait(10)
        return named(connection, codes)

    answers: dict[str, object] = {}

    def ask(code: str) -> None:
        try:
            answers[code] = store.together(held, code)
        except Exception as error:
            answers[code] = error

    threads = [start(ask, "ONE")]
    threads += [start(ask, code) for code in ("TWO", "BAD", "NOT", "SIX")]
    time.sleep(0.1)
    first.set()
    for thread in threads:
        thread.join()
    kept = store.read(lambda connection: set(connection.scalars(sa.select(programme.c.code))))
    assert kept == {"ONE", "TWO", "SIX"}
    assert isinstance(answers["NOT"], Conflict)
    assert isinstance(answers["BAD"], ValueError)
    assert {type(answers[code]) for code in kept} == {int}
