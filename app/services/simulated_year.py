"""A simulated year: everything that happens in a national programme, in order of time, by chance of a seed alone.

The year has what years have: spoiled sheets, boxes that are lost, bundles that are stolen, visits that were a mistake, notes
that are shown twice, desks that are cut off. What an audit has to find of it is planted, and told beside it: `planted`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from app.core.lifecycle import Kind
from app.core.serial import Serial
from app.core.span import Span
from app.services.simulated_people import ACTIVITIES, Organisation, People, Venue

DAYS = 365
BUNDLE = 50
SPENT = 0.45
"""The part of the notes of an organisation that is spent within the year."""

OPENS, CLOSES = time(10), time(18)
"""Visits are made between them; what the office does on a day is done before."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order is made."""

    at: datetime
    order: str
    span: Span
    design: str
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Balanced:
    """The print shop's account of an order."""

    at: datetime
    order: str
    spoiled: tuple[Span, ...]
    missing: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A span is taken a step on."""

    at: datetime
    kind: Kind
    span: Span
    organisation: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class HandedOut:
    """An organisation gives notes for hours."""

    at: datetime
    span: Span
    activity: str
    people: int


@dataclass(frozen=True, slots=True)
class Resolved:
    """Somebody came to something about a note that two venues had taken."""

    at: datetime
    visit: UUID


@dataclass(frozen=True, slots=True)
class Retired:
    """A stack of spent paper is counted and destroyed."""

    at: datetime
    span: Span


@dataclass(frozen=True, slots=True)
class Visit:
    """Notes are shown at a venue. `told_at`: the desk was cut off, and told it then; `back_after`: they are given back;
    `is_stopped`: they were on hold or void by then."""

    at: datetime
    id: UUID
    notes: tuple[Serial, ...]
    venue: str
    offer: str | None = None
    practice: bool = False
    told_at: datetime | None = None
    back_after: timedelta | None = None
    is_stopped: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether its notes are spent by it, there and then, and stay so."""
        return not (self.practice or self.told_at or self.back_after or self.is_stopped)


Deed = Ordered | Balanced | Moved | HandedOut | Resolved | Retired
Planted = tuple[str, tuple[str, ...]]
"""A finding that an audit at the end of the year has to make: its check, and what it concerns."""


@dataclass
class Year:
    """What happens, day by day, and what an audit has to find at the end; `planted` is whole once all days were gone through."""

    begins: datetime
    deeds: dict[int, list[Deed]] = field(default_factory=dict)
    visits: dict[int, list[Visit]] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)

    @property
    def ends(self) -> datetime:
        """The moment of the audit."""
        return self.begins + timedelta(days=DAYS)

    @property
    def spent(self) -> dict[str, set[int]]:
        """The numbers of every series that are shown at a desk."""
        found: dict[str, set[int]] = {}
        for visit in (each for day in self.visits.values() for each in day):
            for serial in visit.notes:
                found.setdefault(serial.series, set()).add(serial.number)
        return found

    def day_of(self, at: datetime) -> int:
        """The day of the year, from 0."""
        return (at - self.begins).days

    def does(self, deed: Deed) -> bool:
        """Put a deed of the office in its place; False for one after the year."""
        return self._put(self.deeds, deed.at, deed)

    def shows(self, visit: Visit) -> bool:
        """Put a visit in its place: where it was told later, on that day."""
        return self._put(self.visits, visit.told_at or visit.at, visit)

    def _put(self, days: dict[int, list[Any]], at: datetime, what: object) -> bool:
        if not self.begins <= at < self.ends:
            return False
        days.setdefault(self.day_of(at), []).append(what)
        return True


def lived(people: People, notes: int, *, begins: datetime, chance: Random) -> Year:
    """The year of these people, with so many notes ordered; `begins` is a midnight."""
    year = Year(begins)
    for programme, (code, _name, design) in enumerate(people.programmes):
        quantity = max(BUNDLE * 10, round(notes * people.share[code] / BUNDLE) * BUNDLE)
        _Programme(year, people, code, design, chance).lives(quantity, plants=programme % 3)
    _Doubles(year, people, chance).happen()
    for deeds in year.deeds.values():
        deeds.sort(key=lambda deed: deed.at)
    return year


