"""What a run shows itself on: a window, or lines of JSON."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Protocol

from scanner.events import Event
from scanner.moment import Moment
from scanner.notes import Note


class Display(Protocol):
    """Where events and pictures go; `tell` is called from several threads, the others from the main one alone."""

    def tell(self, event: Event) -> None:
        """Something happened."""

    def show(self, moment: Moment, notes: Sequence[Note]) -> bool:
        """A frame and what is in it; False when the person at it wants to end."""

    def linger(self) -> bool:
        """The run is over; True while somebody still looks at what came of it."""


class Lines:
    """Headless: each event as a line of JSON, at once."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._lock = Lock()

    def tell(self, event: Event) -> None:
        """Write one whole line."""
        with self._lock:
            self._write(event.to_json())

    def show(self, moment: Moment, notes: Sequence[Note]) -> bool:
        """Nothing is shown; the run goes on."""
        return True

    def linger(self) -> bool:
        """Lines are written, and that is all."""
        return False
