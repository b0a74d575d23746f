"""The people of a simulated national programme: who earns and who takes notes, by names as the field has them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

PROGRAMMES: tuple[tuple[str, str, str], ...] = (
    ("CWL", "Cornwall", "cornwall"), ("LAN", "Lancashire", "lancashire"), ("BKM", "Buckinghamshire", "buckinghamshire"),
    ("GWY", "Gwynedd", "gwynedd"), ("WIS", "Wisbech", "lancashire"), ("LEW", "Lewisham", "buckinghamshire"),
    ("HAC", "Hackney", "cornwall"), ("CDF", "Cardiff", "gwynedd"), ("WIG", "Wigan", "lancashire"),
    ("KEN", "Kent", "buckinghamshire"), ("NOR", "Norfolk", "cornwall"), ("TYN", "Tyneside", "lancashire"),
    ("SOM", "Somerset", "cornwall"),
)  # fmt: skip
"""Code, name, and the front that its notes have."""

_EARNING = (
    "Time Bank", "Community Garden", "Care Network", "Befrienders", "Library Friends", "Food Project", "Youth Club",
    "Repair Café", "Beach Clean", "Carers’ Circle", "Choir", "Flower Show", "Allotments", "Men’s Shed",
)  # fmt: skip
_COMMUNITY = ("Community Centre", "Village Hall", "Coffee Morning", "Bingo Night", "Craft Group", "Youth Club Hall")
_CORPORATE = (
    "Leisure Centre",
    "Theatre",
    "Museum",
    "Cinema",
    "Climbing Hall",
    "Castle",
    "Swimming Pool",
    "Golf Course",
)
_OFFERS = (
    ("Swim", 1), ("Gym", 1), ("Badminton court", 2), ("Matinee", 2), ("Entry", 1), ("Climbing, with a guide", 2),
    ("Craft class", 1), ("Family ticket", 4), ("Coffee and cake", 1), ("Guided tour", 3),
)  # fmt: skip
_PLACES = (
    "Ashby", "Bodmin", "Brindle", "Calder", "Denham", "Elmbridge", "Fenwick", "Gorran", "Harlech", "Ilford", "Jarrow",
    "Kirkham", "Larne", "Marlow", "Newlyn", "Ormskirk", "Padiham", "Redruth", "Stroud", "Tiverton", "Upton", "Verwood",
    "Walmer", "Yarmouth",
)  # fmt: skip
_QUARTERS = (
    "",
    "North",
    "South",
    "East",
    "West",
    "Old",
    "New",
    "Upper",
    "Lower",
    "St Mary’s",
    "St John’s",
    "Quay",
    "Hill",
)
ACTIVITIES = (
    "Beach clean", "Befriending", "Gardening", "Serving lunches", "Reading with children", "Stewarding", "Mending",
    "Leading a walk", "Driving to appointments", "Sorting donations", "Teaching somebody to cook", "Keeping the minutes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """How large a network is simulated."""

    programmes: int
    organisations: int
    venues: int
    notes: int

    @classmethod
    def scaled(cls, scale: float) -> "Size":
        """The national programme times `scale` (1: 13 programmes, 700 organisations, 600 venues, 500,000 notes)."""
        programmes = max(2, min(len(PROGRAMMES), round(len(PROGRAMMES) * scale**0.5)))
        return cls(
            programmes, max(2 * programmes, round(700 * scale)), max(2 * programmes, round(600 * scale)),
            max(1_000 * programmes, round(500_000 * scale / 50) * 50),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who earns; a site has the organisation that it is of."""

    programme: str
    name: str
    site_of: str | None


@dataclass(frozen=True, slots=True)
class Venue:
    """Who takes notes, with offers and their prices in hours."""

    programme: str
    name: str
    kind: str
    offers: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class People:
    """The whole network; `share` is the part of the notes that each programme orders."""

    programmes: tuple[tuple[str, str, str], ...]
    organisations: tuple[Organisation, ...]
    venues: tuple[Venue, ...]
    share: dict[str, float]


def gathered(size: Size, chance: Random) -> People:
    """The people of a network of that size; every programme has some of each."""
    programmes = PROGRAMMES[: size.programmes]
    weights = {code: chance.uniform(0.5, 2) for code, _name, _design in programmes}
    whole = sum(weights.values())
    return People(
        programmes, tuple(_organisations(size.organisations, weights, chance)), tuple(_venues(size.venues, weights, chance)),
        {code: weight / whole for code, weight in weights.items()},
    )  # fmt: skip


def _organisations(count: int, weights: dict[str, float], chance: Random) -> Iterator[Organisation]:
    heads: dict[str, str] = {}
    for code, name in _named(count, weights, _EARNING, chance):
        head = heads.get(code)
        is_site = head is not None and chance.random() < 0.15
        yield Organisation(code, name, head if is_site else None)
        if not is_site and name.endswith("Care Network"):
            heads[code] = name


def _venues(count: int, weights: dict[str, float], chance: Random) -> Iterator[Venue]:
    for code, name in _named(count, weights, (*_COMMUNITY, *_CORPORATE), chance):
        kind = "corporate" if name.endswith(_CORPORATE) else "community"
        yield Venue(code, name, kind, tuple(chance.sample(_OFFERS, chance.randint(1, 4))))


def _named(
    count: int, weights: dict[str, float], kinds: Sequence[str], chance: Random
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """So many programmes with a name that nobody else has; each programme is there twice before chance decides."""
    codes = list(weights)
    owners = [*codes, *codes, *chance.choices(codes, list(weights.values()), k=max(0, count - 2 * len(codes)))][:count]
    names = [
        " ".join(filter(None, (quarter, place, kind))) for quarter in _QUARTERS for place in _PLACES for kind in kinds
    ]
    yield from zip(owners, chance.sample(names, count), strict=True)
