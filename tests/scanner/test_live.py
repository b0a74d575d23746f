"""A live camera: the picture never waits, neither for the looking nor for the network."""

import sqlite3
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from app.core.errors import BadInput, HournoteError, NotAllowed, Unavailable
from app.core.serial import Serial
from scanner.backoff import Backoff
from scanner.events import Event, Kind
from scanner.eye import Seen
from scanner.home import Home
from scanner.lookout import Lookout
from scanner.memory.desk import Desk
from scanner.memory.till import Visit
from scanner.moment import Moment
from scanner.notes import Note, judge
from scanner.reading import Reading
from scanner.run import run
from scanner.turnstile import Turnstile
from tests.scanner.cards import Order, shot
from tests.scanner.service import Call, Service, status

SERIAL = "CWL260000001K"


class Screen:
    """Notes what it is told and ends the run when it has seen enough."""

    def __init__(self, enough: Kind) -> None:
        self.enough, self.events, self.stop = enough, list[Event](), threading.Event()

    def tell(self, event: Event) -> None:
        self.events.append(event)
        if event.kind is self.enough:
            self.stop.set()

    @property
    def kinds(self) -> list[Kind]:
        return [event.kind for event in self.events]

    def run(self, home: Home, camera: "Camera") -> bool:
        return run(home, lambda: camera, self.tell, stop=self.stop)


class Camera:
    """A live camera that sees one frame for ever."""

    live = True

    def __init__(self, text: str) -> None:
        self.frame, self.closed, self.taken = shot(text, 1), False, 0

    def __iter__(self) -> Iterator[Moment]:
        while not self.closed:
            time.sleep(0.01)
            self.taken += 1
            yield Moment(self.frame, time.monotonic())

    def close(self) -> None:
        self.closed = True


def test_a_note_before_a_camera_is_spent_once_and_whoever_asks_ends_the_run(
    home: Home, service: Service, order: Order
) -> None:
    screen, camera = Screen(Kind.VERDICT), Camera(order.token(1))
    assert screen.run(home, camera)
    assert screen.kinds == [Kind.SCAN, Kind.VERDICT]
    assert (service.spent, camera.closed) == ({SERIAL}, True)


class Unplugged(Camera):
    """It gives a frame, and then goes away."""

    def __iter__(self) -> Iterator[Moment]:
        yield Moment(self.frame, 0.0)
        raise Unavailable("Camera 0 gives no more pictures.")


