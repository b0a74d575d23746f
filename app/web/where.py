"""Where to spend: what somebody looks for, as an address says it, and what the page shows of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request, url_for
from flask_babel import get_locale

from app.core import serial as serials
from app.services import directory, searching
from app.services.searching import Found, Wanted
from app.web import atlas, towns
from app.web.atlas import Region, Window
from app.web.marks import ZOOMS_KM, marks, names
from app.web.site import books
from app.web.towns import Town

A_PAGE = 24
TOWN_KM = 50
PRICES = (1, 2, 3, 4)
NEAR_METRES = 50_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says; `towns` are those of the name that was typed, of which the first counts."""

    text: str
    programme: str
    kind: str
    hours: int | None
    town_text: str
    towns: tuple[Town, ...]
    region: Region | None
    wide_km: int

    @classmethod
    def of_request(cls) -> "Asked":
        """Whatever stands in an address is something: what makes no sense is left out."""
        town, hours, wide = _argument("town", 60), _argument("hours", 2), _argument("wide", 3)
        kind = _argument("kind", 12)
        found = () if not town else tuple(towns.find(town))
        return cls(
            _argument("q", 80), _argument("programme", 3).upper(), kind if kind in directory.KINDS else "",
            int(hours) if hours.isdecimal() and int(hours) else None, town, found,
            None if found else atlas.region(_argument("region", 20)),
            int(wide) if wide.isdecimal() and int(wide) in ZOOMS_KM else TOWN_KM,
        )  # fmt: skip

    @property
    def town(self) -> Town | None:
        """From where distances are measured."""
        return self.towns[0] if self.towns else None

    @property
    def window(self) -> Window:
        """The part of the country to show."""
        if self.town is not None:
            return atlas.around(self.town.at, self.wide_km)
        return self.region.window if self.region is not None else atlas.COUNTRY

    @property
    def wanted(self) -> Wanted:
        """The same as the search takes it: with a region, what is on its map alone."""
        within = self.region.window.holds if self.region is not None else None
        near = self.town.at if self.town is not None else None
        return Wanted(self.text, self.programme, self.kind, self.hours, near, within)

    def link(self, **changes: Any) -> str:
        """The address of the same with something changed; None leaves a thing out."""
        said = {
            "q": self.text, "town": self.town.label if self.town else "", "programme": self.programme, "kind": self.kind,
            "hours": self.hours, "region": self.region.key if self.region else "",
            "wide": self.wide_km if self.town and self.wide_km != TOWN_KM else None,
        }  # fmt: skip
        return url_for("public.where", **{name: value for name, value in {**said, **changes}.items() if value})

    def steps(self) -> list[tuple[str | None, str | None]]:
        """The way to here from the whole country: a region and an address each; the last is where one is, without an address."""
        found: list[tuple[str | None, str | None]] = [(None, self.link(town=None, region=None, wide=None))]
        region = self.region or (atlas.region_of(self.town.at) if self.town else None)
        if region is not None:
            found.append((str(region.name), self.link(town=None, region=region.key, wide=None)))
        if self.town is not None:
            found.append((self.town.named(str(get_locale())), None))
        return [*found[:-1], (found[-1][0], None)]


def listing() -> str:
    """The page: a search, a map, and the venues that fit, a page at a time or all of them."""
    asked = Asked.of_request()
    found = searching.search(books(), asked.wanted)
    page, pages = _page(len(found))
    shown = found if "all" in request.args else found[(page - 1) * A_PAGE : page * A_PAGE]
    known = [each for each in directory.programmes(books()) if not serials.is_specimen(each.code)]
    return render_template(
        "where.html", asked=asked, found=found, shown=shown, page=page, pages=pages, programmes=known, prices=PRICES,
        regions=atlas.REGIONS, map=_map(asked.window, found), closer=_closer(asked), guesses=_guesses(asked, found),
    )  # fmt: skip


def venue(venue_id: int) -> str:
    """The page of one venue, with what is near it. Raises NotFound."""
    found = searching.one(books(), venue_id)
    at = found.place.coordinates
    near = _near(found) if at else []
    return render_template(
        "where_venue.html", each=found, near=near, town=towns.nearest(at) if at else None,
        map={**_map(atlas.around(at, ZOOMS_KM[-2]), []), "here": (atlas.WIDTH / 2, atlas.HEIGHT / 2)} if at else None,
    )  # fmt: skip


def _near(found: Found) -> list[Found]:
    everything = searching.search(books(), Wanted(near=found.place.coordinates))
    others = (each for each in everything if each.venue.id != found.venue.id)
    return [each for each in others if each.metres is not None and each.metres < NEAR_METRES][:5]


def _map(window: Window, found: Sequence[Found]) -> dict[str, Any]:
    return {"lands": atlas.lands(window), "names": names(window), "marks": marks(found, window)}


def _page(count: int) -> tuple[int, int]:
    """Which page of how many: the nearest to what is asked for that there is."""
    text = _argument("page", 4)
    pages = max(1, -(-count // A_PAGE))
    return min(max(1, int(text)), pages) if text.isdecimal() else 1, pages


def _closer(asked: Asked) -> dict[str, str]:
    """The widths next to this one: *nearer* and *wider* around the same town."""
    if asked.town is None:
        return {}
    place = ZOOMS_KM.index(asked.wide_km)
    found = {"wider": place - 1, "nearer": place + 1}
    return {name: asked.link(wide=ZOOMS_KM[at]) for name, at in found.items() if 0 <= at < len(ZOOMS_KM)}


def _guesses(asked: Asked, found: Sequence[Found]) -> list[tuple[str, str]]:
    """Towns that may be meant, with addresses: others of the name, those that look like it, or one among the words sought."""
    language = str(get_locale())
    others: Sequence[Town] = asked.towns[1:4]
    if asked.town_text and not asked.towns:
        others = towns.like(asked.town_text)
    if others or found or asked.town:
        return [(town.named(language), asked.link(town=town.label, region=None)) for town in others]
    words = asked.text.split()
    for word in words:
        for town in towns.find(word)[:1]:
            rest = replace(asked, text=" ".join(each for each in words if each != word))
            return [(town.named(language), rest.link(town=town.label, region=None))]
    return []


def _argument(name: str, most: int) -> str:
    return " ".join(request.args.get(name, "").replace("\0", "").split())[:most]
