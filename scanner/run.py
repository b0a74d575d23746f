"""A run: frames are looked at, visits are sent, and what comes of it is shown, until the frames end or somebody stops."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from scanner.client import Client
from scanner.courier import Courier
from scanner.desk import Desk
from scanner.display import Display
from scanner.frames import Frames
from scanner.home import Home
from scanner.journal import open_journal
from scanner.lookout import Lookout
from scanner.moment import Moment
from scanner.notes import Note


def run(home: Home, frames: Frames, display: Display, *, offer: str | int | None = None) -> bool:
    """True when everything was sent. Raises what ended the run early; what waits then is in the journal."""
    with open_journal(home) as journal, _stop_asked() as stop:
        client = Client(home.enrolment())
        courier = Courier(journal, client, display.tell)
        courier.start()
        desk = Desk(journal, home.keyring(), display.tell, courier.ring, offer=offer)
        try:
            return _Run(frames, desk, courier, display, stop).to_its_end()
        finally:
            courier.stop()
            client.close()
            frames.close()


@dataclass
class _Run:
    """One run while it lasts; `last` is what was shown last."""

    frames: Frames
    desk: Desk
    courier: Courier
    display: Display
    stop: threading.Event
    last: tuple[Moment, list[Note]] | None = None

    def to_its_end(self) -> bool:
        """Somebody who stops a run is not kept waiting; when the frames end there is time to send everything."""
        self._watch()
        sent = self._go_on() and self.courier.finish(self._go_on)
        while not self.stop.is_set() and self.display.linger():
            pass
        return sent or self.stop.is_set()

    def _watch(self) -> None:
        """A live camera has a lookout, which may skip frames; of a file every frame is looked at."""
        lookout = Lookout(self.desk.look) if self.frames.live else None
        look = lookout.look if lookout else self.desk.look
        try:
            for moment in self.frames:
                self.courier.check()
                self.last = moment, look(moment)
                if not self._go_on():
                    break
        finally:
            if lookout:
                lookout.stop()

    def _go_on(self) -> bool:
        """Show where things stand; False when somebody asked for the end, at the window or by a signal."""
        if self.last is not None and not self.display.show(*self.last):
            self.stop.set()
        return not self.stop.is_set()


@contextmanager
def _stop_asked() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set: the frame being looked at is finished, then the run ends."""
    stop = threading.Event()

    def asked(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, action in before.items():
            signal.signal(number, action)