def test_a_camera_that_is_unplugged_is_waited_for(
    home: Home, service: Service, order: Order, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("scanner.returning.AGAIN_SECONDS", 0.01)
    lost, screen = Unplugged("HTTPS://EXAMPLE.ORG/MENU"), Screen(Kind.VERDICT)
    sources: list[Camera | None] = [lost, None, Camera(order.token(1))]

    def opened() -> Camera:
        found = sources.pop(0)
        if found is None:
            raise BadInput("It is not plugged in.")
        return found

    assert run(home, opened, screen.tell, stop=screen.stop)
    assert (screen.events[-1].verdict, service.spent, lost.closed) == ("accepted", {SERIAL}, True)
    assert caplog.messages == ["Camera 0 gives no more pictures. It is looked for until it is back."]


def test_a_run_that_waits_for_its_camera_can_be_stopped(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    screen, cameras = Screen(Kind.VERDICT), [Unplugged("HTTPS://EXAMPLE.ORG/MENU")]

    def opened() -> Camera:
        if not cameras:
            screen.stop.set()
            raise BadInput("It is not plugged in.")
        return cameras.pop()

    monkeypatch.setattr("scanner.returning.AGAIN_SECONDS", 0.01)
    assert run(home, opened, screen.tell, stop=screen.stop)


def test_the_looking_goes_on_while_the_service_is_slow(home: Home, service: Service, order: Order) -> None:
    screen, camera = Screen(Kind.VERDICT), Camera(order.token(1))

    def slow(call: Call) -> bool:
        before = camera.taken
        while camera.taken < before + 5:
            screen.stop.wait(0.01)
        return False

    service.tricks = [slow]
    assert screen.run(home, camera)
    assert screen.events[-1].verdict == "accepted"


def test_a_note_that_comes_again_while_its_visit_is_asked_about_is_no_second_visit(
    home: Home, service: Service, order: Order
) -> None:
    events: list[Event] = []
    asked, again = threading.Event(), threading.Event()

    def slow(_call: Call) -> bool:
        asked.set()
        again.wait(30)
        return False

    service.tricks = [slow]
    desk = Desk(home, counter_seconds=30)
    turnstile = Turnstile(desk, events.append, lambda: None)
    turnstile.take(seen(order))
    assert asked.wait(30)
    turnstile.take(seen(order))
    again.set()
    turnstile.finish(lambda: True)
    turnstile.stop()
    desk.close()
    assert [(event.kind, event.verdict) for event in events] == [
        ("scan", None),
        ("scan", None),
        ("verdict", "accepted"),
    ]
    assert "being asked about: it is not taken again" in str(events[1].more["message"])
    assert len(service.puts) == 1


def seen(order: Order) -> Note:
    """A note in view."""
    return judge(Reading(order.token(1), np.zeros((4, 2))), order.keyring)


def test_a_revoked_desk_ends_a_live_run(home: Home, service: Service, order: Order) -> None:
    service.always = status(401)
    with pytest.raises(NotAllowed, match="Visits that wait: 1; keep their notes"):
        Screen(Kind.VERDICT).run(home, Camera(order.token(1)))


def test_offline_is_told_and_online_when_it_is_back(
    home: Home, service: Service, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanner.memory.till.HUNG_UP_SECONDS", 60.0)
    service.tricks = [status(503, Retry_After="0")] * 2
    screen = Screen(Kind.VERDICT)
    assert screen.run(home, Camera(order.token(1)))
    assert (Kind.OFFLINE in screen.kinds, Kind.ONLINE in screen.kinds) == (True, True)
    assert screen.events[-1].verdict == "accepted"


def test_a_run_begins_with_what_waited(home: Home, service: Service, order: Order) -> None:
    desk = Desk(home)
    desk.begin(Visit((order.token(7),), None, attended=False))
    desk.close()
    screen = Screen(Kind.VERDICT)
    assert screen.run(home, Camera("HTTPS://EXAMPLE.ORG/MENU"))
    assert [event.serial for event in screen.events if event.kind is Kind.VERDICT] == [str(Serial("CWL26", 7))]


def test_a_journal_that_fails_ends_the_run_and_is_named(home: Home, service: Service, order: Order) -> None:
    class Full(Camera):
        def __iter__(self) -> Iterator[Moment]:
            with sqlite3.connect(home.journal) as other:
                other.execute("DROP TABLE entries")
            other.close()
            yield from super().__iter__()

    with pytest.raises(HournoteError, match=r"journal\.sqlite3"):
        Screen(Kind.VERDICT).run(home, Full(order.token(1)))


def test_the_lookout_lets_frames_go_and_hands_over_trouble(order: Order) -> None:
    looked: list[float] = []
    busy, go_on = threading.Event(), threading.Event()

    def look(moment: Moment) -> Seen:
        looked.append(moment.at_seconds)
        busy.set()
        go_on.wait(30)
        if moment.at_seconds == 9:
            raise NotAllowed("No more.")
        return Seen(moment)

    lookout, frame = Lookout(look), shot(order.token(1), 1)
    lookout.look(Moment(frame, 0))
    assert busy.wait(30)
    for at in range(1, 10):
        lookout.look(Moment(frame, at))
    go_on.set()
    lookout.join(30)
    with pytest.raises(NotAllowed):
        lookout.look(Moment(frame, 10))
    assert looked[:2] == [0, 9]
    lookout.stop()


@pytest.mark.parametrize("failures", [1, 2, 5, 50])
def test_pauses_double_up_to_a_bound_and_differ_between_desks(failures: int) -> None:
    backoff = Backoff(first_seconds=1, most_seconds=30)
    pauses = {backoff.pause_seconds(failures) for _ in range(50)}
    most = min(2.0 ** (failures - 1), 30)
    assert most / 2 <= min(pauses) <= max(pauses) <= most
    assert len(pauses) > 1
