"""Cameras of this computer, played by their drivers: focus and exposure are held, names are found, one comes back."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.core.errors import BadInput, Unavailable
from scanner import cameras
from scanner.cameras import devices, named
from scanner.eye import Seen
from scanner.feed import Feed
from scanner.frames import Folder, Frames, is_device, lasting
from scanner.lens import SETTLE_SECONDS, Lens
from scanner.moment import Moment

LIGHT, DARK = np.full((90, 160, 3), 120, np.uint8), np.full((90, 160, 3), 5, np.uint8)


class Driver:
    def __init__(self, *refused: int) -> None:
        self.values = {cv2.CAP_PROP_FOCUS: 40.0, cv2.CAP_PROP_EXPOSURE: 156.0}
        self.refused = refused

    def get(self, name: int) -> float:
        return self.values.get(name, 0.0)

    def put(self, name: int, value: float) -> bool:
        if name in self.refused:
            return False
        self.values[name] = value
        return True


def test_focus_and_exposure_are_held_once_they_have_settled() -> None:
    driver = Driver()
    lens = Lens(driver.get, driver.put)
    lens.see(LIGHT, 0)
    assert driver.values[cv2.CAP_PROP_AUTOFOCUS] == 1
    lens.see(LIGHT, SETTLE_SECONDS)
    assert (lens.is_held, driver.values[cv2.CAP_PROP_AUTOFOCUS], driver.values[cv2.CAP_PROP_AUTO_EXPOSURE]) == (
        True,
        0,
        1,
    )
    assert (driver.values[cv2.CAP_PROP_FOCUS], driver.values[cv2.CAP_PROP_EXPOSURE]) == (40.0, 156.0)


def test_when_the_light_changes_the_camera_settles_again() -> None:
    driver = Driver()
    lens = Lens(driver.get, driver.put)
    for now in (0, SETTLE_SECONDS):
        lens.see(LIGHT, now)
    lens.see(DARK, SETTLE_SECONDS + 6)
    assert (lens.is_held, driver.values[cv2.CAP_PROP_AUTO_EXPOSURE]) == (False, 3)
    lens.see(LIGHT, 2 * SETTLE_SECONDS + 6)
    assert lens.is_held


def test_what_a_driver_refuses_is_left_as_it_is() -> None:
    driver = Driver(cv2.CAP_PROP_AUTO_EXPOSURE, cv2.CAP_PROP_AUTOFOCUS)
    lens = Lens(driver.get, driver.put)
    for now in (0, SETTLE_SECONDS):
        lens.see(LIGHT, now)
    assert driver.values == Driver().values


class Sockets:
    """What the kernel says is plugged in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def plug(self, number: int, name: str, port: str | None = None, stream: int = 0) -> None:
        folder = self.folder / "class" / f"video{number}"
        folder.mkdir(parents=True)
        (folder / "name").write_text(f"{name}\n")
        if port is not None:
            (self.folder / "devices" / port).mkdir(parents=True, exist_ok=True)
            (folder / "device").symlink_to(self.folder / "devices" / port)
            (folder / "index").write_text(f"{stream}\n")

    def unplug(self, number: int) -> None:
        shutil.rmtree(self.folder / "class" / f"video{number}")


@pytest.fixture
def sockets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sockets:
    monkeypatch.setattr(cameras, "_CLASS", tmp_path / "class")
    return Sockets(tmp_path)


