"""The pace: whether there is time for another look at a frame, from how long such looks usually take."""

from collections.abc import Callable

Clock = Callable[[], float]

_FIRST_GUESS = {"plain": 0.001, "whole": 0.006, "sharp": 0.003, "apart": 0.012}
_NEWEST_COUNTS = 0.1


class Pace:
    """A budget of seconds for each frame, by any clock that never runs backwards; None is no bound.

    Begun is only what would usually end in time; but one dear look a frame is always taken, as else a slow computer
    would never read anything.
    """

    def __init__(self, budget_seconds: float | None, clock: Clock) -> None:
        self._budget, self._clock = budget_seconds, clock
        self._usual = dict(_FIRST_GUESS)
        self._started, self._dear = 0.0, 0

    def start(self) -> None:
        """A frame begins."""
        self._started, self._dear = self._clock(), 0

    def allows(self, kind: str) -> bool:
        """Whether there is time for a look of this kind."""
        if self._budget is None or kind == "plain":
            return True
        spent = self._clock() - self._started
        first = self._dear == 0 and spent < self._budget
        return first or spent + self._usual.get(kind, 0.0) <= self._budget

    def take(self, kind: str, look: Callable[[], None]) -> None:
        """Take the look and remember how long it took."""
        begun = self._clock()
        look()
        took = self._clock() - begun
        self._usual[kind] = (1 - _NEWEST_COUNTS) * self._usual.get(kind, took) + _NEWEST_COUNTS * took
        self._dear += kind == "apart"
