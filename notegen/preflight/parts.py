"""Parts of a PDF that may be of any shape: what is asked for, or nothing, and never a surprise."""

from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary

Key = tuple[int, int]
"""Number and generation of an object."""


def entry(item: object, key: str) -> object:
    """The entry `key` of a dictionary or a stream; None where it lacks or `item` is no such thing."""
    return item.get(key) if isinstance(item, Dictionary | pikepdf.Stream) else None


def items(item: object) -> Iterator[tuple[str, object]]:
    """Names and values of a dictionary or a stream."""
    if isinstance(item, Dictionary | pikepdf.Stream):
        yield from item.items()


def listed(item: object) -> list[object]:
    """The members of an array; a thing that is none, as the only one; nothing of nothing."""
    if item is None:
        return []
    return list(item) if isinstance(item, Array) else [item]


def name(item: object) -> str:
    """A name as text with its slash, else nothing."""
    return str(item) if isinstance(item, pikepdf.Name) else ""


def whole(item: object) -> int:
    """A whole number, else 0."""
    return item if isinstance(item, int) else 0


def numbers(item: object) -> list[float]:
    """An array of numbers, else an empty list."""
    try:
        return [float(part) for part in item] if isinstance(item, Array) else []
    except (TypeError, ValueError):
        return []


def key(item: object) -> Key | None:
    """By what an indirect object is known, None for a direct one."""
    return item.objgen if isinstance(item, pikepdf.Object) and item.is_indirect else None


def filters(stream: object) -> set[str]:
    """The filters of a stream."""
    return {name(part) for part in listed(entry(stream, "/Filter"))}
