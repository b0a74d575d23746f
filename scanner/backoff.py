"""How long to wait before asking again: longer each time, and never all desks at once."""

from dataclasses import dataclass
from random import SystemRandom

_RANDOM = SystemRandom()


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses that double from `first_seconds` up to `most_seconds`; after `patience` failures in a row, give up."""

    first_seconds: float = 0.25
    most_seconds: float = 30.0
    patience: int = 6

    def pause_seconds(self, failures: int) -> float:
        """The pause after `failures` in a row (at least 1): the doubled one, less up to a half by chance.

        The chance keeps desks that lost the service together from coming back together.
        """
        doubled = self.first_seconds * 2.0 ** min(failures - 1, 30)
        return min(doubled, self.most_seconds) * _RANDOM.uniform(0.5, 1.0)
