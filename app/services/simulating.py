"""Simulating: a year of a national programme, done by the same verbs as everything else, for whoever wants to see how it is.

The year is that of a seed; only keys and signatures are fresh, so that no simulated note is ever like another.
"""

import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from app.core import job as jobs
from app.core.errors import Refused
from app.services import (
    balancing,
    custody,
    desks,
    directory,
    handing_out,
    journal,
    listing,
    press,
    redeeming,
    resolving,
    retiring,
    reversing,
    simulated_people,
    simulated_towns,
    simulated_year,
)
from app.services.books import Store, discard, exist, migrate_books, open_books, publish, unpublished
from app.services.desks import AtVenue
from app.services.ordering import OrderRequest
from app.services.simulated_people import People, Size
from app.services.simulated_year import (
    DAYS,
    Balanced,
    Deed,
    HandedOut,
    Moved,
    Ordered,
    Planted,
    Resolved,
    Retired,
    Visit,
    Year,
)

ACTOR = "simulation"
AT_ONCE = 32
"""Desks that show notes at the same time: they share the cost of a transaction."""

DayDone = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Simulated:
    """What was made: how many of each thing, and the findings that an audit has to come to as of `ends`, no more and no fewer."""

    begins: datetime
    ends: datetime
    counts: dict[str, int]
    planted: tuple[Planted, ...]


def simulate(
    url: str, *, seed: int, size: Size, now: datetime, host: str, designs: Path, day_done: DayDone = lambda day: None
) -> Simulated:
    """Make the books at `url` with the year that ends last midnight; all or nothing on SQLite. Raises Refused, BadSettings."""
    if exist(url):
        raise Refused("There are books already: simulate a year in a place of its own, with another HOURNOTE_INSTANCE.")
    chance = Random(seed)  # noqa: S311 - a world to look at, no secret
    people = simulated_people.gathered(size, chance)
    begins = datetime.combine(now.date(), time(), now.tzinfo) - timedelta(days=DAYS)
    year = simulated_year.lived(people, size.notes, begins=begins, chance=chance)
    draft = unpublished(url)
    migrate_books(draft)
    try:
        with tempfile.TemporaryDirectory() as folder:
            counts = _made(draft, _Doing(year, people, host, designs, Path(folder)), day_done)
    except BaseException:
        discard(draft)
        raise
    publish(url)
    return Simulated(begins, year.ends, counts, tuple(sorted(year.planted)))


def _made(draft: str, doing: "_Doing", day_done: DayDone) -> dict[str, int]:
    store = open_books(draft)
    try:
        return doing.into(store, day_done)
    finally:
        store.close()


