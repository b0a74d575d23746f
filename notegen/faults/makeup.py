"""What the art is made up of that presses differ about: see-through parts, and inks beside the four."""

from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary

from notegen.faults.side import Side
from notegen.preflight import Fault

_NONE = {"/None", "/All", "/Cyan", "/Magenta", "/Yellow", "/Black"}


def faults(side: Side) -> Iterator[Fault]:
    """Transparency, each kind once, and spot colours whose names would make plates nobody wants."""
    with pikepdf.open(BytesIO(side.page)) as pdf:
        kinds = sorted({kind for item in pdf.objects for kind in _see_through(item)})
        names = _spots(pdf)
    if kinds:
        message = (
            f"It has see-through parts ({', '.join(kinds)}), which presses mix differently: flatten the transparency."
        )
        yield Fault("transparency", message, side.where)
    yield from _alike(names, side.where)


def spots(side: Side) -> list[str]:
    """The spot colours of a side, which are plates of their own."""
    with pikepdf.open(BytesIO(side.page)) as pdf:
        return [name.lstrip("/") for name in sorted(_spots(pdf))]


def _alike(names: set[str], where: str) -> Iterator[Fault]:
    """One ink under two names is two plates."""
    same: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        same["".join(letter for letter in name.lower() if letter.isalnum())].append(name.lstrip("/"))
    for group in same.values():
        if len(group) > 1:
            message = f"One spot colour has several names, {' and '.join(map(repr, group))}: give it one, or it is two plates."
            yield Fault("spot", message, where)


def _see_through(item: pikepdf.Object) -> Iterator[str]:
    if not isinstance(item, Dictionary | pikepdf.Stream):
        return
    if "/SMask" in item and item.SMask != "/None":
        yield "soft masks"
    for state in _states(item):
        if float(state.get("/ca", 1)) < 1 or float(state.get("/CA", 1)) < 1:
            yield "opacity"
        if str(state.get("/BM", "/Normal")) not in ("/Normal", "/Compatible"):
            yield "blend modes"
        if "/SMask" in state and state.SMask != "/None":
            yield "soft masks"


def _states(item: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Graphics states that stand in resources, by themselves or in a form's."""
    if item.get("/Type") == "/ExtGState":
        yield item
    for resources in (item, item.get("/Resources", Dictionary())):
        states = resources.get("/ExtGState", Dictionary())
        yield from states.values() if isinstance(states, Dictionary) else ()


def _spots(pdf: pikepdf.Pdf) -> set[str]:
    """The names of all inks beside the four, however deep they stand."""
    found: set[str] = set()
    for item in pdf.objects:
        found |= _named(item, 0)
    return found - _NONE


def _named(item: pikepdf.Object, depth: int) -> set[str]:
    """The inks that an object names in itself; what it refers to is looked at by itself."""
    if depth > 8 or (depth and item.is_indirect):
        return set()
    if isinstance(item, Array):
        if len(item) == 4 and item[0] == "/Separation":
            return {str(item[1])}
        if len(item) >= 4 and item[0] == "/DeviceN" and isinstance(item[1], Array):
            return set(map(str, item[1]))
        parts = list(item) if len(item) < 64 else []
    elif isinstance(item, Dictionary | pikepdf.Stream):
        parts = list(item.values())
    else:
        return set()
    inner = [part for part in parts if isinstance(part, pikepdf.Object)]
    return set().union(*(_named(part, depth + 1) for part in inner))
