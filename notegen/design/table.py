"""A table of TOML read into a frozen dataclass: each key known, each value of the type that its field declares."""

import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from app.core.errors import BadDesign

Row = TypeVar("Row")


def read(row: type[Row], table: object, *, file: str, key: str) -> Row:
    """Build the dataclass `row` from `table`; `file` and `key` say in a fault where the table stands.

    Fields may be str, bool, int, float, a Literal, a fixed or open tuple of these, or any of them or None; a field
    with a default may be left out. Raises BadDesign for an unknown key, a missing one and a value of another type.
    """
    if not isinstance(table, Mapping):
        raise BadDesign(f"{file}: {key} must be a table; write [{key}] with its keys below.")
    hints = typing.get_type_hints(row)
    _refuse_unknown(hints, table, file, key)
    values = {}
    for field in dataclasses.fields(row):  # type: ignore[arg-type]  # Row is always a dataclass
        place = f"{key}.{field.name}" if key else field.name
        if field.name in table:
            values[field.name] = value(hints[field.name], table[field.name], f"{file}: {place}")
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise BadDesign(f"{file}: {place} is missing; add it, {_wanted(hints[field.name])}.")
    return row(**values)


def _refuse_unknown(hints: dict[str, Any], table: Mapping[str, object], file: str, key: str) -> None:
    for name in table:
        if name not in hints:
            place = f"{key}.{name}" if key else name
            raise BadDesign(f"{file}: {place} is not a key that can stand here; use one of {', '.join(hints)}.")


def value(hint: Any, given: object, place: str) -> Any:
    """`given` as a value of the type `hint`, whole numbers widened to floats.

    `place` is the file and the key, for the fault: raises BadDesign for a value of another type.
    """
    if hint is float and type(given) in (int, float) and math.isfinite(given):  # type: ignore[arg-type]
        return float(given)  # type: ignore[arg-type]
    if hint is not float and isinstance(hint, type) and type(given) is hint:
        return given
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal and given in parts and type(given) is type(parts[0]):
        return given
    if origin is types.UnionType:
        return value(parts[0], given, place)
    if origin is tuple and isinstance(given, list) and _fits(parts, given):
        return tuple(value(parts[0], item, place) for item in given)
    raise BadDesign(f"{place} is {given!r}; it must be {_wanted(hint)}.")


def _fits(parts: tuple[Any, ...], given: list[object]) -> bool:
    return parts[-1] is Ellipsis or len(parts) == len(given)


_WORDS = {str: "text", float: "a number", int: "a whole number", bool: "true or false"}


def _wanted(hint: Any) -> str:
    """What a value of the type `hint` is called in a sentence."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return "one of " + ", ".join(repr(part) for part in parts)
    if origin is types.UnionType:
        return _wanted(parts[0])
    if origin is tuple:
        count = "a list" if parts[-1] is Ellipsis else f"a list of {len(parts)}"
        return f"{count}, each {_wanted(parts[0])}"
    return _WORDS.get(hint, "a table")
