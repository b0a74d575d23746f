"""Choices: what a group says of its note, and whether that can be a note at all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from app.core.errors import BadInput
from notegen import lettering
from notegen.together.palettes import PALETTES
from notegen.together.patterns import GROUNDS

NAME = re.compile(r"[a-z][a-z0-9-]{1,29}")
LONGEST = 40
"""Letters of a title, a place or a group's name."""

LANGUAGES = ("en", "cy", "cy+en")
WINDOWS = ("round", "frame", "edge")
SHOWS = ("photograph", "duotone", "engraved", "drawing")
ZOOM = (50, 400)
"""Percent: less than a hundred leaves paper round the picture."""


@dataclass(frozen=True)
class Lettering:
    """The face of the large words and of the title, and whether lines are cut across the large ones."""

    title: str
    hour: str
    is_cut: bool


LETTERINGS: Mapping[str, Lettering] = MappingProxyType(
    {
        "engraved": Lettering("Bodoni-Bold", "Bodoni-Bold", is_cut=True),
        "classic": Lettering("Bodoni-Bold", "Bodoni-Bold", is_cut=False),
        "clear": Lettering("Hyperlegible-Bold", "Hyperlegible-Bold", is_cut=False),
        "lined": Lettering("Hyperlegible-Bold", "Hyperlegible-Bold", is_cut=True),
        "mixed": Lettering("Hyperlegible-Bold", "Bodoni-Bold", is_cut=True),
    }
)


@dataclass(frozen=True)
class Choices:
    """A note as it was chosen. `picture` is the file of the picture or empty; its middle is in percent of it, from the left top."""

    name: str
    title_en: str = ""
    title_cy: str = ""
    place_en: str = ""
    place_cy: str = ""
    made_by: str = ""
    languages: str = "cy+en"
    palette: str = "sea"
    lettering: str = "engraved"
    pattern: str = "guilloche"
    picture: str = ""
    window: str = "round"
    shows: Literal["photograph", "duotone", "engraved", "drawing"] = "engraved"
    across: int = 50
    down: int = 50
    zoom: int = 100

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise BadInput(
                "The name of a design is 2 to 30 small letters, digits and hyphens, and begins with a letter."
            )
        self._examine_words()
        known = {
            "languages": LANGUAGES, "palette": PALETTES, "lettering": LETTERINGS, "pattern": GROUNDS, "window": WINDOWS,
            "shows": SHOWS,
        }  # fmt: skip
        for key, among in known.items():
            if getattr(self, key) not in among:
                raise BadInput(f"There is no {key} {getattr(self, key)!r}; choose one of {', '.join(among)}.")
        for number, (least, most) in ((self.across, (0, 100)), (self.down, (0, 100)), (self.zoom, ZOOM)):
            if not least <= number <= most:
                raise BadInput(
                    "The place and the size of the picture are out of reach: use the numbers that are offered."
                )

    def _examine_words(self) -> None:
        for text in (self.title_en, self.title_cy, self.place_en, self.place_cy, self.made_by):
            if len(text) > LONGEST:
                raise BadInput(f"A title, a place or a group's name has {LONGEST} letters at the most.")
            if lacking := lettering.lacking(text, "Bodoni-Bold") + lettering.lacking(text, "Hyperlegible-Bold"):
                raise BadInput(f"The letters {lacking!r} are in none of the letterings: write it in others.")

    @property
    def spoken(self) -> tuple[str, ...]:
        """The languages of the note, the first one on top."""
        return tuple(self.languages.split("+"))

    @property
    def title(self) -> str:
        """What the note is called, in its languages, each once."""
        return self._joined(self.title_en, self.title_cy) or "—"

    @property
    def place(self) -> str:
        """The place, in its languages, each once."""
        return self._joined(self.place_en, self.place_cy)

    def _joined(self, english: str, welsh: str) -> str:
        mine = {"en": english or welsh, "cy": welsh or english}
        return " · ".join(dict.fromkeys(mine[each].strip() for each in self.spoken if mine[each].strip()))