def test_a_camera_is_found_by_a_part_of_its_name(sockets: Sockets) -> None:
    for number, name in ((0, "Built-in Webcam"), (2, "Logitech BRIO"), (10, "HDMI Capture")):
        sockets.plug(number, name)
    assert [device.name for device in devices()] == ["Built-in Webcam", "Logitech BRIO", "HDMI Capture"]
    found = [[device.number for device in named(name)] for name in ("brio", "hdmi", "Canon", "")]
    assert found == [[2], [10], [], []]


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The numbers of the cameras that were opened."""
    asked: list[str] = []

    def opened(camera: str) -> Frames:
        asked.append(camera)
        return Unplugged()

    monkeypatch.setattr("scanner.frames.open_frames", opened)
    return asked


@pytest.mark.parametrize("chosen", ["2", "brio"])
@pytest.mark.parametrize("port", [None, "1-2:1.0"])
def test_a_camera_that_gets_another_number_is_still_the_same(
    sockets: Sockets, taken: list[str], chosen: str, port: str | None
) -> None:
    sockets.plug(2, "Logitech BRIO", port)
    again = lasting(chosen)
    sockets.unplug(2)
    with pytest.raises(BadInput, match="There is no camera"):
        again()
    sockets.plug(4, "Logitech BRIO", port)
    sockets.plug(2, "HDMI Capture", "1-9:1.0")
    again()
    assert taken == ["4"]


@pytest.mark.parametrize("chosen", ["2", "webcam"])
def test_of_two_cameras_of_one_name_the_chosen_is_found_again(
    sockets: Sockets, taken: list[str], caplog: pytest.LogCaptureFixture, chosen: str
) -> None:
    """Each with a second stream, which is no picture."""
    ports = {"1-3:1.0": (2, 3), "1-1:1.0": (4, 5)}
    for port, numbers in ports.items():
        for stream, number in enumerate(numbers):
            sockets.plug(number, "HD Webcam", port, stream)
    again = lasting(chosen)
    assert caplog.messages == [
        "2 cameras have such a name: 2 (HD Webcam at 1-3:1.0) was taken. Give the number of another."
    ]
    for number in (2, 3, 4, 5):
        sockets.unplug(number)
    sockets.plug(0, "HD Webcam", "1-1:1.0")
    with pytest.raises(BadInput, match="There is no camera"):
        again()
    sockets.plug(1, "HD Webcam", "1-3:1.0")
    again()
    sockets.unplug(1)
    sockets.plug(7, "HD Webcam", "1-4:1.0")
    again()
    assert taken == ["1", "7"]


@pytest.mark.parametrize("port", [None, "1-2:1.0"])
def test_for_a_broken_camera_another_make_is_taken_where_it_was_chosen_by_its_number(
    sockets: Sockets, taken: list[str], caplog: pytest.LogCaptureFixture, port: str | None
) -> None:
    sockets.plug(0, "Built-in Webcam", "1-1:1.0")
    sockets.plug(2, "C270", port)
    by_number, by_name = lasting("2"), lasting("c270")
    sockets.unplug(2)
    with pytest.raises(BadInput, match="There is no camera"):
        by_number()  # the one that is built in looks elsewhere
    sockets.plug(3, "Trust Spotlight", port)
    by_number()
    by_number()
    assert taken == ["3", "3"]
    assert caplog.messages == ["That camera is not here any more: 3 (Trust Spotlight) was taken instead."]
    with pytest.raises(BadInput, match="There is no camera"):
        by_name()
    sockets.plug(4, "C270", port)
    by_number()
    assert taken[2:] == ["4"], "the chosen one is back"


def test_where_the_system_does_not_tell_cameras_apart_it_is_said_which_was_taken(
    sockets: Sockets, taken: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    for number in (0, 1):
        sockets.plug(number, "HD Webcam")
    lasting("HD")()
    assert taken == ["0"]
    assert "0 (HD Webcam) was taken" in caplog.text
    assert "does not tell them apart: it may be another one" in caplog.text


def test_a_number_that_no_list_names_is_tried_as_it_is(sockets: Sockets, taken: list[str]) -> None:
    """Other systems have no such list."""
    lasting("3")()
    assert taken == ["3"]


def test_what_may_be_plugged_in_later_is_told_from_a_file(tmp_path: Path) -> None:
    assert [is_device(name) for name in ("0", "Logitech", str(tmp_path), "rtsp://10.0.0.7/live")] == [
        True,
        True,
        False,
        False,
    ]


class Unplugged:
    """A camera that gives a frame, and then goes away."""

    live = True

    def __iter__(self) -> Iterator[Moment]:
        yield Moment(LIGHT, 0.0)
        raise Unavailable("It gives no more pictures.")

    def close(self) -> None:
        """Nothing is held open."""


class Steady:
    live = True

    def __init__(self, done: threading.Event) -> None:
        self.done = done

    def __iter__(self) -> Iterator[Moment]:
        while not self.done.wait(0.01):
            yield Moment(DARK, 1.0)

    def close(self) -> None:
        """Nothing is held open."""


def test_a_camera_that_went_away_is_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.feed.AGAIN_SECONDS", 0.01)
    done, looked = threading.Event(), threading.Event()
    sources: list[Frames | None] = [Unplugged(), None, Steady(done)]

    def opened() -> Frames:
        found = sources.pop(0)
        if found is None:
            raise BadInput("It is not plugged in.")
        return found

    def look(moment: Moment) -> Seen:
        if moment.at_seconds == 1.0:
            looked.set()
        return Seen(moment)

    feed = Feed(opened, look)
    assert looked.wait(30)
    feed.check()
    assert feed.said == ""
    done.set()
    feed.stop()


class Ended(Unplugged):
    """A stream that ends without a word."""

    def __iter__(self) -> Iterator[Moment]:
        yield Moment(LIGHT, 0.0)


def test_a_stream_that_ends_is_a_camera_that_went_away(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = threading.Semaphore(0)

    def again() -> Frames:
        opened.release()
        return Ended()

    monkeypatch.setattr("scanner.feed.AGAIN_SECONDS", 0.01)
    feed = Feed(again, Seen)
    for _time in range(3):
        assert opened.acquire(timeout=30)
    assert feed.said in ("", "camera_lost")
    feed.stop()


def test_a_frame_that_cannot_be_judged_does_not_blind_the_window() -> None:
    done, looked = threading.Event(), threading.Semaphore(0)

    def look(_moment: Moment) -> Seen:
        looked.release()
        raise Unavailable("The journal cannot be read.", word="disk")

    feed = Feed(lambda: Steady(done), look)
    for _time in range(2):
        assert looked.acquire(timeout=30)
    assert feed.said == ""
    assert feed.seen is not None
    done.set()
    feed.stop()


def test_a_folder_that_is_damaged_ends_the_feed_with_its_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"half a picture")
    feed = Feed(lambda: Folder([tmp_path / "a.png"]), Seen)
    feed._thread.join(30)
    with pytest.raises(BadInput, match="None of the pictures"):
        feed.check()
    feed.stop()
