"""The pace: whether there is time for another look at a frame, from how long such looks usually take."""

from collections.abc import Callable

Clock = Callable[[], float]

_FIRST_GUESS = {"plain": 0.001, "whole": 0.006, "sharp": 0.003, "apart": 0.012, "patient": 0.02}
_NEWEST_COUNTS = 0.1


class Pace:
    """Seconds for each frame, by any clock that never runs backwards; None is no bound.

    Begun is only what would usually end in time. But one look of each kind a frame is always taken, as else a slow
    computer would never read anything.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._usual = dict(_FIRST_GUESS)
        self._budget: float | None = None
        self._started, self._taken = 0.0, set[str]()

    def start(self, budget_seconds: float | None) -> None:
        """A frame begins, for which there is so much time."""
        self._budget, self._started, self._taken = budget_seconds, self._clock(), set()

    def allows(self, kind: str) -> bool:
        """Whether there is time for a look of this kind."""
        if self._budget is None or kind == "plain" or kind not in self._taken:
            return True
        return self._clock() - self._started + self._usual[kind] <= self._budget

    def take(self, kind: str, look: Callable[[], None]) -> None:
        """Take the look and remember how long it took."""
        begun = self._clock()
        look()
        took = self._clock() - begun
        self._usual[kind] = (1 - _NEWEST_COUNTS) * self._usual[kind] + _NEWEST_COUNTS * took
        self._taken.add(kind)
