"""Whose turn it is to write where only one may, and how those who wait together write together."""

import os
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Generic, TypeVar

try:
    import fcntl
except ImportError:  # Windows: the processes of a machine then wait in SQLite's own way
    fcntl = None  # type: ignore[assignment]

I = TypeVar("I")  # noqa: E741
R = TypeVar("R")
LARGEST_GROUP = 64


class Turn:
    """A lock that threads get in the order in which they asked; with a file, the processes of a machine share it too.

    SQLite's own waiting polls, and starves the unlucky for seconds.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._waiting: deque[Lock] = deque()
        self._taken, self._guard = False, Lock()
        self._path = file if fcntl is not None else None
        self._file: int | None = None

    def __enter__(self) -> None:
        mine = Lock()
        with self._guard:
            if self._taken:
                mine.acquire()
                self._waiting.append(mine)
            self._taken = True
        mine.acquire()
        try:
            self._lock_file()
        except BaseException:
            self._pass_on()
            raise

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._pass_on()

    def _pass_on(self) -> None:
        with self._guard:
            self._taken = bool(self._waiting)
            if self._waiting:
                self._waiting.popleft().release()

    def _lock_file(self) -> None:
        """Wait for other processes; where the file cannot be made, SQLite says by itself what is wrong with the place."""
        if self._file is None and self._path is not None:
            with suppress(OSError):
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
                weakref.finalize(self, os.close, self._file)
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_EX)


class _Asked(Generic[I, R]):
    """Something to do that a thread waits for: `answer` is there once `settled`; `leads` tells it to do it for all."""

    def __init__(self, item: I) -> None:
        self.item, self.leads = item, False
        self.answer: R | Exception | None = None
        self.settled = Lock()
        self.settled.acquire()


class Group(Generic[I, R]):
    """Deeds of one kind that are done together: while one group is under way, those who come wait and make the next.

    No thread of its own: the first who waits does it for all of its group. `work` gives for each item an answer, or an
    exception that is raised where the item came from.
    """

    def __init__(self, work: Callable[[Sequence[I]], Sequence[R | Exception]]) -> None:
        self._work = work
        self._waiting: deque[_Asked[I, R]] = deque()
        self._busy, self._guard = False, Lock()

    def submit(self, item: I) -> R:
        """The answer to `item`, when its group is done."""
        mine = _Asked[I, R](item)
        with self._guard:
            self._waiting.append(mine)
            mine.leads, self._busy = not self._busy, True
        if not mine.leads:
            mine.settled.acquire()
        if mine.leads:
            self._lead()
        if isinstance(mine.answer, Exception):
            raise mine.answer
        return mine.answer  # type: ignore[return-value]

    def _lead(self) -> None:
        with self._guard:
            group = [self._waiting.popleft() for _ in range(min(LARGEST_GROUP, len(self._waiting)))]
        try:
            self._settle(group)
        finally:
            following = self._next()
            if following is not None:  # first, so that the database has its next work at once
                following.settled.release()
            for asked in group[1:]:
                asked.settled.release()

    def _settle(self, group: Sequence[_Asked[I, R]]) -> None:
        try:
            for asked, answer in zip(group, self._work([asked.item for asked in group]), strict=True):
                asked.answer = answer
        except BaseException as error:
            for asked in group:
                asked.answer = error if isinstance(error, Exception) else RuntimeError("stopped half-way")
            if not isinstance(error, Exception):
                raise

    def _next(self) -> _Asked[I, R] | None:
        with self._guard:
            self._busy = bool(self._waiting)
            if not self._waiting:
                return None
            self._waiting[0].leads = True
            return self._waiting[0]