class _Programme:
    """The year of one programme's notes."""

    def __init__(self, year: Year, people: People, code: str, design: str, chance: Random) -> None:
        self._year, self._chance, self._code, self._design = year, chance, code, design
        self._earning: list[Organisation] = [each for each in people.organisations if each.programme == code]
        self._near: list[Venue] = [each for each in people.venues if each.programme == code]
        self._all = people.venues
        self._next = 1
        self._orders = 0

    def lives(self, quantity: int, plants: int) -> None:
        """Three to five orders, the later ones smaller; one of three things goes wrong without anybody noticing (`plants`)."""
        parts = sorted((self._chance.uniform(1, 3) for _ in range(self._chance.randint(3, 5))), reverse=True)
        for place, part in enumerate(parts):
            size = max(BUNDLE * 2, round(quantity * part / sum(parts) / BUNDLE) * BUNDLE)
            begins = self._morning(place * 60 + self._chance.randint(1, 20))
            self._order(size, begins, box_is_lost=plants == 1 and place == 0, way_is_lost=plants == 2 and place == 0)
        if plants == 0:
            self._forgotten_order()

    def _morning(self, day: int) -> datetime:
        """A moment of that day before the venues open."""
        return self._year.begins + timedelta(days=day, hours=7, minutes=self._chance.randint(0, 170))

    def _after(self, at: datetime, least: int, most: int) -> datetime:
        """A morning between so many days later."""
        return self._morning(self._year.day_of(at) + self._chance.randint(least, most))

    def _made(self, quantity: int, at: datetime) -> tuple[str, Span]:
        """The next order of the programme's series, with its id and span as the press will give them."""
        series = f"{self._code}{self._year.begins.year % 100:02d}"
        span = Span(series, self._next, self._next + quantity - 1)
        self._next, self._orders = span.last + 1, self._orders + 1
        order = f"{series}-{self._orders:03d}"
        self._year.does(Ordered(at, order, span, self._design))
        return order, span

    def _forgotten_order(self) -> None:
        """An order that the print shop never balanced."""
        _order, span = self._made(BUNDLE * 2, self._morning(DAYS - 75))
        self._year.planted.append(("overdue", (str(span),)))

    def _order(self, quantity: int, at: datetime, *, box_is_lost: bool, way_is_lost: bool) -> None:
        order, span = self._made(quantity, at)
        printed = self._after(at, 7, 20)
        spoiled = [Span(span.series, start, start + self._chance.randint(0, 3)) for start in self._starts(span, 0.0004)]
        missing = [Span(span.series, span.last, span.last)] if self._chance.random() < 0.4 else []
        if not self._year.does(Balanced(printed, order, tuple(spoiled), tuple(missing))):
            return
        lost = Span(span.series, span.first, span.first + BUNDLE - 1) if box_is_lost else None
        stretches = _without(span, [*spoiled, *missing, *([lost] if lost else [])])
        if lost:  # printed, never received, and nobody asked
            self._year.planted.append(("overdue", (str(lost),)))
        received = self._after(printed, 3, 10)
        for stretch in stretches:
            self._year.does(Moved(received, Kind.RECEIVE, stretch))
        self._replace(order, sum(map(len, spoiled)), self._after(received, 5, 10))
        self._give_out(stretches, received, way_is_lost=way_is_lost)

    def _starts(self, span: Span, share: float) -> list[int]:
        """Where spoiled stretches begin: far from each other, and from both ends."""
        places = range(span.first + 2 * BUNDLE, span.last - 2 * BUNDLE, BUNDLE)
        return sorted(self._chance.sample(places, min(len(places), max(0, round(len(span) * share)))))

    def _replace(self, order: str, spoiled: int, at: datetime) -> None:
        """What was spoiled in the first order is made again in the replacement series."""
        if spoiled == 0 or not order.endswith("-001"):
            return
        span = Span(f"{self._code}90", 1, spoiled)
        again = f"{span.series}-001"
        if self._year.does(Ordered(at, again, span, self._design, order)):
            printed = self._after(at, 7, 20)
            self._year.does(Balanced(printed, again, (), ()))
            self._year.does(Moved(self._after(printed, 3, 10), Kind.RECEIVE, span))

    def _give_out(self, stretches: list[Span], since: datetime, *, way_is_lost: bool) -> None:
        """Runs of bundles go to organisations over the months after; a tenth stays on the shelf."""
        runs = [run for stretch in stretches for run in self._runs(stretch)]
        for place, run in enumerate(runs):
            if self._chance.random() < 0.1:
                continue
            at = self._after(since, 1, 120)
            to = self._chance.choice(self._earning).name
            if way_is_lost and place == 0:
                self._lose_on_the_way(run, to)
            else:
                self._send(run, to, at)

    def _runs(self, stretch: Span) -> Iterator[Span]:
        first = stretch.first
        while first <= stretch.last:
            last = min(stretch.last, first + BUNDLE * self._chance.choice((1, 1, 2, 2, 3, 4, 6)) - 1)
            yield Span(stretch.series, first, last)
            first = last + 1

    def _lose_on_the_way(self, run: Span, to: str) -> None:
        """Dispatched, and never confirmed; nobody asked."""
        self._year.does(Moved(self._morning(DAYS - self._chance.randint(20, 40)), Kind.DISPATCH, run, to))
        self._year.planted.append(("overdue", (str(run),)))

    def _send(self, run: Span, to: str, at: datetime) -> None:
        if self._chance.random() < 0.5:
            if not self._year.does(Moved(at, Kind.DISPATCH, run, to)):
                return
            at = self._after(at, 1, 10)
            if self._chance.random() < 0.03:
                self._year.does(Moved(at, Kind.RETURN, run))
                return  # the wrong box: back on the shelf
        if self._year.does(Moved(at, Kind.ISSUE, run, to)):
            self._stay(run, at)

    def _stay(self, run: Span, at: datetime) -> None:
        """What becomes of notes that an organisation has: handed out, stolen or mislaid, spent."""
        held, until = self._trouble(run, at)
        if held is None:
            self._hand_out(run, at)
        for notes in self._stacks(run):
            self._spend(notes, at, held, until)

    def _trouble(self, run: Span, at: datetime) -> tuple[datetime | None, datetime | None]:
        """From when to when notes are on hold; stolen ones are void after, for good."""
        luck = self._chance.random()
        if luck > 0.02:
            return None, None
        held = self._after(at, 5, 20)
        if not self._year.does(Moved(held, Kind.HOLD, run, reason="stolen" if luck < 0.012 else "lost")):
            return None, None
        after = self._after(held, 2, 8)
        if luck < 0.012:
            self._year.does(Moved(after, Kind.VOID, run, reason="stolen"))
            return held, None
        return held, after if self._year.does(Moved(after, Kind.RELEASE, run, reason="found")) else None

    def _hand_out(self, run: Span, at: datetime) -> None:
        first = run.first
        while first <= run.last and self._chance.random() < 0.85:
            last = min(run.last, first + self._chance.randint(5, 60))
            span = Span(run.series, first, last)
            people = max(1, round(len(span) * self._chance.uniform(0.3, 1)))
            self._year.does(HandedOut(self._after(at, 1, 40), span, self._chance.choice(ACTIVITIES), people))
            first = last + 1

    def _stacks(self, run: Span) -> Iterator[tuple[Serial, ...]]:
        """The notes of a run that are spent, in the hands in which they come to a desk."""
        number = run.first
        while number <= run.last:
            size = self._chance.choices((1, 2, 3, 4, 10), (55, 30, 8, 5, 2))[0]
            last = min(run.last, number + size - 1)
            if self._chance.random() < SPENT:
                yield tuple(Serial(run.series, each) for each in range(number, last + 1))
            number = last + 1

    def _spend(self, notes: tuple[Serial, ...], since: datetime, held: datetime | None, until: datetime | None) -> None:
        at = self._opening(self._year.day_of(since) + 1 + int(self._chance.expovariate(1 / 40)))
        is_refused = held is not None and at > held and (until is None or at < until)
        if is_refused and self._chance.random() > 0.2:
            return  # nobody comes with it
        venue = self._chance.choice(self._near if self._chance.random() < 0.6 else self._all)
        fitting = [name for name, hours in venue.offers if len(notes) % hours == 0]
        luck = self._chance.random()
        visit = Visit(
            at, self._id(), notes, venue.name, self._chance.choice(fitting) if fitting else None, practice=luck < 0.002,
            told_at=at + timedelta(hours=self._chance.uniform(0.5, 20)) if 0.01 < luck < 0.04 else None,
            back_after=timedelta(minutes=self._chance.randint(1, 12)) if 0.002 < luck < 0.006 else None,
            is_stopped=is_refused,
        )  # fmt: skip
        if self._year.shows(visit) and visit.is_plain:
            self._put_away(visit)

    def _put_away(self, visit: Visit) -> None:
        """Some venues count their spent paper and destroy it, each stack some weeks later."""
        if len(visit.notes) > 1 and self._chance.random() < 0.03:
            span = Span(visit.notes[0].series, visit.notes[0].number, visit.notes[-1].number)
            self._year.does(Retired(self._after(visit.at, 20, 60), span))

    def _opening(self, day: int) -> datetime:
        """A moment of that day when venues are open."""
        minutes = self._chance.randint(0, (CLOSES.hour - OPENS.hour) * 60 - 30)
        return self._year.begins + timedelta(days=day, hours=OPENS.hour, minutes=minutes)

    def _id(self) -> UUID:
        return UUID(int=self._chance.getrandbits(128), version=4)


