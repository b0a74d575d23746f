"""The words of the window in a language: English as written, Welsh by `welsh.toml`."""

import locale
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from app.core.verdict import MESSAGES, Verdict
from app.core.wall_clock import LONDON
from scanner.view import sentences
from scanner.view.sentences import Word

ENGLISH, WELSH = "en", "cy"
LANGUAGES = (ENGLISH, WELSH)

_DAYS = {ENGLISH: "Mon Tue Wed Thu Fri Sat Sun", WELSH: "Llun Maw Mer Iau Gwen Sad Sul"}
_MONTHS = {
    ENGLISH: "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec",
    WELSH: "Ion Chwef Maw Ebr Mai Meh Gorff Awst Medi Hyd Tach Rhag",
}
_FORMS = {1: 1, 2: 2, 3: 3, 6: 4}
"""Which form of a Welsh count stands for a number; 0 for any other (CLDR)."""


@cache
def welsh() -> Mapping[str, Any]:
    """The tables of `welsh.toml`: `sentences`, and `counts` with five forms each."""
    return tomllib.loads((files("scanner.view") / "welsh.toml").read_text("utf-8"))


def language_here(environment: Mapping[str, str]) -> str:
    """The language of this computer: Welsh where its environment or its settings say so, else English."""
    named = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), None)
    return WELSH if (named or locale.getlocale()[0] or "").startswith(("cy", "Welsh")) else ENGLISH


class Words:
    """What is said, in one language."""

    def __init__(self, language: str = ENGLISH) -> None:
        self.language = language

    @property
    def other(self) -> "Words":
        """Those of the other language."""
        return Words(ENGLISH if self.language == WELSH else WELSH)

    def tell(self, text: str) -> str:
        """A sentence of the tables; what stands in none of them is said as it is."""
        return text if self.language == ENGLISH else str(welsh()["sentences"].get(text, text))

    def say(self, key: str, **values: object) -> str:
        """A sentence by its name, with its {places} filled in."""
        return self.tell(sentences.SENTENCES[key]).format(**values)

    def count(self, key: str, num: int, **values: object) -> str:
        """A sentence in the form for a number."""
        one, other = sentences.COUNTS[key]
        text = one if num == 1 else other
        if self.language == WELSH:
            text = welsh()["counts"][one][_FORMS.get(num, 0)]
        return text.format(num=num, **values)

    def word(self, word: Word) -> Word:
        """A word and its sentence."""
        return replace(word, text=self.tell(word.text), sentence=self.tell(word.sentence))

    def verdict(self, verdict: str) -> Word:
        """That of a verdict; one that this scanner does not know is never shown as accepted."""
        known = sentences.VERDICTS.get(verdict)
        if known is None:
            return self.word(sentences.UNKNOWN_WORD)
        return self.word(replace(known, sentence=MESSAGES[Verdict(verdict)]))

    def to_visitor(self, verdict: str) -> str:
        """What to say to the visitor."""
        return self.tell(sentences.SAY.get(verdict, ""))

    def trouble(self, word: str) -> Word:
        """What keeps the desk from working."""
        return self.word(sentences.TROUBLES.get(word, sentences.TROUBLES["cannot_tell"]))

    def time(self, at: datetime) -> str:
        """`14:05`, on the clock of the venues."""
        return f"{at.astimezone(LONDON):%H:%M}"

    def moment(self, at: datetime, now: datetime) -> str:
        """`14:05 today`, or `Tue 24 Nov, 14:05`."""
        local, today = at.astimezone(LONDON), now.astimezone(LONDON)
        if local.date() == today.date():
            return self.say("today", time=self.time(at))
        day, month = _DAYS[self.language].split()[local.weekday()], _MONTHS[self.language].split()[local.month - 1]
        return f"{day} {local.day} {month}, {self.time(at)}"
