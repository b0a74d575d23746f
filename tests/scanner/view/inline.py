"""Errands for tests: what was sent is done when it is drained, on the same thread."""

from collections.abc import Callable
from typing import Any

from app.core.errors import HournoteError
from scanner.view.errands import Errands


class Inline(Errands):
    def __init__(self) -> None:
        self._todo: list[Callable[[], None]] = []

    def send(
        self, deed: Callable[[], Any], then: Callable[[Any], None], failed: Callable[[HournoteError], None]
    ) -> None:
        def run() -> None:
            try:
                done = deed()
            except HournoteError as error:
                failed(error)
            else:
                then(done)

        self._todo.append(run)

    def post(self, heard: Callable[[], None]) -> None:
        self._todo.append(heard)

    def drain(self) -> bool:
        done = bool(self._todo)
        while self._todo:
            self._todo.pop(0)()
        return done
