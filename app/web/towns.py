"""The towns that people name: where each is, whatever its spelling, by its name in Welsh too."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from app.core.coordinates import Coordinates, metres_between, parse
from app.services.searching import folded

_FILE = Path(__file__).parent / "static/atlas/towns.csv"
_WELSH = {
    "Cardiff": "Caerdydd", "Swansea": "Abertawe", "Newport, Wales": "Casnewydd", "Wrexham": "Wrecsam", "Barry": "Y Barri",
    "Neath": "Castell-nedd", "Bridgend": "Pen-y-bont ar Ogwr", "Carmarthen": "Caerfyrddin", "Holyhead": "Caergybi",
    "Haverfordwest": "Hwlffordd", "Newtown": "Y Drenewydd", "Denbigh": "Dinbych", "Mold": "Yr Wyddgrug", "Rhyl": "Y Rhyl",
    "Welshpool": "Y Trallwng", "Brecon": "Aberhonddu", "Monmouth": "Trefynwy", "Abergavenny": "Y Fenni",
    "Cardigan": "Aberteifi", "Milford Haven": "Aberdaugleddau", "Flint": "Y Fflint",
    "London": "Llundain", "Liverpool": "Lerpwl", "Manchester": "Manceinion", "Chester": "Caer", "Bristol": "Bryste",
    "Shrewsbury": "Amwythig", "Edinburgh": "Caeredin", "Bath": "Caerfaddon",
}  # fmt: skip
"""Welsh names of towns, by label: those of Wales that differ, and of a few beyond."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town: its label, which no other has, where it is, and about how many people live there."""

    label: str
    at: Coordinates
    people: int

    def named(self, language: str) -> str:
        """Its label in a language."""
        return _WELSH.get(self.label, self.label) if language == "cy" else self.label


def find(text: str) -> list[Town]:
    """The towns of that name or label, the largest first; none for a name that is not known."""
    return sorted(_by_name().get(folded(text), ()), key=lambda town: -town.people)


def like(text: str) -> list[Town]:
    """The towns whose names look most like it, for somebody who mistyped one."""
    return [_by_name()[name][0] for name in get_close_matches(folded(text), _by_name(), n=3, cutoff=0.75)]


def nearest(at: Coordinates) -> Town:
    """The town that is nearest to a place."""
    return min(_near(at), key=lambda town: metres_between(town.at, at))


@cache
def all_towns() -> tuple[Town, ...]:
    """Every town that we know."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Town(row[0], parse(f"{row[2]},{row[3]}"), int(row[4])) for row in csv.reader(file))


@cache
def by_size() -> tuple[Town, ...]:
    """The same, the largest first."""
    return tuple(sorted(all_towns(), key=lambda town: -town.people))


def _near(at: Coordinates) -> Sequence[Town]:
    """Those within half a degree or so, because looking at all of them costs; all where there is none."""
    half = 600_000
    found = [
        town
        for town in all_towns()
        if abs(town.at.latitude_microdegrees - at.latitude_microdegrees) < half
        and abs(town.at.longitude_microdegrees - at.longitude_microdegrees) < half
    ]
    return found or all_towns()


@cache
def _by_name() -> dict[str, list[Town]]:
    found: dict[str, list[Town]] = {}
    for town in all_towns():
        for name in {
            folded(each) for each in (town.label, town.label.partition(",")[0], _WELSH.get(town.label, town.label))
        }:
            found.setdefault(name, []).append(town)
    return found
