"""A span: the notes of one series from a first to a last number, both included."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.core import serial as serials
from app.core.errors import BadSerial, BadSpan, shown
from app.core.serial import Serial

_DASH = r"\s*(?:[-\u2010-\u2015\u2212]|\.\.|\bto\b)\s*"
_NUMBERS = re.compile(rf"\s*([A-Za-z01]{{3}}\s*[0-9OIoi]{{2}})\s+([0-9OIoi]{{1,7}})(?:{_DASH}([0-9OIoi]{{1,7}}))?\s*")
_JOIN = re.compile(r"\bto\b|\.\.")
_TO_DIGIT = str.maketrans("OIoi", "0101")


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """Numbers `first` to `last` of `series`, 1 <= first <= last <= 9,999,999."""

    series: str
    first: int
    last: int

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise BadSpan(f"A span runs upwards; {self.first} to {self.last} of {self.series} does not.")
        for number in (self.first, self.last):
            try:
                Serial(self.series, number)
            except BadSerial as error:
                raise BadSpan(error.sentence) from error

    def __len__(self) -> int:
        """The number of notes."""
        return self.last - self.first + 1

    def __contains__(self, serial: object) -> bool:
        return isinstance(serial, Serial) and serial.series == self.series and self.first <= serial.number <= self.last

    def __str__(self) -> str:
        """`CWL26 12001-12500`, or `CWL26 12001` for one note: forms that `parse` reads."""
        return f"{self.series} {self.first}" + (f"-{self.last}" if self.last > self.first else "")

    @property
    def first_serial(self) -> Serial:
        """The serial of the first note."""
        return Serial(self.series, self.first)

    @property
    def last_serial(self) -> Serial:
        """The serial of the last note."""
        return Serial(self.series, self.last)

    def serials(self) -> Iterator[Serial]:
        """Each serial, in order."""
        return (Serial(self.series, number) for number in range(self.first, self.last + 1))

    def canonical(self) -> Iterator[str]:
        """The canonical form of each serial, in order: `map(str, self.serials())`, made for millions."""
        return serials.canonical(self.series, self.first, self.last)

    def covers(self, other: "Span") -> bool:
        """Whether every note of `other` lies in this span."""
        return self.series == other.series and self.first <= other.first and other.last <= self.last

    def intersection(self, other: "Span") -> "Span | None":
        """The notes that both have, or None."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Span(self.series, first, last) if self.series == other.series and first <= last else None

    def minus(self, other: "Span") -> list["Span"]:
        """The notes of this span that `other` has not: none, one or two spans, in order."""
        shared = self.intersection(other)
        if shared is None:
            return [self]
        ends = [(self.first, shared.first - 1), (shared.last + 1, self.last)]
        return [Span(self.series, first, last) for first, last in ends if first <= last]

    def minus_all(self, others: Iterable["Span"]) -> list["Span"]:
        """The notes of this span that none of `others` has, in order."""
        left = [self]
        for other in others:
            left = [piece for span in left for piece in span.minus(other)]
        return left

    def bundles(self, size: int) -> list["Span"]:
        """Cut into consecutive bundles of `size` notes, the last one perhaps smaller."""
        firsts = range(self.first, self.last + 1, size)
        return [Span(self.series, first, min(first + size - 1, self.last)) for first in firsts]


def between(first: Serial, last: Serial) -> Span:
    """The span of two serials. Raises BadSpan when they are of two series or run downwards."""
    if first.series != last.series:
        raise BadSpan(f"A span lies in one series; {first.printed} and {last.printed} are of two.")
    return Span(first.series, first.number, last.number)


def parse(text: str) -> Span:
    """Read `CWL26 12001-12500`, two serials joined by a hyphen, or one serial or number alone. Raises BadSpan."""
    numbers = _NUMBERS.fullmatch(text)
    if numbers is None or _is_serial(numbers):
        return between(*_serials_in(text))
    return _of_numbers(numbers[1], numbers[2], numbers[3] or numbers[2])


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same notes as the fewest spans, in order; spans may overlap."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and merged[-1].series == span.series and span.first <= merged[-1].last + 1:
            merged[-1] = Span(span.series, merged[-1].first, max(merged[-1].last, span.last))
        else:
            merged.append(span)
    return merged


def meetings(ones: Sequence[Span], others: Sequence[Span]) -> Iterator[tuple[Span, int]]:
    """The notes that both have, stretch by stretch, each with the place of its span in `others`.

    Both in order and apart (as `merge` gives them), so that one pass is enough for thousands of spans.
    """
    here = there = 0
    while here < len(ones) and there < len(others):
        shared = ones[here].intersection(others[there])
        if shared is not None:
            yield shared, there
        if _end(ones[here]) < _end(others[there]):
            here += 1
        else:
            there += 1


def common(ones: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The notes that both have, as the fewest spans; either may overlap in itself."""
    return merge(shared for shared, _place in meetings(merge(ones), merge(others)))


def without(ones: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The notes of `ones` that `others` have not, as the fewest spans; either may overlap in itself."""
    left, taken = merge(ones), merge(others)
    found: list[Span] = []
    begin = 0
    for span in left:
        while begin < len(taken) and _end(taken[begin]) < (span.series, span.first):
            begin += 1
        first, place = span.first, begin
        while place < len(taken) and (taken[place].series, taken[place].first) <= _end(span):
            found += [Span(span.series, first, taken[place].first - 1)] if taken[place].first > first else []
            first, place = taken[place].last + 1, place + 1
        found += [Span(span.series, first, span.last)] if first <= span.last else []
    return found


def runs(series: str, numbers: Iterable[int]) -> list[Span]:
    """Numbers of notes, in order and each once, as the fewest spans."""
    ends: list[list[int]] = []
    for number in numbers:
        if ends and ends[-1][1] == number - 1:
            ends[-1][1] = number
        else:
            ends.append([number, number])
    return [Span(series, first, last) for first, last in ends]


def _end(span: Span) -> tuple[str, int]:
    return span.series, span.last


def _is_serial(numbers: re.Match[str]) -> bool:
    """`CWL26 0012345-1` is grouped as a serial is printed, and as a span it would run downwards."""
    return _is_grouped_as_serial(numbers[2], numbers[3]) and _number(numbers[2]) > _number(numbers[3])


def _is_grouped_as_serial(first: str, last: str | None) -> bool:
    return len(first) == 7 and last is not None and len(last) == 1


def _of_numbers(series: str, first: str, last: str) -> Span:
    try:
        span = Span(serials.parse_series(series), _number(first), _number(last))
        if len(span) > 1 and _is_grouped_as_serial(first, last) and span.first_serial.check == last:
            raise BadSpan(
                f"{series} {first}-{last} may be one note or {len(span)}: write {span.first_serial} or {span} instead."
            )
        return span
    except BadSerial as error:
        raise BadSpan(error.sentence) from error


def _number(text: str) -> int:
    return int(text.translate(_TO_DIGIT))


def _serials_in(text: str) -> tuple[Serial, Serial]:
    """The first and the last serial of `text`, however they are spaced and joined; the same one when it stands alone."""
    bare = serials.squeeze(_JOIN.sub("-", text))
    if len(bare) not in (serials.LENGTH, 2 * serials.LENGTH):
        raise BadSpan(f"{shown(text)} is not a span: write CWL26 12001-12500, or the first and the last serial.")
    try:
        return serials.parse(bare[: serials.LENGTH]), serials.parse(bare[-serials.LENGTH :])
    except BadSerial as error:
        raise BadSpan(error.sentence) from error
