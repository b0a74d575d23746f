"""An ink: what the press lays down of cyan, magenta, yellow and black."""

from dataclasses import astuple, dataclass

MOST_PERCENT = 300.0
"""More than this over all four does not dry on uncoated stock (the limit of FOGRA39 and its kin)."""


@dataclass(frozen=True)
class Ink:
    """Cover of each process colour, in percent."""

    cyan: float
    magenta: float
    yellow: float
    black: float

    @property
    def parts(self) -> tuple[float, float, float, float]:
        """Cyan, magenta, yellow, black from 0 to 1, as PDF has them."""
        return self.cyan / 100, self.magenta / 100, self.yellow / 100, self.black / 100

    @property
    def printable(self) -> bool:
        """Whether every part is from 0 to 100 % and together they dry."""
        parts = (self.cyan, self.magenta, self.yellow, self.black)
        return all(0 <= part <= 100 for part in parts) and sum(parts) <= MOST_PERCENT

    def toward(self, other: "Ink", share: float) -> "Ink":
        """This ink at `share` 0, the other at 1, and between them in proportion."""
        mixed = (1 - share, share)
        return Ink(
            self.cyan * mixed[0] + other.cyan * mixed[1],
            self.magenta * mixed[0] + other.magenta * mixed[1],
            self.yellow * mixed[0] + other.yellow * mixed[1],
            self.black * mixed[0] + other.black * mixed[1],
        )

    def over(self, other: "Ink") -> "Ink":
        """This ink laid over another: their covers together, as far as a plate can hold."""
        both = zip(astuple(self), astuple(other), strict=True)
        return Ink(*(min(own + below, 100.0) for own, below in both))

    def tint(self, share: float) -> "Ink":
        """This ink thinned with paper, 1 being full strength."""
        return PAPER.toward(self, share)


PAPER = Ink(0, 0, 0, 0)
BLACK = Ink(0, 0, 0, 100)
