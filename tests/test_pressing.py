"""The press goes on looking: it says once that it waits, looks ever more seldom, and goes on when it can."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from app import pressing
from app.core.errors import Unavailable
from app.services import making
from app.services.books import Store
from app.services.making import Press
from tests.world import DESIGNS, HOST


class _Waits(Event):
    """Remembers how long it was waited for, and waits for nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout or 0)
        return self.is_set()


@pytest.fixture
def press(store: Store, tmp_path: Path) -> Press:
    return Press(store, HOST, DESIGNS, tmp_path / "jobs", 1, lambda: pytest.fail("nothing is made"), _Waits())


def test_a_database_that_is_away_is_told_once_and_asked_ever_more_seldom(
    press: Press, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answers: Iterator[Exception | None] = iter(
        [None, *[Unavailable("The database cannot answer now.")] * 7, None, None]
    )

    def look(_press: Press) -> None:
        answer = next(answers, "no more")
        if answer == "no more":
            press.stopped.set()
        if isinstance(answer, Exception):
            raise answer

    monkeypatch.setattr(making, "make_next", look)
    with caplog.at_level(logging.WARNING):
        pressing.watch(press, lambda outcome: None)
    assert isinstance(press.stopped, _Waits)
    assert press.stopped.seconds == [1, 2, 4, 8, 16, 30, 30, 30, 1, 1, 1]
    assert caplog.messages == ["The press waits: The database cannot answer now.", "The press goes on."]


def test_a_surprise_does_not_end_it(
    press: Press, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def look(_press: Press) -> None:
        if caplog.messages:
            press.stopped.set()
            return
        raise ZeroDivisionError

    monkeypatch.setattr(making, "make_next", look)
    pressing.watch(press, lambda outcome: None)
    assert caplog.messages[0] == "The press waits."


def test_told_to_stop_it_does_not_look(press: Press) -> None:
    stopped = Event()
    stopped.set()
    pressing.watch(replace(press, stopped=stopped), lambda outcome: None)
    assert not press.jobs.exists()
