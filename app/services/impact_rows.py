"""The rows of an impact report, with what is hidden left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.services.impact_books import Books, Given
from app.services.impact_ways import WAYS

Figure = int | None
"""A number, or None where it is not shown."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one thing came to: hours and people of hand-outs, and hours spent; `what` a month, a name or a word."""

    what: Any
    given: Figure = 0
    people: Figure = 0
    spent: Figure = 0


class Rows:
    """The tables, with what is hidden left out."""

    def __init__(self, books: Books, spent: frozenset[str], given: Mapping[str, frozenset[str]]) -> None:
        self._books, self._spent, self._given = books, spent, given

    def _row(self, what: Any, name: str, given: Given | None, spent: int = 0) -> Row:
        told = given or Given()
        return Row(
            what,
            None if name in self._given["hours"] else told.hours,
            None if name in self._given["people"] else told.people,
            None if name in self._spent else spent,
        )

    def total(self) -> Row:
        """The whole period."""
        all_given = Given(*(sum(each) for each in zip(*self._books.given_of.values(), strict=True)))
        return self._row("", "total", all_given, sum(self._books.spent_of.values()))

    def months(self) -> list[Row]:
        """Each month."""
        books = self._books
        sums = {month: sum(books.ways.get((month, way), 0) for way in WAYS) for month in books.months}
        return [self._row(each, f"month:{each}", books.given_months.get(each), sums[each]) for each in books.months]

    def ways(self) -> list[tuple[int, tuple[Figure, ...]]]:
        """Each month with its hours in the four ways."""
        books = self._books
        return [
            (month, tuple(self._figure(f"cell:{month}:{way}", books.ways.get((month, way), 0)) for way in WAYS))
            for month in books.months
        ]

    def way_totals(self) -> tuple[Figure, ...]:
        """The hours of the period in the four ways."""
        sums = {way: sum(self._books.ways.get((month, way), 0) for month in self._books.months) for way in WAYS}
        return tuple(self._figure(f"way:{way}", hours) for way, hours in sums.items())

    def _figure(self, name: str, value: int) -> Figure:
        return None if name in self._spent else value

    def programmes(self) -> list[Row]:
        """Each programme that anything came to, by name."""
        given: dict[int, Given] = {}
        spent: dict[int, int] = {}
        for organisation, programme in self._books.programme_of.items():
            if told := self._books.given_of.get(organisation):
                before = given.get(programme, Given())
                given[programme] = Given(*(a + b for a, b in zip(before, told, strict=True)))
            if organisation in self._books.spent_of:
                spent[programme] = spent.get(programme, 0) + self._books.spent_of[organisation]
        return self._named("programme", given, spent)

    def organisations(self) -> list[Row]:
        """Each organisation that anything came to, by name."""
        return self._named("organisation", self._books.given_of, self._books.spent_of)

    def venues(self) -> list[Row]:
        """Each venue, by name."""
        return self._named("venue", {}, self._books.spent_at)

    def offers(self) -> list[Row]:
        """Each offer with its venue, by name."""
        books = self._books
        rows = [
            self._row(f"{books.names['offer'][key]}, {books.names['venue'][books.offer_at[key]]}", f"offer:{key}", None, hours)
            for key, hours in books.offers.items()
        ]  # fmt: skip
        return sorted(rows, key=lambda row: row.what)

    def activities(self) -> list[Row]:
        """Each activity, by name."""
        return [self._row(key, f"activity:{key}", told) for key, told in sorted(self._books.activities.items())]

    def waits(self) -> list[Row]:
        """Each stretch of waiting."""
        return [
            self._row(each, f"wait:{each}", None, hours) for each, hours in self._books.buckets().items()
        ]  # fmt: skip

    def _named(self, kind: str, given: Mapping[int, Given], spent: Mapping[int, int]) -> list[Row]:
        names = self._books.names[kind]
        rows = [
            self._row(names[key], f"{kind}:{key}", given.get(key), spent.get(key, 0))
            for key in given.keys() | spent.keys()
        ]  # fmt: skip
        return sorted(rows, key=lambda row: row.what)
