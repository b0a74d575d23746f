"""The answer on the window: it covers the place where the eye is, and goes after the time that the venue sets."""

from dataclasses import dataclass

from scanner.view.saying import Said


@dataclass(slots=True)
class Answering:
    """What is shown, if anything; `awaits` says since when an answer is awaited. Seconds of a clock that never runs back."""

    said: Said | None = None
    shown_at: float = 0.0
    keeps: bool = False
    awaits: float | None = None

    def show(self, said: Said, now: float) -> None:
        """In the place of the one before."""
        self.said, self.shown_at, self.keeps, self.awaits = said, now, False, None

    def clear(self) -> None:
        """Nothing is shown any more."""
        self.said, self.awaits = None, None

    def pass_by(self, now: float, clear_seconds: int) -> bool:
        """Whether the time of the answer is over now, and it is gone."""
        if self.said is None or self.keeps or not 0 < clear_seconds <= now - self.shown_at:
            return False
        self.clear()
        return True
