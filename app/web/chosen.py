"""What is chosen for a note, in words: the options of the form, what it sends, and what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

LETTERS = "ABCDEFGH"
TEXTS = ("name", "title_en", "title_cy", "place_en", "place_cy", "made_by")
WORDS = ("languages", "palette", "lettering", "pattern", "picture", "window", "shows")
NUMBERS = ("across", "down", "zoom")
_LONGEST = 60

NAMES: dict[str, dict[str, LazyString]] = {
    "languages": {"en": _l("English"), "cy": _l("Welsh"), "cy+en": _l("Welsh and English")},
    "lettering": {
        "engraved": _l("Engraved"), "classic": _l("Classic"), "clear": _l("Clear and plain"), "lined": _l("Plain, cut with lines"),
        "mixed": _l("Plain title, engraved hour"),
    },
    "pattern": {
        "guilloche": _l("Rosettes"), "relief": _l("Rising ground"), "braid": _l("Braids"), "lace": _l("Lace"),
        "cloth": _l("Woven cloth"),
    },
    "window": {"round": _l("Round"), "frame": _l("Square with a frame"), "edge": _l("To the edge of the note")},
    "shows": {
        "engraved": _l("Engraved in lines"), "duotone": _l("In the colours of the palette"),
        "photograph": _l("As a photograph"), "drawing": _l("As a drawing in ink"),
    },
}  # fmt: skip
"""What each option is called."""


@dataclass(frozen=True, slots=True)
class Swatch:
    """A palette: its word, its name, and its inks as a screen shows them."""

    word: str
    name: str
    colours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Something that is wrong, in words; `stops` keeps the design from being saved."""

    text: str
    stops: bool = True


def options() -> dict[str, Any]:
    """All that can be chosen, in the order of the form."""
    return {"palettes": _palettes(), **{key: names.items() for key, names in NAMES.items()}}


def given(form: Mapping[str, str], instead: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The choices that a form sends; what it leaves out is empty, or as in `instead`."""
    start = dict(instead or {})
    found = {
        name: " ".join(form.get(name, start.get(name, "")).replace("\0", "").split())[:_LONGEST]
        for name in (*TEXTS, *WORDS)
    }
    return {**start, **found, **{name: _number(form.get(name), start.get(name)) for name in NUMBERS}}


def told(remark: Any) -> Told:
    """A remark of the press in words."""
    found = remark.found
    words = {
        "no title": _("The note has no title: write what it is called."),
        "title long": _("The title is too long to be read on a note: make it shorter."),
        "place long": _("The place is too long to be read on a note: make it shorter."),
        "group long": _("The name of the group is too long to be read on a note: make it shorter."),
        "poor": _("The picture has only %(dpi)d dots an inch at the size it is printed, and looks broken: bring a larger one, or show more of it.", dpi=found),
        "coarse": _("The picture has %(dpi)d dots an inch at the size it is printed. 300 are better: bring a larger one, or show more of it.", dpi=found),
        "no picture": _("No picture is chosen: a rosette stands in its window."),
    }  # fmt: skip
    return Told(str(words[str(remark.wrong)]), remark.stops)


def problem(choices: Mapping[str, Any]) -> str:
    """What keeps choices from being kept."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,29}", str(choices["name"])):
        return str(_("The name of a design is 2 to 30 small letters, digits and hyphens, and begins with a letter."))
    if any(len(str(choices[name])) > 40 for name in TEXTS):
        return str(_("A title, a place or a group’s name has 40 letters at the most."))
    return str(_("Choose from what is offered, and write in the letters of English and Welsh."))


def _number(text: str | None, instead: object) -> int:
    """A number of the form; one that is none is refused later, as it is out of reach."""
    if text is None and isinstance(instead, int):
        return instead
    plain = (text or "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 5 else -1


def _palettes() -> list[Swatch]:
    from app.services import together

    language = "cy" if str(get_locale()) == "cy" else "en"
    return [
        Swatch(word, getattr(palette, language), tuple(map(_screen, (palette.main, palette.second, palette.accent))))
        for word, palette in together.palettes().items()
    ]


def _screen(ink: tuple[int, int, int, int]) -> str:
    """An ink as a screen shows it, near enough to choose by: no press is as bright as a screen."""
    *colours, black = ink
    bright = [255 * (1 - part / 100) * (1 - black / 100) for part in colours]
    grey = sum(bright) / 3
    return "#" + "".join(f"{round(0.72 * part + 0.28 * grey):02x}" for part in bright)