class _Doing:
    """The year while it is done: the tokens of notes that will be shown, and the desks that they are shown at."""

    def __init__(self, year: Year, people: People, host: str, designs: Path, folder: Path) -> None:
        self._year, self._people, self._host, self._designs, self._folder = year, people, host, designs, folder
        self._shown = year.spent
        self._tokens: dict[str, dict[int, str]] = {}
        self._desks: dict[str, AtVenue] = {}
        self._offers: dict[tuple[str, str], int] = {}
        self._organisations: dict[str, str] = {}
        self._counts: Counter[str] = Counter()

    def into(self, store: Store, day_done: DayDone) -> dict[str, int]:
        """Do it all, a day after the other; gives how many of each thing there were."""
        self._store = store
        self._gather()
        with ThreadPoolExecutor(AT_ONCE) as at_desks:
            for day in range(DAYS):
                for place, deed in enumerate(self._year.deeds.get(day, [])):
                    self._do(deed, UUID(int=(day << 64) + place))
                self._counts.update(at_desks.map(self._show, self._year.visits.get(day, [])))
                day_done(day)
        return dict(self._counts)

    def _gather(self) -> None:
        people, store = self._people, self._store
        for code, name, _design in people.programmes:
            directory.add_programme(store, code=code, name=name)
        for each in people.organisations:
            made = directory.add_organisation(store, programme=each.programme, name=each.name, site_of=each.site_of)
            self._organisations[each.name] = str(made.id)
        for venue in people.venues:
            place = directory.add_venue(store, programme=venue.programme, name=venue.name, kind=venue.kind)
            said = simulated_towns.place_of(venue.programme, venue.name)
            listing.set_place(store, venue=str(place.id), actor=ACTOR, now=self._year.begins, **said)
            for offer, hours in venue.offers:
                found = directory.add_offer(store, venue=str(place.id), name=offer, hours=hours)
                self._offers[venue.name, offer] = found.id
            desk = desks.add_desk(store, venue=str(place.id), name="Front desk", now=self._year.begins)
            self._desks[venue.name] = AtVenue(desk.desk, desk.venue)
        for name in ("programmes", "organisations", "venues"):
            self._counts[name] = len(getattr(people, name))

    def _do(self, deed: Deed, request: UUID) -> None:
        self._counts[_NAMES[type(deed)]] += 1
        match deed:
            case Ordered():
                self._order(deed, request)
            case Balanced(at, order, spoiled, missing):
                balancing.balance_order(
                    self._store, order=order, spoiled=[*map(str, spoiled)], missing=[*map(str, missing)], actor=ACTOR,
                    now=at, request_id=request,
                )  # fmt: skip
            case Moved(at, kind, span, organisation, reason):
                to = self._organisations[organisation] if organisation else None
                custody.move_span(
                    self._store, kind=kind, named=str(span), actor=ACTOR, now=at, request_id=request, organisation=to,
                    reason=reason,
                )  # fmt: skip
            case HandedOut(at, span, activity, people):
                handing_out.hand_out(
                    self._store, named=str(span), activity=activity, hours=len(span), people=people, actor=ACTOR, now=at,
                    request_id=request,
                )  # fmt: skip
            case Resolved(at, visit):
                resolving.resolve_conflict(
                    self._store, redemption_id=visit, reason="both were given their hour", actor=ACTOR, now=at
                )
            case Retired(at, span):
                retiring.retire_notes(self._store, named=str(span), actor=ACTOR, now=at, request_id=request)

    def _order(self, deed: Ordered, request: UUID) -> None:
        """Its job file is read for the notes that will be shown, and is gone after: it is as good as the money."""
        wanted = OrderRequest(deed.span.series, len(deed.span), deed.design, replaces=deed.replaces)
        made = press.order_notes(
            self._store, request=wanted, host=self._host, designs=self._designs, out=self._folder, actor=ACTOR, now=deed.at,
            request_id=request,
        )  # fmt: skip
        self._counts["notes"] += len(deed.span)
        shown = self._shown.get(deed.span.series, set())
        with made.job.open("rb") as file, jobs.JobFile(file) as job:
            numbered = zip(range(deed.span.first, deed.span.last + 1), job.texts(), strict=True)
            kept = {number: text for number, text in numbered if number in shown}
        self._tokens.setdefault(deed.span.series, {}).update(kept)
        made.job.unlink(missing_ok=True)

    def _show(self, visit: Visit) -> str:
        """Gives what became of the visit, as a word that is counted."""
        desk = self._desks[visit.venue]
        notes = [self._tokens[each.series][each.number] for each in visit.notes]
        offer = self._offers[visit.venue, visit.offer] if visit.offer else None
        if visit.told_at is not None:
            told = journal.Redeem(visit.id, notes, offer, visit.at, offline=True, practice=visit.practice)
            journal.enter(self._store, desk=desk, entries=[told], now=visit.told_at)
            return "visits told later"
        said, _new = redeeming.redeem_notes(
            self._store,
            redemption_id=visit.id,
            desk=desk,
            notes=notes,
            now=visit.at,
            offer_id=offer,
            practice=visit.practice,
        )
        if visit.back_after is not None and said["outcome"] == "accepted":
            reversing.reverse_redemption(
                self._store, redemption_id=visit.id, desk=desk, reason="wrong note", now=visit.at + visit.back_after
            )
            return "visits given back"
        return "practice visits" if visit.practice else f"visits {said['outcome']}"


_NAMES: dict[type, str] = {
    Ordered: "orders", Balanced: "orders balanced", Moved: "movements", HandedOut: "hand-outs", Resolved: "conflicts resolved",
    Retired: "stacks retired",
}  # fmt: skip
