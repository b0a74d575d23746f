"""Who takes part: programmes, organisations, venues and what they offer; and how people name them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection

from app.core import serial as serials
from app.core.errors import BadInput, NotFound, Refused, shown
from app.core.opening_hours import ALWAYS, OpeningHours
from app.core.visit import MOST_NOTES
from app.services import wording
from app.store import directory_events, parties
from app.store.database import Store
from app.store.directory_events import Changes, DirectoryEvent, Subject
from app.store.parties import Limits, Offer, Organisation, Programme, Series, Venue

__all__ = ["Limits", "Offer", "Organisation", "Programme", "Series", "Venue"]

LONGEST_NAME = 120
LARGEST_PRICE_HOURS = 50
MOST_ALONE = 9_999_999
KINDS = ("community", "corporate")

By = tuple[str, datetime]
"""Who did something, and when, for the trace."""


class _Named(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=_Named)


def add_programme(store: Store, *, code: str, name: str) -> Programme:
    """Add a programme. Raises BadInput, or Refused when the code is taken."""
    checked, title = serials.parse_programme(code), _name(name)

    def work(connection: Connection) -> Programme:
        if parties.programme_by_code(connection, checked) is not None:
            raise Refused(f"There is a programme {checked} already.")
        return Programme(parties.add_programme(connection, checked, title), checked, title)

    return _once(store, work, parties.programmes)


def add_organisation(store: Store, *, programme: str, name: str, site_of: str | None = None) -> Organisation:
    """Add an organisation, perhaps a site of another. Raises BadInput, NotFound, or Refused when the name is taken."""
    title = _name(name)

    def work(connection: Connection) -> Organisation:
        owner = find_programme(connection, programme)
        known = [each for each in parties.organisations(connection) if each.programme_id == owner.id]
        _refuse_twice(known, title, f"an organisation in {owner.code}")
        head = named(known, site_of, "organisation") if site_of else None
        made = parties.add_organisation(connection, owner.id, title, head.id if head else None)
        return Organisation(made, title, owner.id, owner.code, head.id if head else None)

    return _once(store, work, parties.organisations)


def set_site(store: Store, *, organisation: str, site_of: str | None, by: By | None = None) -> Organisation:
    """Make an organisation a site of another of its programme, or (None) of none; with `by`, traced. Raises NotFound, Refused."""

    def work(connection: Connection) -> Organisation:
        known = parties.organisations(connection)
        found = named(known, organisation, "organisation")
        near = [each for each in known if each.programme_id == found.programme_id]
        head = named(near, site_of, "organisation") if site_of else None
        if head is not None and (
            head.id == found.id or head.site_of_id or any(each.site_of_id == found.id for each in near)
        ):
            raise Refused("A site belongs to one organisation that is no site itself, and has no sites of its own.")
        before = next((each for each in near if each.id == found.site_of_id), None)
        parties.set_head(connection, found.id, head.id if head else None)
        if before != head:
            both = tuple(f"{found.name} · {each.name}" if each else None for each in (before, head))
            _trace(connection, Subject(found.programme_id), "changed", {"site": (both[0], both[1])}, by)
        return replace(found, site_of_id=head.id if head else None)

    return store.write(work)


def add_venue(
    store: Store, *, programme: str, name: str, kind: str = "community", organisation: str | None = None,
    by: By | None = None,
) -> Venue:  # fmt: skip
    """Add a venue, perhaps kept by an organisation; with `by`, traced. Raises BadInput, NotFound, or Refused when the name is
    taken."""
    title = _name(name)
    if kind not in KINDS:
        raise BadInput(f"{shown(kind)} is no kind of venue: choose community or corporate.")

    def work(connection: Connection) -> Venue:
        owner = find_programme(connection, programme)
        known = [each for each in parties.venues(connection) if each.programme_id == owner.id]
        _refuse_twice(known, title, f"a venue in {owner.code}")
        keeper = named(parties.organisations(connection), organisation, "organisation") if organisation else None
        made = parties.add_venue(connection, owner.id, title, kind, keeper.id if keeper else None)
        found = parties.venue_by_id(connection, made)
        if found is None:
            raise NotFound(f"The venue {title} was not kept.")
        _trace(connection, Subject(owner.id, made), "added", {"name": (None, title), "kind": (None, kind)}, by)
        return found

    return _once(store, work, parties.venues)


def add_offer(
    store: Store, *, venue: str, name: str, hours: int, local_only: bool = False, most_notes: int | None = None,
    opening: OpeningHours = ALWAYS, name_cy: str | None = None, by: By | None = None,
) -> Offer:  # fmt: skip
    """Add an offer at a venue: `hours` its price, `most_notes` of one visit, when it is open, and its Welsh name; with `by`,
    traced.

    Raises BadInput, NotFound, or Refused when the name is taken there, by an offer that was closed too.
    """
    title, welsh = _name(name), wording.perhaps(name_cy, "Welsh name", LONGEST_NAME)
    check_price(hours, most_notes)

    def work(connection: Connection) -> Offer:
        place = find_venue(connection, venue)
        known = [each for each in parties.all_offers(connection) if each.venue_id == place.id]
        _refuse_twice(known, title, f"an offer at {place.name}, or was one before it was closed,")
        made = parties.add_offer(
            connection, place.id, title, hours, local_only=local_only, most_notes=most_notes, opening=opening
        )
        kept = Offer(made, title, place.id, hours, local_only, most_notes, None, opening, welsh)
        if welsh is not None:
            parties.change_offer(connection, kept)
        said = {"name": (None, title), "price_hours": (None, hours)}
        _trace(connection, Subject(place.programme_id, place.id, made), "added", said, by)
        return kept

    return _once(store, work, parties.all_offers)


def check_price(hours: int, most_notes: int | None) -> None:
    """Whether somebody could take an offer of that price with so many notes of a visit. Raises BadInput."""
    if not 1 <= hours <= LARGEST_PRICE_HOURS:
        raise BadInput(f"An offer costs 1 to {LARGEST_PRICE_HOURS} hours; {hours} is not among them.", field="hours")
    if most_notes is not None and not hours <= most_notes <= MOST_NOTES:
        raise BadInput(
            f"A visit brings {hours} to {MOST_NOTES} notes for this offer; {most_notes} is not among them.",
            field="most_notes",
        )


def close_offer(store: Store, *, offer: str, now: datetime, actor: str | None = None) -> Offer:
    """Offer it no more (by id, or by name where only one has it); again changes nothing; with an actor, traced. Raises
    NotFound, Refused."""

    def work(connection: Connection) -> Offer:
        known = parties.all_offers(connection)
        by_id = [each for each in known if str(each.id) == offer.strip()]
        found = named(by_id or [each for each in known if each.closed_at is None], offer, "offer")
        if found.closed_at is None:
            parties.close_offer(connection, found.id, now)
            place = find_venue(connection, str(found.venue_id))
            _trace(
                connection,
                Subject(place.programme_id, place.id, found.id),
                "closed",
                {},
                (actor, now) if actor else None,
            )
            found = replace(found, closed_at=now)
        return found

    return store.write(work)


def offers(store: Store) -> list[tuple[Offer, Venue]]:
    """Every offer, closed ones too, with its venue, by venue and name."""

    def work(connection: Connection) -> list[tuple[Offer, Venue]]:
        places = {each.id: each for each in parties.venues(connection)}
        return [(each, places[each.venue_id]) for each in parties.all_offers(connection)]

    return store.read(work)


def terms_of(offer: Offer) -> dict[str, Any]:
    """An offer as programs are told of it: times on the clock of the venue, null where there is no limit."""
    begins, ends = offer.opening.times
    return {
        "id": offer.id, "name": offer.name, "hours": offer.price_hours, "days": offer.opening.day_names, "from": begins,
        "until": ends, "most_notes": offer.most_notes, "local_only": offer.local_only,
    }  # fmt: skip


def set_series(store: Store, *, series: str, expires_on: date | None) -> Series:
    """Give a series its last day (None: none), opening it when it is new. Raises BadInput, NotFound."""
    code = serials.parse_series(series)

    def work(connection: Connection) -> Series:
        found = find_or_open_series(connection, code)
        parties.set_expiry(connection, found.id, expires_on)
        return Series(found.id, found.code, found.programme_id, expires_on)

    return store.write(work)


def set_policy(store: Store, *, venue: str, **policy: int) -> Venue:
    """Change a venue's policy (`keyed_per_day`, `offline_notes`, `offline_hours`, `clear_seconds`). Raises as named."""
    for name, value in policy.items():
        if not 0 <= value <= 1000:
            raise BadInput(f"{value} is too much for {name.replace('_', ' ')}: it can be 0 to 1000.")

    def work(connection: Connection) -> Venue:
        place = find_venue(connection, venue)
        parties.set_policy(connection, place.id, **policy)
        return find_venue(connection, str(place.id))

    return store.write(work)


