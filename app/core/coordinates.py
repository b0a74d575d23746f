"""Where on the earth something is, in whole microdegrees, and how far it is from somewhere else."""

import re
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from app.core.errors import BadInput, shown

EARTH_METRES = 6_371_009
"""The mean radius (IUGG, 1980)."""

FASTEST_KILOMETRES_AN_HOUR = 150
"""Over land and as the crow flies, nobody carries a note faster."""

MICRODEGREES = 1_000_000
_WRITTEN = re.compile(r"\s*(-?[0-9]{1,3}(?:\.[0-9]+)?)\s*[, ]\s*(-?[0-9]{1,3}(?:\.[0-9]+)?)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Latitude and longitude in millionths of a degree (WGS 84), north and east positive."""

    latitude_microdegrees: int
    longitude_microdegrees: int

    @property
    def latitude(self) -> float:
        """In degrees."""
        return self.latitude_microdegrees / MICRODEGREES

    @property
    def longitude(self) -> float:
        """In degrees."""
        return self.longitude_microdegrees / MICRODEGREES

    def __str__(self) -> str:
        return f"{self.latitude:.6f},{self.longitude:.6f}"


def parse(text: str) -> Coordinates:
    """Coordinates as maps give them: `50.2632,-5.0510`, latitude first. Raises BadInput."""
    found = _WRITTEN.fullmatch(text)
    latitude, longitude = (float(found[1]), float(found[2])) if found else (91.0, 0.0)
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise BadInput(f"{shown(text)} is no place on the map: write latitude and longitude, like 50.2632,-5.0510.")
    return Coordinates(round(latitude * MICRODEGREES), round(longitude * MICRODEGREES))


def metres_between(one: Coordinates, other: Coordinates) -> int:
    """The way from one to the other as the crow flies, in metres (the haversine formula, Sinnott 1984)."""
    north = radians(other.latitude - one.latitude) / 2
    east = radians(other.longitude - one.longitude) / 2
    square = sin(north) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east) ** 2
    return round(2 * EARTH_METRES * asin(sqrt(min(1.0, square))))


def is_out_of_reach(metres: int, minutes: float) -> bool:
    """Whether nobody can have carried a note so far in that time."""
    return metres > FASTEST_KILOMETRES_AN_HOUR * 1000 * abs(minutes) / 60 + 1000
