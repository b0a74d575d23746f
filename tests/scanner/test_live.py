"""A live camera: the picture never waits, neither for the looking nor for the network."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence

import pytest

from app.core.errors import HournoteError, NotAllowed
from app.core.serial import Serial
from scanner.backoff import Backoff
from scanner.client import Client
from scanner.courier import Courier
from scanner.events import Event, Kind
from scanner.home import Home
from scanner.journal import Journal, open_journal
from scanner.lookout import Lookout
from scanner.moment import Moment
from scanner.notes import Note
from scanner.run import run
from tests.scanner.cards import Order, shot
from tests.scanner.service import Call, Service, status
from tests.scanner.test_journal import NOW, visit_of

SERIAL = "CWL260000001K"


class Screen:
    """A display that notes what it is told and ends the run when it has seen enough."""

    def __init__(self, enough: Kind) -> None:
        self.enough, self.events, self.shown = enough, list[Event](), 0

    def tell(self, event: Event) -> None:
        self.events.append(event)

    def show(self, moment: Moment, notes: Sequence[Note]) -> bool:
        self.shown += 1
        return all(event.kind is not self.enough for event in self.events)

    def linger(self) -> bool:
        raise AssertionError("whoever ended the run does not look on")


class Camera:
    """A live camera that sees one frame for ever."""

    live = True

    def __init__(self, text: str) -> None:
        self.frame, self.closed = shot(text, 1), False

    def __iter__(self) -> Iterator[Moment]:
        while not self.closed:
            time.sleep(0.01)
            yield Moment(self.frame, time.monotonic())

    def close(self) -> None:
        self.closed = True


def test_a_note_before_a_camera_is_spent_once_and_a_key_ends_the_run(
    home: Home, service: Service, order: Order
) -> None:
    screen, camera = Screen(Kind.VERDICT), Camera(order.token(1))
    assert run(home, camera, screen)
    assert [event.kind for event in screen.events] == [Kind.SCAN, Kind.VERDICT]
    assert (service.spent, camera.closed) == ({SERIAL}, True)


def test_the_picture_goes_on_while_the_service_is_slow(home: Home, service: Service, order: Order) -> None:
    answer_now, screen = threading.Event(), Screen(Kind.VERDICT)

    def slow(call: Call) -> bool:
        before = screen.shown
        while screen.shown < before + 5:
            answer_now.wait(0.01)
        return False

    service.tricks = [slow]
    assert run(home, Camera(order.token(1)), screen)
    assert screen.events[-1].verdict == "accepted"


def test_a_revoked_desk_ends_a_live_run(home: Home, service: Service, order: Order) -> None:
    service.always = status(401)
    with pytest.raises(NotAllowed):
        run(home, Camera(order.token(1)), Screen(Kind.VERDICT))
    with open_journal(home) as journal:
        assert journal.count() == 1


def test_offline_is_told_once_and_online_when_it_is_back(home: Home, service: Service, order: Order) -> None:
    service.tricks = [status(503, Retry_After="0")] * 3
    screen = Screen(Kind.SYNCED)
    assert run(home, Camera(order.token(1)), screen)
    assert [event.kind for event in screen.events] == [Kind.SCAN, Kind.OFFLINE, Kind.ONLINE, Kind.VERDICT, Kind.SYNCED]


def test_a_run_begins_with_what_waited(home: Home, service: Service, order: Order) -> None:
    with open_journal(home) as journal:
        journal.add(visit_of(order.token(7)), NOW)
    screen = Screen(Kind.SYNCED)
    assert run(home, Camera("HTTPS://EXAMPLE.ORG/MENU"), screen)
    assert [event.serial for event in screen.events if event.kind is Kind.VERDICT] == [str(Serial("CWL26", 7))]


def test_a_new_scan_does_not_wait_out_an_old_failure(home: Home, service: Service, order: Order) -> None:
    """The pause after a failure is an hour here; a ring ends it."""
    told = threading.Event()
    events: list[Event] = []

    def tell(event: Event) -> None:
        events.append(event)
        told.set()

    with open_journal(home) as journal:
        client = Client(home.enrolment())
        courier = Courier(journal, client, tell, Backoff(first_seconds=3600, most_seconds=3600))
        service.tricks = [status(500)]
        journal.add(visit_of(order.token(1)), NOW)
        courier.start()
        assert told.wait(30)  # offline
        journal.add(visit_of(order.token(2)), NOW)
        courier.ring()
        assert courier.finish()
        client.close()
    assert {event.serial for event in events if event.kind is Kind.VERDICT} == {SERIAL, "CWL260000002I"}


def test_a_journal_that_fails_ends_the_run_and_is_named(home: Home, service: Service, order: Order) -> None:
    class Full(Camera):
        def __iter__(self) -> Iterator[Moment]:
            with sqlite3.connect(home.journal) as other:
                other.execute("DROP TABLE visits")
            other.close()
            yield from super().__iter__()

    with pytest.raises(HournoteError, match=r"journal\.sqlite3"):
        run(home, Full(order.token(1)), Screen(Kind.VERDICT))


def test_the_lookout_lets_frames_go_and_hands_over_trouble(order: Order) -> None:
    looked: list[float] = []
    busy, go_on = threading.Event(), threading.Event()

    def look(moment: Moment) -> list[Note]:
        looked.append(moment.at_seconds)
        busy.set()
        go_on.wait(30)
        if moment.at_seconds == 9:
            raise NotAllowed("No more.")
        return []

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


def test_two_processes_may_share_a_journal(home: Home, order: Order) -> None:
    first, second = Journal(home.journal), Journal(home.journal)
    first.add(visit_of(order.token(1)), NOW)
    second.add(visit_of(order.token(2)), NOW)
    assert (first.count(), second.count()) == (2, 2)
    first.close()
    second.close()
