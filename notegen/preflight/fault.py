"""A fault of a file or a design."""

from dataclasses import dataclass

from notegen.preflight.rules import WARNINGS


@dataclass(frozen=True, slots=True)
class Fault:
    """`rule` is a word, `message` a sentence, `where` the file and the page or object."""

    rule: str
    message: str
    where: str

    @property
    def warning(self) -> bool:
        """Whether it may be meant."""
        return self.rule in WARNINGS

    def __str__(self) -> str:
        return f"{self.where}: {self.message} ({self.rule}{', a warning' if self.warning else ''})"
