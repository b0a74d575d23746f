"""How far apart two places are, and whether one sheet of paper could have been at both."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
"""The mean radius R1 of the Earth (IUGG, GRS 80)."""

FASTEST_KM_PER_HOUR = 150
"""Nobody carries a note faster over land, as the crow flies."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the Earth, in degrees: north and east are positive."""

    latitude: float
    longitude: float


def kilometres(one: Spot, other: Spot) -> float:
    """The great-circle distance by the haversine formula, which is exact for near places too (R. W. Sinnott, 1984)."""
    north = radians(other.latitude - one.latitude) / 2
    east = radians(other.longitude - one.longitude) / 2
    along = cos(radians(one.latitude)) * cos(radians(other.latitude))
    half_chord = sin(north) ** 2 + along * sin(east) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half_chord)))


def is_out_of_reach(distance_km: float, minutes: float) -> bool:
    """Whether nobody can have carried a note so far in that time."""
    return distance_km > FASTEST_KM_PER_HOUR * abs(minutes) / 60 + 1
