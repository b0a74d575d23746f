"""The towns of a simulated programme, and a place for each of its venues near one of them."""

from random import Random

from app.core.coordinates import MICRODEGREES, Coordinates

Town = tuple[str, float, float]
"""A name with its latitude and longitude in degrees, roughly."""

TOWNS: dict[str, tuple[Town, ...]] = {
    "CWL": (("Truro", 50.2653, -5.0544), ("Bodmin", 50.4715, -4.7243), ("Penzance", 50.1186, -5.5371),
            ("Newquay", 50.4156, -5.0732), ("Falmouth", 50.1544, -5.0711)),
    "LAN": (("Chorley", 53.6500, -2.6167), ("Preston", 53.7628, -2.7045), ("Leyland", 53.6979, -2.6876),
            ("Lancaster", 54.0465, -2.7999), ("Burnley", 53.8000, -2.2333)),
    "BKM": (("Aylesbury", 51.8167, -0.8146), ("High Wycombe", 51.6291, -0.7493), ("Amersham", 51.6667, -0.6167)),
    "GWY": (("Bangor", 53.2275, -4.1294), ("Caernarfon", 53.1413, -4.2702), ("Porthmadog", 52.9260, -4.1330)),
    "WIS": (("Wisbech", 52.6662, 0.1594), ("March", 52.5513, 0.0883)),
    "LEW": (("Lewisham", 51.4619, -0.0098), ("Catford", 51.4449, -0.0204), ("Deptford", 51.4790, -0.0260)),
    "HAC": (("Hackney", 51.5450, -0.0553), ("Stoke Newington", 51.5620, -0.0740)),
    "CDF": (("Cardiff", 51.4800, -3.1800), ("Penarth", 51.4386, -3.1734)),
    "WIG": (("Wigan", 53.5430, -2.6371), ("Leigh", 53.4964, -2.5197)),
    "KEN": (("Canterbury", 51.2790, 1.0799), ("Maidstone", 51.2667, 0.5167), ("Margate", 51.3813, 1.3862)),
    "NOR": (("Norwich", 52.6278, 1.2983), ("King’s Lynn", 52.7517, 0.3952), ("Thetford", 52.4167, 0.7500)),
    "TYN": (("Newcastle upon Tyne", 54.9733, -1.6140), ("Gateshead", 54.9621, -1.6017), ("North Shields", 55.0165, -1.4492)),
    "SOM": (("Taunton", 51.0149, -3.1029), ("Yeovil", 50.9416, -2.6321), ("Bridgwater", 51.1284, -3.0036)),
}  # fmt: skip
"""By the code of the programme; none lies where its venues would be strewn over much of the sea."""

STREWN_DEGREES = 0.015


def place_of(programme: str, name: str) -> dict[str, str]:
    """The town of a venue and where it is, as `listing.set_place` takes them: the same for the same name, and drawn from
    no other chance of the simulation."""
    chance = Random(name)  # noqa: S311 - a world to look at, no secret
    town, north, east = chance.choice(TOWNS[programme])
    strewn = [round((at + chance.gauss(0, STREWN_DEGREES)) * MICRODEGREES) for at in (north, east)]
    return {"town": town, "at": str(Coordinates(*strewn))}
