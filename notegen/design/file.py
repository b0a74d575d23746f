"""The file design.toml, part by part; each part that is not as it should be is one sentence with its key."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from app.core.errors import BadDesign
from notegen.design import table
from notegen.geometry.braid import BraidSlot
from notegen.geometry.slot import LONGEST, QrSlot, Slot
from notegen.ink.cmyk import Ink

FILE = "design.toml"
MOST_BYTES = 256 << 10
MOST_SLOTS = 60

Tables = Mapping[str, Any]
"""What a TOML file holds, or one table of it."""

Layers = tuple[Mapping[str, Any], ...]
"""What is engraved, lowest first, each as its table stands."""


@dataclass(frozen=True)
class Head:
    """The keys at the top of a design.toml."""

    format: Literal[1]
    name: str
    title: str
    side: Literal["front", "back"]
    trim_mm: tuple[float, float]
    bleed_mm: float
    safe_mm: float
    art: str


_PERCENT = tuple[float, float, float, float]
"""An ink as a design.toml has it: cyan, magenta, yellow and black."""

_TABLES = ("slots", "text", "inks", "engraving")


_ROWS: dict[str, type] = {"qr": QrSlot, "braid": BraidSlot}
_LONG = re.compile(r"0x[0-9a-f_]{250,}|[0-9_]{300,}", re.IGNORECASE)
"""A number that no float can hold."""

_NAME = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")


def tables(path: Path) -> Tables:
    """All that the file holds; raises BadDesign when it cannot be read or is not TOML."""
    try:
        with path.open("rb") as stream:
            return parsed(stream.read(MOST_BYTES + 1))
    except FileNotFoundError:
        raise BadDesign(f"{path} is not there; a design is a folder that holds one.") from None
    except OSError as fault:
        raise BadDesign(f"{path} cannot be read ({fault.strerror}); see to its permissions.") from fault
    except ValueError as fault:
        raise BadDesign(f"{path} is not TOML that can be read ({fault}); mend it there.") from fault


def parsed(data: bytes) -> Tables:
    """What the bytes of a design.toml hold; raises ValueError, which says in one line what is wrong.

    Windows begins a text with a byte order mark, which is no fault.
    """
    if len(data) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES >> 10} kB")
    try:
        text = data.decode("utf-8-sig")
        if _LONG.search(text):
            raise ValueError("a number in it is too long")
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ValueError(str(fault).splitlines()[0]) from fault


def head(given: Tables, file: str) -> Head:
    """The keys above the first table."""
    return table.read(Head, {key: value for key, value in given.items() if key not in _TABLES}, file=file, key="")


def _sub(given: Tables, key: str, file: str) -> Tables:
    found = given.get(key, {})
    if not isinstance(found, Mapping):
        raise BadDesign(f"{file}: {key} is {found!r}; it must be a table of its own, with its keys below it.")
    return found


@dataclass(frozen=True)
class Slots:
    """The slots of a side: the QR's and the braids', where there are such, and the lines of text by name."""

    qr: QrSlot | None
    braid: BraidSlot | None
    lines: Mapping[str, Slot]

    @property
    def all(self) -> dict[str, QrSlot | BraidSlot | Slot]:
        """Every slot there is, by name."""
        found = {**self.lines, "qr": self.qr, "braid": self.braid}
        return {name: slot for name, slot in found.items() if slot is not None}


def slots(given: Tables, file: str, texts: Mapping[str, Mapping[str, str]]) -> tuple[Slots, list[BadDesign]]:
    """All slots of a side that can be read, words from `texts` in their place, and what is wrong with the others."""
    faults: list[BadDesign] = []
    found: dict[str, Any] = {}
    named = _sub(given, "slots", file)
    if len(named) > MOST_SLOTS:
        raise BadDesign(f"{file}: slots has {len(named)} slots; keep to {MOST_SLOTS} at the most.")
    for name, slot in named.items():
        row = _ROWS.get(name, Slot)
        try:
            found[name] = table.read(row, slot, file=file, key=f"slots.{name}")
        except BadDesign as error:
            faults.append(error)
    qr, braid = found.pop("qr", None), found.pop("braid", None)
    lines = {name: replace(slot, text=_worded(slot, texts)) for name, slot in found.items()}
    return Slots(qr, braid, lines), faults


def _worded(slot: Slot, texts: Mapping[str, Mapping[str, str]]) -> str:
    """The text of a slot with the words of [text.<language>] where it names them in braces."""
    known = texts.get(slot.language, {})

    def words(match: re.Match[str]) -> str:
        if match[1] in LONGEST or match[1] not in known:
            return match[0]
        return known[match[1]].replace("{", "{{").replace("}", "}}")

    return _NAME.sub(words, slot.text)


def text(given: Tables, file: str) -> dict[str, dict[str, str]]:
    """Language to key to what the engraver letters."""
    found = dict(_sub(given, "text", file))
    for language in found:
        for key, line in _sub(found, language, f"{file}: text").items():
            table.value(str, line, f"{file}: text.{language}.{key}")
    return found


def inks(given: Tables, file: str) -> dict[str, Ink]:
    """Each ink by its name; raises BadDesign for one that no press could lay down or that would not dry."""
    found = {}
    for name, parts in _sub(given, "inks", file).items():
        found[name] = Ink(*table.value(_PERCENT, parts, f"{file}: inks.{name}"))
        if not found[name].printable:
            raise BadDesign(f"{file}: inks.{name} is {parts}; use 0 to 100 for each, 300 in all at the most.")
    return found


def layers(given: Tables, file: str) -> Layers:
    """What the engraver lays down; the measures of each layer are examined when it is engraved."""
    engraving = _sub(given, "engraving", file)
    found = engraving.get("layer", [])
    if set(engraving) - {"layer"} or not isinstance(found, list) or not all(isinstance(it, dict) for it in found):
        raise BadDesign(f"{file}: engraving may hold layers alone; write each as [[engraving.layer]].")
    return tuple(found)
