"""A desk of the scanner at the real service, with a line between them that goes wrong on demand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from scanner.backoff import Backoff
from scanner.events import Event
from scanner.home import Enrolment, Home
from scanner.memory.desk import Desk
from scanner.memory.till import Visit
from tests.scanner.memory.faulty import Line, line_to
from tests.web.conftest import World, app, made_world, world
from tests.web.desk.desks import Service, state

__all__ = ["app", "made_world", "world"]

QUICK, PATIENT = 0.4, 30.0
"""Seconds that somebody waits for an answer: where none will come, and where this computer may be busy."""


@dataclass
class Counter:
    """A desk and what is around it: its line, the service, and the books of the office."""

    home: Home
    line: Line
    service: Service
    office: World
    events: list[Event] = field(default_factory=list)
    _open: list[Desk] = field(default_factory=list)

    def open(self, **more: object) -> Desk:
        """The desk of this home, opened as the program opens it."""
        given = {"counter_seconds": PATIENT, "backoff": Backoff(first_seconds=0.01), **more}
        desk = Desk(self.home, self.events.append, **given)  # type: ignore[arg-type]
        self._open.append(desk)
        desk.open()
        return desk

    def close(self) -> None:
        while self._open:
            self._open.pop().close()

    def visit(self, *numbers: int, offer: int | None = None, practice: bool = False) -> Visit:
        return Visit(tuple(self.office.token(number) for number in numbers), offer, practice)

    def state(self, number: int) -> str:
        """What a note is, by the office's books."""
        return state(self.service.app, self.office, number)


@pytest.fixture
def service(app: Flask) -> Iterator[Service]:
    service = Service(app)
    service.start()
    yield service
    service.stop()


@pytest.fixture
def counter(tmp_path: Path, service: Service, world: World) -> Iterator[Counter]:
    """The front desk, in sync; the line works."""
    with line_to(service.port) as line:
        home = Home(tmp_path / "scanner")
        home.keep_enrolment(Enrolment(line.url, "Front desk", "Carn Brea Leisure Centre", world.key))
        made = Counter(home, line, service, world)
        desk = made.open()
        assert desk.sync()
        made.close()
        yield made
        made.close()


@pytest.fixture
def desk(counter: Counter) -> Desk:
    return counter.open()
