"""The front that was chosen, as the tables of a design.toml."""

from typing import Any

from notegen import lettering
from notegen.together import patterns, window
from notegen.together.choices import LETTERINGS, Choices
from notegen.together.palettes import PALETTES
from notegen.together.patterns import Layer
from notegen.together.window import Brought

MIDDLE_MM, ROOM_MM = 69.0, 39.5
"""The middle of the column between picture and QR, and how wide it is."""

DEEP = "main + black 45"
SMALLEST_TITLE_PT, SMALLEST_LINE_PT = 7.0, 5.2
_HOUR_PT = 36.0
_WORDS = {
    "en": {
        "credits": "TIME CREDITS", "one": "ONE", "hour": "HOUR", "whole": "ONE HOUR", "cash": "No cash value",
        "promise": "Good for one hour at any venue", "lookup": "Scan to check, or go to", "expiry": "Use by {date}",
    },
    "cy": {
        "credits": "CREDYDAU AMSER", "one": "UN", "hour": "AWR", "whole": "UN AWR", "cash": "Dim gwerth ariannol",
        "promise": "Da am awr mewn unrhyw leoliad", "lookup": "Sganiwch i wirio, neu ewch i",
        "expiry": "Defnyddiwch erbyn {date}",
    },
}  # fmt: skip


def tables(choices: Choices, picture: Brought | None) -> dict[str, Any]:
    """All that the design.toml of the front holds; the same for the same choices."""
    palette = PALETTES[choices.palette]
    return {
        "format": 1, "name": choices.name, "title": choices.title, "side": "front", "trim_mm": [135, 66], "bleed_mm": 3,
        "safe_mm": 4, "art": "art.pdf", "slots": _slots(choices),
        "text": {"en": {**_texts(choices)}},
        "inks": {
            "main": list(palette.main), "second": list(palette.second), "accent": list(palette.accent),
            "black": [0, 0, 0, 100],
        },
        "engraving": {"layer": _layers(choices, picture)},
    }  # fmt: skip


def title_pt(choices: Choices) -> float:
    """The size of the title, as large as there is room for."""
    return _fit(choices.title, LETTERINGS[choices.lettering].title, 13.0, ROOM_MM)


def place_pt(choices: Choices) -> float:
    """The size of the place."""
    return _fit(choices.place, "Hyperlegible-Bold", 8.0, ROOM_MM)


def made_by_pt(choices: Choices) -> float:
    """The size of the group's name."""
    return _fit(choices.made_by, "Hyperlegible-Bold", 6.5, ROOM_MM - 1)


def _slots(choices: Choices) -> dict[str, dict[str, Any]]:
    bold = "Hyperlegible-Bold"
    slots: dict[str, dict[str, Any]] = {
        "qr": {"x_mm": 94.3, "y_mm": 19.5, "size_mm": 29.0, "panel_mm": 34.0},
        "serial": {"x_mm": MIDDLE_MM - 1.6, "y_mm": 60.8, "font": bold, "size_pt": 13, "align": "centre"},
        "serial_2": {"x_mm": 130.5, "y_mm": 34, "font": bold, "size_pt": 7, "align": "centre", "rotation": 90},
        "address": {
            "x_mm": 91.0, "y_mm": 13.6, "font": "Hyperlegible", "size_pt": 8, "text": "{host}", "width_mm": 36.5,
        },
        "braid": {"x_mm": MIDDLE_MM - 17, "y_mm": 51.2, "width_mm": 34, "height_mm": 4.9},
    }  # fmt: skip
    named = dict(zip(("expiry", "expiry_cy"), sorted(choices.spoken, reverse=True), strict=False))
    for slot, language in named.items():
        slots[slot] = {
            "x_mm": 110.5, "y_mm": 57.2 if language == "cy" else 60.8 if len(named) > 1 else 60.0, "font": bold,
            "size_pt": 6.2 if language == "cy" else 8.0, "align": "centre", "text": _WORDS[language]["expiry"], "language": language,
        }  # fmt: skip
    return slots


