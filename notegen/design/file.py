"""The file design.toml, part by part; each part that is not as it should be is one sentence with its key."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from app.core.errors import BadDesign
from notegen.design import table
from notegen.geometry.slot import QrSlot, Slot
from notegen.ink.cmyk import Ink

FILE = "design.toml"

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


def tables(path: Path) -> Tables:
    """All that the file holds; raises BadDesign when it cannot be read or is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadDesign(f"{path} is not there; a design is a folder that holds one.") from None
    except OSError as fault:
        raise BadDesign(f"{path} cannot be read ({fault.strerror}); see to its permissions.") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadDesign(f"{path} is not TOML ({str(fault).splitlines()[0]}); mend it there.") from fault


def head(given: Tables, file: str) -> Head:
    """The keys above the first table."""
    return table.read(Head, {key: value for key, value in given.items() if key not in _TABLES}, file=file, key="")


def _sub(given: Tables, key: str, file: str) -> Tables:
    found = given.get(key, {})
    if not isinstance(found, Mapping):
        raise BadDesign(f"{file}: {key} is {found!r}; it must be a table of its own, with its keys below it.")
    return found


def slots(given: Tables, file: str) -> tuple[QrSlot | None, dict[str, Slot]]:
    """The slot of the QR, where there is one, and the others by name."""
    found = dict(_sub(given, "slots", file))
    qr = found.pop("qr", None)
    lines = {name: table.read(Slot, slot, file=file, key=f"slots.{name}") for name, slot in found.items()}
    return None if qr is None else table.read(QrSlot, qr, file=file, key="slots.qr"), lines


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
