"""Finding: what somebody means who types a name or a word: a series, an organisation, a venue, a programme."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from app.core import serial as serials
from app.core.errors import BadInput
from app.store import parties
from app.store.database import Store
from app.store.parties import Organisation, Venue

MOST, SHORTEST = 40, 2


@dataclass(frozen=True, slots=True)
class Match:
    """Something that has the name: `kind` is series, organisation or venue; `key` its code or id; `programme` its code."""

    kind: str
    key: str
    name: str
    programme: str
    is_exact: bool


def by_name(store: Store, *, text: str, programme_id: int | None = None) -> list[Match]:
    """What is called so, the exact matches first, then those that begin so, then those that contain every word.

    With `programme_id`, of that programme alone. At most 40; a text of one letter finds what is called exactly so.
    """
    asked = " ".join(text.casefold().split())
    if not asked:
        return []

    def work(connection: Connection) -> list[Match]:
        ranked = sorted(
            ((rank, match) for rank, match in _ranked(connection, asked, programme_id)),
            key=lambda pair: (pair[0], pair[1].name.casefold(), pair[1].programme),
        )
        return [match for _rank, match in ranked[:MOST]]

    return store.read(work)


def _ranked(connection: Connection, asked: str, programme_id: int | None) -> Iterator[tuple[int, Match]]:
    wanted = _series(asked)
    owners = {each.id: each for each in parties.programmes(connection)}
    for series in parties.all_series(connection):
        owner = owners[series.programme_id]
        if programme_id not in (None, owner.id):
            continue
        rank = 0 if series.code == wanted else _rank(owner.name, asked)
        if owner.code.casefold() == asked:
            rank = 1
        if rank is not None:
            yield rank, Match("series", series.code, series.code, owner.code, rank == 0)
    yield from _places("organisation", parties.organisations(connection), asked, programme_id)
    yield from _places("venue", parties.venues(connection), asked, programme_id)


def _places(
    kind: str, known: Iterable[Organisation] | Iterable[Venue], asked: str, programme_id: int | None
) -> Iterator[tuple[int, Match]]:
    for place in known:
        rank = _rank(place.name, asked)
        if rank is not None and programme_id in (None, place.programme_id):
            yield rank, Match(kind, str(place.id), place.name, place.programme, rank == 0)


def _series(asked: str) -> str | None:
    try:
        return serials.parse_series(asked)
    except BadInput:
        return None


def _rank(name: str, asked: str) -> int | None:
    """0 for the name itself, 1 where it begins so, 2 where it has every word somewhere; None where it has not."""
    called = " ".join(name.casefold().split())
    if called == asked:
        return 0
    if len(asked) < SHORTEST:
        return None
    if called.startswith(asked):
        return 1
    return 2 if all(word in called for word in asked.split()) else None
