"""Processes that share work: tasks go out as they are asked for, results come back as they are done, and Ctrl-C ends all."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing.sharedctypes import Synchronized
from typing import Any, TypeVar

from app.core.errors import Unavailable

Task = TypeVar("Task")
Result = TypeVar("Result")
Progress = Callable[[int], None]

_WAITING_EACH = 2
"""Tasks that lie ready for each process: enough that none stands idle, few enough that memory does not move."""

_GLANCE_SECONDS = 0.2
"""How often the count is looked at."""


def share(
    work: Callable[[Task, Progress], Result], tasks: Iterable[Task], *, count: int, progress: Progress
) -> Iterator[Result]:
    """The result of `work` (a function of a module, or an object that can be pickled) on each task, as they are done.

    `count` fresh processes (spawned: a fork of a process with threads may hang) share them; one works here. `progress`
    is told what `work` tells it. Raises Unavailable when a process is ended from outside, and whatever `work` raises.
    """
    if count == 1:
        yield from (work(task, progress) for task in tasks)
        return
    before = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    counted = context.Value("q", 0)
    hands = ProcessPoolExecutor(count, context, _begin, (work, counted))
    try:
        yield from _shared(hands, iter(tasks), count * _WAITING_EACH, _Told(counted, progress))
    except BrokenProcessPool as error:
        raise Unavailable("A process was ended from outside: do it again with fewer --workers.") from error
    except BaseException:
        for child in set(multiprocessing.active_children()) - before:
            child.kill()
        raise
    finally:
        hands.shutdown(cancel_futures=True)


class _Told:
    """What the processes have counted together, passed on once."""

    def __init__(self, counted: "Synchronized[int]", progress: Progress) -> None:
        self._counted, self._progress, self._told = counted, progress, 0

    def __call__(self) -> None:
        now = self._counted.value
        if now > self._told:
            self._progress(now - self._told)
            self._told = now


def _shared(hands: ProcessPoolExecutor, tasks: Iterator[Task], most: int, told: _Told) -> Iterator[Result]:
    waiting: set[Future[Result]] = set()
    while True:
        for task in islice(tasks, most - len(waiting)):
            with _launching():
                waiting.add(hands.submit(_take, task))
        if not waiting:
            return
        done, waiting = wait(waiting, _GLANCE_SECONDS, FIRST_COMPLETED)
        told()
        yield from (each.result() for each in done)


@contextmanager
def _launching() -> Iterator[None]:
    """While processes start, a wish to stop waits: one that is ended half-started would speak of its troubles.

    They inherit that Ctrl-C does not reach them, from their first moment on.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda now, frame: heard.append(now))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, hearer in before.items():
            signal.signal(number, hearer)
    for waited in heard:
        signal.raise_signal(waited)


def _belong_to_parent() -> None:
    """Of a spawned process: Ctrl-C is for its parent, which ends it; and it leaves when its parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # started from a thread, it has inherited no such thing
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    """A process whose parent was killed has nobody to work for, and would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


_work: list[tuple[Callable[..., object], "Synchronized[int]"]] = []
"""What a spawned process does; empty in the process that spawned it."""


def _begin(work: Callable[..., object], counted: "Synchronized[int]") -> None:
    _belong_to_parent()
    _work.append((work, counted))


def _take(task: object) -> Any:
    work, counted = _work[0]

    def count(notes: int) -> None:
        with counted.get_lock():
            counted.value += notes

    return work(task, count)
