"""A list that is longer than its place, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Paging:
    """`page` from 0; `room`: how many rows a page has, as they were drawn last."""

    page: int = 0
    room: int = 9

    def pages(self, count: int) -> int:
        """How many pages there are for so many rows; at least one."""
        return max(1, -(-count // self.room))

    def shown(self, rows: Sequence[T]) -> Sequence[T]:
        """The rows of this page, the last where there are fewer pages by now."""
        self.page = min(self.page, self.pages(len(rows)) - 1)
        return rows[self.page * self.room : (self.page + 1) * self.room]

    def turn(self, by: int, count: int) -> None:
        """To a page behind or before this one, where there is one."""
        self.page = min(max(0, self.page + by), self.pages(count) - 1)
