"""Keys as a scanner types them, told from those of a person.

A scanner that types sends a whole code in a burst, mostly with Enter behind it. What it types presses nothing here. A token is
known as soon as its last character has come, whatever the pace: a slow scanner, or a bad radio link, waits longer between two keys
than a person does. So what may still become a token is waited for; nobody presses those letters here to any effect.
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

_RUN_SECONDS, _LONGEST_RUN = 0.5, 3
"""More keys than this, each so soon behind the other, may be a slow scanner's: what they press is undone with another key, but the
Enter or the space behind them accepts nothing."""

_FEWEST_OF_A_SCAN = 2
"""Keys that were not told apart by a pause are no person's, where nothing is being typed."""

_LEAST = 8
"""As many fast keys are a scan, though no token."""

_MOST_KEPT = 512
_TOKEN = re.compile(
    r"(?:\][A-Z]\d)?(HTTPS?://[A-Z0-9.\-]{1,253}(?::[0-9]{1,5})?/N/[A-Z0-9]{13}[A-Z2-7]{103})$", re.IGNORECASE
)
"""With what a scanner can be set to say before a QR code (ISO/IEC 15424: `]Q` and a digit)."""

_BEGUN = re.compile(r"HTTP|(?:\](?:[A-Z]\d?)?|HT{0,2})$")


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
        self._swallows_until = self._last_at = float("-inf")
        self._run = 0

    def press(self, stroke: Stroke) -> Heard:
        """A key with a character."""
        self._run = self._run + 1 if stroke.at - self._last_at <= _RUN_SECONDS else 1
        self._last_at = stroke.at
        if self._kept and self._is_broken_by(stroke):
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
        is_behind, count, is_run = at <= self._swallows_until, len(self._kept), self._is_run(at)
        self._run = 0
        if count == 0 and is_behind:
            self._swallows_until = min(self._swallows_until, at + _SAME_ENDING_SECONDS)
            return NOTHING
        text, is_fast = self._text(), self._is_fast()
        self._kept = []
        if is_fast:
            return self._end(text, at)
        return None if is_typing or (count < _FEWEST_OF_A_SCAN and not is_run) else NOTHING

    def rest(self, at: float) -> Heard:
        """Nothing was pressed until now."""
        if not self._kept or at - self._kept[-1].at < ALONE_SECONDS:
            return NOTHING
        if len(self._kept) == 1 and not self._may_begin(self._kept):
            letter, is_run = self._kept.pop().letter, self._is_run(at)
            return NOTHING if letter == " " and is_run else Heard(key=letter)
        if at - self._kept[-1].at < PAUSE_SECONDS:
            return NOTHING
        text, is_fast = self._text(), self._is_fast()
        self._kept = []
        return self._end(text, at) if is_fast else NOTHING

    def _is_broken_by(self, stroke: Stroke) -> bool:
        """Whether what was kept ends before a key: by a pause, or as it was only kept as what may become a token."""
        pause = stroke.at - self._kept[-1].at
        is_other = self._may_begin(self._kept) and not self._may_begin([*self._kept, stroke])
        return pause > PAUSE_SECONDS or (pause > ALONE_SECONDS and is_other)

    def _is_run(self, at: float) -> bool:
        return self._run > _LONGEST_RUN and at - self._last_at <= PAUSE_SECONDS

    @staticmethod
    def _may_begin(kept: list[Stroke]) -> bool:
        """Whether a token may have begun in it."""
        texts = ("".join(each.letter for each in kept).upper(), "".join(each.place for each in kept))
        return any(_BEGUN.search(text) for text in texts)

    def _text(self) -> str:
        return "".join(each.letter for each in self._kept)

    def _is_fast(self) -> bool:
        if len(self._kept) < _LEAST:
            return False
        return (self._kept[-1].at - self._kept[0].at) / (len(self._kept) - 1) <= _FAST_SECONDS

    def _end(self, text: str, at: float) -> Heard:
        self._kept, self._swallows_until = [], at + _SAME_ENDING_SECONDS
        return Heard(scan=text)
