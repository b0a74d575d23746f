"""A run that nobody attends: frames are looked at, visits are sent, and what comes of it is told, until the frames end or
somebody stops it."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from app.core.errors import NotAllowed
from scanner.events import Event, FromTheFirstScan, Kind, Tell
from scanner.eye import Eye
from scanner.frames import Frames
from scanner.home import Home
from scanner.lookout import Lookout
from scanner.memory.desk import Desk
from scanner.memory.rounds import Rounds, finish
from scanner.returning import Returning
from scanner.turnstile import Turnstile, kept_sentence


def run(
    home: Home, open_frames: Callable[[], Frames], tell: Tell, *, offer: int | None = None,
    stop: threading.Event | None = None,
) -> bool:  # fmt: skip
    """True when everything was sent, or somebody stopped it. A live camera that goes away is opened again when it is back. Raises
    what ended it early, as that there is no camera at first; what is owed then is in the journal."""
    tell, stop = FromTheFirstScan(tell), stop or threading.Event()
    frames = Returning(open_frames, lambda seconds: not stop.wait(seconds))
    desk = Desk(home, tell)
    try:
        with stop_asked(stop) as stopping:
            return _run(desk, frames, tell, offer, stopping)
    except NotAllowed as error:
        raise NotAllowed(kept_sentence(error, sum(desk.owed()))) from error
    finally:
        frames.close()
        desk.close()


def _run(desk: Desk, frames: Returning, tell: Tell, offer: int | None, stopping: threading.Event) -> bool:
    desk.open()
    rounds = Rounds(desk)
    turnstile = Turnstile(desk, tell, rounds.ring, offer=offer)
    rounds.start()

    def rest(seconds: float) -> bool:
        turnstile.check()
        rounds.check()
        return not stopping.wait(seconds)

    frames.rest = rest
    try:
        _watch(desk, frames, turnstile, rounds, stopping)
        turnstile.finish(lambda: not stopping.is_set())
    finally:
        rounds.stop()
        turnstile.stop()
    if stopping.is_set() or not finish(desk, lambda: not stopping.is_set()):
        return stopping.is_set()
    tell(Event(Kind.SYNCED, more={"sent": desk.sent}))
    return True


def _watch(desk: Desk, frames: Frames, turnstile: Turnstile, rounds: Rounds, stopping: threading.Event) -> None:
    """A live camera has a lookout, which may skip frames; of a file every frame is looked at."""
    eye = Eye(desk.keyring, turnstile.take)
    lookout = Lookout(eye.look) if frames.live else None
    look: Callable[..., object] = lookout.look if lookout else eye.look
    try:
        for moment in frames:
            turnstile.check()
            rounds.check()
            look(moment)
            if stopping.is_set():
                break
    finally:
        if lookout:
            lookout.stop()


@contextmanager
def stop_asked(stop: threading.Event) -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set: the frame being looked at is finished, then the run ends."""

    def asked(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, action in before.items():
            signal.signal(number, action)