def set_limits(
    store: Store, *, programme: str, actor: str, now: datetime, **notes: int
) -> tuple[Programme, Limits]:  # fmt: skip
    """Change how many notes one person may order or void alone in 24 hours (`order_alone`, `void_alone`; 0: none).

    At the command line alone: whoever could raise a limit on a page would need no second person. Who changed one is kept
    among the changes of the directory. Raises BadInput, NotFound.
    """
    for value in notes.values():
        if not 0 <= value <= MOST_ALONE:
            raise BadInput(f"One person may do 0 to {MOST_ALONE:,} notes alone; {value} is not among them.")

    def work(connection: Connection) -> tuple[Programme, Limits]:
        owner = find_programme(connection, programme)
        before = parties.limits(connection, owner.id)
        changes = {
            name: (getattr(before, name), value) for name, value in notes.items() if getattr(before, name) != value
        }
        if changes:
            parties.set_limits(connection, owner.id, **notes)
            _trace(connection, Subject(owner.id), "changed", changes, (actor, now))
        return owner, parties.limits(connection, owner.id)

    return store.write(work)


def venues_with_offers(store: Store) -> list[tuple[Venue, list[Offer]]]:
    """Every venue with its open offers, for the public directory."""

    def work(connection: Connection) -> list[tuple[Venue, list[Offer]]]:
        found: dict[int, list[Offer]] = {}
        for each in parties.open_offers(connection):
            found.setdefault(each.venue_id, []).append(each)
        return [(venue, found.get(venue.id, [])) for venue in parties.venues(connection)]

    return store.read(work)