class _Doubles:
    """Notes that are shown a second time: refused at a desk, or taken by one that was cut off."""

    def __init__(self, year: Year, people: People, chance: Random) -> None:
        self._year, self._venues, self._chance = year, people.venues, chance

    def happen(self) -> None:
        """One visit in 300 is tried again; one in 4,000, and at least four, is taken twice, half of which somebody resolves."""
        latest = self._year.ends - timedelta(days=3)
        plain = [each for day in self._year.visits.values() for each in day if each.is_plain and each.at < latest]
        for visit in self._chance.sample(plain, len(plain) // 300):
            self._year.shows(self._again(visit, days=self._chance.randint(1, 30)))
        for place, visit in enumerate(self._chance.sample(plain, min(len(plain), max(4, len(plain) // 4000)))):
            self._take_twice(visit, is_resolved=place % 2 == 0)

    def _again(self, visit: Visit, days: int) -> Visit:
        at = visit.at + timedelta(days=days)
        return Visit(at, UUID(int=self._chance.getrandbits(128), version=4), visit.notes[:1], self._elsewhere(visit))

    def _elsewhere(self, visit: Visit) -> str:
        return self._chance.choice([each.name for each in self._venues if each.name != visit.venue])

    def _take_twice(self, visit: Visit, *, is_resolved: bool) -> None:
        """A desk without network takes the first of the notes too, and tells it on the next day."""
        at = visit.at + timedelta(minutes=self._chance.randint(10, 120))
        told_at = visit.at + timedelta(days=1)
        twice = replace(self._again(visit, days=0), at=at, told_at=told_at)
        self._year.shows(twice)
        resolved = Resolved(self._morning_after(told_at, self._chance.randint(2, 20)), twice.id)
        if not (is_resolved and self._year.does(resolved)):
            self._year.planted.append(("offline_conflict", (str(twice.id), str(twice.notes[0]))))

    def _morning_after(self, at: datetime, days: int) -> datetime:
        return self._year.begins + timedelta(days=self._year.day_of(at) + days, hours=9)


def _without(span: Span, pieces: list[Span]) -> list[Span]:
    """The stretches of a span that lie in none of the pieces, in order."""
    left = [span]
    for piece in pieces:
        left = [rest for stretch in left for rest in stretch.minus(piece)]
    return left
