"""The four ways of spending, told apart by who keeps a venue and where."""

from collections.abc import Iterable, Sequence

import numpy as np

from app.store.impact import Numbers
from app.store.parties import Organisation, Venue

OWN, OTHER, CORPORATE, ELSEWHERE = "own", "other", "corporate", "elsewhere"
WAYS = (OWN, OTHER, CORPORATE, ELSEWHERE)
"""The four ways of spending, the first that applies: at a venue that the organisation which gave the note keeps, or a site of
the same organisation; of those in its own programme, at a corporate venue (told before the other, which is any other venue
that an organisation keeps); and elsewhere, which is every venue of another programme or that no organisation keeps."""

_NOBODY = -1


def ways(
    venue_ids: Numbers, organisation_ids: Numbers, organisations: Sequence[Organisation], venues: Sequence[Venue]
) -> Numbers:
    """The way, as its place in WAYS, of each pair of a venue and an organisation whose note was spent there."""
    heads = {each.id: each.site_of_id or each.id for each in organisations}
    mine = by_id(heads.items())[organisation_ids]
    home = by_id((each.id, each.programme_id) for each in organisations)[organisation_ids]
    keepers = ((each.id, heads[each.organisation_id] if each.organisation_id else _NOBODY) for each in venues)
    theirs = by_id(keepers)[venue_ids]
    away = by_id((each.id, each.programme_id) for each in venues)[venue_ids] != home
    corporate = by_id((each.id, int(each.kind == CORPORATE)) for each in venues)[venue_ids] == 1
    places = [WAYS.index(way) for way in (OWN, ELSEWHERE, CORPORATE, OTHER)]
    return np.select([mine == theirs, away, corporate, theirs != _NOBODY], places, WAYS.index(ELSEWHERE))


def by_id(pairs: Iterable[tuple[int, int]]) -> Numbers:
    """A number for each id, at the place of that id."""
    known = dict(pairs)
    found = np.full(max(known, default=0) + 1, _NOBODY, np.int64)
    found[list(known)] = list(known.values())
    return found
