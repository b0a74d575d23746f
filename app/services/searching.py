"""Searching the public directory: venues and their offers by words, kind, programme, price, and distance from somewhere."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import Connection

from app.core import serial as serials
from app.core.coordinates import Coordinates, metres_between
from app.core.errors import NotFound
from app.services.directory import Offer, Programme, Venue
from app.store import parties, places
from app.store.database import Store
from app.store.places import Place

LINKING = frozenset({"near", "in", "at", "the", "and", "ger", "yn", "yng", "ym", "ac"})
"""Words that people write between those that they mean, in both languages."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; `near` is where distances are measured from, `within` says whether a place is on the map."""

    text: str = ""
    programme: str = ""
    kind: str = ""
    most_hours: int | None = None
    near: Coordinates | None = None
    within: Callable[[Coordinates], bool] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A venue with those of its offers that fit, and how far it is, in metres, where both places are known."""

    venue: Venue
    place: Place
    programme: Programme
    offers: tuple[Offer, ...]
    metres: int | None = None


def search(store: Store, wanted: Wanted) -> list[Found]:
    """The venues that fit: the nearest first, where somebody said from where, else by programme and name.

    Every word has to be in what is said of the venue or of an offer, in either language, whatever its case and accents. Where
    the venue alone has them all, all its offers are shown, else those that have the rest.
    """
    known = store.read(_everything)
    words = [word for word in folded(wanted.text).split() if word not in LINKING]
    fitting = (_fitting(each, words, wanted) for each in known if _is_wanted(each, wanted))
    found = [_measured(each, wanted.near) for each in fitting if each is not None]
    if wanted.near is None:
        return found
    return sorted(found, key=lambda each: (each.metres is None, each.metres, each.venue.name))


def one(store: Store, venue_id: int) -> Found:
    """A venue with all its open offers. Raises NotFound, for one of the specimen programme too."""

    def work(connection: Connection) -> Found | None:
        venue = parties.venue_by_id(connection, venue_id)
        if venue is None or serials.is_specimen(venue.programme):
            return None
        owner = parties.programme_by_code(connection, venue.programme)
        offers = tuple(parties.offers_of(connection, venue.id))
        return Found(venue, places.place_of(connection, venue.id), owner, offers) if owner else None

    found = store.read(work)
    if found is None:
        raise NotFound("There is no such venue.")
    return found


@lru_cache(maxsize=10_000)
def folded(text: str) -> str:
    """The words of a text without accents, case and signs, a space between them."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return " ".join(re.findall(r"\w+", re.sub(r"(?<=\w)['’](?=\w)", "", plain).casefold()))


def _everything(connection: Connection) -> list[Found]:
    owners = {each.id: each for each in parties.programmes(connection) if not serials.is_specimen(each.code)}
    offers: dict[int, list[Offer]] = {}
    for each in parties.open_offers(connection):
        offers.setdefault(each.venue_id, []).append(each)
    at = places.places(connection)
    return [
        Found(venue, at.get(venue.id) or Place(venue.id), owners[venue.programme_id], tuple(offers.get(venue.id, ())))
        for venue in parties.venues(connection)
        if venue.programme_id in owners
    ]


def _is_wanted(each: Found, wanted: Wanted) -> bool:
    if wanted.kind not in ("", each.venue.kind) or wanted.programme not in ("", each.programme.code):
        return False
    if wanted.within is None:
        return True
    return each.place.coordinates is not None and wanted.within(each.place.coordinates)


def _fitting(each: Found, words: Sequence[str], wanted: Wanted) -> Found | None:
    """The venue with the offers that fit, None where neither does."""
    place = each.place
    here = _hay(each.venue.name, place.name_cy, place.town, place.address, place.postcode, each.programme.name, place.text, place.text_cy)  # fmt: skip
    missing = [word for word in words if word not in here]
    affordable = [offer for offer in each.offers if wanted.most_hours is None or offer.price_hours <= wanted.most_hours]
    offers = tuple(offer for offer in affordable if all(word in _said(offer) for word in missing)) if missing else tuple(affordable)  # fmt: skip
    is_found = bool(offers) or (not missing and wanted.most_hours is None)
    return replace(each, offers=offers) if is_found else None


def _said(offer: Offer) -> str:
    return _hay(offer.name, offer.name_cy, offer.text, offer.text_cy)


def _hay(*texts: str | None) -> str:
    return folded(" ".join(text for text in texts if text))


def _measured(each: Found, near: Coordinates | None) -> Found:
    if near is None or each.place.coordinates is None:
        return each
    return replace(each, metres=metres_between(near, each.place.coordinates))