def organisations(store: Store) -> list[Organisation]:
    """Every organisation, by programme and name."""
    return store.read(parties.organisations)


def programmes(store: Store) -> list[Programme]:
    """Every programme, by code."""
    return store.read(parties.programmes)


def find_programme(connection: Connection, code: str) -> Programme:
    """The programme of a code as people type it. Raises BadSerial, NotFound."""
    checked = serials.parse_programme(code)
    found = parties.programme_by_code(connection, checked)
    if found is None:
        raise NotFound(f'There is no programme {checked}: add it with `hournote programme add {checked} "NAME"`.')
    return found


def find_series(connection: Connection, code: str) -> Series:
    """The series of a code. Raises NotFound."""
    found = parties.series_by_code(connection, code)
    if found is None:
        raise NotFound(f"Nothing of the series {code} was ever ordered.")
    return found


def find_or_open_series(connection: Connection, code: str) -> Series:
    """The series of a code, opened when its programme exists. Raises NotFound."""
    found = parties.series_by_code(connection, code) or parties.add_series(connection, code)
    if found is None:
        owner = serials.programme_of(code)
        raise NotFound(f'There is no programme {owner}: add it with `hournote programme add {owner} "NAME"`.')
    return found


def find_organisation(connection: Connection, text: str) -> Organisation:
    """The organisation of an id or a name. Raises NotFound, Refused when several have the name."""
    return named(parties.organisations(connection), text, "organisation")


def find_venue(connection: Connection, text: str) -> Venue:
    """The venue of an id or a name. Raises NotFound, Refused when several have the name."""
    return named(parties.venues(connection), text, "venue")


def named(known: Sequence[N], text: str, what: str) -> N:
    """The one of `known` that has this id or, in any case, this name."""
    wanted = text.strip()
    by_id = [each for each in known if str(each.id) == wanted]
    found = by_id or [each for each in known if each.name.casefold() == wanted.casefold()]
    if not found:
        raise NotFound(f"There is no {what} {shown(wanted)}: give its name or its id as `{what} list` shows them.")
    if len(found) > 1:
        ids = " or ".join(str(each.id) for each in found)
        raise Refused(f"Several have the name {shown(wanted)}: say which by its id, {ids}.")
    return found[0]


def _once(store: Store, work: Callable[[Connection], N], known: Callable[[Connection], Sequence[N]]) -> N:
    """What `work` adds. Where an earlier pass of this very call was committed, and its answer lost with the connection, it
    is among the `known` already and is not added again."""
    made: list[N] = []

    def unless_made(connection: Connection) -> N:
        if not made or made[-1] not in known(connection):
            made.append(work(connection))
        return made[-1]

    return store.write(unless_made)


def _trace(connection: Connection, of: Subject, kind: str, changes: Changes, by: By | None) -> None:
    if by is not None:
        directory_events.add(connection, DirectoryEvent(of, kind, changes, *by))


def _refuse_twice(known: Sequence[_Named], name: str, what: str) -> None:
    if any(each.name.casefold() == name.casefold() for each in known):
        raise Refused(f"There is {what} called {name} already.")


def _name(text: str) -> str:
    return wording.one_line(text, "name", LONGEST_NAME)
