"""The map of the directory: which part of the country one looks at, and its coast as paths to draw."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.core.coordinates import Coordinates
from app.core.coordinates import parse as at
from app.web.projection import project

WIDTH, HEIGHT = 480, 640
"""Of every map, in units of its own; a mark keeps its size in them however near one looks."""

_FILE = Path(__file__).parent / "static/atlas/outline.json"
_FINE_KM = 500
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the country: its middle east and south of the origin of the projection, and its width, in kilometres."""

    x_km: float
    y_km: float
    wide_km: float

    def place(self, where: Coordinates) -> Point:
        """Where that is on the map, in its units."""
        return self.unit(project(where.latitude, where.longitude))

    def unit(self, point: Point) -> Point:
        """A point of the projection on the map."""
        scale = WIDTH / self.wide_km
        return (point[0] - self.x_km) * scale + WIDTH / 2, (point[1] - self.y_km) * scale + HEIGHT / 2

    def holds(self, where: Coordinates) -> bool:
        """Whether that is on the map."""
        x, y = self.place(where)
        return 0 <= x <= WIDTH and 0 <= y <= HEIGHT


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the country that has a name, and the window in which one sees it."""

    key: str
    name: LazyString
    window: Window


@dataclass(frozen=True, slots=True)
class Land:
    """A piece of the coast as the `d` of a path; `kind`: *uk*, or *beside* it."""

    kind: str
    path: str


def around(where: Coordinates, wide_km: float) -> Window:
    """The window with that in its middle."""
    x, y = project(where.latitude, where.longitude)
    return Window(x, y, wide_km)


COUNTRY = Window(-45.0, 640.0, 935.0)
REGIONS = tuple(
    Region(key, name, around(at(middle), wide))
    for key, name, middle, wide in (
        ("scotland", _l("Scotland"), "57.30,-4.30", 460), ("northern-ireland", _l("Northern Ireland"), "54.65,-6.70", 200),
        ("north-east", _l("North East England"), "55.00,-1.90", 150), ("north-west", _l("North West England"), "54.10,-2.75", 170),
        ("yorkshire", _l("Yorkshire and the Humber"), "53.90,-1.20", 190), ("wales", _l("Wales"), "52.40,-3.75", 200),
        ("east-midlands", _l("East Midlands"), "52.90,-0.90", 180), ("west-midlands", _l("West Midlands"), "52.50,-2.20", 160),
        ("east", _l("East of England"), "52.30,0.55", 190), ("london", _l("London"), "51.50,-0.10", 56),
        ("south-east", _l("South East England"), "51.30,-0.30", 260), ("south-west", _l("South West England"), "50.90,-3.70", 310),
    )
)  # fmt: skip
"""From north to south. A window shows what lies around too, and claims no border."""


def region(key: str) -> Region | None:
    """The region of that key."""
    return next((each for each in REGIONS if each.key == key), None)


def region_of(where: Coordinates) -> Region:
    """The region to step back to from a place: of those that show it, the one whose middle is nearest for its size."""
    x, y = project(where.latitude, where.longitude)
    showing = [each for each in REGIONS if each.window.holds(where)] or list(REGIONS)

    def distance(each: Region) -> float:
        return float(abs(complex(each.window.x_km - x, each.window.y_km - y)) / each.window.wide_km)

    return min(showing, key=distance)


def lands(window: Window) -> list[Land]:
    """The coast within a window, a little beyond its edges, so that no edge is drawn as a coast."""
    rings = _outline()["fine" if window.wide_km < _FINE_KM else "coarse"]
    drawn = ((kind, _clipped([window.unit(point) for point in ring])) for kind, ring in rings)
    return [Land(kind, _path(points)) for kind, points in drawn if len(points) > 2]


@cache
def _outline() -> dict[str, list[tuple[str, list[Point]]]]:
    kept: dict[str, list[dict[str, Any]]] = json.loads(_FILE.read_text())
    return {level: [(each["land"], list(_points(each["points"]))) for each in rings] for level, rings in kept.items()}


def _points(flat: Sequence[int]) -> Iterator[Point]:
    for x, y in zip(flat[::2], flat[1::2], strict=True):
        yield x / 10, y / 10


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


_BEYOND = 6.0


def _clipped(points: list[Point]) -> list[Point]:
    """A ring within the map (Sutherland and Hodgman, 1974), one edge after the other."""
    for axis, limit, sign in ((0, -_BEYOND, 1), (0, WIDTH + _BEYOND, -1), (1, -_BEYOND, 1), (1, HEIGHT + _BEYOND, -1)):
        points = list(_cut(points, axis, limit, sign))
    return points


def _cut(points: Sequence[Point], axis: int, limit: float, sign: int) -> Iterator[Point]:
    for before, here in zip([*points[-1:], *points[:-1]], points, strict=True):
        was_in, is_in = (before[axis] - limit) * sign >= 0, (here[axis] - limit) * sign >= 0
        if was_in != is_in:
            part = (limit - before[axis]) / (here[axis] - before[axis])
            yield before[0] + part * (here[0] - before[0]), before[1] + part * (here[1] - before[1])
        if is_in:
            yield here
