"""What is told of the network, and when."""

import pytest

from app.core.errors import NotFound
from scanner.events import Event, FromTheFirstScan, Kind
from scanner.view.errands import Errands


def kinds(*happened: Kind) -> list[Kind]:
    told: list[Event] = []
    tell = FromTheFirstScan(told.append)
    for kind in happened:
        tell(Event(kind))
    return [event.kind for event in told]


def test_the_network_is_told_of_from_the_first_scan_on() -> None:
    assert kinds(Kind.OFFLINE, Kind.SCAN, Kind.ONLINE) == [Kind.SCAN, Kind.OFFLINE, Kind.ONLINE]
    assert kinds(Kind.OFFLINE, Kind.ONLINE, Kind.SCAN) == [Kind.SCAN]
    assert kinds(Kind.SCAN, Kind.OFFLINE) == [Kind.SCAN, Kind.OFFLINE]


def test_an_errand_is_heard_of_on_the_window_s_thread() -> None:
    errands, heard = Errands(), list[str]()

    def missing() -> str:
        raise NotFound("Nothing by that name.")

    errands.send(lambda: "done", heard.append, lambda error: None)
    errands.send(missing, heard.append, lambda error: heard.append(error.sentence))
    errands._legs.shutdown()
    assert heard == []
    assert errands.drain()
    assert sorted(heard) == ["Nothing by that name.", "done"]
    assert not errands.drain()


def test_a_surprise_on_an_errand_is_not_swallowed() -> None:
    errands = Errands()
    errands.send(lambda: 1 / 0, lambda done: None, lambda error: None)
    errands._legs.shutdown()
    with pytest.raises(ZeroDivisionError):
        errands.drain()
