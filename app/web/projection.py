"""The projection of the map: transverse Mercator over the meridian of the national grid, on a sphere, in kilometres."""

from math import atan2, atanh, cos, radians, sin, tan

from app.core.coordinates import EARTH_METRES

MERIDIAN = -2.0
PARALLEL = 61.0
"""The origin: 2° west, as the Ordnance Survey has it, and 61° north, beyond Shetland; y runs to the south."""

_KILOMETRES = EARTH_METRES / 1000


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """East and south of the origin, in kilometres, from degrees (Snyder 1987, Map Projections, 8)."""
    north, east = radians(latitude), radians(longitude - MERIDIAN)
    x = atanh(cos(north) * sin(east))
    y = radians(PARALLEL) - atan2(tan(north), cos(east))
    return x * _KILOMETRES, y * _KILOMETRES