def _texts(choices: Choices) -> dict[str, str]:
    """What the engraver letters, each line by a key of its own."""
    spoken = choices.spoken
    micro = " · ".join(f"{_WORDS[each]['credits']} · {_WORDS[each]['whole']}" for each in spoken)
    found = {
        "programme": choices.title, "place": choices.place, "made_by": choices.made_by,
        "credits": " · ".join(_WORDS[each]["credits"] for each in spoken),
        "cash": " / ".join(_WORDS[each]["cash"] for each in spoken), "micro": f"{choices.title} · {micro}",
    }  # fmt: skip
    for each in spoken:
        found |= {f"{key}_{each}": _WORDS[each][key] for key in ("one", "hour", "whole", "promise", "lookup")}
    return {key: text for key, text in found.items() if text}


def _layers(choices: Choices, picture: Brought | None) -> list[Layer]:
    return [
        *patterns.ground(choices.pattern, choices.name),
        *window.layers(choices, picture),
        *patterns.edge(choices.name),
        *({"kind": "microtext", "text": "en.micro", "start_mm": [52, y], "end_mm": [86, y], "ink": "black"} for y in (50.95, 56.6)),
        {"kind": "panel", "ink": DEEP, "text": "en.micro"},
        {"kind": "register", "centre_mm": [8.6, 8.6], "radius_mm": 3.6, "ink": DEEP},
        *_words(choices),
    ]  # fmt: skip


def _words(choices: Choices) -> list[Layer]:
    face = LETTERINGS[choices.lettering].title
    top = 8.9 if choices.place else 10.4
    lines = [_line("programme", top, title_pt(choices), face)]
    if choices.place:
        lines.append(_line("place", 12.6, place_pt(choices)))
    lines.append(
        _line(
            "credits",
            15.9 if choices.place else 14.6,
            _fit(_texts(choices)["credits"], "Hyperlegible-Bold", 6.2, ROOM_MM),
        )
    )
    lines += _hours(choices)
    for number, each in enumerate(choices.spoken):
        y = 43.6 + 3.1 * number if len(choices.spoken) > 1 else 44.8
        lines.append(_line(f"promise_{each}", y, 7.3))
        lookup = 9.6 - 3.2 * (len(choices.spoken) - 1 - number)
        lines.append({**_line(f"lookup_{each}", lookup, 7), "at_mm": [91.0, lookup], "align": "left"})
    lines.append(_line("cash", 49.8 if len(choices.spoken) > 1 else 49.0, 6.4))
    if choices.made_by:
        lines.append({**_line("made_by", 61.4, made_by_pt(choices)), "at_mm": [25.6, 61.4]})
    return lines


def _hours(choices: Choices) -> list[Layer]:
    """ONE HOUR on two lines, or a line for each language."""
    both = [f"whole_{each}" for each in choices.spoken]
    keys = both if len(both) > 1 else [f"{part}_{choices.spoken[0]}" for part in ("one", "hour")]
    face = LETTERINGS[choices.lettering].hour
    texts = _texts(choices)
    size = min(_fit(texts[key], face, _HOUR_PT if len(both) == 1 else 27.0, ROOM_MM - 0.8) for key in keys)
    rows = (27.6, 39.2) if len(both) == 1 else (26.4, 37.8)
    return [_large(choices, key, row, size, face) for key, row in zip(keys, rows, strict=True)]


def _large(choices: Choices, key: str, y_mm: float, size_pt: float, face: str) -> Layer:
    is_cut = LETTERINGS[choices.lettering].is_cut
    return {
        "kind": "title", "text": f"en.{key}", "at_mm": [MIDDLE_MM, y_mm], "align": "centre", "size_pt": size_pt,
        "face": face, "ink": DEEP, "line": "main 50" if is_cut else DEEP, "shadow": "accent",
    }  # fmt: skip


def _line(key: str, y_mm: float, size_pt: float, face: str = "Hyperlegible-Bold") -> Layer:
    return {
        "kind": "line", "text": f"en.{key}", "at_mm": [MIDDLE_MM, y_mm], "align": "centre", "size_pt": size_pt,
        "face": face, "ink": DEEP,
    }  # fmt: skip


def _fit(text: str, face: str, size_pt: float, room_mm: float) -> float:
    """The size in which a line fits, to a tenth of a point."""
    run = lettering.width_mm(text, face, size_pt)
    return size_pt if run <= room_mm else int(size_pt * room_mm / run * 10) / 10
