"""Keys as a scanner types them, told from those of a person.

A scanner that types sends a whole code in a burst, mostly with Enter behind it. What it types presses nothing here. A token is
known as soon as its last character has come, whatever the pace: a bad radio link is slow.
"""

import re
from dataclasses import dataclass

PAUSE_SECONDS = 1.5
"""A pause that ends a scan."""

ALONE_SECONDS = 0.09
"""A key after which nothing follows within this time was pressed by a person."""

_FAST_SECONDS = 0.06
"""Keys that follow one another faster than this, on average, are no person's."""

_ENDING_SECONDS = 2.0
"""The first Enter within this time behind a token is the scanner's: over a bad radio link it comes late."""

_SAME_ENDING_SECONDS = 0.4
"""And what follows on that Enter within this time: some send two."""

_FEWEST_OF_A_SCAN = 2
"""Keys that were not told apart by a pause are no person's, where nothing is being typed."""

_LEAST = 8
"""As many fast keys are a scan, though no token."""

_MOST_KEPT = 512
_TOKEN = re.compile(
    r"(?:\][A-Z]\d)?(HTTPS?://[A-Z0-9.\-]{1,253}(?::[0-9]{1,5})?/N/[A-Z0-9]{13}[A-Z2-7]{103})$", re.IGNORECASE
)
"""With what a scanner can be set to say before a QR code (ISO/IEC 15424: `]Q` and a digit)."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A key that has a character: as this keyboard's layout has it, and as the United States' has it in its place; seconds."""

    letter: str
    place: str
    at: float


@dataclass(frozen=True, slots=True)
class Heard:
    """`scan`: what a scanner typed. `key`: a letter that a person pressed."""

    scan: str | None = None
    key: str | None = None


NOTHING = Heard()


class Keystrokes:
    """Hears keys one after another."""

    def __init__(self) -> None:
        self._kept: list[Stroke] = []
        self._swallows_until = float("-inf")

    def press(self, stroke: Stroke) -> Heard:
        """A key with a character."""
        if self._kept and stroke.at - self._kept[-1].at > PAUSE_SECONDS:
            self._kept = []
        self._kept = [*self._kept, stroke][-_MOST_KEPT:]
        for text in (self._text(), "".join(each.place for each in self._kept)):
            found = _TOKEN.search(text)
            if found:
                self._kept, self._swallows_until = [], stroke.at + _ENDING_SECONDS
                return Heard(scan=found[1].upper())
        return NOTHING

    def enter(self, at: float, *, is_typing: bool = False) -> Heard | None:
        """Enter or Tab: a scanner's, or None where a person pressed it, who may be typing a serial."""
        is_behind, count = at <= self._swallows_until, len(self._kept)
        if count == 0 and is_behind:
            self._swallows_until = min(self._swallows_until, at + _SAME_ENDING_SECONDS)
            return NOTHING
        text, is_fast = self._text(), self._is_fast()
        self._kept = []
        if is_fast:
            return self._end(text, at)
        return None if is_typing or count < _FEWEST_OF_A_SCAN else NOTHING

    def rest(self, at: float) -> Heard:
        """Nothing was pressed until now."""
        if not self._kept or at - self._kept[-1].at < ALONE_SECONDS:
            return NOTHING
        if len(self._kept) == 1:
            return Heard(key=self._kept.pop().letter)
        if at - self._kept[-1].at < PAUSE_SECONDS:
            return NOTHING
        text, is_fast = self._text(), self._is_fast()
        self._kept = []
        return self._end(text, at) if is_fast else NOTHING

    def _text(self) -> str:
        return "".join(each.letter for each in self._kept)

    def _is_fast(self) -> bool:
        if len(self._kept) < _LEAST:
            return False
        return (self._kept[-1].at - self._kept[0].at) / (len(self._kept) - 1) <= _FAST_SECONDS

    def _end(self, text: str, at: float) -> Heard:
        self._kept, self._swallows_until = [], at + _SAME_ENDING_SECONDS
        return Heard(scan=text)
