"""Marks on the map: a venue each, and one for several where they would lie upon one another."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.coordinates import metres_between
from app.services.searching import Found
from app.web import towns
from app.web.atlas import HEIGHT, WIDTH, Window
from app.web.towns import Town

APART = 46
"""Units of the map between two marks, so that a finger meets one of them on the smallest screen."""

MOST_NAMES, MARGIN = 9, 45

NAMED_WITHIN_METRES = 25_000
"""Further off, a town of that name is another one."""

ZOOMS_KM = (300, 120, 50, 20, 8)
"""How wide a map is, step by step."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Venues at a place of the map; several have a town that they are around, and the width of the map on which they part, None
    where they do not on the nearest of maps."""

    x: float
    y: float
    venues: tuple[Found, ...]
    town: Town | None = None
    wide_km: int | None = None


def marks(found: Sequence[Found], window: Window) -> list[Mark]:
    """The marks of the venues that are on the map, from north to south."""
    groups = _together([(*at, [each]) for each in found if (at := _place(each, window)) is not None])
    return sorted((_mark(group, window) for group in groups), key=lambda mark: (mark.y, mark.x))


def names(window: Window) -> list[tuple[float, float, Town]]:
    """The largest towns on the map that one can write the names of, for people to find their way: as many as fit."""
    found: list[tuple[float, float, Town]] = []
    for town in towns.by_size():
        x, y = window.place(town.at)
        is_inside = MARGIN < x < WIDTH - MARGIN and 10 < y < HEIGHT - 20
        if is_inside and all(abs(x - other[0]) > 110 or abs(y - other[1]) > 40 for other in found):
            found.append((x, y, town))
            if len(found) == MOST_NAMES:
                break
    return found


Group = tuple[float, float, list[Found]]


def _place(each: Found, window: Window) -> tuple[float, float] | None:
    """Where it is on the map, None where it is not on it."""
    at = each.place.coordinates
    return window.place(at) if at is not None and window.holds(at) else None


def _together(groups: list[Group]) -> list[Group]:
    """Groups in cells first, then any two whose middles are still too near, until none are."""
    cells: dict[tuple[int, int], Group] = {}
    for group in groups:
        key = (int(group[0] // APART), int(group[1] // APART))
        cells[key] = _joined(cells[key], group) if key in cells else group
    parted = list(cells.values())
    while (pair := _too_near(parted)) is not None:
        first, second = pair
        second_group = parted.pop(second)
        parted[first] = _joined(parted[first], second_group)
    return parted


def _too_near(groups: Sequence[Group]) -> tuple[int, int] | None:
    for first, one in enumerate(groups):
        for second in range(first + 1, len(groups)):
            other = groups[second]
            if (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 < APART**2:
                return first, second
    return None


def _joined(one: Group, other: Group) -> Group:
    many, more = len(one[2]), len(other[2])
    whole = many + more
    return (one[0] * many + other[0] * more) / whole, (one[1] * many + other[1] * more) / whole, one[2] + other[2]


def _mark(group: Group, window: Window) -> Mark:
    x, y, venues = group
    if len(venues) == 1:
        return Mark(x, y, tuple(venues))
    return Mark(
        x, y, tuple(venues), _town(venues), next((wide for wide in ZOOMS_KM if wide < window.wide_km * 0.7), None)
    )


def _town(venues: Sequence[Found]) -> Town:
    """The town that most of them name, if we know one of that name there, else the one that is nearest to the first."""
    named = Counter(each.place.town for each in venues if each.place.town)
    name = named.most_common(1)[0][0] if named else None
    at = next((each for each in venues if each.place.town == name), venues[0]).place.coordinates
    if at is None:
        raise AssertionError("what is on the map is somewhere")
    there = [town for town in towns.find(name or "") if metres_between(town.at, at) < NAMED_WITHIN_METRES]
    return min(there, key=lambda town: metres_between(town.at, at), default=None) or towns.nearest(at)
